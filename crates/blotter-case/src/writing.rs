//! What is written at once: a transaction, or a part of one that many writings share.

use std::ops::Deref;

use rusqlite::{Connection, Savepoint, Transaction, TransactionBehavior};

use crate::Error;

/// What is written at once: a transaction, or a part of the one that is open already ([`CaseFile::together`]).
pub(crate) enum Writing<'a> {
    Alone(Transaction<'a>),
    Within(Savepoint<'a>),
}

impl<'a> Writing<'a> {
    /// Begins it.
    pub fn begin(db: &'a mut Connection) -> Result<Writing<'a>, Error> {
        Ok(if db.is_autocommit() {
            Writing::Alone(db.transaction_with_behavior(TransactionBehavior::Immediate)?)
        } else {
            Writing::Within(db.savepoint()?)
        })
    }

    /// Ends it: what it wrote stays.
    pub fn commit(self) -> Result<(), Error> {
        match self {
            Writing::Alone(transaction) => transaction.commit()?,
            Writing::Within(savepoint) => savepoint.commit()?,
        }
        Ok(())
    }
}

impl Deref for Writing<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        match self {
            Writing::Alone(transaction) => transaction,
            Writing::Within(savepoint) => savepoint,
        }
    }
}
