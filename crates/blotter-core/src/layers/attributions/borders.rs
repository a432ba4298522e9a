//! Where sources, cues and contents begin and end: the model's spans mended by the word lists of
//! `data/attributions/borders.txt`.
//!
//! The model marks the first word of a span anew too often ("has | repeatedly | said") and leaves out small words at the
//! borders ("has", "according", "that"). Which words belong to a span follows the practice of the PolNeAR corpus
//! (Newell et al. 2018).

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::data::DataError;
use crate::encode::bio::{self, LabelledSpan};
use crate::layers::Input;
use crate::text::Span;

const BORDERS: &str = include_str!("../../../data/attributions/borders.txt");
const BORDERS_FILE: &str = "data/attributions/borders.txt";
const KINDS: [&str; 8] = ["carried", "plain", "clitic", "onward", "bare", "article", "opener", "bridge"];
/// So many words at most stand between two pieces of one span.
const BRIDGE: usize = 2;

/// The words of a report as the model counts them.
pub(super) struct Words {
    /// The first token of each.
    tokens: Vec<usize>,
    /// Where they stand.
    pub(super) spans: Vec<Span>,
    /// Their letters in lower case.
    pub(super) lower: Vec<String>,
    /// The index of the sentence of each.
    pub(super) sentence: Vec<usize>,
    /// The number of the paragraph of each.
    pub(super) paragraph: Vec<usize>,
}

impl Words {
    pub(super) fn read(input: Input<'_>) -> Words {
        let tokens = &input.scores.tokens;
        let firsts = bio::words_in(tokens, 0..tokens.len()).map(|word| word.start).collect();
        let spans: Vec<Span> = bio::words(tokens).collect();
        let lower = spans.iter().map(|s| s.of(input.text()).to_lowercase()).collect();
        let sentence: Vec<usize> = spans.iter().map(|s| input.sentence_at(*s)).collect();
        let paragraph = sentence.iter().map(|s| input.sentences.get(*s).map_or(0, |s| s.paragraph)).collect();
        Words { tokens: firsts, spans, lower, sentence, paragraph }
    }

    /// The spans of a head, none over the end of a paragraph.
    pub(super) fn spans(&self, input: Input<'_>, head: &str, lean: bio::Lean) -> Vec<LabelledSpan> {
        let mut found = Vec::new();
        let mut first = 0;
        for paragraph in self.paragraph.chunk_by(|a, b| a == b) {
            let end = first + paragraph.len();
            let last = self.tokens.get(end).copied().unwrap_or(input.scores.tokens.len());
            found.extend(bio::spans_in(input.scores, head, self.tokens[first]..last, lean));
            first = end;
        }
        found
    }

    /// The first token of a word.
    pub(super) fn token(&self, word: usize) -> usize {
        self.tokens[word]
    }

    fn is(&self, word: usize, list: &[&str]) -> bool {
        self.lower.get(word).is_some_and(|w| list.contains(&w.as_str()))
    }

    /// Whether nothing stands between a word and the one before it.
    fn joined(&self, word: usize) -> bool {
        word > 0 && word < self.spans.len() && self.spans[word - 1].end == self.spans[word].start
    }
}

/// A source, cue or content as found; never without a word.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    /// Its words.
    pub(super) words: Range<usize>,
    /// 0 to 1.
    pub(super) confidence: f32,
}

impl Piece {
    pub(super) fn span(&self, words: &Words) -> Span {
        Span::new(words.spans[self.words.start].start, words.spans[self.words.end - 1].end)
    }
}

/// The mending rules with their word lists.
pub(super) struct Borders {
    lists: HashMap<&'static str, HashSet<String>>,
}

impl Borders {
    /// Loads the word lists.
    ///
    /// # Errors
    /// The line and reason of a fault in them.
    pub(super) fn load() -> Result<Borders, DataError> {
        let mut lists: HashMap<&'static str, HashSet<String>> = HashMap::new();
        for (line, name, words) in super::lists(BORDERS, BORDERS_FILE)? {
            if name == "case" {
                continue;
            }
            let kind = KINDS.iter().find(|k| **k == name).ok_or(DataError::new(BORDERS_FILE, line, "no such kind"))?;
            // The colon is a word of the list, as the line has ended its own.
            lists.entry(kind).or_default().extend(words);
        }
        Ok(Borders { lists })
    }

    fn has(&self, kind: &str, words: &Words, word: usize) -> bool {
        let lower = words.lower.get(word);
        lower.is_some_and(|w| self.lists.get(kind).is_some_and(|list| list.contains(w)))
    }

    fn carried(&self, words: &Words, word: usize) -> bool {
        let adverb = words.lower[word].len() > 4 && words.lower[word].ends_with("ly");
        self.has("carried", words, word) || adverb && !self.has("plain", words, word)
    }

    /// Cues with the auxiliaries and adverbs before them, "according to", "said:", "complained about".
    pub(super) fn cues(&self, words: &Words, found: &[LabelledSpan]) -> Vec<Piece> {
        let mut pieces = joined(pieces(words, found), |a, b| {
            let between = a.words.end..b.words.start;
            let here = words.sentence[a.words.start] == words.sentence[b.words.start];
            let carried = self.has("carried", words, a.words.end - 1)
                && between.len() <= BRIDGE
                && between.clone().all(|w| self.carried(words, w));
            here && (between.is_empty() || carried)
        });
        for piece in &mut pieces {
            self.widen(words, &mut piece.words);
        }
        joined(pieces, |a, b| a.words.end >= b.words.start)
    }

    fn widen(&self, words: &Words, cue: &mut Range<usize>) {
        let sentence = words.sentence[cue.start];
        while cue.start > 0 && words.sentence[cue.start - 1] == sentence && self.carried(words, cue.start - 1) {
            cue.start -= 1;
        }
        let apostrophe = |back: usize| cue.start >= back && words.is(cue.start - back, &["'", "’"]);
        if apostrophe(2) && self.has("clitic", words, cue.start - 1) && !self.has("article", words, cue.start) {
            cue.start -= 2;
        } else if apostrophe(2) && cue.start > 2 && words.is(cue.start - 1, &["t"]) {
            cue.start -= 3;
        }
        if words.is(cue.start, &["to"]) && cue.start > 0 && words.is(cue.start - 1, &["according"]) {
            cue.start -= 1;
        }
        if words.is(cue.end - 1, &["according"]) && words.is(cue.end, &["to"]) {
            cue.end += 1;
        }
        let bare = self.has("bare", words, cue.end - 1);
        if words.is(cue.end, &[":"]) || self.has("onward", words, cue.end) && !bare {
            cue.end += 1;
        }
    }

    /// Sources with their article, without the comma that leads over to a clause.
    pub(super) fn sources(&self, words: &Words, found: &[LabelledSpan]) -> Vec<Piece> {
        let mut pieces = joined(pieces(words, found), |a, b| {
            a.words.end == b.words.start && words.sentence[a.words.start] == words.sentence[b.words.start]
        });
        for piece in &mut pieces {
            let Range { start, end } = piece.words;
            let sentence = words.sentence[start];
            if start > 0 && words.sentence[start - 1] == sentence && self.has("article", words, start - 1) {
                piece.words.start -= 1;
            }
            // "Ana Holm, a guard, said": of two commas the second belongs to the source.
            if end - start > 1 && words.is(end - 1, &[","]) && !(start..end - 1).any(|w| words.is(w, &[","])) {
                piece.words.end -= 1;
            }
        }
        pieces
    }

    /// Contents whole, with their quotation marks and their "that", without the marks that lead over to a neighbour.
    pub(super) fn contents(&self, words: &Words, found: &[LabelledSpan]) -> Vec<Piece> {
        let pieces = joined(pieces(words, found), |a, b| {
            let here = words.sentence[a.words.end - 1] == words.sentence[b.words.start];
            let paragraph = words.paragraph[a.words.end - 1] == words.paragraph[b.words.start];
            // A lone mark is the beginning or end of its neighbour.
            let mark = a.words.len() <= 1 || b.words.len() <= 1;
            a.words.end == b.words.start && paragraph && (here || mark)
        });
        let mut pieces = joined(pieces, |a, b| {
            let mut between = a.words.end..b.words.start;
            let here = words.sentence[a.words.start] == words.sentence[b.words.start];
            // A comma bridges with a word after it only.
            if between.len() == BRIDGE && words.is(between.start, &[","]) {
                between.start += 1;
            }
            here && between.len() == 1 && self.has("bridge", words, between.start)
        });
        for piece in &mut pieces {
            self.fit(words, &mut piece.words);
        }
        pieces.retain(|p| p.words.clone().any(|w| words.lower[w].starts_with(char::is_alphanumeric)));
        pieces
    }

    fn fit(&self, words: &Words, content: &mut Range<usize>) {
        let opens = ["'", "\"", "“", "‘"];
        while content.start > 0 && words.is(content.start - 1, &opens) && words.joined(content.start) {
            content.start -= 1;
        }
        while words.is(content.end, &["'", "\"", "”"])
            && words.joined(content.end)
            && words.is(content.end - 1, &[".", ",", "?", "!", "'"])
        {
            content.end += 1;
        }
        if content.start > 0 && self.has("opener", words, content.start - 1) {
            content.start -= 1;
        }
        while content.start < content.end && words.is(content.start, &[",", ".", ";", ":", ")", "—", "-"]) {
            content.start += 1;
        }
        while content.start < content.end
            && words.is(content.end - 1, &[",", ";", ":", "(", "—", "-", "and", "but", "while"])
        {
            content.end -= 1;
        }
        let quoted =
            content.clone().any(|w| words.is(w, &["\"", "“", "”"])) || words.is(content.start, &["'", "’", "‘"]);
        if content.start < content.end && words.is(content.end - 1, &["."]) && !quoted {
            content.end -= 1;
        }
    }
}

/// The spans as pieces of words.
fn pieces(words: &Words, found: &[LabelledSpan]) -> Vec<Piece> {
    let word = |token: usize| words.tokens.partition_point(|first| *first < token);
    found
        .iter()
        .map(|s| Piece { words: word(s.tokens.start)..word(s.tokens.end), confidence: s.confidence })
        .filter(|p| !p.words.is_empty())
        .collect()
}

/// Neighbours for which `one` holds made one.
fn joined(pieces: Vec<Piece>, one: impl Fn(&Piece, &Piece) -> bool) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    for piece in pieces {
        match found.last_mut().filter(|last| one(last, &piece)) {
            Some(last) => {
                last.words.end = last.words.end.max(piece.words.end);
                last.words.start = last.words.start.min(piece.words.start);
                last.confidence = last.confidence.max(piece.confidence);
            }
            None => found.push(piece),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sentence of words and its marked spans, each (role, words).
    fn marked(case: &str) -> (Words, Vec<(char, Range<usize>)>) {
        let (mut lower, mut open, mut found) = (Vec::new(), None, Vec::new());
        for part in case.split_whitespace() {
            let inner = match part.strip_prefix('[').and_then(|p| p.split_once(':')) {
                Some((role, rest)) if role.len() == 1 => {
                    open = Some((role.chars().next().unwrap(), lower.len()));
                    rest
                }
                _ => part,
            };
            lower.push(inner.trim_end_matches(']').to_owned());
            if inner.ends_with(']') {
                let (role, start) = open.take().expect("an open span");
                found.push((role, start..lower.len()));
            }
        }
        let count = lower.len();
        // Words stand close together, so that marks count as joined to their neighbours.
        let spans = (0..count).map(|w| Span::new(w, w + 1)).collect();
        (
            Words { tokens: (0..count).collect(), spans, lower, sentence: vec![0; count], paragraph: vec![0; count] },
            found,
        )
    }

    #[test]
    fn cases_of_the_data_file() {
        let borders = Borders::load().expect("loads");
        let mut checked = 0;
        for case in BORDERS.lines().filter_map(|l| l.strip_prefix("case: ")) {
            let (before, after) = case.split_once(" = ").expect("two sides");
            let (words, found) = marked(before);
            let role = found[0].0;
            let spans: Vec<LabelledSpan> = found
                .into_iter()
                .map(|(_, tokens)| LabelledSpan {
                    label: String::new(),
                    span: Span::new(tokens.start, tokens.end),
                    tokens,
                    confidence: 1.0,
                })
                .collect();
            let mended = match role {
                's' => borders.sources(&words, &spans),
                'c' => borders.cues(&words, &spans),
                _ => borders.contents(&words, &spans),
            };
            let mended: Vec<_> = mended.into_iter().map(|p| p.words).collect();
            let expected: Vec<_> = marked(after).1.into_iter().map(|(_, words)| words).collect();
            assert_eq!(mended, expected, "{case}");
            checked += 1;
        }
        assert!(checked > 10);
    }
}
