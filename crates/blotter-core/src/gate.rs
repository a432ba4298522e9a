//! Report → whether it may tell of an incident: the cheap look before reports that nobody picked are read.
//!
//! A linear model over the words of single sentences (`data/gate/words.tsv`, learned by `training/gate.py`). A report is as
//! likely to tell of an incident as its likeliest sentence: long reports of other things often tell of one in passing.

use std::collections::HashMap;

use crate::data::DataError;
use crate::layers::sentences;
use crate::text::Report;

const WORDS: &str = include_str!("../data/gate/words.tsv");
const FILE: &str = "gate/words.tsv";
/// The key of what every sentence has.
const BIAS: &str = "*";
/// From this score on a report may tell of an incident. Chosen so that at least 99 of 100 reports that do pass, on each of the
/// held-out sets (`QUALITY.md`); a lower one lets more of the others pass, a higher one loses reports.
const MAY_TELL: f32 = -2.0;
/// Sentences with fewer words that are known say nothing against a report.
const TOO_FEW: usize = 3;

/// The words that count, with their weights.
pub struct Gate {
    bias: f32,
    weights: HashMap<&'static str, f32>,
}

impl Gate {
    /// Loads the words.
    ///
    /// # Errors
    /// The file, line and reason of a fault in the data.
    pub fn load() -> Result<Gate, DataError> {
        let mut weights = HashMap::new();
        for (number, line) in WORDS.lines().enumerate() {
            if line.starts_with('#') || line.is_empty() {
                continue;
            }
            let fault = |reason: &str| DataError::new(FILE, number + 1, reason);
            let (word, weight) =
                line.split_once('\t').ok_or_else(|| fault("a word, a tab and its weight are needed"))?;
            weights.insert(word, weight.parse().map_err(|_| fault("the weight is no number"))?);
        }
        let bias =
            weights.remove(BIAS).ok_or_else(|| DataError::new(FILE, 0, "there is no line for every sentence (*)"))?;
        Ok(Gate { bias, weights })
    }

    /// Whether a report may tell of an incident. A wire item that is canceled or withheld always may: it concerns reports before.
    pub fn may_tell(&self, report: &Report) -> bool {
        let recalls = report.wire.as_ref().is_some_and(|wire| wire.pubstatus.as_deref().is_some_and(|s| s != "usable"));
        recalls || self.score(report).is_none_or(|score| score >= MAY_TELL)
    }

    /// The score of the likeliest sentence, a logit; `None` where the report has hardly a word that is known.
    pub fn score(&self, report: &Report) -> Option<f32> {
        let body = sentences::read(report);
        let spans = report.headline.into_iter().chain(body.iter().map(|s| s.span));
        let scores = spans.filter_map(|span| self.sentence(report.words(span)));
        scores.reduce(f32::max)
    }

    fn sentence(&self, text: &str) -> Option<f32> {
        let small = text.to_ascii_lowercase();
        let mut words: Vec<&str> = small.split(|c: char| !c.is_ascii_lowercase()).filter(|w| w.len() > 1).collect();
        words.sort_unstable();
        words.dedup();
        let known: Vec<f32> = words.iter().filter_map(|word| self.weights.get(word).copied()).collect();
        (known.len() >= TOO_FEW).then(|| self.bias + known.iter().sum::<f32>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::WireFacts;

    fn report(text: &str) -> Report {
        Report { text: text.to_owned(), ..Report::default() }
    }

    #[test]
    fn incidents_and_other_news() {
        let gate = Gate::load().expect("words");
        let quiet = "The company said that its sales rose in the third quarter as new models came on the market. \
                     Analysts had expected less, and the share price went up.";
        assert!(!gate.may_tell(&report(quiet)));
        // One sentence is enough, however long the rest.
        let told = format!("{} Two guards were shot dead at the gate, police said.", quiet.repeat(20));
        assert!(gate.may_tell(&report(&told)));
    }

    #[test]
    fn what_cannot_be_judged_passes() {
        let gate = Gate::load().expect("words");
        assert_eq!(gate.score(&report("Ja.")), None);
        assert!(gate.may_tell(&report("Ja.")));
        let quiet = "The company said that its sales rose in the third quarter.";
        let wire = WireFacts { pubstatus: Some("canceled".to_owned()), ..WireFacts::default() };
        assert!(gate.may_tell(&Report { wire: Some(Box::new(wire)), ..report(quiet) }));
    }
}
