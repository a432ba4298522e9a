//! Hand-made Readings in the contract's JSON.

use blotter_case::{CaseFile, Stamp};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

/// A report of a shooting.
#[derive(Clone)]
pub struct Shooting<'a> {
    pub id: &'a str,
    pub outlet: &'a str,
    pub published: &'a str,
    pub day: &'a str,
    pub place: (&'a str, f64, f64),
    pub victim: (&'a str, u64),
    pub killed: u64,
    pub headline: &'a str,
    pub body: &'a str,
}

/// The plain one that tests change.
pub const MILLBROOK: Shooting<'static> = Shooting {
    id: "ledger-1",
    outlet: "Millbrook Ledger",
    published: "2023-08-03",
    day: "2023-08-02",
    place: ("Millbrook", 40.7, -84.2),
    victim: ("Terrence Boyle", 34),
    killed: 1,
    headline: "Man killed outside Millbrook diner",
    body: "Terrence Boyle, 34, was killed on Wednesday night outside the Lantern diner in Millbrook, police said. The toll \
           stands at KILLED. Detectives ask anyone who saw the gray sedan on Harmon Avenue to call.",
};

/// Its Reading: the quotes stand where they say.
pub fn reading(s: &Shooting<'_>) -> Json {
    let body = s.body.replace("KILLED", &s.killed.to_string());
    let text = format!("{}\n\n{body}", s.headline);
    let span = |words: &str| {
        let at = text.find(words).expect("words of the text");
        let start = text[..at].chars().count();
        json!({ "start": start, "end": start + words.chars().count(), "quote": words })
    };
    let fact = |field: &str, value: Json, words: &str, source: &str| {
        let sources =
            if source.is_empty() { json!([]) } else { json!([{ "attribution": null, "name": source, "via": [] }]) };
        json!({
            "field": field, "value": value, "status": "reported", "sources": sources, "denied_by": [],
            "evidence": [span(words)], "confidence": 0.9, "why": "made by hand",
        })
    };
    let (place, lat, lon) = s.place;
    let first = body.split_whitespace().next().expect("a word").trim_end_matches([',', ':']).to_owned();
    let count = json!({ "min": s.killed, "best": s.killed, "max": s.killed });
    let facts = json!([
        fact("type", json!({ "code": "attack/shooting" }), &first, ""),
        fact("when", json!({ "start": s.day, "end": s.day, "precision": "day", "timex": s.day }), &first, ""),
        fact(
            "where",
            json!({
                "name": place, "within": ["United States"], "geonames_id": null, "lat": lat, "lon": lon, "country": "US",
                "admin1": "OH", "precision": "settlement", "radius_km": 5.0, "settlement": place, "inferred": false,
            }),
            place,
            ""
        ),
        fact(
            "victim",
            json!({
                "entity": "e1", "name": s.victim.0, "kind": "person", "number": null, "age": s.victim.1, "gender": null,
                "harm": "killed", "group": null,
            }),
            s.victim.0,
            "police"
        ),
        fact(
            "killed",
            json!({
                "min": s.killed, "best": s.killed, "max": s.killed, "who": null, "entity": null, "group": null,
                "attackers": false, "scope": "total",
            }),
            &s.killed.to_string(),
            "police"
        ),
    ]);
    json!({
        "schema": 1,
        "report": {
            "id": s.id, "url": null, "publisher": s.outlet, "headline": span(s.headline), "byline": [], "dateline": null,
            "published": s.published, "updated": null, "published_by": "input", "updated_by": null, "language": "en",
            "warnings": [], "text": text, "sha256": hex(&Sha256::digest(text.as_bytes())),
        },
        "sentences": [{ "start": 0, "end": text.chars().count(), "paragraph": 0 }],
        "entities": [{
            "id": "e1", "kind": "person", "name": s.victim.0, "title": null, "country": null, "group": null, "mentions": [],
        }],
        "times": [], "places": [], "attributions": [], "events": [],
        "incidents": [{
            "id": "i1", "relation": "main", "summary": "", "facts": facts,
            "toll": { "killed": count, "wounded": null, "missing": null, "abducted": null, "arrested": null },
        }],
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// A time on a day of August 2023.
pub fn at(day: u32) -> Stamp {
    Stamp { at: format!("2023-08-{day:02}T12:00:00Z"), set: true, by: Some("Ann".to_owned()) }
}

/// Files a report; the one incident that it touched.
pub fn add(case: &mut CaseFile, shooting: &Shooting<'_>, day: u32) -> String {
    let added = case.add(&reading(shooting), "test", &at(day)).expect("filed");
    added.incidents.first().map(|(name, _)| name.clone()).unwrap_or_default()
}
