//! The words of a report, as the entities and tolls layers walk over them.

use std::sync::LazyLock;

use regex::Regex;

use super::Input;
use crate::text::Span;

/// One word or punctuation mark. An age used as an adjective or noun ("28-year-old") is one word.
#[derive(Clone, Debug)]
pub(crate) struct Word<'t> {
    /// Where it stands.
    pub span: Span,
    /// Its letters.
    pub text: &'t str,
    /// Its letters in lower case.
    pub lower: String,
    /// The index of its sentence.
    pub sentence: usize,
    /// Years, where the word is an age.
    pub age: Option<u32>,
}

impl Word<'_> {
    /// Whether it begins with a capital, perhaps behind an article ("al-Kuwaiti").
    pub fn is_capital(&self) -> bool {
        let bare = self.text.split_once(['-', '‑']).filter(|(article, _)| ARTICLES.contains(article));
        bare.map_or(self.text, |(_, name)| name).chars().next().is_some_and(char::is_uppercase)
    }

    /// Whether it is made of capitals alone, two or more.
    pub fn is_upper(&self) -> bool {
        self.text.chars().filter(|c| c.is_alphabetic()).count() > 1 && !self.text.chars().any(char::is_lowercase)
    }

    /// Whether it is a word or a figure rather than a mark.
    pub fn is_word(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_alphanumeric)
    }

    /// Whether it is written like a year of the last or this century, "2008".
    pub fn is_year(&self) -> bool {
        self.text.len() == 4 && self.text.parse::<u32>().is_ok_and(|n| (1900..2100).contains(&n))
    }

    /// Whether it is one of the listed words.
    pub fn is(&self, words: &[&str]) -> bool {
        words.contains(&self.lower.as_str())
    }
}

/// Articles that names carry before a hyphen, as Arabic and Persian names are written in English.
const ARTICLES: [&str; 12] = ["al", "el", "ul", "ad", "an", "ar", "as", "ash", "at", "az", "ud", "ur"];

const SMALL: [&str; 21] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// The value of a number below 100 in words ("twelve", "forty-two") or of up to three figures, as ages are written.
pub fn small_number(word: &str) -> Option<u32> {
    if !word.is_empty() && word.len() <= 3 && word.bytes().all(|b| b.is_ascii_digit()) {
        return word.parse().ok();
    }
    let word = word.to_lowercase();
    let tens = |w: &str| TENS.iter().position(|t| *t == w).map(|i| (i as u32 + 2) * 10);
    if let Some(value) = SMALL.iter().position(|s| *s == word) {
        return Some(value as u32);
    }
    let mut parts = word.split(['-', ' ']);
    let first = tens(parts.next()?)?;
    match parts.next() {
        None => Some(first),
        Some(ones) => SMALL[1..10].iter().position(|s| *s == ones).map(|i| first + i as u32 + 1),
    }
}

static AGE: LazyLock<Regex> = LazyLock::new(|| {
    let ones = SMALL.join("|");
    let tens = TENS.join("|");
    let number = format!(r"(?:\d{{1,3}}|(?:{tens})(?:[- ](?:{ones}))?|{ones})");
    Regex::new(&format!(
        r"(?i)\b({number})[-–—]?\s?[-–—]?(years?|yrs?|months?|weeks?|days?|yr)\.?[-–—]?\s?[-–—]?olds?\b"
    ))
    .expect("a fixed pattern")
});
static WORD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?:[A-Za-z]\.){2,}",                                                // U.S., a.m.
        r"|\b(?:Mr|Mrs|Ms|Dr|Lt|Col|Gen|Sgt|Capt|Maj|Brig|Adm|Cmdr|Cpl|Pfc|Pvt|Sen|Rep|Gov|Rev|Prof|St|Det|Insp|Supt|Jr|Sr|No|Ave|Rd|Blvd|Dept|Corp|Inc|Co|Ltd)\.",
        r"|\b[A-Z]\.",                                                        // an initial
        r"|\d+(?:[.,:]\d+)*(?:st|nd|rd|th|s)?",                               // 1,200  3.5  7:30  20s
        r"|['’][sS]\b",
        r"|(?:\p{L}|\p{M})+(?:['’]\p{L}+)?(?:[-‑](?:\p{L}|\p{N})+)*",
        r"|\p{N}+|[^\s\p{L}\p{N}]",
    ))
    .expect("a fixed pattern")
});

/// The words of the report in order; words of no sentence (between paragraphs) belong to the one before.
pub(crate) fn read<'t>(input: Input<'t>) -> Vec<Word<'t>> {
    let text = input.text();
    let mut words = Vec::new();
    let mut from = 0;
    for found in AGE.captures_iter(text) {
        let (Some(whole), Some(number), Some(unit)) = (found.get(0), found.get(1), found.get(2)) else { continue };
        let Some(value) = small_number(number.as_str()) else { continue };
        split(input, from..whole.start(), &mut words);
        let years = match unit.as_str().to_lowercase().as_bytes().first() {
            Some(b'y') => value,
            Some(b'm') => value / 12,
            _ => 0,
        };
        push(input, Span::new(whole.start(), whole.end()), Some(years), &mut words);
        from = whole.end();
    }
    split(input, from..text.len(), &mut words);
    words
}

fn split<'t>(input: Input<'t>, range: std::ops::Range<usize>, words: &mut Vec<Word<'t>>) {
    for found in WORD.find_iter(&input.text()[range.clone()]) {
        let (start, end) = (range.start + found.start(), range.start + found.end());
        let word = found.as_str();
        // "Smith's", "gunman’s": the possessive is a word of its own.
        let cut = ["'s", "’s", "'S", "’S"].iter().find_map(|tail| word.strip_suffix(tail)).filter(|s| !s.is_empty());
        match cut {
            Some(stem) => {
                push(input, Span::new(start, start + stem.len()), None, words);
                push(input, Span::new(start + stem.len(), end), None, words);
            }
            None => push(input, Span::new(start, end), None, words),
        }
    }
}

fn push<'t>(input: Input<'t>, span: Span, age: Option<u32>, words: &mut Vec<Word<'t>>) {
    let text = span.of(input.text());
    let lower = text.to_lowercase().replace('’', "'").replace('‑', "-");
    words.push(Word { span, text, lower, sentence: input.sentence_at(span), age });
}
