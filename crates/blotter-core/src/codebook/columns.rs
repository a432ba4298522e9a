//! Columns of a codebook: where the value of each comes from.

use serde_json::{Value as Json, json};

use super::Item;
use super::conditions::{Condition, is_any};
use super::subject::{Subject, of_toll};
use crate::facts::{Count, Fact, Field, PlacePrecision, Scope, Value, Where};
use crate::layers::entities::Form;
use crate::layers::times::Precision;
use crate::wire;

/// Alpha-2 code, number and name of every country.
const COUNTRIES: &str = include_str!("../../data/codebooks/countries.tsv");

/// A column: the first of these that gives a value.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    /// Its sources as they are written, without what is renamed.
    pub(super) written: String,
    /// Each with what must hold for it to count.
    pub(super) sources: Vec<(Source, Vec<Condition>)>,
    /// Values renamed, where given: from, to; `*` is every other value.
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
    /// The best value, or a bound, of a derived toll; with words: of the surest toll fact of which one is true.
    Toll(Field, &'static str, Vec<String>),
    /// The names in these fields: one list of alternative strings per entity.
    Names(Vec<Field>, Vec<String>),
    /// The n-th name, from 0.
    Name(usize, Vec<Field>, Vec<String>),
    /// All names in one string, "; " between them.
    Joined(Vec<Field>, Vec<String>),
    /// What the n-th party is of, from 0: its group, kind, country, ...
    Of(&'static str, usize, Vec<Field>, Vec<String>),
    /// A value of `[values]`.
    Value(String),
    /// Two digits of two values, the smaller first; 0 for the one that is missing, which then stands last.
    Pair(String, String),
    /// The first value less the others; nothing where that is below 0. A missing one takes nothing away.
    Rest(Vec<String>),
}

/// The parts that a source may name, by the word before them.
pub(super) const PARTS: [&str; 28] = [
    "code",
    "relation",
    "summary",
    "confidence",
    "stage",
    "actor",
    "recipient",
    "words",
    "quotes",
    "sources",
    // Of a record alone.
    "incident",
    "revision",
    "status",
    "as-of",
    "disputed",
    "report-count",
    "origin-count",
    "publishers",
    "urls",
    "headlines",
    "articles",
    "article-1",
    "article-2",
    "article-3",
    "report-dates",
    "first-published",
    "last-published",
    "learned-unix",
];
pub(super) const REPORT_PARTS: [&str; 7] = ["id", "url", "publisher", "headline", "published", "updated", "language"];
pub(super) const WHEN_PARTS: [&str; 11] =
    ["start", "end", "precision", "timex", "year", "month", "day", "first-day", "month-day", "exact-day", "last-day"];
pub(super) const WHERE_PARTS: [&str; 15] = [
    "wkt",
    "priogrid",
    "inferred",
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
pub(super) const TOLL_PARTS: [&str; 5] = ["best", "min", "max", "low", "high"];
pub(super) const PARTY_PARTS: [&str; 7] = ["group", "kind", "country", "harm", "extent", "stance", "number"];

impl Column {
    pub(super) fn value(&self, item: &Item<'_>) -> Json {
        let fits = |(_, conditions): &&(Source, Vec<Condition>)| conditions.iter().all(|c| c.holds(item));
        let values = self.sources.iter().filter(fits).map(|(s, _)| s.value(item));
        let value = values.into_iter().find(|v| !v.is_null()).unwrap_or(Json::Null);
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let any = |from: &str| from == "*" && !value.is_null();
        self.renamed.iter().find(|(from, _)| *from == text || any(from)).map_or(value.clone(), |(_, to)| to.clone())
    }
}

impl Source {
    fn value(&self, item: &Item<'_>) -> Json {
        match self {
            Source::Constant(value) => value.clone(),
            Source::Label(n) => item.labels.get(*n).map_or(Json::Null, |l| json!(l)),
            Source::Part(part) => part_of(item, part),
            Source::Report(part) => item.subject.report(part),
            Source::When(part) => surest(item, Field::When, &[]).map_or(Json::Null, |f| when_part(f, part)),
            Source::Where(part) => surest(item, Field::Where, &[]).map_or(Json::Null, |f| match &f.value {
                Value::Where(w) => where_part(w, part),
                _ => Json::Null,
            }),
            Source::Toll(field, "low", _) => json!(item.subject.range(*field).map(|(low, _)| low)),
            Source::Toll(field, "high", _) => json!(item.subject.range(*field).map(|(_, high)| high)),
            Source::Toll(field, part, only) if only.is_empty() => {
                toll_part(of_toll(&item.subject.toll(), *field), part)
            }
            Source::Toll(field, part, only) => toll_part(total_of(item, *field, only), part),
            Source::Names(fields, only) => {
                json!(named(item, fields, only).iter().map(|n| &n.strings).collect::<Vec<_>>())
            }
            Source::Name(n, fields, only) => named(item, fields, only).get(*n).map_or(Json::Null, |n| json!(n.name)),
            Source::Joined(fields, only) => {
                let names: Vec<String> = named(item, fields, only).into_iter().map(|n| n.name).collect();
                if names.is_empty() { Json::Null } else { json!(names.join("; ")) }
            }
            Source::Of(part, n, fields, only) => {
                named(item, fields, only).get(*n).map_or(Json::Null, |n| party_part(item.subject, n, part))
            }
            Source::Value(name) => value_of(item, name),
            Source::Pair(a, b) => {
                // 0 is nobody; a side that is not known is not nobody.
                let digit = |name: &str| value_of(item, name).as_i64().filter(|n| (0..=9).contains(n));
                match (digit(a), digit(b)) {
                    (Some(0), Some(0)) | (None, _) | (_, None) => Json::Null,
                    (Some(one), Some(0)) | (Some(0), Some(one)) => json!(one * 10),
                    (Some(a), Some(b)) => json!(a.min(b) * 10 + a.max(b)),
                }
            }
            Source::Rest(names) => {
                let mut numbers = names.iter().map(|name| value_of(item, name).as_i64());
                let first = numbers.next().flatten();
                let rest = first.map(|first| first - numbers.flatten().sum::<i64>());
                json!(rest.filter(|rest| *rest >= 0))
            }
        }
    }
}

fn value_of(item: &Item<'_>, name: &str) -> Json {
    item.values.iter().find(|(n, _)| *n == name).map_or(Json::Null, |(_, value)| value.clone())
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
            || (fact.field == Field::Responsibility && only.contains(&kind_of(item.subject, entity)));
        let known = found.iter().any(|n| {
            (entity.is_some() && n.entity == entity) || n.strings.iter().any(|s| s.eq_ignore_ascii_case(name))
        });
        if fits && !known {
            let strings = strings_of(item.subject, entity, name);
            found.push(Named { fact, entity, name: name.to_owned(), strings });
        }
    }
    let place = |n: &Named<'_>| n.fact.evidence.first().map(|e| e.start);
    found.sort_by_key(place);
    found
}

/// The kind of the party of a responsibility fact, which carries none itself: an unknown party is an organization.
fn kind_of(subject: &dyn Subject, entity: Option<usize>) -> String {
    entity.and_then(|e| subject.entity(e)).map_or("organization", |e| e.kind.name()).to_owned()
}

/// The alternative strings for an entity: its names and noun phrases as the text has them, in order, each once.
fn strings_of(subject: &dyn Subject, entity: Option<usize>, name: &str) -> Vec<String> {
    let mentions = entity.and_then(|e| subject.entity(e)).map_or(&[][..], |e| &e.mentions);
    // Whoever knows entities has one text, in which they stand.
    let text = subject.texts().into_iter().next().unwrap_or_default();
    let mut strings: Vec<String> = Vec::new();
    for mention in mentions.iter().filter(|m| m.form != Form::Pronoun) {
        let words = mention.span.of(text).split_whitespace().collect::<Vec<_>>().join(" ");
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

fn surest<'a>(item: &Item<'a>, field: Field, only: &[String]) -> Option<&'a Fact> {
    let facts = item.facts.iter().copied().filter(|f| f.field == field && is_any(f, only));
    // Of equals the first: `max_by` takes the last.
    facts.rev().max_by(|a, b| a.confidence.total_cmp(&b.confidence))
}

/// The surest toll of those that `only` names. A part of them, and what several incidents cost, is no number of this column
/// unless a word asks for it: "two guards at the gate" are not the guards that were killed.
fn total_of(item: &Item<'_>, field: Field, only: &[String]) -> Option<Count> {
    let asked = only.iter().any(|word| word == "part" || word == "series");
    let tolls = item.facts.iter().filter(|f| f.field == field && is_any(f, only)).filter_map(|f| match &f.value {
        Value::Toll(toll) if asked || toll.scope == Scope::Total => Some((f.confidence, toll.count)),
        _ => None,
    });
    // Of equals the first, as in `surest`.
    tolls.rev().max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, count)| count)
}

fn part_of(item: &Item<'_>, part: &str) -> Json {
    match part {
        "code" => json!(item.code),
        "confidence" => {
            surest(item, Field::Type, &[]).map_or(Json::Null, |f| json!((f.confidence * 1e4).round() / 1e4))
        }
        "stage" => surest(item, Field::Stage, &[]).map_or(Json::Null, |f| match &f.value {
            Value::Code(code) => json!(code),
            _ => Json::Null,
        }),
        "actor" => json!(item.actor),
        "recipient" => json!(item.recipient),
        "words" => json!(item.words),
        "quotes" => {
            let quotes: Vec<String> = item.facts.iter().filter_map(|f| item.subject.quote(f)).collect();
            if quotes.is_empty() { Json::Null } else { json!(quotes) }
        }
        "sources" => {
            let mut names: Vec<&str> = item.facts.iter().flat_map(|f| &f.sources).map(|s| s.name.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            if names.is_empty() { Json::Null } else { json!(names.join("; ")) }
        }
        _ if item.incident => item.subject.part(part),
        _ => Json::Null,
    }
}

fn when_part(fact: &Fact, part: &str) -> Json {
    let Value::When { start, end, precision, timex } = &fact.value else { return Json::Null };
    match part {
        "start" => json!(start),
        "end" => json!(end),
        "precision" => json!(wire::precision(*precision)),
        "timex" => json!(timex),
        // The day, where it is known to the day; the first and last day on which it may have been.
        "first-day" => json!(start.as_deref().and_then(whole_day)),
        // The first day, where the time is known to the month, or to the day, or finer.
        "month-day" => {
            let known = !matches!(precision, Precision::Season | Precision::Year);
            json!(start.as_deref().filter(|_| known).and_then(whole_day))
        }
        "exact-day" => {
            let exact =
                matches!(precision, Precision::Minute | Precision::Hour | Precision::PartOfDay | Precision::Day);
            json!(start.as_deref().filter(|_| exact).and_then(whole_day))
        }
        "last-day" => json!(end.as_deref().or(start.as_deref()).and_then(whole_day)),
        "day" => {
            let exact =
                matches!(precision, Precision::Minute | Precision::Hour | Precision::PartOfDay | Precision::Day);
            json!(start.as_deref().filter(|_| exact).and_then(|s| s.get(8..10)).and_then(|d| d.parse::<u32>().ok()))
        }
        "month" => {
            let known = !matches!(precision, Precision::Season | Precision::Year);
            json!(start.as_deref().filter(|_| known).and_then(|s| s.get(5..7)).and_then(|m| m.parse::<u32>().ok()))
        }
        _ => json!(start.as_deref().and_then(|s| s.get(..4)).and_then(|y| y.parse::<i32>().ok())),
    }
}

/// The day of a date or date-time; nothing where no day is told.
fn whole_day(iso: &str) -> Option<&str> {
    iso.get(..10).filter(|d| d.parse::<jiff::civil::Date>().is_ok())
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
        "precision" => json!(point_precision(place)),
        "radius_km" => json!(place.radius_km),
        "inferred" => json!(place.inferred),
        "wkt" => json!(place.lat.zip(place.lon).map(|(lat, lon)| format!("POINT ({lon} {lat})"))),
        "priogrid" => json!(place.lat.zip(place.lon).map(|(lat, lon)| priogrid(lat, lon))),
        _ => json!(place.geonames_id),
    }
}

/// How exactly the point is known, which the codes of schemes tell. A site that nobody could place in a settlement has the point of
/// what is around it, with its radius (40 km a district, 150 a division, 500 a country), or none.
fn point_precision(place: &Where) -> Option<&'static str> {
    let site = place.precision == PlacePrecision::Site;
    match place.radius_km {
        _ if site && place.lat.is_none() => None,
        Some(500.0..) if site => Some(PlacePrecision::Country.name()),
        Some(150.0..) if site => Some(PlacePrecision::Admin1.name()),
        Some(40.0..) if site => Some(PlacePrecision::District.name()),
        _ => Some(place.precision.name()),
    }
}

/// The cell of PRIO-GRID (half a degree wide, counted from 90 S 180 W eastwards and then northwards, from 1) that holds a
/// point. Tollefsen, Strand and Buhaug 2012, "PRIO-GRID: A unified spatial data structure".
fn priogrid(lat: f64, lon: f64) -> i64 {
    let cell = |degrees: f64, last: i64| ((degrees / 0.5).floor() as i64).clamp(0, last);
    cell(lat + 90.0, 359) * 720 + cell(lon + 180.0, 719) + 1
}

/// A column of the table of countries.
fn country(place: &Where, column: usize) -> Option<&'static str> {
    let code = place.country.as_deref()?;
    let row = COUNTRIES.lines().find(|l| l.strip_prefix(code).is_some_and(|rest| rest.starts_with('\t')))?;
    row.split('\t').nth(column)
}

fn toll_part(count: Option<Count>, part: &str) -> Json {
    match part {
        "best" => json!(count.and_then(|c| c.best.or(c.min))),
        "min" => json!(count.and_then(|c| c.min)),
        _ => json!(count.and_then(|c| c.max)),
    }
}

fn party_part(subject: &dyn Subject, named: &Named<'_>, part: &str) -> Json {
    let entity = || named.entity.and_then(|e| subject.entity(e));
    match (part, &named.fact.value) {
        ("group", Value::Party(p)) => json!(p.group),
        ("group", _) => json!(entity().and_then(|e| e.group)),
        ("kind", Value::Party(p)) => json!(p.kind.name()),
        ("kind", Value::Weapon { kind, .. }) => json!(kind),
        ("kind", _) => json!(entity().map(|e| e.kind.name())),
        ("harm", Value::Party(p)) => json!(p.harm.map(|h| h.name())),
        ("extent", Value::Damage { extent, .. }) => json!(extent),
        ("stance", Value::Responsibility { stance, .. } | Value::Reaction { stance, .. }) => json!(stance),
        ("number", Value::Party(p)) => json!(p.number.and_then(|n| n.best.or(n.min))),
        ("number", Value::Weapon { number, .. }) => json!(number.and_then(|n| n.best.or(n.min))),
        ("country", _) => json!(subject.country_of(named.fact)),
        _ => Json::Null,
    }
}
