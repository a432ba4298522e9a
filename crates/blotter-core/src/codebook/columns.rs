//! Columns of a codebook: where the value of each comes from.

use serde_json::{Value as Json, json};

use super::Item;
use super::conditions::{is_any, toll};
use crate::facts::{Count, Fact, Field, Incident, Value, Where};
use crate::layers::entities::Form;
use crate::reading::Reading;
use crate::wire;

/// Alpha-2 code, number and name of every country.
const COUNTRIES: &str = include_str!("../../data/codebooks/countries.tsv");

/// A column: the first of these that gives a value.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) sources: Vec<Source>,
    /// Values renamed, where given: from, to.
    pub(super) renamed: Vec<(String, Json)>,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Source {
    /// A constant.
    Constant(Json),
    /// The n-th label of the line that fitted, from 0.
    Label(usize),
    /// A part of the incident or row by its name: "code", "relation", "summary", "actor", ...
    Part(&'static str),
    /// A part of the report.
    Report(&'static str),
    /// A part of the surest `when`.
    When(&'static str),
    /// A part of the surest `where`.
    Where(&'static str),
    /// The best value, or a bound, of a derived toll.
    Toll(Field, &'static str),
    /// The names in these fields: one list of alternative strings per entity.
    Names(Vec<Field>, Vec<String>),
    /// The n-th name, from 0.
    Name(usize, Vec<Field>, Vec<String>),
    /// All names in one string, "; " between them.
    Joined(Vec<Field>, Vec<String>),
    /// What the n-th party is of, from 0: its group, kind or country.
    Of(&'static str, usize, Vec<Field>, Vec<String>),
}

/// The parts that a source may name, by the word before them.
pub(super) const PARTS: [&str; 10] =
    ["code", "relation", "summary", "confidence", "stage", "actor", "recipient", "words", "quotes", "sources"];
pub(super) const REPORT_PARTS: [&str; 7] = ["id", "url", "publisher", "headline", "published", "updated", "language"];
pub(super) const WHEN_PARTS: [&str; 5] = ["start", "end", "precision", "timex", "year"];
pub(super) const WHERE_PARTS: [&str; 12] = [
    "name",
    "settlement",
    "within",
    "admin1",
    "country",
    "country-name",
    "country-number",
    "lat",
    "lon",
    "precision",
    "radius_km",
    "geonames_id",
];
pub(super) const TOLL_PARTS: [&str; 3] = ["best", "min", "max"];
pub(super) const PARTY_PARTS: [&str; 3] = ["group", "kind", "country"];

impl Column {
    pub(super) fn value(&self, item: &Item<'_>) -> Json {
        let value = self.sources.iter().map(|s| s.value(item)).find(|v| !v.is_null()).unwrap_or(Json::Null);
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        self.renamed.iter().find(|(from, _)| *from == text).map_or(value, |(_, to)| to.clone())
    }
}

impl Source {
    fn value(&self, item: &Item<'_>) -> Json {
        match self {
            Source::Constant(value) => value.clone(),
            Source::Label(n) => item.labels.get(*n).map_or(Json::Null, |l| json!(l)),
            Source::Part(part) => part_of(item, part),
            Source::Report(part) => report_part(item.reading, part),
            Source::When(part) => surest(item, Field::When).map_or(Json::Null, |f| when_part(f, part)),
            Source::Where(part) => surest(item, Field::Where).map_or(Json::Null, |f| match &f.value {
                Value::Where(w) => where_part(w, part),
                _ => Json::Null,
            }),
            Source::Toll(field, part) => item.incident.map_or(Json::Null, |i| toll_part(i, *field, part)),
            Source::Names(fields, only) => {
                json!(named(item, fields, only).iter().map(|n| &n.strings).collect::<Vec<_>>())
            }
            Source::Name(n, fields, only) => named(item, fields, only).get(*n).map_or(Json::Null, |n| json!(n.name)),
            Source::Joined(fields, only) => {
                let names: Vec<String> = named(item, fields, only).into_iter().map(|n| n.name).collect();
                if names.is_empty() { Json::Null } else { json!(names.join("; ")) }
            }
            Source::Of(part, n, fields, only) => {
                named(item, fields, only).get(*n).map_or(Json::Null, |n| party_part(item.reading, n, part))
            }
        }
    }
}

/// A party, weapon or thing named by one fact or several.
struct Named<'a> {
    fact: &'a Fact,
    entity: Option<usize>,
    name: String,
    /// Every string for it, in the order of the text.
    strings: Vec<String>,
}

/// Those named in some fields, each entity once, in the order of the text.
fn named<'a>(item: &Item<'a>, fields: &[Field], only: &[String]) -> Vec<Named<'a>> {
    let mut found: Vec<Named<'a>> = Vec::new();
    for fact in item.facts.iter().filter(|f| fields.contains(&f.field)) {
        let Some((entity, name)) = name_of(fact) else { continue };
        let fits = is_any(fact, only)
            || (fact.field == Field::Responsibility && only.contains(&kind_of(item.reading, entity)));
        let known = found.iter().any(|n| {
            (entity.is_some() && n.entity == entity) || n.strings.iter().any(|s| s.eq_ignore_ascii_case(name))
        });
        if fits && !known {
            let strings = strings_of(item.reading, entity, name);
            found.push(Named { fact, entity, name: name.to_owned(), strings });
        }
    }
    let place = |n: &Named<'_>| n.fact.evidence.first().map(|e| e.start);
    found.sort_by_key(place);
    found
}

/// The kind of the party of a responsibility fact, which carries none itself: an unknown party is an organization.
fn kind_of(reading: &Reading, entity: Option<usize>) -> String {
    entity.and_then(|e| reading.entities.get(e)).map_or("organization", |e| e.kind.name()).to_owned()
}

/// The alternative strings for an entity: its names and noun phrases as the text has them, in order, each once.
fn strings_of(reading: &Reading, entity: Option<usize>, name: &str) -> Vec<String> {
    let mentions = entity.and_then(|e| reading.entities.get(e)).map_or(&[][..], |e| &e.mentions);
    let mut strings: Vec<String> = Vec::new();
    for mention in mentions.iter().filter(|m| m.form != Form::Pronoun) {
        let words = reading.report.words(mention.span).split_whitespace().collect::<Vec<_>>().join(" ");
        if !strings.iter().any(|s| s.eq_ignore_ascii_case(&words)) {
            strings.push(words);
        }
    }
    if strings.is_empty() {
        strings.push(name.to_owned());
    }
    strings
}

/// The entity and words of a fact that names somebody or something.
fn name_of(fact: &Fact) -> Option<(Option<usize>, &str)> {
    match &fact.value {
        Value::Party(p) => Some((p.entity, &p.name)),
        Value::Weapon { entity, name, .. }
        | Value::Damage { entity, name, .. }
        | Value::Reaction { entity, name, .. } => Some((*entity, name)),
        Value::Responsibility { party: Some((entity, name)), stance } if *stance != "denied" => Some((*entity, name)),
        _ => None,
    }
}

fn surest<'a>(item: &Item<'a>, field: Field) -> Option<&'a Fact> {
    let facts = item.facts.iter().copied().filter(|f| f.field == field);
    // Of equals the first: `max_by` takes the last.
    facts.rev().max_by(|a, b| a.confidence.total_cmp(&b.confidence))
}

fn part_of(item: &Item<'_>, part: &str) -> Json {
    let reading = item.reading;
    match part {
        "code" => json!(item.code),
        "relation" => item.incident.map_or(Json::Null, |i| json!(i.relation.name())),
        "summary" => item.incident.map_or(Json::Null, |i| json!(i.summary)),
        "confidence" => surest(item, Field::Type).map_or(Json::Null, |f| json!((f.confidence * 1e4).round() / 1e4)),
        "stage" => surest(item, Field::Stage).map_or(Json::Null, |f| match &f.value {
            Value::Code(code) => json!(code),
            _ => Json::Null,
        }),
        "actor" => json!(item.actor),
        "recipient" => json!(item.recipient),
        "words" => item.words.map_or(Json::Null, |s| json!(reading.report.words(s))),
        "quotes" => {
            let quotes: Vec<&str> =
                item.facts.iter().filter_map(|f| f.evidence.first()).map(|e| reading.report.words(*e)).collect();
            if quotes.is_empty() { Json::Null } else { json!(quotes) }
        }
        _ => {
            let mut names: Vec<&str> = item.facts.iter().flat_map(|f| &f.sources).map(|s| s.name.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            if names.is_empty() { Json::Null } else { json!(names.join("; ")) }
        }
    }
}

fn report_part(reading: &Reading, part: &str) -> Json {
    let report = &reading.report;
    match part {
        "id" => json!(report.id),
        "url" => json!(report.url),
        "publisher" => json!(report.publisher),
        "headline" => json!(report.headline.map(|s| report.words(s))),
        "published" => json!(report.published.as_ref().map(|d| &d.value)),
        "updated" => json!(report.updated.as_ref().map(|d| &d.value)),
        _ => json!(report.language),
    }
}

fn when_part(fact: &Fact, part: &str) -> Json {
    let Value::When { start, end, precision, timex } = &fact.value else { return Json::Null };
    match part {
        "start" => json!(start),
        "end" => json!(end),
        "precision" => json!(wire::precision(*precision)),
        "timex" => json!(timex),
        _ => json!(start.as_deref().and_then(|s| s.get(..4)).and_then(|y| y.parse::<i32>().ok())),
    }
}

fn where_part(place: &Where, part: &str) -> Json {
    match part {
        "name" => json!(place.name),
        "settlement" => json!(place.settlement),
        "within" => json!(place.within.first()),
        "admin1" => json!(place.admin1),
        "country" => json!(place.country),
        "country-name" => country(place, 2).map_or(Json::Null, |n| json!(n)),
        "country-number" => json!(country(place, 1).and_then(|n| n.parse::<u32>().ok())),
        "lat" => json!(place.lat),
        "lon" => json!(place.lon),
        "precision" => json!(place.precision.name()),
        "radius_km" => json!(place.radius_km),
        _ => json!(place.geonames_id),
    }
}

/// A column of the table of countries.
fn country(place: &Where, column: usize) -> Option<&'static str> {
    let code = place.country.as_deref()?;
    let row = COUNTRIES.lines().find(|l| l.strip_prefix(code).is_some_and(|rest| rest.starts_with('\t')))?;
    row.split('\t').nth(column)
}

fn toll_part(incident: &Incident, field: Field, part: &str) -> Json {
    let count: Option<Count> = match field {
        Field::Killed => incident.toll.killed,
        Field::Wounded => incident.toll.wounded,
        Field::Missing => incident.toll.missing,
        Field::Abducted => incident.toll.abducted,
        _ => incident.toll.arrested,
    };
    match part {
        "best" => json!(toll(&incident.toll, field)),
        "min" => json!(count.and_then(|c| c.min)),
        _ => json!(count.and_then(|c| c.max)),
    }
}

fn party_part(reading: &Reading, named: &Named<'_>, part: &str) -> Json {
    let entity = named.entity.and_then(|e| reading.entities.get(e));
    match (part, &named.fact.value) {
        ("group", Value::Party(p)) => json!(p.group),
        ("group", _) => json!(entity.and_then(|e| e.group)),
        ("kind", Value::Party(p)) => json!(p.kind.name()),
        ("kind", _) => json!(entity.map(|e| e.kind.name())),
        _ => json!(entity.and_then(|e| e.country.as_deref())),
    }
}
