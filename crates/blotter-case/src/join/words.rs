//! How rare words are, and the vector of a text: the words that set it apart.

use std::collections::HashMap;
use std::sync::OnceLock;

/// Written by `training/word_counts.py`.
const COUNTS: &str = include_str!("../../data/words.tsv");
/// A word in more than this share of all reports tells two reports apart no more.
const COMMON: f64 = 0.1;
/// A word that was not counted counts as if it stood in so many reports: fewer than the least counted (4).
const UNCOUNTED: f64 = 2.0;
/// A vector has so many words at most: the weightiest. A report of 300 words has some 130 that are not common.
const LONGEST: usize = 120;

struct Counts {
    reports: f64,
    of: HashMap<&'static str, f64>,
}

fn counts() -> &'static Counts {
    static COUNTED: OnceLock<Counts> = OnceLock::new();
    COUNTED.get_or_init(|| {
        let rows = COUNTS.lines().filter_map(|l| l.trim_start_matches("# ").split_once('\t'));
        let mut of: HashMap<&str, f64> = rows.filter_map(|(w, n)| Some((w, n.parse().ok()?))).collect();
        let reports = of.remove("reports").unwrap_or(1.0);
        Counts { reports, of }
    })
}

/// In how many of the counted reports the word stands.
fn spread(word: &str) -> f64 {
    counts().of.get(word).copied().unwrap_or(UNCOUNTED)
}

/// Whether the word is one of those that stand in hardly any report.
pub fn is_rare(word: &str) -> bool {
    spread(word) <= 8.0
}

/// The lower-case words of three letters or more of a text, in order.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    let lower = text.to_lowercase();
    let words: Vec<String> =
        lower.split(|c: char| !c.is_ascii_lowercase()).filter(|w| w.len() >= 3).map(str::to_owned).collect();
    words.into_iter()
}

/// The whole numbers of two figures or more that stand in a text in figures ("1,200", "23"), each once, in order; none that is
/// part of a word or of a fraction.
pub fn figures(text: &str) -> Vec<u32> {
    let words = text.split(|c: char| c.is_whitespace() || "-–—/()[]\"“”$£€".contains(c));
    let trimmed = words.map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()).trim_end_matches("'s"));
    let mut found: Vec<u32> = trimmed
        .filter(|w| w.len() >= 2 && w.chars().all(|c| c.is_ascii_digit() || c == ','))
        .filter_map(|w| w.replace(',', "").parse().ok())
        .filter(|n| *n >= 10)
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The words of a text with their weights (1 + ln of the count times ln of the inverse share of reports), the weightiest
/// first, of length 1. The shares come from a fixed table, so that the weight of a word, and with it the likeness of two
/// reports, does not depend on what else a case file holds.
pub fn vector(text: &str) -> Vec<(String, f32)> {
    let mut counted: HashMap<String, f64> = HashMap::new();
    for word in words(text) {
        *counted.entry(word).or_default() += 1.0;
    }
    let all = counts().reports;
    let mut vector: Vec<(String, f64)> = counted
        .into_iter()
        .filter(|(word, _)| spread(word) <= COMMON * all)
        .map(|(word, n)| {
            let weight = (1.0 + n.ln()) * (all / spread(&word)).ln();
            (word, weight)
        })
        .collect();
    // Words of one weight by their hashes: by the alphabet, all reports would be filed under the words that begin with a.
    vector.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| mark(&a.0).cmp(&mark(&b.0))).then_with(|| a.0.cmp(&b.0)));
    vector.truncate(LONGEST);
    let length = vector.iter().map(|(_, w)| w * w).sum::<f64>().sqrt().max(1e-9);
    vector.into_iter().map(|(word, w)| (word, (w / length * 1e4).round() as f32 / 1e4)).collect()
}

/// FNV-1a of a word.
fn mark(word: &str) -> u64 {
    word.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

/// The cosine of two vectors, and the rare words that both have, the weightiest first.
pub fn likeness<'a>(a: &'a [(String, f32)], b: &[(String, f32)]) -> (f64, Vec<&'a str>) {
    let of_b: HashMap<&str, f32> = b.iter().map(|(w, x)| (w.as_str(), *x)).collect();
    let mut cosine = 0.0;
    let mut rare = Vec::new();
    for (word, x) in a {
        if let Some(y) = of_b.get(word.as_str()) {
            cosine += f64::from(*x) * f64::from(*y);
            if is_rare(word) {
                rare.push(word.as_str());
            }
        }
    }
    (cosine.min(1.0), rare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_like_itself_and_unlike_another() {
        let a = vector("The ferry Halcyon capsized off Zembra; the coastguard rescued forty passengers.");
        let b = vector("Coastguard boats rescued passengers when the Halcyon capsized.");
        let c = vector("The council approved a budget for the library.");
        assert!((likeness(&a, &a).0 - 1.0).abs() < 1e-3);
        assert!(likeness(&a, &b).0 > 0.3);
        assert!(likeness(&a, &c).0 < 0.05);
        assert!(likeness(&a, &b).1.contains(&"halcyon"));
    }

    #[test]
    fn figures_are_whole_numbers() {
        assert_eq!(
            figures("23 pirates of 1,200 on 12-13 May 2008; B52s, 3.5 and $40 (a 24-year-old's)"),
            [12, 13, 23, 24, 40, 1200, 2008]
        );
    }

    #[test]
    fn common_words_weigh_nothing() {
        assert!(vector("police said the man who was there").iter().all(|(w, _)| w != "said" && w != "police"));
    }
}
