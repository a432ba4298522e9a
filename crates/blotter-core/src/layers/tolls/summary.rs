//! All toll mentions of one incident → its likeliest totals.
//!
//! Every way to read a total off the mentions (the count in the headline, the largest in the lead, the distinct people
//! told of one by one, those shot less those killed ...) is an estimate. A candidate total is scored by the estimates
//! that give it, each with a weight learned from reports whose totals are known (data/tolls/weights.txt); a prior over
//! totals, such as a model's, can be added to the scores.

mod estimates;

use std::collections::{BTreeMap, BTreeSet};

use super::TollMention;
use crate::data::DataError;
use crate::facts::Field;
use crate::layers::Input;
use crate::layers::entities::{Entity, Form};
use crate::text::Span;
use estimates::{Estimate, Told};

const WEIGHTS: &str = include_str!("../../../data/tolls/weights.txt");
/// Totals above this are not read off one incident's mentions.
const MOST: u64 = 100_000;

/// A total that the text gives reason for.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// How many people, attackers too.
    pub count: u64,
    /// Natural logarithm of its probability among the candidates.
    pub score: f64,
    /// The words that say so, the weightiest first; empty where it is only what remains.
    pub evidence: Vec<Span>,
    /// The estimates behind it, with their value, for training and for `why`.
    pub features: Vec<(String, f64)>,
}

/// The likeliest totals of an incident, best first; empty where nothing tells of harm.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Summary {
    /// Everyone killed.
    pub killed: Vec<Candidate>,
    /// Everyone wounded and alive, given the best `killed`.
    pub wounded: Vec<Candidate>,
}

/// Natural logarithms of the probability of 0, 1, 2 .. people, the last for it and all above; empty: none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prior {
    /// Of the killed.
    pub killed: Vec<f64>,
    /// Of the wounded.
    pub wounded: Vec<f64>,
}

impl Prior {
    fn of(prior: &[f64], count: u64) -> f64 {
        let last = prior.len().saturating_sub(1);
        prior.get(last.min(usize::try_from(count).unwrap_or(last))).copied().unwrap_or(0.0)
    }
}

/// The learned weights of the estimates.
pub struct Weights(BTreeMap<&'static str, f64>);

impl Weights {
    /// Reads the weights that come with the program: a name and a number a line.
    ///
    /// # Errors
    /// The line that is not one.
    pub fn load() -> Result<Weights, DataError> {
        let mut weights = BTreeMap::new();
        for (number, line) in WEIGHTS.lines().enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with('#')) {
            let parsed = line.rsplit_once(' ').and_then(|(name, value)| Some((name, value.parse::<f64>().ok()?)));
            let (name, value) =
                parsed.ok_or_else(|| DataError::new("tolls/weights.txt", number + 1, "not a name and a number"))?;
            weights.insert(name, value);
        }
        Ok(Weights(weights))
    }

    fn score(&self, features: &[(String, f64)]) -> f64 {
        features.iter().map(|(name, value)| self.0.get(name.as_str()).copied().unwrap_or(0.0) * value).sum()
    }
}

/// The totals of the one incident that `mentions` tell of.
pub fn summary(
    input: Input<'_>,
    mentions: &[TollMention],
    entities: &[Entity],
    weights: &Weights,
    prior: &Prior,
) -> Summary {
    let told = Told::new(input, mentions, entities);
    let mut killed: Vec<Candidate> = told.killed().map(|c| scored(c, weights, &prior.killed)).collect();
    normalise(&mut killed);
    // The best pair, not the best of each: those shot are killed or wounded.
    let mut best: Option<(f64, Vec<Candidate>, u64)> = None;
    for option in &killed {
        let mut wounded: Vec<Candidate> =
            told.wounded(option.count).map(|c| scored(c, weights, &prior.wounded)).collect();
        normalise(&mut wounded);
        let total = option.score + wounded.first().map_or(0.0, |w| w.score);
        if best.as_ref().is_none_or(|b| total > b.0) {
            best = Some((total, wounded, option.count));
        }
    }
    let Some((_, wounded, count)) = best else { return Summary::default() };
    if let Some(at) = killed.iter().position(|c| c.count == count) {
        let chosen = killed.remove(at);
        killed.insert(0, chosen);
    }
    Summary { killed, wounded }
}

/// Every candidate pair with its features, for training: killed, then wounded for each killed.
pub fn features(
    input: Input<'_>,
    mentions: &[TollMention],
    entities: &[Entity],
) -> (Vec<Candidate>, Vec<(u64, Vec<Candidate>)>) {
    let told = Told::new(input, mentions, entities);
    let killed: Vec<Candidate> = told.killed().collect();
    let wounded = killed.iter().map(|k| (k.count, told.wounded(k.count).collect())).collect();
    (killed, wounded)
}

fn scored(mut candidate: Candidate, weights: &Weights, prior: &[f64]) -> Candidate {
    candidate.score = weights.score(&candidate.features) + Prior::of(prior, candidate.count);
    candidate
}

/// Scores → log-probabilities, best first.
fn normalise(candidates: &mut [Candidate]) {
    let top = candidates.iter().map(|c| c.score).fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = candidates.iter().map(|c| (c.score - top).exp()).sum();
    for candidate in candidates.iter_mut() {
        candidate.score -= top + sum.ln();
    }
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.count.cmp(&b.count)));
}

/// A candidate for each count that an estimate gives, and for 0, 1 and 2.
fn candidates(field: &'static str, estimates: Vec<Estimate>, state: Vec<String>) -> impl Iterator<Item = Candidate> {
    let counts: BTreeSet<u64> = estimates.iter().map(|e| e.count).chain([0, 1, 2]).collect();
    counts.into_iter().map(move |count| {
        let size = match count {
            0..=2 => count.to_string(),
            3 => "3".into(),
            _ => "4+".into(),
        };
        let mut features: Vec<(String, f64)> = vec![(format!("{field}={size}"), 1.0)];
        let small = if count >= 2 { "2+".to_string() } else { size };
        features.extend(state.iter().map(|s| (format!("{s}={small}"), 1.0)));
        let mut evidence: Vec<Span> = Vec::new();
        let mut votes = 0;
        for estimate in estimates.iter().filter(|e| e.count == count) {
            let kind = if count >= 2 { "n" } else { &small };
            features.push((format!("{}.{}={kind}", estimate.name, estimate.zone), 1.0));
            votes += 1;
            if let Some(span) = estimate.evidence.filter(|s| !evidence.contains(s)) {
                evidence.push(span);
            }
        }
        features.push((
            format!("{field}.votes={kind}", kind = if count >= 2 { "n" } else { "01" }),
            f64::from(votes) / 5.0,
        ));
        evidence.truncate(3);
        Candidate { count, score: 0.0, evidence, features }
    })
}
