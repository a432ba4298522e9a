//! Sentences, each within one paragraph, the items of a list apart.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

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
    let cased = is_cased(&report.text);
    let mut found: Vec<Sentence> = Vec::new();
    for (paragraph, span) in report.paragraphs().into_iter().enumerate() {
        for item in items(report.words(span)) {
            let item = Span::new(span.start + item.start, span.start + item.end);
            let words = report.words(item);
            let (mut offset, mut first) = (0, true);
            for piece in sentencex::segment("en", words).into_iter().flat_map(unglued) {
                // The segmenter gives the pieces in order; find them again so that the offsets are the text's own.
                let Some(at) = words[offset..].find(piece) else { continue };
                let start = offset + at;
                offset = start + piece.len();
                let trimmed = piece.trim();
                if !trimmed.is_empty() {
                    let start = item.start + start + (piece.len() - piece.trim_start().len());
                    let span = Span::new(start, start + trimmed.len());
                    let last = found.last_mut().filter(|last| last.paragraph == paragraph && !first);
                    match last.filter(|last| runs_on(report.words(last.span), trimmed, cased)) {
                        Some(last) => last.span.end = span.end,
                        None => found.push(Sentence { span, paragraph }),
                    }
                    first = false;
                }
            }
        }
    }
    found
}

/// The mark before an item of a list, at the beginning of its line. A dash may as well go on with a sentence, and is none
/// but after the end of one.
static MARK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:^|\n)[ \t]*(?:[.·•●▪◦‣*]+[ \t]+|[-–—][ \t]+)").expect("a pattern"));

/// The parts of a paragraph that are sentences of their own: the items of a list without their marks, what stands before
/// the first, or the whole.
fn items(words: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    for mark in MARK.find_iter(words) {
        let dash = mark.as_str().contains(['-', '–', '—']);
        let before = words[from..mark.start()].trim_end();
        let open =
            dash && !(before.is_empty() && found.is_empty() || before.ends_with(['.', '!', '?', ':', ';', '"', '”']));
        if !open
            && words[mark.end()..]
                .starts_with(|c: char| c.is_alphanumeric() || matches!(c, '"' | '“' | '\'' | '‘' | '('))
        {
            found.push(from..mark.start());
            from = mark.end();
        }
    }
    found.push(from..words.len());
    found
}

/// A full stop with no space behind it, as pages whose line breaks were lost have it: "was shot.Police came".
static GLUED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(\p{Ll}{3}|\d\d|[ap]\.m)[.!?]+["”’]?(["“]?\p{Lu}(?:\p{Ll}| ))"#).expect("a pattern")
});

/// The sentences of a piece that such full stops hold together. Addresses ("Example.Com") and titles ("Capt.Brandt") end none.
fn unglued(piece: &str) -> Vec<&str> {
    const TITLES: [&str; 8] = ["capt", "dept", "sept", "supt", "prof", "atty", "corp", "blvd"];
    let mut found = Vec::new();
    let mut from = 0;
    for stop in GLUED.captures_iter(piece) {
        let (Some(before), Some(next)) = (stop.get(1), stop.get(2)) else { continue };
        let word = piece[..before.end()].rsplit(char::is_whitespace).next().unwrap_or_default();
        let after = piece[next.start()..].split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let address = word.contains(['/', '@', '#']) || ["Com", "Org", "Net", "Gov"].contains(&after);
        if !address && !TITLES.contains(&word.to_lowercase().as_str()) {
            found.push(&piece[from..next.start()]);
            from = next.start();
        }
    }
    found.push(&piece[from..]);
    found
}

/// Whether the segmenter took a full stop inside a sentence for its end: "at 2:30 a.m. Saturday", "in Mill St. early".
/// `cased`: sentences of the report begin with capitals.
fn runs_on(sentence: &str, next: &str, cased: bool) -> bool {
    const DAYS: [&str; 10] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "today",
        "yesterday",
        "tomorrow",
    ];
    let first = next.split(|c: char| !c.is_alphabetic() && c != '-').next().unwrap_or_default();
    let hour = ["a.m.", "p.m.", "A.M.", "P.M."].iter().any(|half| sentence.ends_with(half));
    let stopped = sentence.ends_with('.');
    let small = cased && stopped && first.len() > 1 && first.chars().all(char::is_lowercase);
    hour && DAYS.contains(&first.to_lowercase().as_str()) || small
}

/// Whether a text has the capitals that written English has: some two in a hundred letters.
fn is_cased(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    capitals * 50 >= letters && capitals * 2 < letters
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
    fn full_stops_inside_a_sentence_end_none() {
        let sentences = |text: &str| -> Vec<String> {
            let report = Report { text: text.to_owned(), ..Report::default() };
            read(&report).iter().map(|s| report.words(s.span).to_owned()).collect()
        };
        let one = "Two men were shot in Tarn at 2:30 a.m. Saturday. Nobody was held.";
        assert_eq!(sentences(one), ["Two men were shot in Tarn at 2:30 a.m. Saturday.", "Nobody was held."]);
        let street = "Police came to the 40 block of Mill St. . early on Sunday. Nobody was held.";
        assert_eq!(sentences(street).len(), 2, "{:?}", sentences(street));
        let plain = "tarn: two men were shot. the police are at the gate.";
        assert_eq!(sentences(plain).len(), 2, "{:?}", sentences(plain));
    }

    #[test]
    fn full_stops_without_a_space_end_sentences() {
        let text = "A man was shot.Police came at 8 p.m.They saw Capt.Brandt, says Example.Com today.“It was late.” In 2016.So";
        let found = ["A man was shot.", "Police came at 8 p.m.", "They saw Capt.Brandt, says Example.Com today."];
        assert_eq!(unglued(text)[..3], found);
        assert_eq!(unglued(text).concat(), text);
        assert_eq!(unglued(text).len(), 5);
    }

    #[test]
    fn items_of_a_list_are_sentences_without_their_marks() {
        let sentences = |text: &str| -> Vec<String> {
            let report = Report { text: text.to_owned(), ..Report::default() };
            read(&report).iter().map(|s| report.words(s.span).to_owned()).collect()
        };
        let list = "Coast\n•  Near Tarn, a bridge fell.\n• Near Kesh, a road.\nNorth\n.    In Velm, a depot burned";
        let found = ["Coast", "Near Tarn, a bridge fell.", "Near Kesh, a road.", "North", "In Velm, a depot burned"];
        assert_eq!(sentences(list), found);
        assert!(items("The guards\n- all of them men - fled.").len() == 1, "a dash may go on with a sentence");
    }

    #[test]
    fn notes_of_correction() {
        assert!(corrects("Correction: An earlier version said 14."));
        assert!(corrects("CORRECTION — The dead are seven."));
        assert!(corrects("(This story corrects the toll.)"));
        assert!(!corrects("Corrections officers found three people killed."));
        assert!(!corrects("A correctional officer was stabbed."));
    }
}
