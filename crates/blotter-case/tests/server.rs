//! A case file on a PostgreSQL server that many programs share. These tests need one: `BLOTTER_TEST_POSTGRES`.

mod common;
mod home;

use blotter_case::{Access, CaseFile, Error, Filter, Place};
use common::{MILLBROOK, Shooting, add, at, reading};
use home::Home;

fn server() -> Home {
    Home::server().expect("BLOTTER_TEST_POSTGRES names a server")
}

fn many(case: &mut CaseFile, writer: usize) {
    for i in 0..20 {
        let id = format!("w{writer}-{i}");
        case.add(&reading(&Shooting { id: &id, ..MILLBROOK }), "test", &at(3)).expect("filed");
    }
}

#[test]
#[ignore = "needs a server: BLOTTER_TEST_POSTGRES"]
fn many_writers_at_once_lose_nothing() {
    let home = server();
    let place = home.place();
    std::thread::scope(|scope| {
        for writer in 0..5 {
            let place = &place;
            // Each makes the tables, if it comes first.
            scope.spawn(move || many(&mut CaseFile::open(place, Access::Create).expect("case file"), writer));
        }
    });
    let case = CaseFile::open(&place, Access::Read).expect("case file");
    assert_eq!(case.verify().expect("verified"), ([100, 100, 500], Vec::new()));
    assert_eq!(case.reports().expect("reports").len(), 100);
    assert_eq!(case.clusters().expect("clusters").len(), 1);
}

#[test]
#[ignore = "needs a server: BLOTTER_TEST_POSTGRES"]
fn what_others_write_is_seen_at_once() {
    let home = server();
    let mut a = CaseFile::open(home.place(), Access::Create).expect("case file");
    let mut b = CaseFile::open(home.place(), Access::Write).expect("case file");
    let reader = CaseFile::open(home.place(), Access::Read).expect("case file");
    let id = add(&mut a, &MILLBROOK, 3);
    let other = Shooting { id: "other", outlet: "Staunton Courier", killed: 2, ..MILLBROOK };
    assert_eq!(add(&mut b, &other, 4), id);
    let again = Shooting { id: "third", outlet: "Harbor Post", killed: 2, ..MILLBROOK };
    assert_eq!(add(&mut a, &again, 5), id);
    assert_eq!(reader.show(&id, None).expect("a record").0.reports.len(), 3);
}

#[test]
#[ignore = "needs a server: BLOTTER_TEST_POSTGRES"]
fn a_lost_connection_leaves_what_was_told_of_and_nothing_else() {
    let home = server();
    let mut case = CaseFile::open(home.place(), Access::Create).expect("case file");
    let id = add(&mut case, &MILLBROOK, 3);
    let done: Result<(), Error> = case.together(|case| {
        add(case, &Shooting { id: "second", ..MILLBROOK }, 4);
        let ends = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'blotter'
                    AND datname = current_database()";
        home.client().query_one(ends, &[]).expect("ended");
        case.add(&reading(&Shooting { id: "third", ..MILLBROOK }), "test", &at(4)).map(drop)
    });
    assert!(done.expect_err("lost").to_string().contains("server"));
    let case = CaseFile::open(home.place(), Access::Read).expect("case file");
    assert_eq!(case.show(&id, None).expect("a record").0.reports.len(), 1);
    assert_eq!(case.verify().expect("verified").1, []);
}

#[test]
#[ignore = "needs a server: BLOTTER_TEST_POSTGRES"]
fn the_ledger_is_append_only_and_damage_is_found() {
    let home = server();
    let mut case = CaseFile::open(home.place(), Access::Create).expect("case file");
    add(&mut case, &MILLBROOK, 3);
    let mut client = home.client();
    for sql in ["DELETE FROM blotter.ledger", "UPDATE blotter.ledger SET by = 'Eve'", "TRUNCATE blotter.ledger"] {
        let refused = client.batch_execute(sql).expect_err("refused");
        assert!(refused.as_db_error().expect("an answer").message().contains("append-only"));
    }
    for (sql, what) in [
        ("UPDATE blotter.text SET body = set_byte(body, 9, get_byte(body, 9) # 1)", "report ledger-1, version 1"),
        ("DELETE FROM blotter.touched", "ledger row 1"),
        ("UPDATE blotter.current SET killed = 7", "B-"),
    ] {
        client.batch_execute(sql).expect("changed");
        let faults = case.verify().expect("verified").1;
        assert!(faults.iter().any(|f| f.what.starts_with(what)), "{sql}: {faults:?}");
    }
}

#[test]
#[ignore = "needs a server: BLOTTER_TEST_POSTGRES"]
fn a_case_file_moves_to_a_server_and_back() {
    let (file, mut case) = home::file();
    let home = server();
    let id = add(&mut case, &MILLBROOK, 3);
    let elsewhere = Shooting {
        id: "harbor-9",
        place: ("Eastport", 44.9, -67.0),
        victim: ("Lena Órtiz", 51),
        day: "2023-09-02",
        published: "2023-09-03",
        headline: "Woman dies in Eastport",
        body: "Lena Órtiz, 51, died in Eastport: KILLED death.",
        ..MILLBROOK
    };
    let other = add(&mut case, &elsewhere, 4);
    case.backup(&home.place()).expect("moved");
    assert!(case.backup(&home.place()).is_err(), "nothing is overwritten");
    let mut moved = CaseFile::open(home.place(), Access::Write).expect("case file");
    let back = Place::File(file.path().join("back.db"));
    moved.backup(&back).expect("moved");
    let back = CaseFile::open(&back, Access::Read).expect("case file");
    for case in [&case, &moved, &back] {
        assert_eq!(case.verify().expect("verified").1, []);
        let found = |text: &str| {
            let rows = case.list(&Filter { text: Some(text.to_owned()), ..Filter::default() }).expect("a list");
            rows.into_iter().map(|row| row.incident).collect::<Vec<String>>()
        };
        assert_eq!(found("eastport ortiz"), [other.as_str()]);
        assert_eq!(found("terrence"), [id.as_str()]);
        assert_eq!(found("terrence eastport"), [] as [&str; 0]);
    }
    // The next numbers are free.
    add(&mut moved, &Shooting { id: "later", ..MILLBROOK }, 5);
    assert_eq!(moved.verify().expect("verified").1, []);
}

#[test]
#[ignore = "needs a server: BLOTTER_TEST_POSTGRES"]
fn what_is_not_there_is_said() {
    let home = server();
    let Place::Postgres(url) = home.place() else { panic!("a server") };
    assert!(matches!(CaseFile::open(home.place(), Access::Read), Err(Error::Refused(_))), "no tables yet");
    let none = Place::Postgres(url.replace("/blotter_", "/none_"));
    let words = CaseFile::open(&none, Access::Read).err().expect("no database").to_string();
    assert!(words.contains("does not exist"), "{words}");
    let nowhere = Place::Postgres("postgres://localhost:1/none?connect_timeout=2".to_owned());
    let words = CaseFile::open(&nowhere, Access::Read).err().expect("no server").to_string();
    assert!(words.contains("connect"), "{words}");
    // Who only looks may not write.
    CaseFile::open(home.place(), Access::Create).expect("case file");
    let mut reader = CaseFile::open(home.place(), Access::Read).expect("case file");
    let words = reader.add(&reading(&MILLBROOK), "test", &at(3)).expect_err("read-only").to_string();
    assert!(words.contains("read-only"), "{words}");
}

#[test]
#[ignore = "needs a server: BLOTTER_TEST_POSTGRES"]
fn what_came_to_nothing_is_not_told_of_as_filed() {
    let home = server();
    let mut case = CaseFile::open(home.place(), Access::Create).expect("case file");
    // After a fault a server takes the end of the transaction for its undoing, without a word.
    let impossible = Filter { limit: Some(u64::MAX), ..Filter::default() };
    let done: Result<String, Error> = case.together(|case| {
        let id = add(case, &MILLBROOK, 3);
        assert!(case.list(&impossible).is_err());
        Ok(id)
    });
    assert!(done.is_err());
    assert!(case.report("ledger-1", None).is_err());
    add(&mut case, &MILLBROOK, 3);
    assert_eq!(case.reports().expect("reports").len(), 1);
}

#[test]
#[ignore = "needs a server: BLOTTER_TEST_POSTGRES"]
fn zero_bytes_cost_nothing() {
    let home = server();
    let mut case = CaseFile::open(home.place(), Access::Create).expect("case file");
    let odd = Shooting {
        id: "a\0b",
        place: ("Mill\0brook", 40.7, -84.2),
        headline: "Man\0 killed in Mill\0brook",
        body: "A\0 man, Terrence Boyle, 34, was killed in Mill\0brook, police said: KILLED.",
        ..MILLBROOK
    };
    let id = add(&mut case, &odd, 3);
    assert_eq!(case.show(&id, None).expect("a record").0.reports.len(), 1);
    assert!(
        case.report("a\0b", None).expect("the report").reading["report"]["text"]
            .as_str()
            .is_some_and(|t| t.contains('\0'))
    );
    assert_eq!(case.verify().expect("verified").1, []);
}
