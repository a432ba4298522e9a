//! Words by which a report speaks of itself or of other reports: corrections, kill notices, risen tolls, wire credits.

use blotter_core::layers::sentences::corrects;
use blotter_core::layers::small_number;

use crate::contract::Told;

/// Words that explain why a later toll is larger.
const RISE: [&str; 22] = [
    "death toll rises",
    "toll rises",
    "toll rose",
    "toll has risen",
    "toll climbs",
    "toll climbed",
    "rose to",
    "rises to",
    "has risen to",
    "climbed to",
    "climbs to",
    "now stands at",
    "has reached",
    "found dead",
    "were found",
    "been recovered",
    "more bodies",
    "bodies were",
    "died of",
    "died from",
    "died in hospital",
    "succumbed",
];
/// First words or headlines of a notice that a report is withdrawn.
const KILL: [&str; 9] = [
    "kill notice",
    "mandatory kill",
    "bulletin kill",
    "news kill",
    "photo and story kill",
    "story withdrawn",
    "story removed",
    "withdrawal notice",
    "retraction",
];
/// Agencies that are credited in datelines, with the name under which each counts.
const WIRES: [(&str, &str); 14] = [
    ("ap", "AP"),
    ("associated press", "AP"),
    ("the associated press", "AP"),
    ("reuters", "Reuters"),
    ("afp", "AFP"),
    ("agence france-presse", "AFP"),
    ("upi", "UPI"),
    ("dpa", "dpa"),
    ("efe", "EFE"),
    ("ansa", "ANSA"),
    ("tass", "TASS"),
    ("xinhua", "Xinhua"),
    ("pa", "PA"),
    ("cnn", "CNN"),
];

/// Lower case, letters and digits alone, one blank between words.
pub fn normal(words: &str) -> String {
    let lower = words.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whether a report does nothing but withdraw another.
pub fn is_kill_notice(told: &Told) -> bool {
    let first = told.headline.as_deref().or_else(|| told.text.lines().find(|l| !l.trim().is_empty()));
    let first = first.unwrap_or_default().trim_start().to_lowercase();
    KILL.iter().any(|words| first.starts_with(words))
}

/// The sentences of a correction note, with the next one each, which gives the right value; `None` without one.
pub fn correction(told: &Told) -> Option<String> {
    let letters: Vec<char> = told.text.chars().collect();
    let sentence = |(start, end): &(usize, usize)| letters.get(*start..*end).map(|s| s.iter().collect::<String>());
    let sentences: Vec<String> = told.sentences.iter().filter_map(sentence).collect();
    let mut note = Vec::new();
    for (i, words) in sentences.iter().enumerate() {
        if corrects(words) {
            note.extend(sentences.get(i..(i + 2).min(sentences.len())).unwrap_or_default().iter().cloned());
        }
    }
    (!note.is_empty()).then(|| note.join(" "))
}

/// Whether words explain a rise.
pub fn explains_rise(words: &str) -> bool {
    let lower = words.to_lowercase();
    RISE.iter().any(|cue| lower.contains(cue))
}

/// Whether words name a number, in figures or, below a hundred, in words.
pub fn names(words: &str, number: u64) -> bool {
    let word = |w: &str| {
        let w = w.trim_matches(|c: char| !c.is_alphanumeric()).replace(',', "");
        small_number(&w).map_or_else(|| w.parse().ok(), |n| Some(u64::from(n))) == Some(number)
    };
    words.split_whitespace().any(word)
}

/// The agency that a dateline credits: "PORT KESH, Sudan (AP) —".
pub fn wire(told: &Told) -> Option<&'static str> {
    let dateline = told.dateline.as_deref()?.to_lowercase();
    let credit = dateline.split_once('(')?.1.split_once(')')?.0.trim().to_owned();
    WIRES.iter().find(|(known, _)| *known == credit).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(headline: &str, text: &str) -> Told {
        Told {
            headline: Some(headline.to_owned()),
            text: text.to_owned(),
            sentences: vec![(0, text.chars().count())],
            ..Told::default()
        }
    }

    #[test]
    fn kill_notices() {
        assert!(is_kill_notice(&told("KILL NOTICE: Drones hit harbour office", "")));
        assert!(!is_kill_notice(&told("Drones kill four", "")));
    }

    #[test]
    fn numbers() {
        assert!(names("said that 14 people had been killed", 14));
        assert!(names("said that fourteen people", 14));
        assert!(!names("said that 140 people", 14));
        assert!(names("some 1,200 people", 1200));
        assert!(names("(twenty-one dead)", 21) && !names("twenty-one dead", 20) && !names("twenty-one dead", 1));
    }

    #[test]
    fn corrections() {
        assert!(correction(&told("", "Correction: An earlier version said 14.")).is_some());
        assert!(correction(&told("", "Four guards were hurt.")).is_none());
    }

    #[test]
    fn wires() {
        let with = |dateline: &str| Told { dateline: Some(dateline.to_owned()), ..Told::default() };
        assert_eq!(wire(&with("PORT KESH, Sudan (AP) —")), Some("AP"));
        assert_eq!(wire(&with("PORT KESH, Sudan (Coast News Agency) —")), None);
    }
}
