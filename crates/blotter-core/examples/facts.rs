//! Reads the reports of a JSONL file and prints, for each, its Reading with every fact found, whatever speaks against it,
//! and the features of each: what `training/verifier.py` learns from.
//!
//! `cargo run --release --example facts -- REPORTS.jsonl WEIGHTS GAZETTEER`

use std::collections::BTreeMap;
use std::error::Error;

use blotter_core::data::Data;
use blotter_core::{Reader, ingest, wire};
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let [reports, weights, gazetteer] = &given[..] else {
        return Err("usage: facts REPORTS.jsonl WEIGHTS GAZETTEER".into());
    };
    let (weights, gazetteer) = (std::fs::read(weights)?, std::fs::read(gazetteer)?);
    let reader = Reader::load(Data { weights: &weights, gazetteer: &gazetteer })?;
    for line in std::fs::read_to_string(reports)?.lines() {
        let (reading, features) = reader.unverified(ingest::jsonl_line(line)?);
        let named = |facts: Vec<Vec<(String, f64)>>| -> Vec<BTreeMap<String, f64>> {
            facts.into_iter().map(|features| features.into_iter().collect()).collect()
        };
        let features: Vec<_> = features.into_iter().map(named).collect();
        println!("{}", json!({ "reading": wire::json(&reading), "features": features }));
    }
    Ok(())
}
