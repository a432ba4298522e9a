//! Sentences, each within one paragraph.

use crate::text::{Report, Span};

/// A sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Where it stands, trimmed.
    pub span: Span,
    /// The paragraph it is in, from 0.
    pub paragraph: usize,
}

/// The sentences of a report, in order.
pub fn read(report: &Report) -> Vec<Sentence> {
    let mut found = Vec::new();
    for (paragraph, span) in report.paragraphs().into_iter().enumerate() {
        let words = report.words(span);
        let mut offset = 0;
        for piece in sentencex::segment("en", words) {
            // The segmenter gives the pieces in order; find them again so that the offsets are the text's own.
            let Some(at) = words[offset..].find(piece) else { continue };
            let start = offset + at;
            offset = start + piece.len();
            let trimmed = piece.trim();
            if !trimmed.is_empty() {
                let start = span.start + start + (piece.len() - piece.trim_start().len());
                found.push(Sentence { span: Span::new(start, start + trimmed.len()), paragraph });
            }
        }
    }
    found
}
