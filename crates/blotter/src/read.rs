//! `blotter read`: inputs → Readings → output, in input order with any number of threads.

use std::cell::RefCell;
use std::io::{self, IsTerminal, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::Instant;

use blotter_core::codebook::Codebook;
use blotter_core::{Reader, Reading, Unread, wire};
use sha2::{Digest, Sha256};

use crate::cli::{Color, Global, Read};
use crate::inputs::Works;
use crate::progress::{Progress, Sum};
use crate::resume::Output;
use crate::steps::{self, Choice};
use crate::take::{self, Asked, Job};
use crate::views::{self, Look};
use crate::{FAILED, NOTHING, builtin, follow};

/// What becomes of one report.
enum Made {
    /// It went through.
    Done {
        /// What to print.
        out: Vec<u8>,
        words: usize,
        unread: Option<Unread>,
    },
    /// It stands in the output already.
    Known,
    /// Why it failed.
    Fault(String),
}

/// How reports are printed.
struct Print<'a> {
    options: &'a Read,
    book: Option<Codebook>,
    look: Look,
    /// Whether each report has a line with its name above it.
    named: bool,
}

/// Runs the command.
pub fn run(options: &Read, global: &Global) -> ExitCode {
    let mut inputs = options.inputs.clone();
    let following = !options.feeds.follow.is_empty();
    if inputs.is_empty() && !following {
        if io::stdin().is_terminal() {
            eprintln!(
                "blotter: nothing to read: name a file or a folder, or pipe a report in (see blotter read --help)"
            );
            return ExitCode::from(NOTHING);
        }
        inputs.push("-".into());
    }
    let book = match options.codebook.as_deref().map(codebook).transpose() {
        Ok(book) => book,
        Err(reason) => {
            eprintln!("blotter: --codebook {reason}");
            return ExitCode::from(NOTHING);
        }
    };
    let prepared = Asked::new(&options.desk).and_then(|asked| {
        let output = options.resume.as_deref().map(Output::open).transpose().map_err(|e| format!("--resume {e}"))?;
        Ok((asked, pool(global)?, output))
    });
    let (mut asked, pool, output) = match prepared {
        Ok(all) => all,
        Err(reason) => {
            eprintln!("blotter: {reason}");
            return ExitCode::from(NOTHING);
        }
    };
    let named = following || !matches!(&inputs[..], [one] if !one.is_dir() && !holds_many(one));
    let look = Look { verbose: options.verbose, ..look(global.color) };
    let print = Print { options, book, look, named };
    let mut works = Works::new(inputs);
    // On a terminal that also shows the output, the output is progress enough.
    let shown = output.is_none() && io::stdout().is_terminal();
    // Nor is there an end to a feed.
    let progress = Progress::new(global.quiet || following, shown, &works);
    let mut desk = Desk { output, stdout: io::stdout().lock(), sum: Sum::default(), progress };
    let began = Instant::now();
    let make = |job| made(job, &print);
    let ended = steps::run(&mut works, &asked, &pool, make, &mut desk).and_then(|taken| {
        asked.fewer(taken);
        follow::run(&options.feeds, global.quiet, asked, &pool, make, &mut desk)
    });
    let Desk { mut sum, progress, .. } = desk;
    sum.failed += ended.as_ref().copied().unwrap_or_default();
    drop(progress);
    let code = match ended {
        Ok(_) if sum.good() == 0 => ExitCode::from(NOTHING),
        Ok(_) if sum.failed > 0 => ExitCode::from(FAILED),
        Ok(_) => ExitCode::SUCCESS,
        // Whoever reads the output has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("blotter: {error}");
            ExitCode::from(NOTHING)
        }
    };
    if let Some(words) = sum.passed_over().filter(|_| !global.quiet && print.named) {
        eprintln!("blotter: {words}");
    }
    if global.stats {
        eprintln!("{}", sum.stats(began.elapsed()));
    }
    code
}

/// The codebook of a built-in name, else of a file.
pub fn codebook(name: &str) -> Result<Codebook, String> {
    if let Some(book) = Codebook::builtin(name) {
        return Ok(book);
    }
    let text = std::fs::read_to_string(name).map_err(|error| {
        let names: Vec<&str> = Codebook::builtin_names().collect();
        format!("{name}: {error}, and no built-in codebook has that name (there are {})", names.join(", "))
    })?;
    Codebook::parse(name, &text).map_err(|fault| fault.to_string())
}

/// Whether a file is of a kind that holds many reports.
fn holds_many(path: &std::path::Path) -> bool {
    let many =
        ["jsonl", "ndjson", "json", "xml", "rss", "atom", "csv", "tsv", "warc", "gz", "tgz", "zip", "tar", "mbox"];
    path.extension().is_some_and(|e| many.iter().any(|known| e.eq_ignore_ascii_case(known)))
}

/// The threads that read.
///
/// # Errors
/// A sentence.
pub fn pool(global: &Global) -> Result<rayon::ThreadPool, String> {
    let threads = global.threads.map_or(0, usize::from);
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|error| format!("--threads: {error}"))
}

/// How output looks, without details.
pub fn look(color: Color) -> Look {
    let stdout = io::stdout();
    let color = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never,
    };
    Look { width: views::width(), color, verbose: false, terminal: stdout.is_terminal() }
}

/// Where what was made of the reports comes to.
struct Desk<'a> {
    output: Option<Output>,
    stdout: io::StdoutLock<'a>,
    sum: Sum,
    progress: Progress,
}

impl steps::Desk for Desk<'_> {
    type Made = Made;
    type Stop = io::Error;

    fn choose(&mut self, job: Job) -> io::Result<Choice<Made>> {
        let known = match (&mut self.output, &job.report) {
            (Some(output), Ok(report)) => output.holds(&report.id, &sha256(&report.text)),
            _ => false,
        };
        Ok(if known { Choice::Made(Made::Known) } else { Choice::Read(Box::new(job)) })
    }

    fn take(&mut self, made: Made, done: u64) -> io::Result<()> {
        match made {
            Made::Done { out, words, unread } => {
                self.sum.add(words, unread.as_ref());
                match &mut self.output {
                    Some(output) => output.write_all(&out)?,
                    None => self.stdout.write_all(&out).and_then(|()| self.stdout.flush())?,
                }
            }
            Made::Known => self.sum.known += 1,
            Made::Fault(reason) => {
                self.sum.failed += 1;
                self.progress.aside(|| eprintln!("blotter: {reason}"));
            }
        }
        self.progress.at(&self.sum, done);
        Ok(())
    }
}

/// The SHA-256 of a text, in hex.
pub fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

thread_local! {
    /// The message of a panic in this thread, while one is expected and caught.
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps panics that are caught off the screen; they are reported with the input's name.
pub fn quiet_panics() {
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if rayon::current_thread_index().is_some() {
            PANIC.with(|slot| *slot.borrow_mut() = Some(info.to_string().replace('\n', " ")));
        } else {
            default(info);
        }
    }));
}

fn made(job: Job, print: &Print<'_>) -> Made {
    let label = job.label.clone();
    caught(|| one(job, print)).unwrap_or_else(|reason| Made::Fault(format!("{label}: {reason}")))
}

/// What a step of reading gives; a panic in it is a fault of that report alone.
///
/// # Errors
/// The step's own, or a sentence about the panic.
pub fn caught<T>(step: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(step)).unwrap_or_else(|_| {
        let message = PANIC.with(|slot| slot.borrow_mut().take()).unwrap_or_default();
        Err(format!("a fault in blotter itself, please report it: {message}"))
    })
}

/// The Reading of a report that is taken in; with `gate`, one that nobody picked is read only where it may tell of an incident.
///
/// # Errors
/// A sentence: the report's own fault, or one of the built-in data.
pub fn reading(job: Job, gate: bool) -> Result<Reading, String> {
    let report = job.report?;
    let reader: &Reader = builtin::reader().map_err(|e| format!("built-in data: {e}"))?;
    Ok(if gate && job.unpicked { reader.read_if_told(report) } else { reader.read(report) })
}

/// The output for one report.
fn one(job: Job, print: &Print<'_>) -> Result<Made, String> {
    if print.options.desk.dry_run {
        let report = job.report?;
        let words = report.text.split_whitespace().count();
        let out = format!("{}\n", take::listed(&job.label, &report)).into_bytes();
        return Ok(Made::Done { out, words, unread: None });
    }
    let began = Instant::now();
    let reading = reading(job, !print.options.desk.no_gate)?;
    let time = began.elapsed();
    let out = printed(&reading, print, time)?;
    Ok(Made::Done { out, words: reading.report.text.split_whitespace().count(), unread: reading.unread })
}

/// What is printed of a Reading.
fn printed(reading: &Reading, print: &Print<'_>, time: std::time::Duration) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let rows = print.book.as_ref().map(|book| book.apply(reading));
    let lines = match (print.options.json, rows) {
        (true, Some(rows)) => vec![wire::json_coded(reading, &rows)],
        (true, None) => vec![wire::json(reading)],
        // Without --json the rows alone.
        (false, rows) => rows.unwrap_or_default(),
    };
    if print.options.json || print.book.is_some() {
        for line in lines {
            serde_json::to_writer(&mut out, &line).map_err(|e| e.to_string())?;
            out.push(b'\n');
        }
        return Ok(out);
    }
    let body = if print.options.text {
        views::marked::report(reading, &print.look)
    } else {
        views::text::record(reading, &print.look, time)
    };
    if print.named {
        out.extend(views::text::name(reading, &print.look).into_bytes());
    }
    out.extend(body.into_bytes());
    Ok(out)
}
