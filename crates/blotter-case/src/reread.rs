//! Filing another Reading of a version that is filed already: a newer program read it again.

use serde_json::{Value as Json, json};

use crate::contract::Told;
use crate::file::CaseFile;
use crate::ledger::{self, Stamp};
use crate::{Error, add, current, group, state, trace};

impl CaseFile {
    /// Reads a version again: files another Reading of it, where it differs from the one in effect. The incidents touched;
    /// `None` where nothing changed.
    ///
    /// # Errors
    /// It is no Reading of that version, or the database refused.
    pub fn reread(
        &mut self,
        report: &str,
        version: i64,
        reading: &Json,
        reader: &str,
        stamp: &Stamp,
    ) -> Result<Option<Vec<String>>, Error> {
        let told = Told::read(reading).map_err(|reason| Error::Refused(format!("the Reading {reason}")))?;
        let done = self.read_again((report, version), reading, &told, reader, stamp);
        if done.is_err() {
            self.memory.clear();
        }
        done
    }

    fn read_again(
        &mut self,
        (report, version): (&str, i64),
        reading: &Json,
        told: &Told,
        reader: &str,
        stamp: &Stamp,
    ) -> Result<Option<Vec<String>>, Error> {
        let tx = self.db.writing()?;
        self.memory.refresh(&tx)?;
        let row = state::report_row(&tx, report)?;
        let (seq, at) = ledger::next(&tx, stamp)?;
        let (_, _, before) = state::reading(&tx, row, version, seq)?;
        if before["report"]["text"] != reading["report"]["text"] {
            return Err(Error::Refused(format!("the Reading is not of {report}, version {version}")));
        }
        if before == *reading {
            return Ok(None);
        }
        let stored = add::store(&tx, reading, told, (row, version, seq), reader)?;
        let last: i64 = tx.query_row("SELECT max(version) FROM version WHERE report = ?", [row], |r| r.get(0))?;
        let last = state::newest(&tx, row, last, state::edition(&tx, row, last)?)?;
        let nodes = add::nodes(&tx, &self.memory, told, (row, version, seq), version == last)?;
        // The incidents of the report's other nodes change, too: they are told no longer.
        let mut touched = group::regroup(&tx, &self.memory, &nodes, None, seq)?;
        for incident in group::incidents_of(&tx, row)? {
            group::touch(&tx, incident, seq)?;
            touched.push(incident);
        }
        touched.sort_unstable();
        touched.dedup();
        let body = json!({
            "report": report, "version": version, "reading": stored, "reader": reader,
            "wrote": trace::wrote(&tx, seq)?,
        });
        ledger::append(&tx, seq, &at, stamp.by.as_deref(), "reread", &body)?;
        for incident in &touched {
            current::refresh(&tx, &self.memory, *incident, seq)?;
        }
        let names = touched.iter().map(|i| state::incident_name(&tx, *i)).collect::<Result<_, _>>()?;
        tx.commit()?;
        Ok(Some(names))
    }
}
