//! Opening a case file; its settings.

use serde_json::{Value as Json, json};

use crate::db::{Access, Connection, Optional, Place};
use crate::join::model;
use crate::ledger::{self, Stamp};
use crate::memory::Memory;
use crate::{Error, filing, schema};

/// An open case file.
pub struct CaseFile {
    pub(crate) db: Connection,
    pub(crate) memory: Memory,
}

/// The two thresholds of joining, each a probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// Clusters are joined whose pairs reach it on average.
    pub join: f64,
    /// Pairs from it on that are not joined are doubts for people.
    pub doubt: f64,
}

impl Default for Thresholds {
    fn default() -> Thresholds {
        Thresholds { join: model::join_threshold(), doubt: model::DOUBT }
    }
}

impl CaseFile {
    /// Opens the case file at a place.
    ///
    /// # Errors
    /// There is none (unless it may be made), it is no case file, or a later program's; the server cannot be reached.
    pub fn open(place: impl Into<Place>, access: Access) -> Result<CaseFile, Error> {
        let place = place.into();
        let db = Connection::open(&place, access)?;
        if access != Access::Read {
            schema::migrate(&db, access == Access::Create, filing::file_anew)?;
        }
        schema::check(&db)?;
        Ok(CaseFile { db, memory: Memory::default() })
    }

    /// Whether a report waits until it is on the disk before it counts as filed, as it does unless this is called. Without,
    /// a power cut may damage the file: only for one that can be made anew.
    ///
    /// # Errors
    /// The database refused.
    pub fn wait_for_disk(&mut self, wait: bool) -> Result<(), Error> {
        Ok(self.db.wait_for_disk(wait)?)
    }

    /// Does all of the work or, where it fails, nothing, in one transaction: many reports are filed several times as fast
    /// as one by one, and none of them is filed before this returns.
    ///
    /// # Errors
    /// What the work returns, or the database refused.
    pub fn together<T>(&mut self, work: impl FnOnce(&mut CaseFile) -> Result<T, Error>) -> Result<T, Error> {
        self.db.writing()?.keep_open();
        let done = work(self);
        if done.is_err() {
            self.memory.clear();
        }
        self.db.end(done.is_ok())?;
        done
    }

    /// The thresholds in force.
    ///
    /// # Errors
    /// The database refused.
    pub fn thresholds(&self) -> Result<Thresholds, Error> {
        thresholds(&self.db)
    }

    /// Sets the thresholds from now on; what is filed already is joined anew only as it is touched.
    ///
    /// # Errors
    /// They are no probabilities, or in the wrong order.
    pub fn set_thresholds(&mut self, new: Thresholds, stamp: &Stamp) -> Result<(), Error> {
        if !(0.0 < new.doubt && new.doubt <= new.join && new.join <= 1.0) {
            return Err(Error::Refused(format!(
                "thresholds must be probabilities, that of doubts no greater than that of joining (given: {} and {})",
                new.doubt, new.join
            )));
        }
        if new == self.thresholds()? {
            return Ok(());
        }
        let tx = self.db.writing()?;
        let (seq, at) = ledger::next(&tx, stamp)?;
        let body = json!({ "join": new.join, "doubt": new.doubt });
        ledger::append(&tx, seq, &at, stamp.by.as_deref(), "thresholds", &body)?;
        tx.commit()?;
        Ok(())
    }
}

pub(crate) fn thresholds(db: &Connection) -> Result<Thresholds, Error> {
    let found: Option<String> = db
        .prepare("SELECT body FROM ledger WHERE kind = 'thresholds' ORDER BY seq DESC LIMIT 1")?
        .query_row([], |r| r.get(0))
        .optional()?;
    let usual = Thresholds::default();
    let Some(found) = found else { return Ok(usual) };
    let found: Json = serde_json::from_str(&found)?;
    let of = |name: &str, usual: f64| found[name].as_f64().unwrap_or(usual);
    Ok(Thresholds { join: of("join", usual.join), doubt: of("doubt", usual.doubt) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_may_make_a_file_at_once() {
        for _ in 0..20 {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("new.db");
            let gate = std::sync::Barrier::new(8);
            std::thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| {
                        gate.wait();
                        CaseFile::open(&path, Access::Create).expect("opened");
                    });
                }
            });
        }
    }

    fn stamp() -> Stamp {
        Stamp { at: "2024-03-12T00:00:00Z".to_owned(), set: true, by: None }
    }

    fn reading(id: &str, text: &str) -> Json {
        let sha256 = ledger::sha256(text.as_bytes());
        json!({ "schema": 1, "report": { "id": id, "text": text, "sha256": sha256 }, "sentences": [], "incidents": [] })
    }

    #[test]
    fn a_full_disk_leaves_the_file_as_it_was() {
        let folder = tempfile::TempDir::new().expect("folder");
        let path = folder.path().join("case.db");
        let mut case = CaseFile::open(&path, Access::Create).expect("case file");
        case.add(&reading("short", "Two men were hurt."), "test", &stamp()).expect("filed");
        // A database that may not grow any more behaves as one on a full disk.
        case.db.query_row("PRAGMA max_page_count = 40", [], |r| r.get::<i64>(0)).expect("limit");
        let long: String = (0..40_000).map(|i| crate::ids::short_hash(&i.to_string()) + " ").collect();
        let error = case.add(&reading("long", &long), "test", &stamp()).expect_err("full");
        assert!(error.to_string().contains("no room is left"), "{error}");
        assert!(case.report("long", None).is_err());
        drop(case);
        let case = CaseFile::open(&path, Access::Read).expect("case file");
        assert_eq!(case.verify().expect("verified").1, []);
        assert!(case.report("short", None).is_ok());
    }

    #[test]
    fn the_keys_of_an_earlier_program_are_made_anew() {
        let folder = tempfile::TempDir::new().expect("folder");
        let path = folder.path().join("case.db");
        let mut case = CaseFile::open(&path, Access::Create).expect("case file");
        let mut told = reading("a", "Two men were hurt near Port Kesh by Amal Idris.");
        told["report"]["published"] = "2024-03-12".into();
        told["incidents"] = json!([{ "relation": "main", "facts": [] }]);
        case.add(&told, "test", &stamp()).expect("filed");
        let keys = |case: &CaseFile| {
            let mut rows = case.db.prepare("SELECT key, node FROM filed").expect("table");
            let rows = rows.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).expect("rows");
            rows.collect::<Result<Vec<(i64, i64)>, _>>().expect("rows")
        };
        let before = keys(&case);
        assert!(before.len() > 4, "{before:?}");
        let earlier = "ALTER TABLE current DROP COLUMN form; UPDATE filed SET key = key / 3; PRAGMA user_version = 2";
        case.db.execute_batch(earlier).expect("made older");
        drop(case);
        assert!(CaseFile::open(&path, Access::Read).is_err());
        let case = CaseFile::open(&path, Access::Write).expect("case file");
        assert_eq!(keys(&case), before);
        assert_eq!(case.verify().expect("verified").1, []);
    }

    #[test]
    fn thresholds_are_kept() {
        let folder = tempfile::TempDir::new().expect("folder");
        let path = folder.path().join("case.db");
        let mut case = CaseFile::open(&path, Access::Create).expect("case file");
        assert_eq!(case.thresholds().expect("thresholds"), Thresholds::default());
        let new = Thresholds { join: 0.6, doubt: 0.3 };
        case.set_thresholds(new, &stamp()).expect("set");
        assert!(case.set_thresholds(Thresholds { join: 0.2, doubt: 0.3 }, &stamp()).is_err());
        drop(case);
        assert_eq!(CaseFile::open(&path, Access::Read).expect("case file").thresholds().expect("thresholds"), new);
    }
}
