//! Words around a number that bound it: "at least", "as many as", "or more".

use crate::data::DataError;
use crate::words::Words;

/// How the words around a number bound it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    /// It may be more.
    Least,
    /// At most so many.
    Most,
    /// Fewer than so many.
    Below,
    /// As good as the number itself.
    About,
}

/// The bounding words, longest first.
pub(super) struct Bounds {
    before: Vec<(Vec<&'static str>, Bound)>,
    after: Vec<(Vec<&'static str>, Bound)>,
}

impl Bounds {
    /// Loads `data/numbers/bounds.txt`.
    pub fn load() -> Result<Bounds, DataError> {
        const NAME: &str = "numbers/bounds.txt";
        let mut bounds = Bounds { before: Vec::new(), after: Vec::new() };
        for (i, line) in include_str!("../../../data/numbers/bounds.txt").lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let fault = |reason: &str| DataError::new(NAME, i + 1, reason);
            let mut fields = line.split_whitespace();
            let bound = match fields.next() {
                Some("least") => Bound::Least,
                Some("most") => Bound::Most,
                Some("below") => Bound::Below,
                Some("about") => Bound::About,
                _ => return Err(fault("the first word is least, most, below or about")),
            };
            let side = match fields.next() {
                Some("before") => &mut bounds.before,
                Some("after") => &mut bounds.after,
                _ => return Err(fault("the second word is before or after")),
            };
            let words: Vec<&str> = fields.collect();
            if words.is_empty() {
                return Err(fault("no bounding words"));
            }
            side.push((words, bound));
        }
        for side in [&mut bounds.before, &mut bounds.after] {
            side.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        Ok(bounds)
    }

    /// The words `from..to` that the number `at..end` stretches over with its bounding words, none of them before
    /// `floor`, and how they bound it. Words behind it win.
    pub fn around(&self, words: &Words<'_>, floor: usize, at: usize, end: usize) -> (usize, usize, Option<Bound>) {
        let before = self.before.iter().find(|(list, _)| {
            at >= floor + list.len() && stands(words, at - list.len(), list) && !spent(words, at - list.len(), list)
        });
        let after = self.after.iter().find(|(list, _)| stands(words, end, list));
        let from = before.map_or(at, |(list, _)| at - list.len());
        let to = after.map_or(end, |(list, _)| end + list.len());
        (from, to, after.or(before).map(|(_, bound)| *bound))
    }
}

fn stands(words: &Words<'_>, at: usize, list: &[&str]) -> bool {
    list.iter().enumerate().all(|(i, word)| words.lower(at + i) == *word)
}

/// Whether a lone "over", "under", "some" ... belongs to the words before it ("took over 12 posts" is read as a bound
/// all the same; "all over" and "just around" are not).
fn spent(words: &Words<'_>, at: usize, list: &[&str]) -> bool {
    list.len() == 1 && matches!(words.before(at), "all" | "handed" | "hand" | "came" | "comes")
}
