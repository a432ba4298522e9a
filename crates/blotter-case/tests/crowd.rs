//! An incident of more reports than are grouped one by one.

mod common;
mod home;

use blotter_case::decide::Decision;
use blotter_case::{CaseFile, Filter};
use common::{MILLBROOK, Shooting, add, at};
use home::case;

/// Report `i` of another outlet, with words of its own.
fn report(case: &mut CaseFile, i: usize) -> String {
    let (id, outlet) = (format!("r{i:03}"), format!("Outlet {i}"));
    let body = format!(
        "Terrence Boyle was killed in Millbrook. The toll: KILLED. Reporter {} of {outlet} asked {} neighbours on Harmon Avenue \
         about the gray sedan outside the Lantern diner, and {} of them had seen it.",
        i + 10,
        2 * i + 200,
        2 * i + 201
    );
    add(case, &Shooting { id: &id, outlet: &outlet, body: &body, ..MILLBROOK }, 3)
}

fn sizes(case: &CaseFile) -> Vec<usize> {
    case.clusters().expect("clusters").iter().map(|c| c.reports.len()).collect()
}

#[test]
fn a_crowd_stays_one_and_people_still_decide() {
    let (_folder, mut case) = case();
    let id = report(&mut case, 0);
    for i in 1..130 {
        assert_eq!(report(&mut case, i), id, "report {i}");
    }
    assert_eq!(sizes(&case), [130]);
    assert_eq!(case.list(&Filter::default()).expect("list")[0].reports, 130);
    assert_eq!(case.joins(&id).expect("joins").len(), 130, "each has a reason to be there");

    // One of the first and the last leave, come back, and leave again.
    let reports = vec!["r005".to_owned(), "r129".to_owned()];
    let split = Decision::Split { incident: id.clone(), reports };
    let (number, touched) = case.decide(&split, Some("another diner"), &at(4)).expect("split");
    assert_eq!((touched.len(), sizes(&case)), (2, vec![128, 2]));
    assert_eq!(case.show(&id, None).expect("a record").0.reports.len(), 128, "the crowd keeps its id");
    case.decide(&Decision::Undo(number), None, &at(5)).expect("undone");
    assert_eq!(sizes(&case), [130]);
    case.decide(&split, Some("another diner after all"), &at(5)).expect("split");
    let other = case.clusters().expect("clusters")[1].incident.clone();

    // Linked and parted again, the two are what they were.
    let (number, _) = case.decide(&Decision::Link(other, id), Some("no, it is one"), &at(6)).expect("linked");
    assert_eq!(sizes(&case), [130]);
    case.decide(&Decision::Undo(number), None, &at(7)).expect("undone");
    assert_eq!(sizes(&case), [128, 2]);
    assert_eq!(case.verify().expect("verified").1, []);
}
