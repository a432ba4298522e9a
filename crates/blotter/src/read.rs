//! `blotter read`: inputs → Readings → output, in input order with any number of threads.

use std::cell::RefCell;
use std::io::{self, IsTerminal, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use blotter_core::codebook::Codebook;
use blotter_core::ingest::{self, Given};
use blotter_core::{Reader, Report, wire};
use blotter_intake::{Outcome as Taken, Piece};
use indicatif::{ProgressBar, ProgressDrawTarget};
use rayon::prelude::*;

use crate::cli::{Color, Desk, Global, Read};
use crate::inputs::Works;
use crate::views::{self, Look};
use crate::{FAILED, NOTHING, builtin};

/// Reports read together before any of them is printed, per thread: enough to keep every thread busy.
const TOGETHER: usize = 8;
/// Bytes read together, so that memory stays bounded by the longest report.
const TOGETHER_BYTES: usize = 2 << 20;
/// Progress is shown after this time.
const LONG: Duration = Duration::from_millis(1500);

/// What becomes of one report.
struct Outcome {
    /// What to print.
    out: Vec<u8>,
    /// Why it failed.
    fault: Option<String>,
    words: usize,
}

/// What became of all.
#[derive(Default)]
pub struct Sum {
    /// Reports that were read.
    pub read: usize,
    /// Those that were not.
    pub failed: usize,
    /// The words of those that were.
    pub words: usize,
}

/// What the command line says about the reports of its inputs.
pub struct Asked {
    given: Given,
    publisher: Option<String>,
    /// ISO 8601, a day.
    since: Option<String>,
    /// How many more may be taken.
    left: usize,
}

impl Asked {
    /// The options of a desk, checked.
    ///
    /// # Errors
    /// A sentence, where a date cannot be read.
    pub fn new(desk: &Desk) -> Result<Asked, String> {
        let checked = |option: &str, date: &Option<String>| match date.as_deref().map(ingest::dates::any) {
            Some(None) => Err(format!(
                "{option} {}: not a date that can be read (write 2024-03-12 or 2024-03-12T21:40)",
                date.as_deref().unwrap_or_default()
            )),
            read => Ok(read.flatten()),
        };
        checked("--published", &desk.published)?;
        Ok(Asked {
            given: Given { name: None, title: desk.title.clone(), published: desk.published.clone() },
            publisher: desk.publisher.clone(),
            since: checked("--since", &desk.since)?,
            left: desk.limit.unwrap_or(usize::MAX),
        })
    }

    /// Whether no more reports are wanted.
    pub fn enough(&self) -> bool {
        self.left == 0
    }

    /// The reports of a portion that are wanted, taken in at the same time, in input order; faults among them.
    pub fn take_in(&mut self, portion: &[Piece], pool: &rayon::ThreadPool) -> Vec<Taken> {
        let given = &self.given;
        let taken: Vec<Vec<Taken>> = pool.install(|| portion.par_iter().map(|piece| piece.reports(given)).collect());
        let mut found = Vec::new();
        for mut one in taken.into_iter().flatten() {
            if let Ok(report) = &mut one.report {
                if self.left == 0 || self.is_old(report) {
                    continue;
                }
                self.left -= 1;
                if report.publisher.is_none() {
                    report.publisher = self.publisher.clone();
                }
            }
            found.push(one);
        }
        found
    }

    /// Whether a report is older than what was asked for. One that does not say when it is from may be new.
    fn is_old(&self, report: &Report) -> bool {
        let Some(since) = self.since.as_deref() else { return false };
        let last = report.updated.as_ref().or(report.published.as_ref()).and_then(|d| d.value.get(..10));
        last.is_some_and(|day| !day.contains('X') && day < since.get(..10).unwrap_or(since))
    }
}

/// What --dry-run prints of a report.
pub fn listed(taken: &Taken, report: &Report) -> serde_json::Value {
    serde_json::json!({
        "input": taken.label, "id": report.id, "headline": report.headline.map(|h| report.words(h)), "publisher": report.publisher,
        "published": report.published.as_ref().map(|d| &d.value), "updated": report.updated.as_ref().map(|d| &d.value),
        "language": report.language, "words": report.text.split_whitespace().count(), "warnings": report.warnings,
    })
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
    if inputs.is_empty() {
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
    let (mut asked, pool) = match Asked::new(&options.desk).and_then(|asked| Ok((asked, pool(global)?))) {
        Ok(both) => both,
        Err(reason) => {
            eprintln!("blotter: {reason}");
            return ExitCode::from(NOTHING);
        }
    };
    let named = !matches!(&inputs[..], [one] if !one.is_dir() && !holds_many(one));
    let look = Look { verbose: options.verbose, ..look(global.color) };
    let print = Print { options, book, look, named };
    let began = Instant::now();
    let mut sum = Sum::default();
    let code = match stream(Works::new(inputs), &pool, &print, global, &mut asked, &mut sum) {
        Ok(()) if sum.read == 0 => ExitCode::from(NOTHING),
        Ok(()) if sum.failed > 0 => ExitCode::from(FAILED),
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads the output has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("blotter: {error}");
            ExitCode::from(NOTHING)
        }
    };
    if global.stats {
        eprintln!("{}", stats(&sum, began.elapsed()));
    }
    code
}

/// The codebook of a built-in name, else of a file.
fn codebook(name: &str) -> Result<Codebook, String> {
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

/// Reads and prints in portions: bounded memory, input order.
fn stream(
    works: Works,
    pool: &rayon::ThreadPool,
    print: &Print<'_>,
    global: &Global,
    asked: &mut Asked,
    sum: &mut Sum,
) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    let mut works = works.peekable();
    let mut progress = Progress::new(global.quiet);
    while !asked.enough() && works.peek().is_some() {
        let portion = portion(&mut works, pool);
        let taken = asked.take_in(&portion, pool);
        let outcomes: Vec<Outcome> = pool.install(|| taken.into_par_iter().map(|one| outcome(one, print)).collect());
        for outcome in outcomes {
            sum.read += usize::from(outcome.fault.is_none());
            sum.failed += usize::from(outcome.fault.is_some());
            sum.words += outcome.words;
            if let Some(fault) = outcome.fault {
                progress.aside(|| eprintln!("blotter: {fault}"));
            }
            stdout.write_all(&outcome.out)?;
        }
        stdout.flush()?;
        progress.at(sum);
    }
    Ok(())
}

/// The next pieces of work that are read together.
pub fn portion(works: &mut impl Iterator<Item = Piece>, pool: &rayon::ThreadPool) -> Vec<Piece> {
    let mut portion = Vec::new();
    let mut bytes = 0;
    while portion.len() < TOGETHER * pool.current_num_threads() && bytes < TOGETHER_BYTES {
        let Some(work) = works.next() else { break };
        bytes += work.len();
        portion.push(work);
    }
    portion
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

fn outcome(taken: Taken, print: &Print<'_>) -> Outcome {
    let label = taken.label.clone();
    match caught(|| one(taken, print)) {
        Ok((out, words)) => Outcome { out, fault: None, words },
        Err(reason) => Outcome { out: Vec::new(), fault: Some(format!("{label}: {reason}")), words: 0 },
    }
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

/// The output for one report, and its number of words.
fn one(mut taken: Taken, print: &Print<'_>) -> Result<(Vec<u8>, usize), String> {
    let report = std::mem::replace(&mut taken.report, Err(String::new()))?;
    let words = report.text.split_whitespace().count();
    if print.options.desk.dry_run {
        return Ok((format!("{}\n", listed(&taken, &report)).into_bytes(), words));
    }
    let reader: &Reader = builtin::reader().map_err(|e| format!("built-in data: {e}"))?;
    let began = Instant::now();
    let reading = reader.read(report);
    let time = began.elapsed();
    let mut out = Vec::new();
    let rows = print.book.as_ref().map(|book| book.apply(&reading));
    let lines = match (print.options.json, rows) {
        (true, Some(rows)) => vec![wire::json_coded(&reading, &rows)],
        (true, None) => vec![wire::json(&reading)],
        // Without --json the rows alone.
        (false, rows) => rows.unwrap_or_default(),
    };
    if print.options.json || print.book.is_some() {
        for line in lines {
            serde_json::to_writer(&mut out, &line).map_err(|e| e.to_string())?;
            out.push(b'\n');
        }
        return Ok((out, words));
    }
    let body = if print.options.text {
        views::marked::report(&reading, &print.look)
    } else {
        views::text::record(&reading, &print.look, time)
    };
    if print.named {
        out.extend(views::text::name(&reading, &print.look).into_bytes());
    }
    out.extend(body.into_bytes());
    Ok((out, words))
}

/// A count of reports on stderr, if somebody looks and it takes long.
pub struct Progress {
    bar: Option<ProgressBar>,
    wanted: bool,
    began: Instant,
}

impl Progress {
    /// None is shown if quiet.
    pub fn new(quiet: bool) -> Progress {
        // On a terminal that also shows the output, the output is progress enough.
        let wanted = !quiet && io::stderr().is_terminal() && !io::stdout().is_terminal();
        Progress { bar: None, wanted, began: Instant::now() }
    }

    /// Shows how far it is.
    pub fn at(&mut self, sum: &Sum) {
        if self.bar.is_none() && self.wanted && self.began.elapsed() > LONG {
            self.bar = Some(ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()));
        }
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{} reports, {} words", sum.read, sum.words));
            bar.set_style(
                indicatif::ProgressStyle::with_template("{spinner} {msg}")
                    .unwrap_or_else(|_| indicatif::ProgressStyle::default_spinner()),
            );
            bar.tick();
        }
    }

    /// Prints something without disturbing it.
    pub fn aside(&self, print: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// What --stats prints.
pub fn stats(sum: &Sum, time: Duration) -> String {
    let seconds = time.as_secs_f64().max(1e-9);
    let memory = peak_memory().map(|kb| format!("; peak memory {:.0} MB", kb as f64 / 1024.0)).unwrap_or_default();
    format!(
        "{} reports, {} words in {seconds:.2} s: {:.0} words/s{memory}",
        sum.read,
        sum.words,
        sum.words as f64 / seconds
    )
}

/// Peak memory in kB, where the system tells (Linux).
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
