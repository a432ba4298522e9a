//! Files Readings (`blotter read --json`) in a case file, in the order given or shuffled, and prints the clusters as
//! `blotter clusters --json` does: to compare orders of arrival without reading the reports again.
//!
//! `cargo run --release -p blotter-case --example fill -- CASE.db [SEED] < READINGS.jsonl > CLUSTERS.jsonl`

use std::error::Error;
use std::io::{BufRead, Write};
use std::path::Path;

use blotter_case::{Access, CaseFile, Stamp};
use serde_json::Value as Json;

fn main() -> Result<(), Box<dyn Error>> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let path = given.first().ok_or("usage: fill CASE.db [SEED] < READINGS.jsonl")?;
    let mut readings: Vec<Json> = Vec::new();
    for line in std::io::stdin().lock().lines() {
        readings.push(serde_json::from_str(&line?)?);
    }
    if let Some(seed) = given.get(1) {
        let mut random: u64 = seed.parse::<u64>()?.wrapping_mul(2) + 1;
        for i in (1..readings.len()).rev() {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            readings.swap(i, usize::try_from(random >> 33)? % (i + 1));
        }
    }
    let mut case = CaseFile::open(Path::new(path), Access::Create)?;
    let stamp = Stamp { at: "2024-01-01T00:00:00Z".to_owned(), set: true, by: None };
    for reading in &readings {
        case.add(reading, "example", &stamp)?;
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for cluster in case.clusters()? {
        writeln!(out, "{}", cluster.json())?;
    }
    Ok(())
}
