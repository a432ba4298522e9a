//! The table of reports: one row for each version that an incident's record rests on.

use std::collections::BTreeSet;

use blotter_case::ReportHead;
use blotter_case::record::ReportLine;
use serde_json::{Value as Json, json};

use super::Kind::{Integer, Text, Truth};
use super::{Column, Row, Table, column};

pub(super) static TABLE: Table = Table {
    name: "reports",
    meaning: "One row an incident and version of a report that its record rests on. A report that tells of two incidents has a \
              row with each; `sha256` is the same wherever the text is.",
    columns: COLUMNS,
    keys: &["incident", "report"],
    rows: |item, visit| {
        let last = item.record.reports.iter().map(|line| (&*line.id, line.version));
        let said = item.record.fields.iter().flat_map(|(_, entries)| entries).flat_map(|e| &e.said);
        // A pinned value that nobody said has a statement of no version.
        let said = said.map(|s| (&*s.report, s.version)).filter(|(_, version)| *version > 0);
        for (id, version) in last.chain(said).collect::<BTreeSet<_>>() {
            visit(&Row { report: Some(item.report(id, version)?), ..Row::of(item) })?;
        }
        Ok(())
    },
};

fn head(row: &Row<'_>, part: fn(&ReportHead) -> Json) -> Json {
    row.report.as_deref().map_or(Json::Null, part)
}

fn line(row: &Row<'_>, part: fn(&ReportLine) -> Json) -> Json {
    let of = |head: &ReportHead| row.item.record.reports.iter().find(|l| *l.id == head.id);
    row.report.as_deref().and_then(of).map_or(Json::Null, part)
}

const COLUMNS: &[Column] = &[
    column("incident", Text, "", "The incident", |r| json!(r.item.record.incident)),
    column("report", Text, "", "The report's id", |r| head(r, |h| json!(h.id))),
    column("version", Integer, "from 1", "The version", |r| head(r, |h| json!(h.version))),
    column("versions", Integer, "", "How many versions there were", |r| head(r, |h| json!(h.versions))),
    column("relation", Text, "main, related, background", "How the incident stands to the report", |r| {
        line(r, |l| json!(l.relation))
    }),
    column("origin", Text, "", "The outlet that first published the text, or the agency credited", |r| {
        line(r, |l| json!(*l.origin))
    }),
    column("publisher", Text, "", "The outlet that published the report", |r| head(r, |h| json!(h.publisher))),
    column("url", Text, "", "Its address", |r| head(r, |h| json!(h.url))),
    column("headline", Text, "", "Its headline", |r| head(r, |h| json!(h.headline))),
    column("byline", Text, "", "Its authors, as it names them", |r| head(r, |h| json!(h.byline))),
    column("published", Text, "ISO 8601", "When it was published", |r| head(r, |h| json!(h.published))),
    column("updated", Text, "ISO 8601", "When it was updated", |r| head(r, |h| json!(h.updated))),
    column("language", Text, "ISO 639-1", "Its language", |r| head(r, |h| json!(h.language))),
    column("learned", Text, "ISO 8601, UTC", "When the case file learned the version", |r| {
        head(r, |h| json!(h.learned))
    }),
    column("retracted", Truth, "", "Whether it no longer supports anything", |r| {
        head(r, |h| json!(h.retracted.is_some()))
    }),
    column("retracted_why", Text, "", "Why", |r| head(r, |h| json!(h.retracted))),
    column("sha256", Text, "hex", "SHA-256 of the text in UTF-8", |r| head(r, |h| json!(h.sha256))),
    column("length", Integer, "Unicode code points", "Of the text", |r| {
        // Of a redacted report there is no text to measure.
        head(r, |h| if h.text.is_empty() { Json::Null } else { json!(h.text.chars().count()) })
    }),
    column("reader", Text, "", "The program that read it", |r| head(r, |h| json!(h.reader))),
];
