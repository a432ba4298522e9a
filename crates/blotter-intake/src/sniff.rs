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
}

/// What is read, for messages about what is not.
const READ: &str = "plain text, saved HTML pages and report JSONL are read";

/// First bytes that no text has, and what they are.
const MAGIC: [(&[u8], &str); 18] = [
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\xD0\xCF\x11\xE0", "an Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "an image"),
    (b"\xFF\xD8\xFF", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "an image, sound or film"),
    (b"II*\0", "an image"),
    (b"MM\0*", "an image"),
    (b"\x1F\x8B", "a gzip archive"),
    (b"BZh9", "a bzip2 archive"),
    (b"\xFD7zXZ", "an xz archive"),
    (b"\x28\xB5\x2F\xFD", "a zstd archive"),
    (b"7z\xBC\xAF", "a 7z archive"),
    (b"\x7FELF", "a program"),
    (b"SQLite format 3", "an SQLite database"),
    (b"WARC/", "a WARC archive"),
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
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Err(format!("is {what}; {READ}"));
    }
    if blotter_core::ingest::encoding::utf16(bytes).is_none() && is_binary(head) {
        return Err(format!("is a binary file; {READ}"));
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    Ok(match ending.as_str() {
        "jsonl" | "ndjson" | "json" => Format::Jsonl,
        "html" | "htm" | "xhtml" | "shtml" => Format::Html,
        "txt" | "text" | "md" => Format::Text,
        _ if looks_like_json(head) => Format::Jsonl,
        _ if looks_like_html(head) => Format::Html,
        _ => Format::Text,
    })
}

/// Control characters that no text has, in more than one byte of a hundred; one NUL is enough.
fn is_binary(head: &[u8]) -> bool {
    let odd = head.iter().filter(|b| b.is_ascii_control() && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B)).count();
    head.contains(&0) || odd * 100 > head.len()
}

fn looks_like_json(head: &[u8]) -> bool {
    let inner = head.strip_prefix(b"{").map(|rest| rest.trim_ascii_start());
    inner.is_some_and(|inner| inner.starts_with(b"\""))
}

fn looks_like_html(head: &[u8]) -> bool {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let head = head.trim_start_matches('\u{FEFF}');
    ["<!doctype html", "<html", "<?xml", "<!--", "<head", "<body"].iter().any(|tag| head.starts_with(tag))
        && ["<html", "<head", "<body", "<p", "<div", "<meta"].iter().any(|tag| head.contains(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_by_name_and_bytes() {
        assert_eq!(sniff("a.jsonl", b"{}"), Ok(Format::Jsonl));
        assert_eq!(sniff("page.HTM", b"hello"), Ok(Format::Html));
        assert_eq!(sniff("-", b"\xEF\xBB\xBF{\"text\": \"x\"}"), Ok(Format::Jsonl));
        assert_eq!(sniff("-", b"{ \"text\": \"x\"}"), Ok(Format::Jsonl));
        assert_eq!(sniff("-", b"\n<!DOCTYPE html><html>"), Ok(Format::Html));
        assert_eq!(sniff("-", b"Two guards were hurt."), Ok(Format::Text));
        assert_eq!(sniff("note.txt", b"<html> is a tag"), Ok(Format::Text));
    }

    #[test]
    fn what_is_not_read_is_said() {
        for (bytes, word) in
            [(&b"%PDF-1.7"[..], "PDF"), (b"PK\x03\x04..", "Office"), (b"ab\0cd", "binary"), (b" \n", "empty")]
        {
            let reason = sniff("x", bytes).expect_err("not read");
            assert!(reason.contains(word), "{reason}");
        }
    }
}
