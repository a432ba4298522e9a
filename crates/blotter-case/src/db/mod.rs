//! The database behind a case file: a SQLite file, or a PostgreSQL server that many programs share. One set of statements serves
//! both; what differs is asked for by name here ([`Connection::either`], [`Connection::unindexed`]).
//!
//! Statements are written in what both understand: `ON CONFLICT`, `RETURNING`, `IS NOT DISTINCT FROM`; no bare columns beside
//! aggregates; parameters as `?`, or `?1`, `?2`. Types are those of SQLite: integers of 64 bits (also for booleans), floats of 64
//! bits, text in UTF-8, bytes; texts are compared byte by byte in both.

mod fault;
mod place;
mod postgres;
mod row;
mod sqlite;
mod tls;

use std::ops::Deref;
use std::path::Path;

pub use self::fault::DbError;
pub use self::place::Place;
pub use self::row::{Row, Statement};
use rusqlite::types::ToSqlOutput;
pub use rusqlite::types::{ToSql, Value};

use self::postgres::Postgres;

/// A connection. It may move between threads; one uses it at a time.
pub struct Connection(Backend);

enum Backend {
    Sqlite(rusqlite::Connection),
    Postgres(Box<Postgres>),
}

/// What stands for the question marks of a statement.
pub trait Params {
    /// Hands over the values, in their order.
    ///
    /// # Errors
    /// One cannot be written as a value of SQL.
    fn values(&self) -> Result<Vec<ToSqlOutput<'_>>, DbError>;
}

impl Params for [&dyn ToSql; 0] {
    fn values(&self) -> Result<Vec<ToSqlOutput<'_>>, DbError> {
        Ok(Vec::new())
    }
}

impl Params for &[&dyn ToSql] {
    fn values(&self) -> Result<Vec<ToSqlOutput<'_>>, DbError> {
        self.iter().map(|one| Ok(one.to_sql()?)).collect()
    }
}

impl Params for &Vec<Value> {
    fn values(&self) -> Result<Vec<ToSqlOutput<'_>>, DbError> {
        self.iter().map(|one| Ok(one.to_sql()?)).collect()
    }
}

macro_rules! arrays {
    ($($n:literal)+) => {$(
        impl<T: ToSql> Params for [T; $n] {
            fn values(&self) -> Result<Vec<ToSqlOutput<'_>>, DbError> {
                self.iter().map(|one| Ok(one.to_sql()?)).collect()
            }
        }
    )+};
}
arrays!(1 2 3 4);

/// Parameters of different types: `params![node, version, name]`.
macro_rules! params {
    ($($one:expr),+ $(,)?) => { &[$(&$one as &dyn $crate::db::ToSql),+] as &[&dyn $crate::db::ToSql] };
}
pub(crate) use params;

/// What a case file is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// To look into an existing one; works with a read-only file, too.
    Read,
    /// To change an existing one.
    Write,
    /// To change one, which is made where there is none.
    Create,
}

impl Connection {
    /// Opens the database at a place; its tables are not looked at.
    ///
    /// # Errors
    /// There is none (unless it may be made), or the server cannot be reached.
    pub fn open(place: &Place, access: Access) -> Result<Connection, DbError> {
        match place {
            Place::File(path) if access != Access::Create && !path.exists() => {
                Err(DbError::Missing(format!("there is no case file {}", path.display())))
            }
            Place::File(path) => Ok(sqlite::open(path, access)?.into()),
            Place::Postgres(url) => Connection::postgres(url, access != Access::Read),
        }
    }

    /// A database in memory.
    ///
    /// # Errors
    /// There is no room for it.
    pub fn in_memory() -> Result<Connection, DbError> {
        Ok(rusqlite::Connection::open_in_memory()?.into())
    }

    /// Connects to a PostgreSQL server, to look or also to write.
    ///
    /// # Errors
    /// It cannot be reached, or lets nobody of that name in.
    fn postgres(url: &str, write: bool) -> Result<Connection, DbError> {
        let db = Connection(Backend::Postgres(Box::new(Postgres::open(url)?)));
        db.execute_batch(postgres::SETTINGS)?;
        if !write {
            db.execute_batch("SET default_transaction_read_only TO on")?;
        }
        Ok(db)
    }

    /// The SQLite behind it; `None` where there is a server.
    pub fn sqlite(&self) -> Option<&rusqlite::Connection> {
        match &self.0 {
            Backend::Sqlite(db) => Some(db),
            Backend::Postgres(_) => None,
        }
    }

    /// A statement, which is planned once and kept.
    ///
    /// # Errors
    /// It makes no sense to the database (a server says so when it is run).
    pub fn prepare(&self, sql: &str) -> Result<Statement<'_>, DbError> {
        match &self.0 {
            Backend::Sqlite(db) => Ok(Statement::sqlite(db.prepare_cached(sql)?)),
            Backend::Postgres(db) => Ok(Statement::postgres(db, sql)),
        }
    }

    /// The first row of what is asked for.
    ///
    /// # Errors
    /// There is none ([`DbError::NoRows`]), or the database refused.
    pub fn query_row<T>(
        &self,
        sql: &str,
        given: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        self.prepare(sql)?.query_row(given, read)
    }

    /// Changes something; how many rows.
    ///
    /// # Errors
    /// The database refused.
    pub fn execute(&self, sql: &str, given: impl Params) -> Result<usize, DbError> {
        self.prepare(sql)?.execute(given)
    }

    /// Runs statements that return nothing.
    ///
    /// # Errors
    /// The database refused one; those before it are done.
    pub fn execute_batch(&self, sql: &str) -> Result<(), DbError> {
        match &self.0 {
            Backend::Sqlite(db) => Ok(db.execute_batch(sql)?),
            Backend::Postgres(db) => db.execute_batch(sql),
        }
    }

    /// What a statement has to be for SQLite, and what for PostgreSQL, where no words serve both.
    pub fn either<'s>(&self, sqlite: &'s str, postgres: &'s str) -> &'s str {
        if self.sqlite().is_some() { sqlite } else { postgres }
    }

    /// A column that is not to be looked up by its index. A server's planner knows how many rows it would find, and is let decide.
    pub fn unindexed(&self, column: &str) -> String {
        format!("{}{column}", self.either("+", ""))
    }

    /// A condition that finds little, to be looked up before all others. Of one with a list of its own (`.. IN (SELECT ..)`) a
    /// server's planner cannot foresee how little.
    pub fn first(&self, condition: String) -> String {
        match condition.split_once(" IN (SELECT ") {
            Some((column, list)) if self.sqlite().is_none() => format!("{column} = ANY (ARRAY(SELECT {list})"),
            _ => condition,
        }
    }

    /// Begins a transaction that writes: no other program writes until it ends.
    ///
    /// # Errors
    /// Another program writes for too long.
    pub fn writing(&self) -> Result<Transaction<'_>, DbError> {
        // Whoever holds the head of the ledger may append to it; readers look on.
        match &self.0 {
            Backend::Sqlite(_) => Transaction::begin(self, "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"),
            Backend::Postgres(_) => self.holding("LOCK TABLE head IN EXCLUSIVE MODE"),
        }
    }

    /// Begins a transaction on a server with a statement that waits for others.
    ///
    /// # Errors
    /// They take too long.
    pub fn holding(&self, lock: &str) -> Result<Transaction<'_>, DbError> {
        let begun = Transaction::begin(self, "BEGIN", "COMMIT", "ROLLBACK")?;
        self.execute_batch(lock)?;
        Ok(begun)
    }

    /// Begins a transaction in which the database looks as it does now, whatever others write.
    ///
    /// # Errors
    /// The database refused.
    pub fn reading(&self) -> Result<Transaction<'_>, DbError> {
        let postgres = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
        Transaction::begin(self, self.either("BEGIN", postgres), "COMMIT", "ROLLBACK")
    }

    /// Begins a part of a transaction that can come to nothing without the rest.
    ///
    /// # Errors
    /// The database refused.
    pub fn part(&self) -> Result<Transaction<'_>, DbError> {
        Transaction::begin(self, "SAVEPOINT part", "RELEASE part", "ROLLBACK TO part; RELEASE part")
    }

    /// Ends a transaction that was kept open ([`Transaction::keep_open`]): what it wrote stays, or comes to nothing.
    ///
    /// # Errors
    /// The database refused; then it comes to nothing.
    pub fn end(&self, keep: bool) -> Result<(), DbError> {
        if keep {
            return self.execute_batch("COMMIT");
        }
        // A transaction that the database has ended itself (a full disk) needs no end.
        if self.is_autocommit() { Ok(()) } else { self.execute_batch("ROLLBACK") }
    }

    /// Whether no transaction is open.
    pub fn is_autocommit(&self) -> bool {
        match &self.0 {
            Backend::Sqlite(db) => db.is_autocommit(),
            Backend::Postgres(db) => db.is_autocommit(),
        }
    }

    /// A number that changes where another program has written since it was last asked for.
    ///
    /// # Errors
    /// The database refused.
    pub fn written_by_others(&self) -> Result<i64, DbError> {
        match &self.0 {
            Backend::Sqlite(_) => self.query_row("PRAGMA data_version", [], |r| r.get(0)),
            Backend::Postgres(db) => db.written_by_others(self.query_row("SELECT seq FROM head", [], |r| r.get(0))?),
        }
    }

    /// Notes that this program appended the row of that number to the ledger.
    pub fn wrote(&self, seq: i64) {
        if let Backend::Postgres(db) = &self.0 {
            db.wrote(seq);
        }
    }

    /// Whether what is written reaches the disk before it counts as written.
    ///
    /// # Errors
    /// The database refused.
    pub fn wait_for_disk(&self, wait: bool) -> Result<(), DbError> {
        match &self.0 {
            Backend::Sqlite(db) => Ok(db.pragma_update(None, "synchronous", if wait { "FULL" } else { "OFF" })?),
            Backend::Postgres(db) => {
                db.execute_batch(if wait { "SET synchronous_commit TO on" } else { "SET synchronous_commit TO off" })
            }
        }
    }
}

impl From<rusqlite::Connection> for Connection {
    fn from(db: rusqlite::Connection) -> Connection {
        Connection(Backend::Sqlite(db))
    }
}

/// A transaction, or a part of one. What is not committed comes to nothing when it is dropped.
pub struct Transaction<'c> {
    db: &'c Connection,
    commit: &'static str,
    rollback: &'static str,
    done: bool,
}

impl<'c> Transaction<'c> {
    fn begin(
        db: &'c Connection,
        begin: &str,
        commit: &'static str,
        rollback: &'static str,
    ) -> Result<Transaction<'c>, DbError> {
        db.execute_batch(begin)?;
        Ok(Transaction { db, commit, rollback, done: false })
    }

    /// Ends it: what it wrote stays.
    ///
    /// # Errors
    /// The database refused; then it comes to nothing.
    pub fn commit(mut self) -> Result<(), DbError> {
        self.db.execute_batch(self.commit)?;
        self.done = true;
        Ok(())
    }
}

impl Transaction<'_> {
    /// Leaves it open, to be ended by [`Connection::end`].
    pub fn keep_open(mut self) {
        self.done = true;
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        // A transaction that the database has ended itself (a full disk) needs no end.
        if !self.done && !self.db.is_autocommit() {
            let _ = self.db.execute_batch(self.rollback);
        }
    }
}

impl Deref for Transaction<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.db
    }
}

/// `None` instead of an error where there is no row.
pub trait Optional<T> {
    /// The row, if there is one.
    ///
    /// # Errors
    /// All others.
    fn optional(self) -> Result<Option<T>, DbError>;
}

impl<T> Optional<T> for Result<T, DbError> {
    fn optional(self) -> Result<Option<T>, DbError> {
        match self {
            Ok(found) => Ok(Some(found)),
            Err(DbError::NoRows) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Writes a consistent copy of a SQLite file to a new one.
///
/// # Errors
/// It cannot be written.
pub fn copy_file(db: &rusqlite::Connection, to: &Path) -> Result<(), DbError> {
    db.execute("VACUUM INTO ?", [to.to_string_lossy()])?;
    Ok(())
}
