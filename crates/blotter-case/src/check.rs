//! Whether the file is what was written: ledger, texts, Readings, quotes; and a consistent copy of it.

use std::path::Path;

use rusqlite::Connection;
use serde_json::Value as Json;

use crate::file::CaseFile;
use crate::{Error, ledger, state};

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
    /// quote where its Reading says, every node where the ledger put it. How many rows, versions and quotes were checked, and
    /// the faults.
    ///
    /// # Errors
    /// The database cannot be read at all.
    pub fn verify(&self) -> Result<([u64; 3], Vec<Fault>), Error> {
        let mut faults = Vec::new();
        let mut sound = self.db.prepare("PRAGMA integrity_check(20)")?;
        let lines: Vec<String> = sound.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
        faults.extend(
            lines.into_iter().filter(|l| l != "ok").map(|reason| Fault { what: "the database".into(), reason }),
        );
        let rows = chain(&self.db, &mut faults)?;
        let (versions, quotes) = versions(&self.db, &mut faults)?;
        moves(&self.db, &mut faults)?;
        Ok(([rows, versions, quotes], faults))
    }

    /// Writes a consistent copy to a new file, while others read and write.
    ///
    /// # Errors
    /// There is a file already, or it cannot be written.
    pub fn backup(&self, to: &Path) -> Result<(), Error> {
        if to.exists() {
            return Err(Error::Refused(format!("{} is there already", to.display())));
        }
        self.db.execute("VACUUM INTO ?", [to.to_string_lossy()])?;
        Ok(())
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
        let Ok(body) = serde_json::from_str::<Json>(&row.get::<_, String>(1)?) else { continue };
        let name = body["report"].as_str().unwrap_or_default();
        let version = body["version"].as_i64().unwrap_or(0);
        count += 1;
        let what = format!("report {name}, version {version}");
        match reading(db, name, version, seq, &body) {
            Ok(reading) => quotes += check_quotes(&reading, &what, faults),
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
    let bytes = zstd::decode_all(&packed[..]).map_err(|e| format!("its Reading cannot be unpacked ({e})"))?;
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
    if filed.as_ref() != Ok(&sha256) || body["text"].as_str().is_some_and(|known| known != sha256) {
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

/// Checks that every node is where the ledger last put it.
fn moves(db: &Connection, faults: &mut Vec<Fault>) -> Result<(), Error> {
    let mut rows = db.prepare("SELECT body FROM ledger WHERE json_valid(body) ORDER BY seq")?;
    let mut rows = rows.query([])?;
    let mut last = std::collections::BTreeMap::new();
    while let Some(row) = rows.next()? {
        let body: Json = serde_json::from_str(&row.get::<_, String>(0)?)?;
        for moved in body["moves"].as_array().into_iter().flatten() {
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
