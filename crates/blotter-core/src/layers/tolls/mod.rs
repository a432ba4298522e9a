//! Where the text tells of people killed, wounded, missing, abducted, arrested or displaced, and how many.

mod clauses;
mod joined;
mod lexicon;
mod parties;
pub mod people;
pub mod roles;
pub mod summary;
#[cfg(test)]
mod tests;

pub use roles::{Role, roles, within};
pub use summary::{Candidate, Prior, Summary, Weights, features, summary};

use super::Input;
use super::entities::{Entities, Entity};
use super::numbers::Number;
use crate::data::DataError;
use crate::facts::{Count, Field};
use crate::text::Span;

/// A place where the text tells what befell how many people. Besides the toll fields, `Field::Suspect` marks people told
/// of as having done it, or as charged or wanted for it.
#[derive(Clone, Debug, PartialEq)]
pub struct TollMention {
    /// The words that carry it, within one sentence and at most 300 bytes.
    pub span: Span,
    /// What befell them.
    pub field: Field,
    /// How many; all `None` but `min` where the text does not count them.
    pub count: Count,
    /// The words for them.
    pub who: Option<Span>,
    /// Their entity, where it is one.
    pub entity: Option<usize>,
    /// All entities among them ("a woman and her two children" are two).
    pub entities: Vec<usize>,
    /// Whether they are the attackers.
    pub attackers: bool,
    /// Whether they are told of as a part, or beside others ("two others", "one of them").
    pub part: bool,
    /// "no one was hurt" (with a count of 0), "he was not injured".
    pub negated: bool,
    /// The word that tells it.
    pub trigger: Span,
    /// The rule that read it; "series" for totals over many events.
    pub rule: &'static str,
    /// 0 to 1.
    pub confidence: f64,
}

/// The tolls layer.
pub struct Tolls {
    lexicon: lexicon::Lexicon,
}

impl Tolls {
    /// Loads the word lists.
    ///
    /// # Errors
    /// The file, line and reason of a fault in the data.
    pub fn load() -> Result<Tolls, DataError> {
        Ok(Tolls { lexicon: lexicon::Lexicon::load()? })
    }

    /// Every toll mention of the report, in order of the trigger.
    pub fn read(
        &self,
        input: Input<'_>,
        numbers: &[Number],
        entities: &[Entity],
        layer: &Entities,
    ) -> Vec<TollMention> {
        let words = super::words::read(input);
        let phrases = layer.phrases(input, &words, numbers);
        let singles = parties::single(&words, &phrases, entities, numbers, &self.lexicon);
        let singles = joined::gathered(&words, &singles, &joined::joined(&words, &singles));
        let groups = joined::joined(&words, &singles);
        let scan = clauses::Scan {
            words: &words,
            singles: &singles,
            groups: &groups,
            numbers,
            entities,
            lexicon: &self.lexicon,
        };
        let told = scan.read().into_iter();
        told.filter(|toll| toll.negated || !only_tried(input.text(), toll.trigger)).collect()
    }
}

/// "an attempt to kill the governor", "the assassination attempt", "threatened to shoot": nobody is told to have been harmed.
fn only_tried(text: &str, trigger: Span) -> bool {
    const AFTER: [&str; 8] = ["attempt", "attempts", "plot", "plots", "bid", "try", "warrant", "warrants"];
    const BEFORE: [&str; 3] = ["attempted", "failed", "foiled"];
    const TRIED: [&str; 25] = [
        "unable",
        "failed",
        "yet",
        "attempt",
        "attempts",
        "attempted",
        "try",
        "trying",
        "tried",
        "plot",
        "plotted",
        "plotting",
        "plan",
        "plans",
        "planned",
        "threat",
        "threats",
        "threatened",
        "threatening",
        "wanted",
        "conspiracy",
        "bid",
        "sought",
        "aimed",
        "intended",
    ];
    // "Had not been able to arrest anybody".
    let unable =
        |words: &[&str]| words.first() == Some(&"able") && words.iter().any(|w| *w == "not" || w.ends_with("n't"));
    let before: Vec<&str> = text[..trigger.start].split_whitespace().rev().take(5).collect();
    let lower = |word: &&str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let next = text[trigger.end..].split_whitespace().next().filter(|_| text[trigger.end..].starts_with(' '));
    if next.is_some_and(|w| AFTER.contains(&lower(&w).as_str()))
        || before.first().is_some_and(|w| BEFORE.contains(&lower(w).as_str()))
    {
        return true;
    }
    before.first().is_some_and(|w| w.eq_ignore_ascii_case("to"))
        && (before.iter().skip(1).take(2).any(|w| TRIED.contains(&lower(w).as_str())) || unable(&before[1..]))
}
