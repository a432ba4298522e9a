//! Bytes of a page, a file or a line → Report, each date with how it is known.

use crate::text::{DateSource, Report, ReportDate, Span};

/// One line of report JSONL.
#[derive(serde::Deserialize)]
struct Line {
    id: Option<String>,
    text: String,
    title: Option<String>,
    published: Option<String>,
    updated: Option<String>,
    publisher: Option<String>,
    url: Option<String>,
}

/// Reads one line of report JSONL.
///
/// # Errors
/// A sentence that says what is wrong with the line.
pub fn jsonl_line(line: &str) -> Result<Report, String> {
    let line: Line = serde_json::from_str(line).map_err(|e| e.to_string())?;
    let date = |value: Option<String>| value.map(|value| ReportDate { value, source: DateSource::Input });
    let (text, headline) = match line.title.filter(|t| !t.trim().is_empty()) {
        Some(title) => (format!("{title}\n\n{}", line.text), Some(Span::new(0, title.len()))),
        None => (line.text, None),
    };
    Ok(Report {
        id: line.id.unwrap_or_default(),
        url: line.url,
        publisher: line.publisher,
        headline,
        published: date(line.published),
        updated: date(line.updated),
        text,
        ..Report::default()
    })
}
