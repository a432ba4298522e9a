//! JSON, one object a row.

use std::io::Write;

use serde_json::{Map, Value as Json};

use super::Table;
use super::files::RowWriter;
use crate::error::Error;

/// A row as an object.
pub fn object(table: &Table, cells: Vec<Json>) -> Map<String, Json> {
    table.columns.iter().map(|c| c.name.to_owned()).zip(cells).collect()
}

/// Writes a table as lines of JSON.
pub struct Jsonl<W: Write> {
    pub table: &'static Table,
    pub out: W,
}

impl<W: Write> RowWriter for Jsonl<W> {
    fn row(&mut self, cells: Vec<Json>) -> Result<(), Error> {
        Ok(writeln!(self.out, "{}", Json::Object(object(self.table, cells)))?)
    }

    fn finish(mut self: Box<Self>) -> Result<(), Error> {
        Ok(self.out.flush()?)
    }
}
