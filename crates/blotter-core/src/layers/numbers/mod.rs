//! Number words and figures → values with bounds.
//!
//! Which words count, and how they bound, stands in `data/numbers`; the contract's rulings are kept there ("dozens" is
//! at least 24). Vague words have no best value.

mod bounds;
mod grammar;

use super::Input;
use crate::data::DataError;
use crate::text::Span;
use crate::words::{Kind, Words};
use bounds::{Bound, Bounds};
pub(crate) use grammar::Grammar;
use grammar::{Cardinal, Core};

/// A number phrase and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// The phrase with its bounding words ("at least 12"), without the noun.
    pub span: Span,
    /// The least it can be; `None` where open.
    pub min: Option<u64>,
    /// The value said; `None` for vague words ("dozens").
    pub best: Option<u64>,
    /// The most it can be; `None` where open.
    pub max: Option<u64>,
    /// Ordinals ("third"), which count nothing.
    pub ordinal: bool,
    /// The rule that read it.
    pub rule: &'static str,
}

/// The numbers layer.
pub struct Numbers {
    grammar: Grammar,
    bounds: Bounds,
}

impl Numbers {
    /// Loads the rules.
    ///
    /// # Errors
    /// The file, line and reason of a fault in the rules.
    pub fn load() -> Result<Numbers, DataError> {
        Ok(Numbers { grammar: Grammar::load()?, bounds: Bounds::load()? })
    }

    /// The numbers of the report, in order, without overlap.
    pub fn read(&self, input: Input<'_>) -> Vec<Number> {
        self.read_text(input.text())
    }

    /// The numbers of a text, in order, without overlap.
    fn read_text(&self, text: &str) -> Vec<Number> {
        let words = Words::new(text);
        let mut found = Vec::new();
        let (mut at, mut floor) = (0, 0);
        while at < words.len() {
            match self.phrase(&words, at, floor) {
                Some((number, end)) => {
                    found.push(number);
                    (at, floor) = (end, end);
                }
                None => at += 1,
            }
        }
        found
    }

    /// The number phrase whose core begins at word `at`; its bounding words are sought no further back than `floor`.
    fn phrase(&self, words: &Words<'_>, at: usize, floor: usize) -> Option<(Number, usize)> {
        match self.grammar.core(words, at)? {
            (Core::Exact(cardinal), end) => Some(self.bounded(words, floor, at, cardinal, end)),
            (Core::AtLeast(min), end) => {
                let (from, to, _) = self.bounds.around(words, floor, at, end);
                Some((number(words.span(from, to), Some(min), None, None, "vague word"), to))
            }
            (Core::Nothing, end) => Some((number(words.span(at, end), Some(0), Some(0), Some(0), "none"), end)),
            (Core::Ordinal(n), end) => {
                let span = words.span(at, end);
                let ordinal = Number { ordinal: true, ..number(span, Some(n), Some(n), Some(n), "ordinal") };
                Some((ordinal, end))
            }
        }
    }

    fn bounded(&self, words: &Words<'_>, floor: usize, at: usize, cardinal: Cardinal, end: usize) -> (Number, usize) {
        if let Some((low, high, from, to)) = self.range(words, floor, at, cardinal, end) {
            return (number(words.span(from, to), low.floor(), None, high.ceil(), "range"), to);
        }
        let (from, to, bound) = self.bounds.around(words, floor, at, end);
        let (low, high) = (cardinal.floor(), cardinal.ceil());
        let best = if low == high { low } else { None };
        let (min, best, max, rule) = match bound {
            None | Some(Bound::About) => (low, best, high, "cardinal"),
            Some(Bound::Least) => (low, best, None, "at least"),
            Some(Bound::Most) => (None, best, high, "at most"),
            Some(Bound::Below) => (None, None, high, "below"),
        };
        (number(words.span(from, to), min, best, max, rule), to)
    }

    /// "between 10 and 15", "10 to 15", "10-15", "two or three": both ends, and the words they stretch over.
    fn range(
        &self,
        words: &Words<'_>,
        floor: usize,
        at: usize,
        low: Cardinal,
        end: usize,
    ) -> Option<(Cardinal, Cardinal, usize, usize)> {
        let between = at > floor && words.before(at) == "between";
        let link = match words.lower(end) {
            "and" => between,
            "to" | "or" => !matches!(words.before(at), "from" | "by"),
            _ => words.is(end, Kind::Dash) && words.glued(end) && words.glued(end + 1),
        };
        if !link {
            return None;
        }
        let (Core::Exact(high), to) = self.grammar.core(words, end + 1)? else { return None };
        // "2 to 3 million": the first number shares the scale of the second.
        let shared = low.value * high.scale;
        let low = if low.scale == 1.0 && shared < high.value { Cardinal { value: shared, ..low } } else { low };
        let from = if between { at - 1 } else { at };
        (low.value < high.value).then_some((low, high, from, to))
    }
}

fn number(span: Span, min: Option<u64>, best: Option<u64>, max: Option<u64>, rule: &'static str) -> Number {
    Number { span, min, best, max, ordinal: false, rule }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASES: &str = include_str!("../../../data/numbers/cases.txt");

    fn shown(value: Option<u64>) -> String {
        value.map_or("*".into(), |v| v.to_string())
    }

    /// The line of the case file that a reading of its text would be.
    fn rewritten(layer: &Numbers, text: &str) -> String {
        let (mut marked, mut values, mut at) = (String::new(), String::new(), 0);
        for n in layer.read_text(text) {
            marked += &format!("{}[{}]", &text[at..n.span.start], n.span.of(text));
            at = n.span.end;
            values += &match n.ordinal {
                true => format!(" | ordinal {}", shown(n.best)),
                false => format!(" | {} {} {}", shown(n.min), shown(n.best), shown(n.max)),
            };
        }
        marked + &text[at..] + &values
    }

    #[test]
    fn cases() {
        let layer = Numbers::load().unwrap();
        for line in CASES.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
            let text = line.split(" | ").next().unwrap().replace(['[', ']'], "");
            assert_eq!(rewritten(&layer, &text), line);
        }
    }

    #[test]
    fn odd_text_is_read_without_panic() {
        let layer = Numbers::load().unwrap();
        for text in ["", "9".repeat(400).as_str(), "1,000.", "a", "no", "between", "at least", "1/0", "½ 5½", "٣ men"]
        {
            layer.read_text(text);
        }
        let pieces: Vec<&str> = CASES.split(' ').collect();
        for i in 0..3000 {
            let noise: Vec<&str> =
                (0..9).map(|j| pieces[(i * 7919 + j * j * 104_729 + i * j) % pieces.len()]).collect();
            for n in layer.read_text(&noise.join(if i % 3 == 0 { "" } else { " " })) {
                assert!(n.min.is_none_or(|min| n.max.is_none_or(|max| min <= max)));
            }
        }
    }
}
