//! WARC 1.0 and 1.1 (ISO 28500): records of pages as they were fetched. After damage it goes on with the next record.

use std::collections::HashSet;
use std::io::{self, BufRead, BufReader, Read};

use flate2::read::{DeflateDecoder, GzDecoder, ZlibDecoder};

use super::{LONGEST, Place, plain, too_long};
use crate::piece::{Content, Known, Piece};
use crate::sniff::{Format, sniff};

/// A line of a record's header has no more bytes.
const LINE: u64 = 64 << 10;
/// A record has no more lines of header.
const LINES: usize = 1000;

/// The records of an archive that hold something to read. Requests, metadata, redirects, errors, pictures, scripts and styles are
/// passed over; what is a document and cannot be read is a fault.
pub struct Records {
    place: Place,
    reader: Option<BufReader<Box<dyn Read + Send>>>,
    number: usize,
    told: bool,
    /// Digests of payloads that were given: a revisit of one tells nothing new.
    seen: HashSet<String>,
}

struct Header {
    fields: Vec<(String, String)>,
}

impl Header {
    fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

enum Found {
    Piece(Box<Piece>),
    Nothing,
    End,
}

impl Records {
    /// Reads a stream.
    pub fn new(place: Place, stream: Box<dyn Read + Send>) -> Records {
        Records { place, reader: Some(BufReader::new(stream)), number: 0, told: false, seen: HashSet::new() }
    }

    fn record(&mut self) -> Result<Found, String> {
        let Some(reader) = &mut self.reader else { return Ok(Found::End) };
        let mut strange = false;
        // To the first line of a record.
        loop {
            let mut line = Vec::new();
            let read = reader.take(LINE).read_until(b'\n', &mut line).map_err(|e| plain(&e))?;
            if read == 0 {
                self.reader = None;
                return match strange {
                    true => Err(format!("after record {} come bytes that are no record", self.number)),
                    false => Ok(Found::End),
                };
            }
            if line.starts_with(b"WARC/") {
                break;
            }
            strange |= !line.trim_ascii().is_empty();
        }
        self.number += 1;
        let mut header = Header { fields: Vec::new() };
        for count in 0.. {
            let mut line = Vec::new();
            let read = reader.take(LINE).read_until(b'\n', &mut line).map_err(|e| plain(&e))?;
            if read == 0 || count > LINES {
                return Err(format!("record {} has a broken header", self.number));
            }
            let line = String::from_utf8_lossy(&line);
            if line.trim().is_empty() {
                break;
            }
            match (line.split_once(':'), header.fields.last_mut()) {
                (None, Some((_, value))) => value.push_str(line.trim_end()),
                (Some((name, value)), _) => header.fields.push((name.trim().to_lowercase(), value.trim().to_owned())),
                (None, None) => {}
            }
        }
        let length = header.get("content-length").and_then(|l| l.parse::<u64>().ok());
        let length = length.ok_or_else(|| format!("record {} does not say its length", self.number))?;
        let address = header.get("warc-target-uri").map(|u| u.trim_matches(['<', '>']).to_owned());
        let name = address.clone().unwrap_or_else(|| format!("record {}", self.number));
        let label = format!("{}: {name}", self.place.label);
        let wanted = matches!(header.get("warc-type"), Some("response" | "resource" | "revisit"));
        if !wanted || length > LONGEST {
            let passed = io::copy(&mut reader.take(length), &mut io::sink()).map_err(|e| plain(&e))?;
            return match (passed < length, wanted) {
                (true, _) => Err(format!("record {} ends too early", self.number)),
                (false, true) => Ok(Found::Piece(Box::new(Piece::fault(label, too_long())))),
                (false, false) => Ok(Found::Nothing),
            };
        }
        let mut block = Vec::new();
        reader.take(length).read_to_end(&mut block).map_err(|e| plain(&e))?;
        let cut = (block.len() as u64) < length;
        let before =
            if strange { Some(format!("before record {} come bytes that are no record", self.number)) } else { None };
        let found = self.content(&header, block, address, &label);
        match (found, cut || before.is_some()) {
            (Ok(Some(content)), _) if !cut => Ok(Found::Piece(Box::new(Piece::new(label, content)))),
            (_, true) if cut => Err(format!("record {} ({name}) ends too early", self.number)),
            (Err(reason), _) => Ok(Found::Piece(Box::new(Piece::fault(label, reason)))),
            _ => Ok(Found::Nothing),
        }
    }

    /// What a record holds to read, if anything.
    fn content(
        &mut self,
        header: &Header,
        block: Vec<u8>,
        url: Option<String>,
        label: &str,
    ) -> Result<Option<Content>, String> {
        let digest = header.get("warc-payload-digest").map(str::to_owned);
        let kind = header.get("warc-type").unwrap_or_default();
        if kind == "revisit" {
            let known = digest.as_ref().is_some_and(|d| self.seen.contains(d));
            // A revisit holds no page: the page was told when it was first fetched.
            return if known {
                Ok(None)
            } else {
                Err("is a revisit of a record that is not in this archive".to_owned())
            };
        }
        let (media, bytes, encoding) =
            if kind == "response" && header.get("content-type").is_none_or(|t| t.contains("http")) {
                match response(&block)? {
                    Some(found) => found,
                    None => return Ok(None),
                }
            } else {
                let media = header.get("content-type").unwrap_or_default().to_lowercase();
                (media, block, None)
            };
        let path =
            url.as_deref().and_then(|u| url::Url::parse(u).ok()).map(|u| u.path().to_owned()).unwrap_or_default();
        if bytes.trim_ascii().is_empty() || path == "/robots.txt" || !may_be_read(&media) {
            return Ok(None);
        }
        // The transport's word for pages and documents; the bytes' for the rest.
        let format = match () {
            () if media.contains("html") => Format::Html,
            () if media.contains("pdf") => Format::Pdf,
            () => match sniff(&path, &bytes[..bytes.len().min(8192)]) {
                Ok(format) => format,
                Err(_) if media.is_empty() => return Ok(None),
                Err(reason) => return Err(reason),
            },
        };
        if matches!(format, Format::Zip | Format::Tar | Format::Gzip | Format::Warc | Format::Csv | Format::Mbox) {
            return Err(format!("is a file of a kind that is not read out of a WARC ({media})"));
        }
        self.seen.extend(digest);
        let mut known = Known {
            url,
            captured: header.get("warc-date").and_then(crate::page::any_date),
            encoding,
            ..Known::default()
        };
        known.given.name = Some(label.to_owned());
        Ok(Some(Content::Bytes { format, bytes, known }))
    }
}

/// Whether a media type is that of something to read; one that is not said may be.
fn may_be_read(media: &str) -> bool {
    let media = media.split(';').next().unwrap_or_default().trim();
    media.is_empty()
        || [
            "html",
            "xml",
            "text/plain",
            "pdf",
            "wordprocessingml",
            "application/json",
            "feed+json",
            "octet-stream",
            "message/rfc822",
        ]
        .iter()
        .any(|known| media.contains(known))
            && !media.contains("svg")
}

/// Media type, body and encoding of an HTTP response; nothing where it brought no document.
type Response = Option<(String, Vec<u8>, Option<String>)>;

fn response(block: &[u8]) -> Result<Response, String> {
    let end = block.windows(4).position(|w| w == b"\r\n\r\n").map(|at| (at, at + 4));
    let end = end.or_else(|| block.windows(2).position(|w| w == b"\n\n").map(|at| (at, at + 2)));
    let (head, body) = match end {
        Some((at, body)) => (String::from_utf8_lossy(&block[..at]), &block[body..]),
        None => return Ok(None),
    };
    let mut lines = head.lines();
    let status = lines.next().unwrap_or_default().split_whitespace().nth(1).and_then(|s| s.parse::<u16>().ok());
    if !matches!(status, Some(200 | 203)) {
        return Ok(None);
    }
    let fields: Vec<(String, String)> =
        lines.filter_map(|l| l.split_once(':')).map(|(n, v)| (n.trim().to_lowercase(), v.trim().to_owned())).collect();
    let field = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.to_lowercase());
    let media = field("content-type").unwrap_or_default();
    if !may_be_read(&media) {
        return Ok(None);
    }
    let mut bytes = body.to_vec();
    if field("transfer-encoding").is_some_and(|t| t.contains("chunked")) {
        // Some crawlers keep the header and store the body unchunked.
        if let Some(whole) = dechunked(&bytes) {
            bytes = whole;
        }
    }
    for packing in field("content-encoding").unwrap_or_default().split(',').map(str::trim) {
        bytes = match packing {
            "" | "identity" => bytes,
            "gzip" | "x-gzip" if bytes.starts_with(&[0x1F, 0x8B]) => unpacked(GzDecoder::new(&bytes[..]))?,
            "deflate" => {
                unpacked(ZlibDecoder::new(&bytes[..])).or_else(|_| unpacked(DeflateDecoder::new(&bytes[..])))?
            }
            // The header is kept by crawlers that store the body unpacked.
            "gzip" | "x-gzip" => bytes,
            other if std::str::from_utf8(&bytes[..bytes.len().min(512)]).is_err() => {
                return Err(format!("is packed in a way that is not read ({other})"));
            }
            _ => bytes,
        };
    }
    let charset = media
        .split("charset=")
        .nth(1)
        .map(|c| c.trim_matches(['"', '\'', ' ', ';']).to_owned())
        .filter(|c| !c.is_empty());
    Ok(Some((media, bytes, charset)))
}

fn unpacked(from: impl Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    from.take(LONGEST + 1).read_to_end(&mut bytes).map_err(|e| format!("cannot be unpacked: {}", plain(&e)))?;
    if bytes.len() as u64 > LONGEST { Err(too_long()) } else { Ok(bytes) }
}

/// A chunked body put together (RFC 9112, 7.1); nothing where it is not chunked.
fn dechunked(body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::with_capacity(body.len());
    let mut rest = body;
    loop {
        let end = rest.iter().take(32).position(|b| *b == b'\n')?;
        let size = std::str::from_utf8(&rest[..end]).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        rest = &rest[end + 1..];
        if size == 0 || rest.is_empty() {
            return Some(whole);
        }
        // A last chunk that is cut is taken as far as it goes.
        let take = size.min(rest.len());
        whole.extend_from_slice(&rest[..take]);
        rest = &rest[take..];
        rest = rest.strip_prefix(b"\r\n").or(rest.strip_prefix(b"\n")).unwrap_or(rest);
        if rest.is_empty() {
            return Some(whole);
        }
    }
}

impl Iterator for Records {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        loop {
            match self.record() {
                Ok(Found::Piece(piece)) => {
                    self.told = true;
                    return Some(*piece);
                }
                Ok(Found::Nothing) => {}
                Ok(Found::End) if !std::mem::replace(&mut self.told, true) => {
                    return Some(Piece::fault(self.place.label.clone(), "holds no record of a document"));
                }
                Ok(Found::End) => return None,
                Err(reason) => {
                    self.told = true;
                    return Some(Piece::fault(self.place.label.clone(), reason));
                }
            }
        }
    }
}
