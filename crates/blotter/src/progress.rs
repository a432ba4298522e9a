//! How far a long run is, on stderr, where somebody looks.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use blotter_core::Unread;
use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::inputs::Works;

/// Progress is shown after this time.
const LONG: Duration = Duration::from_millis(1500);

/// What became of all reports.
#[derive(Default)]
pub struct Sum {
    /// Reports that were read.
    pub read: usize,
    /// Those that could not be.
    pub failed: usize,
    /// Those that were read or filed before.
    pub known: usize,
    /// Those kept unread because they are not English.
    pub foreign: usize,
    /// Those kept unread because their words show no incident.
    pub quiet: usize,
    /// The words of those that were read.
    pub words: usize,
}

impl Sum {
    /// Counts a report that went through: its words, and why it was not read.
    pub fn add(&mut self, words: usize, unread: Option<&Unread>) {
        match unread {
            None => {
                self.read += 1;
                self.words += words;
            }
            Some(Unread::Language(_)) => self.foreign += 1,
            Some(Unread::NoIncident) => self.quiet += 1,
        }
    }

    /// Reports that went through.
    pub fn good(&self) -> usize {
        self.read + self.known + self.foreign + self.quiet
    }

    /// What is said at the end of what was passed over; nothing where nothing was.
    pub fn passed_over(&self) -> Option<String> {
        let part = |n: usize, words: &str| (n > 0).then(|| format!("{} {words}", plural(n, "report")));
        let parts = [
            part(self.known, "known from before"),
            part(self.foreign, "not English, not read"),
            part(self.quiet, "without an incident by their words, not read (--no-gate reads them)"),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }

    /// What --stats prints.
    pub fn stats(&self, time: Duration) -> String {
        let seconds = time.as_secs_f64().max(1e-9);
        let memory = peak_memory().map(|kb| format!("; peak memory {:.0} MB", kb as f64 / 1024.0)).unwrap_or_default();
        format!(
            "{}, {} words in {seconds:.2} s: {:.0} words/s{memory}",
            plural(self.read, "report"),
            self.words,
            self.words as f64 / seconds
        )
    }
}

fn plural(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// A bar with rate and time left, if somebody looks and it takes long.
pub struct Progress {
    bar: Option<ProgressBar>,
    wanted: bool,
    total: Option<u64>,
    began: Instant,
}

impl Progress {
    /// None is shown if quiet, or where stderr is no terminal; nor where `output` is one: it shows enough itself.
    pub fn new(quiet: bool, output: bool, works: &Works) -> Progress {
        let wanted = !quiet && io::stderr().is_terminal() && !output;
        Progress { bar: None, wanted, total: wanted.then(|| works.total()).flatten(), began: Instant::now() }
    }

    /// Shows how far it is; `done` is in bytes of the inputs.
    pub fn at(&mut self, sum: &Sum, done: u64) {
        let passed = self.began.elapsed();
        if self.bar.is_none() && self.wanted && passed > LONG {
            let bar = ProgressBar::with_draw_target(self.total, ProgressDrawTarget::stderr()).with_elapsed(passed);
            let shape = match self.total {
                Some(_) => "{bar:24} {percent}%  {msg}, {eta} left",
                None => "{spinner} {msg}",
            };
            bar.set_style(ProgressStyle::with_template(shape).unwrap_or_else(|_| ProgressStyle::default_bar()));
            self.bar = Some(bar);
        }
        if let Some(bar) = &self.bar {
            let new = sum.read as f64 / passed.as_secs_f64();
            bar.set_message(format!(
                "{} reports, {new:.1} read a second",
                HumanCount((sum.good() + sum.failed) as u64)
            ));
            bar.set_position(done);
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

/// Peak memory in kB, where the system tells (Linux).
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
