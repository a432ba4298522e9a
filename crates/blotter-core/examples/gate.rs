//! Prints the gate's score of each report of report JSONL on standard input: id, tab, logit (`none` where it cannot judge).
//!
//! `cargo run --release -p blotter-core --example gate < REPORTS.jsonl`; `quality/gate` makes a table of it.

use std::io::{BufRead, Write};

use blotter_core::gate::Gate;
use blotter_core::ingest::jsonl_line;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let gate = Gate::load()?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let report = jsonl_line(&line?)?;
        let score = gate.score(&report).map_or_else(|| "none".to_owned(), |score| format!("{score:.3}"));
        writeln!(out, "{}\t{score}\t{}", report.id, gate.may_tell(&report))?;
    }
    Ok(())
}
