//! What a desk asks of its inputs: which reports are taken, and what is said of those that do not say it themselves.

use blotter_core::Report;
use blotter_core::ingest::{self, Given};
use blotter_intake::Piece;

use crate::cli::Desk;
use crate::pdf;

/// A report on its way to the reader, or why there is none.
pub struct Job {
    /// What messages call it.
    pub label: String,
    /// The report, or a sentence.
    pub report: Result<Report, String>,
    /// Whether it came with many others that nobody picked.
    pub unpicked: bool,
}

/// What the command line says about the reports of its inputs.
pub struct Asked {
    given: Given,
    publisher: Option<String>,
    /// ISO 8601, a day.
    since: Option<String>,
    limit: usize,
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
            limit: desk.limit.unwrap_or(usize::MAX),
        })
    }

    /// How many reports are wanted.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// So many were taken.
    pub fn fewer(&mut self, taken: usize) {
        self.limit = self.limit.saturating_sub(taken);
    }

    /// The reports of a piece that are not too old, and its faults.
    pub fn take_in(&self, piece: &Piece) -> Vec<Job> {
        let mut found = Vec::new();
        for mut one in piece.reports_with(&self.given, &pdf::text) {
            if let Ok(report) = &mut one.report {
                if self.is_old(report) {
                    continue;
                }
                if report.publisher.is_none() {
                    report.publisher = self.publisher.clone();
                }
            }
            found.push(Job { label: one.label, report: one.report, unpicked: piece.unpicked });
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
pub fn listed(label: &str, report: &Report) -> serde_json::Value {
    serde_json::json!({
        "input": label, "id": report.id, "headline": report.headline.map(|h| report.words(h)), "publisher": report.publisher,
        "published": report.published.as_ref().map(|d| &d.value), "updated": report.updated.as_ref().map(|d| &d.value),
        "language": report.language, "words": report.text.split_whitespace().count(), "warnings": report.warnings,
    })
}
