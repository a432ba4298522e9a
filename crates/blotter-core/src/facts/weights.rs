//! Learned weights, `feature<TAB>weight` a line, and sums of features by them.

use std::collections::BTreeMap;

use crate::data::DataError;

/// A feature's name and value, about -3 to 3.
pub type Feature = (String, f64);

/// Weights by feature.
pub(crate) struct Weights(BTreeMap<&'static str, f64>);

impl Weights {
    /// Reads the lines of a data file; `file` is its name.
    ///
    /// # Errors
    /// The line that is not `feature<TAB>weight`.
    pub(crate) fn parse(lines: &'static str, file: &'static str) -> Result<Weights, DataError> {
        let mut weights = BTreeMap::new();
        for (number, line) in lines.lines().enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with('#')) {
            let fault = || DataError::new(file, number + 1, "expected `feature<TAB>weight`");
            let (name, weight) = line.split_once('\t').ok_or_else(fault)?;
            weights.insert(name, weight.parse().map_err(|_| fault())?);
        }
        Ok(Weights(weights))
    }

    /// The weight of a name, 0 where there is none.
    pub(crate) fn of(&self, name: &str) -> f64 {
        self.0.get(name).copied().unwrap_or(0.0)
    }

    /// Each candidate with its chance (a softmax over the sums of its features), in the given order; together 1.
    pub(crate) fn chances<C>(&self, candidates: Vec<(C, Vec<Feature>)>) -> Vec<(C, f64)> {
        let sums: Vec<f64> = candidates.iter().map(|(_, features)| self.sum(features)).collect();
        let most = sums.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let all: f64 = sums.iter().map(|s| (s - most).exp()).sum();
        candidates.into_iter().zip(sums).map(|((candidate, _), sum)| (candidate, (sum - most).exp() / all)).collect()
    }

    /// Every feature times its weight, together.
    pub(crate) fn sum(&self, features: &[Feature]) -> f64 {
        features.iter().map(|(name, x)| self.of(name) * x).sum()
    }
}

/// Log odds of a probability, kept between about -4 and 4: nothing is surer than one in fifty.
pub(crate) fn logit(p: f64) -> f64 {
    let p = p.clamp(0.02, 0.98);
    (p / (1.0 - p)).ln()
}

/// The probability of log odds.
pub(crate) fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}
