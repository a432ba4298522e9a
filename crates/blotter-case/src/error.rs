//! The one error of the case file: what went wrong, in words for its user.

use std::fmt;

use crate::db::DbError;

/// What went wrong. Each is a sentence for the user; the file is as it was before the call.
#[derive(Debug)]
pub enum Error {
    /// The database refused: disk full, read-only, locked for too long, not a database.
    Database(DbError),
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
            Error::Database(error) => error.fmt(f),
            Error::Missing(words) | Error::NotYet(words) | Error::Refused(words) | Error::Changed(words) => {
                f.write_str(words)
            }
            Error::Damaged(words) => write!(f, "the case file is damaged: {words}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<DbError> for Error {
    fn from(error: DbError) -> Error {
        match error {
            DbError::Missing(words) => Error::Missing(words),
            other => Error::Database(other),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Error {
        Error::Damaged(format!("a stored value is not JSON ({error})"))
    }
}
