//! The table of incidents: one row each, the best values alone.

use blotter_case::Field;
use blotter_case::derive::brief;
use blotter_core::facts::{Value, Where};
use blotter_core::wire;
use serde_json::{Value as Json, json};

use super::Kind::{Integer, Real, Text, Truth};
use super::{Column, Row, Table, column, joined};
use crate::item::When;

pub(super) static TABLE: Table = Table {
    name: "incidents",
    meaning: "One row an incident, with the best value of each field: what `show --json` has under `best`. Of a withdrawn \
              incident the values are empty.",
    columns: COLUMNS,
    keys: &["incident"],
    rows: |item, visit| visit(&Row::of(item)),
};

fn when(row: &Row<'_>, part: fn(&When<'_>) -> Json) -> Json {
    row.item.when().as_ref().map_or(Json::Null, part)
}

fn place(row: &Row<'_>, part: fn(&Where) -> Json) -> Json {
    row.item.place().map_or(Json::Null, part)
}

/// A bound of a toll: 0 least, 1 as said, 2 most.
fn toll(row: &Row<'_>, field: Field, bound: usize) -> Json {
    row.item.toll(field).map_or(Json::Null, |t| json!([t.count.min, t.count.best, t.count.max][bound]))
}

fn names(row: &Row<'_>, field: Field) -> Json {
    let found = row.item.bests(field);
    let names: Vec<String> = found
        .iter()
        .map(|e| match &e.value {
            Value::Party(party) => party.name.clone(),
            value => brief(value),
        })
        .collect();
    joined(names.iter().map(String::as_str))
}

/// A bound of a toll.
macro_rules! toll {
    ($field:ident $name:literal min $what:literal) => {
        column(concat!($name, "_min"), Integer, "people", concat!("The least number ", $what), |r| {
            toll(r, Field::$field, 0)
        })
    };
    ($field:ident $name:literal best $what:literal) => {
        column(concat!($name, "_best"), Integer, "people", concat!("The number ", $what, " as it is said"), |r| {
            toll(r, Field::$field, 1)
        })
    };
    ($field:ident $name:literal max $what:literal) => {
        column(
            concat!($name, "_max"),
            Integer,
            "people",
            concat!("The greatest number ", $what, "; empty: no bound is told"),
            |r| toll(r, Field::$field, 2),
        )
    };
}

const COLUMNS: &[Column] = &[
    column("incident", Text, "", "The incident's id, which stays", |r| json!(r.item.record.incident)),
    column("revision", Integer, "", "How many times its record has changed", |r| json!(r.item.record.revision)),
    column("as_of", Text, "ISO 8601, UTC", "The moment of the record", |r| json!(r.item.record.as_of)),
    column("status", Text, "open, reviewed, closed, withdrawn", "Where the work on it stands", |r| {
        json!(r.item.record.status)
    }),
    column(
        "tlp",
        Text,
        "clear, green, amber, amber+strict, red",
        "With whom it may be shared; empty: nobody has marked it",
        |r| json!(r.item.mark().map(|level| level.name())),
    ),
    column("main", Truth, "", "Whether any report is about it (else all recall it as background)", |r| {
        json!(r.item.record.reports.iter().any(|line| line.relation == "main"))
    }),
    column("summary", Text, "", "One sentence made from the best values", |r| json!(r.item.record.summary)),
    column("type", Text, "Blotter's types", "What happened (\"attack/drone\")", |r| json!(r.item.code(Field::Type))),
    column("stage", Text, "Blotter's stages", "How far it went (\"foiled\")", |r| json!(r.item.code(Field::Stage))),
    column("time_start", Text, "ISO 8601, as exact as known", "When it began", |r| when(r, |w| json!(w.start))),
    column("time_end", Text, "ISO 8601, inclusive", "When it ended", |r| when(r, |w| json!(w.end))),
    column(
        "time_precision",
        Text,
        "minute, hour, part-of-day, day, days, week, month, season, year",
        "How exactly the time is known",
        |r| when(r, |w| json!(wire::precision(w.precision))),
    ),
    column("place", Text, "", "The most specific named place", |r| place(r, |w| json!(w.name))),
    column("settlement", Text, "", "The settlement it is in", |r| place(r, |w| json!(w.settlement))),
    column("admin1", Text, "first-order division (US: postal code)", "The division it is in", |r| {
        place(r, |w| json!(w.admin1))
    }),
    column("country", Text, "ISO 3166-1 alpha-2", "The country; empty at sea or where not known", |r| {
        place(r, |w| json!(w.country))
    }),
    column("latitude", Real, "degrees north, WGS 84", "The point of the place", |r| place(r, |w| json!(w.lat))),
    column("longitude", Real, "degrees east, WGS 84", "The point of the place", |r| place(r, |w| json!(w.lon))),
    column(
        "place_precision",
        Text,
        "site, settlement, district, admin1, country",
        "How exactly the place is known",
        |r| place(r, |w| json!(w.precision.name())),
    ),
    column("radius_km", Real, "kilometres", "How far from the point it may have been", |r| {
        place(r, |w| json!(w.radius_km))
    }),
    column("geonames_id", Integer, "GeoNames", "The place in the gazetteer", |r| place(r, |w| json!(w.geonames_id))),
    toll!(Killed "killed" min "killed, attackers left out"),
    toll!(Killed "killed" best "killed, attackers left out"),
    toll!(Killed "killed" max "killed, attackers left out"),
    toll!(Wounded "wounded" min "wounded, attackers left out"),
    toll!(Wounded "wounded" best "wounded, attackers left out"),
    toll!(Wounded "wounded" max "wounded, attackers left out"),
    toll!(Casualties "casualties" min "killed or wounded, where told together"),
    toll!(Casualties "casualties" best "killed or wounded, where told together"),
    toll!(Casualties "casualties" max "killed or wounded, where told together"),
    toll!(Missing "missing" min "missing"),
    toll!(Missing "missing" best "missing"),
    toll!(Missing "missing" max "missing"),
    toll!(Abducted "abducted" min "abducted"),
    toll!(Abducted "abducted" best "abducted"),
    toll!(Abducted "abducted" max "abducted"),
    toll!(Arrested "arrested" min "arrested"),
    toll!(Arrested "arrested" best "arrested"),
    toll!(Arrested "arrested" max "arrested"),
    toll!(Displaced "displaced" min "driven from their homes"),
    toll!(Displaced "displaced" best "driven from their homes"),
    toll!(Displaced "displaced" max "driven from their homes"),
    column("targets", Text, "names, \"; \" between", "What was aimed at", |r| names(r, Field::Target)),
    column("victims", Text, "names, \"; \" between", "Who was harmed", |r| names(r, Field::Victim)),
    column("perpetrators", Text, "names, \"; \" between", "Who is said to have done it", |r| {
        names(r, Field::Perpetrator)
    }),
    column("suspects", Text, "names, \"; \" between", "Who is suspected", |r| names(r, Field::Suspect)),
    column("participants", Text, "names, \"; \" between", "Who took part", |r| names(r, Field::Participant)),
    column("responders", Text, "names, \"; \" between", "Who came to help or to stop it", |r| {
        names(r, Field::Responder)
    }),
    column("weapons", Text, "names, \"; \" between", "With what", |r| names(r, Field::Weapon)),
    column("damage", Text, "name: damaged or destroyed", "What was damaged", |r| names(r, Field::Damage)),
    column("responsibility", Text, "name: claimed, accused, denied", "Who claims or is held responsible", |r| {
        names(r, Field::Responsibility)
    }),
    column("reactions", Text, "name and stance", "Who said what about it", |r| names(r, Field::Reaction)),
    column("reports", Integer, "", "How many reports tell of it", |r| json!(r.item.record.reports.len())),
    column("origins", Integer, "", "How many outlets first published them: copies count once", |r| {
        let mut origins: Vec<&str> = r.item.record.reports.iter().map(|line| &*line.origin).collect();
        origins.sort_unstable();
        origins.dedup();
        json!(origins.len())
    }),
    column("first_published", Text, "ISO 8601", "The date of the first report", |r| {
        json!(r.item.record.reports.iter().filter_map(|line| line.published.as_deref()).min())
    }),
    column("last_published", Text, "ISO 8601", "The date of the last report", |r| {
        json!(r.item.record.reports.iter().filter_map(|line| line.published.as_deref()).max())
    }),
    column("disagreements", Integer, "", "How many pairs of values cannot be true together", |r| {
        json!(r.item.record.disagreements.len())
    }),
    column("disputed", Text, "sentences, \"; \" between", "What the values are and who says them", |r| {
        joined(r.item.record.disagreements.iter().map(|d| d.note.as_str()))
    }),
];
