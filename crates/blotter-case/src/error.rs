//! The one error of the case file: what went wrong, in words for its user.

use std::fmt;

/// What went wrong. Each is a sentence for the user; the file is as it was before the call.
#[derive(Debug)]
pub enum Error {
    /// The database refused: disk full, read-only, locked for too long, not a database.
    Database(rusqlite::Error),
    /// What was asked for is not there.
    Missing(String),
    /// It is there, but was not yet at the moment asked for.
    NotYet(String),
    /// The request cannot be carried out as it stands.
    Refused(String),
    /// What it is about has changed since the caller looked.
    Changed(String),
    /// The file's content is not what it was when it was written.
    Damaged(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Database(error) => f.write_str(&database(error)),
            Error::Missing(words) | Error::NotYet(words) | Error::Refused(words) | Error::Changed(words) => {
                f.write_str(words)
            }
            Error::Damaged(words) => write!(f, "the case file is damaged: {words}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        Error::Database(error)
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Error {
        Error::Damaged(format!("a stored value is not JSON ({error})"))
    }
}

fn database(error: &rusqlite::Error) -> String {
    use rusqlite::ErrorCode;
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "no room is left on the disk; nothing of this report was filed".to_owned(),
        Some(ErrorCode::ReadOnly) => "the case file may not be written (read-only)".to_owned(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program has been writing to the case file for too long; try again".to_owned()
        }
        Some(ErrorCode::NotADatabase) => "is not a case file".to_owned(),
        Some(ErrorCode::CannotOpen) => "the case file cannot be opened (no such folder, or no permission)".to_owned(),
        Some(ErrorCode::DatabaseCorrupt) => format!("the case file is damaged: {error}"),
        _ => error.to_string(),
    }
}
