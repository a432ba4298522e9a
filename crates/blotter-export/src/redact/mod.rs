//! Records without what may not be handed out. It is done once, on the record and the reports beside it, before any format
//! sees them: a format cannot forget it.
//!
//! **Victims**: people under `victim` and `target`. Their names (also parts of them, and other names that a report has for them)
//! become "a victim" wherever they stand, their ages go. **Addresses**: a place finer than a settlement becomes the settlement, with
//! the settlement's point where the record knows it and none where it does not; names of streets go from every text. Texts of
//! reports, and addresses or ids of reports that hold a hidden name, are left out. The places of a changed quote in its text are
//! left out, too.

pub mod words;

use std::sync::Arc;

use blotter_case::record::{Entry, Record, Said};
use blotter_case::{Field, ReportHead, derive};
use blotter_core::facts::{PlacePrecision, Value, Where};
use blotter_core::layers::entities::EntityKind;
use serde_json::{Value as Json, json};

pub use words::Hidden;
use words::VICTIM;

use crate::policy::{Policy, Redaction};

/// What stands for several people.
const VICTIMS: &str = "victims";

/// What stands for a place of which no settlement is known.
const PLACE: &str = "an undisclosed place";

/// What a record makes known of people and places that are to be hidden. `known`: the names that reports have for someone.
pub fn hidden(record: &Record, policy: &Policy, known: &mut dyn FnMut(&Said) -> Vec<Json>) -> Hidden {
    let mut hidden = Hidden::default();
    if policy.hides(Redaction::Victims) {
        let places = place_words(record);
        for entry in record.of(Field::Victim).iter().chain(record.of(Field::Target)) {
            let Value::Party(party) = &entry.value else { continue };
            if party.kind != EntityKind::Person {
                continue;
            }
            hidden.ages.extend(party.age);
            person(&mut hidden, &party.name, &places);
            for entity in entry.said.iter().flat_map(&mut *known) {
                let names = std::iter::once(&entity["name"]).chain(
                    entity["mentions"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .filter(|m| m["form"] == "name")
                        .map(|m| &m["quote"]),
                );
                let names: Vec<&str> = names.filter_map(Json::as_str).collect();
                if entity["kind"] == "person" && names.iter().any(|n| same_person(n, &party.name)) {
                    names.into_iter().for_each(|name| person(&mut hidden, name, &places));
                }
            }
        }
    }
    if policy.hides(Redaction::Addresses) {
        let settlement = settlement(record);
        let instead = settlement.as_deref().unwrap_or(PLACE).to_owned();
        for entry in record.of(Field::Where) {
            let Value::Where(place) = &entry.value else { continue };
            if place.precision == PlacePrecision::Site {
                let own = place.settlement.clone().unwrap_or_else(|| instead.clone());
                let bare = bare(&place.name);
                if !same(bare, &own) {
                    hidden.add(bare, &own);
                }
                // "bus station" of "the central bus station": as reports go on to call it.
                let words: Vec<&str> = bare.split_whitespace().collect();
                if let [_, .., last_but_one, last] = words[..] {
                    hidden.add(&format!("{last_but_one} {last}"), &own);
                }
                // What lies between the site and its settlement: a quarter, a street.
                let until = place.within.iter().position(|w| place.settlement.as_ref().is_some_and(|s| same(w, s)));
                place.within.iter().take(until.unwrap_or(0)).for_each(|within| hidden.add(within, &own));
            }
        }
        for site in sites(record) {
            hidden.add(bare(&site), &instead);
        }
        hidden.streets = Some(instead);
    }
    hidden
}

/// The names that are hidden in every incident, since a report may tell of several: whole names, not their parts.
pub fn everywhere(record: &Record) -> Vec<String> {
    let people = record.of(Field::Victim).iter().chain(record.of(Field::Target));
    let names = people.filter_map(|entry| match &entry.value {
        Value::Party(p) if p.kind == EntityKind::Person && proper(&p.name).len() > 1 => Some(p.name.clone()),
        _ => None,
    });
    names.collect()
}

/// Hides a person's name and those of its words that are names.
fn person(hidden: &mut Hidden, name: &str, places: &[String]) {
    let proper = proper(name);
    if proper.is_empty() {
        // Of marks or signs alone, or a description ("a baker"), which names nobody.
        if name.chars().any(|c| !c.is_alphanumeric() && !c.is_whitespace() && !"'’-,.".contains(c)) {
            hidden.add(name, VICTIM);
        }
        return;
    }
    hidden.add(name, VICTIM);
    for word in proper {
        if !places.iter().any(|place| same(place, word)) {
            hidden.add(word, VICTIM);
        }
    }
}

/// The words of a name that are a person's own: with a capital, no title, number or article.
fn proper(name: &str) -> Vec<&str> {
    const COMMON: [&str; 44] = [
        "the",
        "a",
        "an",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "dozens",
        "several",
        "many",
        "some",
        "mr",
        "mrs",
        "ms",
        "dr",
        "sir",
        "president",
        "governor",
        "minister",
        "mayor",
        "captain",
        "colonel",
        "general",
        "sergeant",
        "officer",
        "judge",
        "professor",
        "father",
        "sheikh",
        "king",
        "queen",
        "man",
        "woman",
        "his",
        "her",
        "their",
    ];
    let words = name.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|w| w.chars().count() > 1);
    words.filter(|w| w.starts_with(char::is_uppercase) && !COMMON.contains(&w.to_lowercase().as_str())).collect()
}

fn same_person(a: &str, b: &str) -> bool {
    let (a, b) = (proper(a), proper(b));
    a.iter().any(|x| b.iter().any(|y| same(x, y)))
}

fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

fn bare(name: &str) -> &str {
    ["the ", "The ", "THE ", "a ", "an "].iter().find_map(|article| name.strip_prefix(article)).unwrap_or(name)
}

fn place_words(record: &Record) -> Vec<String> {
    let places = record.of(Field::Where).iter().filter_map(|e| match &e.value {
        Value::Where(place) if place.precision != PlacePrecision::Site => Some(&place.name),
        _ => None,
    });
    places.flat_map(|name| name.split_whitespace()).map(str::to_owned).collect()
}

/// The settlement of the best place.
fn settlement(record: &Record) -> Option<String> {
    let places = record.of(Field::Where).iter().filter_map(|e| match &e.value {
        Value::Where(place) => Some(place),
        _ => None,
    });
    let name = |place: &Where| match place.precision {
        PlacePrecision::Settlement => Some(place.name.clone()),
        _ => place.settlement.clone(),
    };
    places.filter_map(|place| name(place)).next()
}

/// Facilities and grounds that are named in other fields and end in the same word as a site of the record.
fn sites(record: &Record) -> Vec<String> {
    let last = |name: &str| name.split_whitespace().next_back().map(str::to_lowercase);
    let ends: Vec<String> = record
        .of(Field::Where)
        .iter()
        .filter_map(|e| match &e.value {
            Value::Where(place) if place.precision == PlacePrecision::Site => last(&place.name),
            _ => None,
        })
        .collect();
    let named = record.fields.iter().flat_map(|(_, entries)| entries).filter_map(|e| match &e.value {
        Value::Party(p) if matches!(p.kind, EntityKind::Facility | EntityKind::Place) => Some(&p.name),
        Value::Damage { name, .. } => Some(name),
        _ => None,
    });
    named.filter(|name| last(name).is_some_and(|word| ends.contains(&word))).cloned().collect()
}

/// A record without what is hidden.
pub fn record(record: &mut Record, hidden: &Hidden, policy: &Policy) {
    let points: Vec<Where> = record
        .of(Field::Where)
        .iter()
        .filter_map(|e| match &e.value {
            Value::Where(place) if place.precision == PlacePrecision::Settlement => Some((**place).clone()),
            _ => None,
        })
        .collect();
    for (field, entries) in &mut record.fields {
        for entry in entries.iter_mut() {
            let people = matches!(field, Field::Victim | Field::Target) && policy.hides(Redaction::Victims);
            if people {
                victim(entry);
            }
            if policy.hides(Redaction::Addresses) {
                coarse(entry, &points);
            }
            // What is left is cleaned as text, in the value and in its JSON alike.
            let mut raw = (*entry.raw).clone();
            clean_json(&mut raw, hidden);
            value(&mut entry.value, hidden);
            entry.raw = Arc::new(raw);
            for decided in entry.pinned.iter_mut().chain(&mut entry.rejected) {
                decided.why = hidden.clean(&decided.why);
            }
            if let Some(by) = &mut entry.superseded_by {
                by.report = name(&by.report, hidden);
            }
            entry.said.iter_mut().for_each(|s| said(s, hidden));
        }
    }
    for disagreement in &mut record.disagreements {
        disagreement.note = hidden.clean(&disagreement.note);
    }
    for line in &mut record.reports {
        line.origin = if line.origin == line.id { name(&line.origin, hidden) } else { cleaned(&line.origin, hidden) };
        line.id = name(&line.id, hidden);
        line.headline = line.headline.as_ref().map(|h| cleaned(h, hidden));
        line.retracted = line.retracted.as_ref().map(|r| cleaned(r, hidden));
    }
    for comment in &mut record.comments {
        comment.text = hidden.clean(&comment.text);
    }
    if let Some(marking) = &mut record.tlp {
        marking.decided.why = hidden.clean(&marking.decided.why);
    }
    record.summary = hidden.clean(&derive::sentence(record));
}

/// "a victim", of no age.
fn victim(entry: &mut Entry) {
    let Value::Party(party) = &mut entry.value else { return };
    if party.kind != EntityKind::Person
        || proper(&party.name).is_empty() && !party.name.contains(|c: char| c.is_ascii_punctuation())
    {
        party.age = None;
    } else {
        let several = party.number.is_some_and(|n| n.min.or(n.best).or(n.max).is_none_or(|n| n > 1));
        (if several { VICTIMS } else { VICTIM }).clone_into(&mut party.name);
        party.age = None;
    }
    let mut raw = (*entry.raw).clone();
    (raw["name"], raw["age"], raw["entity"]) = (json!(party.name), Json::Null, Json::Null);
    entry.raw = Arc::new(raw);
}

/// A site becomes its settlement, at the settlement's point where another value of the record has it.
fn coarse(entry: &mut Entry, points: &[Where]) {
    let Value::Where(place) = &mut entry.value else { return };
    if place.precision != PlacePrecision::Site {
        return;
    }
    let settlement = place.settlement.clone();
    let known = settlement.as_ref().and_then(|s| points.iter().find(|p| same(&p.name, s)));
    let from = place.within.iter().position(|w| settlement.as_ref().is_some_and(|s| same(w, s)));
    let within = from.map(|at| place.within[at + 1..].to_vec()).unwrap_or_default();
    **place = match known {
        Some(known) => known.clone(),
        None => Where {
            name: settlement.clone().unwrap_or_else(|| PLACE.to_owned()),
            within,
            geonames_id: None,
            lat: None,
            lon: None,
            precision: if settlement.is_some() { PlacePrecision::Settlement } else { PlacePrecision::Admin1 },
            radius_km: None,
            ..(**place).clone()
        },
    };
    let place = &**place;
    entry.raw = Arc::new(json!({
        "name": place.name, "within": place.within, "geonames_id": place.geonames_id, "lat": place.lat, "lon": place.lon,
        "country": place.country, "admin1": place.admin1, "precision": place.precision.name(), "radius_km": place.radius_km,
        "settlement": place.settlement, "inferred": place.inferred,
    }));
}

fn value(value: &mut Value, hidden: &Hidden) {
    let clean = |text: &mut String| *text = hidden.clean(text);
    match value {
        Value::Party(p) => clean(&mut p.name),
        Value::Where(place) => {
            clean(&mut place.name);
            place.within.iter_mut().for_each(clean);
        }
        Value::Weapon { name, .. } | Value::Damage { name, .. } | Value::Reaction { name, .. } => clean(name),
        Value::Toll(toll) => toll.who.iter_mut().for_each(clean),
        Value::Responsibility { party: Some((_, name)), .. } => clean(name),
        Value::Code(_) | Value::When { .. } | Value::Responsibility { party: None, .. } => {}
    }
}

fn said(said: &mut Said, hidden: &Hidden) {
    said.origin = if said.origin == said.report { name(&said.origin, hidden) } else { cleaned(&said.origin, hidden) };
    said.report = name(&said.report, hidden);
    let mut sources = (*said.sources).clone();
    sources.iter_mut().for_each(|source| clean_json(source, hidden));
    said.sources = Arc::new(sources);
    let mut evidence = (*said.evidence).clone();
    for span in &mut evidence {
        let before = span["quote"].as_str().unwrap_or_default();
        let after = hidden.clean(before);
        if after != before {
            // The length of what was there would tell of it.
            *span = json!({ "quote": after, "start": null, "end": null, "redacted": true });
        }
    }
    said.evidence = Arc::new(evidence);
}

fn clean_json(json: &mut Json, hidden: &Hidden) {
    match json {
        Json::String(text) => *text = hidden.clean(text),
        Json::Array(list) => list.iter_mut().for_each(|j| clean_json(j, hidden)),
        Json::Object(map) => map.values_mut().for_each(|j| clean_json(j, hidden)),
        _ => {}
    }
}

fn cleaned(text: &Arc<str>, hidden: &Hidden) -> Arc<str> {
    Arc::from(hidden.clean(text))
}

/// The id of a report: one that holds a hidden name, as an address may, becomes a hash of it.
pub fn name(id: &Arc<str>, hidden: &Hidden) -> Arc<str> {
    if hidden.is_in(id) {
        Arc::from(format!("report-{}", &blotter_case::sha256(id.as_bytes())[..12]))
    } else {
        Arc::clone(id)
    }
}

/// A report's head without what is hidden: no text, and none of its places.
pub fn head(head: &ReportHead, hidden: &Hidden) -> ReportHead {
    let clean = |text: &Option<String>| text.as_ref().map(|t| hidden.clean(t));
    ReportHead {
        id: name(&Arc::from(head.id.as_str()), hidden).to_string(),
        url: head.url.clone().filter(|url| !hidden.is_in(url)),
        publisher: clean(&head.publisher),
        headline: clean(&head.headline),
        byline: clean(&head.byline),
        retracted: clean(&head.retracted),
        text: String::new(),
        sentences: Vec::new(),
        entities: Vec::new(),
        ..head.clone()
    }
}
