//! Files, folders and standard input → pieces of work, in order and without holding a file of many reports in memory.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use blotter_intake::{Piece, Pieces, Source, pieces, plain};
use walkdir::WalkDir;

/// The pieces of work of all inputs, in order.
pub struct Works {
    waiting: VecDeque<PathBuf>,
    open: Option<Pieces>,
}

impl Works {
    /// The work that the given paths make; `-` is standard input.
    pub fn new(inputs: Vec<PathBuf>) -> Works {
        Works { waiting: inputs.into(), open: None }
    }

    /// Opens an input: a folder puts its files first in the queue, a file is taken apart.
    fn open(&mut self, path: &Path) -> Result<(), String> {
        if path == Path::new("-") {
            self.open = Some(pieces(None, Source::Stream(Box::new(io::stdin()))));
            return Ok(());
        }
        if path.is_dir() {
            let files = files_in(path)?;
            for file in files.into_iter().rev() {
                self.waiting.push_front(file);
            }
            return Ok(());
        }
        let file = File::open(path).map_err(|e| plain(&e))?;
        // A pipe in the place of a file cannot be read twice.
        let regular = file.metadata().map_err(|e| plain(&e))?.is_file();
        let source = if regular { Source::File(Box::new(file)) } else { Source::Stream(Box::new(file)) };
        self.open = Some(pieces(Some(&shown(path)), source));
        Ok(())
    }
}

impl Iterator for Works {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        loop {
            match self.open.as_mut().map(Iterator::next) {
                Some(Some(piece)) => return Some(piece),
                Some(None) => self.open = None,
                None => {}
            }
            let path = self.waiting.pop_front()?;
            if let Err(reason) = self.open(&path) {
                let name = if path == Path::new("-") { "standard input".to_owned() } else { shown(&path) };
                return Some(Piece::fault(name, reason));
            }
        }
    }
}

/// The files of a folder and its folders, sorted by path; hidden ones are left out, links are not followed.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let hidden =
        |entry: &walkdir::DirEntry| entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".");
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(|e| !hidden(e)) {
        match entry {
            Ok(entry) if entry.file_type().is_file() => files.push(entry.into_path()),
            Ok(_) => {}
            // A folder that cannot be listed is queued as it is: opening it says why.
            Err(error) => files.extend(error.path().filter(|p| *p != folder).map(Path::to_owned)),
        }
    }
    if files.is_empty() { Err("holds no file that could be read".to_owned()) } else { Ok(files) }
}

/// A path for people and report ids: `/` between its parts on every system.
fn shown(path: &Path) -> String {
    path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}
