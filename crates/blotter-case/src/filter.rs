//! Which incidents are asked for: a filter → the condition that a query puts to the rows that lists look through.

use crate::db::Connection;
use crate::db::Value as Sql;

use crate::join::compare::{EARTH, kilometres};
use crate::{Error, words};

/// Which incidents to list; what is not given is not asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Not before this day of the incident ("2024-03-12").
    pub since: Option<String>,
    /// Not after it.
    pub until: Option<String>,
    /// Type, or the group of types ("attack").
    pub kind: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Degrees north and east, and kilometres.
    pub near: Option<(f64, f64, f64)>,
    /// So many killed at least.
    pub min_killed: Option<u64>,
    /// Words that all stand in the summary, a headline, a name.
    pub text: Option<String>,
    /// Status; without it those withdrawn are left out.
    pub status: Option<String>,
    /// Also those that reports only recall as background.
    pub all: bool,
    /// So many rows at most.
    pub limit: Option<u64>,
}

/// One thing that is asked for: a column that has an index (else ""), the condition, and what it is compared with.
struct Asked {
    column: &'static str,
    words: String,
    given: Vec<Sql>,
}

/// A filter as SQL over `current c`.
pub struct Condition {
    /// " AND .." for each thing asked for.
    pub sql: String,
    /// What its question marks stand for.
    pub given: Vec<Sql>,
    /// Whether a filter that leaves few incidents is looked up by its own index; else the order of the list leads.
    pub few: bool,
    /// Whether the days lead, which are an order of lists, too.
    pub by_day: bool,
}

/// So few incidents are sorted sooner than the newest are looked through.
const FEW: i64 = 1000;

impl Filter {
    /// Whether a point lies where it is asked for: a query asks for the box around the circle, this for the circle.
    pub fn is_near(&self, point: Option<(f64, f64)>) -> bool {
        match (self.near, point) {
            (None, _) => true,
            (Some((lat, lon, km)), Some(point)) => kilometres(point, (lat, lon)) <= km,
            (Some(_), None) => false,
        }
    }

    /// The filter as a condition.
    ///
    /// # Errors
    /// The filter asks for what cannot be, or the database refused.
    pub fn condition(&self, db: &Connection) -> Result<Condition, Error> {
        let asked = self.asked(db);
        let leads = leads(db, &asked)?;
        let few = leads.is_some_and(|(found, _)| found < FEW);
        let day = asked.iter().position(|a| a.column == "c.day");
        let leads = leads.filter(|_| few).map(|(_, i)| i).or(day);
        let by_day = leads.is_none_or(|i| asked[i].column == "c.day");
        let (mut sql, mut given) = (String::new(), Vec::<Sql>::new());
        for (i, asked) in asked.into_iter().enumerate() {
            // The plus keeps a column from being looked up by its index.
            let column = if leads == Some(i) { asked.column.to_owned() } else { db.unindexed(asked.column) };
            let mut words = asked.words.replace("COLUMN", &column);
            if few && leads == Some(i) {
                words = db.first(words);
            }
            sql.push_str(&format!(" AND {words}"));
            given.extend(asked.given);
        }
        Ok(Condition { sql, given, few, by_day })
    }

    fn asked(&self, db: &Connection) -> Vec<Asked> {
        let mut asked: Vec<Asked> = Vec::new();
        let mut ask = |column, words: &str, given: Vec<Sql>| {
            asked.push(Asked { column, words: words.to_owned(), given });
        };
        let text = |words: &str| Sql::Text(words.to_owned());
        match &self.status {
            Some(status) => ask("c.status", "COLUMN = ?", vec![text(status)]),
            None => ask("", "c.status <> 'withdrawn'", Vec::new()),
        }
        if !self.all {
            ask("", "c.main = 1", Vec::new());
        }
        if self.since.is_some() || self.until.is_some() {
            let (since, until) = (self.since.as_deref(), self.until.as_deref());
            let given = vec![text(since.unwrap_or("")), text(until.unwrap_or("9999-99-99"))];
            ask("c.day", "COLUMN >= ? AND COLUMN <= ?", given);
        }
        if let Some(kind) = &self.kind {
            // "attack" is also "attack/drone": of what sorts from "attack" on and before "attack0", that and what has the stroke.
            let given = [kind.clone(), format!("{kind}0"), kind.clone(), format!("{kind}/"), format!("{kind}/")];
            let words = "COLUMN >= ? AND COLUMN < ? AND (c.type = ? OR substr(c.type, 1, length(?)) = ?)";
            ask("c.type", words, given.map(Sql::Text).to_vec());
        }
        if let Some(country) = &self.country {
            ask("c.country", "COLUMN = ?", vec![Sql::Text(country.to_uppercase())]);
        }
        if let Some(killed) = self.min_killed {
            ask("c.killed", "COLUMN >= ?", vec![Sql::Integer(i64::try_from(killed).unwrap_or(i64::MAX))]);
        }
        if let Some(words) = &self.text {
            let (sql, asked) = words::condition(db, words);
            ask("c.incident", sql, vec![Sql::Text(asked)]);
        }
        if let Some((lat, lon, km)) = self.near {
            // The circle itself is checked on the rows, which have exact points.
            let words = db.either(
                "COLUMN IN (SELECT incident FROM area WHERE north >= ? AND south <= ? AND east >= ? AND west <= ?)",
                "COLUMN IN (SELECT incident FROM area
                            WHERE box(point(north, east), point(south, west)) && box(point(?, ?), point(?, ?)))",
            );
            let [south, north, west, east] = around(lat, lon, km);
            let order = if db.sqlite().is_some() { [south, north, west, east] } else { [south, west, north, east] };
            ask("c.incident", words, order.map(Sql::Real).to_vec());
        }
        asked
    }
}

/// A box in which a circle lies: its south, north, west and east. Where the circle reaches a pole, or the box the meridian at
/// which degrees begin anew, it goes all around: few incidents more are looked at, none is missed.
fn around(lat: f64, lon: f64, km: f64) -> [f64; 4] {
    // A hair more, for what is lost in rounding.
    let angle = km / EARTH + 1e-9;
    let (south, north) = (lat - angle.to_degrees(), lat + angle.to_degrees());
    let all = [south, north, -360.0, 360.0];
    if south <= -90.0 || north >= 90.0 {
        return all;
    }
    // The circle is widest nearer to the pole than at its middle, where its edge runs along a meridian.
    let half = (angle.sin() / lat.to_radians().cos()).min(1.0).asin().to_degrees();
    let (west, east) = (lon - half, lon + half);
    if west <= -180.0 || east >= 180.0 { all } else { [south, north, west, east] }
}

/// Which filter is looked up by its index, the others being checked on the rows: the first that leaves few incidents, with
/// how many. Where none does, the order of the list leads; so the newest of a frequent kind are soon found.
fn leads(db: &Connection, asked: &[Asked]) -> Result<Option<(i64, usize)>, Error> {
    let mut least: Option<(i64, usize)> = None;
    for (i, one) in asked.iter().enumerate().filter(|(_, a)| !a.column.is_empty()) {
        let words = one.words.replace("COLUMN", one.column);
        let sql = format!("SELECT count(*) FROM (SELECT 1 FROM current c WHERE {words} LIMIT {FEW}) AS few");
        let found = db.prepare(&sql)?.query_row(&one.given, |r| r.get::<i64>(0))?;
        if least.is_none_or(|(known, _)| found < known) {
            least = Some((found, i));
        }
    }
    Ok(least)
}
