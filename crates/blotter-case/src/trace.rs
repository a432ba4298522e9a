//! What a row of the ledger wrote in the tables: noted in the row itself, so that the chain of hashes covers the tables, too.

use crate::db::{Connection, DbError, Row, Value};
use serde_json::{Map, Value as Json};

use crate::Error;

/// A table's name in `wrote`, how many rows it has, and what of them one row of the ledger wrote, in a fixed order. Nodes go
/// by report and number.
pub const TABLES: [(&str, &str, &str); 7] = [
    (
        "told",
        "SELECT count(*) FROM telling",
        "SELECT r.name, n.ordinal, t.version, t.ordinal FROM telling t JOIN node n ON n.id = t.node
         JOIN report r ON r.id = n.report WHERE t.seq = ? ORDER BY t.node, t.version",
    ),
    (
        "moved",
        "SELECT count(*) FROM membership",
        "SELECT r.name, n.ordinal, i.name FROM membership m JOIN node n ON n.id = m.node
         JOIN report r ON r.id = n.report JOIN incident i ON i.id = m.incident WHERE m.seq = ? ORDER BY m.node",
    ),
    (
        "touched",
        "SELECT count(*) FROM touched",
        "SELECT i.name FROM touched t JOIN incident i ON i.id = t.incident WHERE t.seq = ? ORDER BY t.incident",
    ),
    (
        "copied",
        "SELECT count(*) FROM copied",
        "SELECT a.name, b.name, c.share FROM copied c JOIN report a ON a.id = c.a JOIN report b ON b.id = c.b
         WHERE c.seq = ? ORDER BY c.a, c.b",
    ),
    (
        "tied",
        "SELECT count(*) FROM tie",
        "SELECT r.name, x.ordinal, s.name, y.ordinal, t.must FROM tie t JOIN node x ON x.id = t.a
         JOIN report r ON r.id = x.report JOIN node y ON y.id = t.b JOIN report s ON s.id = y.report
         WHERE t.seq = ? ORDER BY t.a, t.b",
    ),
    (
        "retracted",
        "SELECT count(*) FROM retraction",
        "SELECT r.name FROM retraction x JOIN report r ON r.id = x.report WHERE x.seq = ? ORDER BY x.report",
    ),
    ("undone", "SELECT count(*) FROM undone", "SELECT seq FROM undone WHERE by_seq = ? ORDER BY seq"),
];

/// All that a row wrote, by table; tables in which it wrote nothing are left out.
///
/// # Errors
/// The database refused.
pub fn wrote(db: &Connection, seq: i64) -> Result<Json, Error> {
    let mut found = Map::new();
    for (name, _, sql) in TABLES {
        let rows: Vec<Json> = db.prepare(sql)?.query_map([seq], json)?.collect::<Result<_, _>>()?;
        if !rows.is_empty() {
            found.insert(name.to_owned(), Json::Array(rows));
        }
    }
    Ok(Json::Object(found))
}

/// A row as JSON: its only column, or a list of its columns.
fn json(row: &Row<'_>) -> Result<Json, DbError> {
    let mut columns = Vec::with_capacity(row.columns());
    for at in 0..row.columns() {
        columns.push(match row.get::<Value>(at)? {
            Value::Null | Value::Blob(_) => Json::Null,
            Value::Integer(n) => n.into(),
            Value::Real(x) => x.into(),
            Value::Text(words) => words.into(),
        });
    }
    Ok(if columns.len() == 1 { columns.remove(0) } else { Json::Array(columns) })
}
