//! Whether the clause around a time speaks of the past or of what is to come.

use crate::data::DataError;
use crate::words::{Kind, Words};
use std::collections::HashMap;

/// When the clause plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tense {
    Past,
    Future,
    /// Nothing tells.
    Unknown,
}

/// The words that tell it.
pub(super) struct Tenses {
    words: HashMap<&'static str, Tense>,
}

/// How many words are looked at on each side.
const REACH: usize = 30;

impl Tenses {
    /// Loads `data/times/tense.txt`.
    pub fn load() -> Result<Tenses, DataError> {
        let mut words = HashMap::new();
        for (i, line) in include_str!("../../../data/times/tense.txt").lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (tense, list) = line.split_once(' ').unwrap_or((line, ""));
            let tense = match tense {
                "past" => Tense::Past,
                "future" => Tense::Future,
                "none" => Tense::Unknown,
                _ => return Err(DataError::new("times/tense.txt", i + 1, "a line begins with past, future or none")),
            };
            words.extend(list.split_whitespace().map(|word| (word, tense)));
        }
        Ok(Tenses { words })
    }

    /// The tense around the words `from..to` of a sentence that is the words `first..last`: the nearest word before
    /// that tells it, else the nearest behind.
    pub fn around(&self, words: &Words<'_>, from: usize, to: usize, first: usize, last: usize) -> Tense {
        let before = (first.max(from.saturating_sub(REACH))..from).rev();
        let after = to..last.min(to + REACH);
        let told = before.chain(after).map(|i| self.of(words, i)).find(|tense| *tense != Tense::Unknown);
        told.unwrap_or(Tense::Unknown)
    }

    fn of(&self, words: &Words<'_>, i: usize) -> Tense {
        if !words.is(i, Kind::Word) {
            return Tense::Unknown;
        }
        let (word, raw) = (words.lower(i), words.raw(i).as_bytes());
        if raw[0].is_ascii_uppercase() && raw[raw.len() - 1].is_ascii_lowercase() {
            return Tense::Unknown;
        }
        if let Some(tense) = self.words.get(word) {
            return *tense;
        }
        if word.len() > 4 && word.ends_with("ed") && !word.ends_with("eed") { Tense::Past } else { Tense::Unknown }
    }
}
