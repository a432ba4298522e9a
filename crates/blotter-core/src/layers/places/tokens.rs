//! The words of a text as names need them: normalised, with their shape and what stands between them.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::layers::Input;

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// "paris"
    Lower,
    /// "Paris", "DeKalb"
    Capital,
    /// "PARIS", "US"
    Upper,
    /// No letters, or a digit first.
    Other,
}

/// What stands before a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// Only spaces.
    Space,
    /// A hyphen or a slash without spaces.
    Hyphen,
    /// A full stop after an abbreviation, then spaces ("St. Louis").
    Dot,
    /// A comma.
    Comma,
    /// Anything else, or a paragraph's end.
    Break,
}

/// A word of the text.
#[derive(Clone, Debug)]
pub struct Word {
    /// First byte.
    pub start: usize,
    /// One past the last byte, without a possessive ending.
    pub end: usize,
    /// One past the last byte with the full stop of an abbreviation ("Fla.").
    pub dotted: usize,
    /// The normalised word.
    pub key: String,
    /// How it is written.
    pub shape: Shape,
    /// What stands before it.
    pub gap: Gap,
    /// Whether a sentence begins with it.
    pub first: bool,
    /// Whether it has a possessive ending.
    pub possessive: bool,
}

impl Word {
    /// Written with a capital.
    pub fn capital(&self) -> bool {
        matches!(self.shape, Shape::Capital | Shape::Upper)
    }
}

const APOSTROPHES: &[char] = &['\'', '’', '‘', 'ʻ', 'ʼ', '`', '´'];

/// The key of a name or word: no accents, lower case, hyphens as spaces, without apostrophes and full stops. The same
/// as `normalize` in `training/gazetteer.py`.
pub fn normalize(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || c == '&' || c == '_' {
            key.push(c.to_ascii_lowercase());
        } else if c == '.' || APOSTROPHES.contains(&c) {
            continue;
        } else if c.is_ascii() {
            space(&mut key);
        } else {
            fold(c, &mut key);
        }
    }
    key.truncate(key.trim_end().len());
    key
}

fn space(key: &mut String) {
    if !key.is_empty() && !key.ends_with(' ') {
        key.push(' ');
    }
}

fn fold(c: char, key: &mut String) {
    let plain = match c {
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' | 'ð' => "d",
        'ı' => "i",
        'ß' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' => "oe",
        'ə' | 'Ə' => "a",
        'þ' | 'Þ' => "th",
        'ħ' | 'Ħ' => "h",
        _ => "",
    };
    key.push_str(plain);
    if !plain.is_empty() {
        return;
    }
    for part in c.nfkd().filter(|p| !is_combining_mark(*p)) {
        if part.is_alphanumeric() {
            key.extend(part.to_lowercase());
        } else {
            space(key);
        }
    }
}

/// The words of the report, in order.
pub fn words(input: Input<'_>) -> Vec<Word> {
    let text = input.text();
    let starts: Vec<usize> = input.sentences.iter().map(|s| s.span.start).collect();
    let mut found: Vec<Word> = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut gap_from = 0;
    while let Some((start, c)) = chars.next() {
        if !c.is_alphanumeric() {
            continue;
        }
        let mut end = start + c.len_utf8();
        while let Some(&(at, c)) = chars.peek() {
            if !(c.is_alphanumeric() || is_combining_mark(c) || joins(text, start, at, c)) {
                break;
            }
            end = at + c.len_utf8();
            chars.next();
        }
        let whole = &text[start..end];
        let (end, possessive) = match possessive(whole) {
            Some(cut) => (start + cut, true),
            None => (end, false),
        };
        let word = &text[start..end];
        let dotted = if text[end..].starts_with('.') { end + 1 } else { end };
        let first = match found.last() {
            None => true,
            Some(before) => {
                let next = starts.partition_point(|s| *s <= before.start);
                starts.get(next).is_some_and(|s| *s <= start)
            }
        };
        let gap = gap(&text[gap_from..start], found.last(), first);
        gap_from = start + whole.len();
        found.push(Word { start, end, dotted, key: normalize(word), shape: shape(word), gap, first, possessive });
    }
    found
}

/// Whether the character at `at` continues the word: an apostrophe between letters, the full stops of "U.S.".
fn joins(text: &str, start: usize, at: usize, c: char) -> bool {
    let next = text[at + c.len_utf8()..].chars().next();
    if APOSTROPHES.contains(&c) || c == '&' {
        return next.is_some_and(char::is_alphanumeric);
    }
    if c != '.' {
        return false;
    }
    let word = &text[start..at];
    let single =
        word.rsplit('.').next().is_some_and(|last| last.chars().count() == 1 && last.chars().all(char::is_alphabetic));
    // "W.Va.": a single letter, a full stop, more letters; the last full stop of "U.S." belongs to it too.
    single && (word.contains('.') || next.is_some_and(char::is_alphabetic))
}

fn possessive(word: &str) -> Option<usize> {
    let (at, mark) = word.char_indices().rev().nth(1)?;
    (APOSTROPHES.contains(&mark) && matches!(word[at + mark.len_utf8()..].chars().next(), Some('s' | 'S')) && at > 0)
        .then_some(at)
}

fn shape(word: &str) -> Shape {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    match word.chars().next() {
        Some(c) if c.is_uppercase() => {
            let rest: Vec<char> = letters.by_ref().skip(1).collect();
            if !rest.is_empty() && rest.iter().all(|c| c.is_uppercase()) { Shape::Upper } else { Shape::Capital }
        }
        // "d’Ivoire", "al-Asad": a capital inside counts.
        Some(c) if c.is_alphabetic() && word.contains(APOSTROPHES) && letters.any(char::is_uppercase) => Shape::Capital,
        Some(c) if c.is_alphabetic() => Shape::Lower,
        _ => Shape::Other,
    }
}

fn gap(between: &str, before: Option<&Word>, first: bool) -> Gap {
    let between = match before {
        Some(word) if word.possessive => between,
        _ => between,
    };
    if between.contains('\n') && between.matches('\n').count() > 1 {
        return Gap::Break;
    }
    match between.trim() {
        "" if first && before.is_some() => Gap::Break,
        "" => Gap::Space,
        "-" | "‐" | "‑" | "/" if !between.contains(char::is_whitespace) => Gap::Hyphen,
        "." if !first && before.is_some_and(|w| w.end - w.start <= 5 && w.capital()) => Gap::Dot,
        "," | ".," => Gap::Comma,
        _ => Gap::Break,
    }
}
