//! Stored reports: the text of a version, and its whole Reading. A report's id may be an address: it stands in the query.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::{Asked, tagged};
use crate::Desk;
use crate::problem::Problem;

/// Which report, and which of its versions (the last without a number).
#[derive(Deserialize)]
pub struct Which {
    id: String,
    version: Option<i64>,
}

/// The text of a version and what is known of it.
pub async fn report(
    State(desk): State<Desk>,
    Asked(which): Asked<Which>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    tagged(&desk, &headers, move |case, seq| {
        let found = case.report(&which.id, which.version)?;
        let report = &found.reading["report"];
        Ok(json!({
            "seen": seq, "report": found.report, "version": found.version, "versions": found.versions,
            "learned": found.learned, "reader": found.reader, "incidents": found.incidents, "text": report["text"],
            "headline": report["headline"], "publisher": report["publisher"], "published": report["published"],
            "updated": report["updated"], "byline": report["byline"], "url": report["url"],
            "language": report["language"], "warnings": report["warnings"],
        }))
    })
    .await
}

/// The Reading of a version, whole.
pub async fn reading(
    State(desk): State<Desk>,
    Asked(which): Asked<Which>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    tagged(&desk, &headers, move |case, _| Ok(case.report(&which.id, which.version)?.reading)).await
}
