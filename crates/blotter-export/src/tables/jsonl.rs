//! JSON, one object a row.

use std::io::{self, Write};

use serde_json::{Value as Json, json};

use super::Table;
use super::files::RowWriter;
use crate::error::Error;

/// A row as an object, its members in the order of the columns; `named`: after the name of its table.
pub fn line(table: &Table, cells: &[Json], named: bool, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
    out.write_all(b"{")?;
    if named {
        write!(out, "\"table\":{},", json!(table.name))?;
    }
    for (at, (column, cell)) in table.columns.iter().zip(cells).enumerate() {
        write!(out, "{}\"{}\":{cell}", if at > 0 { "," } else { "" }, column.name)?;
    }
    out.write_all(b"}\n")
}

/// Writes a table as lines of JSON.
pub struct Jsonl<W: Write> {
    pub table: &'static Table,
    pub out: W,
}

impl<W: Write> RowWriter for Jsonl<W> {
    fn row(&mut self, cells: Vec<Json>) -> Result<(), Error> {
        Ok(line(self.table, &cells, false, &mut self.out)?)
    }

    fn finish(mut self: Box<Self>) -> Result<(), Error> {
        Ok(self.out.flush()?)
    }
}
