//! An output that is handed on to what wants to own it.

use std::io::{self, Write};

use crate::options::Out;

/// The output. Once it has refused, nothing more is written to it, and nobody is told again: a writer of archives would try to
/// finish what cannot be finished, and complain on its own.
pub struct Handed<'o, 'w> {
    out: &'o mut Out<'w>,
    refused: bool,
}

impl<'o, 'w> Handed<'o, 'w> {
    /// Of an output.
    pub fn new(out: &'o mut Out<'w>) -> Handed<'o, 'w> {
        Handed { out, refused: false }
    }

    fn noted<T>(&mut self, done: io::Result<T>) -> io::Result<T> {
        // What is tried again is no refusal.
        self.refused |= done.as_ref().is_err_and(|e| e.kind() != io::ErrorKind::Interrupted);
        done
    }
}

impl Write for Handed<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.refused {
            return Ok(bytes.len());
        }
        let done = self.out.write(bytes);
        self.noted(done)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.refused {
            return Ok(());
        }
        let done = self.out.flush();
        self.noted(done)
    }
}
