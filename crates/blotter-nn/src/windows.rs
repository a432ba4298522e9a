//! Windows: a text of any length as stretches of whole sentences that the encoder can hold.

use std::ops::Range;

use crate::wordpiece::{Piece, WordPiece};

/// Tokens that a window shares with the one before it, where whole sentences allow it.
const OVERLAP: usize = 64;

/// The tokens of a text, in the order of the text, and which of them are headline and sentences.
pub(crate) struct Tokenized {
    pub(crate) pieces: Vec<Piece>,
    /// The headline tokens that stand in front of every window.
    pub(crate) headline: Range<usize>,
    /// The sentences of the body, in order; also what is left of a headline that is too long.
    sentences: Vec<Range<usize>>,
}

/// Tokenizes the headline and the units of a text. Text in neither is left out; text in both is headline.
pub(crate) fn tokenize(
    words: &WordPiece,
    text: &str,
    headline: Option<Range<usize>>,
    units: &[Range<usize>],
    most_headline: usize,
) -> Tokenized {
    let headline = headline.map(|range| on_characters(text, range)).filter(|range| !range.is_empty());
    let mut pieces = Vec::new();
    let mut front = 0..0;
    let mut sentences = Vec::new();
    for (range, is_headline) in segments(text, headline, units) {
        let first = pieces.len();
        pieces.extend(words.pieces(&text[range.clone()], range.start));
        let mut body = first..pieces.len();
        if is_headline {
            body.start = cut_to_words(&pieces, body.clone(), most_headline);
            front = first..body.start;
        }
        if !body.is_empty() {
            sentences.push(body);
        }
    }
    Tokenized { pieces, headline: front, sentences }
}

/// Headline and units as stretches of the text that do not overlap, in order, each with whether it is the headline.
fn segments(text: &str, headline: Option<Range<usize>>, units: &[Range<usize>]) -> Vec<(Range<usize>, bool)> {
    let mut units: Vec<_> = units.iter().map(|unit| on_characters(text, unit.clone())).collect();
    units.sort_by_key(|unit| (unit.start, unit.end));
    let mut found = Vec::with_capacity(units.len() + 1);
    let mut covered = 0;
    for unit in units {
        let unit = unit.start.max(covered)..unit.end.max(covered);
        covered = unit.end;
        match &headline {
            Some(headline) => {
                let before = unit.start..unit.end.min(headline.start).max(unit.start);
                let after = unit.start.max(headline.end).min(unit.end)..unit.end;
                found.extend([(before, false), (after, false)]);
            }
            None => found.push((unit, false)),
        }
    }
    found.extend(headline.map(|headline| (headline, true)));
    found.retain(|(range, _)| !range.is_empty());
    found.sort_by_key(|(range, _)| range.start);
    found
}

/// The range within the text and widened to character borders.
fn on_characters(text: &str, range: Range<usize>) -> Range<usize> {
    let (mut start, mut end) = (range.start.min(text.len()), range.end.min(text.len()));
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end.max(start)
}

/// Where to cut `range` so that at most `most` tokens come before: at the start of a word where one is in the second
/// half, else anywhere.
fn cut_to_words(pieces: &[Piece], range: Range<usize>, most: usize) -> usize {
    if range.len() <= most {
        return range.end;
    }
    let cut = range.start + most;
    let at_word = (range.start + most / 2..=cut).rev().find(|&at| !pieces[at].token.continues);
    at_word.filter(|&at| at > range.start).unwrap_or(cut)
}

/// The order in which windows take the body's tokens: all but the headline's.
pub(crate) struct Plan {
    /// Index into the pieces of each body token.
    pub(crate) body: Vec<usize>,
    /// The windows as ranges of `body`. Together they cover it, each begins and ends after the one before it.
    pub(crate) windows: Vec<Range<usize>>,
}

impl Plan {
    /// Packs whole sentences into windows of at most `capacity` body tokens. A sentence that is longer is cut.
    /// There is always one window, even of nothing.
    pub(crate) fn new(text: &Tokenized, capacity: usize) -> Plan {
        let body: Vec<usize> = text.sentences.iter().cloned().flatten().collect();
        let mut ends = Vec::with_capacity(text.sentences.len());
        for sentence in &text.sentences {
            ends.push(ends.last().unwrap_or(&0) + sentence.len());
        }
        let mut windows = Vec::new();
        let (mut start, mut covered) = (0, 0);
        loop {
            let end = window_end(text, &body, &ends, start, covered, capacity);
            windows.push(start..end);
            if end >= body.len() {
                return Plan { body, windows };
            }
            start = next_start(text, &body, &ends, start, end, capacity);
            covered = end;
        }
    }

    /// For each body token, the window that decides on it: the one with the most tokens between it and the nearer
    /// border, where the ends of the body are no border. The earlier one of two equals.
    pub(crate) fn deciders(&self) -> Vec<usize> {
        let mut best = vec![(0, 0); self.body.len()];
        for (index, window) in self.windows.iter().enumerate() {
            for token in window.clone() {
                let before = if window.start == 0 { usize::MAX } else { token - window.start };
                let after = if window.end == self.body.len() { usize::MAX } else { window.end - 1 - token };
                // One more, so that a window that holds the token beats none.
                let context = before.min(after).saturating_add(1);
                if context > best[token].1 {
                    best[token] = (index, context);
                }
            }
        }
        best.into_iter().map(|(index, _)| index).collect()
    }
}

/// Where the window that begins at `start` ends: after the last sentence that fits, as long as that is past what is
/// `covered`; else within the sentence, at a word.
fn window_end(
    text: &Tokenized,
    body: &[usize],
    ends: &[usize],
    start: usize,
    covered: usize,
    capacity: usize,
) -> usize {
    let fitting = ends.partition_point(|&end| end <= start + capacity);
    match ends[..fitting].last() {
        Some(&end) if end > covered => end,
        _ if body.is_empty() => 0,
        _ => {
            // More tokens are left than fit, so there is one at `most`.
            let most = start + capacity;
            let word = (covered + 1..=most).rev().find(|&at| !text.pieces[body[at]].token.continues);
            word.filter(|&at| at > start + capacity / 2).unwrap_or(most)
        }
    }
}

/// Where the window after `start..end` begins: with the sentences of its last `OVERLAP` tokens, one at least, and
/// none that would keep the next sentence out; within a cut sentence, with its last `OVERLAP` tokens.
fn next_start(text: &Tokenized, body: &[usize], ends: &[usize], start: usize, end: usize, capacity: usize) -> usize {
    let overlap = OVERLAP.min(capacity / 4);
    let next = ends.partition_point(|&e| e <= end);
    let sentence_start = if next == 0 { 0 } else { ends[next - 1] };
    if sentence_start < end {
        // The sentence was cut.
        let earliest = end.saturating_sub(overlap).max(start + 1);
        return (earliest..end).find(|&at| !text.pieces[body[at]].token.continues).unwrap_or(earliest);
    }
    let length = ends[next] - end;
    // A sentence that fits no window is cut anyway: leave it half of one.
    let room = if length <= capacity { capacity - length } else { capacity / 2 };
    let mut begin = end;
    for index in (0..next).rev() {
        let candidate = if index == 0 { 0 } else { ends[index - 1] };
        let shared = end - candidate;
        if candidate <= start || shared > room || (begin < end && shared > overlap) {
            break;
        }
        begin = candidate;
    }
    begin
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scores::Token;
    use crate::wordpiece::CaseShape;

    /// A body of sentences of so many tokens; `continues` says which tokens continue a word.
    fn body(lengths: &[usize], continues: fn(usize) -> bool) -> Tokenized {
        let piece = |at| Piece {
            id: 0,
            case: CaseShape::Lower,
            token: Token { start: at, end: at + 1, continues: continues(at) },
        };
        let mut sentences = Vec::new();
        let mut end = 0;
        for &length in lengths {
            sentences.push(end..end + length);
            end += length;
        }
        Tokenized { pieces: (0..end).map(piece).collect(), headline: 0..0, sentences }
    }

    fn windows(lengths: &[usize], capacity: usize) -> Vec<Range<usize>> {
        Plan::new(&body(lengths, |_| false), capacity).windows
    }

    #[test]
    fn whole_sentences_overlap_by_about_64_tokens() {
        assert_eq!(windows(&[30; 10], 300), [(0, 300)].map(range));
        // Two sentences of thirty are within 64 tokens, three are not.
        assert_eq!(windows(&[30; 20], 300), [(0, 300), (240, 540), (480, 600)].map(range));
        // One sentence at least, though it is longer than 64.
        assert_eq!(windows(&[100; 4], 300), [(0, 300), (200, 400)].map(range));
        // None where it would keep the next one out.
        assert_eq!(windows(&[200, 200], 300), [(0, 200), (200, 400)].map(range));
        assert_eq!(windows(&[], 300), [(0, 0)].map(range));
    }

    #[test]
    fn a_long_sentence_is_cut_at_words() {
        // The sentence before it is in front of its first part; its parts overlap by 64 tokens.
        assert_eq!(windows(&[10, 10, 700, 10], 300), [(0, 20), (10, 310), (246, 546), (482, 730)].map(range));
        // Every third token begins a word.
        let plan = Plan::new(&body(&[700], |at| at % 3 != 0), 299);
        assert_eq!(plan.windows, [(0, 297), (234, 531), (468, 700)].map(range));
    }

    #[test]
    fn the_window_with_more_context_decides() {
        let plan = Plan { body: (0..100).collect(), windows: [(0, 60), (40, 100)].map(range).to_vec() };
        let deciders = plan.deciders();
        assert!(deciders[..50].iter().all(|&w| w == 0) && deciders[50..].iter().all(|&w| w == 1), "{deciders:?}");
    }

    fn range((start, end): (usize, usize)) -> Range<usize> {
        start..end
    }
}
