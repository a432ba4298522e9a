//! A case file of hand-made Readings in the contract's JSON.

#![allow(dead_code, reason = "each test uses what it needs")]

use std::io::{Cursor, Read};

use blotter_case::decide::Decision;
use blotter_case::{Access, CaseFile, Field, Filter, Stamp};
use blotter_export::{Options, Policy, Selection, format};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// A report, and what was read in it: facts as (field, value, words of the text, source).
pub struct Told<'a> {
    pub id: &'a str,
    pub publisher: &'a str,
    pub published: &'a str,
    pub text: &'a str,
    pub facts: Vec<(&'a str, Json, &'a str, &'a str)>,
}

pub fn stamp(at: &str) -> Stamp {
    Stamp { at: at.to_owned(), set: true, by: Some("Ann".to_owned()) }
}

/// The Reading of a report: the quotes stand where they say.
pub fn reading(told: &Told<'_>) -> Json {
    let span = |words: &str| {
        let at = told.text.find(words).unwrap_or_else(|| panic!("{words} in {}", told.text));
        let start = told.text[..at].chars().count();
        json!({ "start": start, "end": start + words.chars().count(), "quote": words })
    };
    let facts = told.facts.iter().map(|(field, value, words, source)| {
        let sources =
            if source.is_empty() { json!([]) } else { json!([{ "attribution": null, "name": source, "via": [] }]) };
        json!({
            "field": field, "value": value, "status": "reported", "sources": sources, "denied_by": [],
            "evidence": [span(words)], "confidence": 0.9, "why": "made by hand",
        })
    });
    let headline = told.text.lines().next().expect("a headline");
    let length = told.text.chars().count();
    json!({
        "schema": 1,
        "report": {
            "id": told.id, "url": format!("https://{}.example/", told.id), "publisher": told.publisher,
            "published": told.published, "headline": span(headline), "text": told.text, "language": "en",
            "sha256": Sha256::digest(told.text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect::<String>(),
        },
        "sentences": [{ "start": 0, "end": length, "paragraph": 0 }], "entities": [],
        "incidents": [{ "id": "i1", "relation": "main", "facts": facts.collect::<Vec<_>>(), "toll": {} }],
    })
}

pub fn count(n: u64) -> Json {
    json!({ "min": n, "best": n, "max": n, "who": null, "entity": null, "group": null, "attackers": false, "scope": "total" })
}

pub fn party(name: &str, kind: &str, harm: Option<&str>, group: Option<&str>) -> Json {
    json!({ "entity": null, "name": name, "kind": kind, "number": null, "age": null, "gender": null, "harm": harm, "group": group })
}

pub fn place(name: &str, lat: f64, lon: f64) -> Json {
    json!({
        "name": name, "within": ["Kesh Province"], "geonames_id": 77, "lat": lat, "lon": lon, "country": "SD", "admin1": "Kesh",
        "precision": "settlement", "radius_km": 5.0, "settlement": name, "inferred": false,
    })
}

pub fn day(day: &str) -> Json {
    json!({ "start": day, "end": day, "precision": "day", "timex": day })
}

/// Three incidents: a bombing of two reports that disagree, with a name that spreadsheets take for a formula; a protest without
/// a place; a shooting that was retracted.
pub fn case() -> (TempDir, CaseFile) {
    let folder = TempDir::new().expect("a folder");
    let mut case = CaseFile::open(folder.path().join("case.db"), Access::Create).expect("a case file");
    let bombing = |id, publisher, published, killed: u64, who, source| Told {
        id,
        publisher,
        published,
        text: match killed {
            5 => {
                "Bomb kills five in Port Kesh\n\nFive people died when =cmd|' /C calc'!A0, a baker, and others were hit by \
                  a car bomb in Port Kesh on 12 March, police said. The Nórthern Front, it is said, was behind it."
            }
            _ => {
                "Doctor: seven dead in Port Kesh\n\nA doctor at the harbour clinic counted the bodies on 12 March. Seven people died \
                  and the ward is full, she said. =cmd|' /C calc'!A0, who baked bread, is among them. What hit Port Kesh was a \
                  car bomb. Nobody but the Nórthern Front has such means, she added."
            }
        },
        facts: vec![
            ("type", json!({ "code": "attack/bombing" }), "car bomb", ""),
            ("when", day("2024-03-12"), "on 12 March", ""),
            ("where", place("Port Kesh", 19.6, -37.2), "Port Kesh", ""),
            (
                "victim",
                party("=cmd|' /C calc'!A0", "person", Some("killed"), Some("civilian")),
                "=cmd|' /C calc'!A0",
                "",
            ),
            ("perpetrator", party("Nórthern Front", "organization", None, None), "Nórthern Front", ""),
            ("killed", count(killed), who, source),
            (
                "weapon",
                json!({ "entity": null, "name": "car bomb", "kind": "explosive", "number": null }),
                "car bomb",
                "",
            ),
        ],
    };
    let told = [
        bombing("press-1", "Kesh Press", "2024-03-12T10:00:00", 5, "Five people died", "police"),
        bombing("radio-1", "Radio Kesh", "2024-03-12T12:00:00", 7, "Seven people died", "a doctor"),
        Told {
            id: "press-2",
            publisher: "Kesh Press",
            published: "2024-05-02T10:00:00",
            text: "Bakers march\n\nBakers marched on Thursday, \"peacefully\",\nthe union said.",
            facts: vec![
                ("type", json!({ "code": "protest/peaceful" }), "marched", ""),
                ("when", day("2024-05-02"), "on Thursday", ""),
                ("participant", party("Bakers", "person", None, None), "Bakers", "the union"),
            ],
        },
        Told {
            id: "radio-2",
            publisher: "Radio Kesh",
            published: "2024-07-01T10:00:00",
            text: "Guard shot\n\nA guard was shot dead in Tolmar on Monday.",
            facts: vec![
                ("type", json!({ "code": "attack/shooting" }), "shot dead", ""),
                ("when", day("2024-07-01"), "on Monday", ""),
                ("where", place("Tolmar", 3.5, 30.25), "Tolmar", ""),
                ("killed", count(1), "A guard was shot dead", ""),
            ],
        },
    ];
    for told in &told {
        case.add(&reading(told), "test", &stamp(&format!("{}Z", told.published))).expect("filed");
    }
    case.decide(&Decision::Retract("radio-2".to_owned()), Some("never happened"), &stamp("2024-07-02T00:00:00Z"))
        .expect("retracted");
    (folder, case)
}

/// What a format writes of all of a case file, with those withdrawn.
pub fn export(case: &CaseFile, name: &str, options: &Options) -> Vec<u8> {
    export_of(case, name, options, None, Filter::default())
}

pub fn export_of(case: &CaseFile, name: &str, options: &Options, as_of: Option<&str>, filter: Filter) -> Vec<u8> {
    let selection = Selection::new(case.snapshot(as_of).expect("a state"), filter);
    let mut out = Vec::new();
    format(name).expect("a format").write(&selection, options, &mut out).expect("written");
    out
}

/// The incident that a report is a part of.
pub fn incident(case: &CaseFile, report: &str) -> String {
    case.report(report, None).expect("a report").incidents[0].clone()
}

/// The best value of a field of that incident.
pub fn best(case: &CaseFile, report: &str, field: Field) -> Json {
    case.show(&incident(case, report), None).expect("a record").0.best_json()[field.name()].clone()
}

/// What a format writes under a policy, and how many incidents were left out.
pub fn under(case: &CaseFile, name: &str, options: &Options, policy: Policy) -> (Vec<u8>, usize) {
    let selection = Selection::under(case.snapshot(None).expect("a state"), Filter::default(), policy);
    let mut out = Vec::new();
    format(name).expect("a format").write(&selection, options, &mut out).expect(name);
    (out, selection.withheld())
}

/// The members of a zip.
pub fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    (0..zip.len())
        .map(|i| {
            let mut member = zip.by_index(i).expect("a member");
            let mut bytes = Vec::new();
            member.read_to_end(&mut bytes).expect("whole");
            (member.name().expect("a name").into_owned(), bytes)
        })
        .collect()
}

/// The text of an output, archives and tables unpacked.
pub fn plain(name: &str, bytes: &[u8]) -> String {
    if bytes.starts_with(b"PK") {
        return unpacked(bytes).into_iter().map(|(_, b)| String::from_utf8_lossy(&b).into_owned()).collect();
    }
    if name == "parquet" {
        let bytes = bytes::Bytes::copy_from_slice(bytes);
        let reader = parquet::file::serialized_reader::SerializedFileReader::new(bytes).expect("Parquet");
        let rows = parquet::file::reader::FileReader::get_row_iter(&reader, None).expect("rows");
        return rows.map(|row| row.expect("a row").to_string()).collect();
    }
    String::from_utf8_lossy(bytes).into_owned()
}
