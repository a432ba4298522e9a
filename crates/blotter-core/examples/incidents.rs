//! Reads the reports of a JSONL file and prints, for each, its Reading with every draft that may be an incident, told or
//! not, and what speaks for each: what `training/incidents.py` learns from. With a weight file that `training/relevance.py`
//! probes with, also the encoder's vector of each window.
//!
//! `cargo run --release --example incidents -- REPORTS.jsonl WEIGHTS GAZETTEER`

use std::collections::BTreeMap;
use std::error::Error;

use blotter_core::data::Data;
use blotter_core::{Reader, ingest, wire};
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let [reports, weights, gazetteer] = &given[..] else {
        return Err("usage: incidents REPORTS.jsonl WEIGHTS GAZETTEER".into());
    };
    let (weights, gazetteer) = (std::fs::read(weights)?, std::fs::read(gazetteer)?);
    let reader = Reader::load(Data { weights: &weights, gazetteer: &gazetteer })?;
    for line in std::fs::read_to_string(reports)?.lines() {
        let (reading, features) = reader.drafted(ingest::jsonl_line(line)?);
        let features: Vec<BTreeMap<String, f64>> = features.into_iter().map(|f| f.into_iter().collect()).collect();
        let windows = reading.scores.document.get("pooled").map(|head| head.windows.clone());
        println!("{}", json!({ "reading": wire::json(&reading), "features": features, "windows": windows }));
    }
    Ok(())
}
