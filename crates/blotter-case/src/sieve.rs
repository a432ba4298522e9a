//! A filter for records of any moment: the conditions that lists put to their rows, put to rows made for the purpose.

use crate::db::Value as Sql;
use crate::db::{Connection, Optional};

use crate::filter::{Condition, Filter};
use crate::record::Record;
use crate::{Error, current, schema};

/// A filter over records. A database in memory holds the rows of one record at a time, so that a condition means the same
/// here as in a list, searches for words included.
pub struct Sieve {
    db: Connection,
    filter: Filter,
    sql: String,
    given: Vec<Sql>,
}

impl Sieve {
    /// Of a filter; its limit is left aside.
    ///
    /// # Errors
    /// The database refused.
    pub fn new(filter: &Filter) -> Result<Sieve, Error> {
        let db = Connection::in_memory()?;
        schema::migrate(&db, true, |_| Ok(()))?;
        let Condition { sql, given, .. } = filter.condition(&db)?;
        let sql = format!("SELECT c.lat, c.lon FROM current c WHERE 1 = 1{sql}");
        Ok(Sieve { db, filter: filter.clone(), sql, given })
    }

    /// Whether the filter leaves a record.
    ///
    /// # Errors
    /// The filter asks for what cannot be.
    pub fn leaves(&self, record: &Record) -> Result<bool, Error> {
        current::put(&self.db, 1, Some(record))?;
        let mut statement = self.db.prepare(&self.sql)?;
        let point = |r: &crate::db::Row<'_>| Ok((r.get::<Option<f64>>(0)?, r.get::<Option<f64>>(1)?));
        let found = statement.query_row(&self.given, point).optional()?;
        Ok(found.is_some_and(|(lat, lon)| self.filter.is_near(lat.zip(lon))))
    }
}
