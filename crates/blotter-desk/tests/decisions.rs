//! Decisions through the API: what they do, who is named, that none is lost, filed twice, or made on what is past.

mod common;

use std::time::Duration;

use axum::http::StatusCode;
use blotter_case::Stamp;
use blotter_case::decide::Decision;
use common::{Open, incident, open};
use http_body_util::BodyExt;
use serde_json::{Value as Json, json};

async fn done(open: &Open, decision: Json) -> Json {
    let (status, body) = open.decide(&decision).await;
    assert_eq!(status, StatusCode::CREATED, "{decision}: {body}");
    body
}

async fn record(open: &Open, of: &str) -> Json {
    let (status, body) = open.get(&format!("/api/incidents/{of}")).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body["record"].clone()
}

#[tokio::test]
async fn every_kind_is_filed_with_author_and_reason_and_undone() {
    let open = open(false);
    let of = incident(&open, "Millbrook").await;
    let before = record(&open, &of).await;
    assert_eq!(before["disagreements"].as_array().map(Vec::len), Some(1), "{before:#}");
    let other = incident(&open, "Karsova").await;
    let fact = before["fields"]["killed"][1]["fact"].clone();
    // Each with what shows in the record afterwards.
    type Shows = fn(&Json) -> bool;
    let decisions: [(Json, Shows); 7] = [
        (json!({ "kind": "pin", "incident": of, "field": "killed", "value": "2" }), |r| {
            r["best"]["killed"]["best"] == 2
        }),
        (json!({ "kind": "reject", "fact": fact }), |r| r["fields"]["killed"].to_string().contains("\"rejected\":{")),
        (json!({ "kind": "status", "incident": of, "status": "reviewed" }), |r| r["status"] == "reviewed"),
        (json!({ "kind": "comment", "incident": of, "text": "ask the clerk" }), |r| {
            r["comments"][0]["text"] == "ask the clerk"
        }),
        (json!({ "kind": "link", "incidents": [of, other] }), |r| {
            r["reports"].as_array().is_some_and(|l| l.len() == 3)
        }),
        (json!({ "kind": "split", "incident": of, "reports": ["gazette-1"] }), |r| {
            r["reports"].as_array().is_some_and(|l| l.len() == 1)
        }),
        (json!({ "kind": "retract", "report": "gazette-1" }), |r| {
            r["reports"].to_string().contains("\"retracted\":true")
        }),
    ];
    for (mut decision, shows) in decisions {
        decision["why"] = json!("seen in the court's file");
        let answer = done(&open, decision.clone()).await;
        let after = record(&open, &of).await;
        assert!(shows(&after), "{decision}: {after:#}");
        let (_, log) = open.get("/api/log?limit=1").await;
        let row = &log["rows"][0];
        assert_eq!(
            (&row["by"], &row["decision"], &row["kind"]),
            (&json!("Ann"), &answer["decision"], &decision["kind"])
        );
        assert_eq!(row["why"], "seen in the court's file");
        done(&open, json!({ "kind": "undo", "decision": answer["decision"] })).await;
        let back = record(&open, &of).await;
        for part in ["best", "disagreements", "status", "comments"] {
            assert_eq!(back[part], before[part], "{decision}: {part}");
        }
        let (status, _) = open.decide(&json!({ "kind": "undo", "decision": answer["decision"] })).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "undone already");
    }
    let (_, history) = open.get(&format!("/api/incidents/{of}/history")).await;
    assert!(history["undone"].as_array().is_some_and(|l| l.len() >= 7), "{history}");
    let (rows, faults) = open.case().verify().expect("verified");
    assert!(faults.is_empty(), "{rows:?} {faults:?}");
}

#[tokio::test]
async fn two_incidents_that_are_kept_apart_are_no_doubt() {
    let open = open(false);
    let (a, b) = (incident(&open, "Millbrook").await, incident(&open, "Karsova").await);
    done(&open, json!({ "kind": "apart", "incidents": [a, b], "why": "other towns" })).await;
    let (status, _) = open.decide(&json!({ "kind": "apart", "incidents": [a, a], "why": "x" })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    // A link frees what was kept apart.
    done(&open, json!({ "kind": "link", "incidents": [a, b], "why": "one gang" })).await;
    assert_eq!(record(&open, &a).await["reports"].as_array().map(Vec::len), Some(3));
    assert_eq!(open.case().verify().expect("verified").1, []);
}

#[tokio::test]
async fn a_decision_needs_its_reason() {
    let open = open(false);
    let of = incident(&open, "Millbrook").await;
    for why in [json!(null), json!(""), json!("  ")] {
        let decision = json!({ "kind": "pin", "incident": of, "field": "killed", "value": "2", "why": why });
        let (status, body) = open.decide(&decision).await;
        assert_eq!((status, &body["detail"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("a reason must be given")));
    }
    for decision in [
        json!({ "kind": "pin", "incident": of, "field": "colour", "value": "2", "why": "x" }),
        json!({ "kind": "split", "incident": of, "reports": [], "why": "x" }),
        json!({ "kind": "comment", "incident": of, "text": " " }),
        json!({ "kind": "undo", "decision": "last" }),
    ] {
        assert_eq!(open.decide(&decision).await.0, StatusCode::BAD_REQUEST, "{decision}");
    }
    let many = json!({ "kind": "pin", "incident": of, "field": "killed", "value": "many", "why": "x" });
    assert_eq!(open.decide(&many).await.0, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn nobody_decides_on_what_another_has_changed() {
    let open = open(false);
    let of = incident(&open, "Millbrook").await;
    let (_, shown) = open.get(&format!("/api/incidents/{of}")).await;
    let seen = &shown["seen"];
    // Another incident changes: that is no matter.
    done(&open, json!({ "kind": "comment", "incident": incident(&open, "Karsova").await, "text": "elsewhere" })).await;
    // So is what one has decided oneself.
    for value in ["2", "4"] {
        done(
            &open,
            json!({ "kind": "pin", "incident": of, "field": "killed", "value": value, "why": "names", "seen": seen }),
        )
        .await;
    }
    let stamp = Stamp { at: "2023-08-21T00:00:00Z".to_owned(), set: false, by: Some("Cora".to_owned()) };
    let pin = Decision::Pin { incident: of.clone(), field: blotter_case::Field::Killed, value: "3".to_owned() };
    open.case().decide(&pin, Some("names"), &stamp).expect("filed");
    let late =
        json!({ "kind": "pin", "incident": of, "field": "killed", "value": "1", "why": "first report", "seen": seen });
    let (status, body) = open.decide(&late).await;
    assert_eq!(status, StatusCode::PRECONDITION_FAILED, "{body}");
    assert!(body["detail"].as_str().is_some_and(|d| d.contains("by Cora")), "{body}");
    assert_eq!(record(&open, &of).await["best"]["killed"]["best"], 3);
}

#[tokio::test]
async fn what_is_sent_twice_is_filed_once() {
    let open = open(false);
    let of = incident(&open, "Millbrook").await;
    let comment = json!({ "kind": "comment", "incident": of, "text": "once" });
    let key = [("idempotency-key", "k1")];
    let (first, second) = tokio::join!(
        open.ask("POST", "/api/decisions", &key, Some(&comment)),
        open.ask("POST", "/api/decisions", &key, Some(&comment))
    );
    assert_eq!((first.0, &first.2), (StatusCode::CREATED, &second.2));
    assert_eq!(record(&open, &of).await["comments"].as_array().map(Vec::len), Some(1));
    open.ask("POST", "/api/decisions", &[("idempotency-key", "k2")], Some(&comment)).await;
    assert_eq!(record(&open, &of).await["comments"].as_array().map(Vec::len), Some(2));
}

/// What a stream of events tells, up to some words.
async fn told(body: &mut axum::body::Body, until: &str) -> String {
    let mut text = String::new();
    let read = async {
        while !text.contains(until) {
            let frame = body.frame().await.expect("not closed").expect("a frame");
            text.push_str(&String::from_utf8_lossy(frame.data_ref().expect("data")));
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(10), read).await;
    assert!(waited.is_ok(), "{until:?} was not told");
    text
}

#[tokio::test]
async fn everybody_hears_what_another_program_files() {
    let open = open(false);
    let of = incident(&open, "Millbrook").await;
    let key = format!("Bearer {}", open.ben);
    let headers = [("host", "localhost"), ("authorization", key.as_str())];
    let response = open.bare("GET", "/api/events", &headers, None).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body();
    let stamp = Stamp { at: "2023-08-21T00:00:00Z".to_owned(), set: false, by: Some("Cora".to_owned()) };
    let mut other = open.case();
    let (number, _) = other.decide(&Decision::Status(of.clone(), "closed".to_owned()), None, &stamp).expect("filed");
    let text = told(&mut body, "Cora").await;
    assert!(text.contains("event: change") && text.contains(&format!("id: {number}")) && text.contains(&of), "{text}");
    done(&open, json!({ "kind": "comment", "incident": of, "text": "heard" })).await;
    told(&mut body, "\"by\":\"Ann\"").await;
    // Whoever was away hears what was missed, once.
    let since = format!("/api/events?since={}", number - 1);
    let mut late = open.bare("GET", &since, &headers, None).await.into_body();
    let text = told(&mut late, "\"by\":\"Ann\"").await;
    assert_eq!(text.matches("event: change").count(), 2, "{text}");
    let far = [("host", "localhost"), ("authorization", key.as_str()), ("last-event-id", &number.to_string())];
    let mut later = open.bare("GET", "/api/events?since=0", &far, None).await.into_body();
    assert!(!told(&mut later, "\"by\":\"Ann\"").await.contains("Cora"));
}
