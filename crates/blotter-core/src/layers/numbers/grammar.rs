//! Figures and number words → values, without the words that bound them.

use crate::data::DataError;
use crate::words::{Kind, Words, month_number};
use std::collections::HashMap;

/// A value said exactly, not negative.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Cardinal {
    /// The value; a fraction for "2.5" and "two and a half".
    pub value: f64,
    /// What its last word multiplies by ("million" in "2.5 million"); 1 without one.
    pub scale: f64,
}

/// Values from here on are not counted: beyond 2^53 not every whole number can be held.
const LIMIT: f64 = 9_007_199_254_740_992.0;

impl Cardinal {
    /// The greatest whole number not above it.
    pub fn floor(self) -> Option<u64> {
        (self.value < LIMIT).then_some(self.value.floor() as u64)
    }

    /// The least whole number not below it.
    pub fn ceil(self) -> Option<u64> {
        (self.value < LIMIT).then_some(self.value.ceil() as u64)
    }
}

/// What a number phrase says, before its bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Core {
    /// A value.
    Exact(Cardinal),
    /// A vague word and the least it can be.
    AtLeast(u64),
    /// "no", "none", "nobody".
    Nothing,
    /// A place in an order.
    Ordinal(u64),
}

#[derive(Clone, Copy, PartialEq)]
enum Class {
    Unit,
    Tens,
    Scale,
    Vague,
    Group,
    Zero,
    Ordinal,
    NoneOf,
    NoneGap,
}

/// The number words.
pub(crate) struct Grammar {
    words: HashMap<&'static str, (Class, u64)>,
}

impl Grammar {
    /// Loads `data/numbers/words.txt`.
    pub fn load() -> Result<Grammar, DataError> {
        let mut words = HashMap::new();
        for (i, line) in include_str!("../../../data/numbers/words.txt").lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let fault = |reason: String| DataError::new("numbers/words.txt", i + 1, reason);
            let &[class, word, value] = line.split_whitespace().collect::<Vec<_>>().as_slice() else {
                return Err(fault("a line is: class word value".into()));
            };
            let class = class_named(class).ok_or_else(|| fault(format!("no class {class}")))?;
            words.insert(word, (class, value.parse().map_err(|_| fault(format!("no number: {value}")))?));
        }
        Ok(Grammar { words })
    }

    fn value(&self, word: &str, class: Class) -> Option<u64> {
        self.words.get(word).filter(|(c, _)| *c == class).map(|(_, v)| *v)
    }

    /// Whether a word, in lower case, may begin a number in words.
    pub fn knows(&self, word: &str) -> bool {
        matches!(word, "a" | "an" | "half") || self.words.contains_key(word)
    }

    /// The number at word `at`, and the word after it.
    pub(super) fn core(&self, words: &Words<'_>, at: usize) -> Option<(Core, usize)> {
        if words.is(at, Kind::Figure) {
            return self.figure(words, at);
        }
        let word = words.lower(at);
        let (class, value) = match word {
            "no" => return self.nothing(words, at).map(|end| (Core::Nothing, end)),
            "a" | "an" | "half" | "few" => (Class::Unit, 0),
            _ => *self.words.get(word)?,
        };
        match class {
            Class::Vague => self.vague(words, at),
            Class::Zero => Some((Core::Nothing, at + 1)),
            Class::Ordinal => Some((Core::Ordinal(value), at + 1)),
            Class::Unit | Class::Tens => self
                .few(words, at)
                .or_else(|| self.group(words, at))
                .or_else(|| self.word_ordinal(words, at))
                .or_else(|| self.cardinal(words, at).map(|(c, end)| (Core::Exact(c), end)))
                .filter(|_| word != "one" || counts(words, at)),
            _ => None,
        }
    }

    /// A figure that counts something: not the part of a name ("M-16"), a date, a sum or a measure ("9mm").
    fn figure(&self, words: &Words<'_>, at: usize) -> Option<(Core, usize)> {
        if words.is(at + 1, Kind::Word) && words.glued(at + 1) {
            let ordinal = matches!(words.lower(at + 1), "st" | "nd" | "rd" | "th");
            let value = figure_value(words.raw(at)).filter(|v| v.fract() == 0.0 && *v < LIMIT);
            return value.filter(|_| ordinal).map(|v| (Core::Ordinal(v as u64), at + 2));
        }
        let before = words.before(at);
        let named = words.glued(at) && !matches!(before, "(" | "[" | "\"" | "'" | "\u{201c}" | "\u{2018}");
        let ranged = words.is(at.wrapping_sub(1), Kind::Dash) && words.is(at.wrapping_sub(2), Kind::Figure);
        if (named && !ranged) || matches!(before, "$" | "£" | "€") || is_date(words, at) {
            return None;
        }
        let (cardinal, end) = self.cardinal(words, at)?;
        Some((Core::Exact(cardinal), end))
    }

    /// "a few", "a few hundred": from two up. "few" alone says nothing.
    fn few(&self, words: &Words<'_>, at: usize) -> Option<(Core, usize)> {
        if words.lower(at) != "a" || words.lower(at + 1) != "few" {
            return None;
        }
        let (scale, end) = self.scales(words, at + 2);
        Some((Core::AtLeast(2 * scale), end))
    }

    /// "a couple of", "a pair of": the "of" is not part of it.
    fn group(&self, words: &Words<'_>, at: usize) -> Option<(Core, usize)> {
        let value = self.value(words.lower(at + 1), Class::Group)?;
        let counted = words.lower(at) == "a" && words.lower(at + 2) == "of";
        counted.then_some((Core::Exact(Cardinal { value: value as f64, scale: 1.0 }), at + 2))
    }

    /// "twenty-first".
    fn word_ordinal(&self, words: &Words<'_>, at: usize) -> Option<(Core, usize)> {
        let tens = self.value(words.lower(at), Class::Tens)?;
        let next = if words.is(at + 1, Kind::Dash) { at + 2 } else { at + 1 };
        let unit = self.value(words.lower(next), Class::Ordinal).filter(|v| *v < 10)?;
        Some((Core::Ordinal(tens + unit), next + 1))
    }

    /// The place in an order said at word `at` ("third", "twenty-first", "26th"), and the word after it.
    pub fn ordinal(&self, words: &Words<'_>, at: usize) -> Option<(u64, usize)> {
        match self.core(words, at)? {
            (Core::Ordinal(value), end) => Some((value, end)),
            _ => None,
        }
    }

    /// "several", "dozens", "tens of thousands", "several hundred".
    fn vague(&self, words: &Words<'_>, at: usize) -> Option<(Core, usize)> {
        let word = words.lower(at);
        let value = self.value(word, Class::Vague)?;
        if word == "several" {
            let (scale, end) = self.scales(words, at + 1);
            return Some((Core::AtLeast(value.saturating_mul(scale)), end));
        }
        // Twice the word it is the plural of; "tens of thousands" multiplies by that word.
        let of = words.lower(at + 1) == "of";
        if let Some(next) = self.value(words.lower(at + 2), Class::Vague).filter(|v| of && *v > value) {
            return Some((Core::AtLeast(value.saturating_mul(next / 2)), at + 3));
        }
        let loose = word == "tens" || word == "scores";
        let counted = of || !loose || (word == "scores" && counted_next(words.lower(at + 1)));
        counted.then_some((Core::AtLeast(value), at + 1))
    }

    /// What "hundred thousand" multiplies by, and the word after it; 1 where no scale stands.
    fn scales(&self, words: &Words<'_>, mut at: usize) -> (u64, usize) {
        let mut scale: u64 = 1;
        while let Some(value) = self.value(words.lower(at), Class::Scale) {
            (scale, at) = (scale.saturating_mul(value), at + 1);
        }
        (scale, at)
    }

    /// "no casualties", "no immediate reports of injuries", "no one": the end of the words that say none.
    fn nothing(&self, words: &Words<'_>, at: usize) -> Option<usize> {
        let dash = usize::from(words.is(at + 1, Kind::Dash));
        if words.lower(at + 1 + dash) == "one" {
            return Some(at + 2 + dash);
        }
        let gap = (1..5).take_while(|i| self.value(words.lower(at + i), Class::NoneGap).is_some()).count();
        self.value(words.lower(at + 1 + gap), Class::NoneOf).map(|_| at + 1)
    }

    /// The value said at word `at` ("12", "2.5 million", "a hundred and twelve", "half a dozen"), and the word after it.
    pub fn cardinal(&self, words: &Words<'_>, at: usize) -> Option<(Cardinal, usize)> {
        let mut sum = Sum::default();
        let mut i = at;
        loop {
            // "and" and a hyphen join only words.
            let joint = match i > at && !words.is(i - 1, Kind::Figure) {
                true if words.lower(i) == "and" && (sum.joins() || words.lower(i + 2) == "half") => 1,
                true if words.is(i, Kind::Dash) && words.glued(i) && words.glued(i + 1) => 1,
                _ => 0,
            };
            match self.add(words, i + joint, &mut sum, i == at) {
                Some(next) => i = next,
                None => break,
            }
        }
        (i > at).then(|| (Cardinal { value: sum.total + sum.group.unwrap_or(0.0), scale: sum.scale }, i))
    }

    /// Takes the word at `i` into the sum; `None` where it does not belong to it.
    fn add(&self, words: &Words<'_>, i: usize, sum: &mut Sum, first: bool) -> Option<usize> {
        if words.is(i, Kind::Figure) {
            return first.then(|| sum.figure(words, i)).flatten();
        }
        match words.lower(i) {
            "a" | "an" if first => {
                self.value(words.lower(i + 1), Class::Scale)?;
                sum.group = Some(1.0);
                return Some(i + 1);
            }
            "a" if words.lower(i + 1) == "half" && sum.group.is_some_and(|g| g.fract() == 0.0) => {
                sum.group = sum.group.map(|g| g + 0.5);
                return Some(i + 2);
            }
            "half" if first => {
                let scale = if words.lower(i + 1) == "a" { i + 2 } else { i + 1 };
                self.value(words.lower(scale), Class::Scale)?;
                sum.group = Some(0.5);
                return Some(scale);
            }
            _ => {}
        }
        let (class, value) = *self.words.get(words.lower(i))?;
        sum.word(class, value as f64).then_some(i + 1)
    }
}

/// A number under way: `total` holds what the scales have closed, `group` what is below the next one.
#[derive(Default)]
struct Sum {
    total: f64,
    group: Option<f64>,
    scale: f64,
    figured: bool,
}

impl Sum {
    /// Whether "and" may add to it: "two hundred and", "a thousand and"; not "2 million and".
    fn joins(&self) -> bool {
        if self.figured {
            return false;
        }
        match self.group {
            Some(group) => group >= 100.0 && group % 100.0 == 0.0,
            None => self.total > 0.0,
        }
    }

    fn figure(&mut self, words: &Words<'_>, i: usize) -> Option<usize> {
        let mut value = figure_value(words.raw(i))?;
        let mut end = i + 1;
        let slash = |at: usize| words.lower(at + 1) == "/" && words.glued(at + 1) && words.is(at + 2, Kind::Figure);
        if slash(end) {
            // "2 1/2"
            let (over, under) = (figure_value(words.raw(end))?, figure_value(words.raw(end + 2))?);
            if under > over {
                (value, end) = (value + over / under, end + 3);
            }
        } else if words.raw(end) == "½" {
            (value, end) = (value + 0.5, end + 1);
        }
        (self.group, self.scale, self.figured) = (Some(value), 1.0, true);
        Some(end)
    }

    /// Takes a number word in; false where it does not fit.
    fn word(&mut self, class: Class, value: f64) -> bool {
        if self.scale == 0.0 {
            self.scale = 1.0;
        }
        match (class, self.group) {
            (Class::Unit | Class::Tens, None) => self.group = Some(value),
            (Class::Unit, Some(g)) if (20.0..100.0).contains(&(g % 100.0)) && g % 10.0 == 0.0 && value < 10.0 => {
                self.group = Some(g + value);
            }
            (Class::Unit | Class::Tens, Some(g)) if g >= 100.0 && g % 100.0 == 0.0 => self.group = Some(g + value),
            (Class::Scale, Some(g)) if value <= 100.0 && g < 100.0 => {
                (self.group, self.scale) = (Some(g * value), value);
            }
            (Class::Scale, Some(g)) if value > 100.0 && (self.total == 0.0 || value < self.total) => {
                (self.total, self.group, self.scale) = (self.total + g * value, None, value);
            }
            _ => return false,
        }
        true
    }
}

fn class_named(name: &str) -> Option<Class> {
    Some(match name {
        "unit" => Class::Unit,
        "tens" => Class::Tens,
        "scale" => Class::Scale,
        "vague" => Class::Vague,
        "group" => Class::Group,
        "zero" => Class::Zero,
        "ordinal" => Class::Ordinal,
        "none-of" => Class::NoneOf,
        "none-gap" => Class::NoneGap,
        _ => return None,
    })
}

fn figure_value(raw: &str) -> Option<f64> {
    raw.replace(',', "").parse().ok().filter(|v: &f64| v.is_finite())
}

/// "one" that stands for a thing or a person counts nothing ("the one", "one another").
fn counts(words: &Words<'_>, at: usize) -> bool {
    !matches!(words.before(at), "the" | "this" | "that" | "each" | "every" | "any" | "another" | "which")
        && !matches!(words.lower(at + 1), "another" | "'" | "\u{2019}")
}

/// "scores" counts before these, elsewhere it may be goals or a verb.
fn counted_next(word: &str) -> bool {
    matches!(
        word,
        "more" | "killed" | "dead" | "wounded" | "injured" | "hurt" | "arrested" | "missing" | "feared" | "others"
    )
}

/// Years, days of the month and hours are no counts: "March 12", "12 March", "in 1998", "9 p.m.", "24/7".
fn is_date(words: &Words<'_>, at: usize) -> bool {
    let raw = words.raw(at);
    let (before, after) = (words.before(at), words.lower(at + 1));
    let after_month = month(before) || (before == "." && at > 1 && month(words.lower(at - 2)));
    let capital = words.raw(at + 1).starts_with(|c: char| c.is_uppercase());
    let day = raw.len() <= 2 && (after_month || (month(after) && (capital || !matches!(after, "may" | "march"))));
    let clock = matches!(after, "p.m." | "a.m." | "p.m" | "a.m" | "pm" | "am" | "gmt" | "o") || after == "/";
    let year = raw.len() == 4 && (raw.starts_with("19") || raw.starts_with("20"));
    day || clock
        || (year
            && (month(before)
                || matches!(before, "in" | "since" | "until" | "early" | "late" | "mid" | "year" | "the" | "of")))
}

fn month(word: &str) -> bool {
    month_number(word).is_some()
}
