//! The ledger: every change of the case file in order, each row chained by its hash to the one before, so that a row
//! deleted, inserted or changed afterwards is found.

use crate::db::{Connection, Optional, params};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::Error;

/// When something is filed, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The clock of the caller: UTC, `2024-03-12T21:40:00Z`.
    pub at: String,
    /// Whether somebody set this time on purpose; a clock that runs behind the file is then an error, else it is corrected.
    pub set: bool,
    /// Who.
    pub by: Option<String>,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its number, from 1, without gaps.
    pub seq: i64,
    /// When the case file learned it.
    pub at: String,
    /// Who filed it.
    pub by: Option<String>,
    /// "version", "link", ...
    pub kind: String,
    /// What it says.
    pub body: Json,
}

impl Row {
    /// Whether it can be undone by its number: what a person decided, or a kill notice that retracted a report.
    pub fn is_decision(&self) -> bool {
        match self.kind.as_str() {
            "version" => self.body["retracts"].is_string(),
            kind => !["reread", "thresholds"].contains(&kind),
        }
    }
}

/// The number and time of the next row.
///
/// # Errors
/// A time was set that lies before the last row's.
pub fn next(db: &Connection, stamp: &Stamp) -> Result<(i64, String), Error> {
    let last = db
        .query_row("SELECT seq, at FROM ledger ORDER BY seq DESC LIMIT 1", [], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    let (seq, at): (i64, String) = last.unwrap_or_default();
    if stamp.at >= at {
        return Ok((seq + 1, stamp.at.clone()));
    }
    if stamp.set {
        return Err(Error::Refused(format!("--at {} lies before what is already filed ({at})", stamp.at)));
    }
    Ok((seq + 1, at))
}

/// Appends a row.
///
/// # Errors
/// The database refused.
pub fn append(db: &Connection, seq: i64, at: &str, by: Option<&str>, kind: &str, body: &Json) -> Result<(), Error> {
    let body = body.to_string();
    let before: String = db.query_row("SELECT hash FROM head", [], |r| r.get(0))?;
    let hash = hash(&before, seq, at, by, kind, &body);
    db.prepare("INSERT INTO ledger (seq, at, by, kind, body, hash) VALUES (?, ?, ?, ?, ?, ?)")?
        .execute(params![seq, at, by, kind, body, hash])?;
    db.prepare("UPDATE head SET seq = ?, hash = ?")?.execute(params![seq, hash])?;
    db.wrote(seq);
    Ok(())
}

/// The hash of a row and all before it. Lengths stand before the parts, so that no two rows have the same bytes.
pub fn hash(before: &str, seq: i64, at: &str, by: Option<&str>, kind: &str, body: &str) -> String {
    let mut hash = Sha256::new();
    for part in [before, &seq.to_string(), at, by.unwrap_or("\0"), kind, body] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hex(&hash.finalize())
}

/// The row of that number.
///
/// # Errors
/// There is none.
pub fn row(db: &Connection, seq: i64) -> Result<Row, Error> {
    let found = db
        .prepare("SELECT seq, at, by, kind, body FROM ledger WHERE seq = ?")?
        .query_row([seq], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get::<String>(4)?)))
        .optional()?;
    let (seq, at, by, kind, body) =
        found.ok_or_else(|| Error::Damaged(format!("row {seq} of the ledger is missing")))?;
    Ok(Row { seq, at, by, kind, body: serde_json::from_str(&body)? })
}

/// The number of the last row that was filed at or before a time; 0 where none was.
///
/// # Errors
/// The database refused.
pub fn at_time(db: &Connection, time: &str) -> Result<i64, Error> {
    Ok(db.query_row("SELECT coalesce(max(seq), 0) FROM ledger WHERE at <= ?", [time], |r| r.get(0))?)
}

/// The number of the last row.
///
/// # Errors
/// The database refused.
pub fn last(db: &Connection) -> Result<i64, Error> {
    Ok(db.query_row("SELECT seq FROM head", [], |r| r.get(0))?)
}

/// Bytes in hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// SHA-256 in hex.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
