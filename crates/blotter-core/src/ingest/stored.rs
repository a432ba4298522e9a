//! A stored Reading → the Report that it was made from, so that it can be read again.

use serde_json::Value as Json;

use super::finish;
use crate::text::{DateSource, LiveEntry, Report, ReportDate, Span, WireFacts};

/// The report of a Reading (the contract's JSON). What came with the report is taken from the Reading; what its lines say is
/// read again.
///
/// # Errors
/// A sentence, where it is no Reading with a text.
pub fn reread(reading: &Json) -> Result<Report, String> {
    let stored = &reading["report"];
    let string = |name: &str| stored[name].as_str().map(str::to_owned);
    let strings = |name: &str| -> Vec<String> {
        stored[name].as_array().into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)).collect()
    };
    let text = string("text").ok_or("is no Reading with a text")?;
    // Dates that stand in the text are found there again.
    let date = |name: &str| {
        let source = match stored[format!("{name}_by")].as_str()? {
            "input" => DateSource::Input,
            "meta" => DateSource::Meta,
            "url" => DateSource::Url,
            "feed" => DateSource::Feed,
            "mail" => DateSource::Mail,
            "wire" => DateSource::Wire,
            "inferred" => DateSource::Inferred,
            _ => return None,
        };
        Some(ReportDate { value: string(name)?, source })
    };
    let title = stored["headline"]["quote"].as_str().filter(|_| stored["headline"]["start"] == 0);
    let title = title.filter(|t| text.starts_with(t) && text[t.len()..].starts_with("\n\n"));
    let mut report = Report {
        id: string("id").unwrap_or_default(),
        url: string("url"),
        publisher: string("publisher"),
        headline: title.map(|t| Span::new(0, t.len())),
        byline: strings("byline"),
        published: date("published"),
        updated: date("updated"),
        language: string("language"),
        captured: string("captured"),
        captions: strings("captions"),
        entries: stored["entries"].as_array().into_iter().flatten().map(entry).collect(),
        wire: stored["wire"].is_object().then(|| Box::new(wire(&stored["wire"]))),
        text,
        ..Report::default()
    };
    finish(&mut report, None)?;
    report.warnings = strings("warnings");
    Ok(report)
}

fn entry(stored: &Json) -> LiveEntry {
    let string = |name: &str| stored[name].as_str().map(str::to_owned);
    LiveEntry { at: string("at"), title: string("title"), text: string("text").unwrap_or_default() }
}

fn wire(stored: &Json) -> WireFacts {
    let string = |name: &str| stored[name].as_str().map(str::to_owned);
    WireFacts {
        guid: string("guid"),
        version: string("version"),
        pubstatus: string("pubstatus"),
        embargoed: string("embargoed"),
        signal: string("signal"),
        urgency: string("urgency"),
        located: string("located"),
        credits: stored["credits"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|v| v.as_str().map(str::to_owned))
            .collect(),
        ednote: string("ednote"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;
    use crate::ingest::{jsonl_line, text};
    use crate::{Reader, wire};

    #[test]
    fn what_is_read_again_is_the_same() {
        let reader = Reader::load(Data { weights: &[], gazetteer: &[] }).expect("rules");
        let plain = "Local news\n\nTwo hurt in quay fire\n\nBy Dana Whitlock\nPublished August 3, 2023\n\nMILLBROOK, Ohio (AP) — \
                     Two men were hurt on Tuesday.";
        let line = r#"{"id": "a", "title": "Quay fire", "text": "Two men were hurt.", "published": "2024-03-12"}"#;
        for report in [text(plain.as_bytes(), &Default::default()), jsonl_line(line)] {
            let first = wire::json(&reader.read(report.expect("report")));
            let again = wire::json(&reader.read(reread(&first).expect("report")));
            assert_eq!(first, again);
        }
    }
}
