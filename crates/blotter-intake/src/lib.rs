//! What desks have → Reports: one detection, one reader a kind of input, one Report out of each.
//!
//! [`pieces`] takes an input apart into [`Piece`]s, in order and in bounded memory: files, members of archives, records, lines.
//! [`Piece::reports`] reads one, so that many can be read at the same time. Pure: whoever calls it brings the bytes; no file,
//! clock or network is touched here.
//!
//! A bad file or record is told by its name with the reason, and the rest goes on. Nothing is left out unsaid, but for the records
//! of a WARC that are no documents (requests, pictures, scripts, redirects, errors) and for what systems leave in archives.

mod draft;
mod feed;
mod mail;
mod office;
mod open;
mod page;
mod piece;
mod sniff;
mod wires;
mod xml;

pub use feed::pace;
pub use office::{PdfText, pdf_text};
pub use open::{LONGEST, Pieces, ReadSeek, Source, pieces, plain};
pub use page::page;
pub use piece::{Content, Known, Outcome, Piece};
pub use sniff::{Format, sniff};
