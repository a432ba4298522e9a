//! A desk over a case file of hand-made Readings, and requests to it.
#![allow(dead_code)]

#[path = "../../../blotter-case/tests/common/mod.rs"]
pub mod readings;

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::Response;
use blotter_case::{Access, CaseFile};
use blotter_desk::{Account, Accounts, Desk, Handed, Key, Names, Options, Reader, router};
use http_body_util::BodyExt;
use readings::{MILLBROOK, Shooting, at, reading};
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tower::ServiceExt;

/// A desk, with its file and the keys of Ann, who decides, and Ben, who looks.
pub struct Open {
    pub folder: TempDir,
    pub desk: Router,
    pub ann: String,
    pub ben: String,
}

/// What a test reads reports with: it gives back what it was handed, as a Reading.
struct Echo;

impl Reader for Echo {
    fn read(&self, handed: Handed) -> Vec<Result<Json, String>> {
        match String::from_utf8(handed.bytes) {
            Ok(text) => vec![Ok(json!({
                "schema": 1, "incidents": [],
                "report": { "text": text, "name": handed.name, "title": handed.title, "published": handed.published },
            }))],
            Err(_) => vec![Err("is not text".to_owned())],
        }
    }
}

impl Open {
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("case.db")
    }

    /// The case file, as another program has it.
    pub fn case(&self) -> CaseFile {
        CaseFile::open(self.path(), Access::Write).expect("case file")
    }

    pub async fn get(&self, path: &str) -> (StatusCode, Json) {
        let (status, _, body) = self.ask("GET", path, &[], None).await;
        (status, body)
    }

    pub async fn decide(&self, decision: &Json) -> (StatusCode, Json) {
        let (status, _, body) = self.ask("POST", "/api/decisions", &[], Some(decision)).await;
        (status, body)
    }

    /// A request of Ann's, with more headers and a body.
    pub async fn ask(
        &self,
        method: &str,
        path: &str,
        more: &[(&str, &str)],
        body: Option<&Json>,
    ) -> (StatusCode, HeaderMap, Json) {
        let ann = format!("Bearer {}", self.ann);
        let mut headers = vec![("host", "127.0.0.1:8517"), ("authorization", ann.as_str())];
        headers.extend(more);
        answer(self.bare(method, path, &headers, body).await).await
    }

    /// A request with these headers alone.
    pub async fn bare(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Json>) -> Response {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).expect("request")).await
    }

    pub async fn send(&self, request: Request<Body>) -> Response {
        self.desk.clone().oneshot(request).await.expect("answer")
    }
}

pub async fn answer(response: Response) -> (StatusCode, HeaderMap, Json) {
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.expect("body").to_bytes();
    (parts.status, parts.headers, serde_json::from_slice(&bytes).unwrap_or(Json::Null))
}

/// Towns a good way apart, so that no two of their shootings are one.
const TOWNS: [(&str, f64, f64); 7] = [
    ("Millbrook", 40.7, -84.2),
    ("Karsova", 51.2, 12.4),
    ("Port Kesh", 19.6, 37.2),
    ("Ain Safa", 33.4, 36.3),
    ("Tarn Vale", -33.9, 18.4),
    ("Old Quarry", -12.0, -77.0),
    ("Nine Wells", 35.7, 139.7),
];
const VICTIMS: [(&str, u64); 7] = [
    ("Terrence Boyle", 34),
    ("Milena Novak", 51),
    ("Osman Bakri", 44),
    ("Huda Rahim", 29),
    ("Pieter Maart", 63),
    ("Rosa Quispe", 38),
    ("Kenji Arai", 70),
];

/// The shooting of a town: day and toll are its number.
pub fn shooting(i: usize) -> (String, String, String, u64) {
    (format!("wire-{i}"), format!("2023-08-{:02}", i + 1), format!("Man killed in {}", TOWNS[i].0), i as u64 + 1)
}

/// What the report of a town says.
fn body(i: usize) -> String {
    let (name, age) = VICTIMS[i];
    let town = TOWNS[i].0;
    format!(
        "{name}, {age}, was killed on Wednesday night outside a diner in {town}, police said. The toll stands at KILLED."
    )
}

/// A case file of seven incidents; the first has two reports, which disagree about the toll.
pub fn open(read_only: bool) -> Open {
    open_for(read_only, 2)
}

/// The same, for so many exports at once.
pub fn open_for(read_only: bool, exports: usize) -> Open {
    let folder = TempDir::new().expect("folder");
    let path = folder.path().join("case.db");
    let mut case = CaseFile::open(&path, Access::Create).expect("case file");
    for i in 0..TOWNS.len() {
        let (id, day, headline, killed) = shooting(i);
        let told = Shooting {
            id: &id,
            outlet: "Coast Herald",
            published: &day,
            day: &day,
            place: TOWNS[i],
            victim: VICTIMS[i],
            killed,
            headline: &headline,
            body: &body(i),
        };
        case.add(&reading(&told), "test", &at(8)).expect("filed");
    }
    let (_, day, ..) = shooting(0);
    let second = Shooting { id: "gazette-1", outlet: "Gazette", published: &day, day: &day, killed: 3, ..MILLBROOK };
    case.add(&reading(&second), "test", &at(9)).expect("filed");
    drop(case);
    let (ann, ben) = (Key::random().expect("key"), Key::random().expect("key"));
    let account = |name: &str, key: &Key, read_only| Account { name: name.to_owned(), hash: key.hash(), read_only };
    let desk = Desk::open(Options {
        db: path.into(),
        read_only,
        accounts: Accounts(vec![account("Ann", &ann, false), account("Ben", &ben, true)]),
        names: Names { hosts: vec!["newsroom.local".to_owned()], any_address: false },
        clock: Arc::new(|| "2023-08-20T09:00:00Z".to_owned()),
        reader: Arc::new(Echo),
        exports,
        program: "blotter test".to_owned(),
    })
    .expect("desk");
    Open { folder, desk: router(desk), ann: ann.written().to_owned(), ben: ben.written().to_owned() }
}

/// The id of the incident whose summary names a town.
pub async fn incident(open: &Open, town: &str) -> String {
    let (_, page) = open.get("/api/incidents?limit=100&all=true").await;
    let rows = page["rows"].as_array().expect("rows");
    let found = rows.iter().find(|r| r["summary"].as_str().is_some_and(|s| s.contains(town)));
    found.and_then(|r| r["incident"].as_str()).unwrap_or_else(|| panic!("{town} in {rows:?}")).to_owned()
}
