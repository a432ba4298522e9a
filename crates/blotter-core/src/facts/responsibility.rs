//! `responsibility`: who claims it, who is accused, who denies it, and that nobody knows.

use super::lists::Cues;
use super::phrases::{self, Beside};
use super::{Fact, Field, Source, Status, Value};
use crate::data::DataError;
use crate::incidents::{Draft, Parts};
use crate::layers::entities::EntityKind;
use crate::layers::words::{self, Word};
use crate::text::Span;
use std::ops::Range;

const CUES: &str = include_str!("../../data/facts/responsibility.txt");
const CUES_FILE: &str = "data/facts/responsibility.txt";

/// Phrases that tell of responsibility, in the order in which they are tried: stance, where the party stands.
pub struct Responsibility {
    cues: Vec<Cues>,
}

impl Responsibility {
    /// Loads the word list.
    ///
    /// # Errors
    /// The line and reason of a fault in it.
    pub fn load() -> Result<Responsibility, DataError> {
        let stances = ["unknown", "denied", "claimed", "accused"];
        Ok(Responsibility { cues: super::cues(CUES, CUES_FILE, &stances, &["none", "before", "after", "named"])? })
    }

    /// The facts of the incident's sentences, each value once.
    pub fn facts(&self, parts: Parts<'_>, draft: &Draft) -> Vec<Fact> {
        let words = words::read(parts.input);
        let mut facts: Vec<Fact> = Vec::new();
        for &sentence in &draft.sentences {
            let start = words.partition_point(|w| w.sentence < sentence);
            let end = words.partition_point(|w| w.sentence <= sentence);
            let act = draft.anchors.iter().any(|a| a.sentence == sentence);
            for fact in self.sentence(parts, &words[start..end], act) {
                if !facts.iter().any(|known| same(known, &fact)) {
                    facts.push(fact);
                }
            }
        }
        facts
    }

    /// Each stance at most once a sentence, by its first phrase that fits. `act`: the sentence names what was done.
    fn sentence(&self, parts: Parts<'_>, words: &[Word<'_>], act: bool) -> Vec<Fact> {
        let mut facts: Vec<Fact> = Vec::new();
        let mut taken: Vec<Range<usize>> = Vec::new();
        for (stance, side, phrases) in &self.cues {
            let Some(cue) = phrases.iter().find_map(|p| p.find(&words)) else { continue };
            let overlaps = taken.iter().any(|t| t.start < cue.end && cue.start < t.end);
            if overlaps || *stance == "accused" && *side != "named" && !accuses(words, &cue) {
                continue;
            }
            if *stance == "claimed" && (negated(words, &cue) || passive(words, &cue)) {
                continue;
            }
            let mut found = facts_of(parts, words, stance, side, &cue);
            // In a sentence without the act only those who fight or govern are blamed for it.
            found.retain(|fact| act || *stance != "accused" || of_force(parts, fact));
            if !found.is_empty() {
                taken.push(cue);
            }
            facts.extend(found);
        }
        facts
    }
}

/// Whether the party is of a group that carries out attacks.
fn of_force(parts: Parts<'_>, fact: &Fact) -> bool {
    let entity = match &fact.value {
        Value::Responsibility { party: Some((entity, _)), .. } => *entity,
        _ => None,
    };
    let group = entity.and_then(|e| parts.entities.get(e)).and_then(|e| e.group);
    matches!(group, Some("armed-group" | "military" | "criminal" | "government"))
}

/// "decided not to claim responsibility".
fn negated(words: &[Word<'_>], cue: &Range<usize>) -> bool {
    words[cue.start.saturating_sub(3)..cue.start].iter().any(|w| w.is(&["not", "never", "without", "no", "nobody"]))
}

/// "responsibility claimed had been": what follows is about the claim.
fn passive(words: &[Word<'_>], cue: &Range<usize>) -> bool {
    words.get(cue.end).is_some_and(|w| w.is(&["had", "was", "were", "has"]))
}

fn same(a: &Fact, b: &Fact) -> bool {
    let (Value::Responsibility { party: x, stance: s }, Value::Responsibility { party: y, stance: t }) =
        (&a.value, &b.value)
    else {
        return false;
    };
    let name = |p: &Option<(Option<usize>, String)>| p.as_ref().map(|(_, n)| n.to_lowercase());
    s == t && name(x) == name(y)
}

/// Whether the word is a verb in the active voice with somebody after it, or told of an organization.
fn accuses(words: &[Word<'_>], cue: &Range<usize>) -> bool {
    let last = &words[cue.end - 1];
    let lone = cue.len() == 1;
    let noun = cue.start > 0 && words[cue.start - 1].is(&["the", "an", "prime", "main", "named", "other", "key", "of"]);
    let passive = words.get(cue.end).is_none_or(|w| w.is(&["of", "in", "for", "by", ",", ".", "and"]));
    let held = last.is(&["held", "holds", "hold"]);
    let responsible = words[cue.end..].iter().any(|w| w.is(&["responsible", "accountable"]));
    !(lone && (noun || passive)) && (!held || responsible)
}

fn facts_of(parts: Parts<'_>, words: &[Word<'_>], stance: &'static str, side: &str, cue: &Range<usize>) -> Vec<Fact> {
    let before = || phrases::subject(parts, words, cue.start);
    let parties: Vec<Beside> = match side {
        "none" => return vec![fact(parts, words, cue, stance, None, None)],
        "named" => return vec![fact(parts, words, cue, stance, Some(own_word(words, cue)), None)],
        "before" => before().into_iter().filter(|b| stance != "accused" || is_group(parts, b)).collect(),
        // "blamed it on the streets" and "held responsible" name nobody.
        _ => phrases::objects(parts, words, cue.end)
            .into_iter()
            .filter(|b| stance != "accused" || b.entity.is_some())
            .collect(),
    };
    let accuser = if stance == "accused" && side == "after" { before() } else { None };
    let nobody = |b: &Beside| {
        let first = b.name.split_whitespace().next().unwrap_or("").to_lowercase();
        matches!(first.as_str(), "no" | "nobody" | "none" | "no-one" | "not")
    };
    parties
        .into_iter()
        .filter(|party| !nobody(party) && super::reactions::names(party))
        .map(|party| {
            let says = accuser.clone().or_else(|| (stance != "accused").then(|| party.clone()));
            fact(parts, words, cue, stance, Some(party), says)
        })
        .collect()
}

/// The party that the phrase's own first word names: the gang of "gang-related".
fn own_word(words: &[Word<'_>], cue: &Range<usize>) -> Beside {
    let first = &words[cue.start];
    let name = first.lower.split('-').next().unwrap_or_default().to_owned();
    Beside { entity: None, name, words: first.span }
}

/// In the passive ("blamed for"), people are suspects; only organizations are accused parties.
fn is_group(parts: Parts<'_>, party: &Beside) -> bool {
    party.entity.is_some_and(|e| parts.entities[e].kind == EntityKind::Organization)
}

fn fact(
    parts: Parts<'_>,
    words: &[Word<'_>],
    cue: &Range<usize>,
    stance: &'static str,
    party: Option<Beside>,
    says: Option<Beside>,
) -> Fact {
    let text = parts.input.text();
    let phrase = Span::new(words[cue.start].span.start, words[cue.end - 1].span.end);
    let whole = party.as_ref().map_or(phrase, |p| phrase.join(p.words));
    let sentence = Span::new(words[0].span.start, words[words.len() - 1].span.end);
    let clause = if party.is_none() { super::around(text, sentence, whole, 60) } else { whole };
    let attribution = parts.attributions.iter().position(|a| a.cue.iter().any(|c| c.overlaps(phrase)));
    let source = says.map(|s| Source { attribution, name: s.name, via: Vec::new() });
    Fact {
        field: Field::Responsibility,
        value: Value::Responsibility { party: party.map(|p| (p.entity, p.name)), stance },
        status: match stance {
            "unknown" => Status::Unknown,
            "accused" => Status::Alleged,
            "denied" => Status::Denied,
            _ => Status::Reported,
        },
        sources: source.into_iter().collect(),
        denied_by: Vec::new(),
        evidence: vec![super::evidence(text, clause)],
        confidence: if stance == "accused" { 0.5 } else { 0.7 },
        why: format!("phrase of responsibility: {}", phrase.of(text)),
    }
}
