//! Parquet, SQLite and maps, read back.

mod common;

use std::io::{self, Write};

use blotter_export::Options;
use blotter_export::tables::{Kind, TABLES};
use common::{case, export, incident};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use serde_json::Value as Json;

fn rows_of(case: &blotter_case::CaseFile, table: &str) -> Vec<Json> {
    let text = export(case, "jsonl", &Options { table: Some(table.to_owned()), ..Options::default() });
    String::from_utf8(text).expect("UTF-8").lines().map(|l| serde_json::from_str(l).expect("JSON")).collect()
}

#[test]
fn parquet_holds_what_json_holds() {
    let (_folder, case) = case();
    for table in TABLES {
        let bytes = export(&case, "parquet", &Options { table: Some(table.name.to_owned()), ..Options::default() });
        let reader = SerializedFileReader::new(bytes_of(bytes)).expect("a Parquet file");
        let expected = rows_of(&case, table.name);
        let rows: Vec<_> = reader.get_row_iter(None).expect("rows").map(|r| r.expect("a row")).collect();
        assert_eq!(rows.len(), expected.len(), "{}", table.name);
        for (row, expected) in rows.iter().zip(&expected) {
            for (column, (name, field)) in table.columns.iter().zip(row.get_column_iter()) {
                assert_eq!(column.name, name);
                let found = match field {
                    Field::Null => Json::Null,
                    Field::Str(text) => Json::from(text.as_str()),
                    Field::Long(n) => Json::from(*n),
                    Field::Double(n) => Json::from(*n),
                    Field::Bool(b) => Json::from(*b),
                    other => panic!("{name}: {other:?}"),
                };
                assert_eq!(
                    found.as_f64().map_or(found.clone(), Json::from),
                    expected[name].as_f64().map_or(expected[name].clone(), Json::from),
                    "{} {name}",
                    table.name
                );
            }
        }
    }
}

fn bytes_of(bytes: Vec<u8>) -> std::fs::File {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(&bytes).expect("written");
    file
}

#[test]
fn sqlite_holds_the_tables_and_what_they_mean() {
    let (folder, case) = case();
    let path = folder.path().join("out.sqlite");
    std::fs::write(&path, export(&case, "sqlite", &Options::default())).expect("written");
    let db = rusqlite::Connection::open(&path).expect("a database");
    let count = |sql: &str| db.query_row(sql, [], |r| r.get::<_, i64>(0)).expect(sql);
    for table in TABLES {
        assert_eq!(count(&format!("SELECT count(*) FROM {}", table.name)) as usize, rows_of(&case, table.name).len());
        let explained = count(&format!("SELECT count(*) FROM columns WHERE \"table\" = '{}'", table.name));
        assert_eq!(explained as usize, table.columns.len());
        let truth = table.columns.iter().find(|c| c.kind == Kind::Truth).expect("a column of yes and no").name;
        assert_eq!(count(&format!("SELECT count(*) FROM {} WHERE {truth} NOT IN (0, 1)", table.name)), 0);
    }
    let sql =
        "SELECT count(*) FROM facts f JOIN sources s USING (fact, incident) JOIN reports r ON r.incident = s.incident
               AND r.report = s.report AND r.version = s.version";
    assert_eq!(count(sql), count("SELECT count(*) FROM sources"));
}

#[test]
fn geojson_has_points_where_they_are_known() {
    let (_folder, case) = case();
    let json: Json = serde_json::from_slice(&export(&case, "geojson", &Options::default())).expect("JSON");
    assert_eq!(json["type"], "FeatureCollection");
    let features = json["features"].as_array().expect("features");
    assert_eq!(features.len(), 2);
    assert_eq!(features[0]["geometry"]["coordinates"], serde_json::json!([-37.2, 19.6]));
    assert_eq!(features[0]["properties"]["radius_km"], 5.0);
    assert_eq!(features[0]["id"], incident(&case, "press-1"));
    let evidence = features[0]["properties"]["evidence"].as_array().expect("evidence");
    assert!(
        evidence
            .iter()
            .any(|e| e["field"] == "killed" && e["quote"].as_str().is_some_and(|q| q.contains("people died")))
    );
    assert_eq!(features[1]["geometry"], Json::Null);
}

#[test]
fn an_empty_selection_is_whole_in_every_format() {
    let (_folder, case) = case();
    let none = blotter_case::Filter { country: Some("ZZ".to_owned()), ..Default::default() };
    for format in blotter_export::FORMATS {
        let bytes = common::export_of(&case, format.name, &Options::default(), None, none.clone());
        match format.extension {
            "geojson" => {
                let json: Json = serde_json::from_slice(&bytes).expect("JSON");
                assert_eq!(json["features"], serde_json::json!([]));
            }
            "xml" | "kml" => assert!(String::from_utf8_lossy(&bytes).trim_end().ends_with('>'), "{}", format.name),
            "jsonl" => assert!(bytes.is_empty(), "{}", format.name),
            _ => assert!(!bytes.is_empty(), "{}", format.name),
        }
    }
}

#[test]
fn xml_is_well_formed_whatever_a_report_says() {
    let (_folder, case) = case();
    for format in ["kml", "georss"] {
        let bytes = export(&case, format, &Options::default());
        let mut reader = quick_xml::Reader::from_reader(bytes.as_slice());
        reader.config_mut().check_end_names = true;
        let (mut buffer, mut depth, mut points) = (Vec::new(), 0, 0);
        loop {
            match reader.read_event_into(&mut buffer).expect(format) {
                quick_xml::events::Event::Start(e) => {
                    depth += 1;
                    points += i32::from(matches!(e.name().as_ref(), b"coordinates" | b"georss:point"));
                }
                quick_xml::events::Event::End(_) => depth -= 1,
                quick_xml::events::Event::Eof => break,
                _ => {}
            }
            buffer.clear();
        }
        assert_eq!((depth, points), (0, 1), "{format}");
    }
}

/// A disk with so much room.
struct Disk(usize);

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let taken = bytes.len().min(self.0);
        self.0 -= taken;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_told_whatever_the_format() {
    let (_folder, case) = case();
    assert!(blotter_export::format("nothing").is_none());
    for one in blotter_export::FORMATS {
        for zip in [false, true] {
            let options = Options { zip, ..Options::default() };
            let length = export(&case, one.name, &options).len();
            for room in [0, 1, length / 2, length - 1] {
                let selection =
                    blotter_export::Selection::new(case.snapshot(None).expect("a state"), Default::default());
                let done = one.write(&selection, &options, &mut Disk(room));
                let error = done.expect_err(one.name).to_string();
                assert!(error.contains("no room is left"), "{} {room} of {length}: {error}", one.name);
            }
        }
    }
}
