//! The rows that `list` and `doubts` look through: made from the record of each incident as it changes.

use blotter_core::facts::{Field, Value};
use rusqlite::{Connection, params};

use crate::memory::Memory;
use crate::{Error, derive, doubts, moment, state};

/// Writes anew what `list`, `doubts` and `clusters` show of an incident.
pub fn refresh(db: &Connection, memory: &Memory, incident: i64, seq: i64) -> Result<(), Error> {
    for sql in [
        "DELETE FROM current WHERE incident = ?",
        "DELETE FROM area WHERE incident = ?",
        "DELETE FROM words WHERE rowid = ?",
    ] {
        db.prepare_cached(sql)?.execute([incident])?;
    }
    if state::is_empty_at(db, incident, seq)? {
        return Ok(());
    }
    let record = moment::bare(db, memory, incident, seq)?;
    let best = |field: Field| record.best(field).map(|e| &e.value);
    let day = match best(Field::When) {
        Some(Value::When { start, .. }) => start.clone().map(|s| s.chars().take(10).collect::<String>()),
        _ => None,
    };
    let place = match best(Field::Where) {
        Some(Value::Where(place)) => Some(place),
        _ => None,
    };
    let point = place.and_then(|p| p.lat.zip(p.lon));
    let killed = match best(Field::Killed) {
        Some(Value::Toll(t)) => t.count.min.or(t.count.best).and_then(|n| i64::try_from(n).ok()),
        _ => None,
    };
    let kind = match best(Field::Type) {
        Some(Value::Code(code)) => Some(code.clone()),
        _ => None,
    };
    let first = record.reports.iter().filter_map(|r| r.published.as_deref()).min();
    let last = record.reports.iter().filter_map(|r| r.published.as_deref()).max();
    let sql = "INSERT INTO current (incident, status, main, first, last, day, type, country, lat, lon, killed, reports,
               disagreements, weight, summary, best) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    db.prepare_cached(sql)?.execute(params![
        incident,
        record.status,
        record.reports.iter().any(|r| r.relation == "main"),
        first,
        last,
        day,
        kind,
        place.and_then(|p| p.country.clone()),
        point.map(|p| p.0),
        point.map(|p| p.1),
        killed,
        record.reports.len() as i64,
        record.disagreements.len() as i64,
        doubts::weight(&record),
        record.summary,
        record.best_json().to_string(),
    ])?;
    if let Some((lat, lon)) = point {
        db.prepare_cached("INSERT INTO area (incident, south, north, west, east) VALUES (?, ?, ?, ?, ?)")?
            .execute(params![incident, lat, lat, lon, lon])?;
    }
    let names = record.fields.iter().flat_map(|(_, entries)| entries).map(|e| derive::brief(&e.value));
    let headlines = record.reports.iter().filter_map(|r| r.headline.clone());
    let text: Vec<String> = std::iter::once(record.summary.clone()).chain(headlines).chain(names).collect();
    db.prepare_cached("INSERT INTO words (rowid, text) VALUES (?, ?)")?.execute(params![incident, text.join("\n")])?;
    Ok(())
}
