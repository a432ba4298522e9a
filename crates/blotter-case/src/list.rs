//! Looking in: lists, clusters, one record, one report.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::file::CaseFile;
use crate::filter::{Condition, Filter};
use crate::record::Record;
use crate::state::{self, ReportVersion};
use crate::{Error, ledger, moment};

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
    /// Its point, in degrees north and east.
    pub point: Option<(f64, f64)>,
    /// The weight of its greatest doubt: how unsure it is, times what is at stake.
    pub weight: f64,
    /// Its row in the file.
    pub(crate) id: i64,
}

/// What a list reads of an incident, for [`Row::of`].
pub(crate) const COLUMNS: &str =
    "i.name, c.status, c.day, c.summary, c.reports, c.disagreements, c.best, c.lat, c.lon, c.weight, c.incident";

impl Row {
    /// The row of a query for [`COLUMNS`].
    pub(crate) fn of(row: &crate::db::Row<'_>) -> Result<Row, Error> {
        let (lat, lon): (Option<f64>, Option<f64>) = (row.get(7)?, row.get(8)?);
        Ok(Row {
            incident: row.get(0)?,
            status: row.get(1)?,
            day: row.get(2)?,
            summary: row.get(3)?,
            reports: row.get(4)?,
            disagreements: row.get(5)?,
            best: serde_json::from_str(&row.get::<String>(6)?)?,
            point: lat.zip(lon),
            weight: row.get(9)?,
            id: row.get(10)?,
        })
    }

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

impl CaseFile {
    /// The incidents that a filter leaves, the newest first (undated ones last).
    ///
    /// # Errors
    /// The filter asks for what cannot be, or the database refused.
    pub fn list(&self, filter: &Filter) -> Result<Vec<Row>, Error> {
        let Condition { sql, given, by_day, .. } = filter.condition(&self.db)?;
        let order = if by_day { "c.day".to_owned() } else { self.db.unindexed("c.day") };
        let limit = filter.limit.map(|n| format!(" LIMIT {n}")).filter(|_| filter.near.is_none()).unwrap_or_default();
        let sql = format!(
            "SELECT {COLUMNS} FROM current c JOIN incident i ON i.id = c.incident WHERE 1 = 1{sql}
             ORDER BY {order} DESC NULLS LAST, c.incident DESC{limit}"
        );
        let mut statement = self.db.prepare(&sql)?;
        let mut rows = statement.query(&given)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let row = Row::of(&row)?;
            if filter.is_near(row.point) {
                found.push(row);
            }
            if filter.limit.is_some_and(|limit| found.len() as u64 >= limit) {
                break;
            }
        }
        Ok(found)
    }

    /// How many incidents are only recalled as background, and how many are withdrawn: what `list` leaves out.
    ///
    /// # Errors
    /// The database refused.
    pub fn left_out(&self) -> Result<(i64, i64), Error> {
        let sql = "SELECT CAST(coalesce(sum(n) FILTER (WHERE main = 0 AND status <> 'withdrawn'), 0) AS BIGINT),
                   CAST(coalesce(sum(n) FILTER (WHERE status = 'withdrawn'), 0) AS BIGINT) FROM tally";
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
