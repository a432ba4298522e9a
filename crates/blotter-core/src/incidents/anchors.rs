//! The words that tell of an incident, each with the types it speaks for.

use std::collections::{HashMap, HashSet};

use super::Parts;
use crate::data::DataError;
use crate::encode::{sigmoid, softmax, tokens_in};
use crate::text::Span;

/// A word or phrase that tells of an incident.
#[derive(Clone, Debug)]
pub struct Anchor {
    /// Where it stands.
    pub span: Span,
    /// Its sentence.
    pub sentence: usize,
    /// Its first token among the scores' tokens; 0 without a model.
    pub token: usize,
    /// The type code it speaks for ("attack/bombing"), by the word list.
    pub code: &'static str,
    /// Whether the word alone does not suffice.
    pub weak: bool,
    /// The model's probabilities for none, main, related, background; even without a model.
    pub relation: [f32; 4],
    /// The model's probability of each code of `CODES`; empty without a model.
    pub codes: Vec<(String, f32)>,
}

impl Anchor {
    /// The model's probability that it tells of any incident, 0 to 1; 0.5 without a model.
    pub fn certainty(&self) -> f32 {
        1.0 - self.relation[0]
    }
}

const TRIGGERS: &str = include_str!("../../data/incidents/triggers.txt");
const TRIGGERS_FILE: &str = "data/incidents/triggers.txt";

/// The line of what is attacked in words alone.
const ABSTRACT: &str = "abstract";
/// The code of phrases that hide a trigger ("heart attack").
const NONE: &str = "none";

/// One phrase of the word list.
struct Phrase {
    words: Vec<String>,
    code: &'static str,
    weak: bool,
}

/// The word list of triggers, by first word.
pub struct Anchors {
    phrases: HashMap<String, Vec<Phrase>>,
    /// What is attacked in words alone.
    abstracts: HashSet<&'static str>,
}

impl Anchors {
    /// Loads the word list.
    ///
    /// # Errors
    /// The line and reason of a fault in it.
    pub fn load() -> Result<Anchors, DataError> {
        let mut phrases: HashMap<String, Vec<Phrase>> = HashMap::new();
        let mut abstracts = HashSet::new();
        for (number, line) in TRIGGERS.lines().enumerate() {
            if line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            let fault = |reason: &str| DataError::new(TRIGGERS_FILE, number + 1, reason);
            let (code, list) = line.split_once(':').ok_or_else(|| fault("expected `code: phrase, phrase`"))?;
            if code == ABSTRACT {
                abstracts.extend(list.split(',').map(str::trim));
                continue;
            }
            for phrase in list.split(',').map(str::trim).filter(|p| !p.is_empty()) {
                let weak = phrase.starts_with('(');
                let bare = phrase.trim_matches(['(', ')']).to_lowercase();
                let words: Vec<String> = words(&bare).map(|(_, w)| w.to_owned()).collect();
                let first = words.first().ok_or_else(|| fault("an empty phrase"))?.clone();
                phrases.entry(first).or_default().push(Phrase { words, code, weak });
            }
        }
        for list in phrases.values_mut() {
            list.sort_by_key(|p| std::cmp::Reverse(p.words.len()));
        }
        Ok(Anchors { phrases, abstracts })
    }

    /// The anchors of the report, in order, the longest phrase at each place.
    pub fn find(&self, parts: Parts<'_>) -> Vec<Anchor> {
        let text = parts.input.text();
        let lower = text.to_ascii_lowercase();
        let words: Vec<(usize, &str)> = words(&lower).collect();
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let fits = |p: &&Phrase| {
                p.words.len() <= words.len() - at && p.words.iter().zip(&words[at..]).all(|(a, (_, b))| a == b)
            };
            match self.phrases.get(words[at].1).and_then(|list| list.iter().find(fits)) {
                Some(phrase) => {
                    let last = words[at + phrase.words.len() - 1];
                    let after = &words[at + phrase.words.len()..];
                    if phrase.code != NONE && !(phrase.code == "attack/other" && self.in_words_alone(after)) {
                        found.push(anchor(parts, Span::new(words[at].0, last.0 + last.1.len()), phrase));
                    }
                    at += phrase.words.len();
                }
                None => at += 1,
            }
        }
        found
    }
}

impl Anchors {
    /// Whether what follows an attack is "on" or "against" something that only words can attack.
    fn in_words_alone(&self, after: &[(usize, &str)]) -> bool {
        let aimed = after.first().is_some_and(|(_, w)| matches!(*w, "on" | "against" | "at" | "over"));
        aimed && after.iter().skip(1).take(4).any(|(_, w)| self.abstracts.contains(w))
    }
}

fn anchor(parts: Parts<'_>, span: Span, phrase: &Phrase) -> Anchor {
    let scores = parts.input.scores;
    let token = tokens_in(&scores.tokens, span).start;
    let live = token < scores.tokens.len();
    let mut relation = [0.5, 0.3, 0.1, 0.1];
    if let Some(head) = scores.token.get("relation").filter(|_| live) {
        relation.copy_from_slice(&softmax(head.row(token))[..4]);
    }
    let codes = match scores.token.get("incident_type").filter(|_| live) {
        Some(head) => head.labels.iter().cloned().zip(head.row(token).iter().map(|l| sigmoid(*l))).collect(),
        None => Vec::new(),
    };
    Anchor {
        span,
        sentence: parts.input.sentence_at(span),
        token,
        code: phrase.code,
        weak: phrase.weak,
        relation,
        codes,
    }
}

/// Words with their offsets; hyphens join.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let inside = |c: char| c.is_alphanumeric() || c == '-' || c == '\'' || c == '’';
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text[rest..].find(char::is_alphanumeric)?;
        let end = start + text[start..].find(|c| !inside(c)).unwrap_or(text.len() - start);
        rest = end;
        Some((start, text[start..end].trim_end_matches(['-', '\'', '’'])))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::Scores;
    use crate::layers::{Input, sentences};
    use crate::text::Report;

    fn codes(text: &str) -> Vec<&'static str> {
        let report = Report { text: text.to_owned(), ..Report::default() };
        let sentences = sentences::read(&report);
        let scores = Scores::default();
        let geography = crate::layers::places::Places::load(&[]).expect("word lists");
        let input = Input { report: &report, scores: &scores, sentences: &sentences };
        let parts = Parts {
            input,
            numbers: &[],
            times: &[],
            places: &[],
            entities: &[],
            attributions: &[],
            events: &[],
            tolls: &[],
            geography: &geography,
        };
        Anchors::load().unwrap().find(parts).iter().map(|a| a.code).collect()
    }

    #[test]
    fn the_examples_of_the_word_list_hold() {
        for line in TRIGGERS.lines().filter_map(|l| l.strip_prefix("# example ")) {
            let (code, sentence) = line.split_once(": ").unwrap();
            let found = codes(sentence);
            assert!(if code == "none" { found.is_empty() } else { found.contains(&code) }, "{sentence}: {found:?}");
        }
    }

    #[test]
    fn the_longest_phrase_wins() {
        assert_eq!(codes("A suicide bombing hit Tarn."), ["attack/suicide-bombing"]);
    }
}
