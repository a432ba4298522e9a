//! The data files that the core is handed as bytes, and what can be wrong with them.

use std::fmt;

/// A fault in a data file (rules, word list, gazetteer, weights): which file, which line, why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataError {
    /// Name of the file.
    pub file: String,
    /// Line, from 1; 0 where it is not a text file.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

impl DataError {
    /// A fault in `file` at `line` (from 1; 0 for a binary file).
    pub fn new(file: impl Into<String>, line: usize, reason: impl Into<String>) -> DataError {
        DataError { file: file.into(), line, reason: reason.into() }
    }
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.reason),
            line => write!(f, "{}:{}: {}", self.file, line, self.reason),
        }
    }
}

impl std::error::Error for DataError {}

/// The binary data the core needs, handed over by the program that holds it.
#[derive(Clone, Copy)]
pub struct Data<'a> {
    /// The weight file of the reading model; empty: read with rules alone.
    pub weights: &'a [u8],
    /// The gazetteer; empty: no place is resolved.
    pub gazetteer: &'a [u8],
}
