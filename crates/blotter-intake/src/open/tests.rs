use std::io::{Cursor, Write};

use blotter_core::ingest::Given;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;
use crate::Outcome;

/// Labels with texts or reasons.
fn read(name: &str, bytes: &[u8]) -> Vec<(String, Result<String, String>)> {
    let file = pieces(Some(name), Source::File(Box::new(Cursor::new(bytes.to_vec()))));
    let outcomes: Vec<Outcome> = file.flat_map(|piece| piece.reports(&Given::default())).collect();
    outcomes.into_iter().map(|o| (o.label, o.report.map(|r| r.text))).collect()
}

fn texts(name: &str, bytes: &[u8]) -> Vec<String> {
    read(name, bytes).into_iter().filter_map(|(_, r)| r.ok()).collect()
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).expect("in memory");
    packed.finish().expect("in memory")
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).expect("in memory");
        archive.write_all(bytes).expect("in memory");
    }
    archive.finish().expect("in memory").into_inner()
}

fn tarred(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut all = Vec::new();
    for (name, bytes) in members {
        let mut header = [0u8; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", bytes.len()).as_bytes());
        header[156] = b'0';
        header[257..262].copy_from_slice(b"ustar");
        header[148..156].copy_from_slice(b"        ");
        let sum: u64 = header.iter().map(|b| u64::from(*b)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        all.extend_from_slice(&header);
        all.extend_from_slice(bytes);
        all.resize(all.len().next_multiple_of(512), 0);
    }
    all.resize(all.len() + 1024, 0);
    all
}

fn record(kind: &str, uri: &str, more: &str, block: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: 2024-03-13T00:00:00Z\r\n{more}Content-Length: {}\r\n\r\n",
        block.len()
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

const PAGE: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body><article><h1>Quay fire</h1>\
<p>A warehouse on the old quay burned down late on Tuesday, the harbour master said.</p></article></body></html>";

#[test]
fn archives_in_archives() {
    let inner = zipped(&[("b.txt", b"It burned twice."), (".hidden", b"no")]);
    let outer = tarred(&[("a.txt", b"It burned."), ("in/b.zip", &inner)]);
    let found = read("x.tar.gz", &gz(&outer));
    let labels: Vec<&str> = found.iter().map(|(l, _)| l.as_str()).collect();
    assert_eq!(labels, ["x.tar.gz/a.txt", "x.tar.gz/in/b.zip/b.txt"]);
    assert_eq!(found[1].1.as_deref(), Ok("It burned twice."));
}

#[test]
fn nesting_ends() {
    let mut bytes = zipped(&[("a.txt", b"It burned.")]);
    for _ in 0..8 {
        bytes = zipped(&[("a.zip", &bytes)]);
    }
    let found = read("x.zip", &bytes);
    assert!(found[0].1.as_ref().expect_err("too deep").contains("inside"), "{found:?}");
}

#[test]
fn a_bomb_is_a_fault() {
    let bomb = zipped(&[("bomb.txt", &vec![b'a'; 70 << 20]), ("a.txt", b"It burned.")]);
    let found = read("x.zip", &bomb);
    assert!(found[0].1.as_ref().expect_err("too long").contains("longer than"));
    assert_eq!(found[1].1.as_deref(), Ok("It burned."));
    assert!(read("x.gz", &gz(&vec![b'a'; 70 << 20]))[0].1.is_err());
}

#[test]
fn records_of_a_warc() {
    let picture = "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\u{89}PNG";
    let moved = "HTTP/1.1 301 Moved\r\nContent-Type: text/html\r\n\r\n<html>moved</html>";
    let digest = "WARC-Payload-Digest: sha1:ABC\r\n";
    let parts = [
        record("warcinfo", "", "", b"software: x"),
        record("response", "https://gazette.example/fire", digest, PAGE.as_bytes()),
        record("response", "https://gazette.example/p.png", "", picture.as_bytes()),
        record("response", "https://gazette.example/old", "", moved.as_bytes()),
        record("revisit", "https://gazette.example/fire", digest, b"HTTP/1.1 200 OK\r\n\r\n"),
        record("revisit", "https://gazette.example/gone", "WARC-Payload-Digest: sha1:X\r\n", b""),
        record("resource", "https://gazette.example/note", "Content-Type: text/plain\r\n", b"A note on the quay."),
    ];
    let check = |found: Vec<(String, Result<String, String>)>| {
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].0.ends_with(": https://gazette.example/fire"));
        assert!(found[0].1.as_ref().is_ok_and(|t| t.contains("the harbour master said")));
        assert!(found[1].1.as_ref().is_err_and(|r| r.contains("revisit")));
        assert_eq!(found[2].1.as_deref(), Ok("A note on the quay."));
    };
    check(read("x.warc", &parts.concat()));
    check(read("x.warc.gz", &parts.iter().flat_map(|p| gz(p)).collect::<Vec<u8>>()));
    check(read("x.warc.gz", &gz(&parts.concat())));
}

#[test]
fn a_broken_member_costs_itself() {
    let parts: Vec<Vec<u8>> =
        (0..3).map(|i| gz(&record("response", &format!("https://gazette.example/{i}"), "", PAGE.as_bytes()))).collect();
    let mut bytes = parts.concat();
    let middle = parts[0].len() + parts[1].len() / 2;
    bytes[middle..middle + 8].fill(0xFF);
    let found = read("x.warc.gz", &bytes);
    let good: Vec<&str> = found.iter().filter(|(_, r)| r.is_ok()).map(|(l, _)| l.as_str()).collect();
    assert!(
        good.contains(&"x.warc.gz: https://gazette.example/0")
            && good.contains(&"x.warc.gz: https://gazette.example/2"),
        "{found:?}"
    );
    assert!(found.iter().any(|(_, r)| r.as_ref().is_err_and(|e| e.contains("member 2 is broken"))), "{found:?}");
}

#[test]
fn garbage_between_records() {
    let page = record("response", "https://gazette.example/1", "", PAGE.as_bytes());
    let bytes = [
        &b"garbage\r\n\0\0\xFF"[..],
        b"\r\n",
        &page,
        b"more garbage\n",
        &page,
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99\r\n\r\ncut",
    ]
    .concat();
    let found = read("x.warc", &[b"WARC/1.0\r\nContent-Length: 0\r\n\r\n".as_slice(), &bytes].concat());
    assert_eq!(found.iter().filter(|(_, r)| r.is_ok()).count(), 2, "{found:?}");
    assert!(found.last().is_some_and(|(_, r)| r.as_ref().is_err_and(|e| e.contains("too early"))), "{found:?}");
}

#[test]
fn the_capture_bounds_the_dates() {
    let page = PAGE.replace("<h1>", "<meta property='article:published_time' content='2024-05-01'><h1>");
    let found = pieces(
        Some("x.warc"),
        Source::Stream(Box::new(Cursor::new(record("response", "https://gazette.example/1", "", page.as_bytes())))),
    );
    let report = found.flat_map(|p| p.reports(&Given::default())).next().expect("one").report.expect("report");
    assert_eq!((report.published, report.captured.as_deref()), (None, Some("2024-03-13T00:00:00Z")));
    assert!(report.warnings.iter().any(|w| w.contains("after the report was fetched")), "{:?}", report.warnings);
}

#[test]
fn tables() {
    let found = read("a.csv", "id;headline;text\n1;Quay fire;\"It burned.\n\nTwo were hurt.\"\n2;;\n".as_bytes());
    assert_eq!(found[0].1.as_deref(), Ok("Quay fire\n\nIt burned.\n\nTwo were hurt."));
    assert!(found[0].0 == "a.csv:2" && found[1].1.is_err(), "{found:?}");
    assert!(
        read("a.csv", b"a,b\n1,2\n")[0]
            .1
            .as_ref()
            .is_err_and(|e| e.contains("without a column named text (it has a, b)"))
    );
}

#[test]
fn a_mailbox() {
    let one =
        "From a@b.example Tue Mar 12 2024\nFrom: Jane <a@b.example>\nSubject: One\n\nIt burned.\n>From the quay.\n\n";
    let found = texts("x.mbox", format!("{one}{}", one.replace("One", "Two")).as_bytes());
    assert_eq!(
        found,
        [
            "One\n\nIt burned.\nFrom the quay.".replace(".\nFrom", ". From"),
            "Two\n\nIt burned. From the quay.".to_owned()
        ]
    );
}

#[test]
fn json_of_many_shapes() {
    assert_eq!(texts("a.json", br#"[{"text": "One."}, {"text": "Two."}]"#), ["One.", "Two."]);
    assert_eq!(texts("a.json", b"{\"text\": \"One.\"}\n{\"text\": \"Two.\"}"), ["One.", "Two."]);
    assert_eq!(texts("a.jsonl", b"{\"text\": \"One.\"}\n\n{\"text\": \"Two.\"}"), ["One.", "Two."]);
    assert_eq!(texts("-", b"{\n\"uri\": \"u\", \"body_text\": \"One.\"\n}"), ["One."]);
    assert_eq!(texts("a.jsonl", b"{\"uri\": \"u\", \"body_text\": \"One.\"}"), ["One."]);
}

#[test]
fn hostile_bytes_are_told() {
    let long = [b"{\"text\": \"".to_vec(), vec![b'a'; 65 << 20], b"\"}\n{\"text\": \"One.\"}".to_vec()].concat();
    let found = read("a.jsonl", &long);
    assert!(found[0].1.is_err() && found[1].1.as_deref() == Ok("One."));
    let deep = "[".repeat(100_000);
    assert!(read("a.json", deep.as_bytes())[0].1.is_err());
    let feed = format!("<rss><channel>{}</channel></rss>", "<item><title>It burned.</title></item>".repeat(20_000));
    assert_eq!(texts("a.xml", feed.as_bytes()).len(), 20_000);
    let bomb = "<!DOCTYPE rss [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><rss><channel><item><title>&b; fire</title></item></channel></rss>";
    assert_eq!(texts("a.xml", bomb.as_bytes()), ["&b; fire"]);
}

#[test]
fn no_item_of_a_feed_is_published_after_it_was_fetched() {
    let rss = b"<rss><channel><item><guid>late</guid><title>Quay fire</title><pubDate>Thu, 04 Apr 2030 08:00:00 GMT</pubDate></item>\
        <item><guid>good</guid><title>Port rain</title><pubDate>Tue, 12 Mar 2024 08:00:00 GMT</pubDate></item></channel></rss>";
    let json = br#"{"items": [{"id": "late", "content_text": "Quay fire.", "date_published": "2030-04-04"},
        {"id": "good", "content_text": "Port rain.", "date_published": "2024-03-12"}]}"#;
    for (format, bytes) in [(Format::Xml, rss.to_vec()), (Format::Json, json.to_vec())] {
        let known = Known { captured: Some("2024-03-13T00:00:00Z".to_owned()), ..Known::default() };
        let piece = Piece::new("feed".to_owned(), Content::Bytes { format, bytes, known });
        let reports: Vec<_> =
            piece.reports(&Given::default()).into_iter().map(|one| one.report.expect("report")).collect();
        assert!(reports.iter().all(|r| r.captured.as_deref() == Some("2024-03-13T00:00:00Z")));
        assert_eq!(reports[0].published, None);
        assert!(reports[0].warnings.iter().any(|w| w.contains("after the report was fetched")));
        assert!(reports[1].published.is_some());
    }
}
