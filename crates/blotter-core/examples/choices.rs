//! Reads the reports of a JSONL file and prints, for each, its incidents with the places that may be theirs and what
//! speaks for each: what `training/places.py` learns from.
//!
//! `cargo run --release --example places -- REPORTS.jsonl WEIGHTS GAZETTEER`

use std::collections::BTreeMap;
use std::error::Error;

use blotter_core::data::Data;
use blotter_core::text::Span;
use blotter_core::{Reader, ingest};
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let [reports, weights, gazetteer] = &given[..] else {
        return Err("usage: places REPORTS.jsonl WEIGHTS GAZETTEER".into());
    };
    let (weights, gazetteer) = (std::fs::read(weights)?, std::fs::read(gazetteer)?);
    let reader = Reader::load(Data { weights: &weights, gazetteer: &gazetteer })?;
    let pairs = |text: &str, spans: &[Span]| -> Vec<[usize; 2]> {
        // Code points, as in the contract.
        spans.iter().map(|s| [text[..s.start].chars().count(), text[..s.end].chars().count()]).collect()
    };
    for line in std::fs::read_to_string(reports)?.lines() {
        let report = ingest::jsonl_line(line)?;
        let (id, text) = (report.id.clone(), report.text.clone());
        let incidents: Vec<_> = reader
            .places(report)
            .into_iter()
            .map(|(anchors, choices)| {
                let places: Vec<_> = choices
                    .into_iter()
                    .map(|c| {
                        json!({ "name": c.name, "chosen": c.chosen, "within": c.within,
                            "mentions": pairs(&text, &c.mentions),
                            "features": c.features.into_iter().collect::<BTreeMap<_, _>>() })
                    })
                    .collect();
                json!({ "anchors": pairs(&text, &anchors), "places": places })
            })
            .collect();
        println!("{}", json!({ "id": id, "incidents": incidents }));
    }
    Ok(())
}
