//! The words, figures and marks of a text, each with its bytes: what the grammars of numbers and times walk over.
//!
//! The text is not altered. A lower-case copy (ASCII letters only, so that every byte keeps its place) is what words
//! are compared by, which makes the grammars read all-capitals and all-lower text alike.

use crate::text::Span;

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Letters; abbreviations of single letters keep their dots ("p.m.").
    Word,
    /// Digits, with grouping commas and a decimal point ("1,200", "2.5").
    Figure,
    /// Digits and colons ("10:30", "10:30:15").
    Clock,
    /// A date in digits ("2024-03-12", "12/03/2024").
    NumericDate,
    /// A hyphen or dash of any length.
    Dash,
    /// Any other single character that is not white space.
    Mark,
}

/// One piece of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What it is.
    pub kind: Kind,
    /// Whether white space stands before it (true for the first).
    pub spaced: bool,
}

/// A text cut into words.
pub(crate) struct Words<'t> {
    /// The text itself.
    pub text: &'t str,
    lower: String,
    list: Vec<Word>,
}

impl<'t> Words<'t> {
    /// Cuts a text into words, figures and marks.
    pub fn new(text: &'t str) -> Words<'t> {
        let lower = text.to_ascii_lowercase();
        let mut list = Vec::with_capacity(text.len() / 5 + 1);
        let (mut at, mut spaced) = (0, true);
        while let Some(c) = text[at..].chars().next() {
            if c.is_whitespace() {
                (at, spaced) = (at + c.len_utf8(), true);
                continue;
            }
            let (kind, len) = piece(&text[at..], c);
            list.push(Word { start: at, end: at + len, kind, spaced });
            (at, spaced) = (at + len, false);
        }
        Words { text, lower, list }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// The piece at `i`, if there is one.
    pub fn get(&self, i: usize) -> Option<Word> {
        self.list.get(i).copied()
    }

    /// The word at `i` in lower case; the empty string past either end.
    pub fn lower(&self, i: usize) -> &str {
        self.list.get(i).map_or("", |w| &self.lower[w.start..w.end])
    }

    /// The word before `i` in lower case; the empty string where there is none.
    pub fn before(&self, i: usize) -> &str {
        i.checked_sub(1).map_or("", |i| self.lower(i))
    }

    /// The word at `i` as it is written.
    pub fn raw(&self, i: usize) -> &'t str {
        self.list.get(i).map_or("", |w| &self.text[w.start..w.end])
    }

    /// Whether the piece at `i` is of this kind.
    pub fn is(&self, i: usize, kind: Kind) -> bool {
        self.list.get(i).is_some_and(|w| w.kind == kind)
    }

    /// Whether the piece at `i` follows the one before it without white space.
    pub fn glued(&self, i: usize) -> bool {
        self.list.get(i).is_some_and(|w| !w.spaced)
    }

    /// Whether a blank line stands before the piece at `i`.
    pub fn parted(&self, i: usize) -> bool {
        let (Some(word), Some(before)) = (self.list.get(i), i.checked_sub(1).and_then(|b| self.list.get(b))) else {
            return false;
        };
        word.spaced && self.text[before.end..word.start].bytes().filter(|b| *b == b'\n').count() > 1
    }

    /// The bytes from word `from` up to word `to`, exclusive. `from < to <= len`.
    pub fn span(&self, from: usize, to: usize) -> Span {
        Span::new(self.list[from].start, self.list[to - 1].end)
    }

    /// The index of the first word that starts at or after a byte.
    pub fn at(&self, byte: usize) -> usize {
        self.list.partition_point(|w| w.start < byte)
    }
}

/// The number of a month, 1 to 12, by its name or short form in lower case.
pub(crate) fn month_number(word: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let is = |month: &str| month == word || (word.len() == 3 && month.starts_with(word));
    let at = if word == "sept" { Some(8) } else { MONTHS.iter().position(|month| is(month)) };
    at.and_then(|i| i8::try_from(i + 1).ok())
}

/// The kind and length in bytes of the piece at the head of `rest`, whose first character is `c`.
fn piece(rest: &str, c: char) -> (Kind, usize) {
    if c.is_ascii_digit() {
        return figure(rest.as_bytes());
    }
    if c.is_alphabetic() {
        return (Kind::Word, dotted(rest.as_bytes()).unwrap_or_else(|| letters(rest)));
    }
    if matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}') {
        let len = rest.find(|d: char| d != c).unwrap_or(rest.len());
        return (Kind::Dash, len);
    }
    (Kind::Mark, c.len_utf8())
}

fn letters(rest: &str) -> usize {
    rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len())
}

/// The length of "p.m.", "a.m" or "U.S.": single letters with dots between them.
fn dotted(rest: &[u8]) -> Option<usize> {
    let letter = |i: usize| rest.get(i).is_some_and(u8::is_ascii_alphabetic);
    let dot = |i: usize| rest.get(i) == Some(&b'.');
    let mut end = 1;
    while dot(end) && letter(end + 1) && !letter(end + 2) {
        end += 2;
    }
    (end > 1).then_some(end + usize::from(dot(end)))
}

/// The kind and length of a piece that begins with a digit.
fn figure(rest: &[u8]) -> (Kind, usize) {
    let digits = |from: usize| rest[from.min(rest.len())..].iter().take_while(|b| b.is_ascii_digit()).count();
    let first = digits(0);
    if let Some(len) = numeric_date(rest, &digits) {
        return (Kind::NumericDate, len);
    }
    if first <= 2 && rest.get(first) == Some(&b':') && digits(first + 1) == 2 {
        let minutes = first + 3;
        let seconds = rest.get(minutes) == Some(&b':') && digits(minutes + 1) == 2;
        return (Kind::Clock, if seconds { minutes + 3 } else { minutes });
    }
    let mut end = first;
    while first <= 3 && rest.get(end) == Some(&b',') && digits(end + 1) == 3 {
        end += 4;
    }
    if rest.get(end) == Some(&b'.') && digits(end + 1) > 0 {
        end += 1 + digits(end + 1);
    }
    (Kind::Figure, end)
}

/// The length of "2024-03-12" or "12/03/2024" (also with dots, hyphens or a year of two digits).
fn numeric_date(rest: &[u8], digits: &impl Fn(usize) -> usize) -> Option<usize> {
    let first = digits(0);
    let mark = *rest.get(first)?;
    if !matches!(mark, b'-' | b'/' | b'.') {
        return None;
    }
    let second = digits(first + 1);
    let third_at = first + second + 2;
    if second == 0 || second > 2 || rest.get(third_at - 1) != Some(&mark) {
        return None;
    }
    let third = digits(third_at);
    let fits = matches!((first, third), (4, 1..=2) | (1..=2, 4)) || (mark == b'/' && first <= 2 && third == 2);
    fits.then_some(third_at + third)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        let words = Words::new(text);
        (0..words.len()).map(|i| words.raw(i)).collect()
    }

    #[test]
    fn words_figures_and_marks_are_cut_apart() {
        assert_eq!(cut("At 10:30 p.m., 1,200 men"), ["At", "10:30", "p.m.", ",", "1,200", "men"]);
        assert_eq!(cut("a 12-year term, 2.5m."), ["a", "12", "-", "year", "term", ",", "2.5", "m", "."]);
        assert_eq!(cut("12/03/2024 or 2024-03-12."), ["12/03/2024", "or", "2024-03-12", "."]);
        assert_eq!(cut("the 1990s -- U.S. team"), ["the", "1990", "s", "--", "U.S.", "team"]);
    }

    #[test]
    fn any_text_is_cut_on_character_boundaries() {
        for text in ["", " ", "é1.", "1.", "1,", "12:", "12:3", "1/2/", "a.", "a.é", "—–-", "９９", "日本 12月", "1-1-"]
        {
            let words = Words::new(text);
            let joined: String = (0..words.len()).map(|i| words.raw(i)).collect();
            assert_eq!(joined, text.split_whitespace().collect::<String>());
        }
    }
}
