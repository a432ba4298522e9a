//! The formats: the one list that the command line, the desk and the documentation follow.

use crate::error::Error;
use crate::options::{Options, Out};
use crate::selection::Selection;
use crate::tables::{self, files::Encoding};

/// A format of exports.
pub struct Format {
    /// By which it is asked for ("geojson").
    pub name: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    /// How the names of its files end, without the dot.
    pub extension: &'static str,
    /// One line of help.
    pub help: &'static str,
    /// How it is written.
    pub writer: Writer,
}

/// How a format is written.
#[derive(Clone, Copy)]
pub enum Writer {
    /// From the first byte to the last.
    Stream(fn(&Selection<'_>, &Options, &mut Out<'_>) -> Result<(), Error>),
    /// One file a table: one of them, or all in a zip or a folder.
    Tables(Encoding),
}

/// Every format, in the order in which they are listed.
pub const FORMATS: &[Format] = &[
    Format {
        name: "csv",
        media_type: "text/csv",
        extension: "csv",
        help: "Tidy tables: incidents, facts, sources, reports. A file holds one table, the incidents unless --table names \
               another; a .zip or a folder (FOLDER/) holds all four",
        writer: Writer::Tables(Encoding::Csv),
    },
    Format {
        name: "jsonl",
        media_type: "application/x-ndjson",
        extension: "jsonl",
        help: "The same tables, one JSON object a row; a file holds the rows of all four, each with its \"table\", or those of \
               --table alone",
        writer: Writer::Tables(Encoding::Jsonl),
    },
];

/// The format of a name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|f| f.name == name)
}

impl Format {
    /// Writes an export.
    ///
    /// # Errors
    /// The case file or the output refused; what was written by then is no export.
    pub fn write(&self, selection: &Selection<'_>, options: &Options, out: &mut Out<'_>) -> Result<(), Error> {
        match self.writer {
            Writer::Stream(write) => write(selection, options, out)?,
            Writer::Tables(encoding) => tables::files::write(selection, options, encoding, self.extension, out)?,
        }
        Ok(out.flush()?)
    }

    /// The media type of what [`Format::write`] writes with these options, and how the names of its files end.
    pub fn written(&self, options: &Options) -> (&'static str, &'static str) {
        match self.writer {
            Writer::Tables(_) if options.zip => ("application/zip", "zip"),
            _ => (self.media_type, self.extension),
        }
    }
}
