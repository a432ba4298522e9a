//! Ids that stay, and ids that differ: whoever takes in two exports takes neither for a version of the other.

mod common;

use std::collections::BTreeMap;

use blotter_case::decide::Decision;
use blotter_case::{CaseFile, Filter, Tlp};
use blotter_export::{Options, Policy, Redaction, Selection, format};
use common::{case, incident, stamp};
use serde_json::Value as Json;

struct Asked<'a> {
    producer: Option<&'a str>,
    as_of: Option<&'a str>,
    tlp: Option<Tlp>,
    redact: &'a [Redaction],
    text: Option<&'a str>,
}

const PLAIN: Asked<'_> = Asked { producer: None, as_of: None, tlp: None, redact: &[], text: None };

fn exported(case: &CaseFile, name: &str, asked: &Asked<'_>) -> String {
    let policy = Policy { tlp: asked.tlp, redact: asked.redact.to_vec() };
    let filter = Filter { text: asked.text.map(str::to_owned), ..Filter::default() };
    let selection = Selection::under(case.snapshot(asked.as_of).expect("a state"), filter, policy);
    let options = Options { producer: asked.producer.map(str::to_owned), ..Options::default() };
    let mut out = Vec::new();
    format(name).expect("a format").write(&selection, &options, &mut out).expect("written");
    String::from_utf8(out).expect("UTF-8")
}

fn objects(case: &CaseFile, asked: &Asked<'_>) -> Vec<Json> {
    let bundle: Json = serde_json::from_str(&exported(case, "stix", asked)).expect("JSON");
    bundle["objects"].as_array().expect("objects").clone()
}

#[test]
fn two_objects_of_one_id_and_time_are_one_object() {
    let (_folder, mut case) = case();
    let [bomb, march] = ["press-1", "press-2"].map(|report| incident(&case, report));
    let both = Decision::Comment(bomb.clone(), "ask the clinic".to_owned());
    case.decide(&both, None, &stamp("2024-08-01T00:00:00Z")).expect("noted");
    let marked = Decision::Tlp(bomb.clone(), Tlp::Amber);
    case.decide(&marked, Some("names"), &stamp("2024-08-02T00:00:00Z")).expect("marked");
    let mut known: BTreeMap<(String, String), Json> = BTreeMap::new();
    let mut exports = 0;
    let mut take = |case: &CaseFile, asked: &Asked<'_>| {
        exports += 1;
        for object in objects(case, asked) {
            let key = |name: &str| object[name].as_str().unwrap_or_default().to_owned();
            let key = (key("id"), key("modified"));
            let first = known.entry(key.clone()).or_insert_with(|| object.clone());
            assert_eq!(*first, object, "{key:?}");
        }
    };
    let victims: &[Redaction] = &[Redaction::Victims];
    let early = Some("2024-03-12T11:00:00Z");
    let all = [
        PLAIN,
        Asked { producer: Some("Kesh Desk"), ..PLAIN },
        Asked { producer: Some("Blotter"), ..PLAIN },
        Asked { redact: victims, ..PLAIN },
        Asked { redact: &Redaction::ALL, ..PLAIN },
        Asked { tlp: Some(Tlp::Green), ..PLAIN },
        Asked { tlp: Some(Tlp::Red), ..PLAIN },
        Asked { tlp: Some(Tlp::Red), redact: victims, ..PLAIN },
        Asked { as_of: early, ..PLAIN },
        Asked { as_of: Some("2024-08-01T12:00:00Z"), ..PLAIN },
        Asked { text: Some("bakers"), ..PLAIN },
        Asked { text: Some("doctor"), ..PLAIN },
    ];
    for asked in &all {
        take(&case, asked);
    }
    // And later, when more is known and two have become one.
    case.decide(&Decision::Link(bomb, march), Some("one"), &stamp("2024-08-03T00:00:00Z")).expect("one");
    for asked in &all {
        take(&case, asked);
    }
    assert_eq!(exports, 2 * all.len());
}

#[test]
fn no_object_beside_an_incident_tells_of_another() {
    let (_folder, mut case) = case();
    let more = common::Told {
        id: "press-3",
        publisher: "Kesh Press",
        published: "2024-05-03T10:00:00",
        text: "Dyers march\n\nDyers marched in Eddar on Friday, after bombs and marches elsewhere.",
        facts: vec![("type", serde_json::json!({ "code": "protest/peaceful" }), "marched", "")],
    };
    let mut several = common::reading(&more);
    let mut other = several["incidents"][0].clone();
    (other["id"], other["relation"]) = ("i2".into(), "background".into());
    several["incidents"].as_array_mut().expect("incidents").push(other);
    case.add(&several, "test", &stamp("2024-07-03T10:00:00Z")).expect("filed");
    let summaries: Vec<String> =
        case.list(&Filter::default()).expect("a list").iter().map(|row| row.summary.clone()).collect();
    assert!(summaries.len() > 1);
    let all = objects(&case, &PLAIN);
    let tied =
        |o: &&Json| o["type"] == "relationship" && o["target_ref"].as_str().is_some_and(|r| r.starts_with("incident"));
    assert!(all.iter().any(|o| tied(&o)), "nothing is related to anything");
    for object in all.iter().filter(|o| o["type"] != "incident") {
        for summary in &summaries {
            assert!(!object.to_string().contains(summary.as_str()), "{object}");
        }
    }
}

#[test]
fn entries_of_maps_are_of_one_case_file() {
    let ids = |case: &CaseFile| -> Vec<String> {
        let feed = exported(case, "georss", &PLAIN);
        feed.split("<id>").skip(1).map(|rest| rest.split('<').next().expect("an id").to_owned()).collect()
    };
    let (folder, mut first) = case();
    let before = ids(&first);
    assert_eq!(before.len(), 3);
    assert!(before.iter().all(|id| id.starts_with("urn:uuid:")), "{before:?}");
    let marked = Decision::Tlp(incident(&first, "press-1"), Tlp::Green);
    first.decide(&marked, Some("names"), &stamp("2024-08-02T00:00:00Z")).expect("marked");
    assert_eq!(ids(&first), before);
    assert!(exported(&first, "georss", &PLAIN).contains("<rights>TLP:GREEN</rights>"));
    // Another file with the same incidents, begun by somebody else.
    let path = folder.path().join("other.db");
    let mut other = CaseFile::open(&path, blotter_case::Access::Create).expect("a case file");
    let told = common::Told {
        id: "press-1",
        publisher: "Kesh Press",
        published: "2024-03-12",
        text: "Bomb kills five in Port Kesh\n\nFive people died in Port Kesh.",
        facts: vec![("killed", common::count(5), "Five people died", "")],
    };
    other.add(&common::reading(&told), "test", &stamp("2024-03-13T00:00:00Z")).expect("filed");
    assert!(ids(&other).iter().all(|id| !before.contains(id)));
}

#[test]
fn marks_stand_in_tables_and_maps() {
    let (_folder, mut case) = case();
    let [bomb, march] = ["press-1", "press-2"].map(|report| incident(&case, report));
    let marked = Decision::Tlp(bomb.clone(), Tlp::AmberStrict);
    case.decide(&marked, Some("names"), &stamp("2024-08-02T00:00:00Z")).expect("marked");
    let of = |asked: &Asked<'_>, id: &str| -> Json {
        let map: Json = serde_json::from_str(&exported(&case, "geojson", asked)).expect("JSON");
        let features = map["features"].as_array().expect("features");
        features.iter().find(|f| f["id"] == id).expect("a feature")["properties"]["tlp"].clone()
    };
    assert_eq!((of(&PLAIN, &bomb), of(&PLAIN, &march)), (Json::from("amber+strict"), Json::Null));
    // Handed out at a level, all of it is marked so.
    let red = Asked { tlp: Some(Tlp::Red), ..PLAIN };
    assert_eq!((of(&red, &bomb), of(&red, &march)), (Json::from("red"), Json::from("red")));
    let table = exported(&case, "csv", &PLAIN);
    assert!(table.lines().nth(1).is_some_and(|row| row.contains(",amber+strict,")), "{table}");
    assert!(exported(&case, "kml", &PLAIN).contains("<Data name=\"tlp\">"));
}
