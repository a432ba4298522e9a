//! A case file on a PostgreSQL server: statements in its words, values of its types.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use bytes::BytesMut;
use postgres::config::SslMode;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, NoTls};
pub use postgres::{Row, Statement};
use rusqlite::types::{ToSqlOutput, ValueRef};

use super::{DbError, tls};

/// The tables are in a schema of their own; another program's transaction is waited for as long as in a SQLite file; statements are
/// short, and not worth compiling.
pub const SETTINGS: &str =
    "SET search_path TO blotter; SET lock_timeout TO '60s'; SET jit TO off; SET client_min_messages TO warning";

/// A connection to the server. The client is `None` only while it is dropped.
pub struct Postgres {
    client: RefCell<Option<Client>>,
    planned: RefCell<HashMap<String, Statement>>,
    open: Cell<bool>,
    /// Whether something failed in the transaction that is open: the server then takes `COMMIT` for `ROLLBACK`, without a word.
    failed: Cell<bool>,
    /// The last row of the ledger that is known, and how often others were found to have written.
    known: Cell<i64>,
    others: Cell<i64>,
    /// So many cursors were opened: each has a name of its own.
    cursors: Cell<u64>,
}

impl Postgres {
    /// Connects; encrypted where the address asks for it (`sslmode=require`), and then only to a server that proves its name.
    pub fn open(url: &str) -> Result<Postgres, DbError> {
        let mut config: postgres::Config = url.parse()?;
        config.application_name("blotter");
        let client = match config.get_ssl_mode() {
            SslMode::Require => config.connect(tls::connector()?)?,
            _ => config.connect(NoTls)?,
        };
        let client = RefCell::new(Some(client));
        let (open, planned) = (Cell::new(false), RefCell::default());
        Ok(Postgres {
            client,
            planned,
            open,
            failed: Cell::new(false),
            known: Cell::new(0),
            others: Cell::new(0),
            cursors: Cell::new(0),
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut Client) -> Result<T, postgres::Error>) -> Result<T, DbError> {
        match self.client.borrow_mut().as_mut() {
            Some(client) => work(client).map_err(|error| {
                self.failed.set(true);
                error.into()
            }),
            None => Err(DbError::NoRows),
        }
    }

    /// The same with what stands for the question marks.
    fn sent<T>(
        &self,
        values: &[ToSqlOutput<'_>],
        work: impl FnOnce(&mut Client, &[&(dyn ToSql + Sync)]) -> Result<T, postgres::Error>,
    ) -> Result<T, DbError> {
        let given: Vec<Given<'_>> = values.iter().map(Given).collect();
        let given: Vec<&(dyn ToSql + Sync)> = given.iter().map(|g| g as &(dyn ToSql + Sync)).collect();
        self.with(|client| work(client, &given))
    }

    /// A statement, planned once.
    fn planned(&self, sql: &str) -> Result<Statement, DbError> {
        if let Some(known) = self.planned.borrow().get(sql) {
            return Ok(known.clone());
        }
        let made = self.with(|client| client.prepare(&numbered(sql)))?;
        self.planned.borrow_mut().insert(sql.to_owned(), made.clone());
        Ok(made)
    }

    /// What a statement finds, all at once.
    pub fn query(&self, sql: &str, values: &[ToSqlOutput<'_>]) -> Result<Found<'_>, DbError> {
        let planned = self.planned(sql)?;
        let rows = self.sent(values, |client, given| client.query(&planned, given))?;
        Ok(Found { rows: rows.into_iter(), cursor: None })
    }

    /// What a statement finds, some hundred rows at a time. Without a transaction one is held until the rows are dropped.
    pub fn cursor(&self, sql: &str, values: &[ToSqlOutput<'_>]) -> Result<Found<'_>, DbError> {
        let alone = self.is_autocommit();
        if alone {
            self.execute_batch("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")?;
        }
        let number = self.cursors.get();
        self.cursors.set(number + 1);
        let cursor = Cursor { db: self, name: format!("rows_{number}"), alone };
        let sql = format!("DECLARE {} NO SCROLL CURSOR FOR {sql}", cursor.name);
        self.sent(values, |client, given| client.execute(&numbered(&sql), given))?;
        Ok(Found { rows: Vec::new().into_iter(), cursor: Some(cursor) })
    }

    /// Changes something; how many rows.
    pub fn execute(&self, sql: &str, values: &[ToSqlOutput<'_>]) -> Result<usize, DbError> {
        let planned = self.planned(sql)?;
        let changed = self.sent(values, |client, given| client.execute(&planned, given))?;
        Ok(usize::try_from(changed).unwrap_or(usize::MAX))
    }

    /// Runs statements that return nothing, and follows whether a transaction is open.
    pub fn execute_batch(&self, sql: &str) -> Result<(), DbError> {
        if sql.starts_with("BEGIN") {
            self.open.set(true);
            self.failed.set(false);
        }
        let lost = sql == "COMMIT" && self.failed.get();
        let mut done = self.with(|client| client.batch_execute(if lost { "ROLLBACK" } else { sql }));
        if done.is_ok() && sql.starts_with("ROLLBACK") {
            self.failed.set(false);
        }
        if done.is_ok() && lost {
            done = Err(DbError::Undone);
        }
        if sql == "ROLLBACK" || sql == "COMMIT" {
            self.open.set(false);
        }
        done
    }

    pub fn is_autocommit(&self) -> bool {
        !self.open.get()
    }

    /// A number that changes where others have written; `last`: the last row of the ledger.
    pub fn written_by_others(&self, last: i64) -> Result<i64, DbError> {
        if self.known.replace(last) != last {
            self.others.set(self.others.get() + 1);
        }
        Ok(self.others.get())
    }

    /// Notes a row of the ledger as this connection's own.
    pub fn wrote(&self, seq: i64) {
        if self.known.get() == seq - 1 {
            self.known.set(seq);
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // The client has a runtime of its own, which may not be dropped on a thread that serves another.
        let client = self.client.borrow_mut().take();
        if let Some(client) = client {
            let _ = std::thread::spawn(move || drop(client)).join();
        }
    }
}

/// The rows that a statement found.
pub struct Found<'c> {
    rows: std::vec::IntoIter<Row>,
    /// Where the next ones come from.
    cursor: Option<Cursor<'c>>,
}

impl Found<'_> {
    /// The next row.
    pub fn next(&mut self) -> Result<Option<Row>, DbError> {
        if let Some(row) = self.rows.next() {
            return Ok(Some(row));
        }
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let sql = format!("FETCH FORWARD {BATCH} FROM {}", cursor.name);
        let rows = cursor.db.with(|client| client.query(&sql, &[]))?;
        if rows.len() < BATCH {
            self.cursor = None;
        }
        self.rows = rows.into_iter();
        Ok(self.rows.next())
    }
}

/// So many rows are sent at once.
const BATCH: usize = 500;

struct Cursor<'c> {
    db: &'c Postgres,
    name: String,
    /// Whether the transaction is its own.
    alone: bool,
}

impl Drop for Cursor<'_> {
    fn drop(&mut self) {
        // The end of the transaction closes it, too.
        let _ = if self.alone {
            self.db.execute_batch("ROLLBACK")
        } else {
            self.db.execute_batch(&format!("CLOSE {}", self.name))
        };
    }
}

/// `?` and `?2` as `$1` and `$2`. No statement has a question mark in a text.
fn numbered(sql: &str) -> String {
    let mut made = String::with_capacity(sql.len() + 8);
    let mut count = 0;
    let mut rest = sql.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '?' {
            made.push(c);
            continue;
        }
        made.push('$');
        if !rest.peek().is_some_and(char::is_ascii_digit) {
            count += 1;
            made.push_str(&count.to_string());
        }
    }
    made
}

/// A value for the server, which says of which type it takes it.
#[derive(Debug)]
struct Given<'v>(&'v ToSqlOutput<'v>);

impl ToSql for Given<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        let value = match self.0 {
            ToSqlOutput::Borrowed(value) => *value,
            ToSqlOutput::Owned(value) => value.into(),
            _ => return Err("a value of an unknown kind".into()),
        };
        match value {
            ValueRef::Null => Ok(IsNull::Yes),
            ValueRef::Integer(n) => match *ty {
                Type::INT8 => n.to_sql(ty, out),
                Type::INT4 => i32::try_from(n)?.to_sql(ty, out),
                Type::INT2 => i16::try_from(n)?.to_sql(ty, out),
                Type::BOOL => (n != 0).to_sql(ty, out),
                Type::FLOAT8 => (n as f64).to_sql(ty, out),
                _ => Err(format!("an integer for {ty}").into()),
            },
            ValueRef::Real(x) => x.to_sql(ty, out),
            // A server takes no zero byte. It has no meaning, and stays in the text and the Reading, which are kept as bytes.
            ValueRef::Text(words) if words.contains(&0) => {
                std::str::from_utf8(words)?.replace('\0', "\u{fffd}").to_sql(ty, out)
            }
            ValueRef::Text(words) => std::str::from_utf8(words)?.to_sql(ty, out),
            ValueRef::Blob(bytes) => bytes.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A column of a row.
pub fn value(row: &Row, column: usize) -> Result<ValueRef<'_>, DbError> {
    Ok(row.try_get::<_, Kept<'_>>(column)?.0)
}

struct Kept<'r>(ValueRef<'r>);

impl<'r> FromSql<'r> for Kept<'r> {
    fn from_sql(ty: &Type, raw: &'r [u8]) -> Result<Kept<'r>, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Kept(match *ty {
            Type::INT8 => ValueRef::Integer(i64::from_sql(ty, raw)?),
            Type::INT4 => ValueRef::Integer(i32::from_sql(ty, raw)?.into()),
            Type::BOOL => ValueRef::Integer(bool::from_sql(ty, raw)?.into()),
            Type::FLOAT8 => ValueRef::Real(f64::from_sql(ty, raw)?),
            Type::TEXT => ValueRef::Text(raw),
            Type::BYTEA => ValueRef::Blob(raw),
            _ => return Err(format!("a value of the type {ty}").into()),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Kept<'r>, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Kept(ValueRef::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered() {
        assert_eq!(numbered("a = ? AND b = ?"), "a = $1 AND b = $2");
        assert_eq!(numbered("a = ?1 AND b > ?2 AND c = ?1"), "a = $1 AND b > $2 AND c = $1");
    }
}
