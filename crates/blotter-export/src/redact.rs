//! Records without what may not be handed out. It is done once, on the record and the reports beside it, before any format
//! sees them: a format cannot forget it.
//!
//! Names have aliases, spellings and places in texts that nobody foresees, so nothing is searched for in texts: **a redacted record
//! holds no words of reports and no words of people's decisions.** Quotes, headlines, addresses and ids of reports, comments, reasons
//! and notes are left out, and the summary is made anew from what is left. Of the values:
//!
//! - **Victims**: people under `victim` and `target` become "a victim", of no age. Any other name that shares a word with one of theirs
//!   (a father, a source, another spelling) becomes "somebody".
//! - **Addresses**: a place finer than a settlement becomes the settlement, with the settlement's point where the record knows it and
//!   none where it does not. Facilities and places in other fields become "a site".

use std::sync::Arc;

use blotter_case::record::{Entry, Record, Said};
use blotter_case::{Change, Field, ReportHead, Step, derive, sha256};
use blotter_core::facts::{PlacePrecision, Value, Where};
use blotter_core::layers::entities::EntityKind;
use serde_json::{Value as Json, json};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::policy::{Policy, Redaction, VICTIM};

/// What stands for somebody else whose name would tell who that is.
const SOMEBODY: &str = "somebody";
/// What stands for a facility or place.
const SITE: &str = "a site";
/// What stands for a place of which no settlement is known.
const PLACE: &str = "an undisclosed place";
/// Fields whose values are numbers, days and codes.
const PLAIN: [Field; 10] = [
    Field::Type,
    Field::Stage,
    Field::When,
    Field::Killed,
    Field::Wounded,
    Field::Casualties,
    Field::Missing,
    Field::Abducted,
    Field::Arrested,
    Field::Displaced,
];

/// Words of streets: a name that has one could tell an address ("a man of Tannery Lane").
const STREETS: [&str; 11] =
    ["street", "road", "avenue", "lane", "boulevard", "highway", "alley", "square", "crescent", "terrace", "block"];

/// The words, folded, by which a record calls what is hidden: victims, sites, streets. A name that has one of them could tell.
struct Names(Vec<String>);

impl Names {
    fn of(record: &Record, policy: &Policy) -> Names {
        let mut hidden: Vec<String> = Vec::new();
        if policy.hides(Redaction::Victims) {
            let entries = record.of(Field::Victim).iter().chain(record.of(Field::Target));
            let people = entries.filter_map(|entry| match &entry.value {
                Value::Party(party) if party.kind == EntityKind::Person => Some(party.name.as_str()),
                _ => None,
            });
            hidden.extend(people.flat_map(words));
        }
        if policy.hides(Redaction::Addresses) {
            hidden.extend(STREETS.map(str::to_owned));
            let places = record.of(Field::Where).iter().filter_map(|entry| match &entry.value {
                Value::Where(place) if is_fine(place) => Some(&**place),
                _ => None,
            });
            for place in places {
                let town = place.settlement.as_deref().map(words).unwrap_or_default();
                hidden.extend(words(&place.name).into_iter().filter(|word| !town.contains(word)));
            }
        }
        Names(hidden)
    }

    /// The name, or what stands in its place.
    fn veil(&self, name: &str) -> String {
        let shared = words(name).iter().any(|word| self.0.contains(word));
        (if shared { SOMEBODY } else { name }).to_owned()
    }
}

/// The words of a name in one form, whatever its case, accents and marks: "João al-Rashid" is joao, al, rashid. Articles, numbers
/// and words of one or two letters tell of nobody.
fn words(name: &str) -> Vec<String> {
    const COMMON: [&str; 8] = ["the", "and", "for", "old", "year", "one", "two", "from"];
    let folded: String = name.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    let words = folded.split(|c: char| !c.is_alphanumeric());
    let telling = |word: &&str| {
        // One sign of a script without letters may be a whole name.
        let long = word.chars().count() > 2 || !word.is_ascii();
        !word.is_empty() && long && !COMMON.contains(word) && !word.chars().all(|c| c.is_ascii_digit())
    };
    words.filter(telling).map(str::to_owned).collect()
}

/// A record without what is hidden.
pub fn record(record: &mut Record, policy: &Policy) {
    let names = Names::of(record, policy);
    let points = settlements(record);
    for (field, entries) in &mut record.fields {
        for entry in entries.iter_mut() {
            value(*field, entry, &names, &points, policy);
            entry.pinned.iter_mut().chain(&mut entry.rejected).for_each(|decided| decided.why.clear());
            if let Some(by) = &mut entry.superseded_by {
                by.report = id(&by.report);
            }
            entry.said.iter_mut().for_each(|s| said(s, &names));
        }
    }
    for disagreement in &mut record.disagreements {
        disagreement.note = format!("reports differ about {}", disagreement.field.name());
    }
    for line in &mut record.reports {
        line.origin = outlet(&line.origin, &line.id);
        line.id = id(&line.id);
        line.headline = None;
        line.retracted = line.retracted.as_ref().map(|_| Arc::from("withdrawn"));
    }
    record.comments.clear();
    if let Some(marking) = &mut record.tlp {
        marking.decided.why.clear();
    }
    record.summary = derive::sentence(record);
}

/// The settlements that the record has with their points.
fn settlements(record: &Record) -> Vec<Where> {
    let places = record.of(Field::Where).iter().filter_map(|entry| match &entry.value {
        Value::Where(place) if !is_fine(place) && place.precision == PlacePrecision::Settlement => {
            Some((**place).clone())
        }
        _ => None,
    });
    places.collect()
}

/// Whether a place is finer than a settlement: a site, or a quarter of one.
fn is_fine(place: &Where) -> bool {
    let quarter = place.settlement.as_ref().is_some_and(|town| !town.eq_ignore_ascii_case(&place.name));
    place.precision == PlacePrecision::Site || quarter
}

/// A value without what is hidden, in itself and in its JSON alike.
fn value(field: Field, entry: &mut Entry, names: &Names, points: &[Where], policy: &Policy) {
    let (victims, addresses) = (policy.hides(Redaction::Victims), policy.hides(Redaction::Addresses));
    let mut raw = (*entry.raw).clone();
    match &mut entry.value {
        Value::Party(party) => {
            let several = party.number.is_some_and(|n| n.min.or(n.best).or(n.max).is_none_or(|n| n > 1));
            let suffered = matches!(field, Field::Victim | Field::Target) && party.kind == EntityKind::Person;
            let shown = if victims && suffered {
                VICTIM[usize::from(several)].to_owned()
            } else if addresses && matches!(party.kind, EntityKind::Facility | EntityKind::Place) {
                SITE.to_owned()
            } else {
                names.veil(&party.name)
            };
            if shown != party.name || suffered && victims {
                party.age = None;
            }
            party.name = shown;
            (raw["name"], raw["age"], raw["entity"]) = (json!(party.name), json!(party.age), Json::Null);
        }
        Value::Where(place) => {
            if addresses && is_fine(place) {
                **place = coarse(place, points);
                raw = json!({
                    "name": place.name, "within": place.within, "geonames_id": place.geonames_id, "lat": place.lat,
                    "lon": place.lon, "country": place.country, "admin1": place.admin1, "precision": place.precision.name(),
                    "radius_km": place.radius_km, "settlement": place.settlement, "inferred": place.inferred,
                });
            }
        }
        // What a number's people are called is text of the report.
        Value::Toll(toll) => {
            toll.who = None;
            (raw["who"], raw["entity"]) = (Json::Null, Json::Null);
        }
        Value::Weapon { name, .. } => {
            *name = names.veil(name);
            (raw["name"], raw["entity"]) = (json!(name), Json::Null);
        }
        Value::Damage { name, .. } => {
            *name = if addresses { SITE.to_owned() } else { names.veil(name) };
            (raw["name"], raw["entity"]) = (json!(name), Json::Null);
        }
        Value::Reaction { name, .. } => {
            *name = names.veil(name);
            (raw["name"], raw["entity"]) = (json!(name), Json::Null);
        }
        Value::Responsibility { party, .. } => {
            if let Some((entity, name)) = party {
                (*entity, *name) = (None, names.veil(name));
                raw["party"] = json!({ "entity": null, "name": name });
            }
        }
        Value::Code(_) | Value::When { .. } => {}
    }
    entry.raw = Arc::new(raw);
}

/// The settlement of a fine place, at the settlement's point where the record has it.
fn coarse(place: &Where, points: &[Where]) -> Where {
    let settlement = place.settlement.clone();
    let known = settlement.as_ref().and_then(|s| points.iter().find(|p| p.name.eq_ignore_ascii_case(s)));
    if let Some(known) = known {
        return known.clone();
    }
    let from = place.within.iter().position(|w| settlement.as_ref().is_some_and(|s| w.eq_ignore_ascii_case(s)));
    Where {
        name: settlement.clone().unwrap_or_else(|| PLACE.to_owned()),
        within: from.map(|at| place.within[at + 1..].to_vec()).unwrap_or_default(),
        geonames_id: None,
        lat: None,
        lon: None,
        precision: if settlement.is_some() { PlacePrecision::Settlement } else { PlacePrecision::Admin1 },
        radius_km: None,
        ..place.clone()
    }
}

fn said(said: &mut Said, names: &Names) {
    said.origin = outlet(&said.origin, &said.report);
    said.report = id(&said.report);
    let veiled = |source: &Json| {
        let via = source["via"].as_array().into_iter().flatten().filter_map(Json::as_str).map(|via| names.veil(via));
        let name = names.veil(source["name"].as_str().unwrap_or_default());
        json!({ "attribution": null, "name": name, "via": via.collect::<Vec<_>>() })
    };
    said.sources = Arc::new(said.sources.iter().map(veiled).collect());
    // Its length would tell of what was there.
    let quote = || json!({ "quote": "", "start": null, "end": null, "redacted": true });
    said.evidence = Arc::new(said.evidence.iter().take(1).map(|_| quote()).collect());
}

/// What is shown for a report's id, which may be an address that tells the story: a hash of it.
pub fn id(id: &str) -> Arc<str> {
    Arc::from(format!("report-{}", &sha256(id.as_bytes())[..12]))
}

/// The outlet that a report came from; where nothing but its id names it, what is shown for that.
fn outlet(origin: &Arc<str>, report: &Arc<str>) -> Arc<str> {
    if origin == report || origin.contains("://") { id(origin) } else { Arc::clone(origin) }
}

/// A report's head without its words.
pub fn head(head: &ReportHead) -> ReportHead {
    ReportHead {
        id: id(&head.id).to_string(),
        url: None,
        headline: None,
        byline: None,
        retracted: head.retracted.as_ref().map(|_| "withdrawn".to_owned()),
        text: String::new(),
        sentences: Vec::new(),
        entities: Vec::new(),
        ..head.clone()
    }
}

/// A step of a record's history without words: what changed, and of numbers, days and codes from what to what.
pub fn step(step: &mut Step, summary: &str) {
    summary.clone_into(&mut step.summary);
    step.changes.iter_mut().for_each(change);
}

fn change(change: &mut Change) {
    change.why = if change.decision.is_some() { "a decision" } else { "a report" }.to_owned();
    let plain = change.field == "status" || PLAIN.iter().any(|field| field.name() == change.field);
    if !plain {
        (change.before, change.after) = (None, None);
    }
    change.report = change.report.as_deref().map(|report| id(report).to_string());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_known_by_any_of_its_words_in_any_spelling() {
        let names = Names(["João Brandão", "Omar al-Rashid", "明"].into_iter().flat_map(words).collect());
        for hidden in ["JOAO", "Mr Brandao", "al-Rashid's brother", "RASHID", "the Brandão family", "明"] {
            assert_eq!(names.veil(hidden), SOMEBODY, "{hidden}");
        }
        for shown in ["police", "a brandy merchant", "31 guards", "the al Noor clinic"] {
            assert_eq!(names.veil(shown), shown);
        }
    }
}
