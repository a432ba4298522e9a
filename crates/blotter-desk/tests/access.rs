//! Who is let in, from where, to what.

mod common;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use blotter_desk::{Accounts, ROUTES};
use common::{answer, incident, open};
use serde_json::json;

const HOST: (&str, &str) = ("host", "127.0.0.1:8517");

#[tokio::test]
async fn nothing_of_the_api_without_a_key() {
    let open = open(false);
    for (method, path) in ROUTES {
        for key in ["", "Bearer ", "Bearer 0000", &open.ann] {
            let path = path.replace("{incident}", "B-0000");
            let headers = [HOST, ("authorization", key)];
            let response = open.bare(&method.to_uppercase(), &path, &headers, None).await;
            let (status, headers, body) = answer(response).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{method} {path} with {key:?}");
            assert_eq!(headers["content-type"], "application/problem+json");
            assert_eq!(body["status"], 401);
        }
    }
}

#[tokio::test]
async fn only_by_its_own_names_and_from_its_own_pages() {
    let open = open(false);
    let key = format!("Bearer {}", open.ann);
    let status = async |host: &str, more: (&'static str, &str)| {
        let headers = [("host", host), ("authorization", key.as_str()), more];
        open.bare("GET", "/api/session", &headers, None).await.status()
    };
    let none = ("accept", "*/*");
    for host in ["127.0.0.1:8517", "localhost:8517", "[::1]:8517", "newsroom.local:80", "LOCALHOST"] {
        assert_eq!(status(host, none).await, StatusCode::OK, "{host}");
    }
    for host in ["evil.example:8517", "192.168.1.7:8517", "", "127.0.0.1.evil.example", "localhost.evil.example:8517"] {
        assert_eq!(status(host, none).await, StatusCode::FORBIDDEN, "{host}");
    }
    let host = "127.0.0.1:8517";
    for origin in ["http://evil.example", "http://127.0.0.1:9999", "null", "http://localhost:8517"] {
        assert_eq!(status(host, ("origin", origin)).await, StatusCode::FORBIDDEN, "{origin}");
    }
    assert_eq!(status(host, ("origin", "http://127.0.0.1:8517")).await, StatusCode::OK);
    for site in ["cross-site", "same-site"] {
        assert_eq!(status(host, ("sec-fetch-site", site)).await, StatusCode::FORBIDDEN, "{site}");
    }
    assert_eq!(status(host, ("sec-fetch-site", "same-origin")).await, StatusCode::OK);
}

#[tokio::test]
async fn who_only_looks_decides_nothing() {
    let desk = open(true);
    let of = incident(&desk, "Karsova").await;
    let decision = json!({ "kind": "status", "incident": of, "status": "closed" });
    let before = desk.case().last().expect("last");
    let (status, body) = desk.decide(&decision).await;
    assert_eq!((status, body["detail"].as_str()), (StatusCode::FORBIDDEN, Some("this desk is read-only")));
    assert_eq!(desk.case().last().expect("last"), before);
    // A desk where some decide, and one looks.
    let desk = open(false);
    let ben = format!("Bearer {}", desk.ben);
    let headers = [HOST, ("authorization", ben.as_str())];
    let (status, _, body) = answer(desk.bare("GET", "/api/session", &headers, None).await).await;
    assert_eq!((status, &body["by"], &body["read_only"]), (StatusCode::OK, &json!("Ben"), &json!(true)));
    let response = desk.bare("POST", "/api/decisions", &headers, Some(&decision)).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    let (status, body) = desk.decide(&decision).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
}

#[tokio::test]
async fn no_form_of_another_page_can_send_a_decision() {
    let open = open(false);
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
        let request = Request::post("/api/decisions").header("host", "127.0.0.1:8517").header("content-type", kind);
        let request = request.header("authorization", format!("Bearer {}", open.ann));
        let body = json!({ "kind": "comment", "incident": "B-0000", "text": "x" }).to_string();
        let response = open.send(request.body(Body::from(body)).expect("request")).await;
        assert_eq!(response.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
    }
}

#[tokio::test]
async fn no_path_leads_out_of_the_page() {
    let open = open(false);
    let ask = async |path: &str| answer(open.bare("GET", path, &[HOST], None).await).await;
    for path in [
        "/assets/../index.html",
        "/assets/..%2findex.html",
        "/assets/%2e%2e/%2e%2e/Cargo.toml",
        "/assets/..%5c..%5cCargo.toml",
        "/assets//etc/passwd",
        "/etc/passwd",
        "/case.db",
    ] {
        let (status, _, body) = ask(path).await;
        assert_eq!((status, &body["status"]), (StatusCode::NOT_FOUND, &json!(404)), "{path}");
    }
    for id in ["../../etc/passwd", "/etc/passwd", "..%2f..%2fetc%2fpasswd", "file:///etc/passwd"] {
        let (status, body) = open.get(&format!("/api/report?id={id}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{body}");
    }
    let (status, _) = open.get("/api/incidents/..%2f..%2fetc%2fpasswd").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (_, session) = open.get("/api/session").await;
    assert_eq!(session["file"], "case.db");
}

#[tokio::test]
async fn the_page_runs_nothing_but_its_own() {
    let open = open(false);
    let response = open.bare("GET", "/", &[HOST], None).await;
    assert_eq!(response.status(), StatusCode::OK);
    let headers = response.headers().clone();
    let policy = headers["content-security-policy"].to_str().expect("text");
    assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    let (_, _, body) = (0, 0, http_body_util::BodyExt::collect(response.into_body()).await.expect("body").to_bytes());
    let html = String::from_utf8(body.to_vec()).expect("UTF-8");
    for part in html.split("<script").skip(1) {
        assert!(part.contains("src=\"/assets/") && part.contains("></script>"), "an inline script: {part}");
    }
    assert!(!html.contains("style=") && !html.contains("<style") && !html.contains("://"), "{html}");
    for name in html.split("\"/assets/").skip(1).filter_map(|part| part.split('"').next()) {
        let path = format!("/assets/{name}");
        let first = open.bare("GET", &path, &[HOST], None).await;
        assert_eq!(first.status(), StatusCode::OK, "{path}");
        let tag = first.headers()["etag"].to_str().expect("text").to_owned();
        let again = open.bare("GET", &path, &[HOST, ("if-none-match", tag.as_str())], None).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path}");
    }
}

#[test]
fn accounts_are_read_or_told_what_is_wrong() {
    let hash = "a".repeat(64);
    let text = format!("# who may come in\n\nAnn\t{hash}\nBen Osei\t{hash}\tread-only\n");
    let found = Accounts::parse(&text).expect("accounts").0;
    assert_eq!(found.len(), 2);
    assert_eq!((found[1].name.as_str(), found[0].read_only, found[1].read_only), ("Ben Osei", false, true));
    for line in ["Ann", "Ann\tshort", "\taaaa", &format!("Ann {hash}"), &format!("Ann\t{hash}\tadmin")] {
        assert!(Accounts::parse(line).is_err_and(|e| e.starts_with("line 1")), "{line}");
    }
}
