//! What a database refused, in words for its user.

use std::fmt;

use postgres::error::SqlState;
use rusqlite::ErrorCode;

/// What went wrong.
#[derive(Debug)]
pub enum DbError {
    /// There is no such row.
    NoRows,
    /// SQLite refused.
    Sqlite(rusqlite::Error),
    /// PostgreSQL refused, or cannot be reached.
    Postgres(postgres::Error),
    /// A part of a transaction had failed, so that the whole came to nothing.
    Undone,
    /// No encrypted connection can be made.
    Tls(String),
    /// There is no such file.
    Missing(String),
    /// A column, counted from 0, is not what it should be.
    Column(usize, String),
}

impl fmt::Display for DbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DbError::NoRows => f.write_str("a row that should be there is missing"),
            DbError::Undone => f.write_str("the server had refused a part of it: nothing was filed"),
            DbError::Tls(words) | DbError::Missing(words) => f.write_str(words),
            DbError::Sqlite(error) => f.write_str(&sqlite(error)),
            DbError::Postgres(error) => f.write_str(&server(error)),
            DbError::Column(column, reason) => write!(f, "column {column} of a row: {reason}"),
        }
    }
}

impl std::error::Error for DbError {}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> DbError {
        match error {
            rusqlite::Error::QueryReturnedNoRows => DbError::NoRows,
            other => DbError::Sqlite(other),
        }
    }
}

impl From<postgres::Error> for DbError {
    fn from(error: postgres::Error) -> DbError {
        DbError::Postgres(error)
    }
}

const FULL: &str = "no room is left on the disk; nothing of this report was filed";
const READ_ONLY: &str = "the case file may not be written (read-only)";
const BUSY: &str = "another program has been writing to the case file for too long; try again";

fn sqlite(error: &rusqlite::Error) -> String {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => FULL.to_owned(),
        Some(ErrorCode::ReadOnly) => READ_ONLY.to_owned(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => BUSY.to_owned(),
        Some(ErrorCode::NotADatabase) => "is not a case file".to_owned(),
        Some(ErrorCode::CannotOpen) => "the case file cannot be opened (no such folder, or no permission)".to_owned(),
        Some(ErrorCode::DatabaseCorrupt) => format!("the case file is damaged: {error}"),
        _ => error.to_string(),
    }
}

fn server(error: &postgres::Error) -> String {
    if let Some(told) = error.as_db_error() {
        return match told.code() {
            &SqlState::DISK_FULL => FULL.to_owned(),
            &SqlState::READ_ONLY_SQL_TRANSACTION | &SqlState::INSUFFICIENT_PRIVILEGE => {
                format!("{READ_ONLY}: {}", told.message())
            }
            &SqlState::LOCK_NOT_AVAILABLE => BUSY.to_owned(),
            _ => format!("the server says: {}", told.message()),
        };
    }
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        words = format!("{words}: {error}");
        cause = error.source();
    }
    if error.is_closed() { format!("the connection to the server was lost ({words})") } else { words }
}
