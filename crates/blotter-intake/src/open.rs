//! Inputs → pieces: archives and files of many reports are taken apart here, one record at a time, in order, in bounded memory.

mod archives;
mod guard;
mod records;
mod warc;

use std::io::{self, BufReader, Cursor, Read, Seek};

use blotter_core::ingest::Given;

use crate::piece::{Content, Known, Piece};
use crate::sniff::{Format, sniff};

/// One report has no more bytes than this; a longer line, file or record is no report.
pub const LONGEST: u64 = 64 << 20;
/// So many bytes tell the kind of input.
const HEAD: u64 = 8 << 10;
/// Archives in archives are opened so deep.
const DEEPEST: usize = 4;

/// Something that can be read from any place in it.
pub trait ReadSeek: Read + Seek + Send {}
impl<T: Read + Seek + Send> ReadSeek for T {}

/// Where bytes come from.
pub enum Source {
    /// A stream, such as standard input.
    Stream(Box<dyn Read + Send>),
    /// A file.
    File(Box<dyn ReadSeek>),
}

impl Read for Source {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Source::Stream(inner) => inner.read(into),
            Source::File(inner) => inner.read(into),
        }
    }
}

/// The pieces of an input, in order.
pub type Pieces = Box<dyn Iterator<Item = Piece> + Send>;

/// Opens an input. `name` is that of its file (its ending helps to tell its kind); none for standard input.
pub fn pieces(name: Option<&str>, source: Source) -> Pieces {
    begin(Place { label: name.unwrap_or("standard input").to_owned(), name: name.map(str::to_owned), depth: 0 }, source)
}

/// Where an input stands: in a folder or in an archive.
#[derive(Clone, Debug)]
struct Place {
    label: String,
    name: Option<String>,
    depth: usize,
}

impl Place {
    /// A member of an archive that stands here.
    fn member(&self, name: &str) -> Place {
        let label = format!("{}/{name}", self.label);
        Place { name: Some(label.clone()), label, depth: self.depth + 1 }
    }

    fn known(&self) -> Known {
        Known { given: Given { name: self.name.clone(), ..Given::default() }, ..Known::default() }
    }

    fn fault(&self, reason: impl Into<String>) -> Pieces {
        Box::new(std::iter::once(Piece::fault(self.label.clone(), reason)))
    }
}

fn begin(place: Place, mut source: Source) -> Pieces {
    let mut head = Vec::new();
    if let Err(error) = source.by_ref().take(HEAD).read_to_end(&mut head) {
        return place.fault(plain(&error));
    }
    let format = match sniff(place.name.as_deref().unwrap_or("-"), &head) {
        Ok(format) => format,
        Err(reason) => return place.fault(reason),
    };
    let container = matches!(format, Format::Zip | Format::Tar | Format::Gzip | Format::Warc | Format::Mbox);
    if container && place.depth > DEEPEST {
        return place.fault(format!("is an archive inside {DEEPEST} others; it is not opened"));
    }
    if format == Format::Zip {
        return zip(place, head, source);
    }
    let mut stream = Cursor::new(head).chain(source);
    match format {
        Format::Jsonl => Box::new(records::Lines::new(place, BufReader::new(Box::new(stream)))),
        Format::Csv => records::table(place, Box::new(stream)),
        Format::Mbox => Box::new(records::Messages::new(place, BufReader::new(Box::new(stream)))),
        Format::Tar => unpicked(Box::new(archives::Tar::new(place, Box::new(stream)))),
        Format::Warc => unpicked(Box::new(warc::Records::new(place, Box::new(stream)))),
        Format::Gzip => gzip(place, Box::new(stream)),
        _ => match whole(&mut stream) {
            Err(reason) => place.fault(reason),
            // A file that calls itself JSON may hold one report a line.
            Ok(bytes) if format == Format::Json && is_lines(&bytes) => {
                Box::new(records::Lines::new(place, BufReader::new(Box::new(Cursor::new(bytes)))))
            }
            Ok(bytes) => {
                let known = place.known();
                let content = Content::Bytes { format, bytes, known };
                Box::new(std::iter::once(Piece::new(place.label, content)))
            }
        },
    }
}

/// Pieces of what is kept whole: nobody picked them.
fn unpicked(pieces: Pieces) -> Pieces {
    Box::new(pieces.map(|piece| Piece { unpicked: true, ..piece }))
}

/// All bytes of one report.
fn whole(from: &mut dyn Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    from.take(LONGEST + 1).read_to_end(&mut bytes).map_err(|e| plain(&e))?;
    if bytes.len() as u64 > LONGEST { Err(too_long()) } else { Ok(bytes) }
}

/// Whether it is not one JSON value but several lines that each are one.
fn is_lines(bytes: &[u8]) -> bool {
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<serde::de::IgnoredAny>();
    let first = values.next();
    !matches!(first, Some(Ok(_)) if values.next().is_none())
}

/// A packed file: a WARC is read member by member, so that damage costs its record alone.
fn gzip(place: Place, stream: Box<dyn Read + Send>) -> Pieces {
    let name = place.name.as_deref().map(|n| n.strip_suffix(".gz").or(n.strip_suffix(".tgz")).unwrap_or(n).to_owned());
    let inner = Place { name, depth: place.depth + 1, ..place };
    let members = guard::Members::new(stream);
    let damage = members.damage();
    let pieces = begin(inner.clone(), Source::Stream(Box::new(members)));
    Box::new(pieces.chain(std::iter::once_with(move || damage.told(&inner.label)).flatten()))
}

fn zip(place: Place, head: Vec<u8>, source: Source) -> Pieces {
    let file: Box<dyn ReadSeek> = match source {
        Source::File(mut file) => match file.rewind() {
            Ok(()) => file,
            Err(error) => return place.fault(plain(&error)),
        },
        // An archive has its list at its end: a stream must be held whole.
        Source::Stream(stream) => {
            let mut bytes = head;
            let limit = archives::HELD;
            match stream.take(limit + 1).read_to_end(&mut bytes) {
                Err(error) => return place.fault(plain(&error)),
                Ok(read) if read as u64 > limit => {
                    return place
                        .fault(format!("is longer than {} MiB and no file; name the file instead", limit >> 20));
                }
                Ok(_) => Box::new(Cursor::new(bytes)),
            }
        }
    };
    archives::zip(place, file)
}

fn too_long() -> String {
    format!("is longer than {} MiB; no report is", LONGEST >> 20)
}

/// The error without its number.
pub fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "may not be read (permission denied)".to_owned(),
        io::ErrorKind::UnexpectedEof => "ends too early".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests;
