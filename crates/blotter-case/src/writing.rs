//! What is written at once: a transaction, or a part of one that many writings share.

use crate::Error;
use crate::db::{Connection, Transaction};

/// Begins to write: a transaction, or a part of the one that is open already ([`crate::CaseFile::together`]).
///
/// # Errors
/// Another program writes for too long, or the database refused.
pub(crate) fn begin(db: &Connection) -> Result<Transaction<'_>, Error> {
    Ok(if db.is_autocommit() { db.writing()? } else { db.part()? })
}
