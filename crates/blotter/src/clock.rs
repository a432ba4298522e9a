//! The time now, and times as users write them, in the case file's form.

pub use blotter_case::times::{end_of, moment, written};
use jiff::Timestamp;

/// The time now.
pub fn now() -> String {
    written(Timestamp::now())
}
