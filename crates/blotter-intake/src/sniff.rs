//! What kind of input some bytes are.

/// A kind of input that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain text: one report.
    Text,
    /// A saved page: one report.
    Html,
    /// Report JSONL: one report a line.
    Jsonl,
    /// A JSON file of reports, a JSON feed or ninjs items.
    Json,
    /// A feed, NewsML-G2, NITF or XHTML.
    Xml,
    /// A message.
    Mail,
    /// A page saved as a message.
    Mhtml,
    /// A PDF.
    Pdf,
    /// A DOCX document.
    Docx,
    /// A table with named columns: one report a row.
    Csv,
    /// An archive of files.
    Zip,
    /// An archive of files.
    Tar,
    /// A packed file.
    Gzip,
    /// An archive of web records.
    Warc,
    /// A file of messages.
    Mbox,
}

impl Format {
    /// Whether it is a document for people, such as a mail may carry.
    pub fn is_document(self) -> bool {
        matches!(self, Format::Html | Format::Pdf | Format::Docx | Format::Mail | Format::Mhtml | Format::Text)
    }
}

/// What is read, for messages about what is not.
const READ: &str = "text, pages, feeds, wire items, mail, PDF, DOCX, JSONL, CSV, WARC, zip and tar are read";

/// First bytes that no text has, and what they are.
const MAGIC: [(&[u8], &str); 20] = [
    (b"\xD0\xCF\x11\xE0", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "an image"),
    (b"\xFF\xD8\xFF", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "an image, sound or film"),
    (b"II*\0", "an image"),
    (b"MM\0*", "an image"),
    (b"BZh", "a bzip2 archive"),
    (b"\xFD7zXZ", "an xz archive"),
    (b"\x28\xB5\x2F\xFD", "a zstd archive"),
    (b"7z\xBC\xAF", "a 7z archive"),
    (b"Rar!", "a rar archive"),
    (b"\x7FELF", "a program"),
    (b"SQLite format 3", "an SQLite database"),
    (b"filedesc://", "an ARC archive, the forerunner of WARC"),
    (b"ID3", "a sound"),
    (b"OggS", "a sound or film"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
];

/// First bytes of what is read, whatever its name.
const KNOWN: [(&[u8], Format); 5] = [
    (b"%PDF-", Format::Pdf),
    (b"PK\x03\x04", Format::Zip),
    (b"PK\x05\x06", Format::Zip),
    (b"\x1F\x8B", Format::Gzip),
    (b"WARC/", Format::Warc),
];

/// The kind of input, by its name's ending and the beginning of its bytes (some thousand are enough).
///
/// # Errors
/// A sentence that says what it is instead, and what can be read.
pub fn sniff(name: &str, bytes: &[u8]) -> Result<Format, String> {
    let bytes = blotter_core::ingest::encoding::without_bom(bytes);
    let start = bytes.iter().position(|b| !b.is_ascii_whitespace());
    let Some(start) = start else { return Err("is empty".to_owned()) };
    let head = &bytes[start..bytes.len().min(start + 4096)];
    if let Some((_, format)) = KNOWN.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Ok(*format);
    }
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Err(format!("is {what}; {READ}"));
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return Ok(Format::Tar);
    }
    let wide = blotter_core::ingest::encoding::utf16(bytes);
    if wide.is_none() && is_binary(head) {
        return Err(format!("is a binary file; {READ}"));
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    Ok(match ending.as_str() {
        "jsonl" | "ndjson" => Format::Jsonl,
        "json" => Format::Json,
        "html" | "htm" | "xhtml" | "shtml" => Format::Html,
        "txt" | "text" | "md" => Format::Text,
        "csv" | "tsv" => Format::Csv,
        "eml" => Format::Mail,
        "mbox" => Format::Mbox,
        "mht" | "mhtml" => Format::Mhtml,
        "rss" | "atom" | "nitf" => Format::Xml,
        _ => by_words(&wide.map_or_else(|| String::from_utf8_lossy(head), |e| e.decode_without_bom_handling(head).0)),
    })
}

/// The kind of a text by its first words.
fn by_words(head: &str) -> Format {
    let head = head.trim_start_matches('\u{FEFF}').trim_start();
    if head.starts_with("From ") && head.lines().nth(1).is_some_and(is_header) {
        return Format::Mbox;
    }
    if is_mail(head) {
        let saved = head.contains("Snapshot-Content-Location:") || head.starts_with("From: <Saved by");
        return if saved { Format::Mhtml } else { Format::Mail };
    }
    if head.starts_with('{') || head.starts_with('[') {
        // One object a line, or one over many lines.
        let first = head.lines().next().unwrap_or_default().trim();
        let whole = serde_json::from_str::<serde_json::Value>(first).is_ok();
        let inner = head[1..].trim_start();
        return match () {
            () if !(inner.starts_with('"') || inner.starts_with('{') || head.starts_with("{}")) => Format::Text,
            () if head.starts_with('[') => Format::Json,
            () if whole || !head.contains('\n') => Format::Jsonl,
            () => Format::Json,
        };
    }
    let small = head.to_ascii_lowercase();
    let is_page = || ["<html", "<head", "<body", "<p", "<div", "<meta"].iter().any(|tag| small.contains(tag));
    match root(&small) {
        Some("html") => Format::Html,
        Some("rss" | "feed" | "rdf" | "entry" | "channel" | "nitf" | "newsitem" | "newsmessage" | "packageitem") => {
            Format::Xml
        }
        _ if small.starts_with("<!doctype html") || small.starts_with("<!--") && is_page() => Format::Html,
        Some("head" | "body") if is_page() => Format::Html,
        Some(_) if small.starts_with("<?xml") => Format::Xml,
        _ => Format::Text,
    }
}

/// The local name of the first element, in small letters, past declarations and comments.
fn root(head: &str) -> Option<&str> {
    let mut rest = head;
    loop {
        rest = rest.trim_start();
        let after = if rest.starts_with("<!--") {
            rest.find("-->").map(|at| at + 3)
        } else if rest.starts_with("<?") {
            rest.find("?>").map(|at| at + 2)
        } else if rest.starts_with("<!doctype") {
            let end = rest.find('>')?;
            let inner = rest.find('[').filter(|open| *open < end);
            inner.map_or(Some(end + 1), |_| rest.find("]>").map(|at| at + 2))
        } else {
            break;
        };
        rest = &rest[after?..];
    }
    let name = rest.strip_prefix('<')?;
    let end = name.find(|c: char| !(c.is_alphanumeric() || matches!(c, ':' | '-' | '_'))).unwrap_or(name.len());
    name[..end].rsplit(':').next().filter(|n| !n.is_empty())
}

fn is_header(line: &str) -> bool {
    line.split_once(':')
        .is_some_and(|(name, _)| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
}

/// Lines of headers, with one that only mail has.
fn is_mail(head: &str) -> bool {
    let lines: Vec<&str> = head.lines().take_while(|l| !l.is_empty()).take(60).collect();
    let known = ["from:", "received:", "return-path:", "message-id:", "mime-version:", "delivered-to:"];
    lines.len() >= 2
        && lines[..lines.len() - 1].iter().all(|l| is_header(l) || l.starts_with([' ', '\t']))
        && lines.iter().filter(|l| known.iter().any(|k| l.to_ascii_lowercase().starts_with(k))).count() >= 2
}

/// Control characters that no text has, in more than one byte of a hundred; one NUL is enough.
fn is_binary(head: &[u8]) -> bool {
    let odd = head.iter().filter(|b| b.is_ascii_control() && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B)).count();
    head.contains(&0) || odd * 100 > head.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_by_name_and_bytes() {
        for (name, bytes, format) in [
            ("a.jsonl", &b"{}"[..], Format::Jsonl),
            ("page.HTM", b"hello", Format::Html),
            ("-", b"\xEF\xBB\xBF{\"text\": \"x\"}", Format::Jsonl),
            ("-", b"{ \"text\": \"x\"}", Format::Jsonl),
            ("-", b"{\n  \"uri\": \"x\"\n}", Format::Json),
            ("-", b"\n<!DOCTYPE html><html>", Format::Html),
            ("-", b"<?xml version='1.0'?><!-- x --><rss>", Format::Xml),
            ("-", b"<?xml version='1.0'?><!DOCTYPE html><html>", Format::Html),
            ("x.xml", b"<a:feed xmlns:a='x'>", Format::Xml),
            ("-", b"Two guards were hurt.", Format::Text),
            ("-", b"[Port Kesh] Two guards were hurt.", Format::Text),
            ("note.txt", b"<html> is a tag", Format::Text),
            ("-", b"From: a@b.example\nMIME-Version: 1.0\nSubject: x\n\nbody", Format::Mail),
            ("-", b"From a@b.example Tue Mar 12\nSubject: x\n\nbody", Format::Mbox),
            ("-", b"From Kesh: two hurt\n\nbody", Format::Text),
            ("-", b"%PDF-1.7", Format::Pdf),
            ("-", b"WARC/1.0\r\n", Format::Warc),
        ] {
            assert_eq!(sniff(name, bytes), Ok(format), "{name} {}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn what_is_not_read_is_said() {
        for (bytes, word) in
            [(&b"\x89PNG.."[..], "image"), (b"{\\rtf1", "RTF"), (b"ab\0cd", "binary"), (b" \n", "empty")]
        {
            let reason = sniff("x", bytes).expect_err("not read");
            assert!(reason.contains(word), "{reason}");
        }
    }
}
