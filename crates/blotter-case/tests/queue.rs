//! What a page over the case file asks: pages, counts, points, the log, decisions on what was looked at.

mod common;
mod home;

use blotter_case::decide::Decision;
use blotter_case::{Cursor, Error, Filter, Order};
use common::{MILLBROOK, Shooting, add, at};
use home::{Home, case};

const TOWNS: [(&str, f64, f64); 4] =
    [("Millbrook", 40.7, -84.2), ("Karsova", 51.2, 12.4), ("Port Kesh", 19.6, 37.2), ("Nine Wells", 35.7, 139.7)];
const VICTIMS: [(&str, u64); 4] =
    [("Terrence Boyle", 34), ("Milena Novak", 51), ("Osman Bakri", 44), ("Kenji Arai", 70)];

/// A case file of four shootings, with their incidents.
fn four() -> (Home, blotter_case::CaseFile, Vec<String>) {
    let (folder, mut case) = case();
    let mut incidents = Vec::new();
    for i in 0..4 {
        let (id, headline, day) =
            (format!("r{i}"), format!("Man killed in {}", TOWNS[i].0), format!("2023-07-0{}", i + 1));
        let body = format!("{} was killed in {}, police said. The toll stands at KILLED.", VICTIMS[i].0, TOWNS[i].0);
        let told = Shooting {
            id: &id,
            place: TOWNS[i],
            victim: VICTIMS[i],
            killed: i as u64 + 1,
            headline: &headline,
            day: &day,
            published: &day,
            body: &body,
            ..MILLBROOK
        };
        incidents.push(add(&mut case, &told, 8));
    }
    (folder, case, incidents)
}

#[test]
fn pages_follow_one_another_in_either_order() {
    let (_folder, case, incidents) = four();
    for order in [Order::Newest, Order::Doubt] {
        let whole = case.page(&Filter::default(), order, None, 10).expect("page");
        assert!(whole.next.is_none());
        let whole: Vec<String> = whole.rows.into_iter().map(|r| r.incident).collect();
        assert_eq!(whole.len(), 4);
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = case.page(&Filter::default(), order, after.as_ref(), 1).expect("page");
            found.extend(page.rows.into_iter().map(|r| r.incident));
            let Some(next) = page.next else { break };
            // A cursor is a word in an address meanwhile.
            after = Some(Cursor::read(&next.written()).expect("a cursor"));
        }
        assert_eq!(found, whole);
    }
    let newest = case.page(&Filter::default(), Order::Newest, None, 10).expect("page").rows;
    assert_eq!(newest.iter().map(|r| &r.incident).collect::<Vec<_>>(), incidents.iter().rev().collect::<Vec<_>>());
    for word in ["", "x", "1.2", "1.zz.2023"] {
        assert_eq!(Cursor::read(word), None, "{word}");
    }
}

#[test]
fn counts_and_points_are_of_incidents_under_the_filter() {
    let (_folder, mut case, incidents) = four();
    // A second report of the first: reports are not counted.
    add(
        &mut case,
        &Shooting { id: "again", outlet: "Gazette", published: "2023-07-01", day: "2023-07-01", ..MILLBROOK },
        9,
    );
    let counts = case.counts(&Filter::default()).expect("counts");
    assert_eq!((counts.incidents, counts.killed, counts.killed_told), (4, 10, 4));
    assert_eq!(counts.types.get("attack/shooting"), Some(&4));
    let some = Filter { min_killed: Some(3), ..Filter::default() };
    assert_eq!(case.counts(&some).expect("counts").killed, 7);
    assert_eq!(case.points(&some, 10).expect("points").len(), 2);
    assert_eq!(case.points(&some, 1).expect("points").len(), 1);
    let near = Filter { near: Some((19.6, 37.2, 50.0)), ..Filter::default() };
    let points = case.points(&near, 10).expect("points");
    assert_eq!((points.len(), &points[0].incident, points[0].at), (1, &incidents[2], Some((19.6, 37.2))));
    assert_eq!(case.counts(&near).expect("counts").incidents, 1);
}

#[test]
fn near_misses_nothing_at_the_edge_of_the_degrees_or_close_to_a_pole() {
    let (_folder, mut case) = case();
    // The third lies where the circle around the fourth is widest: further north than its middle, and further east.
    let places =
        [("Dateline", 0.5, 179.9), ("Polar Camp", 89.0, -170.0), ("Widest", 72.06, 27.0), ("Far Cape", 70.0, 0.0)];
    let mut incidents = Vec::new();
    for (i, place) in places.into_iter().enumerate() {
        let (id, day) = (format!("n{i}"), format!("2023-07-1{i}"));
        let headline = format!("Man killed in {}", place.0);
        let body = format!("{} was killed in {}, police said. The toll stands at KILLED.", VICTIMS[i].0, place.0);
        let told = Shooting {
            id: &id,
            place,
            victim: VICTIMS[i],
            killed: i as u64 + 1,
            headline: &headline,
            day: &day,
            published: &day,
            body: &body,
            ..MILLBROOK
        };
        incidents.push(add(&mut case, &told, 8));
    }
    for (near, found) in [
        ((0.0, -179.9, 100.0), &[0][..]),
        ((0.0, -179.9, 50.0), &[]),
        ((0.0, 180.0, 100.0), &[0]),
        ((89.5, 10.0, 200.0), &[1]),
        ((90.0, 0.0, 112.0), &[1]),
        ((70.0, 0.0, 1000.0), &[2, 3]),
        ((70.0, 0.0, 990.0), &[3]),
        ((-90.0, 0.0, 20_100.0), &[0, 1, 2, 3]),
    ] {
        let filter = Filter { near: Some(near), ..Filter::default() };
        let mut points: Vec<String> =
            case.points(&filter, 10).expect("points").into_iter().map(|p| p.incident).collect();
        points.sort_by_key(|incident| incidents.iter().position(|i| i == incident));
        assert_eq!(points, found.iter().map(|i: &usize| incidents[*i].clone()).collect::<Vec<_>>(), "{near:?}");
        assert_eq!(case.counts(&filter).expect("counts").incidents, found.len() as u64, "{near:?}");
        assert_eq!(case.list(&filter).expect("list").len(), found.len(), "{near:?}");
    }
}

#[test]
fn the_log_tells_what_happened_and_what_is_undone() {
    let (_folder, mut case, incidents) = four();
    assert_eq!(case.last().expect("last"), 4);
    let (number, _) =
        case.decide(&Decision::Comment(incidents[0].clone(), "call".to_owned()), None, &at(9)).expect("filed");
    case.decide(&Decision::Undo(number), Some("twice"), &at(9)).expect("undone");
    let after = case.after(3, 10).expect("log");
    assert_eq!(after.iter().map(|e| e.kind.as_str()).collect::<Vec<_>>(), ["version", "comment", "undo"]);
    assert_eq!((after[1].by.as_deref(), after[1].undone, after[1].is_decision), (Some("Ann"), true, true));
    assert_eq!((after[2].why.as_deref(), after[2].is_decision), (Some("twice"), false));
    assert_eq!(after[0].incidents, [incidents[3].clone()]);
    let decided = case.before(None, 10, true).expect("log");
    assert_eq!(decided.iter().map(|e| e.seq).collect::<Vec<_>>(), [6, 5]);
    assert_eq!(case.before(Some(5), 2, false).expect("log").iter().map(|e| e.seq).collect::<Vec<_>>(), [4, 3]);
    assert!(case.after(6, 10).expect("log").is_empty());
}

#[test]
fn a_decision_on_what_has_changed_since_is_not_filed() {
    let (_folder, mut case, incidents) = four();
    let seen = case.last().expect("last");
    let close = |incident: &String| Decision::Status(incident.clone(), "closed".to_owned());
    let cora = blotter_case::Stamp { by: Some("Cora".to_owned()), ..at(9) };
    case.decide(&close(&incidents[0]), None, &cora).expect("filed");
    // The incident that changed, and one that did not.
    let refused = case.decide_on(&close(&incidents[0]), None, &at(9), Some(seen));
    assert!(matches!(refused, Err(Error::Changed(_))), "{refused:?}");
    assert_eq!(case.last().expect("last"), seen + 1);
    case.decide_on(&close(&incidents[1]), None, &at(9), Some(seen)).expect("filed");
    case.decide_on(&close(&incidents[0]), None, &at(9), Some(seen + 1)).expect("filed");
    // What one has decided oneself is known.
    case.decide_on(&close(&incidents[0]), None, &at(9), Some(seen + 1)).expect("filed");
    assert_eq!(case.verify().expect("verified").1, []);
}

#[test]
fn what_people_keep_apart_is_no_doubt_until_that_is_undone() {
    let (_folder, mut case) = case();
    case.set_thresholds(blotter_case::Thresholds { join: 1.0, doubt: 0.01 }, &at(7)).expect("set");
    let a = add(&mut case, &MILLBROOK, 8);
    let other = Shooting {
        id: "gazette-1",
        outlet: "Gazette",
        victim: ("Ray Alvarado", 41),
        killed: 2,
        headline: "Shots at a Millbrook diner",
        body: "Ray Alvarado, 41, was among KILLED people shot dead outside the Lantern diner in Millbrook, a witness said.",
        ..MILLBROOK
    };
    let b = add(&mut case, &other, 8);
    let pairs =
        |case: &blotter_case::CaseFile| case.doubts(50).expect("doubts").iter().filter(|d| d.kind == "same?").count();
    assert_ne!(a, b);
    assert_eq!(pairs(&case), 1);
    let apart = Decision::Apart(a.clone(), b.clone());
    let (number, touched) = case.decide(&apart, Some("two diners"), &at(9)).expect("filed");
    assert_eq!((pairs(&case), touched.len()), (0, 2));
    case.decide(&Decision::Undo(number), None, &at(9)).expect("undone");
    assert_eq!(pairs(&case), 1);
    assert!(case.decide(&Decision::Apart(a.clone(), a), Some("x"), &at(9)).is_err());
    assert_eq!(case.verify().expect("verified").1, []);
}
