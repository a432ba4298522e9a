//! Briefs tell of nobody twice.

mod common;

use blotter_case::{Access, CaseFile};
use blotter_export::Options;
use common::{Told, count, export, party, reading, stamp};
use serde_json::Value as Json;

/// What a brief says of those harmed, told a toll of killed and victims: name, number, age.
fn harmed(killed: u64, victims: &[(&str, Option<u64>, Option<u64>)]) -> String {
    let folder = tempfile::TempDir::new().expect("a folder");
    let mut case = CaseFile::open(folder.path().join("case.db"), Access::Create).expect("a case file");
    let names: Vec<&str> = victims.iter().map(|(name, ..)| *name).collect();
    let text = format!("Fire in Tolmar\n\nThe dead of Tolmar, by the mayor's list: {}.", names.join("; "));
    let victim = |(name, number, age): &(&str, Option<u64>, Option<u64>)| {
        let mut value = party(name, "person", Some("killed"), None);
        value["age"] = Json::from(*age);
        value["number"] = number.map_or(Json::Null, |n| serde_json::json!({ "min": n, "best": n, "max": n }));
        value
    };
    let mut facts = vec![("killed", count(killed), "The dead of Tolmar", "the mayor")];
    facts.extend(victims.iter().zip(&names).map(|(told, name)| ("victim", victim(told), *name, "the mayor")));
    let told = Told { id: "press-1", publisher: "Kesh Press", published: "2024-03-12", text: &text, facts };
    case.add(&reading(&told), "test", &stamp("2024-03-12T10:00:00Z")).expect("filed");
    let brief = String::from_utf8(export(&case, "brief-md", &Options::default())).expect("UTF-8");
    let after = brief.split("Named among those harmed: ").nth(1).unwrap_or_default();
    after.split(".[").next().unwrap_or_default().to_owned()
}

#[test]
fn a_description_does_not_repeat_the_toll_or_a_name() {
    // The toll once more.
    assert_eq!(harmed(4, &[("All four victims", Some(4), None)]), "");
    let told = harmed(4, &[("four men", Some(4), None), ("All four victims", Some(4), None)]);
    assert_eq!(told, "four men (killed)");
    // One with a name.
    let told = harmed(1, &[("Sami Tahr", None, Some(15)), ("A 15-year-old boy", None, Some(15))]);
    assert_eq!(told, "Sami Tahr, 15 (killed)");
    // What numbers leave open stays: another may be meant.
    for (killed, age) in [(2, 15), (1, 42)] {
        let told = harmed(killed, &[("Sami Tahr", None, Some(age)), ("A 15-year-old boy", None, Some(15))]);
        assert!(told.contains("Sami Tahr") && told.contains("A 15-year-old boy"), "{told}");
    }
    let told = harmed(4, &[("three bakers", Some(3), None), ("four dyers", Some(4), None)]);
    assert!(told.contains("three bakers") && told.contains("four dyers"), "{told}");
}
