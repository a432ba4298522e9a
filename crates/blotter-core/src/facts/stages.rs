//! `stage`: how far an incident came.

use std::collections::BTreeMap;

use super::attempts::Outcome;
use super::{Fact, Field, Status, Value};
use crate::data::DataError;
use crate::incidents::{Draft, Parts};
use crate::text::Span;

const STAGES: &str = include_str!("../../data/facts/stages.txt");
const STAGES_FILE: &str = "data/facts/stages.txt";

/// Words that tell of a stage other than accomplished.
pub struct Stages {
    words: Vec<(&'static str, Vec<String>)>,
}

impl Stages {
    /// Loads the word list.
    ///
    /// # Errors
    /// The line and reason of a fault in it.
    pub fn load() -> Result<Stages, DataError> {
        let names = ["attempted", "foiled", "threatened", "planned"];
        let words = super::list(STAGES, STAGES_FILE)?
            .into_iter()
            .map(|(line, name, words)| match names.iter().find(|n| **n == name) {
                Some(name) => Ok((*name, words)),
                None => Err(DataError::new(STAGES_FILE, line, "no such stage")),
            })
            .collect::<Result<_, _>>()?;
        Ok(Stages { words })
    }

    /// The stage of the incident: attempted where somebody tried to harm a person who is not told to have been harmed; else
    /// a stage word in a sentence with an anchor, near it; accomplished without one.
    pub(super) fn stage(&self, parts: Parts<'_>, draft: &Draft, outcome: &Outcome) -> Option<Fact> {
        let first = draft.anchors.first()?;
        let text = parts.input.text();
        let mut votes: BTreeMap<&str, (usize, Span)> = BTreeMap::new();
        let accomplished = draft.anchors.iter().filter(|a| !a.weak).count();
        for anchor in &draft.anchors {
            let sentence = parts.input.sentences[anchor.sentence].span;
            let near = super::window(text, sentence, anchor.span, 60);
            let lower = near.of(text).to_lowercase();
            for (stage, words) in &self.words {
                if let Some(word) = words.iter().find(|w| super::has_words(&lower, w)) {
                    let at = near.start + lower.find(word.as_str()).unwrap_or(0).min(near.len().saturating_sub(1));
                    let span =
                        super::snap(text, Span::new(at.min(anchor.span.start), anchor.span.end.max(at + word.len())));
                    votes.entry(stage).and_modify(|v| v.0 += 1).or_insert((1, span));
                }
            }
        }
        let best = votes.into_iter().max_by_key(|(_, (n, _))| *n).filter(|(_, (n, _))| n * 2 >= accomplished.max(1));
        let missed = outcome.tried.first().filter(|_| draft.anchors.iter().all(|a| a.code != "threat"));
        let (code, evidence, why, confidence) = match best {
            None if missed.is_some() => ("attempted", missed.map_or(first.span, |t| t.words), "tried to kill", 0.6),
            Some((stage, (_, span))) => (stage, span, "stage word near a trigger", 0.6),
            None if draft.anchors.iter().all(|a| a.code == "threat") => ("threatened", first.span, "only threats", 0.6),
            None => ("accomplished", first.span, "no word says otherwise", 0.9),
        };
        let cited = match code {
            "accomplished" => super::kinds::clauses(parts, &draft.act().collect::<Vec<_>>()),
            _ => vec![evidence],
        };
        Some(Fact {
            field: Field::Stage,
            value: Value::Code(code.to_owned()),
            status: Status::Reported,
            sources: Vec::new(),
            denied_by: Vec::new(),
            evidence: cited,
            confidence,
            why: why.to_owned(),
        })
    }
}
