//! Every route in one table: the router is made from it, and the tests hold the API's document against it.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};

use crate::api::{decisions, events, export, incidents, live, reports, session};
use crate::problem::Problem;
use crate::{Desk, access, page, watch};

/// Method, path, and what answers.
type Route = (&'static str, &'static str, fn() -> MethodRouter<Desk>);

/// The API.
const API: [Route; 16] = [
    ("get", "/api/openapi.json", || get(session::openapi)),
    ("get", "/api/session", || get(session::session)),
    ("get", "/api/incidents", || get(incidents::list)),
    ("get", "/api/counts", || get(incidents::counts)),
    ("get", "/api/points", || get(incidents::points)),
    ("get", "/api/doubts", || get(incidents::doubts)),
    ("get", "/api/incidents/{incident}", || get(incidents::show)),
    ("get", "/api/incidents/{incident}/history", || get(incidents::history)),
    ("get", "/api/incidents/{incident}/joins", || get(incidents::joins)),
    ("get", "/api/report", || get(reports::report)),
    ("get", "/api/report/reading", || get(reports::reading)),
    ("get", "/api/export", || get(export::export)),
    ("get", "/api/log", || get(events::log)),
    ("get", "/api/events", || get(events::stream)),
    ("post", "/api/decisions", || post(decisions::decide).layer(DefaultBodyLimit::max(DECISION))),
    ("post", "/api/read", || post(live::read)),
];

/// The routes of the API: method and path.
pub static ROUTES: [(&str, &str); API.len()] = {
    let mut names = [("", ""); API.len()];
    let mut i = 0;
    while i < API.len() {
        names[i] = (API[i].0, API[i].1);
        i += 1;
    }
    names
};

/// The longest body that is taken in: a page with its pictures, a long PDF.
const LONGEST: usize = 16 << 20;

/// The longest decision: words of a person and names of reports. It is kept for ever, so it is no place for whole reports.
const DECISION: usize = 64 << 10;

/// The desk as a service, which also begins to watch the case file: to be called where an asynchronous runtime runs.
pub fn router(desk: Desk) -> Router {
    watch::run(desk.clone());
    let api = API.iter().fold(Router::new(), |router, (_, path, route)| router.route(path, route()));
    let api = api
        .route_layer(from_fn_with_state(desk.clone(), access::keyed))
        .layer(DefaultBodyLimit::max(LONGEST))
        .layer(map_response(uncached));
    Router::new()
        .route("/", get(page::index))
        .route("/assets/{*path}", get(page::asset))
        .merge(api)
        .fallback(async || Problem::new(StatusCode::NOT_FOUND, "missing", "there is no such page"))
        .method_not_allowed_fallback(async || {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", "that cannot be asked here")
        })
        .layer(from_fn_with_state(desk.clone(), access::guard))
        .with_state(desk)
}

/// What the API answers is asked again each time, and is for one person.
async fn uncached(mut response: Response) -> Response {
    use axum::http::{HeaderValue, header};
    let set = response.headers_mut();
    set.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    set.insert(header::VARY, HeaderValue::from_static("Authorization"));
    response
}
