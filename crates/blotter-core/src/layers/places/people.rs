//! Names of people in a text, so that "Houston" behind "Whitney Houston" is no city.

use std::collections::HashSet;

use super::lexicon::Atlas;
use super::tokens::{Gap, Word};

/// The normalised words that stand in names of people.
#[derive(Debug, Default)]
pub struct People {
    words: HashSet<String>,
}

impl People {
    /// Finds them: a title or a first name, then words with capitals.
    pub fn read(atlas: &Atlas, words: &[Word]) -> People {
        let mut people = People::default();
        for at in 0..words.len() {
            if let Some(first) = begins(atlas, words, at) {
                let surname = words[first..]
                    .iter()
                    .take(3)
                    .enumerate()
                    .take_while(|(n, w)| {
                        w.capital() && (*n == 0 || matches!(w.gap, Gap::Space | Gap::Hyphen | Gap::Dot))
                    })
                    .take_while(|(_, w)| !stops(atlas, w))
                    .map(|(_, w)| w.key.clone());
                people.words.extend(surname);
            }
        }
        people
    }

    /// Whether the normalised word stands in the name of a person.
    pub fn has(&self, word: &str) -> bool {
        self.words.contains(word)
    }
}

/// The first word of the surname, if a title or a first name stands at `at`.
fn begins(atlas: &Atlas, words: &[Word], at: usize) -> Option<usize> {
    let word = &words[at];
    let next = words.get(at + 1).filter(|w| w.capital() && matches!(w.gap, Gap::Space | Gap::Dot))?;
    if !word.capital() || stops(atlas, next) {
        return None;
    }
    if atlas.is("title", &word.key) {
        return Some(at + 1);
    }
    if atlas.first_name(&word.key) == 0 || word.possessive {
        return None;
    }
    // "Virginia Beach", "St. Paul": a name of the gazetteer as a whole, or a place before it.
    let whole = format!("{} {}", word.key, next.key);
    let placed = atlas.entry(&whole).is_some_and(|e| e.hits().next().is_some()) || !atlas.listed(&word.key).is_empty();
    let inside = at > 0 && word.gap == Gap::Space && atlas.is("inside", &words[at - 1].key);
    (!placed && !inside).then_some(at + 1)
}

fn stops(atlas: &Atlas, word: &Word) -> bool {
    ["division", "institution", "site", "street", "organisation"].iter().any(|s| atlas.is(s, &word.key))
        || !atlas.demonym(&word.key).is_empty()
}
