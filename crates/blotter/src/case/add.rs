//! `blotter add`: inputs → Readings, several at once → filed one by one, in input order.

use std::io::{self, IsTerminal, Write};
use std::time::Instant;

use blotter_case::{Access, Added, CaseFile, Thresholds};
use blotter_core::{Report, Unread, wire};
use serde_json::Value as Json;

use super::{Done, READER, Stop, stamp};
use crate::cli::{Add, Global};
use crate::inputs::Works;
use crate::progress::{Progress, Sum};
use crate::read;
use crate::steps::{self, Choice};
use crate::take::{self, Asked, Job};
use crate::views::case as view;
use crate::{FAILED, NOTHING, follow};

/// Runs the command.
pub fn run(options: &Add, global: &Global) -> Done {
    let mut inputs = options.inputs.clone();
    let following = !options.feeds.follow.is_empty();
    if inputs.is_empty() && !following {
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
        return dry_run(Works::new(inputs), options, global, asked, &pool);
    }
    let mut case = CaseFile::open(&options.stamped.file.db, Access::Create)?;
    if options.join.is_some() || options.doubt.is_some() {
        let known = case.thresholds()?;
        let join = options.join.unwrap_or(known.join);
        let new = Thresholds { join, doubt: options.doubt.unwrap_or(known.doubt.min(join)) };
        case.set_thresholds(new, &stamp(&options.stamped)?)?;
    }
    let began = Instant::now();
    let mut works = Works::new(inputs);
    // The output of each report is progress enough; and there is no end to a feed.
    let progress = Progress::new(global.quiet || following, io::stdout().is_terminal(), &works);
    let mut desk = Desk { case, options, global, sum: Sum::default(), progress };
    let gate = !options.desk.no_gate;
    let make = |job| made(job, gate);
    asked.fewer(steps::run(&mut works, &asked, &pool, make, &mut desk)?);
    let failed = follow::run(&options.feeds, global.quiet, asked, &pool, make, &mut desk)?;
    let Desk { mut sum, progress, .. } = desk;
    sum.failed += failed;
    drop(progress);
    if let Some(words) = sum.passed_over().filter(|_| !global.quiet) {
        eprintln!("blotter: {words}");
    }
    if global.stats {
        eprintln!("{}", sum.stats(began.elapsed()));
    }
    Ok(match (sum.good(), sum.failed) {
        (0, _) => NOTHING,
        (_, 0) => 0,
        _ => FAILED,
    })
}

/// Lists what would be filed.
fn dry_run(mut works: Works, options: &Add, global: &Global, mut asked: Asked, pool: &rayon::ThreadPool) -> Done {
    let mut desk = Listing { good: 0, bad: 0 };
    let list = |job: Job| {
        let line = job.report.map(|report| take::listed(&job.label, &report).to_string());
        line.map_err(|reason| format!("{}: {reason}", job.label))
    };
    asked.fewer(steps::run(&mut works, &asked, pool, list, &mut desk)?);
    desk.bad += follow::run(&options.feeds, global.quiet, asked, pool, list, &mut desk)?;
    Ok(match (desk.good, desk.bad) {
        (0, _) => NOTHING,
        (_, 0) => 0,
        _ => FAILED,
    })
}

struct Listing {
    good: usize,
    bad: usize,
}

impl steps::Desk for Listing {
    type Made = Result<String, String>;
    type Stop = Stop;

    fn choose(&mut self, job: Job) -> Result<Choice<Self::Made>, Stop> {
        Ok(Choice::Read(Box::new(job)))
    }

    fn take(&mut self, line: Self::Made, _: u64) -> Result<(), Stop> {
        match line {
            Ok(line) => {
                self.good += 1;
                writeln!(io::stdout(), "{line}")?;
            }
            Err(reason) => {
                self.bad += 1;
                eprintln!("blotter: {reason}");
            }
        }
        Ok(())
    }
}

/// A report on its way.
enum Made {
    /// It is filed already, with this text.
    Known(Added),
    /// Its Reading, how many words it has, and why it was not read.
    New(Box<Json>, usize, Option<Unread>),
    /// Why it cannot be filed.
    Fault(String),
}

/// Where the Readings are filed, in input order.
struct Desk<'a> {
    case: CaseFile,
    options: &'a Add,
    global: &'a Global,
    sum: Sum,
    progress: Progress,
}

impl steps::Desk for Desk<'_> {
    type Made = Made;
    type Stop = Stop;

    /// Reports that are filed already with the same text are not read again.
    fn choose(&mut self, job: Job) -> Result<Choice<Made>, Stop> {
        // A canceled item may repeat the words that it takes back.
        let known = match &job.report {
            Ok(report) if !canceled(report) => self.case.unchanged(&report.id, &read::sha256(&report.text))?,
            _ => None,
        };
        Ok(known.map_or_else(|| Choice::Read(Box::new(job)), |added| Choice::Made(Made::Known(added))))
    }

    fn take(&mut self, made: Made, done: u64) -> Result<(), Stop> {
        match made {
            Made::Known(added) => {
                self.sum.known += 1;
                self.say(&added, None)?;
            }
            Made::New(reading, words, unread) => {
                self.sum.add(words, unread.as_ref());
                // A full disk or a time that runs backwards stands in the way of all the others, too.
                let added = self.case.add(&reading, READER, &stamp(&self.options.stamped)?)?;
                self.say(&added, unread.as_ref())?;
            }
            Made::Fault(reason) => {
                self.sum.failed += 1;
                self.progress.aside(|| eprintln!("blotter: {reason}"));
            }
        }
        self.progress.at(&self.sum, done);
        Ok(())
    }
}

impl Desk<'_> {
    fn say(&self, added: &Added, unread: Option<&Unread>) -> Result<(), Stop> {
        let line = match self.options.stamped.file.json {
            true => {
                let mut line = added.json();
                if let Some(why) = unread {
                    line["unread"] = why.to_string().into();
                }
                format!("{line}\n")
            }
            false => view::added(added, unread, &read::look(self.global.color)),
        };
        let mut out = io::stdout().lock();
        out.write_all(line.as_bytes())?;
        Ok(out.flush()?)
    }
}

fn canceled(report: &Report) -> bool {
    report.wire.as_ref().is_some_and(|wire| wire.pubstatus.as_deref() == Some("canceled"))
}

fn made(job: Job, gate: bool) -> Made {
    let label = job.label.clone();
    let read = read::caught(|| {
        let reading = read::reading(job, gate)?;
        let words = reading.report.text.split_whitespace().count();
        Ok(Made::New(Box::new(wire::json(&reading)), words, reading.unread))
    });
    read.unwrap_or_else(|reason| Made::Fault(format!("{label}: {reason}")))
}
