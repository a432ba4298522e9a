//! What harms a case file is found, and what could harm it does not.

mod common;
mod home;

use blotter_case::decide::Decision;
use blotter_case::{Access, CaseFile, Error};
use common::{MILLBROOK, Shooting, add, at, reading};
use home::{Home, file};
use rusqlite::Connection;

fn faults(folder: &Home) -> Vec<String> {
    let case = CaseFile::open(folder.path().join("case.db"), Access::Read).expect("case file");
    case.verify().expect("verified").1.into_iter().map(|f| format!("{}: {}", f.what, f.reason)).collect()
}

/// A case file of three reports, closed, and a plain connection to it.
fn damaged(sql: &[&str]) -> Vec<String> {
    let (folder, mut case) = file();
    for id in ["a", "b", "c"] {
        add(&mut case, &Shooting { id, ..MILLBROOK }, 3);
    }
    drop(case);
    assert_eq!(faults(&folder), [] as [&str; 0]);
    let db = Connection::open(folder.path().join("case.db")).expect("database");
    for sql in sql {
        db.execute_batch(sql).expect("damage");
    }
    drop(db);
    faults(&folder)
}

#[test]
fn a_deleted_or_changed_row_of_the_ledger_is_found() {
    let free = "DROP TRIGGER ledger_is_kept; DROP TRIGGER ledger_is_not_changed";
    assert!(
        damaged(&[free, "DELETE FROM ledger WHERE seq = 2"]).iter().any(|f| f.contains("ledger row 2: is missing"))
    );
    assert!(damaged(&[free, "DELETE FROM ledger WHERE seq = 3"]).iter().any(|f| f.contains("end of the ledger")));
    let changed = damaged(&[free, "UPDATE ledger SET by = 'Bob' WHERE seq = 2"]);
    assert!(changed.iter().any(|f| f.contains("ledger row 2")), "{changed:?}");
}

#[test]
fn the_ledger_refuses_deletion() {
    let (folder, mut case) = file();
    add(&mut case, &MILLBROOK, 3);
    let db = Connection::open(folder.path().join("case.db")).expect("database");
    assert!(db.execute("DELETE FROM ledger", []).is_err());
    assert!(db.execute("UPDATE ledger SET at = ''", []).is_err());
}

#[test]
fn a_flipped_byte_in_a_text_or_reading_is_found() {
    for table in ["text", "reading"] {
        // The last byte of the stored block: part of its content.
        let flip = format!(
            "UPDATE {table} SET body = CAST(substr(body, 1, length(body) / 2 - 1) || x'FF' || substr(body, length(body) / 2 + 1) AS BLOB)
             WHERE rowid IN (SELECT rowid FROM {table} LIMIT 1)"
        );
        assert!(!damaged(&[&flip]).is_empty(), "{table}");
    }
}

#[test]
fn a_changed_row_of_any_table_that_is_kept_is_found() {
    for (sql, name) in [
        ("DELETE FROM touched WHERE seq = 2", "touched"),
        ("INSERT INTO touched VALUES (1, 99)", "touched"),
        ("UPDATE copied SET share = 0.5", "copied"),
        ("DELETE FROM copied", "copied"),
        ("INSERT INTO tie VALUES (1, 2, 2, 0)", "tied"),
        ("INSERT INTO retraction VALUES (2, 2)", "retracted"),
        ("INSERT INTO undone VALUES (1, 2)", "undone"),
        ("UPDATE telling SET ordinal = 7 WHERE seq = 2", "told"),
        ("INSERT INTO membership VALUES (1, 3, 1)", "moved"),
        (
            "UPDATE gist SET body = (SELECT body FROM gist WHERE seq = 3) WHERE seq = 2",
            "what its records are made from",
        ),
    ] {
        let found = damaged(&[sql]);
        assert!(found.iter().any(|f| f.contains(name)), "{sql}: {found:?}");
    }
}

#[test]
fn a_changed_row_of_a_list_is_found() {
    for (sql, name) in [
        ("UPDATE current SET killed = 9", "killed"),
        ("UPDATE current SET best = '{}'", "best"),
        ("UPDATE current SET day = '2023-01-01'", "day"),
        ("DELETE FROM current", "the row"),
        (
            "INSERT INTO current SELECT 99, status, main, first, last, day, type, country, lat, lon, killed, reports,
          disagreements, weight, summary, best, form FROM current LIMIT 1",
            "the row",
        ),
        ("UPDATE area SET south = 1, north = 1", "area"),
        ("UPDATE tally SET n = n + 1", "tally"),
    ] {
        let found = damaged(&[sql]);
        assert!(found.iter().any(|f| f.contains(name)), "{sql}: {found:?}");
    }
}

#[test]
fn what_people_decided_cannot_be_changed_unseen() {
    let (folder, mut case) = file();
    let a = add(&mut case, &MILLBROOK, 3);
    let added = |case: &mut CaseFile, id: &str| add(case, &Shooting { id, ..MILLBROOK }, 3);
    added(&mut case, "b");
    let split = Decision::Split { incident: a.clone(), reports: vec!["b".to_owned()] };
    let (number, _) = case.decide(&split, Some("another one"), &at(4)).expect("split");
    case.decide(&Decision::Retract("b".to_owned()), Some("made up"), &at(5)).expect("retracted");
    case.decide(&Decision::Undo(number), None, &at(6)).expect("undone");
    drop(case);
    assert_eq!(faults(&folder), [] as [&str; 0]);
    for (sql, name) in [
        ("UPDATE tie SET must = 1 WHERE must = 0", "tied"),
        ("DELETE FROM tie", "tied"),
        ("DELETE FROM retraction", "retracted"),
        ("DELETE FROM undone", "undone"),
    ] {
        let copy = folder.path().join("copy.db");
        std::fs::copy(folder.path().join("case.db"), &copy).expect("a copy");
        Connection::open(&copy).expect("database").execute_batch(sql).expect("damage");
        let case = CaseFile::open(&copy, Access::Read).expect("case file");
        let found = case.verify().expect("verified").1;
        assert!(found.iter().any(|f| f.reason.contains(name)), "{sql}: {found:?}");
    }
}

#[test]
fn a_report_moved_by_hand_is_found() {
    let found = damaged(&[
        "INSERT INTO incident (name, seq) VALUES ('B-XXXX', 1)",
        "UPDATE node SET incident = 2 WHERE id = 1",
    ]);
    assert!(found.iter().any(|f| f.contains("where the ledger did not put it")), "{found:?}");
    assert!(!damaged(&["DELETE FROM node WHERE id = 1"]).is_empty());
    assert!(!damaged(&["DELETE FROM version WHERE version = 1"]).is_empty());
}

#[test]
fn other_files_are_refused_and_left_alone() {
    let folder = tempfile::TempDir::new().expect("folder");
    let path = folder.path().join("other");
    std::fs::write(&path, "this is a text, and a long one, to fill the header of a database file: no, not quite")
        .expect("file");
    let before = std::fs::read(&path).expect("file");
    for access in [Access::Read, Access::Write, Access::Create] {
        assert!(CaseFile::open(&path, access).is_err());
    }
    assert_eq!(std::fs::read(&path).expect("file"), before);
    let other = folder.path().join("other.db");
    Connection::open(&other).expect("database").execute_batch("CREATE TABLE mine (a)").expect("table");
    assert!(matches!(CaseFile::open(&other, Access::Create), Err(Error::Refused(_))));
    assert!(matches!(CaseFile::open(folder.path().join("none.db"), Access::Read), Err(Error::Missing(_))));
}

#[test]
fn a_later_version_of_the_tables_is_refused() {
    let (folder, case) = file();
    drop(case);
    let path = folder.path().join("case.db");
    Connection::open(&path).expect("database").execute_batch("PRAGMA user_version = 99").expect("set");
    assert!(matches!(CaseFile::open(&path, Access::Read), Err(Error::Refused(_))));
    assert!(matches!(CaseFile::open(&path, Access::Create), Err(Error::Refused(_))));
}

#[test]
fn two_writers_at_once_lose_nothing() {
    let (folder, case) = file();
    drop(case);
    let path = folder.path().join("case.db");
    std::thread::scope(|scope| {
        for writer in 0..2 {
            let path = &path;
            scope.spawn(move || {
                let mut case = CaseFile::open(path, Access::Write).expect("case file");
                for i in 0..25 {
                    let id = format!("w{writer}-{i}");
                    case.add(&reading(&Shooting { id: &id, ..MILLBROOK }), "test", &at(3)).expect("filed");
                }
            });
        }
    });
    assert_eq!(faults(&folder), [] as [&str; 0]);
    let case = CaseFile::open(&path, Access::Read).expect("case file");
    assert_eq!(case.reports().expect("reports").len(), 50);
    assert_eq!(case.clusters().expect("clusters").len(), 1);
}
