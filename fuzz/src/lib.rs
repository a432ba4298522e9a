//! What the targets share: bytes → every piece and every report that intake makes of them.

use std::io::{Cursor, Write};

use blotter_core::ingest::Given;
use blotter_intake::{Content, Format, Known, Outcome, Piece, Source, pieces};

/// More bytes than one input may make of pieces: an archive of a million empty members is not what is looked for.
const MOST: usize = 10_000;

/// Intake catches panics so that a report costs itself alone. Here they are what is looked for, so the process ends at a panic
/// in our own crates. A panic in a parser that we wrap in a `catch_unwind` on purpose is let through.
pub fn own_panics_abort() {
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let wrapped = info.location().is_some_and(|at| WRAPPED.iter().any(|name| at.file().contains(name)));
        if !wrapped {
            default(info);
            std::process::abort();
        }
    }));
}

/// The crates of PDF are known to panic on broken files, and that of mail checks itself with assertions of debug builds.
const WRAPPED: [&str; 9] =
    ["mail-parser", "pdf-extract", "lopdf", "type1-encoding-parser", "cff-parser", "adobe-cmap-parser", "postscript", "euclid", "ttf-parser"];

/// A file by this name with these bytes, taken apart and read.
pub fn file(name: &str, bytes: &[u8]) {
    let source = Source::File(Box::new(Cursor::new(bytes.to_vec())));
    read(pieces(Some(name), source).take(MOST));
}

/// The same as a stream, which cannot be read twice.
pub fn stream(bytes: &[u8]) {
    read(pieces(None, Source::Stream(Box::new(Cursor::new(bytes.to_vec())))).take(MOST));
}

/// One report of a kind, past the detection of kinds.
pub fn piece(format: Format, bytes: &[u8]) {
    let known = Known { captured: Some("2024-03-13T00:00:00Z".to_owned()), ..Known::default() };
    read(std::iter::once(Piece {
        unpicked: false,
        label: "input".to_owned(),
        content: Content::Bytes { format, bytes: bytes.to_vec(), known },
    }));
}

fn read(pieces: impl Iterator<Item = Piece>) {
    for outcome in pieces.flat_map(|piece| piece.reports(&Given::default())) {
        sound(outcome);
    }
}

/// What holds of every report and of every refusal.
fn sound(outcome: Outcome) {
    assert!(!outcome.label.is_empty());
    match outcome.report {
        Err(reason) => assert!(!reason.trim().is_empty(), "{}: refused without a reason", outcome.label),
        Ok(report) => {
            assert!(!report.text.trim().is_empty() && !report.id.is_empty());
            for span in report.headline.iter().chain(&report.dateline).chain(&report.own_lines) {
                let _ = report.words(*span);
            }
            for date in report.published.iter().chain(&report.updated) {
                assert!(blotter_core::ingest::dates::iso(&date.value).is_some(), "{:?} is no date", date.value);
            }
        }
    }
}

/// Bytes packed by gzip.
pub fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).and_then(|()| packed.finish()).expect("in memory")
}

/// A DOCX document with these bytes as its text part.
pub fn document(text: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let plain = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    archive.start_file("word/document.xml", plain).expect("in memory");
    archive.write_all(text).expect("in memory");
    archive.finish().expect("in memory").into_inner()
}

/// A tar archive whose first header says what it is and has a right sum; chance would hardly find one.
pub fn mended_tar(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes.resize(bytes.len().max(512), 0);
    bytes[257..262].copy_from_slice(b"ustar");
    bytes[148..156].copy_from_slice(b"        ");
    let sum: u64 = bytes[..512].iter().map(|b| u64::from(*b)).sum();
    bytes[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    bytes
}

/// A date in every place where one is looked for.
pub fn dates(text: &str) {
    use blotter_core::ingest::dates;
    for found in [dates::any(text), dates::iso(text), dates::written(text)].into_iter().flatten() {
        assert!(dates::iso(&found).is_some(), "{found:?} is no date");
    }
    let plain: String = text.chars().filter(|c| !"<>&\"".contains(*c)).collect();
    let page = format!(
        "<html><head><meta property=\"article:published_time\" content=\"{plain}\"></head><body><article><h1>Quay fire</h1>\
         <span class=date>{plain}</span><time datetime=\"{plain}\">{plain}</time>\
         <p>A warehouse on the old quay burned down late on Tuesday, the harbour master said.</p></article></body></html>"
    );
    piece(Format::Html, page.as_bytes());
}

/// The bytes, with the first ones that tell their kind.
pub fn headed(head: &[u8], bytes: &[u8]) -> Vec<u8> {
    if bytes.starts_with(&head[..4]) { bytes.to_vec() } else { [head, bytes].concat() }
}
