//! Tidy tables: incidents, facts, sources, reports. Each column is listed once, with its type, its unit, what it means and how
//! it is filled; files of every kind and the documentation follow from the lists.

mod csv;
mod facts;
pub mod files;
mod incidents;
mod jsonl;
mod parquet;
mod reports;
mod sources;
pub(crate) mod sqlite;

use std::sync::Arc;

use blotter_case::record::{Entry, Said};
use blotter_case::{Field, ReportHead};
use serde_json::Value as Json;

use crate::error::Error;
use crate::item::Item;

/// What the cells of a column are. Every cell may be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text in UTF-8.
    Text,
    /// A whole number.
    Integer,
    /// A number in double precision.
    Real,
    /// Yes or no.
    Truth,
}

impl Kind {
    /// Its name in the documentation.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Integer => "integer",
            Kind::Real => "real",
            Kind::Truth => "truth",
        }
    }
}

/// A column.
#[derive(Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What its cells are.
    pub kind: Kind,
    /// Their unit, or the list of codes or the notation that they follow; empty where there is none.
    pub unit: &'static str,
    /// What they mean.
    pub meaning: &'static str,
    pub(crate) value: fn(&Row<'_>) -> Json,
}

/// A table.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What a row is.
    pub meaning: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
    /// The columns by which its rows are looked up.
    pub keys: &'static [&'static str],
    rows: fn(&Item<'_>, &mut Visit<'_>) -> Result<(), Error>,
}

/// Takes the rows of a table.
type Visit<'v> = dyn FnMut(&Row<'_>) -> Result<(), Error> + 'v;

/// The tables, in the order in which they are written.
pub static TABLES: [&Table; 4] = [&incidents::TABLE, &facts::TABLE, &sources::TABLE, &reports::TABLE];

/// The table of a name.
pub fn table(name: &str) -> Option<&'static Table> {
    TABLES.into_iter().find(|t| t.name == name)
}

/// What the cells of a row are made from. Each table fills what its columns look at.
pub(crate) struct Row<'r> {
    pub item: &'r Item<'r>,
    /// The field, the place of the value in its list, and the value.
    pub entry: Option<(Field, usize, &'r Entry)>,
    /// The number of a statement among those of its value, from 1, and the statement.
    pub said: Option<(usize, &'r Said)>,
    /// One of the statement's sources, as the Reading has it.
    pub source: Option<&'r Json>,
    pub report: Option<Arc<ReportHead>>,
}

impl<'r> Row<'r> {
    fn of(item: &'r Item<'r>) -> Row<'r> {
        Row { item, entry: None, said: None, source: None, report: None }
    }
}

impl Table {
    /// The rows of one incident, each a list of cells in the order of the columns.
    pub(crate) fn cells(
        &self,
        item: &Item<'_>,
        visit: &mut dyn FnMut(Vec<Json>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        (self.rows)(item, &mut |row| visit(self.columns.iter().map(|c| (c.value)(row)).collect()))
    }
}

const fn column(
    name: &'static str,
    kind: Kind,
    unit: &'static str,
    meaning: &'static str,
    value: fn(&Row<'_>) -> Json,
) -> Column {
    Column { name, kind, unit, meaning, value }
}

/// Four decimals: more is noise.
fn rounded(value: f64) -> Json {
    Json::from((value * 1e4).round() / 1e4)
}

/// Names in one cell; nothing where there is none.
fn joined<'n>(names: impl Iterator<Item = &'n str>) -> Json {
    let mut found: Vec<&str> = Vec::new();
    for name in names {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    if found.is_empty() { Json::Null } else { Json::from(found.join("; ")) }
}
