//! The word lists of the entities layer.

use std::collections::{BTreeMap, BTreeSet};

use super::{EntityKind, Gender};
use crate::data::DataError;
use crate::layers::words::Word;

const HEADS: &str = include_str!("../../../data/entities/heads.txt");
const TITLES: &str = include_str!("../../../data/entities/titles.txt");
const WORDS: &str = include_str!("../../../data/entities/words.txt");
const DEMONYMS: &str = include_str!("../../../data/entities/demonyms.txt");

/// What a head noun names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Head {
    pub kind: EntityKind,
    pub group: Option<&'static str>,
    pub gender: Option<Gender>,
    pub plural: bool,
    /// The singular.
    pub lemma: &'static str,
}

/// A title before a name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Title {
    pub group: Option<&'static str>,
    pub gender: Option<Gender>,
}

/// All lists, by their lower-case words.
pub(crate) struct Lexicon {
    pub heads: BTreeMap<String, Head>,
    pub titles: BTreeMap<&'static str, Title>,
    /// The longest title, in words.
    pub title_words: usize,
    classes: BTreeMap<&'static str, BTreeSet<&'static str>>,
    pub demonyms: BTreeMap<String, &'static str>,
}

impl Lexicon {
    /// Reads the lists that come with the program.
    pub fn load() -> Result<Lexicon, DataError> {
        let titles = titles()?;
        let title_words = titles.keys().map(|t| t.split(' ').count()).max().unwrap_or(0);
        Ok(Lexicon { heads: heads()?, titles, title_words, classes: classes()?, demonyms: demonyms()? })
    }

    /// Whether `word` (lower case) is in the class.
    pub fn has(&self, class: &str, word: &str) -> bool {
        self.classes.get(class).is_some_and(|words| words.contains(word))
    }

    /// What the noun at a word names: with the word before it ("bus station"), else by itself.
    pub fn head_at(&self, words: &[Word<'_>], at: usize) -> Option<&Head> {
        let before = at.checked_sub(1).map(|b| &words[b]).filter(|b| b.sentence == words[at].sentence);
        let compound = before.and_then(|b| self.heads.get(&format!("{}-{}", b.lower, words[at].lower)));
        compound.or_else(|| self.head(&words[at].lower))
    }

    /// What a noun names: as it stands, or the part behind its last hyphen.
    pub fn head(&self, word: &str) -> Option<&Head> {
        self.heads.get(word).or_else(|| word.rsplit_once('-').and_then(|(_, last)| self.heads.get(last)))
    }
}

/// The lines of a list that are not comments, with their numbers.
fn lines(list: &'static str) -> impl Iterator<Item = (usize, &'static str)> {
    list.lines().enumerate().map(|(i, l)| (i + 1, l.trim())).filter(|(_, l)| !l.is_empty() && !l.starts_with('#'))
}

/// The name between brackets, where the line is a section's.
fn section(line: &'static str) -> Option<&'static str> {
    line.strip_prefix('[')?.strip_suffix(']')
}

fn heads() -> Result<BTreeMap<String, Head>, DataError> {
    let mut heads = BTreeMap::new();
    let mut current: Option<(EntityKind, Option<&str>, Option<Gender>)> = None;
    for (number, line) in lines(HEADS) {
        let fault = |reason: &str| DataError::new("entities/heads.txt", number, reason);
        if let Some(name) = section(line) {
            current = Some(head_section(name).ok_or_else(|| fault("an unknown kind, group or gender"))?);
            continue;
        }
        let (kind, group, gender) = current.ok_or_else(|| fault("a word before the first section"))?;
        for entry in line.split(',').map(str::trim).filter(|e| !e.is_empty()) {
            let head = |lemma, plural| Head { kind, group, gender, plural, lemma };
            if let Some(collective) = entry.strip_suffix('+') {
                heads.entry(collective.to_string()).or_insert(head(collective, true));
                continue;
            }
            let (singular, plural) = match entry.split_once('/') {
                Some((singular, plural)) => (singular, plural.to_string()),
                None => (entry, plural_of(entry)),
            };
            heads.entry(singular.to_string()).or_insert(head(singular, false));
            heads.entry(plural).or_insert(head(singular, true));
        }
    }
    Ok(heads)
}

fn head_section(name: &'static str) -> Option<(EntityKind, Option<&'static str>, Option<Gender>)> {
    let mut parts = name.split(' ');
    let kind = match parts.next()? {
        "person" => EntityKind::Person,
        "organization" => EntityKind::Organization,
        "facility" => EntityKind::Facility,
        "weapon" => EntityKind::Weapon,
        "vehicle" => EntityKind::Vehicle,
        _ => return None,
    };
    let gender = match parts.clone().nth(1) {
        None => None,
        Some("male") => Some(Gender::Male),
        Some("female") => Some(Gender::Female),
        Some(_) => return None,
    };
    Some((kind, parts.next(), gender))
}

fn plural_of(word: &str) -> String {
    let consonant_y = word.ends_with('y') && !word.ends_with("ay") && !word.ends_with("ey") && !word.ends_with("oy");
    match word {
        _ if consonant_y => format!("{}ies", &word[..word.len() - 1]),
        _ if ["s", "x", "ch", "sh"].iter().any(|end| word.ends_with(end)) => format!("{word}es"),
        _ => format!("{word}s"),
    }
}

fn titles() -> Result<BTreeMap<&'static str, Title>, DataError> {
    let mut titles = BTreeMap::new();
    for (_, line) in lines(TITLES) {
        let (line, group) = match line.strip_suffix(']').and_then(|l| l.split_once(" [")) {
            Some((words, group)) => (words, Some(group)),
            None => (line, None),
        };
        let (words, gender) = match line {
            _ if line.ends_with(" (m)") => (&line[..line.len() - 4], Some(Gender::Male)),
            _ if line.ends_with(" (f)") => (&line[..line.len() - 4], Some(Gender::Female)),
            _ => (line, None),
        };
        titles.insert(words, Title { group, gender });
    }
    Ok(titles)
}

fn classes() -> Result<BTreeMap<&'static str, BTreeSet<&'static str>>, DataError> {
    let mut classes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut current = None;
    for (number, line) in lines(WORDS) {
        if let Some(name) = section(line) {
            current = Some(name);
            continue;
        }
        let class =
            current.ok_or_else(|| DataError::new("entities/words.txt", number, "a word before the first class"))?;
        classes.entry(class).or_default().extend(line.split_whitespace());
    }
    Ok(classes)
}

fn demonyms() -> Result<BTreeMap<String, &'static str>, DataError> {
    let mut demonyms = BTreeMap::new();
    for (number, line) in lines(DEMONYMS) {
        let mut parts = line.split_whitespace();
        let country = parts.next().filter(|c| c.len() == 2);
        let country = country.ok_or_else(|| DataError::new("entities/demonyms.txt", number, "no country code"))?;
        demonyms.extend(parts.map(|word| (word.replace('-', " "), country)));
    }
    Ok(demonyms)
}
