//! What happens: the log by pages, and as it happens (server-sent events).

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::response::sse::{self, KeepAlive, Sse};
use blotter_case::Event;
use futures_util::stream::{self, Stream};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use super::{Asked, tagged};
use crate::Desk;
use crate::problem::Problem;
use crate::watch::MANY;

/// Which rows of the log.
#[derive(Deserialize)]
pub struct Rows {
    /// Those before this one.
    before: Option<i64>,
    /// What people decided alone.
    decisions: Option<bool>,
    limit: Option<usize>,
}

/// A page of the log, the last first.
pub async fn log(State(desk): State<Desk>, Asked(asked): Asked<Rows>, headers: HeaderMap) -> Result<Response, Problem> {
    let limit = asked.limit.unwrap_or(50).clamp(1, 500);
    tagged(&desk, &headers, move |case, seq| {
        let events = case.before(asked.before, limit, asked.decisions.unwrap_or(false))?;
        let next = if events.len() == limit { events.last().map(|e| e.seq).filter(|seq| *seq > 1) } else { None };
        Ok(json!({ "seen": seq, "rows": events.iter().map(Event::json).collect::<Vec<Json>>(), "next": next }))
    })
    .await
}

/// From where on.
#[derive(Deserialize)]
pub struct From {
    /// The row of the ledger that is known already; without it what happens from now on.
    since: Option<i64>,
}

/// Where one listener stands.
struct Listener {
    /// What happened before it came.
    waiting: VecDeque<Arc<Event>>,
    told: broadcast::Receiver<Arc<Event>>,
    seq: i64,
    /// It is too far behind: it is told to look anew.
    behind: bool,
}

/// Every row of the ledger as it is filed, each an event `change` with its number as id; `anew` where too many were missed.
pub async fn stream(
    State(desk): State<Desk>,
    Asked(from): Asked<From>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<sse::Event, Infallible>>>, Problem> {
    let last = headers.get("last-event-id").and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
    let since = last.or(from.since);
    // Listens first, so that nothing falls between what happened and what happens.
    let told = desk.watch.listen();
    let (now, missed) = desk
        .store
        .read(move |case| {
            let now = case.last()?;
            let since = since.unwrap_or(now).clamp(0, now);
            Ok((now, if now - since <= MANY as i64 { Some(case.after(since, MANY)?) } else { None }))
        })
        .await?;
    let behind = missed.is_none();
    let waiting: VecDeque<Arc<Event>> = missed.unwrap_or_default().into_iter().map(Arc::new).collect();
    let seq = waiting.back().map_or(now, |e| e.seq);
    let listener = Listener { waiting, told, seq, behind };
    let events = stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok::<_, Infallible>(event), listener))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

impl Listener {
    async fn next(&mut self) -> Option<sse::Event> {
        if std::mem::take(&mut self.behind) {
            return Some(sse::Event::default().event("anew").id(self.seq.to_string()).data(self.seq.to_string()));
        }
        if let Some(event) = self.waiting.pop_front() {
            return Some(told(&event));
        }
        loop {
            match self.told.recv().await {
                Ok(event) if event.seq <= self.seq => {}
                Ok(event) => {
                    self.seq = event.seq;
                    return Some(told(&event));
                }
                Err(RecvError::Lagged(_)) => {
                    return Some(sse::Event::default().event("anew").data(self.seq.to_string()));
                }
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

fn told(event: &Event) -> sse::Event {
    sse::Event::default().event("change").id(event.seq.to_string()).data(event.json().to_string())
}
