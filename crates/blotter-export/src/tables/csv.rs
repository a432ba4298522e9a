//! CSV: RFC 4180, UTF-8, a row of names first.

use std::io::Write;

use serde_json::Value as Json;

use super::Table;
use super::files::RowWriter;
use crate::cell::{MARK, cell};
use crate::error::Error;

/// Writes a table as CSV.
pub struct Csv<W: Write>(csv::Writer<W>);

impl<W: Write> Csv<W> {
    /// Begins a table, with the row of names.
    pub fn new(table: &Table, mark: bool, mut out: W) -> Result<Csv<W>, Error> {
        if mark {
            out.write_all(MARK)?;
        }
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(table.columns.iter().map(|c| c.name))?;
        Ok(Csv(writer))
    }
}

impl<W: Write> RowWriter for Csv<W> {
    fn row(&mut self, cells: Vec<Json>) -> Result<(), Error> {
        Ok(self.0.write_record(cells.iter().map(cell))?)
    }

    fn finish(mut self: Box<Self>) -> Result<(), Error> {
        Ok(self.0.flush()?)
    }
}
