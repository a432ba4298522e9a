//! Names that the report itself places: the dateline ("PORT KESH, Sudan (Agency) —") and "Kesh, Sudan" in its text.
//! Such a name is one place wherever it stands, even where no gazetteer has it, and never a namesake in another country.

use std::collections::BTreeMap;

use super::detect::{Case, Detector, Hit, Mention, Sort};
use super::gazetteer::Kind;
use super::tokens::Gap;
use crate::text::{Report, Span};

/// Stated names longer than this many words are no names.
const LONGEST: usize = 3;

/// A name that the report places.
struct Stated {
    /// Its words from the first to the last.
    words: (usize, usize),
    /// The mention of the larger place behind it, by its span.
    larger: Option<Span>,
    rule: &'static str,
}

/// The mentions with the stated names as wholes, and for each stated name the span of the larger place behind it.
pub fn apply(
    detector: &Detector<'_>,
    report: &Report,
    mut mentions: Vec<Mention>,
) -> (Vec<Mention>, BTreeMap<String, Span>) {
    let mut larger = BTreeMap::new();
    for stated in dateline(detector, report, &mentions).into_iter().chain(in_text(detector, &mentions)) {
        let (first, last) = stated.words;
        let key = detector.key(first, last);
        let countries = stated.larger.map(|span| countries(detector, &mentions, span)).unwrap_or_default();
        let hits = inside(detector, &key, &countries);
        let known = mentions.iter().any(|m| m.key == key);
        // What is known as a whole stays as it is, unless all that it may mean is elsewhere.
        if known && !hits.is_empty() || larger.contains_key(&key) {
            continue;
        }
        if let Some(span) = stated.larger {
            larger.insert(key.clone(), span);
        }
        name_everywhere(detector, &mut mentions, &stated, &key, &hits);
    }
    mentions.sort_by_key(|m| m.span.start);
    (mentions, larger)
}

/// The dateline's first part, and the country or division behind it.
fn dateline(detector: &Detector<'_>, report: &Report, mentions: &[Mention]) -> Option<Stated> {
    let dateline = report.dateline?;
    let words = detector.words;
    let first = words.iter().position(|w| dateline.start <= w.start && w.end <= dateline.end)?;
    let last = run(detector, first)?;
    if words[last].end > dateline.end {
        return None;
    }
    let larger = behind(detector, mentions, last).map(|m| m.span).filter(|s| dateline.contains(*s));
    Some(Stated { words: (first, last), larger, rule: "dateline" })
}

/// "in Kesh, Sudan": a run of capitals after a preposition, with a country or a division behind a comma.
fn in_text(detector: &Detector<'_>, mentions: &[Mention]) -> Vec<Stated> {
    if detector.case != Case::Normal {
        return Vec::new();
    }
    let words = detector.words;
    let starts = (1..words.len()).filter(|n| {
        let placed = words[*n].capital() && words[*n].gap == Gap::Space && !words[n - 1].capital();
        placed && (detector.atlas.is("inside", &words[n - 1].key) || words[n - 1].key == "at")
    });
    starts
        .filter_map(|first| {
            let last = run(detector, first)?;
            let larger = behind(detector, mentions, last)?;
            // "in Kesh, Sudan and Chad" is a list.
            let list = words.get(larger.last + 1).is_some_and(|next| {
                matches!(next.key.as_str(), "and" | "or" | "&") || next.gap == Gap::Comma && next.capital()
            });
            let settled = mentions.iter().filter(|m| m.first <= last && first <= m.last).all(|m| {
                m.sort == Sort::Unknown || m.sort == Sort::Name && !m.hits.iter().any(|hit| large(detector, *hit))
            });
            let plain = (first..=last).any(|n| {
                ["title", "institution", "division", "street"].iter().any(|s| detector.atlas.is(s, &words[n].key))
                    || detector.people.has(&words[n].key)
            });
            (!list && settled && !plain).then_some(Stated {
                words: (first, last),
                larger: Some(larger.span),
                rule: "stated with its country",
            })
        })
        .collect()
}

/// The last word of the run of capitals that begins at `first`; `None` where it is too long for a name.
fn run(detector: &Detector<'_>, first: usize) -> Option<usize> {
    let words = detector.words;
    if !words.get(first)?.capital() {
        return None;
    }
    let joined = words[first + 1..]
        .iter()
        .take_while(|w| w.capital() && matches!(w.gap, Gap::Space | Gap::Hyphen | Gap::Dot))
        .count();
    (joined < LONGEST && !words[first..=first + joined].iter().any(|w| w.possessive)).then_some(first + joined)
}

/// The country or first-order division whose name follows the word, behind a comma.
fn behind<'m>(detector: &Detector<'_>, mentions: &'m [Mention], last: usize) -> Option<&'m Mention> {
    let next = detector.words.get(last + 1).filter(|w| w.gap == Gap::Comma)?;
    let larger = mentions.iter().find(|m| m.first == last + 1 && m.span.start <= next.start)?;
    let sort = matches!(larger.sort, Sort::Name | Sort::Abbreviation | Sort::Division);
    (sort && larger.hits.iter().any(|hit| !hit.alternate && large(detector, *hit))).then_some(larger)
}

fn large(detector: &Detector<'_>, hit: Hit) -> bool {
    detector.atlas.place(hit.place).is_some_and(|p| matches!(p.kind, Kind::Country | Kind::Admin1))
}

/// The countries that the larger place may be or lie in.
fn countries(detector: &Detector<'_>, mentions: &[Mention], span: Span) -> Vec<u32> {
    let larger = mentions.iter().filter(|m| m.span == span).flat_map(|m| &m.hits).filter(|h| large(detector, **h));
    larger.filter_map(|hit| detector.atlas.place(hit.place)?.country).collect()
}

/// What the name may mean in those countries; anywhere where none is said.
fn inside(detector: &Detector<'_>, key: &str, countries: &[u32]) -> Vec<Hit> {
    let mut hits = detector.hits(key);
    hits.retain(|hit| {
        let country = detector.atlas.place(hit.place).and_then(|p| p.country);
        countries.is_empty() || country.is_some_and(|c| countries.contains(&c))
    });
    hits
}

/// Puts one mention of the name where its words stand, in place of those of its parts.
fn name_everywhere(detector: &Detector<'_>, mentions: &mut Vec<Mention>, stated: &Stated, key: &str, hits: &[Hit]) {
    let words = detector.words;
    let length = stated.words.1 - stated.words.0 + 1;
    for first in 0..(words.len() + 1).saturating_sub(length) {
        let last = first + length - 1;
        let joined = words[first + 1..=last].iter().all(|w| matches!(w.gap, Gap::Space | Gap::Hyphen | Gap::Dot));
        if !joined || !words[first].capital() || detector.key(first, last) != key {
            continue;
        }
        let touching = |m: &Mention| m.first <= last && first <= m.last;
        let wider = |m: &Mention| touching(m) && (m.first < first || m.last > last);
        let own = (first, last) == stated.words;
        // A single word is a person or a part of another name as often: only where a place was seen.
        let seen = length > 1 || own || mentions.iter().any(&touching);
        if !seen || mentions.iter().any(wider) {
            continue;
        }
        mentions.retain(|m| !touching(m));
        mentions.push(Mention {
            span: Span::new(words[first].start, words[last].end),
            first,
            last,
            key: key.to_owned(),
            hits: hits.to_vec(),
            sort: Sort::Unknown,
            score: 3.0,
            rule: stated.rule,
        });
    }
}
