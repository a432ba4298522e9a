//! Exports of the desk: what the case file exports, with the same key and checks as all that is asked.

mod common;

use axum::http::{StatusCode, header};
use blotter_case::Filter;
use blotter_case::Tlp;
use blotter_case::decide::Decision;
use blotter_export::{FORMATS, Options, Selection, format};
use common::readings::at;
use common::{incident, open, open_for};
use http_body_util::BodyExt;

/// An answer's status, its headers and its bytes.
async fn export(open: &common::Open, query: &str) -> (StatusCode, axum::http::HeaderMap, Vec<u8>) {
    let ann = format!("Bearer {}", open.ann);
    let headers = [("host", "127.0.0.1:8517"), ("authorization", ann.as_str())];
    let response = open.bare("GET", &format!("/api/export?{query}"), &headers, None).await;
    let (parts, body) = response.into_parts();
    (parts.status, parts.headers, body.collect().await.expect("a body").to_bytes().to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_format_is_what_the_program_writes() {
    let open = open(false);
    for one in FORMATS {
        let (status, headers, bytes) = export(&open, &format!("format={}", one.name)).await;
        assert_eq!(status, StatusCode::OK, "{}", one.name);
        assert_eq!(headers[header::CONTENT_TYPE], one.media_type, "{}", one.name);
        let name = headers[header::CONTENT_DISPOSITION].to_str().expect("text");
        assert_eq!(name, format!("attachment; filename=\"blotter-{}.{}\"", one.name, one.extension));
        assert!(!bytes.is_empty(), "{}", one.name);
        // SQLite counts changes in its header.
        if one.name != "sqlite" {
            let case = open.case();
            let selection = Selection::new(case.snapshot(None).expect("a state"), Filter::default());
            let options = Options { made: Some("2023-08-20T09:00:00Z".to_owned()), ..Options::default() };
            let mut own = Vec::new();
            format(one.name).expect("a format").write(&selection, &options, &mut own).expect("written");
            assert!(own == bytes, "{}", one.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_filter_shows_and_the_level_allows() {
    let open = open(false);
    let lines = |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().count() - 1;
    assert_eq!(lines(&export(&open, "format=csv").await.2), 7);
    assert_eq!(lines(&export(&open, "format=csv&text=Karsova&limit=50").await.2), 1);
    let of = incident(&open, "Karsova").await;
    let stamp = at(10);
    open.case().decide(&Decision::Tlp(of, Tlp::Red), Some("a witness"), &stamp).expect("marked");
    assert_eq!(lines(&export(&open, "format=csv&tlp=amber%2Bstrict").await.2), 6);
    let (_, _, bytes) = export(&open, "format=csv&redact=victims,addresses").await;
    let text = String::from_utf8(bytes).expect("UTF-8");
    assert!(!text.contains("Novak") && text.contains("a victim"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn problems_are_told_before_anything_is_sent() {
    let open = open(false);
    for (query, status) in [
        ("", 400),
        ("format=xls", 400),
        ("format=csv&since=soon", 400),
        ("format=csv&as_of=soon", 400),
        ("format=csv&tlp=purple", 400),
        ("format=csv&redact=names", 400),
        ("format=csv&table=none", 422),
    ] {
        let (found, headers, _) = export(&open, query).await;
        assert_eq!(found.as_u16(), status, "{query}");
        assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json", "{query}");
    }
    let response = open.bare("GET", "/api/export?format=csv", &[("host", "127.0.0.1:8517")], None).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_exports_run_at_once_than_may() {
    let open = open_for(false, 0);
    let (status, headers, bytes) = export(&open, "format=csv").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(headers[header::RETRY_AFTER], "10");
    let problem: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
    assert_eq!(problem["type"], "urn:blotter:problem:busy");
    // What has ended makes room, also where nobody read it to its end.
    let open = open_for(false, 1);
    let ann = format!("Bearer {}", open.ann);
    let headers = [("host", "127.0.0.1:8517"), ("authorization", ann.as_str())];
    drop(open.bare("GET", "/api/export?format=jsonl", &headers, None).await);
    for _ in 0..200 {
        if export(&open, "format=csv").await.0 == StatusCode::OK {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the place was never free again");
}
