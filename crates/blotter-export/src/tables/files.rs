//! Tables as files: one alone, all in a zip, all in a folder; each encoding writes one table, and one walk through the
//! incidents fills all.

use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};

use serde_json::Value as Json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::csv::Csv;
use super::jsonl::{self, Jsonl};
use super::parquet::Parquet;
use super::{TABLES, Table, table};
use crate::error::Error;
use crate::handed::Handed;
use crate::options::{Options, Out};
use crate::selection::Selection;

/// How a file holds a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Comma-separated values.
    Csv,
    /// One JSON object a line.
    Jsonl,
    /// Apache Parquet.
    Parquet,
}

/// Takes the rows of one table.
pub(super) trait RowWriter {
    /// A row: its cells in the order of the columns.
    fn row(&mut self, cells: Vec<Json>) -> Result<(), Error>;
    /// After the last row.
    fn finish(self: Box<Self>) -> Result<(), Error>;
}

fn writer<'o, W: Write + Send + 'o>(
    encoding: Encoding,
    table: &'static Table,
    options: &Options,
    out: W,
) -> Result<Box<dyn RowWriter + 'o>, Error> {
    Ok(match encoding {
        Encoding::Csv => Box::new(Csv::new(table, options.mark, out)?),
        Encoding::Jsonl => Box::new(Jsonl { table, out }),
        Encoding::Parquet => Box::new(Parquet::new(table, out)?),
    })
}

/// Writes one table, or all as a zip.
pub(crate) fn write(
    selection: &Selection<'_>,
    options: &Options,
    encoding: Encoding,
    extension: &str,
    out: &mut Out<'_>,
) -> Result<(), Error> {
    if options.zip {
        return zipped(selection, options, encoding, extension, out);
    }
    let asked =
        options.table.as_deref().map(|name| table(name).ok_or_else(|| Error::Refused(format!("no table {name}"))));
    match (asked.transpose()?, encoding) {
        (None, Encoding::Jsonl) => selection.each(&mut |item| {
            for table in TABLES {
                table.cells(item, &mut |cells| Ok(jsonl::line(table, &cells, true, out)?))?;
            }
            Ok(())
        }),
        (asked, _) => {
            let table = asked.unwrap_or(TABLES[0]);
            let mut rows = writer(encoding, table, options, Handed::new(out))?;
            selection.each(&mut |item| table.cells(item, &mut |cells| rows.row(cells)))?;
            rows.finish()
        }
    }
}

/// Writes every table into a file of its own; `open` makes the file of a table's name.
///
/// # Errors
/// The case file or a file refused.
pub fn write_each<W: Write + Send>(
    selection: &Selection<'_>,
    options: &Options,
    encoding: Encoding,
    open: &mut dyn FnMut(&str) -> io::Result<W>,
) -> Result<(), Error> {
    let mut open_one = |table: &'static Table| writer(encoding, table, options, open(table.name)?);
    let mut writers = TABLES.into_iter().map(&mut open_one).collect::<Result<Vec<_>, _>>()?;
    selection.each(&mut |item| {
        for (table, rows) in TABLES.into_iter().zip(&mut writers) {
            table.cells(item, &mut |cells| rows.row(cells))?;
        }
        Ok(())
    })?;
    writers.into_iter().try_for_each(|rows| rows.finish())
}

/// All tables as one zip. They are filled side by side, in temporary files, and packed one after another.
fn zipped(
    selection: &Selection<'_>,
    options: &Options,
    encoding: Encoding,
    extension: &str,
    out: &mut Out<'_>,
) -> Result<(), Error> {
    let mut files: Vec<File> = Vec::new();
    write_each(selection, options, encoding, &mut |_| {
        let file = tempfile::tempfile()?;
        files.push(file.try_clone()?);
        Ok(BufWriter::new(file))
    })?;
    let mut zip = ZipWriter::new_stream(Handed::new(out));
    // The time of a member is left at the format's first: the same records give the same bytes.
    let method = SimpleFileOptions::default().large_file(true);
    for (table, mut file) in TABLES.into_iter().zip(files) {
        file.rewind()?;
        zip.start_file(format!("{}.{extension}", table.name), method)?;
        io::copy(&mut file, &mut zip)?;
    }
    zip.finish()?.into_inner().flush()?;
    Ok(())
}
