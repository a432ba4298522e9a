//! Spans of evidence: cut at sentences, words and characters.

use std::sync::LazyLock;

use regex::Regex;

use crate::incidents::Parts;
use crate::text::Span;

/// The part of `sentence` at most `reach` bytes around `inner`, on character borders.
pub(crate) fn window(text: &str, sentence: Span, inner: Span, reach: usize) -> Span {
    let start = inner.start.saturating_sub(reach).max(sentence.start).min(inner.start);
    let end = (inner.end + reach).min(sentence.end).max(inner.end);
    snap(text, Span::new(start, end))
}

/// The clause of a trigger: what it tells of, not the bare word.
pub(crate) fn clause(parts: Parts<'_>, trigger: Span) -> Span {
    let sentence = parts.input.sentences.get(parts.input.sentence_at(trigger)).map_or(trigger, |s| s.span);
    if sentence.contains(trigger) { clause_in(parts.input.text(), sentence, trigger) } else { trigger }
}

/// The words around a trigger up to a comma, the like, or a word that joins clauses; where none is near, or they leave too little
/// to be understood, some words on either side.
fn clause_in(text: &str, sentence: Span, trigger: Span) -> Span {
    const REACH: usize = 45;
    const SHORT: usize = 24;
    let (plain, wide) = (around(text, sentence, trigger, REACH), around(text, sentence, trigger, 2 * REACH));
    let before = BEFORE.find_iter(&text[wide.start..trigger.start]).last().map(|m| wide.start + m.end());
    let after = AFTER.find(&text[trigger.end..wide.end]).map(|m| trigger.end + m.start());
    let start = before.unwrap_or(if wide.start == sentence.start { wide.start } else { plain.start });
    let end = after.unwrap_or(if wide.end == sentence.end { wide.end } else { plain.end });
    if end - start < SHORT { plain } else { Span::new(start, end) }
}

/// Words that join clauses.
const JOINS: &str = "and|but|as|while|when|after|before|because|who|which|that|where|amid|following";
/// Marks between clauses.
const MARKS: &str = "(?:--|[,;:\u{201c}\u{201d}\"\u{2013}\u{2014}])";
/// What ends a clause before a trigger, with the space behind it.
static BEFORE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(&format!(r"(?i)(?:{MARKS}|\b(?:{JOINS})\b)\s+")).expect("a pattern"));
/// What ends one behind it, with the space before.
static AFTER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(&format!(r"(?i)(?:\s*{MARKS}(?:\s|$)|\s+(?:{JOINS})\b)")).expect("a pattern"));

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

#[cfg(test)]
mod tests {
    use super::*;

    fn clause_of<'t>(text: &'t str, trigger: &str) -> &'t str {
        let at = text.find(trigger).expect("the trigger");
        clause_in(text, Span::new(0, text.len()), Span::new(at, at + trigger.len())).of(text)
    }

    #[test]
    fn a_clause_ends_where_another_begins() {
        let text = "On Friday, two guards were shot at the harbour when a drone came down, police said.";
        assert_eq!(clause_of(text, "shot"), "two guards were shot at the harbour");
        assert_eq!(
            clause_of("The bomb — a small one — killed 1,200 sheep near Tarn.", "killed"),
            "killed 1,200 sheep near Tarn."
        );
        // Too little to be understood: the words on either side.
        let text = "Two died and one, shot, lives in the town of Tarn on the coast of the northern sea.";
        assert!(clause_of(text, "shot").starts_with("Two died and one, shot, lives in the town of Tarn"));
    }
}
