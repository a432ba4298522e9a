//! Spans out of a token head whose labels are `O`, `B-x` (a span of kind x begins) and `I-x` (it goes on).
//!
//! Words are labelled, not pieces: a word's label is scored on its first piece, as in training, and a span reaches to
//! the end of its last word. The labels are the best sequence in which `I-x` follows only `B-x` or `I-x` (Viterbi).

use std::ops::Range;

use super::{Scores, Token, TokenScores, softmax, span_of};
use crate::text::Span;

/// A span that a token head found.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelledSpan {
    /// The kind: `x` of `B-x`.
    pub label: String,
    /// Its tokens, as indexes into the scores' tokens.
    pub tokens: Range<usize>,
    /// Its place in the text.
    pub span: Span,
    /// Mean probability of its words' labels, 0 to 1, not calibrated.
    pub confidence: f32,
}

/// The spans of the head `name` in the whole text; none where the model has no such head.
pub fn spans(scores: &Scores, name: &str) -> Vec<LabelledSpan> {
    spans_in(scores, name, 0..scores.tokens.len(), Lean::default())
}

/// What is added to the log-probabilities of labels before the best sequence is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Lean {
    /// To "in no span": below 0 marks more words, above 0 fewer.
    pub outside: f32,
    /// To "a span begins": below 0 makes spans fewer and longer, bridging words that the head doubts.
    pub begin: f32,
}

/// The spans of the head `name` within `range`, a range of tokens such as those of a paragraph, with the
/// log-probabilities moved by `lean`. No span crosses the range's borders. None where the model has no such head.
pub fn spans_in(scores: &Scores, name: &str, range: Range<usize>, lean: Lean) -> Vec<LabelledSpan> {
    let end = range.end.min(scores.tokens.len());
    let range = range.start.min(end)..end;
    scores.token.get(name).map_or_else(Vec::new, |head| decode(&scores.tokens, head, range, lean))
}

/// The words of some tokens: each a token range that begins with a token that continues none, or with the first.
pub fn words_in(tokens: &[Token], range: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
    let end = range.end.min(tokens.len());
    let mut next = range.start;
    std::iter::from_fn(move || {
        let start = next;
        next = (start + 1..end).find(|&at| !tokens[at].continues).unwrap_or(end);
        (start < end).then_some(start..next)
    })
}

/// The words of all tokens, as places in the text.
pub fn words(tokens: &[Token]) -> impl Iterator<Item = Span> + '_ {
    words_in(tokens, 0..tokens.len()).filter_map(|word| span_of(tokens, word))
}

fn decode(tokens: &[Token], head: &TokenScores, range: Range<usize>, lean: Lean) -> Vec<LabelledSpan> {
    let words: Vec<Range<usize>> = words_in(tokens, range).collect();
    let probabilities: Vec<Vec<f32>> = words.iter().map(|word| softmax(head.row(word.start))).collect();
    let scheme = Scheme::new(&head.labels);
    let labels = scheme.best_sequence(&probabilities, lean);
    let mut found = Vec::new();
    let mut first = 0;
    while first < words.len() {
        let Tag::Begin(kind) = scheme.tags[labels[first]] else {
            first += 1;
            continue;
        };
        let goes_on = |label: &&usize| matches!(scheme.tags[**label], Tag::Inside(_));
        let end = first + 1 + labels[first + 1..].iter().take_while(goes_on).count();
        let sum: f32 = (first..end).map(|word| probabilities[word][labels[word]]).sum();
        let range = words[first].start..words[end - 1].end;
        found.extend(span_of(tokens, range.clone()).map(|span| LabelledSpan {
            label: kind.to_owned(),
            tokens: range,
            span,
            confidence: sum / (end - first) as f32,
        }));
        first = end;
    }
    found
}

/// What a label says.
#[derive(Clone, Copy)]
enum Tag<'a> {
    Outside,
    Begin(&'a str),
    Inside(&'a str),
}

/// The labels of a head, and which may follow which.
struct Scheme<'a> {
    tags: Vec<Tag<'a>>,
    /// For each label that goes on, the labels it may follow.
    before: Vec<Vec<usize>>,
}

impl<'a> Scheme<'a> {
    fn new(labels: &'a [String]) -> Scheme<'a> {
        let tags: Vec<Tag<'a>> = labels
            .iter()
            .map(|label| match (label.strip_prefix("B-"), label.strip_prefix("I-")) {
                (Some(kind), _) => Tag::Begin(kind),
                (_, Some(kind)) => Tag::Inside(kind),
                _ => Tag::Outside,
            })
            .collect();
        let same = |tag: &Tag<'_>, kind: &str| match tag {
            Tag::Begin(other) | Tag::Inside(other) => *other == kind,
            Tag::Outside => false,
        };
        let before = tags
            .iter()
            .map(|tag| match tag {
                Tag::Inside(kind) => (0..tags.len()).filter(|&other| same(&tags[other], kind)).collect(),
                _ => Vec::new(),
            })
            .collect();
        Scheme { tags, before }
    }

    /// The most probable allowed labels, one a word, their logarithms moved by `lean`; of equals, those that come first in
    /// the head.
    fn best_sequence(&self, probabilities: &[Vec<f32>], lean: Lean) -> Vec<usize> {
        // Not minus infinity, so that a label of probability zero is still better than one that is not allowed.
        let log = |p: f32| p.max(f32::MIN_POSITIVE).ln();
        let mut totals = vec![0.0f32; self.tags.len()];
        let mut from: Vec<Vec<usize>> = Vec::with_capacity(probabilities.len());
        for (word, row) in probabilities.iter().enumerate() {
            let any = best(&totals, 0..totals.len());
            let step = |label: usize| match self.tags[label] {
                Tag::Inside(_) if word == 0 => (label, f32::NEG_INFINITY),
                Tag::Inside(_) => {
                    let other = best(&totals, self.before[label].iter().copied());
                    (other, totals[other])
                }
                _ => (any, totals[any]),
            };
            let steps: Vec<(usize, f32)> = (0..row.len()).map(step).collect();
            from.push(steps.iter().map(|step| step.0).collect());
            let moved = |tag: &Tag<'_>| match tag {
                Tag::Outside => lean.outside,
                Tag::Begin(_) => lean.begin,
                Tag::Inside(_) => 0.0,
            };
            let gains = row.iter().zip(&self.tags).map(|(&p, tag)| log(p) + moved(tag));
            totals = steps.iter().zip(gains).map(|(step, gain)| step.1 + gain).collect();
        }
        let mut label = best(&totals, 0..totals.len());
        let mut labels = vec![label; probabilities.len()];
        for word in (1..probabilities.len()).rev() {
            label = from[word][label];
            labels[word - 1] = label;
        }
        labels
    }
}

/// The first of `labels` with the largest total; 0 for none.
fn best(totals: &[f32], labels: impl Iterator<Item = usize>) -> usize {
    let larger = |best: usize, label: usize| if totals[label] > totals[best] { label } else { best };
    labels.reduce(larger).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: [&str; 5] = ["O", "B-person", "I-person", "B-place", "I-place"];

    /// Scores of a text given as pieces ("##" continues a word) with the logits of each.
    fn scores(pieces: &[(&str, [f32; 5])]) -> Scores {
        let mut scores = Scores::default();
        let mut head = TokenScores { labels: LABELS.map(str::to_owned).to_vec(), ..TokenScores::default() };
        let mut end = 0;
        for (piece, logits) in pieces {
            let letters = piece.trim_start_matches("##");
            let continues = letters.len() < piece.len();
            let start = if continues || end == 0 { end } else { end + 1 };
            end = start + letters.len();
            scores.tokens.push(Token { start, end, continues });
            head.logits.extend(logits);
        }
        scores.token.insert("mention".to_owned(), head);
        scores
    }

    fn check(pieces: &[(&str, [f32; 5])], expected: &[(&str, Range<usize>, Range<usize>)]) {
        let found = spans(&scores(pieces), "mention");
        let found: Vec<_> =
            found.iter().map(|s| (s.label.as_str(), s.tokens.clone(), s.span.start..s.span.end)).collect();
        assert_eq!(found, expected);
    }

    const O: [f32; 5] = [5.0, 0.0, 0.0, 0.0, 0.0];
    const B_PERSON: [f32; 5] = [0.0, 5.0, 0.0, 0.0, 0.0];
    const I_PERSON: [f32; 5] = [0.0, 0.0, 5.0, 0.0, 0.0];
    const B_PLACE: [f32; 5] = [0.0, 0.0, 0.0, 5.0, 0.0];

    #[test]
    fn spans_begin_go_on_and_end() {
        check(
            &[("Ana", B_PERSON), ("Solberg", I_PERSON), ("left", O), ("Verden", B_PLACE), ("Kalmar", B_PLACE)],
            &[("person", 0..2, 0..11), ("place", 3..4, 17..23), ("place", 4..5, 24..30)],
        );
        check(&[("nobody", O)], &[]);
        check(&[], &[]);
    }

    #[test]
    fn a_word_is_decided_by_its_first_piece() {
        check(
            &[("in", O), ("ver", B_PLACE), ("##den", O), ("##ton", I_PERSON), ("##s", B_PERSON), (".", O)],
            &[("place", 1..5, 3..13)],
        );
    }

    #[test]
    fn a_span_never_goes_on_from_another_kind_or_from_nothing() {
        // Inside without a beginning: the sequence pays for a beginning where that is likelier than outside.
        let weak_begin = [1.0, 3.0, 5.0, 0.0, 0.0];
        check(&[("Ana", weak_begin), ("Solberg", I_PERSON)], &[("person", 0..2, 0..11)]);
        check(&[("in", O), ("Solberg", I_PERSON), (".", O)], &[]);
        // The kind of the longer part wins over the first word's own.
        let place_or_person = [0.0, 4.0, 0.0, 4.5, 0.0];
        check(&[("Ana", place_or_person), ("Solberg", I_PERSON)], &[("person", 0..2, 0..11)]);
    }

    #[test]
    fn confidence_is_the_mean_probability_of_the_labels() {
        let weak = [0.0, 0.0, 0.5, 0.0, 0.0];
        let found = spans(&scores(&[("Ana", B_PERSON), ("x", weak), ("y", I_PERSON)]), "mention");
        let sure = softmax(&B_PERSON)[1];
        let mean = (sure + softmax(&weak)[2] + sure) / 3.0;
        assert_eq!(found.len(), 1);
        assert!((found[0].confidence - mean).abs() < 1e-6, "{found:?}");
    }

    #[test]
    fn a_lean_moves_doubtful_words_only() {
        let doubtful = [1.0, 0.9, 0.0, 0.0, 0.0];
        let scores = scores(&[("Ana", B_PERSON), ("left", O), ("Ola", doubtful)]);
        let found = |outside| spans_in(&scores, "mention", 0..3, Lean { outside, begin: 0.0 }).len();
        assert_eq!((found(0.0), found(-0.5), found(0.5)), (1, 2, 1));
    }

    #[test]
    fn a_range_cuts_spans_off() {
        let scores = scores(&[("Ana", B_PERSON), ("Sol", I_PERSON), ("##berg", O), ("x", O)]);
        let in_range = |range| {
            spans_in(&scores, "mention", range, Lean::default())
                .iter()
                .map(|s| (s.tokens.start, s.tokens.end))
                .collect::<Vec<_>>()
        };
        assert_eq!(in_range(0..4), [(0, 3)]);
        assert_eq!(in_range(0..1), [(0, 1)]);
        assert!(in_range(1..4).is_empty(), "inside, with no beginning in the range");
        assert_eq!(in_range(0..99), [(0, 3)]);
        assert!(in_range(7..99).is_empty());
        assert!(spans(&scores, "no such head").is_empty());
    }

    #[test]
    fn logits_that_are_no_numbers_find_something_or_nothing() {
        let nan = [f32::NAN; 5];
        let infinite = [f32::NEG_INFINITY; 5];
        spans(&scores(&[("a", nan), ("b", infinite), ("c", B_PERSON)]), "mention");
    }
}
