//! The bytes of a text or of a line → Report, each date with how it is known.
//!
//! Plain text and report JSONL (one report a line) are read here; pages, feeds, wires, mail and archives are taken in by
//! `blotter-intake`, which ends with [`finish`] as these do. Everything here is pure: whoever calls it brings the bytes
//! and what is known beside them ([`Given`]).
//!
//! **The name of a report** (`Report.id`), in this order: the id that came with it; its URL; the name of its file
//! (for text and pages); else a hash of its text, `sha256:` and the first 16 hex digits. The same report read twice
//! the same way has the same name.

pub mod dates;
pub mod encoding;
mod jsonl;
pub mod language;
mod lines;
mod stored;

pub use jsonl::{jsonl_bytes, jsonl_line};
pub use stored::reread;

use sha2::{Digest, Sha256};

use crate::text::{DateSource, Report, ReportDate, Span};

/// What is known of a report besides its bytes.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The file's name.
    pub name: Option<String>,
    /// Its title; it is put above the text.
    pub title: Option<String>,
    /// When it was published: ISO 8601, or a date in English words.
    pub published: Option<String>,
}

/// Reads a plain text file. The text stays as it is, character for character, below the title where one is given.
///
/// # Errors
/// A sentence that says why the bytes are not a text.
pub fn text(bytes: &[u8], given: &Given) -> Result<Report, String> {
    let decoded = encoding::decode(bytes, None);
    let mut report = Report { warnings: decoded.warnings, ..Report::default() };
    set_text(&mut report, given.title.as_deref(), &decoded.text);
    report.published = given.published.as_deref().and_then(|d| input_date("published", d, &mut report.warnings));
    finish(&mut report, given.name.as_deref())?;
    Ok(report)
}

/// Title, blank line, body; with no title the body alone.
pub fn set_text(report: &mut Report, title: Option<&str>, body: &str) {
    match title.map(str::trim).filter(|t| !t.is_empty()) {
        Some(title) => {
            report.headline = Some(Span::new(0, title.len()));
            report.text = format!("{title}\n\n{body}");
        }
        None => report.text = body.to_owned(),
    }
}

/// A date that came with the report; one that cannot be read is left out with a warning.
pub fn input_date(field: &str, value: &str, warnings: &mut Vec<String>) -> Option<ReportDate> {
    let value = value.trim();
    if value.is_empty() {
        return None;
    }
    let date = dates::any(value);
    if date.is_none() {
        warnings.push(format!("{field}: {value:?} is not a date that can be read; left out"));
    }
    date.map(|value| ReportDate { value, source: DateSource::Input })
}

/// What every kind of input has in common once the text stands: cues in its lines, language, mangling, name.
///
/// # Errors
/// A sentence, where the report holds no text.
pub fn finish(report: &mut Report, name: Option<&str>) -> Result<(), String> {
    if report.text.trim().is_empty() {
        return Err("is empty".to_owned());
    }
    lines::read(report);
    if report.language.is_none() {
        report.language = language::of(&report.text).map(str::to_owned);
    }
    report.warnings.extend(encoding::mangled(&report.text));
    if report.id.is_empty() {
        let hash = || {
            let digest = Sha256::digest(report.text.as_bytes());
            format!("sha256:{}", digest.iter().take(8).map(|b| format!("{b:02x}")).collect::<String>())
        };
        report.id = report.url.clone().or_else(|| name.map(str::to_owned)).unwrap_or_else(hash);
    }
    Ok(())
}
