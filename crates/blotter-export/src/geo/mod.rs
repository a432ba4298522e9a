//! Maps: each incident as a point with what is known of it. The properties are the columns of the table of incidents.

pub(crate) mod geojson;
pub(crate) mod georss;
pub(crate) mod kml;

use blotter_case::Field;
use blotter_case::derive::brief;
use serde_json::{Map, Value as Json, json};

use crate::error::Error;
use crate::item::{Item, evidence, quoted};
use crate::tables::TABLES;

/// The row of the table of incidents, by the names of its columns.
fn properties(item: &Item<'_>) -> Result<Map<String, Json>, Error> {
    let table = TABLES[0];
    let mut found = Map::new();
    table.cells(item, &mut |cells| {
        found.extend(table.columns.iter().map(|c| c.name.to_owned()).zip(cells));
        Ok(())
    })?;
    Ok(found)
}

/// The best values, each with the words that carry it: field, value, quote, report, version, start and end (code points of the
/// report's text), sources, confidence.
fn values(item: &Item<'_>) -> Vec<Json> {
    let mut found = Vec::new();
    for field in Field::ALL {
        for entry in item.bests(field) {
            let said = quoted(entry);
            let words = said.and_then(evidence);
            let sources: Vec<&str> =
                said.iter().flat_map(|s| s.sources.iter()).filter_map(|s| s["name"].as_str()).collect();
            found.push(json!({
                "field": field.name(), "value": brief(&entry.value), "confidence": (entry.confidence * 1e4).round() / 1e4,
                "quote": words.map(|w| w.0), "start": words.map(|w| w.1), "end": words.map(|w| w.2),
                "report": said.map(|s| &*s.report), "version": said.map(|s| s.version), "sources": sources,
            }));
        }
    }
    found
}

/// When an incident's record last changed; UTC, `2024-03-12T21:40:00Z`.
fn changed(item: &Item<'_>) -> Result<String, Error> {
    Ok(item.span()?.last)
}
