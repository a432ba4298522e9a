//! Spans of evidence: cut at sentences, words and characters.

use crate::incidents::Parts;
use crate::text::Span;

/// The part of `sentence` at most `reach` bytes around `inner`, on character borders.
pub(crate) fn window(text: &str, sentence: Span, inner: Span, reach: usize) -> Span {
    let start = inner.start.saturating_sub(reach).max(sentence.start).min(inner.start);
    let end = (inner.end + reach).min(sentence.end).max(inner.end);
    snap(text, Span::new(start, end))
}

/// The words around a trigger, within its sentence and on word borders: what it tells of, not the bare word.
pub(crate) fn clause(parts: Parts<'_>, trigger: Span) -> Span {
    const REACH: usize = 45;
    let sentence = parts.input.sentences.get(parts.input.sentence_at(trigger)).map_or(trigger, |s| s.span);
    if sentence.contains(trigger) { around(parts.input.text(), sentence, trigger, REACH) } else { trigger }
}

/// The part of a sentence at most `reach` bytes around some words, cut between words.
pub(crate) fn around(text: &str, sentence: Span, words: Span, reach: usize) -> Span {
    let near = window(text, sentence, words, reach);
    let before = text[near.start..words.start].find(char::is_whitespace).filter(|_| near.start > sentence.start);
    let after = text[words.end..near.end].rfind(char::is_whitespace).filter(|_| near.end < sentence.end);
    let start = before.map_or(near.start, |at| near.start + at);
    let end = after.map_or(near.end, |at| words.end + at);
    let kept = &text[start..end];
    let start = start + (kept.len() - kept.trim_start().len());
    Span::new(start, start + kept.trim().len())
}

/// The span widened to character borders of `text`.
pub(crate) fn snap(text: &str, span: Span) -> Span {
    let (mut start, mut end) = (span.start.min(text.len()), span.end.min(text.len()));
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    Span::new(start, end)
}

/// The longest evidence the contract allows, in characters.
pub(crate) const LONGEST_EVIDENCE: usize = 300;

/// The evidence span itself, or its first part on a word border where it is too long.
pub(crate) fn evidence(text: &str, span: Span) -> Span {
    let words = span.of(text);
    match words.char_indices().nth(LONGEST_EVIDENCE) {
        None => span,
        Some((cut, _)) => {
            let end = words[..cut].rfind(char::is_whitespace).unwrap_or(cut);
            Span::new(span.start, span.start + words[..end].trim_end().len())
        }
    }
}
