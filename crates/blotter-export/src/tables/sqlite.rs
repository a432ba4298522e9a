//! One SQLite database with all tables, and a table `columns` that says what they mean.

use std::io;

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params, params_from_iter};
use serde_json::Value as Json;

use super::{Kind, TABLES, Table};
use crate::error::Error;
use crate::options::{Options, Out};
use crate::selection::Selection;

/// Writes the database into a temporary file, then its bytes.
pub(crate) fn write(selection: &Selection<'_>, _: &Options, out: &mut Out<'_>) -> Result<(), Error> {
    let file = tempfile::NamedTempFile::new()?;
    let mut db = Connection::open(file.path())?;
    // Nobody else sees the file, and half of one is of no use: no journal, no waiting for the disk.
    db.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")?;
    let tx = db.transaction()?;
    tx.execute_batch(
        "CREATE TABLE columns (\"table\" TEXT NOT NULL, \"column\" TEXT NOT NULL, type TEXT NOT NULL, unit TEXT NOT NULL,
         meaning TEXT NOT NULL) STRICT",
    )?;
    let mut inserts = Vec::new();
    for table in TABLES {
        tx.execute_batch(&create(table))?;
        for c in table.columns {
            let sql = "INSERT INTO columns VALUES (?, ?, ?, ?, ?)";
            tx.execute(sql, params![table.name, c.name, c.kind.name(), c.unit, c.meaning])?;
        }
        let marks = vec!["?"; table.columns.len()].join(", ");
        inserts.push(tx.prepare(&format!("INSERT INTO {} VALUES ({marks})", table.name))?);
    }
    selection.each(&mut |item| {
        for (table, insert) in TABLES.into_iter().zip(&mut inserts) {
            table.cells(item, &mut |cells| {
                insert.execute(params_from_iter(cells.into_iter().map(sql)))?;
                Ok(())
            })?;
        }
        Ok(())
    })?;
    drop(inserts);
    for table in TABLES {
        for key in table.keys {
            tx.execute_batch(&format!("CREATE INDEX {0}_{key} ON {0} (\"{key}\")", table.name))?;
        }
    }
    tx.commit()?;
    db.close().map_err(|(_, error)| error)?;
    io::copy(&mut file.reopen()?, out)?;
    Ok(())
}

fn create(table: &Table) -> String {
    let columns = table.columns.iter().map(|c| {
        let kind = match c.kind {
            Kind::Text => "TEXT",
            Kind::Integer | Kind::Truth => "INTEGER",
            Kind::Real => "REAL",
        };
        format!("\"{}\" {kind}", c.name)
    });
    format!("CREATE TABLE {} ({}) STRICT", table.name, columns.collect::<Vec<_>>().join(", "))
}

fn sql(cell: Json) -> Sql {
    match cell {
        Json::Bool(truth) => Sql::Integer(i64::from(truth)),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Sql::Integer(whole),
            None => number.as_f64().map_or(Sql::Null, Sql::Real),
        },
        Json::String(text) => Sql::Text(text),
        _ => Sql::Null,
    }
}
