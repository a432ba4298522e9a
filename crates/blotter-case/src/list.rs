//! Looking in: lists, clusters, one record, one report.

use std::collections::BTreeMap;

use rusqlite::types::Value as Sql;
use serde_json::{Value as Json, json};

use crate::file::CaseFile;
use crate::join::compare::kilometres;
use crate::record::Record;
use crate::state::{self, ReportVersion};
use crate::{Error, ledger, moment};

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

/// One incident of a list.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its id.
    pub incident: String,
    /// "open", ...
    pub status: String,
    /// The day it happened on, where known.
    pub day: Option<String>,
    /// One sentence.
    pub summary: String,
    /// How many reports tell of it.
    pub reports: i64,
    /// How many disagreements it has.
    pub disagreements: i64,
    /// The best values.
    pub best: Json,
}

impl Row {
    /// The line that `list --json` prints.
    pub fn json(&self) -> Json {
        json!({
            "incident": self.incident, "status": self.status, "summary": self.summary, "reports": self.reports,
            "disagreements": self.disagreements, "best": self.best,
        })
    }
}

/// The reports of an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Its id.
    pub incident: String,
    /// All its reports.
    pub reports: Vec<String>,
    /// Those that are about it.
    pub main_for: Vec<String>,
}

impl Cluster {
    /// The line that `clusters --json` prints.
    pub fn json(&self) -> Json {
        json!({ "incident": self.incident, "reports": self.reports, "main_for": self.main_for })
    }
}

/// One thing that is asked for: a column that has an index (else ""), the condition, and what it is compared with.
struct Asked {
    column: &'static str,
    words: String,
    given: Vec<Sql>,
}

/// So few incidents are sorted sooner than the newest are looked through.
const FEW: i64 = 1000;

impl CaseFile {
    /// The incidents that a filter leaves, the newest first (undated ones last).
    ///
    /// # Errors
    /// The filter asks for what cannot be, or the database refused.
    pub fn list(&self, filter: &Filter) -> Result<Vec<Row>, Error> {
        let mut asked: Vec<Asked> = Vec::new();
        let mut ask = |column, words: &str, given: Vec<Sql>| {
            asked.push(Asked { column, words: words.to_owned(), given });
        };
        let text = |words: &str| Sql::Text(words.to_owned());
        match &filter.status {
            Some(status) => ask("c.status", "COLUMN = ?", vec![text(status)]),
            None => ask("", "c.status <> 'withdrawn'", Vec::new()),
        }
        if !filter.all {
            ask("", "c.main = 1", Vec::new());
        }
        if filter.since.is_some() || filter.until.is_some() {
            let (since, until) = (filter.since.as_deref(), filter.until.as_deref());
            let given = vec![text(since.unwrap_or("")), text(until.unwrap_or("9999-99-99"))];
            ask("c.day", "COLUMN >= ? AND COLUMN <= ?", given);
        }
        if let Some(kind) = &filter.kind {
            // "attack" is also "attack/drone": of what sorts from "attack" on and before "attack0", that and what has the stroke.
            let given = [kind.clone(), format!("{kind}0"), kind.clone(), format!("{kind}/"), format!("{kind}/")];
            let words = "COLUMN >= ? AND COLUMN < ? AND (c.type = ? OR substr(c.type, 1, length(?)) = ?)";
            ask("c.type", words, given.map(Sql::Text).to_vec());
        }
        if let Some(country) = &filter.country {
            ask("c.country", "COLUMN = ?", vec![Sql::Text(country.to_uppercase())]);
        }
        if let Some(killed) = filter.min_killed {
            ask("c.killed", "COLUMN >= ?", vec![Sql::Integer(i64::try_from(killed).unwrap_or(i64::MAX))]);
        }
        if let Some(words) = &filter.text {
            let quoted: Vec<String> =
                words.split_whitespace().map(|w| format!("\"{}\"", w.replace('"', "\"\""))).collect();
            let words = "COLUMN IN (SELECT rowid FROM words WHERE words MATCH ?)";
            ask("c.incident", words, vec![Sql::Text(quoted.join(" "))]);
        }
        if let Some((lat, lon, km)) = filter.near {
            // A box around the circle; the circle itself is checked on the rows, which have exact points.
            let north = km / 110.0;
            let east = north / lat.to_radians().cos().abs().max(0.01);
            let words =
                "COLUMN IN (SELECT incident FROM area WHERE north >= ? AND south <= ? AND east >= ? AND west <= ?)";
            ask("c.incident", words, [lat - north, lat + north, lon - east, lon + east].map(Sql::Real).to_vec());
        }
        let leads = self.leads(&asked)?;
        let order = if leads.is_none_or(|i| asked[i].column == "c.day") { "c.day" } else { "+c.day" };
        let (mut sql, mut given) = (String::new(), Vec::<Sql>::new());
        for (i, asked) in asked.into_iter().enumerate() {
            // The plus keeps a column from being looked up by its index.
            let column = if leads == Some(i) { asked.column.to_owned() } else { format!("+{}", asked.column) };
            sql.push_str(&format!(" AND {}", asked.words.replace("COLUMN", &column)));
            given.extend(asked.given);
        }
        let limit = filter.limit.map(|n| format!(" LIMIT {n}")).filter(|_| filter.near.is_none()).unwrap_or_default();
        let sql = format!(
            "SELECT i.name, c.status, c.day, c.summary, c.reports, c.disagreements, c.best, c.lat, c.lon
             FROM current c JOIN incident i ON i.id = c.incident WHERE 1{sql}
             ORDER BY {order} DESC NULLS LAST, c.incident DESC{limit}"
        );
        let mut statement = self.db.prepare_cached(&sql)?;
        let mut rows = statement.query(rusqlite::params_from_iter(given))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            if let Some((lat, lon, km)) = filter.near {
                let point: (f64, f64) = (row.get(7)?, row.get(8)?);
                if kilometres(point, (lat, lon)) > km {
                    continue;
                }
            }
            found.push(Row {
                incident: row.get(0)?,
                status: row.get(1)?,
                day: row.get(2)?,
                summary: row.get(3)?,
                reports: row.get(4)?,
                disagreements: row.get(5)?,
                best: serde_json::from_str(&row.get::<_, String>(6)?)?,
            });
            if filter.limit.is_some_and(|limit| found.len() as u64 >= limit) {
                break;
            }
        }
        Ok(found)
    }

    /// Which filter is looked up by its index, the others being checked on the rows: the first that leaves few incidents.
    /// Where none does, that of the day, which is the order of the list; so the newest of a frequent kind are soon found.
    fn leads(&self, asked: &[Asked]) -> Result<Option<usize>, Error> {
        let mut least: Option<(i64, usize)> = None;
        for (i, one) in asked.iter().enumerate().filter(|(_, a)| !a.column.is_empty()) {
            let words = one.words.replace("COLUMN", one.column);
            let sql = format!("SELECT count(*) FROM (SELECT 1 FROM current c WHERE {words} LIMIT {FEW})");
            let found = self
                .db
                .prepare_cached(&sql)?
                .query_row(rusqlite::params_from_iter(&one.given), |r| r.get::<_, i64>(0))?;
            if least.is_none_or(|(known, _)| found < known) {
                least = Some((found, i));
            }
        }
        let day = asked.iter().position(|a| a.column == "c.day");
        Ok(least.filter(|(found, _)| *found < FEW).map(|(_, i)| i).or(day))
    }

    /// How many incidents are only recalled as background, and how many are withdrawn: what `list` leaves out.
    ///
    /// # Errors
    /// The database refused.
    pub fn left_out(&self) -> Result<(i64, i64), Error> {
        let sql = "SELECT coalesce(sum(n) FILTER (WHERE main = 0 AND status <> 'withdrawn'), 0),
                   coalesce(sum(n) FILTER (WHERE status = 'withdrawn'), 0) FROM tally";
        Ok(self.db.query_row(sql, [], |r| Ok((r.get(0)?, r.get(1)?)))?)
    }

    /// All incidents with their reports, those of most reports first.
    ///
    /// # Errors
    /// The database refused.
    pub fn clusters(&self) -> Result<Vec<Cluster>, Error> {
        let sql = "SELECT i.id, i.name, r.name, n.main FROM node n JOIN incident i ON i.id = n.incident
                   JOIN report r ON r.id = n.report ORDER BY i.id, n.id";
        let mut statement = self.db.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut found: BTreeMap<i64, Cluster> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (report, main): (String, bool) = (row.get(2)?, row.get(3)?);
            let incident: String = row.get(1)?;
            let cluster = found.entry(row.get(0)?).or_insert_with(|| Cluster {
                incident,
                reports: Vec::new(),
                main_for: Vec::new(),
            });
            if main && !cluster.main_for.contains(&report) {
                cluster.main_for.push(report.clone());
            }
            if !cluster.reports.contains(&report) {
                cluster.reports.push(report);
            }
        }
        let mut found: Vec<Cluster> = found.into_values().collect();
        found.sort_by_key(|c| std::cmp::Reverse(c.main_for.len()));
        Ok(found)
    }

    /// The record of an incident, at a moment or now, and the id that was asked for where that has become part of it.
    ///
    /// # Errors
    /// There is no such incident, or there was none at that moment ([`Error::NotYet`]).
    pub fn show(&self, incident: &str, as_of: Option<&str>) -> Result<(Record, Option<String>), Error> {
        let row = state::incident_row(&self.db, incident)?;
        let seq = match as_of {
            Some(time) => ledger::at_time(&self.db, time)?,
            None => ledger::last(&self.db)?,
        };
        let found = state::resolve(&self.db, row, seq)?;
        if state::is_empty_at(&self.db, found, seq)? {
            let (name, first): (String, String) = self.db.query_row(
                "SELECT i.name, l.at FROM incident i JOIN ledger l ON l.seq = i.seq WHERE i.id = ?",
                [row],
                |r| Ok((r.get(0)?, r.get(1)?)),
            )?;
            return Err(Error::NotYet(format!("{name} was not known then: its first report was filed at {first}")));
        }
        self.memory.refresh(&self.db)?;
        let mut record = moment::record(&self.db, &self.memory, found, seq)?;
        if let Some(time) = as_of {
            record.as_of = time.to_owned();
        }
        let asked = if found == row { None } else { Some(state::incident_name(&self.db, row)?) };
        Ok((record, asked))
    }

    /// A stored version of a report; the last without a number.
    ///
    /// # Errors
    /// There is none.
    pub fn report(&self, name: &str, version: Option<i64>) -> Result<ReportVersion, Error> {
        let report = state::report_row(&self.db, name)?;
        let versions: i64 =
            self.db.query_row("SELECT max(version) FROM version WHERE report = ?", [report], |r| r.get(0))?;
        let version = version.unwrap_or(versions);
        if !(1..=versions).contains(&version) {
            return Err(Error::Missing(format!("report {name} has the versions 1 to {versions}")));
        }
        let (_, reader, reading) = state::reading(&self.db, report, version, i64::MAX)?;
        let learned = self.db.query_row(
            "SELECT l.at FROM version v JOIN ledger l ON l.seq = v.seq WHERE v.report = ? AND v.version = ?",
            [report, version],
            |r| r.get(0),
        )?;
        let incidents = state::incidents_of_report(&self.db, report)?;
        Ok(ReportVersion { report: name.to_owned(), version, versions, learned, reader, reading, incidents })
    }

    /// The last version of every report: its id and number, in the order in which they were filed.
    ///
    /// # Errors
    /// The database refused.
    pub fn reports(&self) -> Result<Vec<(String, i64)>, Error> {
        let sql =
            "SELECT r.name, max(v.version) FROM report r JOIN version v ON v.report = r.id GROUP BY r.id ORDER BY r.id";
        let mut statement = self.db.prepare(sql)?;
        let found = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?;
        Ok(found)
    }
}
