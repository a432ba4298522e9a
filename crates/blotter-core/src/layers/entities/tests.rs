//! Runs the cases of data/entities/cases.txt.

use super::*;
use crate::layers::sentences;
use crate::text::Report;

fn entities(text: &str) -> Vec<Entity> {
    let report = Report { text: text.to_string(), ..Report::default() };
    let sentences = sentences::read(&report);
    let scores = crate::encode::Scores::default();
    let input = Input { report: &report, scores: &scores, sentences: &sentences };
    let numbers = crate::layers::numbers::Numbers::load().expect("the number rules load").read(input);
    Entities::load().expect("the word lists load").read(input, &numbers)
}

fn kind(name: &str) -> EntityKind {
    match name {
        "person" => EntityKind::Person,
        "organization" => EntityKind::Organization,
        "facility" => EntityKind::Facility,
        "weapon" => EntityKind::Weapon,
        "vehicle" => EntityKind::Vehicle,
        other => panic!("no kind {other}"),
    }
}

/// What is wrong with the entity, by one "key=value" of a case.
fn differs(entity: &Entity, expected: &str) -> bool {
    let (key, value) = expected.split_once('=').expect("key=value");
    match key {
        "age" => entity.age != value.parse().ok(),
        "gender" => entity.gender != Some(if value == "male" { Gender::Male } else { Gender::Female }),
        "group" => entity.group != Some(value),
        "country" => entity.country.as_deref() != Some(value),
        "number" => entity.number.and_then(|n| n.1) != value.parse().ok(),
        "mentions" => entity.mentions.len() != value.parse::<usize>().expect("a number of mentions"),
        "title" => entity.title.as_deref() != Some(value),
        other => panic!("no key {other}"),
    }
}

#[test]
fn cases() {
    let mut text = "";
    let mut failures = Vec::new();
    for line in include_str!("../../../data/entities/cases.txt").lines().map(str::trim) {
        if let Some(report) = line.strip_prefix("> ") {
            text = report;
        } else if !line.is_empty() && !line.starts_with('#') {
            let parts: Vec<&str> = line.split('|').map(str::trim).collect();
            let found = entities(text);
            let Some(entity) = found.iter().find(|e| e.kind == kind(parts[0]) && e.name == parts[1]) else {
                failures.push(format!("{text}\n  no {line}\n  but {found:#?}"));
                continue;
            };
            let said = parts[2].replace("title=\"Police Chief\"", "title=Police_Chief");
            for expected in said.split_whitespace().map(|e| e.replace('_', " ")) {
                if differs(entity, &expected) {
                    failures.push(format!("{text}\n  {expected}: {entity:#?}"));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn any_text_is_read() {
    for text in [
        "",
        " ",
        "28-year-old",
        "’s",
        "of of",
        "John,",
        "a",
        "\u{301}é \u{2011}x “A” B",
        "THE 3 MEN",
        ", 34,",
        "(7)",
        "two of",
    ] {
        entities(text);
    }
}
