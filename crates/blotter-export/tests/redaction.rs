//! What is to be unrecognisable is so in every format, with every table and option.

mod common;

use blotter_case::decide::Decision;
use blotter_case::{Access, CaseFile, Filter};
use blotter_export::{FORMATS, Options, Policy, Redaction, Selection, bundle, format};
use common::{Told, count, day, plain, reading, stamp, under};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

fn case() -> (TempDir, CaseFile) {
    let folder = TempDir::new().expect("a folder");
    let mut case = CaseFile::open(folder.path().join("case.db"), Access::Create).expect("a case file");
    let site = json!({
        "name": "the central bus station", "within": ["Dyers Quarter", "Port Kesh"], "geonames_id": null, "lat": 19.6123, "lon": 37.2123,
        "country": "SD", "admin1": "Kesh", "precision": "site", "radius_km": 0.2, "settlement": "Port Kesh", "inferred": true,
    });
    let victim = json!({
        "entity": "e1", "name": "Samira Nour", "kind": "person", "number": null, "age": 31, "gender": null, "harm": "killed", "group": null,
    });
    let text = "Samira Nour killed at central bus station\n\nSamira Nour, 31, a teacher, was killed by a bomb at the central bus station in \
                Port Kesh on 12 March, police said. Mrs. Nour lived at 14 Tannery Lane. Her friends called her Samy Zarifa. Omar Nour \
                condemned it. Four people died with the 31-year-old. The bus station was damaged.";
    let told = Told {
        id: "https://press.example/2024/samira-nour-killed",
        publisher: "Kesh Press",
        published: "2024-03-12T10:00:00",
        text,
        facts: vec![
            ("type", json!({ "code": "attack/bombing" }), "bomb", ""),
            ("when", day("2024-03-12"), "on 12 March", ""),
            ("where", site, "at the central bus station in Port Kesh", "police"),
            ("victim", victim, "Samira Nour, 31, a teacher, was killed", "Omar Nour"),
            ("killed", count(4), "Four people died with the 31-year-old", ""),
            (
                "damage",
                json!({ "entity": null, "name": "The bus station", "extent": "damaged" }),
                "The bus station was damaged",
                "",
            ),
            (
                "reaction",
                json!({ "entity": null, "name": "Omar Nour", "stance": "condemns" }),
                "Omar Nour condemned it",
                "",
            ),
            (
                "suspect",
                json!({ "entity": null, "name": "a man of Tannery Lane", "kind": "person", "number": null, "age": null, "gender": null,
                        "harm": null, "group": null }),
                "Mrs. Nour lived at 14 Tannery Lane",
                "",
            ),
        ],
    };
    let mut json = reading(&told);
    json["entities"] = json!([{ "id": "e1", "kind": "person", "name": "Samira Nour", "mentions": [
        { "quote": "Samira Nour", "form": "name" }, { "quote": "Samy Zarifa", "form": "name" }, { "quote": "a teacher", "form": "nominal" },
    ] }]);
    case.add(&json, "test", &stamp("2024-03-12T10:00:00Z")).expect("filed");
    // Another incident, whose report speaks of the dead woman.
    let other = Told {
        id: "press-2",
        publisher: "Kesh Press",
        published: "2024-05-02T10:00:00",
        text: "March in Tolmar\n\nBakers marched in Tolmar on Thursday for Samira Nour.",
        facts: vec![
            ("type", json!({ "code": "protest/peaceful" }), "marched in Tolmar on Thursday for Samira Nour", ""),
            ("when", day("2024-05-02"), "on Thursday", ""),
        ],
    };
    case.add(&reading(&other), "test", &stamp("2024-05-02T10:00:00Z")).expect("filed");
    let id = common::incident(&case, told.id);
    let decide = |case: &mut CaseFile, decision: Decision, why: Option<&str>, at: &str| {
        case.decide(&decision, why, &stamp(at)).expect("decided");
    };
    decide(
        &mut case,
        Decision::Comment(id.clone(), "Samira Nour's mother, Tannery Lane".to_owned()),
        None,
        "2024-06-01T00:00:00Z",
    );
    let pin = Decision::Pin { incident: id.clone(), field: blotter_case::Field::Wounded, value: "2".to_owned() };
    decide(&mut case, pin, Some("list from Nour's lawyer"), "2024-06-02T00:00:00Z");
    (folder, case)
}

const SECRETS: [&str; 14] = [
    "samira",
    "nour",
    "zarifa",
    "samy",
    "31, a",
    "31-year",
    "\"age\":31",
    "bus station",
    "dyers",
    "tannery",
    "19.61",
    "37.21",
    "samira-nour",
    "press.example",
];

#[test]
fn no_redacted_word_is_in_any_output() {
    let (_folder, case) = case();
    let redact = || Policy { redact: Redaction::ALL.to_vec(), ..Policy::default() };
    let mut tried = 0;
    for one in FORMATS {
        let whole = plain(one.name, &under(&case, one.name, &Options::default(), Policy::default()).0).to_lowercase();
        // What is hidden would be there, in what is not too coarse to hold it.
        tried += usize::from(SECRETS.iter().any(|s| whole.contains(s)));
        let tables = blotter_export::tables::TABLES.iter().map(|t| Some(t.name.to_owned()));
        for (table, zip) in tables.map(|t| (t, false)).chain([(None, false), (None, true)]) {
            let options = Options { table, zip, ..Options::default() };
            let text = plain(one.name, &under(&case, one.name, &options, redact()).0).to_lowercase();
            for secret in SECRETS {
                let at = text.find(secret).map(|at| {
                    let from = (0..=at.saturating_sub(80)).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
                    text[from..].chars().take(200).collect::<String>()
                });
                assert_eq!(at, None, "{secret} in {} {options:?}", one.name);
            }
        }
    }
    assert!(tried * 2 > FORMATS.len(), "{tried}");
}

#[test]
fn what_is_left_still_tells_of_the_incident() {
    let (_folder, case) = case();
    let policy = Policy { redact: Redaction::ALL.to_vec(), ..Policy::default() };
    let (bytes, _) = under(&case, "jsonl", &Options::default(), policy);
    let rows: Vec<Json> =
        String::from_utf8(bytes).expect("UTF-8").lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    let incident = rows.iter().find(|r| r["table"] == "incidents").expect("an incident");
    assert_eq!(incident["place"], "Port Kesh");
    assert_eq!(incident["place_precision"], "settlement");
    assert_eq!(incident["latitude"], Json::Null);
    assert_eq!(incident["killed_best"], 4);
    assert!(incident["victims"].as_str().is_some_and(|v| v.starts_with("a victim")), "{}", incident["victims"]);
    assert!(incident["summary"].as_str().is_some_and(|s| s.contains("Port Kesh")), "{}", incident["summary"]);
}

#[test]
fn a_redacted_bundle_agrees_with_itself_and_holds_no_text() {
    let (_folder, case) = case();
    let policy = || Policy { redact: Redaction::ALL.to_vec(), ..Policy::default() };
    let (bytes, _) = under(&case, "bundle", &Options::default(), policy());
    let checked = bundle::verify(std::io::Cursor::new(&bytes[..])).expect("a bundle");
    assert_eq!(checked.faults, []);
    assert!(checked.quotes[0] > 5 && checked.rows[0] > 0 && checked.rows[1] == 0, "{checked:?}");
    let selection = Selection::under(case.snapshot(None).expect("a state"), Filter::default(), policy());
    let with_texts = Options { with_texts: true, ..Options::default() };
    let refused = format("bundle").expect("a format").write(&selection, &with_texts, &mut Vec::new());
    assert!(refused.expect_err("refused").to_string().contains("--with-texts"));
}
