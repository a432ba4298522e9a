//! Prints the report of every file named, one JSON object a line: what intake alone gives, without reading.
//!
//! `cargo run --release -p blotter-intake --example reports -- FILE..`

use std::io::Write;

use blotter_core::ingest::Given;
use serde_json::json;

fn main() -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for file in std::env::args().skip(1) {
        let bytes = std::fs::read(&file)?;
        let report = match blotter_intake::page(&bytes, &Given { name: Some(file.clone()), ..Given::default() }) {
            Ok(report) => report,
            Err(reason) => {
                eprintln!("{file}: {reason}");
                writeln!(out, "null")?;
                continue;
            }
        };
        let points = |end: usize| report.text[..end].chars().count();
        let headline = report.headline.map(|h| json!({"start": points(h.start), "end": points(h.end)}));
        let value = json!({"report": {
            "id": report.id, "url": report.url, "publisher": report.publisher, "headline": headline,
            "byline": report.byline, "published": report.published.as_ref().map(|d| &d.value),
            "updated": report.updated.as_ref().map(|d| &d.value), "language": report.language, "text": report.text,
            "warnings": report.warnings,
        }});
        serde_json::to_writer(&mut out, &value)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
