//! The classes of words that patterns name, such as `{month}` or `{num}`: which stand at a word, and what they say.

use crate::data::DataError;
use crate::layers::numbers::Grammar;
use crate::words::{Kind, Words};
use std::collections::HashMap;

/// What a slot of a pattern holds.
#[derive(Clone, Debug)]
pub(super) enum Slot {
    /// A value.
    Number(f64),
    /// A name out of the word list.
    Text(&'static str),
    /// The index of the word itself.
    Word(usize),
    /// What a rule of a group matched there.
    Sub(Box<Match>),
}

/// A rule and the words it matches, `from..to`.
#[derive(Clone, Debug)]
pub(super) struct Match {
    pub rule: usize,
    pub from: usize,
    pub to: usize,
    pub slots: Vec<(&'static str, Slot)>,
}

impl Match {
    /// What a slot holds.
    pub fn get(&self, name: &str) -> Option<&Slot> {
        self.slots.iter().find(|(slot, _)| *slot == name).map(|(_, value)| value)
    }

    /// The number in a slot.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.get(name)? {
            Slot::Number(n) => Some(*n),
            _ => None,
        }
    }

    /// The whole number in a slot.
    pub fn whole(&self, name: &str) -> Option<i64> {
        self.number(name).filter(|n| n.fract() == 0.0 && n.abs() < 1e9).map(|n| n as i64)
    }

    /// The name in a slot.
    pub fn text(&self, name: &str) -> Option<&'static str> {
        match self.get(name)? {
            Slot::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The word in a slot.
    pub fn word(&self, name: &str) -> Option<usize> {
        match self.get(name)? {
            Slot::Word(i) => Some(*i),
            _ => None,
        }
    }

    /// The match in a slot.
    pub fn sub(&self, name: &str) -> Option<&Match> {
        match self.get(name)? {
            Slot::Sub(sub) => Some(sub),
            _ => None,
        }
    }
}

/// A slot's value out of a data file: a number where it reads as one, a name otherwise.
pub(super) fn slot_of(text: &'static str) -> Slot {
    text.parse().map_or(Slot::Text(text), Slot::Number)
}

/// The classes read by code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Coded {
    /// A value ("12", "two and a half").
    Num,
    /// A place in an order.
    Ordinal,
    /// 1 to 31, also as an ordinal.
    Day,
    /// 1st to 31st, as an ordinal only.
    DayTh,
    /// A year of four digits, or spelled.
    Year,
    /// A year of two digits.
    Yy,
    /// "1990s".
    Decade,
    /// "90s".
    YyDecade,
    /// "10:30".
    Clock,
    /// "10.30".
    DotClock,
    /// "0930".
    Hhmm,
    /// 0 to 24.
    Hour,
    /// "12/03/2024".
    Date,
}

/// The word lists, and the grammar of numbers.
pub(super) struct Lexicon {
    grammar: Grammar,
    /// For each word its classes (an index into `classes`) and values.
    words: HashMap<&'static str, Vec<(usize, Slot)>>,
    classes: Vec<&'static str>,
}

impl Lexicon {
    /// Loads `data/times/words.txt`.
    pub fn load() -> Result<Lexicon, DataError> {
        let mut lexicon = Lexicon { grammar: Grammar::load()?, words: HashMap::new(), classes: Vec::new() };
        for (i, line) in include_str!("../../../data/times/words.txt").lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let &[class, word, value] = line.split_whitespace().collect::<Vec<_>>().as_slice() else {
                return Err(DataError::new("times/words.txt", i + 1, "a line is: class word value"));
            };
            let class = lexicon.class(class).unwrap_or_else(|| {
                lexicon.classes.push(class);
                lexicon.classes.len() - 1
            });
            lexicon.words.entry(word).or_default().push((class, slot_of(value)));
        }
        Ok(lexicon)
    }

    /// The index of a class of the word list.
    pub fn class(&self, name: &str) -> Option<usize> {
        self.classes.iter().position(|class| *class == name)
    }

    /// The class read by code that a pattern names.
    pub fn coded(name: &str) -> Option<Coded> {
        Some(match name {
            "num" => Coded::Num,
            "ordinal" => Coded::Ordinal,
            "day-number" => Coded::Day,
            "dayth" => Coded::DayTh,
            "year" => Coded::Year,
            "yy" => Coded::Yy,
            "decade" => Coded::Decade,
            "yy-decade" => Coded::YyDecade,
            "clock" => Coded::Clock,
            "dotclock" => Coded::DotClock,
            "hhmm" => Coded::Hhmm,
            "hour" => Coded::Hour,
            "date" => Coded::Date,
            _ => return None,
        })
    }

    /// Whether a word, in lower case, stands in any list or may begin a number.
    pub fn knows(&self, word: &str) -> bool {
        self.words.contains_key(word) || self.grammar.knows(word)
    }

    /// What the word at `i` says as one of a class of the word list.
    pub fn listed(&self, words: &Words<'_>, i: usize, class: usize) -> Option<&Slot> {
        let (_, slot) = self.words.get(words.lower(i))?.iter().find(|(c, _)| *c == class)?;
        Some(slot)
    }

    /// What stands at word `i` as one of a class read by code, and the word after it.
    pub fn read(&self, words: &Words<'_>, i: usize, class: Coded) -> Option<(Slot, usize)> {
        let one = |slot: Slot| Some((slot, i + 1));
        match class {
            Coded::Num => {
                let (cardinal, end) = self.grammar.cardinal(words, i)?;
                Some((Slot::Number(cardinal.value), end))
            }
            Coded::Ordinal => {
                let (value, end) = self.grammar.ordinal(words, i)?;
                Some((Slot::Number(value as f64), end))
            }
            Coded::Day => self.day(words, i),
            Coded::DayTh => self.day(words, i).filter(|(_, end)| *end == i + 2 && words.glued(i + 1)),
            Coded::Year => self.year(words, i),
            Coded::Yy => one(Slot::Number(digits(words, i, 2)?)),
            Coded::Decade => decade(words, i, 4),
            Coded::YyDecade => decade(words, i, 2),
            Coded::Clock => words.is(i, Kind::Clock).then_some((Slot::Word(i), i + 1)),
            Coded::DotClock => {
                let (hour, minute) = words.raw(i).split_once('.')?;
                (words.is(i, Kind::Figure) && hour.len() <= 2 && minute.len() == 2).then_some((Slot::Word(i), i + 1))
            }
            Coded::Hhmm => {
                let value = digits(words, i, 4)?;
                (value < 2500.0 && value % 100.0 < 60.0).then_some((Slot::Word(i), i + 1))
            }
            Coded::Hour => match words.is(i, Kind::Figure) && words.raw(i).len() <= 2 {
                true => one(Slot::Number(words.raw(i).parse().ok().filter(|h| (0.0..25.0).contains(h))?)),
                false => {
                    let (cardinal, end) = self.grammar.cardinal(words, i)?;
                    (words.is(i, Kind::Word) && (1.0..13.0).contains(&cardinal.value))
                        .then_some((Slot::Number(cardinal.value), end))
                }
            },
            Coded::Date => words.is(i, Kind::NumericDate).then_some((Slot::Word(i), i + 1)),
        }
    }

    fn day(&self, words: &Words<'_>, i: usize) -> Option<(Slot, usize)> {
        let (value, end) = match words.is(i, Kind::Figure) {
            true if words.raw(i).len() <= 2 => {
                let ordinal = words.glued(i + 1) && matches!(words.lower(i + 1), "st" | "nd" | "rd" | "th");
                let other = words.glued(i + 1) && (words.is(i + 1, Kind::Word) || words.lower(i + 1) == "%");
                if other && !ordinal {
                    return None;
                }
                (words.raw(i).parse::<u64>().ok()?, if ordinal { i + 2 } else { i + 1 })
            }
            true => return None,
            false => self.grammar.ordinal(words, i)?,
        };
        (1..=31).contains(&value).then_some((Slot::Number(value as f64), end))
    }

    /// "1987", "nineteen eighty-seven".
    fn year(&self, words: &Words<'_>, i: usize) -> Option<(Slot, usize)> {
        if words.is(i, Kind::Figure) {
            let value = digits(words, i, 4).filter(|y| (1400.0..2100.0).contains(y))?;
            let sum = matches!(words.before(i), "$" | "£" | "€" | "#" | "." | "/");
            let cut = words.glued(i + 1) && (words.is(i + 1, Kind::Word) || matches!(words.lower(i + 1), "%" | "/"));
            return (!sum && !cut).then_some((Slot::Number(value), i + 1));
        }
        if words.lower(i) == "two" && words.lower(i + 1) == "thousand" {
            let (cardinal, end) = self.grammar.cardinal(words, i)?;
            return (2000.0..2100.0).contains(&cardinal.value).then_some((Slot::Number(cardinal.value), end));
        }
        let century = match words.lower(i) {
            "eighteen" => 1800.0,
            "nineteen" => 1900.0,
            "twenty" => 2000.0,
            _ => return None,
        };
        let (rest, end) = self.grammar.cardinal(words, i + 1)?;
        let fits = words.is(i + 1, Kind::Word) && rest.value.fract() == 0.0 && (10.0..100.0).contains(&rest.value);
        fits.then_some((Slot::Number(century + rest.value), end))
    }
}

/// The value of the figure at `i`, which has exactly `count` digits and no other character.
fn digits(words: &Words<'_>, i: usize, count: usize) -> Option<f64> {
    let raw = words.raw(i);
    let plain = words.is(i, Kind::Figure) && raw.len() == count && raw.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| raw.parse().ok()).flatten()
}

/// "1990s", "1990's": the decade, 199.
fn decade(words: &Words<'_>, i: usize, count: usize) -> Option<(Slot, usize)> {
    let value = digits(words, i, count).filter(|v| v % 10.0 == 0.0)?;
    let s = if matches!(words.lower(i + 1), "'" | "\u{2019}") { i + 2 } else { i + 1 };
    (words.lower(s) == "s" && words.glued(s)).then_some((Slot::Number(value / 10.0), s + 1))
}
