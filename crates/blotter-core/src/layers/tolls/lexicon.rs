//! The words that tell of harm.

use std::collections::{BTreeMap, BTreeSet};

use crate::data::DataError;
use crate::facts::Field;
use crate::layers::words::Word;

const TRIGGERS: &str = include_str!("../../../data/tolls/triggers.txt");
const WORDS: &str = include_str!("../../../data/tolls/words.txt");

/// How a trigger stands to the people it tells of; data/tolls/triggers.txt says what each means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Participle,
    Verb,
    State,
    Noun,
    Hit,
    HitVerb,
    HitsNoun,
    Struck,
    Wound,
    Care,
    Sends,
    Faces,
}

/// One line of the list.
#[derive(Clone, Debug)]
pub(super) struct Trigger {
    pub words: Vec<&'static str>,
    pub field: Field,
    pub shape: Shape,
}

/// The lists of the layer.
pub(super) struct Lexicon {
    /// By first word, longest first.
    triggers: BTreeMap<&'static str, Vec<Trigger>>,
    classes: BTreeMap<&'static str, BTreeSet<&'static str>>,
}

impl Lexicon {
    /// Reads the lists that come with the program.
    pub fn load() -> Result<Lexicon, DataError> {
        Ok(Lexicon { triggers: triggers()?, classes: classes()? })
    }

    /// Whether `word` (lower case) is in the class.
    pub fn has(&self, class: &str, word: &str) -> bool {
        self.classes.get(class).is_some_and(|words| words.contains(word))
    }

    /// The longest triggers that begin at word `i` and how many words they take; several where one word has more shapes.
    pub fn at(&self, words: &[Word<'_>], i: usize) -> (usize, Vec<&Trigger>) {
        let Some(listed) = self.triggers.get(words[i].lower.as_str()) else { return (0, Vec::new()) };
        let fits = |t: &&Trigger| {
            t.words.iter().enumerate().all(|(n, w)| {
                words.get(i + n).is_some_and(|word| word.lower == *w && word.sentence == words[i].sentence)
            })
        };
        let found: Vec<&Trigger> = listed.iter().filter(fits).collect();
        let longest = found.first().map_or(0, |t| t.words.len());
        (longest, found.into_iter().filter(|t| t.words.len() == longest).collect())
    }
}

fn lines(list: &'static str) -> impl Iterator<Item = (usize, &'static str)> {
    list.lines().enumerate().map(|(i, l)| (i + 1, l.trim())).filter(|(_, l)| !l.is_empty() && !l.starts_with('#'))
}

fn triggers() -> Result<BTreeMap<&'static str, Vec<Trigger>>, DataError> {
    let mut triggers: BTreeMap<&str, Vec<Trigger>> = BTreeMap::new();
    for (number, line) in lines(TRIGGERS) {
        let fault = |reason: &str| DataError::new("tolls/triggers.txt", number, reason);
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let [words, field, shape] = parts[..] else { return Err(fault("not words | field | shape")) };
        let field = Field::ALL.into_iter().find(|f| f.name() == field).ok_or_else(|| fault("an unknown field"))?;
        let shape = match shape {
            "participle" => Shape::Participle,
            "verb" => Shape::Verb,
            "state" => Shape::State,
            "noun" => Shape::Noun,
            "hit" => Shape::Hit,
            "hit-verb" => Shape::HitVerb,
            "hits-noun" => Shape::HitsNoun,
            "struck" => Shape::Struck,
            "wound" => Shape::Wound,
            "care" => Shape::Care,
            "sends" => Shape::Sends,
            "faces" => Shape::Faces,
            _ => return Err(fault("an unknown shape")),
        };
        let words: Vec<&str> = words.split(' ').collect();
        triggers.entry(words[0]).or_default().push(Trigger { words, field, shape });
    }
    for listed in triggers.values_mut() {
        listed.sort_by_key(|t| std::cmp::Reverse(t.words.len()));
    }
    Ok(triggers)
}

fn classes() -> Result<BTreeMap<&'static str, BTreeSet<&'static str>>, DataError> {
    let mut classes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut current = None;
    for (number, line) in lines(WORDS) {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            current = Some(name);
            continue;
        }
        let class =
            current.ok_or_else(|| DataError::new("tolls/words.txt", number, "a word before the first class"))?;
        classes.entry(class).or_default().extend(line.split_whitespace());
    }
    Ok(classes)
}
