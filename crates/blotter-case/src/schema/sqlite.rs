//! The tables of a SQLite file, by version: `user_version` says how far a file has come; opening it runs what is missing.

use crate::Error;
use crate::db::Connection;

/// One entry a version, the first makes version 1. An entry is never changed once it has been released; a change of the
/// tables is a new entry.
const MIGRATIONS: [&str; 3] = [VERSION_1, VERSION_2, VERSION_3];

/// The version that this program writes.
pub const LATEST: i64 = MIGRATIONS.len() as i64;

const VERSION_1: &str = "
CREATE TABLE ledger (
    seq INTEGER PRIMARY KEY, at TEXT NOT NULL, by TEXT, kind TEXT NOT NULL, body TEXT NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER ledger_is_kept BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_is_not_changed BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE INDEX ledger_at ON ledger (at);
CREATE INDEX ledger_kill ON ledger (seq) WHERE kind = 'version' AND json_extract(body, '$.kill') = 1;
CREATE INDEX ledger_thresholds ON ledger (seq) WHERE kind = 'thresholds';
-- The last row's number and hash, so that rows missing at the end are seen, too.
CREATE TABLE head (only INTEGER PRIMARY KEY CHECK (only = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
INSERT INTO head VALUES (1, 0, '');

CREATE TABLE report (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, outlet TEXT, headline TEXT) STRICT;
CREATE INDEX report_headline ON report (headline);
CREATE TABLE text (sha256 TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE version (
    report INTEGER NOT NULL REFERENCES report, version INTEGER NOT NULL, seq INTEGER NOT NULL, text TEXT NOT NULL,
    words TEXT NOT NULL, PRIMARY KEY (report, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX version_words ON version (words);
CREATE TABLE reading (
    report INTEGER NOT NULL, version INTEGER NOT NULL, seq INTEGER NOT NULL, reader TEXT NOT NULL, sha256 TEXT NOT NULL,
    body BLOB NOT NULL, PRIMARY KEY (report, version, seq)
) STRICT;
-- Copies and light rewrites: the origins.
CREATE TABLE copied (a INTEGER NOT NULL, b INTEGER NOT NULL, seq INTEGER NOT NULL, share REAL NOT NULL, PRIMARY KEY (a, b))
    STRICT, WITHOUT ROWID;
CREATE INDEX copied_b ON copied (b);

-- A node is one incident as one report tells it, through all its versions.
CREATE TABLE node (
    id INTEGER PRIMARY KEY, report INTEGER NOT NULL REFERENCES report, ordinal INTEGER NOT NULL, main INTEGER NOT NULL,
    incident INTEGER, profile BLOB NOT NULL
) STRICT;
CREATE INDEX node_report ON node (report);
CREATE INDEX node_incident ON node (incident);
CREATE TABLE telling (
    node INTEGER NOT NULL, version INTEGER NOT NULL, seq INTEGER NOT NULL, ordinal INTEGER NOT NULL,
    PRIMARY KEY (node, version, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE filed (key INTEGER NOT NULL, node INTEGER NOT NULL, PRIMARY KEY (key, node)) STRICT, WITHOUT ROWID;
CREATE TABLE pair (a INTEGER NOT NULL, b INTEGER NOT NULL, p REAL NOT NULL, PRIMARY KEY (a, b)) STRICT, WITHOUT ROWID;
CREATE INDEX pair_b ON pair (b);
CREATE INDEX pair_p ON pair (p);


CREATE TABLE incident (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, seq INTEGER NOT NULL) STRICT;
CREATE TABLE membership (
    node INTEGER NOT NULL, seq INTEGER NOT NULL, incident INTEGER NOT NULL, PRIMARY KEY (node, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX membership_incident ON membership (incident, seq);
-- Which rows of the ledger changed the record of an incident.
CREATE TABLE touched (incident INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (incident, seq)) STRICT, WITHOUT ROWID;
-- People's links (must = 1) and splits (0); of several on a pair the last that is not undone counts, NULL frees it.
CREATE TABLE tie (a INTEGER NOT NULL, b INTEGER NOT NULL, seq INTEGER NOT NULL, must INTEGER, PRIMARY KEY (a, b, seq))
    STRICT, WITHOUT ROWID;
CREATE INDEX tie_b ON tie (b);
CREATE INDEX tie_seq ON tie (seq);
-- Reports that support nothing any more, by which row.
CREATE TABLE retraction (report INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (report, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE undone (seq INTEGER PRIMARY KEY, by_seq INTEGER NOT NULL) STRICT;

-- What `list` filters and shows.
CREATE TABLE current (
    incident INTEGER PRIMARY KEY, status TEXT NOT NULL, main INTEGER NOT NULL, first TEXT, last TEXT, day TEXT,
    type TEXT, country TEXT, lat REAL, lon REAL, killed INTEGER, reports INTEGER NOT NULL, disagreements INTEGER NOT NULL,
    weight REAL NOT NULL, summary TEXT NOT NULL, best TEXT NOT NULL
) STRICT;
CREATE INDEX current_day ON current (day);
CREATE INDEX current_killed ON current (killed);
CREATE INDEX current_weight ON current (weight);
CREATE INDEX current_country ON current (country, day);
CREATE VIRTUAL TABLE area USING rtree (incident, south, north, west, east);
CREATE VIRTUAL TABLE words USING fts5 (text, content='', contentless_delete=1);
";

/// Gists; what a row of the ledger wrote is found by its number; texts in rows, as a text is too long for an index; every
/// filter of `list` has an index, and what it leaves out is counted as it changes.
const VERSION_2: &str = "
CREATE TABLE gist (
    node INTEGER NOT NULL, version INTEGER NOT NULL, seq INTEGER NOT NULL, form INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (node, version, seq)
) STRICT;
CREATE INDEX telling_seq ON telling (seq);
CREATE INDEX touched_seq ON touched (seq);
CREATE INDEX copied_seq ON copied (seq);
CREATE INDEX membership_seq ON membership (seq);
CREATE INDEX retraction_seq ON retraction (seq);
CREATE INDEX undone_by ON undone (by_seq);
CREATE TABLE text_in_rows (sha256 TEXT NOT NULL UNIQUE, body BLOB NOT NULL) STRICT;
INSERT INTO text_in_rows SELECT sha256, body FROM text;
DROP TABLE text;
ALTER TABLE text_in_rows RENAME TO text;
CREATE INDEX current_type ON current (type, day);
CREATE INDEX current_status ON current (status, day);
CREATE TABLE tally (status TEXT NOT NULL, main INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (status, main))
    STRICT, WITHOUT ROWID;
INSERT INTO tally SELECT status, main, count(*) FROM current GROUP BY status, main;
CREATE TRIGGER tally_more AFTER INSERT ON current BEGIN
    INSERT INTO tally VALUES (new.status, new.main, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER tally_less AFTER DELETE ON current BEGIN
    UPDATE tally SET n = n - 1 WHERE status = old.status AND main = old.main;
END;
";

/// Keys of one stretch of days lie side by side: all nodes are filed anew. A row of `current` says by which rules it was made.
const VERSION_3: &str = "
ALTER TABLE filed RENAME TO filed_before;
CREATE INDEX filed_before_node ON filed_before (node);
CREATE TABLE filed (key INTEGER NOT NULL, node INTEGER NOT NULL, PRIMARY KEY (key, node)) STRICT, WITHOUT ROWID;
ALTER TABLE current ADD COLUMN form INTEGER NOT NULL DEFAULT 0;
";

/// Brings the tables up to date.
pub fn migrate(db: &Connection, file_anew: impl Fn(&Connection) -> Result<(), Error>) -> Result<(), Error> {
    if version(db)? >= LATEST {
        return Ok(());
    }
    // Two programs may open a new file at once: the second finds the work done.
    let tx = db.writing()?;
    let found = version(&tx)?;
    if found == 0 && tx.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<i64>(0))? > 0 {
        return Err(Error::Refused("is a database of another program, not a case file".to_owned()));
    }
    for (i, sql) in MIGRATIONS.iter().enumerate().skip(usize::try_from(found).unwrap_or(0)) {
        tx.execute_batch(sql)?;
        if i + 1 == 3 {
            file_anew(&tx)?;
            tx.execute_batch("DROP TABLE filed_before")?;
        }
        tx.execute_batch(&format!("PRAGMA user_version = {}", i + 1))?;
    }
    Ok(tx.commit()?)
}

/// The version of the file's tables; 0 of a file without any.
pub fn version(db: &Connection) -> Result<i64, Error> {
    Ok(db.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}
