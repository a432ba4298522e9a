//! The table of sources: one row for each who says a value, with the words.

use blotter_case::record::Said;
use serde_json::{Value as Json, json};

use super::Kind::{Integer, Real, Text, Truth};
use super::{Column, Row, Table, column, joined, rounded};
use crate::item::evidence;

pub(super) static TABLE: Table = Table {
    name: "sources",
    meaning: "One row a statement and source: who says or denies a value, in which report, in which words. A statement with \
              several sources has a row for each; one without is the report's own voice.",
    columns: COLUMNS,
    keys: &["fact", "incident", "report"],
    rows: |item, visit| {
        for (field, entries) in &item.record.fields {
            for (place, entry) in entries.iter().enumerate() {
                for (number, said) in (1..).zip(&entry.said) {
                    let row = Row { entry: Some((*field, place, entry)), said: Some((number, said)), ..Row::of(item) };
                    if said.sources.is_empty() {
                        visit(&row)?;
                    }
                    for source in said.sources.iter() {
                        visit(&Row { source: Some(source), report: None, ..row })?;
                    }
                }
            }
        }
        Ok(())
    },
};

fn said(row: &Row<'_>, part: fn(&Said) -> Json) -> Json {
    row.said.map_or(Json::Null, |(_, said)| part(said))
}

const COLUMNS: &[Column] = &[
    column("fact", Text, "", "The fact that is said", |r| json!(r.entry.map(|e| &e.2.fact))),
    column("incident", Text, "", "Its incident", |r| json!(r.item.record.incident)),
    column("field", Text, "Blotter's fields", "Its field", |r| json!(r.entry.map(|e| e.0.name()))),
    column("statement", Integer, "from 1", "The number of the statement among those of the fact", |r| {
        json!(r.said.map(|s| s.0))
    }),
    column("stance", Text, "supports, denies", "Whether the value is said or denied", |r| {
        said(r, |s| json!(if s.supports { "supports" } else { "denies" }))
    }),
    column("source", Text, "", "Who says it, in the report's words; empty: the report itself", |r| {
        json!(r.source.and_then(|s| s["name"].as_str()))
    }),
    column("via", Text, "names, \"; \" between", "By whom it reached the report, the nearest first", |r| {
        joined(r.source.and_then(|s| s["via"].as_array()).into_iter().flatten().filter_map(Json::as_str))
    }),
    column("report", Text, "", "The report", |r| said(r, |s| json!(*s.report))),
    column("version", Integer, "from 1", "Its version", |r| said(r, |s| json!(s.version))),
    column("origin", Text, "", "The outlet that first published the text, or the agency credited", |r| {
        said(r, |s| json!(*s.origin))
    }),
    column("published", Text, "ISO 8601", "The report's own date", |r| said(r, |s| json!(s.published.as_deref()))),
    column("said_at", Text, "ISO 8601", "When it was said: that date, else when the case file learned it", |r| {
        said(r, |s| json!(*s.when))
    }),
    column("main", Truth, "", "Whether the report is about the incident", |r| said(r, |s| json!(s.main))),
    column("stands", Truth, "", "Whether it still stands: not retracted, not replaced by the same origin", |r| {
        said(r, |s| json!(s.stands))
    }),
    column("retracted", Truth, "", "Whether the report was retracted", |r| said(r, |s| json!(s.retracted))),
    column("confidence", Real, "0 to 1", "How likely the reading of this statement is right", |r| {
        said(r, |s| rounded(s.confidence))
    }),
    column("quote", Text, "", "The words that carry the value", |r| said(r, |s| json!(evidence(s).map(|e| e.0)))),
    column("quote_start", Integer, "Unicode code points", "Where they begin in the report's text", |r| {
        said(r, |s| json!(evidence(s).map(|e| e.1)))
    }),
    column("quote_end", Integer, "Unicode code points, exclusive", "Where they end", |r| {
        said(r, |s| json!(evidence(s).map(|e| e.2)))
    }),
    column(
        "more_quotes",
        Text,
        "JSON: a list of quote, start, end",
        "Further words that carry it, where there are any",
        |r| {
            said(r, |s| {
                s.evidence.get(1..).filter(|m| !m.is_empty()).map_or(Json::Null, |m| json!(json!(m).to_string()))
            })
        },
    ),
];
