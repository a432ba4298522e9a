//! The cases of `data/places/cases.txt`, and what no text may do.

use super::{Place, Places};
use crate::encode::Scores;
use crate::layers::{Input, sentences};
use crate::text::Report;

static GAZETTEER: &[u8] = include_bytes!("../../../../../data/gazetteer.bin");
const CASES: &str = include_str!("../../../data/places/cases.txt");

fn read(places: &Places, text: &str) -> Vec<Place> {
    let report = Report { text: text.to_owned(), ..Report::default() };
    let sentences = sentences::read(&report);
    places.read(Input { report: &report, scores: &Scores::default(), sentences: &sentences })
}

/// The text without marks, and the marked words with what they mean.
fn unmarked(case: &str) -> (String, Vec<(String, String)>) {
    let (mut text, mut wanted) = (String::new(), Vec::new());
    for (n, piece) in case.split('[').enumerate() {
        let marked = piece.split_once(']').filter(|_| n > 0);
        let (mark, rest) = marked.unwrap_or(("", piece));
        if let Some((words, meaning)) = mark.split_once('=') {
            text.push_str(words);
            wanted.push((words.to_owned(), meaning.to_owned()));
        }
        text.push_str(rest);
    }
    (text, wanted)
}

fn meaning(place: &Place, wanted: &str) -> String {
    match &place.chosen {
        None => "?".to_owned(),
        Some(c) if wanted.contains('.') => format!("{}.{}", c.country, c.admin1.as_deref().unwrap_or("")),
        Some(c) => c.country.clone(),
    }
}

#[test]
fn cases() {
    let places = Places::load(GAZETTEER).expect("gazetteer");
    let mut wrong = Vec::new();
    for case in CASES.lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
        let (text, wanted) = unmarked(case);
        let found: Vec<(String, String)> = read(&places, &text)
            .iter()
            .map(|p| {
                let words = p.span.of(&text).to_owned();
                let expected = wanted.iter().find(|(w, _)| *w == words).map_or("", |(_, m)| m.as_str());
                let meaning = meaning(p, expected);
                (words, meaning)
            })
            .collect();
        if found != wanted {
            wrong.push(format!("{case}\n    found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn any_text_is_read_without_a_panic() {
    let places = Places::load(GAZETTEER).expect("gazetteer");
    for text in [
        "",
        " ",
        "'s",
        "U.",
        "U.S",
        "U.S.'s",
        "’s ’S",
        "İstanbul",
        "ß St. Mt. Ft.",
        "A-B/C—D",
        "Ｆｕｌｌ Width",
        "🙂 Paris🙂",
    ] {
        for repeat in [1, 3, 40] {
            let text = text.repeat(repeat);
            for place in read(&places, &text) {
                assert!(text.is_char_boundary(place.span.start) && text.is_char_boundary(place.span.end));
            }
        }
    }
}

#[test]
fn without_a_gazetteer_no_settlement_is_found() {
    let places = Places::load(&[]).expect("lists");
    assert!(read(&places, "A man was shot in Dallas, Texas.").is_empty());
}

#[test]
fn a_damaged_gazetteer_is_refused() {
    assert!(Places::load(&GAZETTEER[..1000]).is_err());
    assert!(Places::load(b"something else").is_err());
}

#[test]
fn larger_places_are_named() {
    let places = Places::load(GAZETTEER).expect("gazetteer");
    let found = read(&places, "A man was shot in Dallas, Texas.");
    let dallas = found[0].chosen.as_ref().expect("Dallas is known");
    assert_eq!(places.containing(dallas), ["Dallas County", "Texas", "United States"]);
    assert_eq!(found[0].within, [1]);
    assert_eq!(places.country_name("SD"), Some("Sudan"));
    let (nearest, distance) = places.nearest_settlement(32.79, -96.80).expect("a settlement");
    assert_eq!(nearest.country, "US");
    assert!(distance < 10.0);
}
