//! What a page over the case file asks again and again: lists by pages, counts, points.

use std::collections::BTreeMap;

use crate::db::Value as Sql;

use crate::Error;
use crate::file::CaseFile;
use crate::filter::{Condition, Filter};
use crate::list::{COLUMNS, Row};

/// In which order a list comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By doubt times stakes, the weightiest first.
    #[default]
    Doubt,
    /// By the day of the incident, the newest first, undated ones last.
    Newest,
}

/// Where a page of a list ended: what the next begins after. It stays good while others file.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    day: Option<String>,
    weight: f64,
    id: i64,
}

impl Cursor {
    /// The end of a page.
    fn of(row: &Row) -> Cursor {
        Cursor { day: row.day.clone(), weight: row.weight, id: row.id }
    }

    /// As one word that may stand in an address: the weight by its bits, since it must come back exactly.
    pub fn written(&self) -> String {
        format!("{:x}.{:x}.{}", self.id, self.weight.to_bits(), self.day.as_deref().unwrap_or_default())
    }

    /// The cursor of such a word; `None` where it is none.
    pub fn read(word: &str) -> Option<Cursor> {
        let mut parts = word.splitn(3, '.');
        let id = i64::from_str_radix(parts.next()?, 16).ok()?;
        let weight = f64::from_bits(u64::from_str_radix(parts.next()?, 16).ok()?);
        let day = Some(parts.next()?).filter(|day| !day.is_empty()).map(str::to_owned);
        Some(Cursor { day, weight, id })
    }
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its incidents.
    pub rows: Vec<Row>,
    /// After what the next begins; `None` at the end.
    pub next: Option<Cursor>,
}

/// How many incidents a filter leaves, by what they are. Incidents are counted, not reports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All.
    pub incidents: u64,
    /// By status.
    pub statuses: BTreeMap<String, u64>,
    /// By type; those without are left out.
    pub types: BTreeMap<String, u64>,
    /// By country; those without are left out.
    pub countries: BTreeMap<String, u64>,
    /// The killed of all that tell a number, each once: the least number that the best value allows.
    pub killed: u64,
    /// How many tell one.
    pub killed_told: u64,
}

/// An incident on a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Its id.
    pub incident: String,
    /// Degrees north and east, where known.
    pub at: Option<(f64, f64)>,
    /// The day it happened on, where known.
    pub day: Option<String>,
    /// Its type.
    pub kind: Option<String>,
    /// The killed: the least number that the best value allows.
    pub killed: Option<i64>,
}

impl CaseFile {
    /// A page of the incidents that a filter leaves, after a cursor, at most `limit`.
    ///
    /// # Errors
    /// The filter asks for what cannot be, or the database refused.
    pub fn page(&self, filter: &Filter, order: Order, after: Option<&Cursor>, limit: usize) -> Result<Page, Error> {
        let Condition { mut sql, mut given, few, by_day } = filter.condition(&self.db)?;
        if let Some(cursor) = after {
            let (words, values) = behind(order, cursor);
            sql.push_str(&words);
            given.extend(values);
        }
        let order = match order {
            Order::Doubt if few => format!("{} DESC", self.db.unindexed("c.weight")),
            Order::Doubt => "c.weight DESC".to_owned(),
            Order::Newest if by_day => "c.day DESC NULLS LAST".to_owned(),
            Order::Newest => format!("{} DESC NULLS LAST", self.db.unindexed("c.day")),
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM current c JOIN incident i ON i.id = c.incident WHERE 1 = 1{sql} ORDER BY {order}, c.incident DESC"
        );
        let mut statement = self.db.prepare(&sql)?;
        let mut found = statement.query(&given)?;
        let mut rows: Vec<Row> = Vec::new();
        while let Some(row) = found.next()? {
            let row = Row::of(&row)?;
            if !filter.is_near(row.point) {
                continue;
            }
            // One more than asked for: there is a next page.
            if rows.len() == limit {
                let next = rows.last().map(Cursor::of);
                return Ok(Page { rows, next });
            }
            rows.push(row);
        }
        Ok(Page { rows, next: None })
    }

    /// How many incidents a filter leaves.
    ///
    /// # Errors
    /// The filter asks for what cannot be, or the database refused.
    pub fn counts(&self, filter: &Filter) -> Result<Counts, Error> {
        let Condition { sql, given, .. } = filter.condition(&self.db)?;
        let sql = format!("SELECT c.status, c.type, c.country, c.killed, c.lat, c.lon FROM current c WHERE 1 = 1{sql}");
        let mut statement = self.db.prepare(&sql)?;
        let mut rows = statement.query(&given)?;
        let mut counts = Counts::default();
        let more = |map: &mut BTreeMap<String, u64>, name: Option<&str>| {
            let Some(name) = name else { return };
            match map.get_mut(name) {
                Some(n) => *n += 1,
                None => {
                    map.insert(name.to_owned(), 1);
                }
            }
        };
        while let Some(row) = rows.next()? {
            let (lat, lon): (Option<f64>, Option<f64>) = (row.get(4)?, row.get(5)?);
            if !filter.is_near(lat.zip(lon)) {
                continue;
            }
            counts.incidents += 1;
            more(&mut counts.statuses, row.text(0)?);
            more(&mut counts.types, row.text(1)?);
            more(&mut counts.countries, row.text(2)?);
            if let Some(killed) = row.get::<Option<i64>>(3)? {
                counts.killed = counts.killed.saturating_add(u64::try_from(killed).unwrap_or(0));
                counts.killed_told += 1;
            }
        }
        Ok(counts)
    }

    /// The incidents that a filter leaves as points, the latest filed first, at most `limit`.
    ///
    /// # Errors
    /// The filter asks for what cannot be, or the database refused.
    pub fn points(&self, filter: &Filter, limit: usize) -> Result<Vec<Point>, Error> {
        let Condition { sql, given, .. } = filter.condition(&self.db)?;
        let sql = format!(
            "SELECT i.name, c.lat, c.lon, c.day, c.type, c.killed FROM current c JOIN incident i ON i.id = c.incident
             WHERE 1 = 1{sql} ORDER BY c.incident DESC"
        );
        let mut statement = self.db.prepare(&sql)?;
        let mut rows = statement.query(&given)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let (lat, lon): (Option<f64>, Option<f64>) = (row.get(1)?, row.get(2)?);
            let at = lat.zip(lon);
            if !filter.is_near(at) {
                continue;
            }
            if found.len() == limit {
                break;
            }
            let (incident, day, kind, killed) = (row.get(0)?, row.get(3)?, row.get(4)?, row.get(5)?);
            found.push(Point { incident, at, day, kind, killed });
        }
        Ok(found)
    }
}

/// The condition that leaves what comes after a cursor.
fn behind(order: Order, cursor: &Cursor) -> (String, Vec<Sql>) {
    let id = Sql::Integer(cursor.id);
    match (order, &cursor.day) {
        (Order::Doubt, _) => (" AND (c.weight, c.incident) < (?, ?)".to_owned(), vec![Sql::Real(cursor.weight), id]),
        (Order::Newest, Some(day)) => {
            let words = " AND (c.day IS NULL OR c.day < ? OR (c.day = ? AND c.incident < ?))";
            (words.to_owned(), vec![Sql::Text(day.clone()), Sql::Text(day.clone()), id])
        }
        (Order::Newest, None) => (" AND c.day IS NULL AND c.incident < ?".to_owned(), vec![id]),
    }
}
