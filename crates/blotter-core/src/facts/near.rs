//! What places and times of an incident share: how near they stand to its act, what the model says of them, the words
//! beside them.

use crate::encode::{softmax, tokens_in};
use crate::incidents::{Draft, Parts};
use crate::text::Span;

/// At this many bytes from a trigger nearness is one half.
const HALF: f64 = 60.0;

/// How near the words stand to the act in their own sentence: 1 beside a trigger, 0 in a sentence without one.
pub(super) fn nearness(parts: Parts<'_>, draft: &Draft, span: Span) -> f64 {
    let sentence = parts.input.sentence_at(span);
    let gaps = draft.act().filter(|a| a.sentence == sentence).map(|a| a.span.start.abs_diff(span.start));
    gaps.min().map_or(0.0, |gap| 1.0 / (1.0 + gap as f64 / HALF))
}

/// The probability that the head `name` gives the words any label but its first, "none"; 0 without such a head.
pub(super) fn model(parts: Parts<'_>, name: &str, span: Span) -> f64 {
    let scores = parts.input.scores;
    let Some(head) = scores.token.get(name) else { return 0.0 };
    tokens_in(&scores.tokens, span).map(|token| 1.0 - f64::from(softmax(head.row(token))[0])).fold(0.0, f64::max)
}

/// The two words before and the two behind a mention, in lower case; digits are one word.
pub(super) fn words_beside(text: &str, span: Span) -> (Vec<String>, Vec<String>) {
    const REACH: usize = 48;
    let line = |s: &str, last: bool| -> String {
        let mut lines = s.split('\n');
        (if last { lines.next_back() } else { lines.next() }).unwrap_or("").to_lowercase()
    };
    let plain = |w: &str| -> Option<String> {
        let word = w.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, ',' | '(' | ')' | '.'));
        let word = if word.starts_with(|c: char| c.is_ascii_digit()) { "0" } else { word };
        (!word.is_empty()).then(|| word.to_owned())
    };
    let before = super::snap(text, Span::new(span.start.saturating_sub(REACH), span.start)).of(text);
    let behind = super::snap(text, Span::new(span.end, (span.end + REACH).min(text.len()))).of(text);
    let before = line(before, true).split_whitespace().rev().filter_map(plain).take(2).collect();
    let behind = line(behind, false).split_whitespace().filter_map(plain).take(2).collect();
    (before, behind)
}
