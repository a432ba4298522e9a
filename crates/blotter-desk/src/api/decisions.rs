//! Decisions: one request, one row of the ledger.

use std::collections::VecDeque;

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use blotter_case::decide::Decision;
use blotter_case::{Field, Stamp};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Desk;
use crate::access::Person;
use crate::problem::Problem;

/// A decision as the page sends it.
#[derive(Deserialize)]
pub struct Decided {
    #[serde(flatten)]
    what: What,
    /// Why; required where the record changes.
    why: Option<String>,
    /// The row of the ledger that the person has looked at: where the incident changed since, nothing is filed.
    seen: Option<i64>,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum What {
    Link { incidents: [String; 2] },
    Apart { incidents: [String; 2] },
    Split { incident: String, reports: Vec<String> },
    Pin { incident: String, field: String, value: Value },
    Reject { fact: String },
    Status { incident: String, status: String },
    Comment { incident: String, text: String },
    Retract { report: String },
    Undo { decision: String },
}

impl What {
    fn decision(self) -> Result<Decision, Problem> {
        Ok(match self {
            What::Link { incidents: [a, b] } => Decision::Link(a, b),
            What::Apart { incidents: [a, b] } => Decision::Apart(a, b),
            What::Split { incident, reports } if reports.is_empty() => {
                return Err(Problem::bad(format!("name the reports that leave {incident}")));
            }
            What::Split { incident, reports } => Decision::Split { incident, reports },
            What::Pin { incident, field, value } => {
                let known = Field::ALL.into_iter().find(|f| f.name() == field);
                let field = known.ok_or_else(|| Problem::bad(format!("there is no field {field}")))?;
                // An object as the record has it, or words as a person writes them.
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                Decision::Pin { incident, field, value }
            }
            What::Reject { fact } => Decision::Reject(fact),
            What::Status { incident, status } => Decision::Status(incident, status),
            What::Comment { text, .. } if text.trim().is_empty() => {
                return Err(Problem::bad("an empty comment says nothing"));
            }
            What::Comment { incident, text } => Decision::Comment(incident, text),
            What::Retract { report } => Decision::Retract(report),
            What::Undo { decision } => {
                let number = decision.trim_start_matches(['D', 'd']).parse();
                Decision::Undo(number.map_err(|_| Problem::bad(format!("{decision} is no decision: write D12")))?)
            }
        })
    }
}

/// The answers to the last requests, by who asked and under which key: a request that is sent again because its answer was
/// lost is answered again, and files nothing. Kept as long as the desk is open.
#[derive(Default)]
pub struct Answered(tokio::sync::Mutex<VecDeque<(String, Value)>>);

/// So many answers are kept.
const KEPT: usize = 1000;

/// Files a decision.
pub async fn decide(
    State(desk): State<Desk>,
    Extension(person): Extension<Person>,
    headers: HeaderMap,
    body: Result<Json<Decided>, JsonRejection>,
) -> Result<Response, Problem> {
    let Json(Decided { what, why, seen }) = body.map_err(|fault| {
        let words = fault.body_text();
        Problem::new(fault.status(), "bad-request", words)
    })?;
    let decision = what.decision()?;
    let why = why.map(|w| w.trim().to_owned()).filter(|w| !w.is_empty());
    let optional = matches!(decision, Decision::Status(..) | Decision::Comment(..) | Decision::Undo(_));
    if why.is_none() && !optional {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "refused", "a reason must be given"));
    }
    let key = headers.get("idempotency-key").and_then(|v| v.to_str().ok());
    let key = key.map(|key| format!("{}\n{key}", person.name));
    // On a task of its own: whoever closes the line while it is filed finds its answer when asking again.
    let work = async move { filed_once(&desk, &person.name, key, decision, why, seen).await };
    let done = tokio::spawn(work).await;
    let answer = done.unwrap_or_else(|_| {
        let words = "a fault in blotter itself, please report it";
        Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "fault", words))
    })?;
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// Files a decision, unless the last requests had one of this key: then the answer of that one.
async fn filed_once(
    desk: &Desk,
    by: &str,
    key: Option<String>,
    decision: Decision,
    why: Option<String>,
    seen: Option<i64>,
) -> Result<Value, Problem> {
    // Held while the decision is filed: the same request twice at once is one decision, too.
    let mut answered = desk.answered.0.lock().await;
    if let Some((_, answer)) = answered.iter().find(|(known, _)| Some(known) == key.as_ref()) {
        return Ok(answer.clone());
    }
    let stamp = Stamp { at: (desk.clock)(), set: false, by: Some(by.to_owned()) };
    let filed = desk.store.write(move |case| case.decide_on(&decision, why.as_deref(), &stamp, seen));
    let (number, incidents) = filed.await?;
    let answer = json!({ "decision": format!("D{number}"), "incidents": incidents, "seen": number });
    if let Some(key) = key {
        if answered.len() == KEPT {
            answered.pop_front();
        }
        answered.push_back((key, answer.clone()));
    }
    Ok(answer)
}
