//! `type` and `stage`: what kind of incident, and how far it came.

use std::collections::BTreeMap;

use super::{Fact, Field, Status, Value};
use crate::data::DataError;
use crate::incidents::anchors::Anchor;
use crate::incidents::{Draft, Parts};
use crate::text::Span;

/// A second type is given where it has at least this share of the first one's weight and is of another first level.
const SECOND: f32 = 0.6;

/// The types of an incident: its anchors vote, the model's probability of a code beside the word's own code.
pub fn types(parts: Parts<'_>, draft: &Draft) -> Vec<Fact> {
    let mut votes: BTreeMap<&str, f32> = BTreeMap::new();
    for anchor in &draft.anchors {
        let weight = weight(parts, anchor);
        let specific = if anchor.code == "attack/other" || anchor.code == "arrest" { 0.25 } else { 1.0 };
        *votes.entry(anchor.code).or_default() += weight * specific * if anchor.weak { 0.5 } else { 1.0 };
        for (code, probability) in &anchor.codes {
            *votes.entry(code).or_default() += weight * probability;
        }
    }
    let mut ranked: Vec<(&str, f32)> = votes.into_iter().collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    let total: f32 = ranked.iter().map(|(_, v)| v).sum();
    let Some(&(first, best)) = ranked.first() else { return Vec::new() };
    let level = |code: &str| code.split('/').next().unwrap_or(code).to_owned();
    let mut facts = vec![fact(draft, first, best / total.max(1e-6))];
    let second = ranked.iter().find(|(code, _)| level(code) != level(first));
    if let Some(&(code, votes)) =
        second.filter(|(code, v)| *v >= SECOND * best && *code != "other" && *code != "arrest")
    {
        facts.push(fact(draft, code, votes / total.max(1e-6)));
    }
    facts
}

/// An anchor weighs by the model's certainty, and more in the headline and the first sentences.
fn weight(parts: Parts<'_>, anchor: &Anchor) -> f32 {
    let lead = if anchor.sentence < 3 || parts.input.report.headline.is_some_and(|h| h.contains(anchor.span)) {
        1.5
    } else {
        1.0
    };
    anchor.certainty() * lead
}

fn fact(draft: &Draft, code: &str, share: f32) -> Fact {
    let evidence: Vec<Span> = {
        let of_code: Vec<&Anchor> = draft.anchors.iter().filter(|a| a.code == code).collect();
        let pool: Vec<&Anchor> = if of_code.is_empty() { draft.anchors.iter().collect() } else { of_code };
        pool.iter().take(3).map(|a| a.span).collect()
    };
    Fact {
        field: Field::Type,
        value: Value::Code(code.to_owned()),
        status: Status::Reported,
        sources: Vec::new(),
        denied_by: Vec::new(),
        evidence,
        confidence: f64::from(share.clamp(0.05, 0.99)),
        why: "triggers and head incident_type".to_owned(),
    }
}

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

    /// The stage of the incident: a stage word in a sentence with an anchor, near it; accomplished without one.
    pub fn stage(&self, parts: Parts<'_>, draft: &Draft) -> Option<Fact> {
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
        let (code, evidence, why, confidence) = match best {
            Some((stage, (_, span))) => (stage, span, "stage word near a trigger", 0.6),
            None if draft.anchors.iter().all(|a| a.code == "threat") => ("threatened", first.span, "only threats", 0.6),
            None => ("accomplished", first.span, "no word says otherwise", 0.9),
        };
        Some(Fact {
            field: Field::Stage,
            value: Value::Code(code.to_owned()),
            status: Status::Reported,
            sources: Vec::new(),
            denied_by: Vec::new(),
            evidence: vec![evidence],
            confidence,
            why: why.to_owned(),
        })
    }
}
