//! `responsibility`: who claims it, who is accused, and that nobody knows.

use super::{Fact, Field, Status, Value};
use crate::data::DataError;
use crate::incidents::{Draft, Parts};
use crate::text::Span;

const CUES: &str = include_str!("../../data/facts/responsibility.txt");
const CUES_FILE: &str = "data/facts/responsibility.txt";

/// Phrases that tell of responsibility, by stance.
pub struct Responsibility {
    cues: Vec<(&'static str, Vec<String>)>,
}

impl Responsibility {
    /// Loads the word list.
    ///
    /// # Errors
    /// The line and reason of a fault in it.
    pub fn load() -> Result<Responsibility, DataError> {
        let names = ["unknown", "denied", "claimed", "accused"];
        let cues = super::list(CUES, CUES_FILE)?
            .into_iter()
            .map(|(line, name, words)| match names.iter().find(|n| **n == name) {
                Some(name) => Ok((*name, words)),
                None => Err(DataError::new(CUES_FILE, line, "no such stance")),
            })
            .collect::<Result<_, _>>()?;
        Ok(Responsibility { cues })
    }

    /// At most one fact a sentence, the first stance of the list whose phrase stands there.
    pub fn facts(&self, parts: Parts<'_>, draft: &Draft) -> Vec<Fact> {
        let text = parts.input.text();
        let mut facts: Vec<Fact> = Vec::new();
        for &sentence in &draft.sentences {
            let span = parts.input.sentences[sentence].span;
            let lower = span.of(text).to_ascii_lowercase();
            let hit = self.cues.iter().find_map(|(stance, phrases)| {
                phrases.iter().find_map(|p| super::find_words(&lower, p).map(|at| (*stance, at, p.len())))
            });
            let Some((stance, at, length)) = hit else { continue };
            let cue = super::snap(text, Span::new(span.start + at, span.start + at + length));
            facts.extend(fact(parts, stance, span, cue));
        }
        let mut kept: Vec<Fact> = Vec::new();
        for fact in facts {
            if !kept.iter().any(|k| k.value == fact.value) {
                kept.push(fact);
            }
        }
        kept
    }
}

fn fact(parts: Parts<'_>, stance: &'static str, sentence: Span, cue: Span) -> Option<Fact> {
    let text = parts.input.text();
    let party = match stance {
        "unknown" => None,
        "accused" => Some(entity_near(parts, sentence, cue, true)?),
        _ => Some(entity_near(parts, sentence, cue, false)?),
    };
    let evidence = super::evidence(text, super::window(text, sentence, cue, 80));
    Some(Fact {
        field: Field::Responsibility,
        value: Value::Responsibility { party: party.map(|(i, name)| (Some(i), name)), stance },
        status: match stance {
            "unknown" => Status::Unknown,
            "accused" => Status::Alleged,
            "denied" => Status::Denied,
            _ => Status::Reported,
        },
        sources: Vec::new(),
        denied_by: Vec::new(),
        evidence: vec![evidence],
        confidence: 0.6,
        why: format!("phrase of responsibility: {}", cue.of(text)),
    })
}

/// The person or organization after the cue (the accused) or before it (who claims or denies).
fn entity_near(parts: Parts<'_>, sentence: Span, cue: Span, after: bool) -> Option<(usize, String)> {
    use crate::layers::entities::EntityKind::{Organization, Person};
    let mentions = parts.entities.iter().enumerate().filter(|(_, e)| matches!(e.kind, Person | Organization));
    let mentions = mentions.flat_map(|(i, e)| e.mentions.iter().map(move |m| (i, e, m.span)));
    mentions
        .filter(|(_, _, span)| sentence.contains(*span))
        .filter(|(_, _, span)| if after { span.start >= cue.end } else { span.end <= cue.start })
        .min_by_key(|(_, _, span)| if after { span.start - cue.end } else { cue.start - span.end })
        .map(|(i, e, _)| (i, e.name.clone()))
}
