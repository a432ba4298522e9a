//! What a row of the ledger wrote in the tables: noted in the row itself, so that the chain of hashes covers the tables, too.

use rusqlite::Connection;
use serde_json::{Map, Value as Json};

use crate::Error;

/// A table's name in `wrote`, how many rows it has, and its rows of one row of the ledger as JSON, in a fixed order. Nodes go
/// by report and number.
pub const TABLES: [(&str, &str, &str); 7] = [
    (
        "told",
        "SELECT count(*) FROM telling",
        "SELECT json_array(r.name, n.ordinal, t.version, t.ordinal) FROM telling t JOIN node n ON n.id = t.node
         JOIN report r ON r.id = n.report WHERE t.seq = ? ORDER BY t.node, t.version",
    ),
    (
        "moved",
        "SELECT count(*) FROM membership",
        "SELECT json_array(r.name, n.ordinal, i.name) FROM membership m JOIN node n ON n.id = m.node
         JOIN report r ON r.id = n.report JOIN incident i ON i.id = m.incident WHERE m.seq = ? ORDER BY m.node",
    ),
    (
        "touched",
        "SELECT count(*) FROM touched",
        "SELECT json_quote(i.name) FROM touched t JOIN incident i ON i.id = t.incident WHERE t.seq = ? ORDER BY t.incident",
    ),
    (
        "copied",
        "SELECT count(*) FROM copied",
        "SELECT json_array(a.name, b.name, c.share) FROM copied c JOIN report a ON a.id = c.a JOIN report b ON b.id = c.b
         WHERE c.seq = ? ORDER BY c.a, c.b",
    ),
    (
        "tied",
        "SELECT count(*) FROM tie",
        "SELECT json_array(r.name, x.ordinal, s.name, y.ordinal, t.must) FROM tie t JOIN node x ON x.id = t.a
         JOIN report r ON r.id = x.report JOIN node y ON y.id = t.b JOIN report s ON s.id = y.report
         WHERE t.seq = ? ORDER BY t.a, t.b",
    ),
    (
        "retracted",
        "SELECT count(*) FROM retraction",
        "SELECT json_quote(r.name) FROM retraction x JOIN report r ON r.id = x.report WHERE x.seq = ? ORDER BY x.report",
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
        let mut rows = db.prepare_cached(sql)?;
        let rows: Vec<String> =
            rows.query_map([seq], |r| r.get_ref(0).map(text))?.collect::<Result<_, rusqlite::Error>>()?;
        if !rows.is_empty() {
            let rows: Result<Vec<Json>, _> = rows.iter().map(|row| serde_json::from_str(row)).collect();
            found.insert(name.to_owned(), Json::Array(rows?));
        }
    }
    Ok(Json::Object(found))
}

fn text(value: rusqlite::types::ValueRef<'_>) -> String {
    value.as_str().map(str::to_owned).or_else(|_| value.as_i64().map(|n| n.to_string())).unwrap_or_default()
}
