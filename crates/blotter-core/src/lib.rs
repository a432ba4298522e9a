//! The pure middle of Blotter: a report's text in, a Reading out. No files, no clock, no network.
//!
//! A report flows one way: ingest → encode → layers → facts → incidents → reading → wire.

pub mod codebook;
pub mod data;
pub mod encode;
pub mod facts;
pub mod gate;
pub mod incidents;
pub mod ingest;
pub mod layers;
pub mod reading;
pub mod text;
pub mod wire;
mod words;

pub use reading::{Reader, Reading, Unread};
pub use text::{Report, Span};
