//! What happened in the case file, row by row of its ledger: for whoever looks on while others file and decide.

use crate::db::params;
use serde_json::{Value as Json, json};

use crate::Error;
use crate::file::CaseFile;
use crate::ledger::{self, Row};

/// One row of the ledger, with what it touched.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its number.
    pub seq: i64,
    /// When the case file learned it.
    pub at: String,
    /// Who filed or decided it.
    pub by: Option<String>,
    /// "version", "pin", "undo", ...
    pub kind: String,
    /// The incidents whose records it changed.
    pub incidents: Vec<String>,
    /// The report that was filed or retracted.
    pub report: Option<String>,
    /// The field, of a pin.
    pub field: Option<String>,
    /// Why, of a decision.
    pub why: Option<String>,
    /// Whether it can be undone by its number.
    pub is_decision: bool,
    /// Whether it is undone.
    pub undone: bool,
}

impl Event {
    /// As JSON.
    pub fn json(&self) -> Json {
        json!({
            "seq": self.seq, "at": self.at, "by": self.by, "kind": self.kind, "incidents": self.incidents,
            "report": self.report, "field": self.field, "why": self.why, "undone": self.undone,
            "decision": self.is_decision.then(|| format!("D{}", self.seq)),
        })
    }
}

impl CaseFile {
    /// The number of the last row of the ledger: another number is another state of the file.
    ///
    /// # Errors
    /// The database refused.
    pub fn last(&self) -> Result<i64, Error> {
        ledger::last(&self.db)
    }

    /// What happened after a row of the ledger, the first first, at most `limit`.
    ///
    /// # Errors
    /// The database refused.
    pub fn after(&self, seq: i64, limit: usize) -> Result<Vec<Event>, Error> {
        let end = seq.saturating_add(i64::try_from(limit).unwrap_or(i64::MAX)).min(self.last()?);
        (seq.max(0) + 1..=end).map(|seq| self.event(&ledger::row(&self.db, seq)?)).collect()
    }

    /// What happened before a row of the ledger (`None`: up to now), the last first, at most `limit`; with `decisions`, what
    /// people decided alone.
    ///
    /// # Errors
    /// The database refused.
    pub fn before(&self, seq: Option<i64>, limit: usize, decisions: bool) -> Result<Vec<Event>, Error> {
        let sql = "SELECT seq FROM ledger WHERE seq < ?1
                   AND (?2 = 0 OR kind NOT IN ('version', 'reread', 'thresholds')) ORDER BY seq DESC LIMIT ?3";
        let mut rows = self.db.prepare(sql)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = rows.query_map(params![seq.unwrap_or(i64::MAX), decisions, limit], |r| r.get::<i64>(0))?;
        let rows: Vec<i64> = rows.collect::<Result<_, _>>()?;
        rows.into_iter().map(|seq| self.event(&ledger::row(&self.db, seq)?)).collect()
    }

    fn event(&self, row: &Row) -> Result<Event, Error> {
        let sql = "SELECT i.name FROM touched t JOIN incident i ON i.id = t.incident WHERE t.seq = ? ORDER BY i.id";
        let mut names = self.db.prepare(sql)?;
        let incidents = names.query_map([row.seq], |r| r.get(0))?.collect::<Result<_, _>>()?;
        let undone = self.db.prepare("SELECT 1 FROM undone WHERE seq = ?")?.exists([row.seq])?;
        let text = |name: &str| row.body[name].as_str().map(str::to_owned);
        Ok(Event {
            seq: row.seq,
            at: row.at.clone(),
            by: row.by.clone(),
            kind: row.kind.clone(),
            incidents,
            report: text("report").or_else(|| text("retracts")),
            field: text("field"),
            why: text("why"),
            is_decision: row.is_decision() && row.kind != "undo",
            undone,
        })
    }
}
