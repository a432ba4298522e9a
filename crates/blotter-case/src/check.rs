//! Whether the file is what was written: ledger, texts, Readings, quotes; and a consistent copy of it.

use crate::db::{Connection, params};
use serde_json::Value as Json;

use crate::contract::Told;
use crate::file::CaseFile;
use crate::gist::{self, Gist};
use crate::memory::Memory;
use crate::{Access, Error, Place, current, db, ledger, pack, state, trace, transfer};

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What: "ledger row 12", "report a, version 1".
    pub what: String,
    /// A sentence.
    pub reason: String,
}

impl CaseFile {
    /// Checks the whole file: that the database is sound, the ledger unbroken, every text and Reading what its hash says, every
    /// quote where its Reading says, every gist what its Reading says, every node where the ledger put it, every row that
    /// the ledger wrote in the tables, and every row that lists show what its record says. How many rows, versions and quotes were checked, and the faults.
    ///
    /// # Errors
    /// The database cannot be read at all.
    pub fn verify(&self) -> Result<([u64; 3], Vec<Fault>), Error> {
        let mut faults = Vec::new();
        // A server looks after its own files.
        if self.db.sqlite().is_some() {
            let mut sound = self.db.prepare("PRAGMA integrity_check(20)")?;
            let lines: Vec<String> = sound.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
            let what = "the database".to_owned();
            faults.extend(lines.into_iter().filter(|l| l != "ok").map(|reason| Fault { what: what.clone(), reason }));
        }
        let rows = chain(&self.db, &mut faults)?;
        let (versions, quotes) = versions(&self.db, &mut faults)?;
        moves(&self.db, &mut faults)?;
        traces(&self.db, &mut faults)?;
        self.memory.refresh(&self.db)?;
        shown(&self.db, &self.memory, &mut faults)?;
        Ok(([rows, versions, quotes], faults))
    }

    /// Writes a consistent copy to a new place, while others read and write: of a file to a file byte by byte, else row by row.
    ///
    /// # Errors
    /// There is something already, or it cannot be written.
    pub fn backup(&self, to: &Place) -> Result<(), Error> {
        if let Place::File(path) = to {
            if path.exists() {
                return Err(Error::Refused(format!("{} is there already", path.display())));
            }
            if let Some(db) = self.db.sqlite() {
                return Ok(db::copy_file(db, path)?);
            }
        }
        transfer::copy(self, &CaseFile::open(to.clone(), Access::Create)?)
    }
}

/// Follows the chain of hashes; the number of rows.
fn chain(db: &Connection, faults: &mut Vec<Fault>) -> Result<u64, Error> {
    let mut rows = db.prepare("SELECT seq, at, by, kind, body, hash FROM ledger ORDER BY seq")?;
    let mut rows = rows.query([])?;
    let mut fault = |seq: i64, reason: &str| {
        faults.push(Fault { what: format!("ledger row {seq}"), reason: reason.to_owned() });
    };
    let (mut before, mut last, mut count) = (String::new(), 0, 0);
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        let (at, by, kind): (String, Option<String>, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let (body, hash): (String, String) = (row.get(4)?, row.get(5)?);
        for missing in last + 1..seq.min(last + 20) {
            fault(missing, "is missing");
        }
        if seq == last + 1 && ledger::hash(&before, seq, &at, by.as_deref(), &kind, &body) != hash {
            fault(seq, "is not what was written, or the row before it is not");
        }
        (before, last, count) = (hash, seq, count + 1);
    }
    let (seq, hash): (i64, String) = db.query_row("SELECT seq, hash FROM head", [], |r| Ok((r.get(0)?, r.get(1)?)))?;
    if (seq, &hash) != (last, &before) {
        let what = "the end of the ledger".to_owned();
        faults.push(Fault { what, reason: format!("ends at row {last}, but row {seq} was written last") });
    }
    Ok(count)
}

/// Checks texts, Readings and quotes of all versions; how many versions and quotes.
fn versions(db: &Connection, faults: &mut Vec<Fault>) -> Result<(u64, u64), Error> {
    // What the ledger says was filed, not what the tables have: a version that is gone is missed.
    let mut rows = db.prepare("SELECT seq, body FROM ledger WHERE kind IN ('version', 'reread') ORDER BY seq")?;
    let mut rows = rows.query([])?;
    let (mut count, mut quotes) = (0, 0);
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        // A row that is no JSON any more has its fault already.
        let Ok(body) = serde_json::from_str::<Json>(&row.get::<String>(1)?) else { continue };
        let name = body["report"].as_str().unwrap_or_default();
        let version = body["version"].as_i64().unwrap_or(0);
        count += 1;
        let what = format!("report {name}, version {version}");
        match reading(db, name, version, seq, &body) {
            Ok(reading) => {
                quotes += check_quotes(&reading, &what, faults);
                if let Some(reason) = gists(db, name, version, seq, &reading)? {
                    faults.push(Fault { what, reason });
                }
            }
            Err(reason) => faults.push(Fault { what, reason }),
        }
    }
    Ok((count, quotes))
}

/// The Reading filed by a row of the ledger, its bytes and its text checked against their hashes.
fn reading(db: &Connection, name: &str, version: i64, seq: i64, body: &Json) -> Result<Json, String> {
    let words = |e: Error| e.to_string();
    let report = state::report_row(db, name).map_err(words)?;
    let sql = "SELECT body FROM reading WHERE report = ? AND version = ? AND seq = ?";
    let found: Result<Vec<u8>, _> = db.query_row(sql, [report, version, seq], |r| r.get(0));
    let packed = found.map_err(|_| "its Reading is missing".to_owned())?;
    let bytes = pack::unpack(&packed, "its Reading").map_err(words)?;
    if Some(ledger::sha256(&bytes).as_str()) != body["reading"].as_str() {
        return Err("its Reading is not what was written".to_owned());
    }
    let mut reading: Json = serde_json::from_slice(&bytes).map_err(|e| e.to_string())?;
    let sha256 = reading["report"]["sha256"].as_str().unwrap_or_default().to_owned();
    let text = state::text(db, &sha256).map_err(words)?;
    if ledger::sha256(text.as_bytes()) != sha256 {
        return Err("its text is not what was written".to_owned());
    }
    let sql = "SELECT text FROM version WHERE report = ? AND version = ?";
    let filed: Result<String, _> = db.query_row(sql, [report, version], |r| r.get(0));
    if filed.ok().as_ref() != Some(&sha256) || body["text"].as_str().is_some_and(|known| known != sha256) {
        return Err("its text is another than was filed, or the version is missing".to_owned());
    }
    reading["report"]["text"] = text.into();
    Ok(reading)
}

/// Checks that every quote of the facts stands where it says; how many there are.
fn check_quotes(reading: &Json, what: &str, faults: &mut Vec<Fault>) -> u64 {
    let letters: Vec<char> = reading["report"]["text"].as_str().unwrap_or_default().chars().collect();
    let list = |value: &Json| value.as_array().cloned().unwrap_or_default();
    let mut count = 0;
    for fact in list(&reading["incidents"]).iter().flat_map(|i| list(&i["facts"])) {
        for span in list(&fact["evidence"]) {
            let place = |name: &str| span[name].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX);
            let words: Option<String> = letters.get(place("start")..place("end")).map(|w| w.iter().collect());
            count += 1;
            if words.as_deref() != span["quote"].as_str() {
                let reason = format!("the quote {} does not stand where it says", span["quote"]);
                faults.push(Fault { what: what.to_owned(), reason });
            }
        }
    }
    count
}

/// What is wrong with the gists of a version's Reading, if anything is.
fn gists(db: &Connection, name: &str, version: i64, seq: i64, reading: &Json) -> Result<Option<String>, Error> {
    let Ok(told) = Told::read(reading) else { return Ok(Some("its Reading cannot be understood".to_owned())) };
    let sql = "SELECT t.ordinal, g.body FROM telling t JOIN node n ON n.id = t.node JOIN report r ON r.id = n.report
               JOIN gist g ON g.node = t.node AND g.version = t.version AND g.seq = t.seq
               WHERE t.seq = ? AND r.name = ? AND t.version = ? AND g.form = ?";
    let mut rows = db.prepare(sql)?;
    let rows = rows.query_map(params![seq, name, version, gist::FORM], |r| Ok((r.get(0)?, r.get(1)?)))?;
    for row in rows {
        let (ordinal, packed): (i64, Vec<u8>) = row?;
        let kept = pack::unpack(&packed, "a gist").ok().and_then(|bytes| serde_json::from_slice::<Json>(&bytes).ok());
        let made = usize::try_from(ordinal).ok().and_then(|i| Gist::of(&told, i));
        // Written and read, as what is kept was: a number may change its last digit on the way.
        let made = made.and_then(|gist| serde_json::from_str::<Json>(&gist.json().to_string()).ok());
        if kept.is_none() || kept != made {
            return Ok(Some("what its records are made from is not what its Reading says".to_owned()));
        }
    }
    Ok(None)
}

/// Checks that the tables hold what each row of the ledger wrote in them, and nothing more.
fn traces(db: &Connection, faults: &mut Vec<Fault>) -> Result<(), Error> {
    let mut rows = db.prepare("SELECT seq, body FROM ledger ORDER BY seq")?;
    let mut rows = rows.query([])?;
    let mut sums = [0; trace::TABLES.len()];
    let mut whole = true;
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        let Ok(body) = serde_json::from_str::<Json>(&row.get::<String>(1)?) else { continue };
        // A row of an earlier program, which noted no trace.
        let Some(wrote) = body.get("wrote") else {
            whole &= row_kind(db, seq)? == "thresholds";
            continue;
        };
        let found = trace::wrote(db, seq)?;
        for ((name, _, _), sum) in trace::TABLES.iter().zip(&mut sums) {
            *sum += wrote[name].as_array().map_or(0, Vec::len) as i64;
            if wrote.get(name) != found.get(name) {
                let reason = format!("what it wrote ({name}) is not in the tables as it was written");
                faults.push(Fault { what: format!("ledger row {seq}"), reason });
            }
        }
    }
    for ((name, count, _), sum) in trace::TABLES.iter().zip(sums).filter(|_| whole) {
        let found: i64 = db.query_row(count, [], |r| r.get(0))?;
        if found > sum {
            let reason = format!("holds {} rows ({name}) that the ledger did not write", found - sum);
            faults.push(Fault { what: "a table".to_owned(), reason });
        }
    }
    Ok(())
}

fn row_kind(db: &Connection, seq: i64) -> Result<String, Error> {
    Ok(db.prepare("SELECT kind FROM ledger WHERE seq = ?")?.query_row([seq], |r| r.get(0))?)
}

/// Checks that every node is where the ledger last put it.
fn moves(db: &Connection, faults: &mut Vec<Fault>) -> Result<(), Error> {
    let mut rows = db.prepare("SELECT body FROM ledger ORDER BY seq")?;
    let mut rows = rows.query([])?;
    let mut last = std::collections::BTreeMap::new();
    while let Some(row) = rows.next()? {
        let Ok(body) = serde_json::from_str::<Json>(&row.get::<String>(0)?) else { continue };
        // "moves": so an earlier program noted it.
        let moves = body["moves"].as_array().or(body["wrote"]["moved"].as_array());
        for moved in moves.into_iter().flatten() {
            let key = (moved[0].as_str().unwrap_or_default().to_owned(), moved[1].as_i64().unwrap_or(-1));
            last.insert(key, moved[2].as_str().unwrap_or_default().to_owned());
        }
    }
    let sql = "SELECT r.name, n.ordinal, i.name FROM node n JOIN report r ON r.id = n.report JOIN incident i ON i.id = n.incident";
    let mut rows = db.prepare(sql)?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let (report, ordinal, incident): (String, i64, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let key = (report, ordinal);
        if last.remove(&key).as_deref() != Some(incident.as_str()) {
            let what = format!("report {}", key.0);
            faults.push(Fault { what, reason: format!("stands in {incident}, where the ledger did not put it") });
        }
    }
    for ((report, _), incident) in last {
        faults.push(Fault { what: format!("report {report}"), reason: format!("is missing from {incident}") });
    }
    Ok(())
}

/// Checks that lists show of every incident what its record says, and that their counts are those of their rows.
fn shown(db: &Connection, memory: &Memory, faults: &mut Vec<Fault>) -> Result<(), Error> {
    let seq = ledger::last(db)?;
    let mut rows =
        db.prepare("SELECT incident FROM node WHERE incident IS NOT NULL UNION SELECT incident FROM current")?;
    let incidents: Vec<i64> = rows.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
    for incident in incidents {
        let reason = match current::differs(db, memory, incident, seq) {
            Ok(None) => continue,
            Ok(Some(what)) => format!("what lists show of it ({what}) is not what its record says"),
            Err(error) => format!("its record cannot be made: {error}"),
        };
        let what = state::incident_name(db, incident).unwrap_or_else(|_| format!("incident {incident}"));
        faults.push(Fault { what, reason });
    }
    let sql = "SELECT count(*) FROM (SELECT status, main, n FROM tally WHERE n > 0 EXCEPT
               SELECT status, main, count(*) FROM current GROUP BY status, main) AS others";
    if db.query_row(sql, [], |r| r.get::<i64>(0))? > 0 {
        faults.push(Fault {
            what: "a table".to_owned(),
            reason: "counts other incidents than there are (tally)".to_owned(),
        });
    }
    Ok(())
}
