//! Whether a report really tells of an incident where words look like one: "waits for the death of" a program, a striker's
//! shot, the arms race of two firms.
//!
//! A logistic regression over what is known when the facts of a draft are verified: what the model's head `relevance` says of
//! the report, the words that tell of the incident, and how sure its facts are. `training/incidents.py` learns the weights
//! (data/incidents/told.txt) from whole records made by hand and from reports labelled as telling of an incident or of none.

use super::{Draft, Parts};
use crate::data::DataError;
use crate::encode::sigmoid;
use crate::facts::weights::{Feature, Weights, logit, probability};
use crate::facts::{Fact, Field, Value};

const WEIGHTS: &str = include_str!("../../data/incidents/told.txt");
const WEIGHTS_FILE: &str = "data/incidents/told.txt";
/// The line that holds the least probability at which an incident is told.
const THRESHOLD: &str = "threshold";

/// The event types that incidents are made of.
const ACTS: &[&str] = &[
    "life.die",
    "life.injure",
    "conflict.attack",
    "conflict.demonstrate",
    "justice.arrest",
    "artifact.damage",
    "disaster",
    "crime",
];

/// The learned weights.
pub struct Judge {
    weights: Weights,
}

impl Judge {
    /// Loads the weights.
    ///
    /// # Errors
    /// The line of the file that is not `feature<TAB>weight`.
    pub fn load() -> Result<Judge, DataError> {
        Ok(Judge { weights: Weights::parse(WEIGHTS, WEIGHTS_FILE)? })
    }

    /// Whether the draft with these facts, already verified, is told as an incident. Without a model's scores the weights say
    /// nothing, and every draft is.
    pub fn told(&self, parts: Parts<'_>, draft: &Draft, facts: &[Fact]) -> bool {
        if parts.input.scores.token.is_empty() {
            return true;
        }
        probability(self.weights.sum(&features(parts, draft, facts))) >= self.weights.of(THRESHOLD)
    }
}

/// What speaks for and against it.
pub fn features(parts: Parts<'_>, draft: &Draft, facts: &[Fact]) -> Vec<Feature> {
    let mut found: Vec<Feature> = vec![("bias".to_owned(), 1.0)];
    let mut add = |name: &str, value: f64| found.push((name.to_owned(), value));
    if let Some(head) = parts.input.scores.document.get("relevance") {
        let windows: Vec<f64> = head.windows.iter().map(|row| f64::from(sigmoid(row[0]))).collect();
        add("relevance", logit(windows.iter().copied().fold(0.0, f64::max)));
        add("relevance of the beginning", logit(windows.first().copied().unwrap_or(0.0)));
    }
    let certainties = || draft.anchors.iter().map(|a| f64::from(a.certainty()));
    add("certainty", logit(certainties().fold(0.0, f64::max)));
    add("mean certainty", logit(certainties().sum::<f64>() / draft.anchors.len().max(1) as f64));
    let strong = draft.anchors.iter().filter(|a| !a.weak).count();
    add("strong words", (1.0 + strong as f64).ln());
    add("weak words", (1.0 + (draft.anchors.len() - strong) as f64).ln());
    let first = draft.anchors.iter().map(|a| a.sentence).min().unwrap_or(usize::MAX);
    add("in the lead", f64::from(u8::from(first <= 1)));
    add(&format!("relation {}", draft.relation.name()), 1.0);
    let acts = parts.events.iter().filter(|e| {
        ACTS.contains(&e.kind.as_str()) && e.factuality > 0.0 && draft.tells(parts.input.sentence_at(e.span))
    });
    add("acts", (1.0 + acts.map(|e| e.confidence).sum::<f64>()).ln());
    let promised: f64 = facts.iter().filter(|f| f.field != Field::Stage).map(|f| f.confidence).sum();
    add("promised", (0.1 + promised).ln());
    for field in Field::ALL {
        let best = facts.iter().filter(|f| f.field == field).map(|f| f.confidence).fold(0.0, f64::max);
        if best > 0.0 {
            add(&format!("has {}", field.name()), best);
        }
    }
    let surest = facts.iter().filter(|f| f.field == Field::Type).max_by(|a, b| a.confidence.total_cmp(&b.confidence));
    if let Some(Value::Code(code)) = surest.map(|f| &f.value) {
        add(&format!("code {}", code.split('/').next().unwrap_or(code)), 1.0);
    }
    found
}
