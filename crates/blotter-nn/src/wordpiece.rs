//! BERT's tokenizer, uncased: basic words, then the longest pieces of the vocabulary, with their place in the text.
//!
//! Clean-up, accents and word borders follow `BertNormalizer` and `BertPreTokenizer` of the `tokenizers` package, whose
//! stored output the tests compare; two things differ on purpose. Control characters that are white space (form feed,
//! vertical tab, next line) part words here, and are deleted there, which glues the words of two pages together; and a
//! combining accent after a letter belongs to that letter's token here, so that a quoted word is whole.

use rustc_hash::FxHashMap;
use unicode_normalization::char::decompose_canonical;
use unicode_properties::{GeneralCategory as Category, GeneralCategoryGroup as Group, UnicodeGeneralCategory};

use crate::scores::Token;
use crate::weights::WeightError;

/// Words longer than this many characters are one unknown piece, as in BERT.
const LONGEST_WORD: usize = 100;

/// The capitals of a word: what an uncased vocabulary forgets. The number is the row of the case embedding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseShape {
    /// A special token.
    Special = 0,
    /// All letters are lower case.
    Lower = 1,
    /// The first letter is upper case, the others are lower case; also a single upper-case letter.
    Capitalised = 2,
    /// Two or more letters, all upper case.
    Upper = 3,
    /// Any other letters.
    Mixed = 4,
    /// No letters, but digits.
    Digits = 5,
    /// Neither letters nor digits.
    Other = 6,
}

impl CaseShape {
    /// Number of rows of the case embedding.
    pub(crate) const COUNT: usize = 7;
}

/// One piece of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its line in the vocabulary.
    pub id: u32,
    /// The case shape of its word.
    pub case: CaseShape,
    /// Where it stands.
    pub token: Token,
}

/// A vocabulary, and the tokenizer over it.
pub struct WordPiece {
    /// Pieces that begin a word.
    first: FxHashMap<Box<str>, u32>,
    /// Pieces that continue one, without their `##`.
    rest: FxHashMap<Box<str>, u32>,
    unknown: u32,
    /// `[CLS]`, before a window.
    pub(crate) begin: u32,
    /// `[SEP]`, after the headline and after the body.
    pub(crate) end: u32,
}

impl WordPiece {
    /// A tokenizer over a vocabulary of one piece a line; the line's number from 0 is the id.
    ///
    /// # Errors
    /// Where `[UNK]`, `[CLS]` or `[SEP]` is missing.
    pub fn new(vocabulary: &str) -> Result<WordPiece, WeightError> {
        let mut first = FxHashMap::default();
        let mut rest = FxHashMap::default();
        for (id, line) in (0..).zip(vocabulary.lines()) {
            match line.strip_prefix("##") {
                Some(piece) if !piece.is_empty() => rest.insert(Box::from(piece), id),
                _ => first.insert(Box::from(line), id),
            };
        }
        let special = |piece: &str| {
            let reason = || WeightError::tensor("vocab", format!("no {piece}"));
            first.get(piece).copied().ok_or_else(reason)
        };
        let (unknown, begin, end) = (special("[UNK]")?, special("[CLS]")?, special("[SEP]")?);
        Ok(WordPiece { first, rest, unknown, begin, end })
    }

    /// The pieces of `text`, in order. Their places are bytes of `text` plus `offset`.
    pub fn pieces(&self, text: &str, offset: usize) -> Vec<Piece> {
        let mut out = Vec::with_capacity(text.len() / 4);
        let mut word = Word::default();
        for (at, character) in text.char_indices() {
            let place = (offset + at, offset + at + character.len_utf8());
            match kind(character) {
                Kind::Plain => word.push(character.to_ascii_lowercase(), character, place),
                Kind::Space => self.flush(&mut word, &mut out),
                Kind::Dropped => {}
                Kind::Alone => {
                    self.flush(&mut word, &mut out);
                    self.fold(character, place, &mut word, &mut out);
                    self.flush(&mut word, &mut out);
                }
                Kind::Folded => self.fold(character, place, &mut word, &mut out),
            }
        }
        self.flush(&mut word, &mut out);
        out
    }

    /// Adds a character decomposed, without accents, in lower case.
    fn fold(&self, character: char, place: (usize, usize), word: &mut Word, out: &mut Vec<Piece>) {
        decompose_canonical(character, |part| {
            if part.general_category() == Category::NonspacingMark {
                word.extend_last(place.1);
            } else if is_punctuation(part) {
                // A few characters are another's twin: the Greek question mark is a semicolon.
                self.flush(word, out);
                word.push(part, character, place);
                self.flush(word, out);
            } else {
                for lower in part.to_lowercase() {
                    word.push(lower, character, place);
                }
            }
        });
    }

    /// Ends the word: appends its pieces, the longest first piece of the vocabulary again and again.
    fn flush(&self, word: &mut Word, out: &mut Vec<Piece>) {
        if word.letters.is_empty() {
            return;
        }
        let case = word.case();
        let before = out.len();
        let mut start = 0;
        while start < word.letters.len() {
            let Some((id, end)) = self.longest(&word.letters, start) else { break };
            let token = Token { start: word.places[start].0, end: word.places[end - 1].1, continues: start > 0 };
            out.push(Piece { id, case, token });
            start = end;
        }
        if start < word.letters.len() {
            out.truncate(before);
            let (start, end) = (word.places[0].0, word.places[word.letters.len() - 1].1);
            out.push(Piece { id: self.unknown, case, token: Token { start, end, continues: false } });
        }
        word.clear();
    }

    /// The longest piece at byte `start` of `letters`: its id and where it ends.
    fn longest(&self, letters: &str, start: usize) -> Option<(u32, usize)> {
        if letters.len() > LONGEST_WORD && letters.chars().count() > LONGEST_WORD {
            return None;
        }
        let pieces = if start == 0 { &self.first } else { &self.rest };
        let mut end = letters.len();
        while end > start {
            if letters.is_char_boundary(end)
                && let Some(&id) = pieces.get(&letters[start..end])
            {
                return Some((id, end));
            }
            end -= 1;
        }
        None
    }
}

/// What the tokenizer does with a character.
enum Kind {
    /// Part of a word, as it is but for its case: ASCII letters and digits.
    Plain,
    /// Ends a word.
    Space,
    /// Ignored, as if it were not there.
    Dropped,
    /// A word by itself.
    Alone,
    /// Part of a word after taking off accents.
    Folded,
}

fn kind(character: char) -> Kind {
    if character.is_ascii_alphanumeric() {
        Kind::Plain
    } else if character.is_whitespace() {
        Kind::Space
    } else if is_dropped(character) {
        Kind::Dropped
    } else if is_punctuation(character) || is_ideograph(character) {
        Kind::Alone
    } else {
        Kind::Folded
    }
}

fn is_dropped(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    character == char::REPLACEMENT_CHARACTER
        || matches!(character.general_category(), Category::Control | Category::Format | Category::PrivateUse)
}

fn is_punctuation(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_punctuation();
    }
    character.general_category_group() == Group::Punctuation
}

/// The blocks that BERT splits into single characters, as the `tokenizers` package has them.
fn is_ideograph(character: char) -> bool {
    matches!(u32::from(character),
        0x4E00..=0x9FFF | 0x3400..=0x4DBF | 0x20000..=0x2A6DF | 0x2A700..=0x2B73F
        | 0x2B740..=0x2B81F | 0x2B920..=0x2CEAF | 0xF900..=0xFAFF | 0x2F800..=0x2FA1F)
}

/// The word that is being read.
#[derive(Default)]
struct Word {
    /// Its letters after folding.
    letters: String,
    /// For each byte of `letters`, the character of the text it comes from.
    places: Vec<(usize, usize)>,
    upper: usize,
    lower: usize,
    /// Letters without case.
    caseless: usize,
    first_upper: bool,
    digits: usize,
}

impl Word {
    fn push(&mut self, folded: char, original: char, place: (usize, usize)) {
        // One character of the text can fold into several; it counts once.
        if self.places.last() != Some(&place) {
            self.count(original);
        }
        self.letters.push(folded);
        self.places.extend(std::iter::repeat_n(place, folded.len_utf8()));
    }

    fn count(&mut self, original: char) {
        match original.general_category() {
            Category::UppercaseLetter => {
                self.first_upper |= self.upper + self.lower + self.caseless == 0;
                self.upper += 1;
            }
            Category::LowercaseLetter => self.lower += 1,
            Category::DecimalNumber => self.digits += 1,
            Category::TitlecaseLetter | Category::ModifierLetter | Category::OtherLetter => self.caseless += 1,
            _ => {}
        }
    }

    /// Lets the last character reach to `end`, over an accent that follows it.
    fn extend_last(&mut self, end: usize) {
        if let Some(&last) = self.places.last() {
            for place in self.places.iter_mut().rev().take_while(|place| **place == last) {
                place.1 = end;
            }
        }
    }

    fn case(&self) -> CaseShape {
        match (self.upper, self.lower, self.caseless) {
            (0, 0, 0) if self.digits > 0 => CaseShape::Digits,
            (0, 0, 0) => CaseShape::Other,
            (0, _, 0) => CaseShape::Lower,
            (1, _, 0) if self.first_upper => CaseShape::Capitalised,
            (_, 0, 0) => CaseShape::Upper,
            _ => CaseShape::Mixed,
        }
    }

    fn clear(&mut self) {
        let Word { letters, places, .. } = std::mem::take(self);
        (self.letters, self.places) = (letters, places);
        self.letters.clear();
        self.places.clear();
    }
}
