//! The case file as its caller sees it.

mod common;
mod home;

use blotter_case::decide::Decision;
use blotter_case::{Access, CaseFile, Error, Filter, Outcome, Place, Stamp};
use blotter_core::facts::Field;
use common::{MILLBROOK, Shooting, add, at, reading};
use home::case;

/// Another outlet's report of the same shooting.
const COURIER: Shooting<'static> = Shooting {
    id: "courier-1",
    outlet: "Staunton Courier",
    headline: "Millbrook man, 34, shot dead outside diner",
    body: "Police are looking for a gray sedan after Terrence Boyle was shot dead on Harmon Avenue in Millbrook. Deaths so far: \
           KILLED. The owner of the Lantern said that he had heard six shots.",
    ..MILLBROOK
};

/// A shooting elsewhere, of the same day.
const ELSEWHERE: Shooting<'static> = Shooting {
    id: "harbor-9",
    outlet: "Harbor Post",
    place: ("Eastport", 44.9, -67.0),
    victim: ("Lena Ortiz", 51),
    headline: "Woman dies in Eastport shooting",
    body: "Lena Ortiz, 51, died on Wednesday after a quarrel at the Eastport cannery, the sheriff said. KILLED person was \
           killed; two cannery workers were questioned.",
    ..MILLBROOK
};

fn best(case: &CaseFile, incident: &str, as_of: Option<&str>) -> serde_json::Value {
    case.show(incident, as_of).expect("a record").0.best_json()
}

#[test]
fn reports_of_one_incident_make_one_record() {
    let (_folder, mut case) = case();
    let a = add(&mut case, &MILLBROOK, 3);
    assert_eq!(add(&mut case, &COURIER, 4), a);
    assert_ne!(add(&mut case, &ELSEWHERE, 5), a);
    let (record, _) = case.show(&a, None).expect("a record");
    assert_eq!(record.reports.len(), 2);
    assert_eq!(record.of(Field::Killed)[0].independent, 1, "both name the police");
    assert_eq!(record.summary, "Shooting at Millbrook (US) on 2023-08-02, 1 killed.");
    let clusters = case.clusters().expect("clusters");
    assert_eq!(clusters[0].main_for, ["ledger-1", "courier-1"]);
}

#[test]
fn reports_filed_together_are_filed_all_or_none() {
    let (_folder, mut case) = case();
    let refused: Result<(), Error> = case.together(|case| {
        add(case, &MILLBROOK, 3);
        Err(Error::Refused("the second one".to_owned()))
    });
    assert!(refused.is_err());
    assert!(case.clusters().expect("clusters").is_empty());
    let one = case.together(|case| Ok((add(case, &MILLBROOK, 3), add(case, &COURIER, 4)))).expect("filed");
    assert_eq!(one.0, one.1);
    assert_eq!(case.clusters().expect("clusters")[0].main_for, ["ledger-1", "courier-1"]);
    assert!(case.verify().expect("checked").1.is_empty());
}

#[test]
fn the_order_of_arrival_changes_no_cluster() {
    let mut orders = Vec::new();
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]] {
        let (_folder, mut case) = case();
        for i in order {
            add(&mut case, &[MILLBROOK, COURIER, ELSEWHERE][i], 3);
        }
        let mut found: Vec<Vec<String>> = case.clusters().expect("clusters").into_iter().map(|c| c.main_for).collect();
        found.iter_mut().for_each(|c| c.sort());
        found.sort();
        orders.push(found);
    }
    assert!(orders.windows(2).all(|two| two[0] == two[1]), "{orders:?}");
}

#[test]
fn unchanged_new_version_and_copy() {
    let (_folder, mut case) = case();
    let outcome = |case: &mut CaseFile, s: &Shooting<'_>| case.add(&reading(s), "test", &at(3)).expect("filed");
    assert_eq!(outcome(&mut case, &MILLBROOK).outcome, Outcome::New);
    assert_eq!(outcome(&mut case, &MILLBROOK).outcome, Outcome::Unchanged);
    let second = outcome(&mut case, &Shooting { killed: 2, ..MILLBROOK });
    assert_eq!((second.outcome, second.version), (Outcome::NewVersion, 2));
    let copy = outcome(&mut case, &Shooting { id: "city-7", outlet: "City Wire", killed: 2, ..MILLBROOK });
    assert_eq!((copy.outcome, copy.of.as_deref()), (Outcome::Copy, Some("ledger-1")));
    let (record, _) = case.show(&copy.incidents[0].0, None).expect("a record");
    // A copy shares its origin, and the rise within one report is no disagreement.
    assert!(record.reports.iter().all(|r| r.origin == record.reports[0].origin));
    assert!(record.disagreements.is_empty());
    assert_eq!(record.best_json()["killed"]["best"], 2);
}

#[test]
fn any_past_moment_can_be_shown() {
    let (_folder, mut case) = case();
    let id = add(&mut case, &MILLBROOK, 3);
    add(&mut case, &Shooting { killed: 2, published: "2023-08-05", ..COURIER }, 5);
    add(&mut case, &Shooting { killed: 2, published: "2023-08-05", ..MILLBROOK }, 6);
    assert_eq!(best(&case, &id, Some("2023-08-04T00:00:00Z"))["killed"]["best"], 1);
    assert_eq!(best(&case, &id, None)["killed"]["best"], 2);
    let early = case.show(&id, Some("2023-08-01T00:00:00Z"));
    assert!(matches!(early, Err(Error::NotYet(_))));
    let changes = case.diff(&id, "2023-08-04T00:00:00Z", "2023-08-07T00:00:00Z").expect("changes");
    let killed = changes.iter().find(|c| c.field == "killed").expect("a change of killed");
    assert_eq!((killed.before.as_deref(), killed.after.as_deref()), (Some("1"), Some("2")));
    assert!(case.history(&id).expect("history").iter().any(|c| c.report.as_deref() == Some("courier-1")));
}

#[test]
fn time_never_runs_backwards() {
    let (_folder, mut case) = case();
    add(&mut case, &MILLBROOK, 5);
    assert!(matches!(case.add(&reading(&ELSEWHERE), "test", &at(4)), Err(Error::Refused(_))));
    // A clock that is merely behind is corrected.
    let behind = Stamp { set: false, ..at(4) };
    case.add(&reading(&ELSEWHERE), "test", &behind).expect("filed");
    assert_eq!(case.report("harbor-9", None).expect("report").learned, "2023-08-05T12:00:00Z");
}

#[test]
fn people_link_and_split_and_undo() {
    let (_folder, mut case) = case();
    let a = add(&mut case, &MILLBROOK, 3);
    let b = add(&mut case, &ELSEWHERE, 3);
    let reports = |case: &CaseFile, id: &str| case.show(id, None).expect("a record").0.reports.len();
    let (link, _) = case.decide(&Decision::Link(a.clone(), b.clone()), Some("one gunman"), &at(4)).expect("linked");
    assert_eq!(reports(&case, &a), 2);
    assert_eq!(case.show(&b, None).expect("a record").1.as_deref(), Some(b.as_str()), "the other id still leads there");
    // It stays whatever is filed later.
    add(&mut case, &COURIER, 5);
    assert_eq!(reports(&case, &a), 3);
    case.decide(&Decision::Undo(link), None, &at(6)).expect("undone");
    assert_eq!((reports(&case, &a), reports(&case, &b)), (2, 1), "the ids that were are again");

    let split = Decision::Split { incident: a.clone(), reports: vec!["courier-1".to_owned()] };
    let (number, touched) = case.decide(&split, Some("another diner"), &at(7)).expect("split");
    assert_eq!((touched.len(), reports(&case, &a)), (2, 1));
    case.add(&reading(&Shooting { killed: 3, ..COURIER }), "test", &at(8)).expect("filed");
    assert_eq!(reports(&case, &a), 1, "a new version does not bring them together");
    case.decide(&Decision::Undo(number), None, &at(9)).expect("undone");
    assert_eq!(reports(&case, &a), 2);
    assert!(case.decide(&Decision::Undo(number), None, &at(9)).is_err());
    assert_eq!(case.verify().expect("verified").1, []);
}

#[test]
fn a_link_after_a_split_wins() {
    let (_folder, mut case) = case();
    let a = add(&mut case, &MILLBROOK, 3);
    add(&mut case, &COURIER, 3);
    let split = Decision::Split { incident: a.clone(), reports: vec!["courier-1".to_owned()] };
    let (_, touched) = case.decide(&split, Some("another diner"), &at(4)).expect("split");
    let b = touched.iter().find(|n| **n != a).expect("the other").clone();
    case.decide(&Decision::Link(a.clone(), b), Some("the same after all"), &at(5)).expect("linked");
    assert_eq!(case.show(&a, None).expect("a record").0.reports.len(), 2);
}

#[test]
fn pins_rejections_status_and_comments() {
    let (_folder, mut case) = case();
    let id = add(&mut case, &MILLBROOK, 3);
    let pin = Decision::Pin { incident: id.clone(), field: Field::Killed, value: "4".to_owned() };
    let (number, _) = case.decide(&pin, Some("the coroner's list"), &at(4)).expect("pinned");
    add(&mut case, &Shooting { killed: 2, ..COURIER }, 5);
    assert_eq!(best(&case, &id, None)["killed"]["best"], 4);
    let (record, _) = case.show(&id, None).expect("a record");
    assert!(record.disagreements.iter().any(|d| d.note.contains("pinned by Ann")), "{:?}", record.disagreements);
    case.decide(&Decision::Undo(number), None, &at(6)).expect("undone");
    assert_ne!(best(&case, &id, None)["killed"]["best"], 4);

    let fact = case.show(&id, None).expect("a record").0.of(Field::Victim)[0].fact.clone();
    case.decide(&Decision::Reject(fact), Some("another man"), &at(7)).expect("rejected");
    assert_eq!(best(&case, &id, None)["victim"], serde_json::Value::Null);
    case.decide(&Decision::Status(id.clone(), "reviewed".to_owned()), None, &at(7)).expect("set");
    case.decide(&Decision::Comment(id.clone(), "call the coroner".to_owned()), None, &at(7)).expect("noted");
    let (record, _) = case.show(&id, None).expect("a record");
    assert_eq!((record.status.as_str(), record.comments[0].text.as_str()), ("reviewed", "call the coroner"));
    let fields: Vec<String> = case.history(&id).expect("history").into_iter().map(|c| c.field).collect();
    for field in ["killed", "victim", "status", "comment"] {
        assert!(fields.iter().any(|f| f == field), "{field}: {fields:?}");
    }
}

#[test]
fn a_retracted_report_supports_nothing() {
    let (_folder, mut case) = case();
    let id = add(&mut case, &MILLBROOK, 3);
    let (number, _) =
        case.decide(&Decision::Retract("ledger-1".to_owned()), Some("made up"), &at(4)).expect("retracted");
    let (record, _) = case.show(&id, None).expect("a record");
    assert_eq!((record.status.as_str(), record.best_json()), ("withdrawn", serde_json::json!({})));
    assert!(case.list(&Filter::default()).expect("list").is_empty());
    let withdrawn = Filter { status: Some("withdrawn".to_owned()), ..Filter::default() };
    assert_eq!(case.list(&withdrawn).expect("list").len(), 1);
    assert_eq!(best(&case, &id, Some("2023-08-03T23:00:00Z"))["killed"]["best"], 1, "what was known stays known");
    case.decide(&Decision::Undo(number), None, &at(5)).expect("undone");
    assert_eq!(best(&case, &id, None)["killed"]["best"], 1);
}

#[test]
fn a_kill_notice_retracts_what_it_names_or_is_a_doubt() {
    let (_folder, mut case) = case();
    let id = add(&mut case, &MILLBROOK, 3);
    let notice = Shooting {
        id: "ledger-2",
        headline: "KILL NOTICE: Man killed outside Millbrook diner",
        body: "Kill the story of 3 August, Man killed outside Millbrook diner. Terrence Boyle is alive. KILLED.",
        ..MILLBROOK
    };
    let added = case.add(&reading(&notice), "test", &at(4)).expect("filed");
    assert_eq!((added.outcome, added.of.as_deref()), (Outcome::Retracted, Some("ledger-1")));
    let record = case.show(&id, None).expect("a record").0;
    assert_eq!(record.status, "withdrawn");
    // Its number is told wherever the retraction is, and undoes it.
    let number = added.decision.expect("a number");
    assert_eq!(record.reports[0].retracted.as_deref(), Some(&*format!("kill notice ledger-2 (D{number})")));
    let told = case.history(&id).expect("history").into_iter().rfind(|c| c.field == "reports").expect("a change");
    assert_eq!((told.decision, told.why.as_str()), (Some(number), "D2 kill notice ledger-2 for ledger-1"));
    case.decide(&Decision::Undo(number), None, &at(4)).expect("undone");
    assert_eq!(case.show(&id, None).expect("a record").0.status, "open");
    let stray = Shooting {
        id: "harbor-2",
        outlet: "Harbor Post",
        body: "Editors, do not use our story about the Millbrook diner and Terrence Boyle. It was a draft. KILLED.",
        ..notice
    };
    let added = case.add(&reading(&stray), "test", &at(5)).expect("filed");
    assert!(added.incidents.is_empty() && added.of.is_none());
    let doubts = case.doubts(10).expect("doubts");
    assert!(doubts.iter().any(|d| d.kind == "kill notice" && d.report.as_deref() == Some("harbor-2")));
}

#[test]
fn a_canceled_wire_item_takes_itself_back() {
    let (_folder, mut case) = case();
    let id = add(&mut case, &MILLBROOK, 3);
    // With the very words that it takes back.
    let mut canceled = reading(&MILLBROOK);
    canceled["report"]["wire"] = serde_json::json!({ "pubstatus": "canceled" });
    let added = case.add(&canceled, "test", &at(4)).expect("filed");
    assert_eq!((added.outcome, added.of.as_deref()), (Outcome::Retracted, Some("ledger-1")));
    assert_eq!(case.show(&id, None).expect("a record").0.status, "withdrawn");
    assert_eq!(case.add(&canceled, "test", &at(5)).expect("filed").outcome, Outcome::Unchanged);
    case.decide(&Decision::Undo(added.decision.expect("a number")), None, &at(6)).expect("undone");
    assert_eq!(case.show(&id, None).expect("a record").0.status, "open");
    // One that was never seen opens no incident.
    let mut stray = reading(&ELSEWHERE);
    stray["report"]["wire"] = serde_json::json!({ "pubstatus": "canceled" });
    assert!(case.add(&stray, "test", &at(7)).expect("filed").incidents.is_empty());
    assert!(case.verify().expect("checked").1.is_empty());
}

/// One version of a wire's item.
fn wired(edition: u64, killed: u64) -> serde_json::Value {
    let mut item = reading(&Shooting { killed, ..MILLBROOK });
    item["report"]["wire"] = serde_json::json!({ "version": edition.to_string(), "pubstatus": "usable" });
    item
}

#[test]
fn a_wire_version_that_comes_late_replaces_no_later_one() {
    let records = [[1, 2, 3], [3, 1, 2], [2, 3, 1], [3, 2, 1]].map(|order| {
        let (_folder, mut case) = case();
        let mut highest = 0;
        let mut id = String::new();
        for edition in order {
            let added = case.add(&wired(edition, edition + 1), "test", &at(3)).expect("filed");
            assert_eq!(added.outcome == Outcome::LateVersion, edition < highest, "{order:?}: {edition}");
            highest = highest.max(edition);
            id.clone_from(&added.incidents[0].0);
        }
        // Delivered again, none is news.
        for edition in order {
            let again = case.add(&wired(edition, edition + 1), "test", &at(4)).expect("filed");
            assert_eq!(again.outcome, Outcome::Unchanged, "{order:?}: {edition}");
        }
        assert_eq!(case.verify().expect("verified").1, []);
        let record = case.show(&id, None).expect("a record").0;
        assert_eq!(record.best_json()["killed"]["best"], 4, "{order:?}");
        let standing = |e: &&blotter_case::record::Entry| e.stands();
        assert_eq!(record.of(Field::Killed).iter().filter(standing).count(), 1, "{order:?}");
        (record.best_json(), record.disagreements.len())
    });
    assert!(records.windows(2).all(|two| two[0] == two[1]), "{records:?}");
}

#[test]
fn a_late_cancellation_takes_nothing_back() {
    let (_folder, mut case) = case();
    let id = case.add(&wired(3, 2), "test", &at(3)).expect("filed").incidents[0].0.clone();
    let mut canceled = wired(2, 1);
    canceled["report"]["wire"]["pubstatus"] = "canceled".into();
    let added = case.add(&canceled, "test", &at(4)).expect("filed");
    assert_eq!((added.outcome, added.incidents.len()), (Outcome::LateVersion, 0));
    assert_eq!(case.show(&id, None).expect("a record").0.status, "open");
    assert!(case.doubts(10).expect("doubts").iter().all(|d| d.kind != "kill notice"));
}

#[test]
fn a_field_in_conflict_is_one_doubt() {
    let (_folder, mut case) = case();
    add(&mut case, &MILLBROOK, 3);
    add(&mut case, &Shooting { killed: 2, ..COURIER }, 3);
    let star =
        Shooting { id: "star-1", outlet: "Valley Star", killed: 3, headline: "Deaths at the Lantern", ..MILLBROOK };
    add(&mut case, &star, 3);
    let doubts = case.doubts(20).expect("doubts");
    let killed: Vec<&str> = doubts
        .iter()
        .filter(|d| d.kind == "conflict" && d.field == Some(Field::Killed))
        .map(|d| d.why.as_str())
        .collect();
    assert!(killed.len() == 1 && killed[0].ends_with("more"), "{doubts:?}");
}

#[test]
fn lists_are_filtered() {
    let (_folder, mut case) = case();
    let a = add(&mut case, &MILLBROOK, 3);
    let b = add(&mut case, &Shooting { killed: 5, day: "2023-08-01", ..ELSEWHERE }, 3);
    let found = |filter: Filter| case.list(&filter).expect("list").into_iter().map(|r| r.incident).collect::<Vec<_>>();
    let some = |words: &str| Some(words.to_owned());
    let only = |id: &String| vec![id.clone()];
    assert_eq!(found(Filter::default()), [a.clone(), b.clone()], "the newest first");
    assert_eq!(found(Filter { since: some("2023-08-02"), ..Filter::default() }), only(&a));
    assert_eq!(found(Filter { until: some("2023-08-01"), ..Filter::default() }), only(&b));
    assert_eq!(found(Filter { min_killed: Some(2), ..Filter::default() }), only(&b));
    assert_eq!(found(Filter { near: Some((44.8, -67.1, 30.0)), ..Filter::default() }), only(&b));
    assert_eq!(found(Filter { text: some("cannery boyle"), ..Filter::default() }), [] as [&str; 0]);
    assert_eq!(found(Filter { text: some("boyle"), ..Filter::default() }), only(&a));
    assert_eq!(found(Filter { text: some("\"quoted ( *"), ..Filter::default() }), [] as [&str; 0]);
    assert_eq!(found(Filter { kind: some("attack"), country: some("us"), ..Filter::default() }).len(), 2);
    assert_eq!(found(Filter { kind: some("abduction"), ..Filter::default() }).len(), 0);
    assert_eq!(found(Filter { limit: Some(1), ..Filter::default() }), [a]);
}

#[test]
fn a_better_reading_replaces_the_old_one_and_the_old_one_stays() {
    let (_folder, mut case) = case();
    let id = add(&mut case, &MILLBROOK, 3);
    let mut better = reading(&MILLBROOK);
    assert_eq!(case.reread("ledger-1", 1, &better, "test", &at(4)).expect("same"), None);
    better["incidents"][0]["facts"][3]["value"]["age"] = 35.into();
    let touched = case.reread("ledger-1", 1, &better, "test 2", &at(4)).expect("read again").expect("a change");
    assert_eq!(touched, [id.as_str()]);
    assert_eq!(best(&case, &id, None)["victim"][0]["age"], 35);
    assert_eq!(best(&case, &id, Some("2023-08-03T20:00:00Z"))["victim"][0]["age"], 34);
    assert_eq!(case.verify().expect("verified").1, []);
}

#[test]
fn a_backup_is_a_whole_case_file() {
    let (folder, mut case) = case();
    let id = add(&mut case, &MILLBROOK, 3);
    let to = Place::File(folder.path().join("copy.db"));
    case.backup(&to).expect("written");
    assert!(case.backup(&to).is_err(), "nothing is overwritten");
    let copy = CaseFile::open(&to, Access::Read).expect("a case file");
    assert_eq!(copy.verify().expect("verified").1, []);
    assert_eq!(best(&copy, &id, None), best(&case, &id, None));
}

/// A report about one shooting that recalls another.
fn recalling(main: &Shooting<'_>, recalled: &Shooting<'_>) -> serde_json::Value {
    let (mut whole, other) = (reading(main), reading(recalled));
    let mut incident = other["incidents"][0].clone();
    incident["id"] = "i2".into();
    incident["relation"] = "background".into();
    // The quotes of the other report do not stand in this one.
    let headline = whole["report"]["headline"].clone();
    for fact in incident["facts"].as_array_mut().expect("facts") {
        fact["evidence"] = serde_json::json!([headline]);
    }
    whole["incidents"].as_array_mut().expect("incidents").push(incident);
    whole
}

#[test]
fn what_is_related_is_told_as_it_was_then() {
    let (_folder, mut case) = case();
    let old = add(&mut case, &ELSEWHERE, 3);
    case.add(&recalling(&MILLBROOK, &ELSEWHERE), "test", &at(4)).expect("filed");
    let related = |case: &CaseFile, as_of| case.show(&old, as_of).expect("a record").0.related.clone();
    let new = related(&case, None)[0].0.clone();
    let then = related(&case, None)[0].1.clone();
    assert!(then.contains("1 killed"), "{then}");
    let pin = Decision::Pin { incident: new, field: Field::Killed, value: "7".to_owned() };
    case.decide(&pin, Some("the coroner"), &at(6)).expect("pinned");
    assert!(related(&case, None)[0].1.contains("7 killed"));
    assert_eq!(related(&case, Some("2023-08-05T00:00:00Z"))[0].1, then);
}
