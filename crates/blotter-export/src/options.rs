//! What a user may say beside which incidents and which format.

use std::io::Write;

use blotter_core::codebook::Codebook;

/// How a format is written. Each format heeds what concerns it.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Of tidy tables: the name of the one that is written; without it each format's own choice.
    pub table: Option<String>,
    /// Of CSV and Parquet: all four tables as a zip.
    pub zip: bool,
    /// Of CSV: begin with the mark by which Excel knows UTF-8.
    pub mark: bool,
    /// Of coded formats: the mapping, in place of the built-in one.
    pub codebook: Option<Codebook>,
    /// Of feeds and briefs: what is new since this moment (UTC, `2024-03-12T21:40:00Z`); without it, everything is.
    pub new_since: Option<String>,
    /// The desk that hands the export out, where a format names its maker.
    pub producer: Option<String>,
    /// When the export is made (UTC), for formats that say so; the moment of the records where it is not given.
    pub made: Option<String>,
    /// Of bundles: the texts of the reports, too.
    pub with_texts: bool,
}

/// Where an export goes.
pub type Out<'o> = dyn Write + Send + 'o;
