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

/// Words of a note that the report, or an earlier version of it, was wrong.
const CORRECTION: [&str; 11] = [
    "correction:",
    "corrects ",
    "corrected version",
    "an earlier version",
    "a previous version",
    "earlier version of this",
    "clarification:",
    "an earlier report",
    "incorrectly stated",
    "incorrectly said",
    "misstated",
];

/// Whether a sentence is a note of correction. What corrections officers do is none.
pub fn corrects(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    let headed = ["correction", "clarification"].iter().filter_map(|word| lower.trim_start().strip_prefix(word));
    headed.into_iter().any(|rest| rest.trim_start().starts_with(['—', '–', '-', '(', '.', ':']))
        || CORRECTION.iter().any(|cue| lower.contains(cue))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_of_correction() {
        assert!(corrects("Correction: An earlier version said 14."));
        assert!(corrects("CORRECTION — The dead are seven."));
        assert!(corrects("(This story corrects the toll.)"));
        assert!(!corrects("Corrections officers found three people killed."));
        assert!(!corrects("A correctional officer was stabbed."));
    }
}
