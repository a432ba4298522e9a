//! Files of many reports: report JSONL, tables, mbox.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{LONGEST, Pieces, Place, plain, too_long};
use crate::piece::{Content, Piece};
use crate::sniff::Format;

type Reader = BufReader<Box<dyn Read + Send>>;

/// Lines that each are a report.
pub struct Lines {
    place: Place,
    number: usize,
    reader: Option<Reader>,
}

impl Lines {
    /// Reads a stream.
    pub fn new(place: Place, reader: Reader) -> Lines {
        Lines { place, number: 0, reader: Some(reader) }
    }
}

impl Iterator for Lines {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        loop {
            let reader = self.reader.as_mut()?;
            let mut bytes = Vec::new();
            let read = reader.take(LONGEST).read_until(b'\n', &mut bytes);
            self.number += 1;
            let label = format!("{}:{}", self.place.label, self.number);
            match read {
                Ok(0) => return None,
                Ok(_) if bytes.len() as u64 >= LONGEST => {
                    // What is left of the line is skipped, in pieces.
                    while matches!(skip_line(reader), Ok(false)) {}
                    return Some(Piece::fault(label, too_long()));
                }
                Ok(_) if bytes.trim_ascii().is_empty() => {}
                Ok(_) => {
                    let content = Content::Bytes {
                        format: Format::Jsonl,
                        bytes: bytes.trim_ascii().to_vec(),
                        known: crate::Known::default(),
                    };
                    return Some(Piece::new(label, content));
                }
                Err(error) => {
                    self.reader = None;
                    return Some(Piece::fault(label, plain(&error)));
                }
            }
        }
    }
}

/// Skips to the end of the line as far as the buffer reaches; whether the end was reached.
pub fn skip_line(reader: &mut dyn BufRead) -> io::Result<bool> {
    let buffer = reader.fill_buf()?;
    let (used, done) = match buffer.iter().position(|b| *b == b'\n') {
        Some(at) => (at + 1, true),
        None => (buffer.len(), buffer.is_empty()),
    };
    reader.consume(used);
    Ok(done)
}

/// Column names, the first of which is the contract's.
const COLUMNS: [&[&str]; 7] = [
    &["text", "body", "content", "article", "full_text"],
    &["id", "guid", "uri"],
    &["title", "headline"],
    &["published", "date", "published_at", "publication_date", "pubdate"],
    &["updated", "modified"],
    &["publisher", "source", "outlet"],
    &["url", "link"],
];

/// A table with named columns: each row becomes a line of report JSONL.
pub fn table(place: Place, stream: Box<dyn Read + Send>) -> Pieces {
    let used = Arc::new(AtomicU64::new(0));
    let mut stream = BufReader::new(Bounded { inner: stream, used: used.clone() });
    // The mark between columns is the one that the first line has most.
    let first = match stream.fill_buf() {
        Ok(buffer) => buffer.split(|b| *b == b'\n').next().unwrap_or_default().to_vec(),
        Err(error) => return place.fault(plain(&error)),
    };
    let mark =
        [b',', b';', b'\t', b'|'].into_iter().max_by_key(|m| first.iter().filter(|b| *b == m).count()).unwrap_or(b',');
    let mut rows = csv::ReaderBuilder::new().delimiter(mark).flexible(true).from_reader(stream);
    let names: Vec<String> = match rows.byte_headers() {
        Ok(header) => header
            .iter()
            .map(|h| String::from_utf8_lossy(h).trim_start_matches('\u{FEFF}').trim().to_lowercase())
            .collect(),
        Err(error) => return place.fault(format!("is no table that can be read: {error}")),
    };
    let columns = COLUMNS.map(|known| known.iter().find_map(|k| names.iter().position(|n| n == k)));
    if columns[0].is_none() {
        return place.fault(format!("is a table without a column named text (it has {})", names.join(", ")));
    }
    let mut done = false;
    let pieces = rows.into_byte_records().map_while(move |row| {
        if done {
            return None;
        }
        used.store(0, Ordering::Relaxed);
        Some(match row {
            Ok(row) => {
                let line = row.position().map_or(0, csv::Position::line);
                let cell = |i: usize| columns[i].and_then(|c| row.get(c)).map(|b| String::from_utf8_lossy(b).into_owned()).filter(|v| !v.trim().is_empty());
                let object = serde_json::json!({
                    "text": cell(0).unwrap_or_default(), "id": cell(1), "title": cell(2), "published": cell(3), "updated": cell(4),
                    "publisher": cell(5), "url": cell(6),
                });
                let content = Content::Bytes { format: Format::Jsonl, bytes: object.to_string().into_bytes(), known: crate::Known::default() };
                Piece::new(format!("{}:{line}", place.label), content)
            }
            Err(error) => {
                done = true;
                Piece::fault(place.label.clone(), format!("the table cannot be read further: {error}"))
            }
        })
    });
    Box::new(pieces)
}

/// A stream that fails where one row is longer than a report may be.
struct Bounded {
    inner: Box<dyn Read + Send>,
    used: Arc<AtomicU64>,
}

impl Read for Bounded {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        if self.used.fetch_add(read as u64, Ordering::Relaxed) > LONGEST {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("a row {}", too_long())));
        }
        Ok(read)
    }
}

/// The messages of an mbox (RFC 4155): each begins with a line "From ..." after a blank one.
pub struct Messages {
    place: Place,
    number: usize,
    reader: Option<Reader>,
    begun: bool,
}

impl Messages {
    /// Reads a stream.
    pub fn new(place: Place, reader: Reader) -> Messages {
        Messages { place, number: 0, reader: Some(reader), begun: false }
    }
}

impl Iterator for Messages {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let mut message: Vec<u8> = Vec::new();
        let mut long = false;
        let mut blank = true;
        loop {
            let reader = self.reader.as_mut()?;
            let mut line = Vec::new();
            let read = reader.take(1 << 20).read_until(b'\n', &mut line);
            let end = match read {
                Ok(0) => true,
                Ok(_) => false,
                Err(error) => {
                    self.reader = None;
                    return Some(Piece::fault(self.place.label.clone(), plain(&error)));
                }
            };
            let starts = blank && line.starts_with(b"From ");
            if end || starts {
                let had = self.begun && (!message.is_empty() || long);
                self.begun = true;
                if end {
                    self.reader = None;
                }
                if had {
                    self.number += 1;
                    let label = format!("{}#{}", self.place.label, self.number);
                    if long {
                        return Some(Piece::fault(label, too_long()));
                    }
                    let mut known = self.place.known();
                    known.given.name = Some(label.clone());
                    let content = Content::Bytes { format: Format::Mail, bytes: message, known };
                    return Some(Piece::new(label, content));
                }
                if end {
                    return None;
                }
                continue;
            }
            blank = line.trim_ascii().is_empty();
            if message.len() as u64 > LONGEST {
                long = true;
                message.clear();
            }
            if !long {
                // ">From " was "From " in the message.
                message.extend(if line.starts_with(b">From ") { &line[1..] } else { &line[..] });
            }
        }
    }
}
