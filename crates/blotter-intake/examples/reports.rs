//! Prints the report of every file named, one JSON object a line: what intake alone gives, without reading.
//!
//! `cargo run --release -p blotter-intake --example reports -- FILE..`

use std::io::Write;

use blotter_core::Report;
use blotter_core::ingest::Given;
use blotter_intake::{Source, pieces};
use serde_json::json;

fn main() -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for file in std::env::args().skip(1) {
        let source = Source::File(Box::new(std::fs::File::open(&file)?));
        let outcomes: Vec<_> = pieces(Some(&file), source).flat_map(|piece| piece.reports(&Given::default())).collect();
        for outcome in outcomes {
            let value = match outcome.report {
                Ok(report) => shown(&report),
                Err(reason) => {
                    eprintln!("{}: {reason}", outcome.label);
                    serde_json::Value::Null
                }
            };
            serde_json::to_writer(&mut out, &value)?;
            out.write_all(b"\n")?;
        }
    }
    Ok(())
}

/// The report's part of the contract's JSON.
fn shown(report: &Report) -> serde_json::Value {
    let points = |end: usize| report.text[..end].chars().count();
    let headline = report.headline.map(|h| json!({"start": points(h.start), "end": points(h.end)}));
    json!({"report": {
        "id": report.id, "url": report.url, "publisher": report.publisher, "headline": headline, "byline": report.byline,
        "published": report.published.as_ref().map(|d| &d.value), "updated": report.updated.as_ref().map(|d| &d.value),
        "language": report.language, "text": report.text, "warnings": report.warnings,
    }})
}
