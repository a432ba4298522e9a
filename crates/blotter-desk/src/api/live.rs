//! Reading a report that is pasted or dropped on the page. Nothing of it is kept.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::Asked;
use crate::problem::Problem;
use crate::{Desk, Handed};

/// What is said of a file that is handed in as it is.
#[derive(Deserialize)]
pub struct Named {
    name: Option<String>,
}

/// Text that was pasted.
#[derive(Deserialize)]
struct Pasted {
    text: String,
    title: Option<String>,
    published: Option<String>,
    publisher: Option<String>,
}

/// The Readings of what was handed in: JSON with a text, or a file's bytes with `?name=`.
pub async fn read(
    State(desk): State<Desk>,
    Asked(named): Asked<Named>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let body = body.map_err(|fault| Problem::new(fault.status(), "bad-request", fault.body_text()))?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let handed = match kind.split(';').next().unwrap_or_default().trim() {
        "application/json" => {
            let pasted: Pasted = serde_json::from_slice(&body).map_err(|e| Problem::bad(e.to_string()))?;
            let given = |words: Option<String>| words.map(|w| w.trim().to_owned()).filter(|w| !w.is_empty());
            Handed {
                name: None,
                bytes: pasted.text.into_bytes(),
                title: given(pasted.title),
                published: given(pasted.published),
                publisher: given(pasted.publisher),
            }
        }
        // The one type that no form of another page can send.
        "application/octet-stream" => Handed { name: named.name, bytes: body.to_vec(), ..Handed::default() },
        _ => {
            let words = "send application/json with a text, or application/octet-stream";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "bad-request", words));
        }
    };
    if handed.bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::bad("there is nothing to read"));
    }
    let reader = desk.reader.clone();
    let done = tokio::task::spawn_blocking(move || reader.read(handed)).await;
    let done = done.map_err(|_| {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "fault", "a fault in blotter itself, please report it")
    })?;
    let (mut readings, mut faults) = (Vec::new(), Vec::new());
    for one in done {
        match one {
            Ok(reading) => readings.push(reading),
            Err(reason) => faults.push(reason),
        }
    }
    if readings.is_empty() {
        let words = if faults.is_empty() { "there is no report in it".to_owned() } else { faults.join("; ") };
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unread", words));
    }
    Ok(Json(json!({ "readings": readings, "faults": faults })).into_response())
}
