//! Report JSONL: one report a line.

use serde::Deserialize;
use serde_json::Value as Json;

use super::{encoding, finish, input_date, set_text};
use crate::text::Report;

/// One line of report JSONL.
#[derive(Deserialize)]
struct Line {
    id: Option<Id>,
    text: String,
    title: Option<String>,
    published: Option<Json>,
    updated: Option<Json>,
    publisher: Option<String>,
    url: Option<String>,
}

/// A report's id: text, or a number as other people's exports have it.
#[derive(Deserialize)]
#[serde(untagged, expecting = "`id` must be a text or a number")]
enum Id {
    Text(String),
    Number(serde_json::Number),
}

/// Reads one line of report JSONL:
/// `{"id": "...", "text": "...", "title"?, "published"?, "updated"?, "publisher"?, "url"?}`.
///
/// # Errors
/// A sentence that says what is wrong with the line.
pub fn jsonl_line(line: &str) -> Result<Report, String> {
    let line: Line = serde_json::from_str(line).map_err(|e| reason(&e))?;
    let mut report = Report {
        id: match line.id {
            Some(Id::Text(id)) => id,
            Some(Id::Number(id)) => id.to_string(),
            None => String::new(),
        },
        url: line.url.filter(|u| !u.trim().is_empty()),
        publisher: line.publisher.filter(|p| !p.trim().is_empty()),
        ..Report::default()
    };
    set_text(&mut report, line.title.as_deref(), &line.text);
    report.published = line.published.and_then(|d| input_date("published", &words(&d), &mut report.warnings));
    report.updated = line.updated.and_then(|d| input_date("updated", &words(&d), &mut report.warnings));
    finish(&mut report, None).map_err(|_| "`text` is empty".to_owned())?;
    Ok(report)
}

/// A date's words; a number or anything else as JSON writes it, so that the warning about it can show it.
fn words(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Reads one line of report JSONL as bytes. JSON is UTF-8; bytes that are not are shown as U+FFFD, with a warning.
///
/// # Errors
/// A sentence that says what is wrong with the line.
pub fn jsonl_bytes(line: &[u8]) -> Result<Report, String> {
    let line = encoding::without_bom(line);
    match std::str::from_utf8(line) {
        Ok(line) => jsonl_line(line),
        Err(_) => {
            let mut report = jsonl_line(&String::from_utf8_lossy(line))?;
            report.warnings.insert(0, "the line is not valid UTF-8".to_owned());
            Ok(report)
        }
    }
}

/// serde's message, without its "line 1" (every report is one line).
fn reason(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let what = message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what);
    match error.classify() {
        serde_json::error::Category::Data => format!("is no report: {what}"),
        _ => format!("is not JSON: {what} (column {})", error.column()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::DateSource;

    #[test]
    fn title_blank_line_body() {
        let report =
            jsonl_line(r#"{"id": "a", "title": "Quay fire", "text": "It burned.", "published": "2024-03-12"}"#)
                .expect("report");
        assert_eq!(report.text, "Quay fire\n\nIt burned.");
        assert_eq!(report.words(report.headline.expect("headline")), "Quay fire");
        let published = report.published.expect("date");
        assert_eq!((published.value.as_str(), published.source), ("2024-03-12", DateSource::Input));
    }

    #[test]
    fn text_alone_is_unchanged() {
        let report = jsonl_line(r#"{"text": "  Two lines,\r\n unaltered.\u0000 "}"#).expect("report");
        assert_eq!(report.text, "  Two lines,\r\n unaltered.\0 ");
        assert!(report.id.starts_with("sha256:"));
    }

    #[test]
    fn faults_are_named() {
        assert_eq!(jsonl_line("{").err().as_deref(), Some("is not JSON: EOF while parsing an object (column 1)"));
        assert_eq!(jsonl_line("{}").err().as_deref(), Some("is no report: missing field `text`"));
        assert_eq!(jsonl_line(r#"{"text": " "}"#).err().as_deref(), Some("`text` is empty"));
        assert!(jsonl_line(r#"{"text": "a", "id": []}"#).is_err());
    }

    #[test]
    fn an_unreadable_date_is_left_out() {
        let report = jsonl_line(r#"{"text": "It burned.", "published": "soon"}"#).expect("report");
        assert_eq!(report.published, None);
        assert_eq!(report.warnings.len(), 1);
        let report = jsonl_line(r#"{"text": "It burned.", "published": 1710279600}"#).expect("report");
        assert_eq!((report.published, report.warnings.len()), (None, 1));
    }

    #[test]
    fn broken_utf8_is_read_with_a_warning() {
        let report = jsonl_bytes(b"{\"text\": \"It b\xFFrned.\"}").expect("report");
        assert_eq!(report.text, "It b\u{FFFD}rned.");
        assert_eq!(report.warnings.len(), 2);
    }
}
