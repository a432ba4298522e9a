//! The program: arguments, files and clock at the rim; everything else is `blotter-core`.

use std::io::{BufRead, BufReader, Write};
use std::process::ExitCode;

use blotter_core::data::Data;
use blotter_core::{Reader, ingest, wire};

fn main() -> ExitCode {
    let reader = Reader::load(Data { weights: &[], gazetteer: &[] }).expect("built-in data");
    let mut out = std::io::stdout().lock();
    for path in std::env::args().skip(2).filter(|a| !a.starts_with("--")) {
        for line in BufReader::new(std::fs::File::open(path).expect("file")).lines() {
            let report = ingest::jsonl_line(&line.expect("line")).expect("report");
            writeln!(out, "{}", wire::json(&reader.read(report))).expect("stdout");
        }
    }
    ExitCode::SUCCESS
}
