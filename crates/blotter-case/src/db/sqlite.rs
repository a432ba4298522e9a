//! Opening a SQLite file.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{Access, DbError};

/// Another program's transaction is waited for so long: longer than any takes, short enough to tell of a fault.
const PATIENCE: Duration = Duration::from_secs(60);

/// Pages of the file kept in memory, as SQLite counts: minus so many KiB. Its own 2 MB hold less than one report looks up; of
/// more than this little is saved, and nearly every commit looks through all of them: SQLite moves pages to a number behind all
/// others and back as it splits them (`balance_nonroot`), and then drops what it keeps of the pages behind the end.
const CACHE: i64 = -32 * 1024;

/// After so many pages the journal is written back into the file. A report changes some fifty, many of them (the ends of
/// tables) the same as the last one did: the more reports between, the fewer pages are written twice.
const CHECKPOINT: i64 = 8_000;

/// Opens a file. Its tables are not looked at.
pub fn open(path: &Path, access: Access) -> Result<Connection, DbError> {
    let db = match access {
        Access::Read => read_only(path)?,
        _ => {
            let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            flags.set(OpenFlags::SQLITE_OPEN_CREATE, access == Access::Create);
            let db = Connection::open_with_flags(path, flags)?;
            db.busy_timeout(PATIENCE)?;
            // Readers go on while one writes. Every commit reaches the disk before it is told of (FULL): a report that
            // was printed as filed survives a power cut, not only the end of the program.
            write_ahead(&db)?;
            db.pragma_update(None, "synchronous", "FULL")?;
            db.pragma_update(None, "wal_autocheckpoint", CHECKPOINT)?;
            db
        }
    };
    db.busy_timeout(PATIENCE)?;
    db.pragma_update(None, "cache_size", CACHE)?;
    // Plans do not depend on what is looked up: else every statement is planned anew each time.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    db.set_prepared_statement_cache_capacity(128);
    Ok(db)
}

/// Puts a file into write-ahead mode, waiting for others that do the same. SQLite does not wait here by itself: of two programs
/// that both read the file and both want it alone, it refuses one at once, whatever the time limit says.
fn write_ahead(db: &Connection) -> Result<(), DbError> {
    const PAUSE: Duration = Duration::from_millis(5);
    let mut waited = Duration::ZERO;
    loop {
        match db.query_row("PRAGMA journal_mode = WAL", [], |r| r.get::<_, String>(0)) {
            Ok(_) => return Ok(()),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && waited < PATIENCE => {
                std::thread::sleep(PAUSE);
                waited += PAUSE;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// A connection that only reads. A file whose folder may not be written has no room for the journal's index; it is then read
/// as a file that nobody changes.
fn read_only(path: &Path) -> Result<Connection, DbError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let works = |db: &Connection| db.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get::<_, i64>(0));
    let db = Connection::open_with_flags(path, flags)?;
    db.busy_timeout(PATIENCE)?;
    match works(&db) {
        Err(error)
            if error.sqlite_error_code() == Some(ErrorCode::CannotOpen)
                || error.sqlite_error_code() == Some(ErrorCode::ReadOnly) =>
        {
            let name = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
            let db = Connection::open_with_flags(format!("file:{name}?immutable=1"), flags)?;
            works(&db)?;
            Ok(db)
        }
        Err(error) => Err(error.into()),
        Ok(_) => Ok(db),
    }
}
