//! Reads the reports of a JSONL file and prints, for each, a least Reading (one incident: toll, victims, suspects).
//!
//! `cargo run --example tolls -- reports.jsonl [--readings | --mentions | --people] [WEIGHTS]`: the mentions for people to read, or
//! what speaks for the parts of people with an age, from which `training/people.py` learns.

use std::error::Error;

use blotter_core::data::Data;
use blotter_core::facts::Field;
use blotter_core::layers::Input;
use blotter_core::layers::entities::{Entities, Gender};
use blotter_core::layers::tolls::{self, Candidate, Prior, TollMention, Tolls, Weights};
use blotter_core::{Reader, Reading, ingest};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let path =
        std::env::args().nth(1).ok_or("usage: tolls REPORTS.jsonl [--readings | --mentions | --people] [WEIGHTS]")?;
    let mode = std::env::args().nth(2).unwrap_or_default();
    let model = std::env::args().nth(3).map(std::fs::read).transpose()?.unwrap_or_default();
    let reader = Reader::load(Data { weights: &model, gazetteer: &[] })?;
    let (entities, layer, weights) = (Entities::load()?, Tolls::load()?, Weights::load()?);
    for line in std::fs::read_to_string(path)?.lines() {
        let reading = reader.read(ingest::jsonl_line(line)?);
        let input = Input { report: &reading.report, scores: &reading.scores, sentences: &reading.sentences };
        let mentions = layer.read(input, &reading.numbers, &reading.entities, &entities);
        match mode.as_str() {
            "--mentions" => print_mentions(&reading, &mentions),
            "--people" => {
                println!("{}", people(&reading, tolls::people::features(input, &mentions, &reading.entities)))
            }
            _ => println!("{}", least(&reading, input, &mentions, &weights)),
        }
    }
    Ok(())
}

fn print_mentions(reading: &Reading, mentions: &[TollMention]) {
    println!("=== {}\n{}", reading.report.id, reading.report.text);
    for m in mentions {
        let who = m.who.map(|w| reading.report.words(w));
        let marks = [(m.attackers, "attackers"), (m.part, "part"), (m.negated, "negated")];
        let marks: Vec<&str> = marks.iter().filter(|(set, _)| *set).map(|(_, name)| *name).collect();
        let count = m.count.best.or(m.count.min);
        println!(
            "   * {} {count:?} {} {who:?} {:?} {:?} {marks:?}",
            m.field.name(),
            m.rule,
            m.entities,
            reading.report.words(m.span)
        );
    }
}

/// What speaks for a part of each person with an age, from which `training/people.py` learns.
fn people(reading: &Reading, found: Vec<(usize, Vec<String>)>) -> Value {
    let one =
        |(entity, features): (usize, Vec<String>)| json!({ "age": reading.entities[entity].age, "features": features });
    json!({ "id": reading.report.id, "people": found.into_iter().map(one).collect::<Vec<Value>>() })
}

fn least(reading: &Reading, input: Input<'_>, mentions: &[TollMention], weights: &Weights) -> Value {
    let summary = tolls::summary(input, mentions, &reading.entities, weights, &Prior::default());
    let best = |candidates: &[Candidate]| candidates.first().map(|c| json!({ "best": c.count }));
    let mut facts = Vec::new();
    let total = |c: &[Candidate]| c.first().map_or(0, |c| c.count);
    let harmed = total(&summary.killed) + total(&summary.wounded);
    let mut roles = tolls::roles(input, mentions, &reading.entities);
    if harmed > 0 {
        tolls::within(&mut roles, &reading.entities, harmed);
    }
    for role in roles {
        let entity = &reading.entities[role.entity];
        let gender = entity.gender.map(|g| if g == Gender::Male { "male" } else { "female" });
        let number = entity.number.map(|(min, best, max)| json!({ "min": min, "best": best, "max": max }));
        let field = if role.field == Field::Suspect { "suspect" } else { "victim" };
        let value = json!({ "entity": format!("e{}", role.entity + 1), "name": entity.name, "age": entity.age, "gender": gender,
            "number": number, "harm": role.harm.map(|h| h.name()) });
        facts.push(json!({ "field": field, "value": value, "status": "reported", "confidence": role.confidence }));
    }
    let toll = json!({ "killed": best(&summary.killed), "wounded": best(&summary.wounded) });
    json!({ "report": { "id": reading.report.id }, "incidents": [{ "relation": "main", "facts": facts, "toll": toll }] })
}
