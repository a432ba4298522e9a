//! The views of hand-made records.

use std::sync::{Arc, OnceLock};

use blotter_case::Change;
use blotter_case::contract::{self, ToldFact};
use blotter_case::derive::{self, Input, Telling};
use blotter_core::facts::{Relation, Status};
use serde_json::{Value as Json, json};

use super::super::Look;
use super::*;

const PLAIN: Look = Look { width: 116, color: false, verbose: false, terminal: false };

fn fact(field: &str, raw: Json, source: &str, quote: &str) -> (ToldFact, bool) {
    let field = contract::field(field).expect("a field");
    let sources = if source.is_empty() { Vec::new() } else { vec![json!({ "name": source, "via": [] })] };
    let value = contract::value(field, &raw).expect("a value");
    let evidence = vec![json!({ "start": 0, "end": quote.chars().count(), "quote": quote })];
    let (status, confidence) = (Status::Reported, 0.9);
    let (raw, sources, evidence) = (Arc::new(raw), Arc::new(sources), Arc::new(evidence));
    (
        ToldFact {
            field,
            value,
            raw,
            status,
            sources,
            denied_by: Arc::default(),
            evidence,
            confidence,
            keys: OnceLock::new(),
        },
        false,
    )
}

fn toll(number: u64) -> Json {
    json!({ "min": number, "best": number, "max": number, "who": null, "scope": "total", "attackers": false })
}

fn telling(report: &str, when: &str, origin: &str, headline: &str, killed: (u64, &str, &str)) -> Telling {
    let place = json!({
        "name": "Port Kesh", "within": ["Sudan"], "country": "SD", "precision": "settlement", "settlement": "Port Kesh",
        "inferred": false,
    });
    Telling {
        report: report.into(),
        version: 1,
        edition: 1,
        published: Some(when.into()),
        when: when.into(),
        origin: origin.into(),
        relation: Relation::Main,
        headline: Some(headline.into()),
        retracted: None,
        correction: None,
        facts: Arc::new(vec![
            fact("type", json!({ "code": "attack/drone" }), "", "Drones struck"),
            fact("where", place, "", "Port Kesh"),
            fact("killed", toll(killed.0), killed.1, killed.2),
        ]),
    }
}

fn drones() -> Record {
    derive::record(Input {
        incident: "B-7K3Q".to_owned(),
        revision: 3,
        as_of: "2024-03-13T12:00:00Z".to_owned(),
        tellings: vec![
            telling(
                "coast-1",
                "2024-03-12T22:00",
                "Coast News",
                "Drones hit harbour",
                (2, "police", "two people were killed"),
            ),
            telling(
                "coast-2",
                "2024-03-13T08:00",
                "Coast News",
                "Toll in Port Kesh rises",
                (4, "police", "four were dead"),
            ),
            telling(
                "radio-1",
                "2024-03-13T08:00",
                "Kesh Radio",
                "Six dead in harbour",
                (6, "the hospital", "six bodies"),
            ),
        ],
        ..Input::default()
    })
}

#[test]
fn the_record_of_an_incident() {
    let shown = record(&drones(), &[], &PLAIN);
    let expected = "\
DRONE ATTACK, PORT KESH                                                    B-7K3Q · attack/drone · open · revision 3
  where           Port Kesh, Sudan (SD)        \"Port Kesh\"                  Coast News; Kesh Radio
  killed          4 ?                          \"four were dead\"             police (Coast News)
                  6 ?                          \"six bodies\"                 the hospital (Kesh Radio)
                  [2]                          \"two people were killed\"     replaced by coast-2 (update) · police
                                                                            (Coast News)
  disagree        killed (number): 4 (police, in Coast News), 6 (the hospital, in Kesh Radio)
  reports         \"Drones hit harbour\" 12 Mar 2024, 22:00 · Coast News · coast-1
                  \"Toll in Port Kesh rises\" 13 Mar 2024, 08:00 · Coast News · coast-2
                  \"Six dead in harbour\" 13 Mar 2024, 08:00 · Kesh Radio · radio-1
3 reports of 2 origins · as of 13 Mar 2024, 12:00

";
    assert_eq!(shown, expected, "\n{shown}");
}

#[test]
fn every_width_keeps_words_whole_and_colour_changes_none() {
    for width in 80..200 {
        let look = Look { width, verbose: width % 2 == 0, ..PLAIN };
        let shown = record(&drones(), &[], &look);
        assert!(shown.lines().all(|l| l.chars().count() <= width), "{width}\n{shown}");
        let colored = record(&drones(), &[], &Look { color: true, ..look });
        assert_eq!(anstream::adapter::strip_str(&colored).to_string(), shown);
    }
}

#[test]
fn changes_are_grouped_under_their_cause() {
    let change = |field: &str, before: Option<&str>, after: Option<&str>| Change {
        when: "2024-03-13T08:00:00Z".to_owned(),
        why: "report coast-2".to_owned(),
        field: field.to_owned(),
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
        report: None,
        decision: None,
    };
    let shown = changes(&[change("killed", Some("2"), Some("4")), change("victim", None, Some("Amal Idris"))], &PLAIN);
    assert_eq!(shown, "13 Mar 2024, 08:00 report coast-2\n  killed          2 → 4\n  victim          + Amal Idris\n");
    assert_eq!(changes(&[], &PLAIN), "Nothing changed.\n");
}
