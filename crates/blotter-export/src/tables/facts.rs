//! The table of facts: one row a value, the parts of the value in columns.

use blotter_case::derive::brief;
use blotter_case::record::{Decided, Superseded};
use serde_json::{Value as Json, json};

use super::Kind::{Integer, Real, Text, Truth};
use super::{Column, Row, Table, column, joined, rounded};
use crate::item::{evidence, quoted};

pub(super) static TABLE: Table = Table {
    name: "facts",
    meaning: "One row a value of a field, with how it stands: also those that are denied, replaced, rejected or not the best. \
              The statement quoted is the first that supports the value and stands; the table of sources has all.",
    columns: COLUMNS,
    keys: &["fact", "incident"],
    rows: |item, visit| {
        for (field, entries) in &item.record.fields {
            for (place, entry) in entries.iter().enumerate() {
                visit(&Row { entry: Some((*field, place, entry)), ..Row::of(item) })?;
            }
        }
        Ok(())
    },
};

/// A part of the value as the contract has it.
fn part(row: &Row<'_>, name: &str) -> Json {
    row.entry.map_or(Json::Null, |(_, _, e)| match &e.raw[name] {
        Json::Array(list) => joined(list.iter().filter_map(Json::as_str)),
        Json::Object(_) => Json::Null,
        scalar => scalar.clone(),
    })
}

/// A bound of the value itself, or of how many the party or weapon were.
fn bound(row: &Row<'_>, name: &str) -> Json {
    row.entry.map_or(Json::Null, |(_, _, e)| match &e.raw["number"] {
        Json::Object(number) => number.get(name).cloned().unwrap_or(Json::Null),
        _ => e.raw[name].clone(),
    })
}

fn superseded(row: &Row<'_>, part: fn(&Superseded) -> Json) -> Json {
    row.entry.and_then(|(_, _, e)| e.superseded_by.as_ref()).map_or(Json::Null, part)
}

fn pinned(row: &Row<'_>, part: fn(&Decided) -> Json) -> Json {
    row.entry.and_then(|(_, _, e)| e.pinned.as_ref()).map_or(Json::Null, part)
}

fn rejected(row: &Row<'_>, part: fn(&Decided) -> Json) -> Json {
    row.entry.and_then(|(_, _, e)| e.rejected.as_ref()).map_or(Json::Null, part)
}

const COLUMNS: &[Column] = &[
    column("fact", Text, "", "The fact's id, by which it can be rejected", |r| json!(r.entry.map(|e| &e.2.fact))),
    column("incident", Text, "", "The incident", |r| json!(r.item.record.incident)),
    column("field", Text, "Blotter's fields", "What the value is of (\"killed\")", |r| {
        json!(r.entry.map(|e| e.0.name()))
    }),
    column("place_in_field", Integer, "from 1", "Its place among the field's values, the best first", |r| {
        json!(r.entry.map(|e| e.1 + 1))
    }),
    column("best", Truth, "", "Whether it is a value that `show --json` has under `best`", |r| {
        json!(r.entry.map(|(field, _, e)| r.item.bests(field).iter().any(|b| std::ptr::eq(*b, e))))
    }),
    column("stands", Truth, "", "Whether it may be: neither replaced, rejected, denied nor without support", |r| {
        json!(r.entry.map(|e| e.2.stands()))
    }),
    column("value", Text, "", "The value in words", |r| json!(r.entry.map(|e| brief(&e.2.value)))),
    column("code", Text, "Blotter's types and stages", "Of type and stage: the code", |r| part(r, "code")),
    column("name", Text, "", "Of a place, party, weapon, thing or reaction: its name", |r| match part(r, "name") {
        Json::Null => json!(r.entry.and_then(|(_, _, e)| e.raw["party"]["name"].as_str())),
        name => name,
    }),
    column("kind", Text, "person, organization, ..; firearm, explosive, ..", "Of a party or weapon: what it is", |r| {
        part(r, "kind")
    }),
    column("group", Text, "civilian, police, ..", "Of a party or toll: which part of society", |r| part(r, "group")),
    column(
        "harm",
        Text,
        "killed, wounded, abducted, released, missing, arrested, unharmed",
        "Of a party: what happened to it",
        |r| part(r, "harm"),
    ),
    column("extent", Text, "damaged, destroyed, none", "Of damage: how much", |r| part(r, "extent")),
    column(
        "stance",
        Text,
        "claimed, accused, ..; condemns, mourns, ..",
        "Of responsibility or a reaction: which",
        |r| part(r, "stance"),
    ),
    column("number_min", Integer, "people or things", "Of a toll, party or weapon: the least number", |r| {
        bound(r, "min")
    }),
    column("number_best", Integer, "people or things", "The number as it is said", |r| bound(r, "best")),
    column("number_max", Integer, "people or things", "The greatest number; empty: no bound is told", |r| {
        bound(r, "max")
    }),
    column("who", Text, "", "Of a toll: whom it counts, in the report's words", |r| part(r, "who")),
    column("scope", Text, "total, part, series", "Of a toll: all of the incident, a part, several incidents", |r| {
        part(r, "scope")
    }),
    column("attackers", Truth, "", "Of a toll: whether it counts the attackers", |r| part(r, "attackers")),
    column("age", Integer, "years", "Of a person", |r| part(r, "age")),
    column("gender", Text, "male, female", "Of a person, as words and pronouns tell it", |r| part(r, "gender")),
    column("time_start", Text, "ISO 8601, as exact as known", "Of a time: its beginning", |r| part(r, "start")),
    column("time_end", Text, "ISO 8601, inclusive", "Of a time: its end", |r| part(r, "end")),
    column("timex", Text, "TIMEX3", "Of a time: its value", |r| part(r, "timex")),
    column("precision", Text, "as in the table of incidents", "Of a time or place: how exactly it is known", |r| {
        part(r, "precision")
    }),
    column("latitude", Real, "degrees north, WGS 84", "Of a place", |r| part(r, "lat")),
    column("longitude", Real, "degrees east, WGS 84", "Of a place", |r| part(r, "lon")),
    column("radius_km", Real, "kilometres", "Of a place: how far from the point it may be", |r| part(r, "radius_km")),
    column("settlement", Text, "", "Of a place: the settlement it is in", |r| part(r, "settlement")),
    column("within", Text, "names, \"; \" between", "Of a place: larger places, the nearest first", |r| {
        part(r, "within")
    }),
    column("admin1", Text, "first-order division (US: postal code)", "Of a place", |r| part(r, "admin1")),
    column("country", Text, "ISO 3166-1 alpha-2", "Of a place", |r| part(r, "country")),
    column("geonames_id", Integer, "GeoNames", "Of a place", |r| part(r, "geonames_id")),
    column(
        "status",
        Text,
        "reported, confirmed, alleged, denied, unknown",
        "How it stands with those who say it",
        |r| json!(r.entry.map(|e| e.2.status.name())),
    ),
    column("confidence", Real, "0 to 1", "How likely it is right", |r| {
        r.entry.map_or(Json::Null, |e| rounded(e.2.confidence))
    }),
    column("independent", Integer, "", "Distinct named sources, plus each outlet that speaks in its own voice", |r| {
        json!(r.entry.map(|e| e.2.independent))
    }),
    column("statements", Integer, "", "How often it was said or denied: rows of the table of sources by number", |r| {
        json!(r.entry.map(|e| e.2.said.len()))
    }),
    column("first_said", Text, "ISO 8601", "When it was first said", |r| json!(r.entry.and_then(|e| e.2.first_said()))),
    column("last_said", Text, "ISO 8601", "When it was last said", |r| json!(r.entry.and_then(|e| e.2.last_said()))),
    column("superseded_kind", Text, "update, correction, retraction", "How it was replaced", |r| {
        superseded(r, |s| json!(s.kind))
    }),
    column("superseded_report", Text, "", "By which report", |r| superseded(r, |s| json!(*s.report))),
    column("superseded_version", Integer, "", "By which version of it", |r| superseded(r, |s| json!(s.version))),
    column("pinned_by", Text, "", "Who fixed it as the value", |r| pinned(r, |d| json!(d.by))),
    column("pinned_at", Text, "ISO 8601, UTC", "When", |r| pinned(r, |d| json!(d.at))),
    column("pinned_why", Text, "", "Why", |r| pinned(r, |d| json!(d.why))),
    column("rejected_by", Text, "", "Who rejected it", |r| rejected(r, |d| json!(d.by))),
    column("rejected_at", Text, "ISO 8601, UTC", "When", |r| rejected(r, |d| json!(d.at))),
    column("rejected_why", Text, "", "Why", |r| rejected(r, |d| json!(d.why))),
    column("report", Text, "", "The report that is quoted", |r| {
        json!(r.entry.and_then(|e| quoted(e.2)).map(|s| &*s.report))
    }),
    column("version", Integer, "from 1", "Its version", |r| {
        json!(r.entry.and_then(|e| quoted(e.2)).map(|s| s.version))
    }),
    column("quote", Text, "", "The words that carry the value", |r| {
        json!(r.entry.and_then(|e| quoted(e.2)).and_then(evidence).map(|e| e.0))
    }),
    column("quote_start", Integer, "Unicode code points", "Where they begin in the report's text", |r| {
        json!(r.entry.and_then(|e| quoted(e.2)).and_then(evidence).map(|e| e.1))
    }),
    column("quote_end", Integer, "Unicode code points, exclusive", "Where they end", |r| {
        json!(r.entry.and_then(|e| quoted(e.2)).and_then(evidence).map(|e| e.2))
    }),
];
