//! The output file of a run that may be stopped: what it holds already is not read again.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::Path;

use serde::Deserialize;

/// A file of Readings, one a line, that is written on.
pub struct Output {
    file: File,
    /// Name and text hash of the reports in it, each with how many Readings of it there are.
    held: HashMap<(String, String), usize>,
}

#[derive(Deserialize)]
struct Line {
    report: Head,
}

#[derive(Deserialize)]
struct Head {
    id: String,
    sha256: String,
}

impl Output {
    /// Opens a file, or makes it. A line that was cut off when the run before was stopped is taken out.
    ///
    /// # Errors
    /// A sentence: it cannot be opened, or holds something else than Readings; then nothing in it is changed.
    pub fn open(path: &Path) -> Result<Output, String> {
        let say = |error: io::Error| format!("{}: {error}", path.display());
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(say)?;
        let mut held = HashMap::new();
        let mut end = 0;
        let mut reader = BufReader::new(&file);
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            reader.read_until(b'\n', &mut line).map_err(say)?;
            if !line.ends_with(b"\n") {
                // The first line of a file that is something else may have no end, too.
                if number == 1 && !line.is_empty() && !line.starts_with(b"{\"") {
                    return Err(not_readings(path, number));
                }
                break;
            }
            let head = serde_json::from_slice::<Line>(&line).map_err(|_| not_readings(path, number))?.report;
            *held.entry((head.id, head.sha256)).or_insert(0) += 1;
            end += line.len() as u64;
        }
        file.set_len(end).map_err(say)?;
        file.seek(SeekFrom::Start(end)).map_err(say)?;
        Ok(Output { file, held })
    }

    /// Whether the file holds a Reading of this report: its id and the SHA-256 of its text in hex. Each is found once, so that
    /// a report that stands twice in the input stands twice in the output.
    pub fn holds(&mut self, id: &str, sha256: &str) -> bool {
        let held = self.held.get_mut(&(id.to_owned(), sha256.to_owned()));
        held.filter(|count| **count > 0).map(|count| *count -= 1).is_some()
    }
}

fn not_readings(path: &Path, line: usize) -> String {
    format!("{}: line {line} is no Reading; --resume goes on only where `read --json` wrote", path.display())
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
