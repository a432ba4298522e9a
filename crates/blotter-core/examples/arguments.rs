//! Reads the reports of a JSONL file and prints, for each event, what stands near its trigger with what speaks for its
//! roles: what `training/arguments.py` learns from.
//!
//! `cargo run --release --example arguments -- REPORTS.jsonl WEIGHTS`: a line `{"id", "text", "triggers": [{"span": [first
//! byte, one past the last], "type"}]}` a report; where `triggers` is left out, those that the program finds.

use std::error::Error;

use blotter_core::Reader;
use blotter_core::data::Data;
use blotter_core::layers::Input;
use blotter_core::layers::events::arguments::{Surroundings, Trigger};
use blotter_core::text::{Report, Span};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let [reports, weights] = &given[..] else { return Err("usage: arguments REPORTS.jsonl WEIGHTS".into()) };
    let weights = std::fs::read(weights)?;
    let reader = Reader::load(Data { weights: &weights, gazetteer: &[] })?;
    for line in std::fs::read_to_string(reports)?.lines() {
        let row: Value = serde_json::from_str(line)?;
        let part = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let reading = reader.read(Report { id: part("id"), text: part("text"), ..Report::default() });
        let given = row["triggers"].as_array().map(|list| {
            let byte = |value: &Value| value.as_u64().unwrap_or_default() as usize;
            let one = |t: &Value| {
                (Span::new(byte(&t["span"][0]), byte(&t["span"][1])), t["type"].as_str().unwrap_or_default().to_owned())
            };
            list.iter().map(one).collect::<Vec<_>>()
        });
        let triggers = given.unwrap_or_else(|| reading.events.iter().map(|e| (e.span, e.kind.clone())).collect());
        let input = Input { report: &reading.report, scores: &reading.scores, sentences: &reading.sentences };
        let around = Surroundings::new(input, &reading.entities, triggers.iter().map(|(span, _)| *span).collect());
        let events = triggers.iter().map(|(span, kind)| {
            let candidates = around.candidates(Trigger { span: *span, kind }).into_iter().map(|c| {
                json!({ "span": [c.span.start, c.span.end], "head": [c.head.start, c.head.end], "features": c.features })
            });
            json!({ "span": [span.start, span.end], "type": kind, "candidates": candidates.collect::<Vec<_>>() })
        });
        println!("{}", json!({ "id": reading.report.id, "events": events.collect::<Vec<_>>() }));
    }
    Ok(())
}
