//! The API, a module a matter: requests → calls of the case file → JSON.

pub mod decisions;
pub mod events;
pub mod export;
pub mod incidents;
pub mod live;
pub mod reports;
pub mod session;

use std::sync::OnceLock;

use axum::Json;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use blotter_case::{CaseFile, Error};
use serde::de::DeserializeOwned;

use crate::problem::Problem;
use crate::{Desk, Key};

/// What an address asks for; a fault in it is a problem as all others are.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Asked<T>, Problem> {
        let found = Query::<T>::from_request_parts(parts, state).await;
        found.map(|Query(asked)| Asked(asked)).map_err(|fault| Problem::bad(fault.body_text()))
    }
}

/// A time that an address asks for, as the commands read it; nothing where it asks for none.
fn time(
    name: &str,
    words: &Option<String>,
    read: fn(&str) -> Result<String, String>,
) -> Result<Option<String>, Problem> {
    let given = words.as_deref().filter(|w| !w.trim().is_empty());
    given.map(read).transpose().map_err(|fault| Problem::bad(format!("{name}: {fault}")))
}

/// The answer to a question, or that it is the same as last time: an answer changes only with the ledger's last row. The tag
/// holds a word of this desk, too: another file may have as many rows.
async fn tagged(
    desk: &Desk,
    headers: &HeaderMap,
    answer: impl FnOnce(&CaseFile, i64) -> Result<serde_json::Value, Error> + Send + 'static,
) -> Result<Response, Problem> {
    static SALT: OnceLock<String> = OnceLock::new();
    let salt = SALT.get_or_init(|| Key::random().map(|key| key.written()[..8].to_owned()).unwrap_or_default());
    let known = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let found = desk.store.read(move |case| {
        let seq = case.last()?;
        let tag = format!("\"{salt}-{seq}\"");
        let same = known.is_some_and(|known| known.split(',').any(|t| t.trim().trim_start_matches("W/") == tag));
        Ok((tag, if same { None } else { Some(answer(case, seq)?) }))
    });
    let (tag, body) = found.await?;
    let mut response = match body {
        Some(body) => Json(body).into_response(),
        None => StatusCode::NOT_MODIFIED.into_response(),
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

/// A day as the filters take it.
fn day(name: &str, words: Option<String>) -> Result<Option<String>, Problem> {
    let Some(words) = words.filter(|w| !w.is_empty()) else { return Ok(None) };
    let like = |(i, c): (usize, char)| if i == 4 || i == 7 { c == '-' } else { c.is_ascii_digit() };
    match words.len() == 10 && words.chars().enumerate().all(like) {
        true => Ok(Some(words)),
        false => Err(Problem::bad(format!("{name}: {words} is not a day (write 2024-03-12)"))),
    }
}
