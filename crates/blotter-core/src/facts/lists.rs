//! The word lists of the fields: how they are read, and how their words are looked for.

use super::pattern::Phrase;
use crate::data::DataError;

/// Reads a word list of the form `name: word, word` a line: (line number, name, words in lower case).
pub(crate) fn list(text: &str, file: &str) -> Result<Vec<(usize, String, Vec<String>)>, DataError> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let (name, words) =
            line.split_once(':').ok_or_else(|| DataError::new(file, number + 1, "expected `name: word, word`"))?;
        let words = words.split(',').map(|w| w.trim().to_lowercase()).filter(|w| !w.is_empty()).collect();
        found.push((number + 1, name.trim().to_owned(), words));
    }
    Ok(found)
}

/// Whether `text` (in lower case) holds `words` as whole words.
pub(crate) fn has_words(text: &str, words: &str) -> bool {
    find_words(text, words).is_some()
}

/// Where `words` first stand in `text` (in lower case) as whole words, in bytes.
pub(crate) fn find_words(text: &str, words: &str) -> Option<usize> {
    text.match_indices(words).map(|(at, _)| at).find(|&at| {
        !text[..at].chars().next_back().is_some_and(char::is_alphanumeric)
            && !text[at + words.len()..].chars().next().is_some_and(char::is_alphanumeric)
    })
}

/// A line of phrases: what they say (one of the stances of the list), its kind (one of the kinds), the phrases.
pub(crate) type Cues = (&'static str, &'static str, Vec<Phrase>);

/// Reads a list of the form `stance kind: phrase, phrase`.
pub(crate) fn cues(
    text: &str,
    file: &str,
    stances: &[&'static str],
    kinds: &[&'static str],
) -> Result<Vec<Cues>, DataError> {
    let mut cues = Vec::new();
    for (line, name, words) in list(text, file)? {
        let fault = |reason: &str| DataError::new(file, line, reason);
        let (stance, kind) = name.split_once(' ').ok_or_else(|| fault("expected `stance kind: phrase, phrase`"))?;
        let stance = stances.iter().find(|s| **s == stance).ok_or_else(|| fault("no such stance"))?;
        let kind = kinds.iter().find(|k| **k == kind).ok_or_else(|| fault("no such kind"))?;
        let phrases: Result<Vec<Phrase>, String> = words.iter().map(|p| Phrase::parse(p)).collect();
        cues.push((*stance, *kind, phrases.map_err(|reason| fault(&reason))?));
    }
    Ok(cues)
}
