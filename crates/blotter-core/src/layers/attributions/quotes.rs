//! Quotations: a whole one belongs to whoever speaks in its paragraph, over sentence ends.

use super::Attribution;
use crate::layers::Input;
use crate::text::Span;

/// Shorter quotations, in bytes, are names and scare quotes.
const SHORTEST: usize = 20;

/// Gives every longer quotation of the report to a statement of its paragraph: the one it is already part of, else the
/// nearest before it, else the nearest after it.
pub(super) fn give(input: Input<'_>, found: &mut [Attribution]) {
    for paragraph in paragraphs(input) {
        for quote in quotations(input.text(), paragraph) {
            let here = |a: &&mut Attribution| a.cue.first().is_some_and(|c| paragraph.contains(*c));
            let mut here: Vec<&mut Attribution> = found.iter_mut().filter(here).collect();
            if here.iter().any(|a| a.cue[0].overlaps(quote) || a.content.iter().any(|c| c.contains(quote))) {
                continue;
            }
            let touching = here.iter().position(|a| a.content.iter().any(|c| c.overlaps(quote)));
            let before = here.iter().rposition(|a| a.cue[0].end <= quote.start);
            let after = here.iter().position(|a| a.cue[0].start >= quote.end);
            if let Some(owner) = touching.or(before).or(after) {
                add(&mut here[owner].content, quote);
            }
        }
    }
}

/// Joins a quotation to the pieces it touches, or adds it as one.
fn add(content: &mut Vec<Span>, quote: Span) {
    let mut whole = quote;
    content.retain(|piece| {
        let touches = piece.overlaps(whole);
        if touches {
            whole = whole.join(*piece);
        }
        !touches
    });
    content.push(whole);
    content.sort_unstable();
}

/// The paragraphs that hold a sentence.
fn paragraphs(input: Input<'_>) -> Vec<Span> {
    let mut found: Vec<(usize, Span)> = Vec::new();
    for sentence in input.sentences {
        match found.last_mut().filter(|(number, _)| *number == sentence.paragraph) {
            Some((_, span)) => *span = span.join(sentence.span),
            None => found.push((sentence.paragraph, sentence.span)),
        }
    }
    found.into_iter().map(|(_, span)| span).collect()
}

/// The longer quotations of a paragraph, marks included; one that is never closed reaches to its end.
pub(super) fn quotations(text: &str, paragraph: Span) -> Vec<Span> {
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    for (at, c) in paragraph.of(text).char_indices() {
        let at = paragraph.start + at;
        match (c, open) {
            ('“' | '"', None) => open = Some(at),
            ('”' | '"', Some(start)) => {
                found.push(Span::new(start, at + c.len_utf8()));
                open = None;
            }
            _ => {}
        }
    }
    found.extend(open.map(|start| Span::new(start, paragraph.end)));
    found.retain(|quote| quote.len() >= SHORTEST);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotations_end_at_their_mark_or_with_the_paragraph() {
        let text = "He said “it was very cold at night” and left. \"We had nothing left to eat.";
        let found = quotations(text, Span::new(0, text.len()));
        let words: Vec<&str> = found.iter().map(|s| s.of(text)).collect();
        assert_eq!(words, ["“it was very cold at night”", "\"We had nothing left to eat."]);
    }

    #[test]
    fn a_quotation_joins_the_pieces_it_touches() {
        let mut content = vec![Span::new(0, 5), Span::new(20, 30)];
        add(&mut content, Span::new(3, 9));
        assert_eq!(content, [Span::new(0, 9), Span::new(20, 30)]);
    }
}
