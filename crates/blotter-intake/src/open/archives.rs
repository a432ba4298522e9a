//! Archives of files: zip and tar. Each member is opened as if it were a file.

use std::io::{self, Cursor, Read};

use zip::ZipArchive;

use super::{LONGEST, Pieces, Place, ReadSeek, Source, begin, plain, too_long};
use crate::piece::{Content, Piece};
use crate::sniff::Format;

/// An archive that is no file is held in memory up to this many bytes.
pub const HELD: u64 = 256 << 20;
/// An archive of more members is not read to its end.
const MOST: usize = 1_000_000;
/// All members together may unpack to this, or to so many times the archive.
const FREE: u64 = 4 << 30;
const RATIO: u64 = 100;

/// Whether a member is what systems leave in archives.
fn is_litter(name: &str) -> bool {
    name.starts_with("__MACOSX/") || name.split('/').any(|part| part.starts_with('.') && part != "." && part != "..")
}

/// The pieces of a zip archive; a DOCX document is one report.
pub fn zip(place: Place, mut file: Box<dyn ReadSeek>) -> Pieces {
    let size = file.seek(io::SeekFrom::End(0)).unwrap_or(0);
    let mut archive = match ZipArchive::new(file) {
        Ok(archive) => archive,
        Err(error) => return place.fault(format!("is a broken zip archive: {error}")),
    };
    if archive.index_for_name("word/document.xml").is_some() {
        let mut file = archive.into_inner();
        let bytes = file.rewind().map_err(|e| plain(&e)).and_then(|()| super::whole(&mut file));
        return match bytes {
            Err(reason) => place.fault(reason),
            Ok(bytes) => {
                let known = place.known();
                let content = Content::Bytes { format: Format::Docx, bytes, known };
                Box::new(std::iter::once(Piece::new(place.label, content)))
            }
        };
    }
    if ["[Content_Types].xml", "mimetype"].iter().any(|n| archive.index_for_name(n).is_some()) {
        return place.fault("is an Office document or book of a kind that is not read");
    }
    let mut index = 0;
    let mut unpacked = 0u64;
    let members = std::iter::from_fn(move || {
        loop {
            if index >= archive.len() {
                return None;
            }
            index += 1;
            if index > MOST || unpacked > FREE && unpacked / RATIO > size {
                index = usize::MAX;
                let why = format!(
                    "has more than {MOST} members or unpacks to more than {RATIO} times its size; the rest is not read"
                );
                return Some(place.fault(why));
            }
            let mut member = match archive.by_index(index - 1) {
                Ok(member) => member,
                Err(error) => return Some(place.fault(format!("member {index} cannot be read: {error}"))),
            };
            let name = member.name().map_or_else(|_| format!("member {index}"), |n| n.into_owned());
            if !member.is_file() || is_litter(&name) {
                continue;
            }
            let inner = place.member(&name);
            let mut bytes = Vec::new();
            let read = member.by_ref().take(LONGEST + 1).read_to_end(&mut bytes);
            unpacked += bytes.len() as u64;
            return Some(match read {
                Err(error) => inner.fault(format!("cannot be unpacked: {}", plain(&error))),
                Ok(read) if read as u64 > LONGEST => inner.fault(too_long()),
                Ok(_) => begin(inner, Source::File(Box::new(Cursor::new(bytes)))),
            });
        }
    });
    super::unpicked(Box::new(members.flatten()))
}

/// A tar archive that is being read. Its headers are 512 bytes (POSIX.1-1988 ustar); long names come as members of their own
/// (GNU `L`, pax `x`).
pub struct Tar {
    place: Place,
    stream: Option<Box<dyn Read + Send>>,
    long_name: Option<String>,
    count: usize,
    open: Option<Pieces>,
}

impl Tar {
    /// Reads a stream.
    pub fn new(place: Place, stream: Box<dyn Read + Send>) -> Tar {
        Tar { place, stream: Some(stream), long_name: None, count: 0, open: None }
    }

    /// The next member's pieces.
    fn member(&mut self) -> Result<Option<Pieces>, String> {
        let Some(stream) = &mut self.stream else { return Ok(None) };
        let mut header = [0u8; 512];
        match stream.read(&mut header[..1]).map_err(|e| plain(&e))? {
            0 => return Ok(None),
            _ => stream.read_exact(&mut header[1..]).map_err(|e| plain(&e))?,
        }
        if header.iter().all(|b| *b == 0) {
            return Ok(None);
        }
        self.count += 1;
        let sum: u64 =
            header.iter().enumerate().map(|(i, b)| if (148..156).contains(&i) { 32 } else { u64::from(*b) }).sum();
        if octal(&header[148..156]) != Some(sum) {
            return Err(format!("member {} has a broken header; the rest is not read", self.count));
        }
        let size = octal(&header[124..136])
            .ok_or_else(|| format!("member {} has no size; the rest is not read", self.count))?;
        let text =
            |bytes: &[u8]| String::from_utf8_lossy(bytes.split(|b| *b == 0).next().unwrap_or(bytes)).into_owned();
        let prefix =
            if &header[257..262] == b"ustar" && header[262] == 0 { text(&header[345..500]) } else { String::new() };
        let short = text(&header[..100]);
        let short = if prefix.is_empty() { short } else { format!("{prefix}/{short}") };
        let kind = header[156];
        let mut bytes = Vec::new();
        let wanted = matches!(kind, 0 | b'0' | b'7' | b'L' | b'x');
        if wanted && size <= LONGEST {
            let read = stream.by_ref().take(size).read_to_end(&mut bytes).map_err(|e| plain(&e))?;
            if (read as u64) < size {
                return Err(format!("{short} ends too early"));
            }
        } else {
            let passed = io::copy(&mut stream.by_ref().take(size), &mut io::sink()).map_err(|e| plain(&e))?;
            if passed < size {
                return Err(format!("{short} ends too early"));
            }
        }
        io::copy(&mut stream.by_ref().take(size.next_multiple_of(512) - size), &mut io::sink())
            .map_err(|e| plain(&e))?;
        let none: Pieces = Box::new(std::iter::empty());
        Ok(Some(match kind {
            b'L' => {
                self.long_name = Some(text(&bytes));
                none
            }
            b'x' => {
                self.long_name = pax_path(&bytes).or(self.long_name.take());
                none
            }
            0 | b'0' | b'7' => {
                let name = self.long_name.take().unwrap_or(short);
                let inner = self.place.member(&name);
                match () {
                    () if is_litter(&name) || name.ends_with('/') => none,
                    () if size > LONGEST => inner.fault(too_long()),
                    () => begin(inner, Source::File(Box::new(Cursor::new(bytes)))),
                }
            }
            _ => {
                self.long_name = None;
                none
            }
        }))
    }
}

impl Iterator for Tar {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        loop {
            if let Some(piece) = self.open.as_mut().and_then(Iterator::next) {
                return Some(piece);
            }
            match self.member() {
                Ok(Some(pieces)) => self.open = Some(pieces),
                Ok(None) => return None,
                Err(reason) => {
                    self.stream = None;
                    self.open = None;
                    return Some(Piece::fault(self.place.label.clone(), reason));
                }
            }
        }
    }
}

/// A number of a header: octal digits, or binary where the first bit is set.
fn octal(field: &[u8]) -> Option<u64> {
    if field[0] & 0x80 != 0 {
        return field[field.len() - 8..].try_into().ok().map(u64::from_be_bytes).filter(|n| *n < 1 << 60);
    }
    let digits = std::str::from_utf8(field).ok()?.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    u64::from_str_radix(digits, 8).ok()
}

/// The `path` of a pax header: lines of "LENGTH key=value".
fn pax_path(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    text.lines().find_map(|line| line.split_once(' ')?.1.strip_prefix("path=").map(str::to_owned))
}
