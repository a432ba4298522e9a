//! What a state of the case file says of the past: when an incident was learned and last changed, all its changes, the rows of
//! the ledger that concern it, what it became part of.

use crate::db::{DbError, Optional};

use crate::history::{self, Step};
use crate::record::{Marking, Record};
use crate::snapshot::Snapshot;
use crate::{Error, ledger, state};

/// When an incident's record changed, at a state of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// When the case file first learned of it: UTC, `2024-03-12T21:40:00Z`.
    pub first: String,
    /// The row of the ledger that opened it.
    pub first_row: i64,
    /// When its record last changed.
    pub last: String,
    /// The row of the ledger that changed it last.
    pub row: i64,
    /// How many rows of the ledger changed it within the second of `last`, before the last of them.
    pub within: usize,
    /// How many changed it in all: the record's revision.
    pub revision: usize,
}

/// A row of the ledger with what its hash is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its number.
    pub seq: i64,
    /// When the case file learned it.
    pub at: String,
    /// Who filed it.
    pub by: Option<String>,
    /// "version", "pin", ..
    pub kind: String,
    /// What it says, byte for byte.
    pub body: String,
    /// The hash of the row before it; empty for the first.
    pub before: String,
    /// Its own.
    pub hash: String,
    /// The row that undid it.
    pub undone: Option<i64>,
    /// Whether a person decided it.
    pub is_decision: bool,
}

/// The hash that a row of the ledger should have.
pub fn link_hash(link: &Link) -> String {
    ledger::hash(&link.before, link.seq, &link.at, link.by.as_deref(), &link.kind, &link.body)
}

impl Snapshot<'_> {
    /// What tells this case file from others: the hash of the first row of its ledger; empty where nothing was filed.
    ///
    /// # Errors
    /// The database refused.
    pub fn key(&self) -> Result<String, Error> {
        Ok(self.link_of(1)?.map(|l| l.hash).unwrap_or_default())
    }

    /// When the case file was begun; empty where nothing was filed.
    ///
    /// # Errors
    /// The database refused.
    pub fn begun(&self) -> Result<String, Error> {
        Ok(self.link_of(1)?.map(|l| l.at).unwrap_or_default())
    }

    /// The record of an incident that holds reports, with its marking, without what it is related to.
    ///
    /// # Errors
    /// There is none, or the database refused.
    pub fn record(&self, incident: &str) -> Result<Record, Error> {
        self.bare(state::incident_row(self.db(), incident)?)
    }

    /// How an incident is marked **now**, whatever moment is looked at: a marking says what may be handed out today. Of one
    /// that has become part of another, the stricter marking of the two.
    ///
    /// # Errors
    /// There is no such incident, or the database refused.
    pub fn marking(&self, incident: &str) -> Result<Option<Marking>, Error> {
        self.marking_of(state::incident_row(self.db(), incident)?)
    }

    /// When an incident was learned and last changed.
    ///
    /// # Errors
    /// There is no such incident, or the database refused.
    pub fn span(&self, incident: &str) -> Result<Span, Error> {
        let row = state::incident_row(self.db(), incident)?;
        let sql = "SELECT l.at, t.seq FROM touched t JOIN ledger l ON l.seq = t.seq WHERE t.incident = ? AND t.seq <= ? ORDER BY t.seq";
        let mut rows = self.db().prepare(sql)?;
        let mut span = Span::default();
        for found in rows.query_map([row, self.row()], |r| Ok((r.get::<String>(0)?, r.get(1)?)))? {
            let (at, seq) = found?;
            span.row = seq;
            if span.first.is_empty() {
                span.first.clone_from(&at);
                span.first_row = seq;
            }
            span.within = if at == span.last { span.within + 1 } else { 0 };
            span.last = at;
            span.revision += 1;
        }
        Ok(span)
    }

    /// Every change of an incident's record after a row of the ledger (0: all), the first first.
    ///
    /// # Errors
    /// There is no such incident, or the database refused.
    pub fn steps(&self, incident: &str, after: i64) -> Result<Vec<Step>, Error> {
        let row = state::incident_row(self.db(), incident)?;
        history::steps(self.case(), row, (after, self.row()))
    }

    /// The incidents that a report was part of, the first opened first.
    ///
    /// # Errors
    /// There is no such report, or the database refused.
    pub fn of_report(&self, id: &str) -> Result<Vec<String>, Error> {
        let report = state::report_row(self.db(), id)?;
        let mut rows = self.db().prepare("SELECT id FROM node WHERE report = ?")?;
        let nodes: Vec<i64> = rows.query_map([report], |r| r.get(0))?.collect::<Result<_, _>>()?;
        let mut found = Vec::new();
        for node in nodes {
            found.extend(state::incident_at(self.db(), node, self.row())?);
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|incident| state::incident_name(self.db(), incident)).collect()
    }

    /// The last row of the ledger at or before a moment; 0 where nothing was filed by then.
    ///
    /// # Errors
    /// The database refused.
    pub fn row_at(&self, time: &str) -> Result<i64, Error> {
        Ok(ledger::at_time(self.db(), time)?.min(self.row()))
    }

    /// Hands every incident that has become part of another to `visit`, with that one.
    ///
    /// # Errors
    /// The database refused, or `visit` did.
    pub fn each_merged<E: From<Error>>(&self, visit: &mut dyn FnMut(&str, &str) -> Result<(), E>) -> Result<(), E> {
        let database = |error: DbError| E::from(Error::from(error));
        let db = self.db();
        let mut statement = db.prepare("SELECT id, name FROM incident WHERE seq <= ? ORDER BY id").map_err(database)?;
        let mut rows = statement.query([self.row()]).map_err(database)?;
        while let Some(row) = rows.next().map_err(database)? {
            let (incident, name): (i64, String) = (row.get(0).map_err(database)?, row.get(1).map_err(database)?);
            let there = state::resolve(db, incident, self.row())?;
            if there != incident {
                visit(&name, &state::incident_name(db, there)?)?;
            }
        }
        Ok(())
    }

    /// Hands the rows of the ledger that changed an incident's record to `visit`, the first first, with those that undid them.
    ///
    /// # Errors
    /// There is no such incident, the database refused, or `visit` did.
    pub fn each_link<E: From<Error>>(
        &self,
        incident: &str,
        visit: &mut dyn FnMut(Link) -> Result<(), E>,
    ) -> Result<(), E> {
        let database = |error: DbError| E::from(Error::from(error));
        let row = state::incident_row(self.db(), incident)?;
        let sql = "SELECT seq FROM touched WHERE incident = ? AND seq <= ? ORDER BY seq";
        let mut rows = self.db().prepare(sql).map_err(database)?;
        let rows: Vec<i64> = rows
            .query_map([row, self.row()], |r| r.get(0))
            .and_then(|rows| rows.collect::<Result<_, _>>())
            .map_err(database)?;
        for seq in rows {
            if let Some(link) = self.link_of(seq)? {
                visit(link)?;
            }
        }
        Ok(())
    }

    /// The last row of the ledger that counts: its number and hash.
    ///
    /// # Errors
    /// The database refused.
    pub fn head(&self) -> Result<(i64, String), Error> {
        Ok(self.link_of(self.row())?.map(|l| (l.seq, l.hash)).unwrap_or_default())
    }

    fn link_of(&self, seq: i64) -> Result<Option<Link>, Error> {
        let sql = "SELECT l.at, l.by, l.kind, l.body, l.hash, (SELECT b.hash FROM ledger b WHERE b.seq = l.seq - 1),
                   (SELECT u.by_seq FROM undone u WHERE u.seq = l.seq AND u.by_seq <= ?2) FROM ledger l WHERE l.seq = ?1";
        let link = |r: &crate::db::Row<'_>| {
            Ok(Link {
                seq,
                at: r.get(0)?,
                by: r.get(1)?,
                kind: r.get(2)?,
                body: r.get(3)?,
                hash: r.get(4)?,
                before: r.get::<Option<String>>(5)?.unwrap_or_default(),
                undone: r.get(6)?,
                is_decision: false,
            })
        };
        let found = self.db().prepare(sql)?.query_row([seq, self.row()], link).optional()?;
        let Some(mut link) = found else { return Ok(None) };
        link.is_decision = ledger::row(self.db(), seq)?.is_decision();
        Ok(Some(link))
    }
}
