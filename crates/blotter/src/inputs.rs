//! Files, folders and standard input → pieces of work, one a report, in order and without holding a file of many
//! reports in memory.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use blotter_intake::Format;
use walkdir::WalkDir;

/// One report has no more bytes than this; a longer line or file is no report.
const LONGEST: u64 = 64 << 20;
/// So many bytes tell the kind of input.
const HEAD: u64 = 8 << 10;

/// One report's bytes, or why there are none.
pub enum Work {
    /// A file that is one report.
    File {
        /// Its path as it was given; `None` for standard input.
        name: Option<String>,
        /// Text or page.
        format: Format,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// A line of report JSONL.
    Line {
        /// Its file.
        file: Arc<str>,
        /// Its number, from 1.
        number: usize,
        /// Its bytes, without the line end.
        bytes: Vec<u8>,
    },
    /// An input that cannot be read.
    Fault {
        /// Its path.
        name: String,
        /// A sentence.
        reason: String,
    },
}

impl Work {
    /// How much it weighs in memory.
    pub fn len(&self) -> usize {
        match self {
            Work::File { bytes, .. } | Work::Line { bytes, .. } => bytes.len(),
            Work::Fault { .. } => 0,
        }
    }

    /// What messages call it.
    pub fn label(&self) -> String {
        match self {
            Work::File { name, .. } => name.clone().unwrap_or_else(|| "standard input".to_owned()),
            Work::Line { file, number, .. } => format!("{file}:{number}"),
            Work::Fault { name, .. } => name.clone(),
        }
    }
}

/// The pieces of work of all inputs, in order.
pub struct Works {
    waiting: VecDeque<PathBuf>,
    ready: VecDeque<Work>,
    lines: Option<Lines>,
}

/// A file of report JSONL that is being read.
struct Lines {
    file: Arc<str>,
    number: usize,
    reader: Box<dyn BufRead + Send>,
}

impl Works {
    /// The work that the given paths make; `-` is standard input.
    pub fn new(inputs: Vec<PathBuf>) -> Works {
        Works { waiting: inputs.into(), ready: VecDeque::new(), lines: None }
    }

    /// Opens an input: a folder puts its files first in the queue, a file becomes work or a line reader.
    fn open(&mut self, path: &Path) -> Result<(), String> {
        if path == Path::new("-") {
            return self.begin(None, Box::new(io::stdin()));
        }
        if path.is_dir() {
            let files = files_in(path)?;
            for file in files.into_iter().rev() {
                self.waiting.push_front(file);
            }
            return Ok(());
        }
        let file = File::open(path).map_err(|e| plain(&e))?;
        self.begin(Some(path), Box::new(file))
    }

    fn begin(&mut self, path: Option<&Path>, mut from: Box<dyn Read + Send>) -> Result<(), String> {
        let name = path.map(shown);
        let mut bytes = Vec::new();
        from.by_ref().take(HEAD).read_to_end(&mut bytes).map_err(|e| plain(&e))?;
        let format = blotter_intake::sniff(name.as_deref().unwrap_or("-"), &bytes)?;
        let file: Arc<str> = name.clone().unwrap_or_else(|| "standard input".to_owned()).into();
        if format == Format::Jsonl && !file.ends_with(".json") {
            let reader = Box::new(BufReader::new(io::Cursor::new(bytes).chain(from)));
            self.lines = Some(Lines { file, number: 0, reader });
            return Ok(());
        }
        from.take(LONGEST).read_to_end(&mut bytes).map_err(|e| plain(&e))?;
        if bytes.len() as u64 > LONGEST {
            return Err(too_long());
        }
        if format != Format::Jsonl {
            self.ready.push_back(Work::File { name, format, bytes });
        } else if let Some(reports) = whole_json(&bytes) {
            let lines = reports.into_iter().enumerate();
            self.ready.extend(lines.map(|(i, bytes)| Work::Line { file: file.clone(), number: i + 1, bytes }));
        } else {
            self.lines = Some(Lines { file, number: 0, reader: Box::new(io::Cursor::new(bytes)) });
        }
        Ok(())
    }
}

impl Iterator for Works {
    type Item = Work;

    fn next(&mut self) -> Option<Work> {
        loop {
            if let Some(work) = self.ready.pop_front() {
                return Some(work);
            }
            if let Some(lines) = &mut self.lines {
                match lines.next() {
                    Some(work) => return Some(work),
                    None => self.lines = None,
                }
                continue;
            }
            let path = self.waiting.pop_front()?;
            if let Err(reason) = self.open(&path) {
                let name = if path == Path::new("-") { "standard input".to_owned() } else { shown(&path) };
                return Some(Work::Fault { name, reason });
            }
        }
    }
}

impl Iterator for Lines {
    type Item = Work;

    fn next(&mut self) -> Option<Work> {
        loop {
            let mut bytes = Vec::new();
            let read = (&mut self.reader).take(LONGEST).read_until(b'\n', &mut bytes);
            self.number += 1;
            let (file, number) = (self.file.clone(), self.number);
            match read {
                Ok(0) => return None,
                Ok(_) if bytes.len() as u64 >= LONGEST => {
                    // What is left of the line is skipped, in pieces.
                    while matches!(skip_line(&mut self.reader), Ok(false)) {}
                    return Some(Work::Fault { name: format!("{file}:{number}"), reason: too_long() });
                }
                Ok(_) if bytes.trim_ascii().is_empty() => {}
                Ok(_) => return Some(Work::Line { file, number, bytes: bytes.trim_ascii().to_vec() }),
                Err(error) => {
                    self.reader = Box::new(io::empty());
                    return Some(Work::Fault { name: format!("{file}:{number}"), reason: plain(&error) });
                }
            }
        }
    }
}

/// Skips to the end of the line as far as the buffer reaches; whether the end was reached.
fn skip_line(reader: &mut dyn BufRead) -> io::Result<bool> {
    let buffer = reader.fill_buf()?;
    let (used, done) = match buffer.iter().position(|b| *b == b'\n') {
        Some(at) => (at + 1, true),
        None => (buffer.len(), buffer.is_empty()),
    };
    reader.consume(used);
    Ok(done)
}

/// A `.json` file that is one report, or a list of reports, over many lines.
fn whole_json(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    match serde_json::from_slice(bytes).ok()? {
        serde_json::Value::Array(reports) => reports.iter().map(|r| serde_json::to_vec(r).ok()).collect(),
        report => Some(vec![serde_json::to_vec(&report).ok()?]),
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

fn too_long() -> String {
    format!("is longer than {} MiB; no report is", LONGEST >> 20)
}

/// The error without its number.
fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "may not be read (permission denied)".to_owned(),
        _ => error.to_string(),
    }
}
