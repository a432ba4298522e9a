//! Statements and what they find, the same over both databases.

use rusqlite::types::{FromSql, ToSqlOutput};

use super::postgres::{self, Postgres};
use super::{DbError, Params};

/// A planned statement.
pub struct Statement<'c>(Planned<'c>);

enum Planned<'c> {
    Sqlite(rusqlite::CachedStatement<'c>),
    Postgres(&'c Postgres, String),
}

impl<'c> Statement<'c> {
    pub(super) fn sqlite(planned: rusqlite::CachedStatement<'c>) -> Statement<'c> {
        Statement(Planned::Sqlite(planned))
    }

    pub(super) fn postgres(db: &'c Postgres, sql: &str) -> Statement<'c> {
        Statement(Planned::Postgres(db, sql.to_owned()))
    }

    /// What it finds, a row at a time: for what may be much, or is not looked at to its end.
    ///
    /// # Errors
    /// The database refused.
    pub fn query(&mut self, given: impl Params) -> Result<Rows<'_>, DbError> {
        self.find(given, Postgres::cursor)
    }

    fn find<'s>(
        &'s mut self,
        given: impl Params,
        ask: impl FnOnce(&'s Postgres, &str, &[ToSqlOutput<'_>]) -> Result<postgres::Found<'s>, DbError>,
    ) -> Result<Rows<'s>, DbError> {
        let values = given.values()?;
        match &mut self.0 {
            Planned::Sqlite(planned) => {
                bind(planned, &values)?;
                Ok(Rows(Found::Sqlite(planned.raw_query())))
            }
            Planned::Postgres(db, sql) => Ok(Rows(Found::Postgres(ask(db, sql, &values)?, None))),
        }
    }

    /// What it finds, each row read by `read`; a server sends all of it at once.
    ///
    /// # Errors
    /// The database refused.
    pub fn query_map<T, F>(&mut self, given: impl Params, read: F) -> Result<MappedRows<'_, F>, DbError>
    where
        F: FnMut(&Row<'_>) -> Result<T, DbError>,
    {
        Ok(MappedRows { rows: self.find(given, Postgres::query)?, read })
    }

    /// The first row that it finds.
    ///
    /// # Errors
    /// There is none ([`DbError::NoRows`]), or the database refused.
    pub fn query_row<T>(
        &mut self,
        given: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        read(&self.find(given, Postgres::query)?.next()?.ok_or(DbError::NoRows)?)
    }

    /// Whether it finds anything.
    ///
    /// # Errors
    /// The database refused.
    pub fn exists(&mut self, given: impl Params) -> Result<bool, DbError> {
        Ok(self.find(given, Postgres::query)?.next()?.is_some())
    }

    /// Changes something; how many rows.
    ///
    /// # Errors
    /// The database refused.
    pub fn execute(&mut self, given: impl Params) -> Result<usize, DbError> {
        let values = given.values()?;
        match &mut self.0 {
            Planned::Sqlite(planned) => {
                bind(planned, &values)?;
                Ok(planned.raw_execute()?)
            }
            Planned::Postgres(db, sql) => db.execute(sql, &values),
        }
    }
}

fn bind(planned: &mut rusqlite::CachedStatement<'_>, values: &[ToSqlOutput<'_>]) -> Result<(), DbError> {
    // Fewer would leave what the last use of the statement bound.
    if values.len() != planned.parameter_count() {
        return Err(rusqlite::Error::InvalidParameterCount(values.len(), planned.parameter_count()).into());
    }
    for (at, value) in values.iter().enumerate() {
        planned.raw_bind_parameter(at + 1, value)?;
    }
    Ok(())
}

/// What a statement finds.
pub struct Rows<'s>(Found<'s>);

enum Found<'s> {
    Sqlite(rusqlite::Rows<'s>),
    /// The rows to come, and the one that is looked at.
    Postgres(postgres::Found<'s>, Option<postgres::Row>),
}

impl Rows<'_> {
    /// The next row.
    ///
    /// # Errors
    /// The database refused.
    pub fn next(&mut self) -> Result<Option<Row<'_>>, DbError> {
        match &mut self.0 {
            Found::Sqlite(rows) => Ok(rows.next()?.map(|row| Row(Seen::Sqlite(row)))),
            Found::Postgres(rows, row) => {
                *row = rows.next()?;
                Ok(row.as_ref().map(|row| Row(Seen::Postgres(row))))
            }
        }
    }
}

/// What a statement finds, read.
pub struct MappedRows<'s, F> {
    rows: Rows<'s>,
    read: F,
}

impl<T, F: FnMut(&Row<'_>) -> Result<T, DbError>> Iterator for MappedRows<'_, F> {
    type Item = Result<T, DbError>;

    fn next(&mut self) -> Option<Result<T, DbError>> {
        match self.rows.next() {
            Ok(Some(row)) => Some((self.read)(&row)),
            Ok(None) => None,
            Err(error) => Some(Err(error)),
        }
    }
}

/// One row.
pub struct Row<'r>(Seen<'r>);

enum Seen<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r postgres::Row),
}

impl Row<'_> {
    /// The value of a column, counted from 0.
    ///
    /// # Errors
    /// It is of another type.
    pub fn get<T: FromSql>(&self, column: usize) -> Result<T, DbError> {
        match self.0 {
            Seen::Sqlite(row) => Ok(row.get(column)?),
            Seen::Postgres(row) => {
                let value = postgres::value(row, column)?;
                T::column_result(value).map_err(|error| DbError::Column(column, error.to_string()))
            }
        }
    }

    /// A text, or none, without a copy of it.
    ///
    /// # Errors
    /// It is no text.
    pub fn text(&self, column: usize) -> Result<Option<&str>, DbError> {
        let value = match self.0 {
            Seen::Sqlite(row) => row.get_ref(column)?,
            Seen::Postgres(row) => postgres::value(row, column)?,
        };
        value.as_str_or_null().map_err(|error| DbError::Column(column, error.to_string()))
    }

    /// How many columns it has.
    pub fn columns(&self) -> usize {
        match self.0 {
            Seen::Sqlite(row) => row.as_ref().column_count(),
            Seen::Postgres(row) => row.len(),
        }
    }
}
