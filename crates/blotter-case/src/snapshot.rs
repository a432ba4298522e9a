//! One state of the case file, looked at for as long as it takes while others file: the records that a filter leaves, one at a
//! time, of now or of an earlier moment, and the reports that they rest on.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, VecDeque};
use std::sync::Arc;

use crate::db::{Connection, DbError, Transaction};
use blotter_core::facts::{Field, Value};

use crate::file::CaseFile;
use crate::filter::{Condition, Filter};
use crate::head::{self, ReportHead};
use crate::record::{Marking, Record};
use crate::sieve::Sieve;
use crate::{Error, ledger, marking, moment, state};

/// So many reports are kept, of those last asked for: incidents that lie side by side share few.
const HEADS: usize = 32;

/// A state of the case file. While it is held, the file's journal grows with what others write (it is written back when nobody
/// looks at an earlier state).
pub struct Snapshot<'c> {
    case: &'c CaseFile,
    /// Holds the state; nothing is written.
    _held: Transaction<'c>,
    /// The last row of the ledger that counts.
    seq: i64,
    /// The moment that was asked for; `None`: now.
    asked: Option<String>,
    heads: RefCell<VecDeque<Arc<ReportHead>>>,
    /// Whether anything is marked: looked up once, since the ledger has no index for it.
    marked: bool,
}

impl CaseFile {
    /// The state of the file now, or as it knew things at a moment (UTC, `2024-03-12T21:40:00Z`).
    ///
    /// # Errors
    /// The database refused.
    pub fn snapshot(&self, as_of: Option<&str>) -> Result<Snapshot<'_>, Error> {
        let held = self.db.reading()?;
        let seq = match as_of {
            Some(time) => ledger::at_time(&self.db, time)?,
            None => ledger::last(&self.db)?,
        };
        self.memory.refresh(&self.db)?;
        let asked = as_of.map(str::to_owned);
        let marked = marking::any(&self.db)?;
        Ok(Snapshot { case: self, _held: held, seq, asked, heads: RefCell::default(), marked })
    }
}

impl Snapshot<'_> {
    /// The moment that was asked for, else that of the last row of the ledger; empty where nothing was filed by then.
    ///
    /// # Errors
    /// The database refused.
    pub fn as_of(&self) -> Result<String, Error> {
        match &self.asked {
            Some(time) => Ok(time.clone()),
            None if self.seq > 0 => Ok(ledger::row(&self.case.db, self.seq)?.at),
            None => Ok(String::new()),
        }
    }

    /// The number of the last row of the ledger that counts; 0 where nothing was filed by then.
    pub fn row(&self) -> i64 {
        self.seq
    }

    /// Hands every record that a filter leaves to `visit`, in the order in which the incidents were opened, which does not
    /// change; without what they are related to ([`Snapshot::related`]). Of a filter with a limit: the newest, as `list` has them.
    ///
    /// # Errors
    /// The filter asks for what cannot be, the database refused, or `visit` did.
    pub fn each<E: From<Error>>(
        &self,
        filter: &Filter,
        visit: &mut dyn FnMut(Record) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(limit) = filter.limit else {
            return self.all(filter, &mut |_, record| visit(record));
        };
        // The greatest days, the latest opened of equals, in a heap whose least is at hand.
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut newest: BinaryHeap<Reverse<(Option<String>, i64)>> = BinaryHeap::new();
        self.all(filter, &mut |incident, record| -> Result<(), E> {
            newest.push(Reverse((day(&record), incident)));
            if newest.len() > limit {
                newest.pop();
            }
            Ok(())
        })?;
        let chosen: BTreeSet<i64> = newest.into_iter().map(|Reverse((_, incident))| incident).collect();
        for incident in chosen {
            visit(self.bare(incident)?)?;
        }
        Ok(())
    }

    /// Every incident that a filter leaves, its limit left aside, with its row.
    fn all<E: From<Error>>(
        &self,
        filter: &Filter,
        visit: &mut dyn FnMut(i64, Record) -> Result<(), E>,
    ) -> Result<(), E> {
        let database = |error: DbError| E::from(Error::from(error));
        let db = &self.case.db;
        if self.asked.is_none() {
            let Condition { sql, given, .. } = filter.condition(db)?;
            let sql = format!("SELECT c.incident, c.lat, c.lon FROM current c WHERE 1 = 1{sql} ORDER BY c.incident");
            let mut statement = db.prepare(&sql).map_err(database)?;
            let mut rows = statement.query(&given).map_err(database)?;
            while let Some(row) = rows.next().map_err(database)? {
                let get = |at: usize| row.get::<Option<f64>>(at).map_err(database);
                if filter.is_near(get(1)?.zip(get(2)?)) {
                    let incident = row.get(0).map_err(database)?;
                    visit(incident, self.bare(incident)?)?;
                }
            }
            return Ok(());
        }
        // What lists look through is of now: the records of that moment are put through a sieve of the same conditions.
        let sieve = Sieve::new(filter)?;
        let mut statement = db.prepare("SELECT id FROM incident WHERE seq <= ? ORDER BY id").map_err(database)?;
        let mut rows = statement.query([self.seq]).map_err(database)?;
        while let Some(row) = rows.next().map_err(database)? {
            let incident = row.get(0).map_err(database)?;
            if state::is_empty_at(db, incident, self.seq)? {
                continue;
            }
            let record = self.bare(incident)?;
            if sieve.leaves(&record)? {
                visit(incident, record)?;
            }
        }
        Ok(())
    }

    /// The row of the ledger of now, where the markings of now may be others than those of this earlier state; `None` where nothing
    /// is marked, or nothing was filed since.
    ///
    /// # Errors
    /// The database refused.
    pub fn marked_since(&self) -> Result<Option<i64>, Error> {
        if self.asked.is_none() || !self.marked {
            return Ok(None);
        }
        Ok(Some(ledger::last(&self.case.db)?).filter(|last| *last > self.seq))
    }

    pub(crate) fn db(&self) -> &Connection {
        &self.case.db
    }

    pub(crate) fn case(&self) -> &CaseFile {
        self.case
    }

    /// How an incident is marked now.
    pub(crate) fn marking_of(&self, incident: i64) -> Result<Option<Marking>, Error> {
        if self.marked { marking::now(&self.case.db, incident) } else { Ok(None) }
    }

    /// The record of an incident, marked as it is now, whatever moment is looked at: see [`Snapshot::marking`].
    pub(crate) fn bare(&self, incident: i64) -> Result<Record, Error> {
        let mut record = moment::bare(&self.case.db, &self.case.memory, incident, self.seq)?;
        if let Some(asked) = &self.asked {
            record.as_of.clone_from(asked);
        }
        record.tlp = self.marking_of(incident)?;
        Ok(record)
    }

    /// What a record of this state is related to: the other incident's id, its summary, and how this one stands to it
    /// ("background-of", "follows", "part-of").
    ///
    /// # Errors
    /// There is no such incident, or the database refused.
    pub fn related(&self, incident: &str) -> Result<Vec<(String, String, &'static str)>, Error> {
        let row = state::incident_row(&self.case.db, incident)?;
        moment::related(&self.case.db, &self.case.memory, row, self.seq)
    }

    /// A version of a report as it was read by then, without its text's layers.
    ///
    /// # Errors
    /// There is none.
    pub fn report(&self, id: &str, version: i64) -> Result<Arc<ReportHead>, Error> {
        let mut kept = self.heads.borrow_mut();
        if let Some(known) = kept.iter().find(|h| h.id == id && h.version == version) {
            return Ok(Arc::clone(known));
        }
        let found = Arc::new(head::of(&self.case.db, id, version, self.seq)?);
        if kept.len() == HEADS {
            kept.pop_front();
        }
        kept.push_back(Arc::clone(&found));
        Ok(found)
    }
}

/// The day by which lists are ordered.
fn day(record: &Record) -> Option<String> {
    match record.best(Field::When).map(|e| &e.value) {
        Some(Value::When { start: Some(start), .. }) => Some(start.chars().take(10).collect()),
        _ => None,
    }
}
