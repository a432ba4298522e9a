//! Pieces of an output that are made in one order and written in another: they wait in a temporary file, their keys in memory.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use crate::error::Error;
use crate::options::Out;

/// Pieces that wait.
pub struct Spool<K> {
    file: BufWriter<File>,
    length: u64,
    pieces: Vec<(K, u64, u64)>,
}

impl<K: Ord> Spool<K> {
    /// An empty one.
    ///
    /// # Errors
    /// No temporary file can be made.
    pub fn new() -> Result<Spool<K>, Error> {
        Ok(Spool { file: BufWriter::new(tempfile::tempfile()?), length: 0, pieces: Vec::new() })
    }

    /// Puts a piece in.
    ///
    /// # Errors
    /// The disk refused.
    pub fn put(&mut self, key: K, piece: &[u8]) -> Result<(), Error> {
        self.file.write_all(piece)?;
        self.pieces.push((key, self.length, piece.len() as u64));
        self.length += piece.len() as u64;
        Ok(())
    }

    /// Writes all pieces, that of the greatest key first, with `between` in between.
    ///
    /// # Errors
    /// The disk or the output refused.
    pub fn write(mut self, between: &[u8], out: &mut Out<'_>) -> Result<(), Error> {
        self.file.flush()?;
        self.pieces.sort_by(|a, b| b.0.cmp(&a.0));
        let mut file = BufReader::new(self.file.into_inner().map_err(io::IntoInnerError::into_error)?);
        for (i, (_, at, length)) in self.pieces.iter().enumerate() {
            if i > 0 {
                out.write_all(between)?;
            }
            file.seek(SeekFrom::Start(*at))?;
            io::copy(&mut file.by_ref().take(*length), out)?;
        }
        Ok(())
    }
}
