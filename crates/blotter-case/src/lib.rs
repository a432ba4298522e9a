//! The case file: many reports, one record, every change kept.
//!
//! A case file is one SQLite file, or a database of a PostgreSQL server ([`Place`]). Readings come in as the contract's JSON
//! ([`contract`]), are kept as they are, and are joined to incidents ([`join`]); records, histories and doubts are derived
//! from them for any moment ([`derive`]). This crate touches nothing but the database that it is handed, and no clock: times
//! come in as arguments.

pub mod add;
mod check;
mod chronicle;
pub mod contract;
mod current;
mod db;
pub mod decide;
pub mod derive;
mod doubts;
mod error;
mod file;
mod filing;
mod filter;
mod gist;
mod group;
mod head;
mod history;
mod identity;
mod ids;
pub mod join;
mod ledger;
mod list;
mod log;
mod marking;
mod memory;
mod moment;
mod pack;
mod queue;
pub mod record;
mod reread;
mod schema;
mod sieve;
mod snapshot;
mod state;
mod tale;
pub mod times;
mod tlp;
mod trace;
mod transfer;
mod wording;
mod words;
mod writing;

pub use add::{Added, Outcome};
pub use blotter_core::facts::Field;
pub use check::Fault;
pub use chronicle::{Link, Span, link_hash};
pub use db::{Access, Place};
pub use doubts::{Doubt, Join};
pub use error::Error;
pub use file::{CaseFile, Thresholds};
pub use filter::Filter;
pub use head::ReportHead;
pub use history::{Change, Step};
pub use ledger::{Stamp, sha256};
pub use list::{Cluster, Row};
pub use log::Event;
pub use queue::{Counts, Cursor, Order, Page, Point};
pub use snapshot::Snapshot;
pub use state::ReportVersion;
pub use tlp::Tlp;
