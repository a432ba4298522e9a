//! `reaction`: who condemns, praises, mourns, offers help, demands, threatens or welcomes.

use super::lists::Cues;
use super::pattern::Phrase;
use super::phrases::{self, Beside};
use super::{Fact, Field, Status, Value};
use crate::data::DataError;
use crate::incidents::{Draft, Parts};
use crate::layers::attributions::Attribution;
use crate::layers::entities::Form;
use crate::layers::words::{self, Word};
use crate::text::Span;

const CUES: &str = include_str!("../../data/facts/reactions.txt");
const CUES_FILE: &str = "data/facts/reactions.txt";
const STANCES: [&str; 7] = ["condemns", "praises", "mourns", "offers-help", "demands", "threatens", "welcomes"];
/// What robbers demand and victims call for: no reaction to the incident.
const WANTED: [&str; 20] = [
    "money",
    "cash",
    "wallet",
    "wallets",
    "purse",
    "phone",
    "phones",
    "keys",
    "property",
    "ransom",
    "drugs",
    "valuables",
    "help",
    "backup",
    "ambulance",
    "911",
    "anyone",
    "everyone",
    "residents",
    "witnesses",
];
/// Whom a statement's "we" means is the statement's speaker.
const FIRST: [&str; 6] = ["we", "i", "my", "our", "us", "me"];

/// Phrases of reaction: stance, whether they are verbs or said.
pub struct Reactions {
    cues: Vec<Cues>,
}

impl Reactions {
    /// Loads the word list.
    ///
    /// # Errors
    /// The line and reason of a fault in it.
    pub fn load() -> Result<Reactions, DataError> {
        Ok(Reactions { cues: super::cues(CUES, CUES_FILE, &STANCES, &["verb", "said"])? })
    }

    /// The phrases of a kind by stance.
    fn of_kind(&self, kind: &'static str) -> impl Iterator<Item = (&'static str, &Vec<Phrase>)> {
        self.cues.iter().filter(move |(_, k, _)| *k == kind).map(|(stance, _, phrases)| (*stance, phrases))
    }

    /// The reactions that the incident's sentences tell, one a name and stance.
    pub fn facts(&self, parts: Parts<'_>, draft: &Draft) -> Vec<Fact> {
        let words = words::read(parts.input);
        let mut facts: Vec<Fact> = Vec::new();
        for &sentence in &draft.sentences {
            let start = words.partition_point(|w| w.sentence < sentence);
            let end = words.partition_point(|w| w.sentence <= sentence);
            let here = &words[start..end];
            for fact in self.told(parts, here, &facts).into_iter().chain(self.quoted(parts, here)) {
                if !facts.iter().any(|known| same(known, &fact)) {
                    facts.push(fact);
                }
            }
        }
        facts
    }

    /// Reactions by their verb: "the mayor condemned the attack". "We" is the speaker, or who reacted before.
    fn told(&self, parts: Parts<'_>, words: &[Word<'_>], known: &[Fact]) -> Vec<Fact> {
        let mut found = Vec::new();
        for (stance, phrases) in self.of_kind("verb") {
            let Some(cue) = phrases.iter().find_map(|p| p.find(&words)) else { continue };
            let before = cue.start.checked_sub(1).map(|i| &words[i]);
            let passive = before.is_some_and(|w| {
                w.is(&["is", "are", "was", "were", "been", "being", "be", "the", "a", "no", "his", "her", "their"])
            });
            let robs = stance == "demands" && words[cue.end..].iter().take(5).any(|w| w.is(&WANTED));
            if passive || robs {
                continue;
            }
            let phrase = Span::new(words[cue.start].span.start, words[cue.end - 1].span.end);
            let own = words[..cue.start].iter().rev().take(5).any(|w| w.is(&FIRST));
            let who = if own {
                speaker(parts, phrase).or_else(|| last(known)).or_else(|| publisher(parts, words, cue.start))
            } else {
                phrases::subject(parts, words, cue.start)
            };
            // Detectives who urge witnesses to call do not react.
            let calls = |who: &Beside| {
                let lower = who.name.to_lowercase();
                let investigates = ["police", "detectives", "investigators", "deputies", "officers"];
                stance == "demands" && investigates.iter().any(|w| lower.ends_with(w))
            };
            let Some(who) = who.filter(names).filter(|who| !calls(who)) else { continue };
            let whole = if own { phrase } else { phrase.join(who.words) };
            found.push(fact(parts, who, stance, whole, phrase, 0.6));
        }
        found
    }

    /// Reactions by the words of a statement: "our hearts go out to the families," she said.
    fn quoted(&self, parts: Parts<'_>, words: &[Word<'_>]) -> Vec<Fact> {
        let mut found = Vec::new();
        for (stance, phrases) in self.of_kind("said") {
            let Some(cue) = phrases.iter().find_map(|p| p.find(&words)) else { continue };
            let phrase = Span::new(words[cue.start].span.start, words[cue.end - 1].span.end);
            let direct = holder(parts, phrase).is_some_and(|a| a.form != "indirect" || a.source.is_empty());
            let Some(who) = speaker(parts, phrase).filter(|w| direct && names(w)) else { continue };
            let sentence = Span::new(words[0].span.start, words[words.len() - 1].span.end);
            found.push(fact(parts, who, stance, super::around(parts.input.text(), sentence, phrase, 40), phrase, 0.4));
        }
        found
    }
}

/// Whether it names somebody rather than pointing at them.
pub(super) fn names(who: &Beside) -> bool {
    let lower = who.name.to_lowercase();
    !matches!(
        lower.as_str(),
        "he" | "she" | "they" | "it" | "i" | "who" | "you" | "that" | "this" | "anyone" | "everyone"
    )
}

/// The statement, with a source, that holds these words; the shortest.
fn holder<'a>(parts: Parts<'a>, words: Span) -> Option<&'a Attribution> {
    let length = |a: &Attribution| a.content.iter().filter(|c| c.contains(words)).map(Span::len).min();
    let holding = parts.attributions.iter().filter(|a| !a.source.is_empty());
    holding.filter_map(|a| Some((length(a)?, a))).min_by_key(|(length, _)| *length).map(|(_, a)| a)
}

/// Who says these words.
pub(super) fn speaker(parts: Parts<'_>, words: Span) -> Option<Beside> {
    let source = *holder(parts, words)?.source.first()?;
    let entity = holder(parts, words)?.speaker;
    let has_name = |e: usize| parts.entities[e].mentions.iter().any(|m| m.form == Form::Name);
    let name = match entity.filter(|e| has_name(*e)) {
        Some(entity) => parts.entities[entity].name.clone(),
        None => source.of(parts.input.text()).to_owned(),
    };
    Some(Beside { entity, name, words: source })
}

/// The "we" of a press release, where no quotation mark opens another's words: its publisher, or that word.
fn publisher(parts: Parts<'_>, words: &[Word<'_>], at: usize) -> Option<Beside> {
    if words.iter().any(|w| w.is(&["\"", "“", "”"])) {
        return None;
    }
    let we = words[..at].iter().rev().take(5).find(|w| w.is(&["we"]))?;
    let name = parts.input.report.publisher.clone().unwrap_or_else(|| we.text.to_owned());
    Some(Beside { entity: None, name, words: we.span })
}

/// Who reacted last: the "we" of a press release.
fn last(known: &[Fact]) -> Option<Beside> {
    known.iter().rev().find_map(|fact| match &fact.value {
        Value::Reaction { entity, name, .. } => {
            Some(Beside { entity: *entity, name: name.clone(), words: *fact.evidence.first()? })
        }
        _ => None,
    })
}

/// Whether two facts tell one reaction: one stance, and one name, short or in full ("Idris", "Governor Amal Idris").
fn same(a: &Fact, b: &Fact) -> bool {
    match (&a.value, &b.value) {
        (Value::Reaction { name, stance, entity }, Value::Reaction { name: other, stance: kind, entity: whose }) => {
            let short = letters(other) == initials(name) || letters(name) == initials(other);
            let one = entity.is_some() && entity == whose;
            stance == kind && (one || name.eq_ignore_ascii_case(other) || short || ends_alike(name, other))
        }
        _ => false,
    }
}

/// Whether the words of one name end the other.
fn ends_alike(name: &str, other: &str) -> bool {
    let words =
        |n: &str| n.to_lowercase().split_whitespace().filter(|w| *w != "the").map(str::to_owned).collect::<Vec<_>>();
    let (x, y) = (words(name), words(other));
    !x.is_empty() && !y.is_empty() && (x.ends_with(&y) || y.ends_with(&x))
}

fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// "US" for "the United States"; names of one word have none.
fn initials(name: &str) -> String {
    let words: Vec<&str> =
        name.split_whitespace().filter(|w| w.starts_with(char::is_uppercase) && *w != "The").collect();
    if words.len() < 2 { String::from("-") } else { words.iter().filter_map(|w| w.chars().next()).collect() }
}

fn fact(parts: Parts<'_>, who: Beside, stance: &'static str, words: Span, cue: Span, confidence: f64) -> Fact {
    let text = parts.input.text();
    Fact {
        field: Field::Reaction,
        value: Value::Reaction { entity: who.entity, name: who.name, stance },
        status: Status::Reported,
        sources: Vec::new(),
        denied_by: Vec::new(),
        evidence: vec![super::evidence(text, words)],
        confidence,
        why: format!("word of reaction: {}", cue.of(text)),
    }
}
