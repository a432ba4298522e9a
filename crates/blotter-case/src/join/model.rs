//! Features of a pair → the probability that it is one incident, and the reasons in words.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::compare::{Compared, compare};
use super::profile::Profile;

/// Written by `training/linking.py`.
const WEIGHTS: &str = include_str!("../../data/pairs.tsv");

/// The default of the first threshold: pairs of clusters at or above it, on average, are joined.
pub fn join_threshold() -> f64 {
    weights().get("threshold").copied().unwrap_or(0.5)
}

/// The default of the second threshold: pairs from it up to the first are doubts for people.
pub const DOUBT: f64 = 0.1;

fn weights() -> &'static HashMap<&'static str, f64> {
    static READ: OnceLock<HashMap<&'static str, f64>> = OnceLock::new();
    READ.get_or_init(|| {
        let rows = WEIGHTS.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('\t'));
        rows.filter_map(|(name, weight)| Some((name, weight.trim().parse().ok()?))).collect()
    })
}

/// How likely a pair is one incident, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// 0 to 1: logistic regression over the features of `compare`, learned from gun-violence reports of which it is known
    /// which tell of one incident.
    pub p: f64,
    /// What speaks for it and against it, the weightiest first: "same people (amal idris) +3.1".
    pub reasons: Vec<String>,
}

/// Judges a pair.
pub fn judge(a: &Profile, b: &Profile) -> Judged {
    let compared = compare(a, b);
    let weighed = compared.features.iter().map(|(name, value)| (*name, value * weights().get(name).unwrap_or(&0.0)));
    let mut weighed: Vec<(&str, f64)> = weighed.filter(|(_, w)| *w != 0.0).collect();
    let sum: f64 = weighed.iter().map(|(_, w)| w).sum();
    weighed.retain(|(name, w)| *name != "bias" && w.abs() >= 0.3);
    weighed.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then_with(|| a.0.cmp(b.0)));
    let reasons = weighed.into_iter().take(REASONS).map(|(name, w)| format!("{} {w:+.1}", in_words(name, &compared)));
    Judged { p: 1.0 / (1.0 + (-sum).exp()), reasons: reasons.collect() }
}

/// So many reasons are kept: the rest weighs little.
const REASONS: usize = 8;

/// A feature's name with what it found.
fn in_words(name: &str, compared: &Compared) -> String {
    let detail = match name {
        "same person" | "same people" | "same name" | "same names" => compared.people.join(", "),
        "rare words" | "text" | "text, squared" => compared.rare.iter().take(4).cloned().collect::<Vec<_>>().join(", "),
        "places near" | "places 40 km" | "places 150 km" | "places far" => {
            compared.km.map(|km| format!("{km:.0} km")).unwrap_or_default()
        }
        "days far off" | "days a week off" | "days 3 off" => {
            compared.days.map(|d| format!("{d} days")).unwrap_or_default()
        }
        _ => String::new(),
    };
    if detail.is_empty() { name.to_owned() } else { format!("{name} ({detail})") }
}
