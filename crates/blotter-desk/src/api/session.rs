//! Who is at the desk, and what the API is.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use blotter_case::Field;
use blotter_case::decide::STATUSES;
use serde_json::json;

use crate::Desk;
use crate::access::Person;
use crate::problem::Problem;

/// Who asks, what they may do, and the words that the page offers.
pub async fn session(State(desk): State<Desk>, Extension(person): Extension<Person>) -> Result<Response, Problem> {
    let seen = desk.store.read(|case| case.last()).await?;
    let fields: Vec<&str> = Field::ALL.into_iter().map(Field::name).collect();
    let formats = blotter_export::FORMATS.iter().map(|f| json!({ "name": f.name, "help": f.help })).collect::<Vec<_>>();
    Ok(Json(json!({
        "by": person.name, "read_only": person.read_only, "file": desk.store.name(), "case": desk.store.id(), "program": &*desk.program, "seen": seen,
        "fields": fields, "statuses": STATUSES, "formats": formats,
    }))
    .into_response())
}

/// The document that describes this API.
pub async fn openapi() -> impl IntoResponse {
    ([("content-type", "application/json")], include_str!("../openapi.json"))
}
