//! `blotter add`: inputs → Readings, several at once → filed one by one, in input order.

use std::io::{self, IsTerminal, Write};
use std::time::Instant;

use blotter_case::{Access, Added, CaseFile, Thresholds};
use blotter_core::{Reader, Report, wire};
use blotter_intake::Outcome as Taken;
use rayon::prelude::*;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::{Done, READER, Stop, stamp};
use crate::cli::{Add, Global};
use crate::inputs::Works;
use crate::read::{self, Asked};
use crate::views::case as view;
use crate::{FAILED, NOTHING, builtin};

/// Runs the command.
pub fn run(options: &Add, global: &Global) -> Done {
    let mut inputs = options.inputs.clone();
    if inputs.is_empty() {
        if io::stdin().is_terminal() {
            let words = "nothing to file: name a file or a folder, or pipe a report in (see blotter add --help)";
            return Err(Stop::Said(words.to_owned()));
        }
        inputs.push("-".into());
    }
    let mut asked = Asked::new(&options.desk)?;
    let pool = read::pool(global)?;
    // Faults of the command line are told before a file is made.
    stamp(&options.stamped)?;
    if options.desk.dry_run {
        return dry_run(inputs, asked, &pool);
    }
    let mut case = CaseFile::open(&options.stamped.file.db, Access::Create)?;
    if options.join.is_some() || options.doubt.is_some() {
        let known = case.thresholds()?;
        let join = options.join.unwrap_or(known.join);
        let new = Thresholds { join, doubt: options.doubt.unwrap_or(known.doubt.min(join)) };
        case.set_thresholds(new, &stamp(&options.stamped)?)?;
    }
    let began = Instant::now();
    let mut sum = read::Sum::default();
    let mut works = Works::new(inputs).peekable();
    let mut progress = read::Progress::new(global.quiet);
    while !asked.enough() && works.peek().is_some() {
        let portion = read::portion(&mut works, &pool);
        let taken = asked.take_in(&portion, &pool);
        let labels: Vec<String> = taken.iter().map(|one| one.label.clone()).collect();
        for (label, read) in labels.iter().zip(read_all(&case, taken, &pool)?) {
            match read.and_then(|read| file(&mut case, read, options)) {
                Ok((added, words)) => {
                    sum.read += 1;
                    sum.words += words;
                    say(&added, options, global)?;
                }
                Err(Fault::Report(reason)) => {
                    sum.failed += 1;
                    progress.aside(|| eprintln!("blotter: {label}: {reason}"));
                }
                Err(Fault::Stop(stop)) => return Err(stop),
            }
        }
        progress.at(&sum);
    }
    if global.stats {
        eprintln!("{}", read::stats(&sum, began.elapsed()));
    }
    Ok(match (sum.read, sum.failed) {
        (0, _) => NOTHING,
        (_, 0) => 0,
        _ => FAILED,
    })
}

/// Lists what would be filed.
fn dry_run(inputs: Vec<std::path::PathBuf>, mut asked: Asked, pool: &rayon::ThreadPool) -> Done {
    let (mut good, mut bad) = (0usize, 0usize);
    let mut works = Works::new(inputs).peekable();
    while !asked.enough() && works.peek().is_some() {
        let portion = read::portion(&mut works, pool);
        for one in asked.take_in(&portion, pool) {
            match &one.report {
                Ok(report) => {
                    good += 1;
                    writeln!(io::stdout(), "{}", read::listed(&one, report))?;
                }
                Err(reason) => {
                    bad += 1;
                    eprintln!("blotter: {}: {reason}", one.label);
                }
            }
        }
    }
    Ok(match (good, bad) {
        (0, _) => NOTHING,
        (_, 0) => 0,
        _ => FAILED,
    })
}

/// Why a report was not filed.
enum Fault {
    /// It cannot be; the others go on.
    Report(String),
    /// Nothing can be filed any more.
    Stop(Stop),
}

/// A report on its way.
enum Read {
    /// It is filed already, with this text.
    Known(Added),
    /// Its Reading, and how many words it has.
    New(Json, usize),
}

/// Reads a portion; reports that are filed already with the same text are not read again.
fn read_all(case: &CaseFile, taken: Vec<Taken>, pool: &rayon::ThreadPool) -> Result<Vec<Result<Read, Fault>>, Stop> {
    let reports: Vec<Result<Report, String>> = taken.into_iter().map(|one| one.report).collect();
    let mut known = Vec::new();
    for report in &reports {
        known.push(match report {
            // A canceled item may repeat the words that it takes back.
            Ok(report) if canceled(report) => None,
            Ok(report) => case.unchanged(&report.id, &sha256(&report.text))?,
            Err(_) => None,
        });
    }
    let pairs: Vec<_> = reports.into_iter().zip(known).collect();
    Ok(pool.install(|| pairs.into_par_iter().map(|(report, known)| one(report, known)).collect()))
}

fn canceled(report: &Report) -> bool {
    report.wire.as_ref().is_some_and(|wire| wire.pubstatus.as_deref() == Some("canceled"))
}

fn one(report: Result<Report, String>, known: Option<Added>) -> Result<Read, Fault> {
    if let Some(known) = known {
        return Ok(Read::Known(known));
    }
    let report = report.map_err(Fault::Report)?;
    let words = report.text.split_whitespace().count();
    let reader: &Reader = builtin::reader().map_err(|e| Fault::Report(format!("built-in data: {e}")))?;
    let reading = read::caught(|| Ok(wire::json(&reader.read(report)))).map_err(Fault::Report)?;
    Ok(Read::New(reading, words))
}

fn file(case: &mut CaseFile, read: Read, options: &Add) -> Result<(Added, usize), Fault> {
    match read {
        Read::Known(added) => Ok((added, 0)),
        Read::New(reading, words) => {
            let stamp = stamp(&options.stamped).map_err(Fault::Stop)?;
            match case.add(&reading, READER, &stamp) {
                Ok(added) => Ok((added, words)),
                // A full disk or a time that runs backwards stands in the way of all the others, too.
                Err(error) => Err(Fault::Stop(Stop::Case(error))),
            }
        }
    }
}

fn say(added: &Added, options: &Add, global: &Global) -> Result<(), Stop> {
    let line = match options.stamped.file.json {
        true => format!("{}\n", added.json()),
        false => view::added(added, &read::look(global.color)),
    };
    let mut out = io::stdout().lock();
    out.write_all(line.as_bytes())?;
    Ok(out.flush()?)
}

fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}
