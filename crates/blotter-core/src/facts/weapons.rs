//! `weapon`: what it was done with.

use std::sync::LazyLock;

use regex::Regex;

use super::{Count, Fact, Field, Status, Value};
use crate::data::DataError;
use crate::encode::bio;
use crate::incidents::{Draft, Parts};
use crate::layers::entities::{EntityKind, Form};
use crate::text::Span;

const KINDS: &str = include_str!("../../data/facts/weapons.txt");
const KINDS_FILE: &str = "data/facts/weapons.txt";

/// Weapons that are spoken of, not used: laws, charges, licences and trade.
static SPOKEN_OF: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:illegal(?:ly)?|possess(?:ion|ing|ed)?|laws?|gun control|charges?|counts?|permits?|licen[cs]es?d?|sales?|enhancement|sentence|felon|aggravated|assault with|violence|confiscate[ds]?|owners?|reform|destroy(?:ed|s|ing)?|suppressed|damaged)\b",
    )
    .expect("a pattern")
});
/// Bytes around a weapon in which that is looked for.
const REACH: usize = 30;
/// Names that say no more than the kind: the same weapon as a more exact name of its kind.
const PLAIN: [&str; 18] = [
    "gun",
    "guns",
    "weapon",
    "weapons",
    "firearm",
    "firearms",
    "handgun",
    "gunfire",
    "bomb",
    "bombs",
    "explosive",
    "explosives",
    "device",
    "devices",
    "rocket",
    "rockets",
    "missile",
    "missiles",
];
/// Words at the start of a weapon's name that are no part of what it is.
const LEADS: [&str; 14] =
    ["a", "an", "the", "his", "her", "their", "its", "that", "this", "one", "some", "any", "another", "of"];

/// The word list of weapons by kind.
pub struct Weapons {
    kinds: Vec<(&'static str, Vec<String>)>,
}

/// The weapons that belong together: the surest one's words, and how sure.
struct Found {
    kind: &'static str,
    head: String,
    spans: Vec<Span>,
    confidence: f64,
}

impl Weapons {
    /// Loads the word list.
    ///
    /// # Errors
    /// The line and reason of a fault in it.
    pub fn load() -> Result<Weapons, DataError> {
        let names =
            ["firearm", "explosive", "drone", "rocket", "mortar", "blade", "fire", "vehicle", "chemical", "other"];
        let kinds = super::list(KINDS, KINDS_FILE)?
            .into_iter()
            .map(|(line, name, words)| match names.iter().find(|n| **n == name) {
                Some(name) => Ok((*name, words)),
                None => Err(DataError::new(KINDS_FILE, line, "no such kind of weapon")),
            })
            .collect::<Result<_, _>>()?;
        Ok(Weapons { kinds })
    }

    /// The weapons of the incident, one fact a kind and name; a plain name ("gun") joins the exact one of its kind.
    pub fn facts(&self, parts: Parts<'_>, draft: &Draft) -> Vec<Fact> {
        let marked = self.marked(parts, draft);
        let (mut found, why) = if marked.is_empty() {
            (self.named_beside_the_act(parts, draft), "weapon word beside the act")
        } else {
            (marked, "heads role and muc4")
        };
        let exact: Vec<&str> = found.iter().filter(|f| !plain(&f.head)).map(|f| f.kind).collect();
        let mut first: Vec<&str> = Vec::new();
        let kept: Vec<bool> = found
            .iter()
            .map(|f| {
                let again = first.contains(&f.kind);
                if plain(&f.head) {
                    first.push(f.kind);
                }
                !plain(&f.head) || !again && !exact.contains(&f.kind)
            })
            .collect();
        let mut kept = kept.into_iter();
        found.retain(|_| kept.next().unwrap_or(true));
        found.into_iter().map(|f| self.fact(parts, f.spans, f.confidence, why)).collect()
    }

    /// The weapons that the model marks.
    fn marked(&self, parts: Parts<'_>, draft: &Draft) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        let spans = ["role", "muc4"].into_iter().flat_map(|head| bio::spans(parts.input.scores, head));
        for marked in spans.filter(|s| matches!(s.label.as_str(), "weapon" | "Weapon")) {
            if draft.tells(parts.input.sentence_at(marked.span))
                && let Some(span) = self.whole(parts, marked.span)
            {
                self.gather(parts, &mut found, span, f64::from(marked.confidence));
            }
        }
        found
    }

    /// Where the model marks no weapon: the first weapon of each kind that a sentence with the act names.
    fn named_beside_the_act(&self, parts: Parts<'_>, draft: &Draft) -> Vec<Found> {
        let acts: Vec<usize> = draft.act().map(|a| a.sentence).collect();
        let mut found: Vec<Found> = Vec::new();
        for mention in parts.entities.iter().filter(|e| e.kind == EntityKind::Weapon).flat_map(|e| &e.mentions) {
            let beside = acts.contains(&parts.input.sentence_at(mention.span)) && mention.form != Form::Pronoun;
            if let Some(span) = self.whole(parts, mention.span).filter(|_| beside)
                && !found.iter().any(|f| f.kind == self.kind(span.of(parts.input.text())))
                && !projectile(span.of(parts.input.text()))
            {
                self.gather(parts, &mut found, span, 0.45);
            }
        }
        found
    }

    fn gather(&self, parts: Parts<'_>, found: &mut Vec<Found>, span: Span, confidence: f64) {
        let words = span.of(parts.input.text());
        let head = words.rsplit(' ').next().unwrap_or("").to_lowercase();
        let head = head.trim_end_matches('s').to_owned();
        match found.iter_mut().find(|f| f.head == head) {
            Some(same) => {
                if !same.spans.iter().any(|s| s.overlaps(span)) {
                    same.spans.push(span);
                }
                same.confidence = same.confidence.max(confidence);
            }
            None => found.push(Found { kind: self.kind(words), head, spans: vec![span], confidence }),
        }
    }

    /// The weapon's whole name ("improvised" → "improvised explosive device"); `None` for words that hold no weapon's
    /// name, are cut off, or tell of laws and charges.
    fn whole(&self, parts: Parts<'_>, span: Span) -> Option<Span> {
        let text = parts.input.text();
        let mentions = parts.entities.iter().filter(|e| e.kind == EntityKind::Weapon).flat_map(|e| &e.mentions);
        let over = mentions.filter(|m| m.span.overlaps(span)).map(|m| m.span).max_by_key(|s| s.len());
        let span = trimmed(text, over.map_or(span, |o| if o.contains(span) { o } else { span }))?;
        let words = span.of(text);
        let cut = [" with", " and", " of", " by"].iter().any(|end| words.ends_with(end));
        let joined = text[span.end..].starts_with(['-', '‑']);
        let sentence = parts.input.sentences.get(parts.input.sentence_at(span)).map_or(span, |s| s.span);
        let around = super::around(text, sentence.join(span), span, REACH).of(text);
        let known = self.kind_of(words).is_some();
        (known && !cut && !joined && !SPOKEN_OF.is_match(around)).then_some(span)
    }

    fn fact(&self, parts: Parts<'_>, mut spans: Vec<Span>, confidence: f64, why: &str) -> Fact {
        spans.sort_unstable();
        let text = parts.input.text();
        let number_in = |span: &Span| parts.numbers.iter().find(|n| !n.ordinal && span.contains(n.span));
        // The words that count it name it: the headline's "drones" are the text's "two drones".
        let counted = spans.iter().find(|s| number_in(s).is_some());
        let name = counted.unwrap_or(&spans[0]).of(text).to_owned();
        let number = counted.and_then(number_in);
        let number = number.map(|n| Count { min: n.min, best: n.best, max: n.max }).filter(|c| *c != Count::exactly(1));
        let entity = super::parties::entity_at(parts.entities, spans[0]);
        let kind = self.kind(&name);
        Fact {
            field: Field::Weapon,
            value: Value::Weapon { entity, name, kind, number },
            status: Status::Reported,
            sources: Vec::new(),
            denied_by: Vec::new(),
            evidence: spans,
            confidence: confidence.clamp(0.02, 0.99),
            why: why.to_owned(),
        }
    }

    /// The kind that the words for a weapon tell; "other" where none does.
    pub fn kind(&self, name: &str) -> &'static str {
        self.kind_of(name).unwrap_or("other")
    }

    fn kind_of(&self, name: &str) -> Option<&'static str> {
        let lower = name.to_lowercase();
        let fits = |words: &Vec<String>| words.iter().any(|w| super::has_words(&lower, w));
        self.kinds.iter().find(|(_, words)| fits(words)).map(|(kind, _)| *kind)
    }
}

/// The span without "one of the", articles and marks before the name, and without marks after it; `None` if that is all.
fn trimmed(text: &str, span: Span) -> Option<Span> {
    let mut start = span.start;
    let words = span.of(text);
    let leads: Vec<&str> = words.split(' ').take_while(|w| LEADS.contains(&w.to_lowercase().as_str())).collect();
    // "a knife" keeps its article; "one of the bullets" does not keep its count.
    if leads.len() > 1 {
        start += leads.iter().map(|w| w.len() + 1).sum::<usize>();
    }
    let kept = text.get(start..span.end)?;
    let kept = kept.trim_end_matches(|c: char| !c.is_alphanumeric());
    (!kept.is_empty()).then(|| Span::new(start, start + kept.len()))
}

/// Whether a weapon's head says no more than its kind.
fn plain(head: &str) -> bool {
    PLAIN.iter().any(|p| p.trim_end_matches('s') == head)
}

/// What is fired is no weapon of its own where only words tell of it.
fn projectile(words: &str) -> bool {
    let lower = words.to_lowercase();
    ["bullet", "bullets", "shell casings", "casings", "rounds"].iter().any(|w| super::has_words(&lower, w))
}
