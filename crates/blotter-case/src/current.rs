//! The rows that `list` and `doubts` look through: made from the record of each incident as it changes.

use crate::db::Value as Sql;
use crate::db::{Connection, Optional, params};
use blotter_core::facts::{Field, Value};

use crate::memory::Memory;
use crate::record::Record;
use crate::{Error, derive, doubts, moment, state, words};

/// By which rules records, and with them these rows, are made: a change of `derive`, `moment` or `doubts` that alters any is a
/// new number. Rows of another number are as an earlier program made them until their incident changes.
const FORM: i64 = 1;

/// The columns of `current` that are made from a record, in the order of [`Shown::columns`].
const COLUMNS: [&str; 16] = [
    "status",
    "main",
    "first",
    "last",
    "day",
    "type",
    "country",
    "lat",
    "lon",
    "killed",
    "reports",
    "disagreements",
    "weight",
    "summary",
    "best",
    "form",
];

/// What lists show of an incident.
struct Shown {
    columns: Vec<Sql>,
    point: Option<(f64, f64)>,
    /// The words by which it is found.
    words: String,
}

impl Shown {
    fn of(record: &Record) -> Shown {
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
        let dates = || record.reports.iter().filter_map(|r| r.published.as_deref());
        let columns = vec![
            Sql::from(record.status.clone()),
            Sql::from(record.reports.iter().any(|r| r.relation == "main")),
            Sql::from(dates().min().map(str::to_owned)),
            Sql::from(dates().max().map(str::to_owned)),
            Sql::from(day),
            Sql::from(kind),
            Sql::from(place.and_then(|p| p.country.clone())),
            Sql::from(point.map(|p| p.0)),
            Sql::from(point.map(|p| p.1)),
            Sql::from(killed),
            Sql::from(record.reports.len() as i64),
            Sql::from(record.disagreements.len() as i64),
            Sql::from(doubts::weight(record)),
            Sql::from(record.summary.replace('\0', "\u{fffd}")),
            Sql::from(record.best_json().to_string()),
            Sql::from(FORM),
        ];
        let names = record.fields.iter().flat_map(|(_, entries)| entries).map(|e| derive::brief(&e.value));
        let headlines = record.reports.iter().filter_map(|r| r.headline.as_deref().map(str::to_owned));
        let words: Vec<String> = std::iter::once(record.summary.clone()).chain(headlines).chain(names).collect();
        Shown { columns, point, words: words.join("\n") }
    }
}

/// What lists should show of an incident at a row of the ledger; nothing of one that holds no report.
fn shown(db: &Connection, memory: &Memory, incident: i64, seq: i64) -> Result<Option<Shown>, Error> {
    if state::is_empty_at(db, incident, seq)? {
        return Ok(None);
    }
    Ok(Some(Shown::of(&moment::bare(db, memory, incident, seq)?)))
}

/// Writes anew what `list`, `doubts` and `clusters` show of an incident.
pub fn refresh(db: &Connection, memory: &Memory, incident: i64, seq: i64) -> Result<(), Error> {
    if state::is_empty_at(db, incident, seq)? {
        return put(db, incident, None);
    }
    put(db, incident, Some(&moment::bare(db, memory, incident, seq)?))
}

/// Puts the rows of an incident's record in the place of those that there were; none without a record.
pub fn put(db: &Connection, incident: i64, record: Option<&Record>) -> Result<(), Error> {
    for sql in ["DELETE FROM current WHERE incident = ?", "DELETE FROM area WHERE incident = ?"] {
        db.prepare(sql)?.execute([incident])?;
    }
    words::take_out(db, incident)?;
    let Some(shown) = record.map(Shown::of) else { return Ok(()) };
    let sql =
        format!("INSERT INTO current (incident, {}) VALUES (?{})", COLUMNS.join(", "), ", ?".repeat(COLUMNS.len()));
    let row: Vec<Sql> = std::iter::once(Sql::from(incident)).chain(shown.columns).collect();
    db.prepare(&sql)?.execute(&row)?;
    if let Some((lat, lon)) = shown.point {
        db.prepare("INSERT INTO area (incident, south, north, west, east) VALUES (?, ?, ?, ?, ?)")?
            .execute(params![incident, lat, lat, lon, lon])?;
    }
    words::put(db, incident, &shown.words)
}

/// In what the rows of an incident differ from its record of that row of the ledger: the column, or the table; `None` where
/// they do not, or where an earlier program made them by other rules.
///
/// # Errors
/// The record cannot be made.
pub fn differs(db: &Connection, memory: &Memory, incident: i64, seq: i64) -> Result<Option<&'static str>, Error> {
    let should = shown(db, memory, incident, seq)?;
    let sql = format!("SELECT {} FROM current WHERE incident = ?", COLUMNS.join(", "));
    let columns = |r: &crate::db::Row<'_>| (0..COLUMNS.len()).map(|i| r.get(i)).collect::<Result<Vec<Sql>, _>>();
    let kept: Option<Vec<Sql>> = db.prepare(&sql)?.query_row([incident], columns).optional()?;
    let (should, kept) = match (should, kept) {
        (None, None) => return Ok(None),
        (Some(should), Some(kept)) => (should, kept),
        _ => return Ok(Some("the row")),
    };
    if kept.last() != Some(&Sql::from(FORM)) {
        return Ok(None);
    }
    if let Some(at) = (0..COLUMNS.len()).find(|i| should.columns[*i] != kept[*i]) {
        return Ok(Some(COLUMNS[at]));
    }
    // The area is kept in 32 bits, rounded outwards.
    let sql = "SELECT south, north, west, east FROM area WHERE incident = ?";
    let area = |r: &crate::db::Row<'_>| Ok([r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?]);
    let area: Option<[f64; 4]> = db.prepare(sql)?.query_row([incident], area).optional()?;
    let right = match (should.point, area) {
        (Some((lat, lon)), Some([south, north, west, east])) => {
            let about = |x: f64, low: f64, high: f64| low <= x && x <= high && high - low < 1e-3;
            about(lat, south, north) && about(lon, west, east)
        }
        (None, None) => true,
        _ => false,
    };
    Ok((!right).then_some("area"))
}
