//! Incidents: lists by pages, counts, points, doubts; one with its record, history, and why its reports are together.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use blotter_case::{Change, Cursor, Doubt, Event, Filter, Order, Row, times};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{Asked, day, tagged};
use crate::Desk;
use crate::problem::Problem;

/// So many rows a page at most, and where nothing is said.
const LONGEST: usize = 500;
const USUAL: usize = 50;

/// More points than this are no map.
const POINTS: usize = 200_000;

/// What `blotter list` takes, and pages.
#[derive(Default, Deserialize)]
pub struct Listed {
    since: Option<String>,
    until: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    country: Option<String>,
    near: Option<String>,
    min_killed: Option<u64>,
    text: Option<String>,
    status: Option<String>,
    all: Option<bool>,
    order: Option<String>,
    cursor: Option<String>,
    limit: Option<usize>,
}

impl Listed {
    /// The filter that is asked for, without order, pages and limit.
    pub(super) fn filter(&self) -> Result<Filter, Problem> {
        let given = |words: &Option<String>| words.clone().filter(|w| !w.trim().is_empty());
        let near = given(&self.near).map(|words| near(&words)).transpose()?;
        Ok(Filter {
            since: day("since", self.since.clone())?,
            until: day("until", self.until.clone())?,
            kind: given(&self.kind),
            country: given(&self.country),
            near,
            min_killed: self.min_killed,
            text: given(&self.text),
            status: given(&self.status),
            all: self.all.unwrap_or(false),
            limit: None,
        })
    }
}

fn near(words: &str) -> Result<(f64, f64, f64), Problem> {
    let parts: Vec<f64> = words.split(',').filter_map(|p| p.trim().parse().ok()).collect();
    match parts[..] {
        [lat, lon, km] if lat.abs() <= 90.0 && lon.abs() <= 180.0 && (0.0..=20_100.0).contains(&km) => {
            Ok((lat, lon, km))
        }
        _ => Err(Problem::bad(format!("near: {words}: write LAT,LON,KM, such as 19.6,37.2,50"))),
    }
}

fn limit(asked: Option<usize>) -> usize {
    asked.unwrap_or(USUAL).clamp(1, LONGEST)
}

fn line(row: &Row) -> Json {
    json!({
        "incident": row.incident, "status": row.status, "day": row.day, "summary": row.summary, "reports": row.reports,
        "disagreements": row.disagreements, "best": row.best, "weight": (row.weight * 1e3).round() / 1e3,
        "point": row.point.map(|(lat, lon)| [lat, lon]),
    })
}

/// A page of the list.
pub async fn list(
    State(desk): State<Desk>,
    Asked(asked): Asked<Listed>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let filter = asked.filter()?;
    let order = match asked.order.as_deref() {
        None | Some("doubt") => Order::Doubt,
        Some("newest") => Order::Newest,
        Some(other) => return Err(Problem::bad(format!("order: {other} is none (there are doubt, newest)"))),
    };
    let after = match asked.cursor.as_deref().filter(|c| !c.is_empty()) {
        Some(word) => Some(Cursor::read(word).ok_or_else(|| Problem::bad("cursor: not one that a page gave"))?),
        None => None,
    };
    let limit = limit(asked.limit);
    tagged(&desk, &headers, move |case, seq| {
        let page = case.page(&filter, order, after.as_ref(), limit)?;
        let rows: Vec<Json> = page.rows.iter().map(line).collect();
        Ok(json!({ "seen": seq, "rows": rows, "next": page.next.map(|c| c.written()) }))
    })
    .await
}

/// How many incidents a filter leaves, by what they are.
pub async fn counts(
    State(desk): State<Desk>,
    Asked(asked): Asked<Listed>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let filter = asked.filter()?;
    tagged(&desk, &headers, move |case, seq| {
        let counts = case.counts(&filter)?;
        Ok(json!({
            "seen": seq, "incidents": counts.incidents, "statuses": counts.statuses, "types": counts.types,
            "countries": counts.countries, "killed": counts.killed, "killed_told": counts.killed_told,
        }))
    })
    .await
}

/// The incidents of a filter as points: columns, since a hundred thousand objects are twice as long.
pub async fn points(
    State(desk): State<Desk>,
    Asked(asked): Asked<Listed>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let filter = asked.filter()?;
    tagged(&desk, &headers, move |case, seq| {
        let points = case.points(&filter, POINTS)?;
        let column = |of: &dyn Fn(&blotter_case::Point) -> Json| points.iter().map(of).collect::<Vec<Json>>();
        Ok(json!({
            "seen": seq,
            "incident": column(&|p| json!(p.incident)),
            "lat": column(&|p| json!(p.at.map(|a| a.0))),
            "lon": column(&|p| json!(p.at.map(|a| a.1))),
            "day": column(&|p| json!(p.day)),
            "type": column(&|p| json!(p.kind)),
            "killed": column(&|p| json!(p.killed)),
        }))
    })
    .await
}

/// How many doubts are wanted.
#[derive(Deserialize)]
pub struct Limited {
    limit: Option<usize>,
}

/// What a person should look at first.
pub async fn doubts(
    State(desk): State<Desk>,
    Asked(asked): Asked<Limited>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let limit = limit(asked.limit);
    tagged(&desk, &headers, move |case, seq| {
        // One more than asked for tells whether there are more.
        let mut doubts: Vec<Json> = case.doubts(limit + 1)?.iter().map(Doubt::json).collect();
        let more = doubts.len() > limit;
        doubts.truncate(limit);
        Ok(json!({ "seen": seq, "rows": doubts, "more": more }))
    })
    .await
}

/// Which moment is asked for.
#[derive(Deserialize)]
pub struct Moment {
    as_of: Option<String>,
}

/// The record of an incident.
pub async fn show(
    State(desk): State<Desk>,
    Path(incident): Path<String>,
    Asked(asked): Asked<Moment>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let as_of = super::time("as_of", &asked.as_of, times::end_of)?;
    tagged(&desk, &headers, move |case, seq| {
        let (record, was) = case.show(&incident, as_of.as_deref())?;
        Ok(json!({ "seen": seq, "asked": was, "record": record.json() }))
    })
    .await
}

/// Every change of an incident's record.
pub async fn history(
    State(desk): State<Desk>,
    Path(incident): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    tagged(&desk, &headers, move |case, seq| {
        let changes = case.history(&incident)?;
        // Which of the decisions can still be taken back.
        let decisions = changes.iter().filter_map(|c| c.decision);
        let undone = |seq: i64| -> Result<bool, blotter_case::Error> {
            Ok(case.after(seq - 1, 1)?.first().is_some_and(|e: &Event| e.undone || !e.is_decision))
        };
        let mut settled: Vec<String> = Vec::new();
        for number in decisions {
            if undone(number)? {
                settled.push(format!("D{number}"));
            }
        }
        settled.dedup();
        Ok(json!({ "seen": seq, "rows": changes.iter().map(Change::json).collect::<Vec<_>>(), "undone": settled }))
    })
    .await
}

/// Why the reports of an incident are together.
pub async fn joins(
    State(desk): State<Desk>,
    Path(incident): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    tagged(&desk, &headers, move |case, seq| {
        let joins = case.joins(&incident)?;
        let line = |j: &blotter_case::Join| json!({ "reports": j.reports, "p": j.p, "reasons": j.reasons });
        Ok(json!({ "seen": seq, "rows": joins.iter().map(line).collect::<Vec<_>>() }))
    })
    .await
}
