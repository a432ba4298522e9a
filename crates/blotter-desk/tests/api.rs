//! What the API answers, and that it is what its document says.

mod common;

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use blotter_desk::ROUTES;
use common::readings::{MILLBROOK, Shooting, at, reading};
use common::{answer, incident, open};
use serde_json::{Value as Json, json};

/// The document as the desk serves it.
async fn document(open: &common::Open) -> Json {
    let (status, document) = open.get("/api/openapi.json").await;
    assert_eq!(status, StatusCode::OK);
    document
}

/// A value against a schema of the document.
fn holds(document: &Json, schema: &Json, value: &Json, of: &str) {
    let mut whole = schema.clone();
    whole["components"] = document["components"].clone();
    let checker = jsonschema::draft202012::new(&whole).expect("a schema");
    let faults: Vec<String> = checker.iter_errors(value).map(|e| format!("{} at {}", e, e.instance_path())).collect();
    assert!(faults.is_empty(), "{of}: {faults:#?}\n{value:#}");
}

#[tokio::test]
async fn the_document_tells_of_every_route_and_no_other() {
    let open = open(false);
    let document = document(&open).await;
    assert!(document["openapi"].as_str().is_some_and(|v| v.starts_with("3.1.")));
    let mut told = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            told.insert((method.clone(), path.clone()));
            let in_path =
                operation["parameters"].as_array().into_iter().flatten().filter(|p| p["in"] == "path").count();
            assert_eq!(in_path, path.matches('{').count(), "{path}");
        }
    }
    let routes: BTreeSet<(String, String)> = ROUTES.iter().map(|(m, p)| ((*m).to_owned(), (*p).to_owned())).collect();
    assert_eq!(told, routes);
}

#[tokio::test]
async fn answers_are_what_the_document_says() {
    let open = open(false);
    let document = document(&open).await;
    let of = incident(&open, "Millbrook").await;
    let decisions = [
        json!({ "kind": "comment", "incident": of, "text": "call the sheriff" }),
        json!({ "kind": "pin", "incident": of, "field": "killed", "value": "3", "why": "list of names" }),
        json!({ "kind": "pin", "incident": of, "field": "when", "value": { "start": "2023-08-01", "end": "2023-08-01", "precision": "day", "timex": "2023-08-01" }, "why": "the court's file" }),
    ];
    let filed = &document["paths"]["/api/decisions"]["post"];
    for decision in &decisions {
        let asked = &filed["requestBody"]["content"]["application/json"]["schema"];
        holds(&document, asked, decision, "a decision");
        let (status, body) = open.decide(decision).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        holds(&document, &filed["responses"]["201"]["content"]["application/json"]["schema"], &body, "an answer");
    }
    let mut tried = 0;
    for (path, methods) in document["paths"].as_object().expect("paths") {
        let Some(schema) = methods.pointer("/get/responses/200/content/application~1json/schema") else { continue };
        let query = if path.starts_with("/api/report") { "?id=gazette-1" } else { "" };
        let at = path.replace("{incident}", &of) + query;
        let (status, body) = open.get(&at).await;
        assert_eq!(status, StatusCode::OK, "{at}: {body}");
        holds(&document, schema, &body, path);
        tried += 1;
    }
    assert_eq!(tried, 12);
    let problem = &document["components"]["schemas"]["Problem"];
    for (path, status) in [
        ("/api/incidents/B-0000", 404),
        ("/api/incidents?since=soon", 400),
        ("/api/incidents?near=1,2", 400),
        ("/api/incidents?cursor=zzz", 400),
        ("/api/incidents?order=oldest", 400),
        ("/api/incidents?limit=many", 400),
        ("/api/report", 400),
        ("/api/report?id=wire-1&version=9", 404),
        ("/api/incidents?status=open&min_killed=-1", 400),
        ("/nothing", 404),
    ] {
        let (found, headers, body) = open.ask("GET", path, &[], None).await;
        assert_eq!(found.as_u16(), status, "{path}: {body}");
        assert_eq!(headers["content-type"], "application/problem+json", "{path}");
        holds(&document, problem, &body, path);
    }
    let (status, body) = open.decide(&json!({ "kind": "dance" })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    holds(&document, problem, &body, "a decision that is none");
    let (status, body) = open.decide(&json!({ "kind": "comment", "incident": of, "text": "a".repeat(64 << 10) })).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    holds(&document, problem, &body, "a decision that is too long");
}

#[tokio::test]
async fn what_is_known_is_not_sent_again_until_something_is_filed() {
    let open = open(false);
    let of = incident(&open, "Karsova").await;
    for path in ["/api/incidents".to_owned(), format!("/api/incidents/{of}"), "/api/report?id=wire-1".to_owned()] {
        let (_, headers, _) = open.ask("GET", &path, &[], None).await;
        let tag = headers["etag"].to_str().expect("text").to_owned();
        let (status, _, body) = open.ask("GET", &path, &[("if-none-match", &tag)], None).await;
        assert_eq!((status, body), (StatusCode::NOT_MODIFIED, Json::Null), "{path}");
        let (status, body) = open.decide(&json!({ "kind": "comment", "incident": of, "text": path })).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        let (status, headers, _) = open.ask("GET", &path, &[("if-none-match", &tag)], None).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert_ne!(headers["etag"].as_bytes(), tag.as_bytes());
    }
}

#[tokio::test]
async fn pages_give_every_incident_once_while_others_file() {
    let open = open(false);
    let listed = || -> BTreeSet<String> {
        let rows = open.case().list(&blotter_case::Filter::default()).expect("list");
        rows.into_iter().map(|r| r.incident).collect()
    };
    for (order, known, day, place, victim, killed) in [
        ("doubt", 7, "2023-08-19", ("Far Hollow", 64.1, -21.9), ("Jon Vidar", 47), 100),
        ("newest", 8, "2023-08-20", ("Salt Ferry", -45.9, 170.5), ("Moana Reid", 58), 200),
    ] {
        let all = listed();
        assert_eq!(all.len(), known);
        let (mut found, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
        loop {
            let (status, page) = open.get(&format!("/api/incidents?order={order}&limit=2&cursor={cursor}")).await;
            assert_eq!(status, StatusCode::OK, "{page}");
            found.extend(page["rows"].as_array().expect("rows").clone());
            pages += 1;
            let Some(next) = page["next"].as_str() else { break };
            next.clone_into(&mut cursor);
            if pages == 1 {
                // The newest incident, with the greatest toll, comes meanwhile: before the cursor in both orders.
                let late = Shooting {
                    id: &format!("late-{order}"),
                    day,
                    published: day,
                    place,
                    victim,
                    killed,
                    headline: &format!("Many killed in {}", place.0),
                    body: &format!("{} was killed in {}, police said. The toll stands at KILLED.", victim.0, place.0),
                    ..MILLBROOK
                };
                let added = open.case().add(&reading(&late), "test", &at(20)).expect("filed");
                assert!(!all.contains(&added.incidents[0].0), "{order}: an incident of its own");
            }
        }
        let ids: Vec<&str> = found.iter().filter_map(|r| r["incident"].as_str()).collect();
        let once: BTreeSet<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        assert_eq!(ids.len(), once.len(), "{order}: {ids:?}");
        assert_eq!(once, all, "{order}");
        assert_eq!(pages, 4);
        let weights: Vec<f64> = found.iter().filter_map(|r| r["weight"].as_f64()).collect();
        let days: Vec<&str> = found.iter().filter_map(|r| r["day"].as_str()).collect();
        match order {
            "doubt" => assert!(weights.is_sorted_by(|a, b| a >= b) && weights[0] > 0.0, "{weights:?}"),
            _ => assert!(days.is_sorted_by(|a, b| a >= b), "{days:?}"),
        }
    }
}

#[tokio::test]
async fn counts_and_points_follow_the_filter() {
    let open = open(false);
    let (_, counts) = open.get("/api/counts").await;
    // 1 and 3 of the first are in conflict: what is best counts, and each incident once.
    let (_, page) = open.get("/api/incidents").await;
    let least = |r: &Json| r["best"]["killed"]["min"].as_u64().unwrap_or(0);
    let killed: u64 = page["rows"].as_array().expect("rows").iter().map(least).sum();
    assert_eq!(
        (&counts["incidents"], counts["killed"].as_u64(), &counts["killed_told"]),
        (&json!(7), Some(killed), &json!(7))
    );
    assert_eq!(counts["types"], json!({ "attack/shooting": 7 }));
    let (_, some) = open.get("/api/counts?since=2023-08-03&until=2023-08-05&type=attack&min_killed=4").await;
    assert_eq!(some["incidents"], 2);
    let (_, near) = open.get("/api/points?near=51,12,100").await;
    assert_eq!((near["incident"].as_array().map(Vec::len), &near["lat"]), (Some(1), &json!([51.2])));
    let (_, points) = open.get("/api/points").await;
    for column in ["incident", "lat", "lon", "day", "type", "killed"] {
        assert_eq!(points[column].as_array().map(Vec::len), Some(7), "{column}");
    }
    let (_, found) = open.get("/api/incidents?text=Karsova").await;
    assert_eq!(found["rows"].as_array().map(Vec::len), Some(1));
    let (status, odd) = open.get("/api/incidents?text=%22)%20OR%20*%20--").await;
    assert_eq!(status, StatusCode::OK, "{odd}");
}

#[tokio::test]
async fn text_of_reports_stays_text() {
    let open = open(false);
    let headline = "<script>alert(1)</script><img src=x onerror=alert(2)>";
    let told = Shooting {
        id: "<b>&\"'",
        outlet: "</title><script>alert(3)</script>",
        headline,
        place: ("<svg onload=alert(4)>", 10.0, 10.0),
        victim: ("A \u{202e}<i>", 30),
        body: "<svg onload=alert(4)> A \u{202e}<i> KILLED</script>",
        ..MILLBROOK
    };
    let added = open.case().add(&reading(&told), "test", &at(9)).expect("filed");
    let of = &added.incidents[0].0;
    for path in [
        format!("/api/incidents/{of}"),
        "/api/report?id=%3Cb%3E%26%22%27".to_owned(),
        "/api/incidents?all=true".to_owned(),
    ] {
        let (status, headers, body) = open.ask("GET", &path, &[], None).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        assert_eq!(
            (&headers["content-type"], &headers["x-content-type-options"]),
            (&"application/json".parse().expect("value"), &"nosniff".parse().expect("value"))
        );
        assert!(body.to_string().contains("<svg onload=alert(4)>"), "{path}: the words as they are");
    }
    let (_, body) = open.get("/api/report?id=%3Cb%3E%26%22%27").await;
    assert!(body["text"].as_str().is_some_and(|t| t.starts_with(headline)));
}

#[tokio::test]
async fn a_report_is_read_live_and_not_filed() {
    let open = open(false);
    let before = open.case().last().expect("last");
    let pasted = json!({ "text": "Two men were shot dead.", "title": " ", "published": "2024-03-12" });
    let (status, _, body) = open.ask("POST", "/api/read", &[], Some(&pasted)).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let report = &body["readings"][0]["report"];
    assert_eq!(
        (&report["text"], &report["title"], &report["published"]),
        (&pasted["text"], &Json::Null, &json!("2024-03-12"))
    );
    let send = async |kind: &str, bytes: Vec<u8>| {
        let request =
            Request::post("/api/read?name=a.html").header("host", "127.0.0.1:8517").header("content-type", kind);
        let request = request.header("authorization", format!("Bearer {}", open.ann));
        answer(open.send(request.body(Body::from(bytes)).expect("request")).await).await
    };
    let (status, _, body) = send("application/octet-stream", b"<p>shot".to_vec()).await;
    assert_eq!((status, &body["readings"][0]["report"]["name"]), (StatusCode::OK, &json!("a.html")));
    assert_eq!(send("application/octet-stream", vec![0xff; 9]).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(send("application/octet-stream", b" \n".to_vec()).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(send("text/plain", b"shot".to_vec()).await.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(send("application/octet-stream", vec![b'a'; (16 << 20) + 1]).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(open.case().last().expect("last"), before);
}
