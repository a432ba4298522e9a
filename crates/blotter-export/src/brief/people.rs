//! Who is named among those harmed, each once: a description that merely repeats a toll, or somebody who has a name, is left out.
//! It is decided by numbers alone, and whatever they leave open stays.

use blotter_case::Field;
use blotter_case::record::Entry;
use blotter_core::facts::{Count, Harm, Party, Value};
use blotter_core::layers::entities::EntityKind;

use crate::item::Item;

/// Words that say no more of several people than how many they are.
const NUMBERS: [&str; 20] = [
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "all", "both", "the",
    "of", "those", "people", "persons", "victims", "dead",
];

/// Words that describe people without telling who they are.
const DESCRIBED: [&str; 26] = [
    "a",
    "an",
    "one",
    "year",
    "years",
    "old",
    "man",
    "woman",
    "boy",
    "girl",
    "child",
    "teenager",
    "youth",
    "person",
    "victim",
    "male",
    "female",
    "baby",
    "toddler",
    "men",
    "women",
    "boys",
    "girls",
    "children",
    "teenagers",
    "youths",
];

/// Those of a field that are to be told of.
pub fn once<'e>(item: &Item<'_>, entries: Vec<&'e Entry>) -> Vec<&'e Entry> {
    let all = entries.clone();
    entries.into_iter().filter(|entry| !repeats(item, entry, &all)).collect()
}

/// Whether an entry tells of nobody that the toll and the other entries do not tell of.
fn repeats(item: &Item<'_>, entry: &Entry, all: &[&Entry]) -> bool {
    let Some((party, number)) = described(entry) else { return false };
    let Some(toll) = party.harm.and_then(field).and_then(|field| exact(item.toll(field)?.count)) else { return false };
    // Others with a name, to whom the same happened, of an age that may be theirs.
    let named = all.iter().filter_map(|other| named(other)).filter(|other| other.harm == party.harm).count() as u64;
    let aged = |other: &&Entry| named_as(other, party);
    let known = named >= toll && number <= toll && (number > 1 || all.iter().any(aged));
    known || number == toll && number > 1 && only(&party.name, &[&NUMBERS])
}

/// People who are described, and how many they are.
fn described(entry: &Entry) -> Option<(&Party, u64)> {
    let Value::Party(party) = &entry.value else { return None };
    let number = party.number.map_or(Some(1), exact)?;
    (party.kind == EntityKind::Person && only(&party.name, &[&NUMBERS, &DESCRIBED])).then_some((&**party, number))
}

/// One person with a name.
fn named(entry: &Entry) -> Option<&Party> {
    let Value::Party(party) = &entry.value else { return None };
    let single = party.number.map_or(Some(1), exact) == Some(1);
    // One word with a capital may begin a sentence.
    let capitals = party.name.split_whitespace().filter(|word| word.starts_with(char::is_uppercase)).count();
    let name = capitals > 1 || capitals == 1 && party.age.is_some();
    (party.kind == EntityKind::Person && single && name && described(entry).is_none()).then_some(&**party)
}

/// Whether an entry names one who may be the one described.
fn named_as(entry: &Entry, described: &Party) -> bool {
    let may = |a: Option<u32>, b: Option<u32>| a.zip(b).is_none_or(|(a, b)| a == b);
    named(entry).is_some_and(|party| party.harm == described.harm && may(party.age, described.age))
}

/// Whether a description has no other words than numbers and those of some lists.
fn only(name: &str, lists: &[&[&str]]) -> bool {
    let lower = name.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.all(|word| word.chars().all(|c| c.is_ascii_digit()) || lists.iter().any(|list| list.contains(&word)))
}

/// The number, where it is one.
fn exact(count: Count) -> Option<u64> {
    count.best.filter(|best| count.min.is_none_or(|min| min == *best) && count.max == Some(*best))
}

/// The toll of what happened to somebody.
fn field(harm: Harm) -> Option<Field> {
    match harm {
        Harm::Killed => Some(Field::Killed),
        Harm::Wounded => Some(Field::Wounded),
        Harm::Abducted => Some(Field::Abducted),
        Harm::Missing => Some(Field::Missing),
        Harm::Arrested => Some(Field::Arrested),
        _ => None,
    }
}
