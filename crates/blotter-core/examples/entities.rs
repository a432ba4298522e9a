//! Prints the entities of the reports of a JSONL file: `cargo run --example entities -- reports.jsonl [WEIGHTS]`.

use std::error::Error;

use blotter_core::Reader;
use blotter_core::data::Data;
use blotter_core::text::Report;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: entities REPORTS.jsonl")?;
    let model = std::env::args().nth(2).map(std::fs::read).transpose()?.unwrap_or_default();
    let reader = Reader::load(Data { weights: &model, gazetteer: &[] })?;
    for line in std::fs::read_to_string(path)?.lines() {
        let report: serde_json::Value = serde_json::from_str(line)?;
        let part = |key: &str| report[key].as_str().unwrap_or_default();
        let text = format!("{}\n\n{}", part("title"), part("text"));
        let reading = reader.read(Report { id: part("id").into(), text, ..Report::default() });
        println!("=== {}", reading.report.id);
        for e in &reading.entities {
            println!(
                "{:?} {:?} title={:?} {:?} age={:?} {:?} {:?} {:?}",
                e.kind, e.name, e.title, e.group, e.age, e.gender, e.number, e.country
            );
            let mentions: Vec<&str> = e.mentions.iter().map(|m| reading.report.words(m.span)).collect();
            println!("      {mentions:?}");
        }
    }
    Ok(())
}
