//! Records of hand-made tellings.

use serde_json::json;

use super::*;
use crate::contract;

/// A telling of some tolls: (field, number, source).
fn telling(report: &str, version: i64, when: &str, origin: &str, facts: &[(&str, u64, &str)]) -> Telling {
    let fact = |(field, number, source): &(&str, u64, &str)| {
        let raw =
            json!({ "min": number, "best": number, "max": number, "who": null, "scope": "total", "attackers": false });
        made(field, raw, source)
    };
    Telling {
        report: report.into(),
        version,
        edition: version,
        published: Some(when.into()),
        when: when.into(),
        origin: origin.into(),
        relation: Relation::Main,
        headline: None,
        retracted: None,
        correction: None,
        facts: Arc::new(facts.iter().map(fact).collect()),
    }
}

fn made(field: &str, raw: Json, source: &str) -> (ToldFact, bool) {
    let field = contract::field(field).expect("a field");
    let sources = if source.is_empty() { Vec::new() } else { vec![json!({ "name": source, "via": [] })] };
    let fact = ToldFact {
        field,
        value: contract::value(field, &raw).expect("a value"),
        raw: Arc::new(raw),
        status: Status::Reported,
        sources: Arc::new(sources),
        denied_by: Arc::default(),
        evidence: Arc::new(vec![json!({ "start": 0, "end": 1, "quote": "x" })]),
        confidence: 0.8,
        keys: std::sync::OnceLock::new(),
    };
    (fact, false)
}

fn of(tellings: Vec<Telling>) -> Record {
    record(Input { incident: "B-TEST".to_owned(), tellings, ..Input::default() })
}

fn best(record: &Record, field: Field) -> String {
    record.best(field).map(|e| brief(&e.value)).unwrap_or_default()
}

#[test]
fn a_rising_toll_of_one_origin_is_no_disagreement() {
    let record = of(vec![
        telling("a", 1, "2024-03-12T10:00", "Gazette", &[("killed", 3, "police")]),
        telling("b", 1, "2024-03-12T15:00", "Gazette", &[("killed", 5, "police")]),
    ]);
    assert_eq!(best(&record, Field::Killed), "5");
    assert!(record.disagreements.is_empty());
    let old = &record.of(Field::Killed)[1];
    assert_eq!(old.superseded_by.as_ref().map(|s| (&*s.report, s.kind)), Some(("b", "update")));
}

#[test]
fn two_origins_that_differ_disagree_and_are_not_averaged() {
    let record = of(vec![
        telling("a", 1, "2024-03-12T10:00", "Gazette", &[("killed", 12, "police")]),
        telling("b", 1, "2024-03-12T12:00", "Radio", &[("killed", 19, "the hospital")]),
        telling("c", 1, "2024-03-12T12:00", "Herald", &[("killed", 19, "")]),
    ]);
    assert_eq!(best(&record, Field::Killed), "19");
    assert_eq!(record.disagreements.len(), 1);
    let found = &record.disagreements[0];
    assert_eq!((found.kind, found.note.as_str()), ("number", "19 (Herald), 12 (police, in Gazette)"));
    assert_eq!(record.of(Field::Killed)[0].independent, 2);
}

#[test]
fn one_origin_counts_once_however_often_it_is_printed() {
    let mut tellings = vec![telling("x", 1, "2024-03-12T10:00", "Herald", &[("killed", 4, "")])];
    tellings.extend((0..5).map(|i| telling(&format!("c{i}"), 1, "2024-03-12T10:00", "Gazette", &[("killed", 9, "")])));
    tellings.push(telling("y", 1, "2024-03-12T11:00", "Radio", &[("killed", 4, "")]));
    let record = of(tellings);
    assert_eq!(best(&record, Field::Killed), "4");
    assert_eq!(record.of(Field::Killed)[1].independent, 1);
}

#[test]
fn an_outlet_that_names_itself_is_one_voice() {
    let record = of(vec![
        telling("a", 1, "2024-03-12", "Radio", &[("killed", 4, "the Radio")]),
        telling("b", 1, "2024-03-12", "Radio", &[("killed", 4, "")]),
    ]);
    assert_eq!(record.of(Field::Killed)[0].independent, 1);
}

#[test]
fn a_toll_that_explains_itself_replaces_other_origins() {
    let mut later = telling("b", 1, "2024-03-13", "Radio", &[("killed", 8, "the mayor")]);
    Arc::make_mut(&mut later.facts)[0].1 = true;
    let record = of(vec![telling("a", 1, "2024-03-12", "Gazette", &[("killed", 5, "police")]), later]);
    assert_eq!(best(&record, Field::Killed), "8");
    assert!(record.disagreements.is_empty() && record.of(Field::Killed)[1].superseded_by.is_some());
}

#[test]
fn a_correction_replaces_what_it_names_in_every_mouth() {
    let mut later = telling("a", 2, "2024-03-13", "Gazette", &[("killed", 11, "the health office")]);
    later.correction = Some("Correction: an earlier version said that 14 people had been killed.".into());
    let record = of(vec![
        telling("a", 1, "2024-03-12", "Gazette", &[("killed", 14, "the governor")]),
        telling("b", 1, "2024-03-12", "Radio", &[("killed", 14, "the governor")]),
        later,
    ]);
    assert_eq!(best(&record, Field::Killed), "11");
    assert!(record.disagreements.is_empty(), "{:?}", record.disagreements);
    let kind = record.of(Field::Killed)[1].superseded_by.as_ref().map(|s| s.kind);
    assert_eq!(kind, Some("correction"));
}

#[test]
fn a_later_smaller_toll_without_a_note_disagrees() {
    let record = of(vec![
        telling("a", 1, "2024-03-12", "Gazette", &[("killed", 14, "police")]),
        telling("b", 1, "2024-03-13", "Gazette", &[("killed", 11, "police")]),
    ]);
    assert_eq!(record.disagreements.len(), 1);
}

#[test]
fn a_newer_version_replaces_the_older_one() {
    let record = of(vec![
        telling("a", 1, "2024-03-12", "Gazette", &[("wounded", 14, "")]),
        telling("a", 2, "2024-03-12", "Gazette", &[("wounded", 11, "")]),
    ]);
    assert_eq!(best(&record, Field::Wounded), "11");
    assert!(record.disagreements.is_empty());
}

#[test]
fn a_retraction_takes_the_support_away() {
    let mut only = telling("a", 1, "2024-03-12", "Gazette", &[("killed", 14, "")]);
    only.retracted = Some("made up (Ann)".into());
    let record = of(vec![only]);
    assert_eq!(record.status, "withdrawn");
    assert_eq!(record.best_json(), json!({}));
    assert_eq!(record.of(Field::Killed)[0].superseded_by.as_ref().map(|s| s.kind), Some("retraction"));
}

#[test]
fn a_pinned_value_stays_and_what_differs_is_shown_as_contradicting_it() {
    let raw = json!({ "min": 12, "best": 12, "max": 12, "who": null, "scope": "total", "attackers": false });
    let decided = Decided { decision: 7, by: "Ann".into(), at: "2024-03-14".into(), why: "list of names".into() };
    let value = contract::value(Field::Killed, &raw).expect("a value");
    let tellings = (0..3).map(|i| telling(&format!("r{i}"), 1, "2024-03-15", &format!("o{i}"), &[("killed", 15, "")]));
    let input = Input {
        tellings: tellings.collect(),
        pins: vec![Pin { field: Field::Killed, value, raw: Arc::new(raw), decided }],
        ..Input::default()
    };
    let record = record(input);
    assert_eq!(best(&record, Field::Killed), "12");
    assert_eq!(record.disagreements[0].note, "12 (pinned by Ann), 15 (o2)");
}

#[test]
fn a_rejected_value_is_kept_and_not_best() {
    let tellings = vec![
        telling("a", 1, "2024-03-12", "Gazette", &[("killed", 14, "")]),
        telling("b", 1, "2024-03-12", "Radio", &[("killed", 2, "")]),
        telling("c", 1, "2024-03-12", "Herald", &[("killed", 14, "")]),
    ];
    let fact = of(tellings.clone()).of(Field::Killed)[0].fact.clone();
    let decided = Decided { decision: 9, by: "Ann".into(), at: String::new(), why: "a misprint".into() };
    let input = Input {
        incident: "B-TEST".to_owned(),
        tellings,
        rejected: HashMap::from([(fact, decided)]),
        ..Input::default()
    };
    let record = record(input);
    assert_eq!(best(&record, Field::Killed), "2");
    assert_eq!(record.of(Field::Killed).len(), 2);
}

#[test]
fn denials_stand_beside_claims() {
    let mut telling = telling("a", 1, "2024-03-12", "Gazette", &[]);
    let raw = json!({ "party": { "name": "Northern Front" }, "stance": "accused" });
    let mut fact = made("responsibility", raw, "the army");
    fact.0.status = Status::Denied;
    fact.0.denied_by = Arc::new(vec![json!({ "name": "the Northern Council", "via": [] })]);
    Arc::make_mut(&mut telling.facts).push(fact);
    let record = of(vec![telling]);
    let entry = &record.of(Field::Responsibility)[0];
    assert_eq!(entry.said.iter().map(|s| s.supports).collect::<Vec<_>>(), [true, false]);
    assert_eq!(record.disagreements[0].kind, "status");
}

#[test]
fn a_more_exact_value_has_the_support_of_those_it_lies_in() {
    let when = |start: &str, timex: &str, precision: &str| {
        made("when", json!({ "start": start, "end": start, "precision": precision, "timex": timex }), "")
    };
    let mut day = telling("a", 1, "2024-03-13", "Gazette", &[]);
    Arc::make_mut(&mut day.facts).push(when("2024-03-12", "2024-03-12", "day"));
    let mut night = telling("b", 1, "2024-03-13", "Radio", &[]);
    Arc::make_mut(&mut night.facts).push(when("2024-03-12", "2024-03-12TNI", "part-of-day"));
    let mut off = telling("c", 1, "2024-03-13", "Herald", &[]);
    Arc::make_mut(&mut off.facts).push(when("2024-03-02", "2024-03-02", "day"));
    let record = of(vec![day, night, off]);
    match &record.best(Field::When).expect("a day").value {
        Value::When { start, .. } => assert_eq!(start.as_deref(), Some("2024-03-12")),
        other => panic!("{other:?}"),
    }
    assert_eq!(record.disagreements.iter().filter(|d| d.kind == "date").count(), 1);
}

#[test]
fn the_order_of_arrival_changes_nothing() {
    let mut tellings = vec![
        telling("a", 1, "2024-03-12", "Gazette", &[("killed", 3, "police"), ("wounded", 2, "")]),
        telling("b", 1, "2024-03-12", "Radio", &[("killed", 4, "the mayor")]),
        telling("c", 1, "2024-03-12", "Herald", &[("killed", 4, "")]),
    ];
    let forward = of(tellings.clone()).json();
    tellings.reverse();
    assert_eq!(of(tellings).json(), forward);
}

#[test]
fn values_that_people_write() {
    let words = |field, text| parse(field, text).map(|(value, _)| brief(&value));
    assert_eq!(words(Field::Killed, "12").as_deref(), Ok("12"));
    assert_eq!(words(Field::Killed, "12+").as_deref(), Ok("at least 12"));
    assert_eq!(words(Field::Killed, "12-15").as_deref(), Ok("12 to 15"));
    assert_eq!(words(Field::When, "2024-03-12/2024-03-14").as_deref(), Ok("2024-03-12 to 2024-03-14"));
    assert_eq!(words(Field::Where, "Port Kesh").as_deref(), Ok("Port Kesh"));
    assert!(words(Field::When, "soon").is_err());
    assert!(words(Field::Killed, "a dozen").is_err());
    assert!(words(Field::Where, "{").is_err());
}

#[test]
fn of_many_statements_each_finds_what_replaced_it() {
    // Of 60 outlets every third follows the toll up; a note names one number as wrong in every mouth.
    let rising = (0..60).map(|i| {
        let (report, origin) = (format!("r{i:02}"), format!("o{}", i % 20));
        telling(
            &report,
            1,
            &format!("2024-03-{:02}T{:02}:00", 12 + i / 20, i % 20),
            &origin,
            &[("killed", 3 + i / 20, "")],
        )
    });
    let mut note = telling("z", 1, "2024-03-15", "Gazette", &[("killed", 6, "")]);
    note.correction = Some("An earlier version said that 4 people had died.".into());
    let record = of(rising.chain([note]).collect());
    let standing = |e: &Entry| (brief(&e.value), e.stands(), e.superseded_by.as_ref().map(|s| s.kind));
    let mut found: Vec<_> = record.of(Field::Killed).iter().map(standing).collect();
    found.sort();
    let replaced = |n: &str, kind| (n.to_owned(), false, Some(kind));
    let stands = |n: &str| (n.to_owned(), true, None);
    assert_eq!(found, [replaced("3", "update"), replaced("4", "correction"), stands("5"), stands("6")]);
    assert_eq!(record.reports.len(), 61);
}

#[test]
fn a_moment_is_told_to_the_minute() {
    let raw =
        json!({ "start": "2016-09-21T01:20:00", "end": "2016-09-21T01:20:00", "precision": "minute", "timex": "x" });
    assert_eq!(brief(&contract::value(Field::When, &raw).expect("a value")), "2016-09-21 01:20");
}
