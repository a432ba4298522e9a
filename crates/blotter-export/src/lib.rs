//! The case file's records → the formats of the tools that people use.
//!
//! A [`Selection`] is what is exported: the incidents that a filter leaves in one state of a case file, handed out one at a
//! time ([`Item`]), so that memory does not grow with their number. [`FORMATS`] is the list of formats, each with the function
//! that writes it. This crate touches no file but temporary ones, no clock and no network: the moment comes with the selection.

mod brief;
pub mod bundle;
mod cell;
mod coded;
mod error;
mod feed;
mod format;
mod ftm;
mod geo;
mod handed;
mod item;
pub mod misp;
mod options;
mod policy;
mod redact;
mod scope;
mod selection;
mod spool;
mod stable;
mod stix;
pub mod tables;
mod xml;

pub use error::Error;
pub use format::{FORMATS, Format, Writer, format};
pub use item::Item;
pub use options::{Options, Out};
pub use policy::{Policy, Redaction};
pub use selection::Selection;
