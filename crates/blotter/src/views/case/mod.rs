//! What a case file holds, for people.

mod lists;
mod record;

pub use lists::{added, changes, doubts, list, report, report_json};
pub use record::record;

use blotter_case::record::{Entry, Record};
use blotter_core::facts::{Fact, Field, Incident, Relation, Scope, TollSummary, Value};

use super::words;

/// A value of the record as a fact, for the words of [`words`]. A toll of all is told without its noun: each report has
/// another ("three people", "villagers").
fn fact(field: Field, entry: &Entry) -> Fact {
    let mut value = entry.value.clone();
    if let Value::Toll(toll) = &mut value
        && toll.scope == Scope::Total
    {
        toll.who = None;
    }
    Fact {
        field,
        value,
        status: entry.status,
        sources: Vec::new(),
        denied_by: Vec::new(),
        evidence: Vec::new(),
        confidence: entry.confidence,
        why: String::new(),
    }
}

/// The title made from the best values.
fn title(record: &Record) -> String {
    let facts = [Field::Type, Field::Where].into_iter().filter_map(|f| record.best(f).map(|e| fact(f, e))).collect();
    words::title(&Incident { relation: Relation::Main, summary: String::new(), facts, toll: TollSummary::default() })
}

/// "Tue 12 Mar 2024" or "Tue 12 Mar 2024, 21:40" of an ISO 8601 date or date-time; what cannot be read stays as it is.
fn day(iso: &str) -> String {
    let date = iso.get(..10).and_then(|d| d.parse::<jiff::civil::Date>().ok());
    let time = iso.get(11..16).filter(|t| *t != "00:00").map(|t| format!(", {t}")).unwrap_or_default();
    date.map_or_else(|| iso.to_owned(), |d| format!("{}{time}", d.strftime("%-d %b %Y")))
}

fn plural(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests;
