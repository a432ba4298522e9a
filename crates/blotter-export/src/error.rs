//! The one error of exports: what went wrong, in words for their user.

use std::{fmt, io};

/// Why nothing whole was written. What was written by then is no export.
#[derive(Debug)]
pub enum Error {
    /// The case file refused.
    Case(blotter_case::Error),
    /// The output refused: disk full, pipe closed.
    Output(io::Error),
    /// What is asked for cannot be.
    Refused(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Case(error) => error.fmt(f),
            Error::Output(error) if error.kind() == io::ErrorKind::StorageFull => {
                f.write_str("no room is left on the disk; nothing whole was written")
            }
            Error::Output(error) => write!(f, "the export cannot be written: {error}"),
            Error::Refused(words) => f.write_str(words),
        }
    }
}

impl std::error::Error for Error {}

impl From<blotter_case::Error> for Error {
    fn from(error: blotter_case::Error) -> Error {
        Error::Case(error)
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        Error::Output(error)
    }
}

impl From<csv::Error> for Error {
    fn from(error: csv::Error) -> Error {
        match error.into_kind() {
            csv::ErrorKind::Io(error) => Error::Output(error),
            other => Error::Output(io::Error::other(format!("{other:?}"))),
        }
    }
}

impl From<parquet::errors::ParquetError> for Error {
    fn from(error: parquet::errors::ParquetError) -> Error {
        // A fault of the output comes wrapped.
        match error {
            parquet::errors::ParquetError::External(inner) => match inner.downcast::<io::Error>() {
                Ok(error) => Error::Output(*error),
                Err(other) => Error::Output(io::Error::other(other)),
            },
            other => Error::Output(io::Error::other(other)),
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        let full = error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull);
        let kind = if full { io::ErrorKind::StorageFull } else { io::ErrorKind::Other };
        Error::Output(io::Error::new(kind, error))
    }
}

impl From<zip::result::ZipError> for Error {
    fn from(error: zip::result::ZipError) -> Error {
        Error::Output(error.into())
    }
}
