//! Reads the reports of a JSONL file and prints, for each, its drafts of incidents with what is to be chosen for them (place,
//! date, totals) and what speaks for each choice: what `training/places.py`, `dates.py` and `tolls.py` learn from.
//!
//! `cargo run --release --example choices -- REPORTS.jsonl WEIGHTS GAZETTEER`

use std::collections::BTreeMap;
use std::error::Error;

use blotter_core::data::Data;
use blotter_core::facts::weights::Feature;
use blotter_core::layers::tolls::Candidate;
use blotter_core::text::Span;
use blotter_core::{Reader, ingest};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let [reports, weights, gazetteer] = &given[..] else {
        return Err("usage: choices REPORTS.jsonl WEIGHTS GAZETTEER".into());
    };
    let (weights, gazetteer) = (std::fs::read(weights)?, std::fs::read(gazetteer)?);
    let reader = Reader::load(Data { weights: &weights, gazetteer: &gazetteer })?;
    for line in std::fs::read_to_string(reports)?.lines() {
        let report = ingest::jsonl_line(line)?;
        let (id, text) = (report.id.clone(), report.text.clone());
        // Code points, as in the contract.
        let spans = |spans: &[Span]| -> Vec<[usize; 2]> {
            spans.iter().map(|s| [text[..s.start].chars().count(), text[..s.end].chars().count()]).collect()
        };
        let incidents: Vec<Value> = reader
            .choices(report)
            .into_iter()
            .map(|choices| {
                let places = choices.places.into_iter().map(|c| {
                    json!({ "name": c.name, "chosen": c.chosen, "within": c.within, "mentions": spans(&c.mentions),
                        "features": named(c.features) })
                });
                let dates = choices.dates.into_iter().map(|c| {
                    let (start, end) = c.extent.map(|e| (e.start, e.end)).unwrap_or_default();
                    json!({ "start": start, "end": end, "mentions": spans(&c.mentions), "features": named(c.features) })
                });
                let wounded = choices.wounded.into_iter();
                json!({ "anchors": spans(&choices.anchors), "places": places.collect::<Value>(),
                    "dates": dates.collect::<Value>(), "killed": totals(choices.killed),
                    "wounded": wounded.map(|(k, w)| json!({ "killed": k, "candidates": totals(w) })).collect::<Value>() })
            })
            .collect();
        println!("{}", json!({ "id": id, "incidents": incidents }));
    }
    Ok(())
}

fn named(features: Vec<Feature>) -> BTreeMap<String, f64> {
    features.into_iter().collect()
}

fn totals(candidates: Vec<Candidate>) -> Value {
    candidates.into_iter().map(|c| json!({ "count": c.count, "features": c.features })).collect()
}
