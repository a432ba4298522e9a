//! A case file from one database to another: from a file to the server that a team shares, and back.

use crate::db::{Connection, Value, params};
use crate::file::CaseFile;
use crate::{Error, current, ledger};

/// What is copied row by row, with its columns: all that is kept, and what is costly to make anew. The rest (`current`, `area`,
/// `words`, `tally`) is made at the other end. Reports and nodes come before what refers to them.
const TABLES: [(&str, &str); 17] = [
    ("report", "id, name, outlet, headline"),
    ("text", "sha256, body"),
    ("version", "report, version, seq, text, words"),
    ("reading", "report, version, seq, reader, sha256, body"),
    ("copied", "a, b, seq, share"),
    ("incident", "id, name, seq"),
    ("node", "id, report, ordinal, main, incident, profile"),
    ("telling", "node, version, seq, ordinal"),
    ("filed", "key, node"),
    ("pair", "a, b, p"),
    ("gist", "node, version, seq, form, body"),
    ("membership", "node, seq, incident"),
    ("touched", "incident, seq"),
    ("tie", "a, b, seq, must"),
    ("retraction", "report, seq"),
    ("undone", "seq, by_seq"),
    ("ledger", "seq, at, by, kind, body, hash"),
];

/// Copies all of a case file into an empty one, in one transaction.
///
/// # Errors
/// The other is not empty, or a database refused.
pub fn copy(from: &CaseFile, to: &CaseFile) -> Result<(), Error> {
    let from = from.db.reading()?;
    let tx = to.db.writing()?;
    if ledger::last(&tx)? > 0 {
        return Err(Error::Refused("something is filed there already".to_owned()));
    }
    for (table, columns) in TABLES {
        copy_table(&from, &tx, table, columns)?;
    }
    let (seq, hash): (i64, String) =
        from.query_row("SELECT seq, hash FROM head", [], |r| Ok((r.get(0)?, r.get(1)?)))?;
    tx.execute("UPDATE head SET seq = ?, hash = ?", params![seq, hash])?;
    if tx.sqlite().is_none() {
        // The next number of a table is one behind the last, as in a file.
        for table in ["report", "incident", "node"] {
            let sql = format!(
                "SELECT setval(pg_get_serial_sequence('blotter.{table}', 'id'), greatest(max(id), 1), max(id) IS NOT NULL) FROM {table}"
            );
            tx.prepare(&sql)?.exists([])?;
        }
    }
    to.memory.clear();
    let incidents: Vec<i64> =
        tx.prepare("SELECT id FROM incident ORDER BY id")?.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
    for incident in incidents {
        current::refresh(&tx, &to.memory, incident, seq)?;
    }
    Ok(tx.commit()?)
}

fn copy_table(from: &Connection, to: &Connection, table: &str, columns: &str) -> Result<(), Error> {
    let mut rows = from.prepare(&format!("SELECT {columns} FROM {table}"))?;
    let mut rows = rows.query([])?;
    let marks = vec!["?"; columns.split(',').count()].join(", ");
    let mut insert = to.prepare(&format!("INSERT INTO {table} ({columns}) VALUES ({marks})"))?;
    while let Some(row) = rows.next()? {
        let values: Vec<Value> = (0..row.columns()).map(|at| row.get(at)).collect::<Result<_, _>>()?;
        insert.execute(&values)?;
    }
    Ok(())
}
