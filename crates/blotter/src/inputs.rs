//! Files, folders and standard input → pieces of work, in order and without holding a file of many reports in memory.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use blotter_intake::{Piece, Pieces, Source, pieces, plain};
use walkdir::WalkDir;

/// The pieces of work of all inputs, in order.
pub struct Works {
    waiting: VecDeque<Waiting>,
    open: Option<Pieces>,
    /// Bytes of the files that are behind, how far the open one is, and its size.
    behind: u64,
    place: Arc<AtomicU64>,
    size: u64,
    /// Whether the open file came out of a folder.
    unpicked: bool,
}

struct Waiting {
    path: PathBuf,
    /// Whether it came out of a folder, and was not named by the user.
    unpicked: bool,
}

impl Works {
    /// The work that the given paths make; `-` is standard input.
    pub fn new(inputs: Vec<PathBuf>) -> Works {
        let waiting = inputs.into_iter().map(|path| Waiting { path, unpicked: false }).collect();
        Works { waiting, open: None, behind: 0, place: Arc::default(), size: 0, unpicked: false }
    }

    /// The work of a piece that came by itself.
    pub fn of(piece: Piece) -> Works {
        Works { open: Some(Box::new(std::iter::once(piece))), ..Works::new(Vec::new()) }
    }

    /// The bytes of all inputs, where each is a file or a folder.
    pub fn total(&self) -> Option<u64> {
        let size = |path: &Path| std::fs::metadata(path).ok().filter(|m| m.is_file()).map(|m| m.len());
        self.waiting.iter().try_fold(0u64, |sum, waiting| {
            let path = waiting.path.as_path();
            let own = match path.is_dir() {
                true => files_in(path).unwrap_or_default().iter().filter_map(|file| size(file)).sum(),
                false => size(path)?,
            };
            Some(sum + own)
        })
    }

    /// The bytes that were read.
    pub fn done(&self) -> u64 {
        self.behind + self.place.load(Ordering::Relaxed).min(self.size)
    }

    /// Opens an input: a folder puts its files first in the queue, a file is taken apart.
    fn open(&mut self, waiting: &Waiting) -> Result<(), String> {
        let path = waiting.path.as_path();
        self.unpicked = waiting.unpicked;
        if path == Path::new("-") {
            self.open = Some(pieces(None, Source::Stream(Box::new(io::stdin()))));
            return Ok(());
        }
        if path.is_dir() {
            for path in files_in(path)?.into_iter().rev() {
                self.waiting.push_front(Waiting { path, unpicked: true });
            }
            return Ok(());
        }
        let file = File::open(path).map_err(|e| plain(&e))?;
        let about = file.metadata().map_err(|e| plain(&e))?;
        // A pipe in the place of a file cannot be read twice.
        let source = if about.is_file() {
            self.size = about.len();
            Source::File(Box::new(Watched { file, place: self.place.clone() }))
        } else {
            Source::Stream(Box::new(file))
        };
        self.open = Some(pieces(Some(&shown(path)), source));
        Ok(())
    }

    fn close(&mut self) {
        self.open = None;
        self.behind += self.size;
        self.size = 0;
        self.place.store(0, Ordering::Relaxed);
    }
}

impl Iterator for Works {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        loop {
            match self.open.as_mut().map(Iterator::next) {
                Some(Some(piece)) => return Some(Piece { unpicked: piece.unpicked || self.unpicked, ..piece }),
                Some(None) => self.close(),
                None => {}
            }
            let waiting = self.waiting.pop_front()?;
            if let Err(reason) = self.open(&waiting) {
                let stdin = waiting.path == Path::new("-");
                let name = if stdin { "standard input".to_owned() } else { shown(&waiting.path) };
                return Some(Piece::fault(name, reason));
            }
        }
    }
}

/// A file that tells how far it is read.
struct Watched {
    file: File,
    place: Arc<AtomicU64>,
}

impl Read for Watched {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(into)?;
        self.place.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

impl Seek for Watched {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = self.file.seek(to)?;
        self.place.store(place, Ordering::Relaxed);
        Ok(place)
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
