//! Texts without certain words: lists of names and what stands in their place.
//!
//! Words are compared without regard to case, and whole: "Nour" is not found in "Nourishing". A name is found also where
//! marks or other spaces stand between its words ("samira-nour" in an address).

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// What stands for a name that is hidden.
pub const VICTIM: &str = "a victim";

/// Names to be hidden, found by their first words.
#[derive(Clone, Debug, Default)]
pub struct Hidden {
    /// First word → the words of the name, the longest first, and what stands in its place.
    names: HashMap<String, Vec<(Vec<String>, String)>>,
    /// Names that hold no letter or digit at all are looked for as they are.
    bare: Vec<(String, String)>,
    /// Ages of the people who are hidden, in figures.
    pub ages: BTreeSet<u32>,
    /// What stands for a street and house number, where addresses are hidden.
    pub streets: Option<String>,
    /// What is hidden in every incident.
    pub shared: Option<Arc<Hidden>>,
}

impl Hidden {
    /// Hides a name.
    pub fn add(&mut self, name: &str, instead: &str) {
        let words: Vec<String> = words(name).into_iter().map(|(_, _, w)| w.to_lowercase()).collect();
        match words.first() {
            Some(first) => {
                let list = self.names.entry(first.clone()).or_default();
                if !list.iter().any(|(known, _)| *known == words) {
                    list.push((words, instead.to_owned()));
                    list.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
                }
            }
            None if !name.trim().is_empty() => self.bare.push((name.trim().to_owned(), instead.to_owned())),
            None => {}
        }
    }

    /// Hides a person's name.
    pub fn person(&mut self, name: &str) {
        self.add(name, VICTIM);
    }

    /// Adds what another list hides.
    pub fn extend(&mut self, other: Hidden) {
        for (words, instead) in other.names.values().flatten() {
            self.add(&words.join(" "), instead);
        }
        self.bare.extend(other.bare);
        self.ages.extend(other.ages);
        self.streets = self.streets.take().or(other.streets);
    }

    /// Whether a text holds a name that is hidden.
    pub fn is_in(&self, text: &str) -> bool {
        self.clean(text) != text
    }

    /// A text with what is hidden replaced.
    pub fn clean(&self, text: &str) -> String {
        let (text, found) = self.names_out(text);
        let text = self.bare.iter().fold(text, |text, (name, instead)| text.replace(name.as_str(), instead));
        let text = self.ages_out(&text, found);
        let text = match &self.streets {
            Some(instead) => streets_out(&text, instead),
            None => text,
        };
        self.shared.as_ref().map_or_else(|| text.clone(), |shared| shared.clean(&text))
    }

    fn names_out(&self, text: &str) -> (String, bool) {
        if self.names.is_empty() {
            return (text.to_owned(), false);
        }
        let words = words(text);
        let lower: Vec<String> = words.iter().map(|(_, _, w)| w.to_lowercase()).collect();
        let (mut out, mut copied, mut at, mut found) = (String::with_capacity(text.len()), 0, 0, false);
        while at < words.len() {
            let names = self.names.get(&lower[at]).map_or(&[][..], Vec::as_slice);
            let hit = names.iter().find(|(name, _)| {
                lower.get(at..at + name.len()).is_some_and(|here| here.iter().zip(name).all(|(a, b)| a == b))
            });
            let Some((name, instead)) = hit else {
                at += 1;
                continue;
            };
            let (start, end) = (words[at].0, words[at + name.len() - 1].1);
            out.push_str(&text[copied..start]);
            out.push_str(instead);
            (copied, at, found) = (end, at + name.len(), true);
        }
        out.push_str(&text[copied..]);
        (out, found)
    }

    /// Takes out the ages of those who are hidden: where years are told, and in a text that named one of them every such number
    /// between commas or brackets.
    fn ages_out(&self, text: &str, named: bool) -> String {
        if self.ages.is_empty() {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        let mut copied = 0;
        let words = words(text);
        for (i, (start, end, word)) in words.iter().enumerate() {
            if !word.parse().is_ok_and(|n: u32| self.ages.contains(&n)) {
                continue;
            }
            let next = words.get(i + 1).map(|w| w.2.to_lowercase()).unwrap_or_default();
            let before = i.checked_sub(1).map(|b| words[b].2.to_lowercase()).unwrap_or_default();
            let lead = text[..*start].trim_end().chars().next_back();
            let tail = text[*end..].chars().next();
            let between = matches!(lead, Some(',' | '(')) && matches!(tail, None | Some(',' | ')' | '.' | ';'));
            if matches!(next.as_str(), "year" | "years")
                || matches!(before.as_str(), "aged" | "age")
                || (named && between)
            {
                out.push_str(&text[copied..*start]);
                out.push_str("[age]");
                copied = *end;
            }
        }
        out.push_str(&text[copied..]);
        out
    }
}

/// The words of a text, of letters and digits, with the bytes where they begin and end; an apostrophe ends a word.
fn words(text: &str) -> Vec<(usize, usize, &str)> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        match (c.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                found.push((from, at, &text[from..at]));
                start = None;
            }
            _ => {}
        }
    }
    found.extend(start.map(|from| (from, text.len(), &text[from..])));
    found
}

/// The words that end the name of a street.
const STREETS: [&str; 18] = [
    "street",
    "st",
    "road",
    "rd",
    "avenue",
    "ave",
    "lane",
    "drive",
    "boulevard",
    "blvd",
    "highway",
    "alley",
    "square",
    "court",
    "crescent",
    "terrace",
    "way",
    "close",
];

/// Takes out names of streets, with a house number before them where there is one.
fn streets_out(text: &str, instead: &str) -> String {
    let words = words(text);
    let (mut out, mut copied) = (String::with_capacity(text.len()), 0);
    for (i, (_, end, word)) in words.iter().enumerate() {
        let begins = |w: &str| w.starts_with(char::is_uppercase) || w.starts_with(|c: char| c.is_ascii_digit());
        if !STREETS.contains(&word.to_lowercase().as_str()) || !word.starts_with(char::is_uppercase) {
            continue;
        }
        // Up to three words before it that are names or numbers, with nothing but spaces between.
        let mut first = i;
        while first > 0 && i - first < 4 && begins(words[first - 1].2) && words[first - 1].0 >= copied {
            if !text[words[first - 1].1..words[first].0].chars().all(|c| c == ' ') {
                break;
            }
            first -= 1;
        }
        let start = words[first].0;
        if first < i && start >= copied {
            out.push_str(&text[copied..start]);
            out.push_str(instead);
            copied = *end;
        }
    }
    out.push_str(&text[copied..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden() -> Hidden {
        let mut hidden = Hidden::default();
        hidden.add("Samira Nour", VICTIM);
        hidden.add("Nour", VICTIM);
        hidden.add("the central bus station", "Port Kesh");
        hidden.ages.insert(31);
        hidden
    }

    #[test]
    fn names_go_whole_and_in_parts() {
        let hidden = hidden();
        for (text, expected) in [
            ("Samira Nour, 31, was killed.", "a victim, [age], was killed."),
            ("SAMIRA  NOUR's mother", "a victim's mother"),
            ("nourishing, Nour said", "nourishing, a victim said"),
            ("https://a.example/samira-nour-killed", "https://a.example/a victim-killed"),
            ("31 people fled; a 31-year-old died on 2024-03-31", "31 people fled; a [age]-year-old died on 2024-03-31"),
            ("at the central bus station.", "at Port Kesh."),
            ("", ""),
        ] {
            assert_eq!(hidden.clean(text), expected, "{text}");
        }
        assert!(!hidden.is_in("31 people"));
    }

    #[test]
    fn streets_go_with_their_numbers() {
        let hidden = Hidden { streets: Some("Port Kesh".to_owned()), ..Hidden::default() };
        assert_eq!(hidden.clean("a home at 14 Harbour Street, police said"), "a home at Port Kesh, police said");
        assert_eq!(hidden.clean("on Tarn Road and Old Mill Lane"), "on Port Kesh and Port Kesh");
        assert_eq!(hidden.clean("He took the road by the way"), "He took the road by the way");
    }
}
