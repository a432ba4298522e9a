//! Errors as RFC 9457 has them: `application/problem+json`.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use blotter_case::Error;
use serde_json::json;

/// Why a request was not carried out.
#[derive(Debug)]
pub struct Problem {
    /// The status of the answer.
    pub status: StatusCode,
    /// A word for programs ("missing").
    pub kind: &'static str,
    /// A sentence for people.
    pub detail: String,
}

/// Of a problem that passes by itself: after how many seconds it is worth asking again.
const AGAIN: u32 = 10;

impl Problem {
    /// A problem of that status.
    pub fn new(status: StatusCode, kind: &'static str, detail: impl Into<String>) -> Problem {
        Problem { status, kind, detail: detail.into() }
    }

    /// The request cannot be understood.
    pub fn bad(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, "bad-request", detail)
    }

    /// As much as can be done at once is being done.
    pub fn busy(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        let (status, kind) = match &error {
            Error::Missing(_) => (StatusCode::NOT_FOUND, "missing"),
            Error::NotYet(_) => (StatusCode::NOT_FOUND, "not-yet"),
            Error::Refused(_) => (StatusCode::UNPROCESSABLE_ENTITY, "refused"),
            Error::Changed(_) => (StatusCode::PRECONDITION_FAILED, "changed"),
            Error::Database(_) => (StatusCode::SERVICE_UNAVAILABLE, "database"),
            Error::Damaged(_) => (StatusCode::INTERNAL_SERVER_ERROR, "damaged"),
        };
        Problem { status, kind, detail: error.to_string() }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let title = self.status.canonical_reason().unwrap_or("Problem");
        let body = json!({
            "type": format!("urn:blotter:problem:{}", self.kind), "title": title, "status": self.status.as_u16(),
            "detail": self.detail,
        });
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.kind == "busy" {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(AGAIN));
        }
        response
    }
}
