//! What desks have → Reports: detection, and one reader a kind of input. Pure: bytes in, no file, clock or network.

mod page;
mod sniff;

pub use page::page;
pub use sniff::{Format, sniff};
