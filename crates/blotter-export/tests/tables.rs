//! Tidy tables, read back with the csv crate and as JSON.

mod common;

use std::io::{Cursor, Read};

use blotter_case::{Field, Filter};
use blotter_export::tables::TABLES;
use blotter_export::{Options, Selection};
use common::{best, case, export, export_of, incident};
use serde_json::Value as Json;

fn rows(bytes: &[u8]) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_reader(bytes);
    let names = reader.headers().expect("names").iter().map(str::to_owned).collect();
    let rows = reader.records().map(|r| r.expect("a row").iter().map(str::to_owned).collect()).collect();
    (names, rows)
}

fn of_table(name: &str) -> Options {
    Options { table: Some(name.to_owned()), ..Options::default() }
}

#[test]
fn columns_are_named_once_and_explained() {
    for table in TABLES {
        let mut names: Vec<&str> = table.columns.iter().map(|c| c.name).collect();
        assert!(table.keys.iter().all(|key| names.contains(key)), "{}", table.name);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), table.columns.len(), "{}", table.name);
        assert!(table.columns.iter().all(|c| !c.meaning.is_empty()), "{}", table.name);
    }
}

#[test]
fn incidents_hold_the_best_values() {
    let (_folder, case) = case();
    let (names, rows) = rows(&export(&case, "csv", &Options::default()));
    let at = |name: &str| names.iter().position(|n| n == name).expect("a column");
    // The retracted one is left out, as lists leave it out.
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0][at("incident")], incident(&case, "press-1"));
    assert_eq!(rows[0][at("killed_best")], best(&case, "press-1", Field::Killed)["best"].to_string());
    assert_eq!((rows[0][at("latitude")].as_str(), rows[0][at("longitude")].as_str()), ("19.6", "-37.2"));
    assert_eq!(rows[0][at("victims")], "'=cmd|' /C calc'!A0");
    assert_eq!(rows[0][at("perpetrators")], "Nórthern Front");
    assert_eq!(rows[0][at("disagreements")], "1");
    assert_eq!(rows[1][at("latitude")], "");
}

#[test]
fn every_value_and_statement_is_a_row() {
    let (_folder, case) = case();
    let id = incident(&case, "press-1");
    let record = case.show(&id, None).expect("a record").0.json();
    let fields = record["fields"].as_object().expect("fields");
    let lines = String::from_utf8(export(&case, "jsonl", &Options::default())).expect("UTF-8");
    let rows: Vec<Json> = lines.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    let of = |table: &str| rows.iter().filter(|r| r["table"] == table && r["incident"] == id).collect::<Vec<_>>();
    let entries: Vec<&Json> = fields.values().flat_map(|list| list.as_array().expect("values")).collect();
    assert_eq!(of("facts").len(), entries.len());
    let statements: usize = entries.iter().map(|e| e["said"].as_array().expect("statements").len()).sum();
    assert_eq!(of("sources").len(), statements);
    assert_eq!(of("reports").len(), 2);
    for row in of("facts") {
        let entry = entries.iter().find(|e| e["fact"] == row["fact"]).expect("a value");
        assert_eq!(row["confidence"], entry["confidence"]);
        assert_eq!(row["status"], entry["status"]);
        // The words stand in the report's text where the row says.
        let report = case.report(row["report"].as_str().expect("a report"), row["version"].as_i64()).expect("filed");
        let text: Vec<char> = report.reading["report"]["text"].as_str().expect("a text").chars().collect();
        let place = |name: &str| row[name].as_u64().expect("a place") as usize;
        let words: String = text[place("quote_start")..place("quote_end")].iter().collect();
        assert_eq!(row["quote"], words);
    }
    let killed: Vec<_> = of("facts").into_iter().filter(|r| r["field"] == "killed").collect();
    assert_eq!(killed.iter().filter(|r| r["best"] == true).count(), 1);
}

#[test]
fn a_zip_holds_all_tables_and_is_the_same_every_time() {
    let (_folder, case) = case();
    let options = Options { zip: true, ..Options::default() };
    let bytes = export(&case, "csv", &options);
    assert_eq!(bytes, export(&case, "csv", &options));
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    for table in TABLES {
        let mut text = Vec::new();
        zip.by_name(&format!("{}.csv", table.name)).expect("a member").read_to_end(&mut text).expect("whole");
        assert_eq!(text, export(&case, "csv", &of_table(table.name)));
        let (names, rows) = rows(&text);
        assert_eq!(names, table.columns.iter().map(|c| c.name).collect::<Vec<_>>());
        assert!(!rows.is_empty());
    }
}

#[test]
fn a_moment_has_its_own_incidents_and_filters_mean_the_same_there() {
    let (_folder, case) = case();
    let ids = |as_of: Option<&str>, filter: Filter| -> Vec<String> {
        let (_, rows) = rows(&export_of(&case, "csv", &Options::default(), as_of, filter));
        rows.into_iter().map(|r| r[0].clone()).collect()
    };
    let [bomb, march, guard] = ["press-1", "press-2", "radio-2"].map(|r| incident(&case, r));
    let all = Filter::default;
    assert_eq!(ids(None, all()), [bomb.clone(), march.clone()]);
    assert_eq!(ids(Some("2024-03-12T10:30:00Z"), all()), std::slice::from_ref(&bomb));
    // Before the retraction.
    assert_eq!(ids(Some("2024-07-01T20:00:00Z"), all()), [bomb.clone(), march.clone(), guard.clone()]);
    assert!(ids(Some("2020-01-01T00:00:00Z"), all()).is_empty());
    for as_of in [None, Some("2024-07-03T00:00:00Z")] {
        let filters = [
            (Filter { since: Some("2024-04-01".to_owned()), ..all() }, vec![march.clone()]),
            (Filter { until: Some("2024-04-01".to_owned()), ..all() }, vec![bomb.clone()]),
            (Filter { kind: Some("attack".to_owned()), ..all() }, vec![bomb.clone()]),
            (Filter { country: Some("sd".to_owned()), ..all() }, vec![bomb.clone()]),
            (Filter { near: Some((19.0, -37.0, 100.0)), ..all() }, vec![bomb.clone()]),
            (Filter { near: Some((19.0, -37.0, 10.0)), ..all() }, vec![]),
            (Filter { min_killed: Some(2), ..all() }, vec![bomb.clone()]),
            (Filter { text: Some("bakers march".to_owned()), ..all() }, vec![march.clone()]),
            (Filter { status: Some("withdrawn".to_owned()), ..all() }, vec![guard.clone()]),
            (Filter { limit: Some(1), ..all() }, vec![march.clone()]),
        ];
        for (filter, expected) in filters {
            assert_eq!(ids(as_of, filter.clone()), expected, "{as_of:?} {filter:?}");
        }
    }
}

#[test]
fn a_state_stays_while_others_file() {
    let (folder, case) = case();
    let selection = Selection::new(case.snapshot(None).expect("a state"), Filter::default());
    let mut other =
        blotter_case::CaseFile::open(folder.path().join("case.db"), blotter_case::Access::Write).expect("a case file");
    let told = common::Told {
        id: "press-3",
        publisher: "Kesh Press",
        published: "2024-09-01T10:00:00",
        text: "Fire\n\nA fire in Elmar killed two.",
        facts: vec![("killed", common::count(2), "killed two", "")],
    };
    other.add(&common::reading(&told), "test", &common::stamp("2024-09-01T10:00:00Z")).expect("filed");
    let mut count = 0;
    let mut counted = |_: &blotter_export::Item<'_>| {
        count += 1;
        Ok(())
    };
    selection.each(&mut counted).expect("walked");
    assert_eq!(count, 2);
}
