//! Visits to a server of this machine, by a clock that does not wait.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;

use jiff::SignedDuration;

use super::*;

#[path = "../../tests/served/mod.rs"]
mod served;
use served::{Server, feed, response};

/// A clock that goes on when somebody waits.
struct Quick(Cell<Timestamp>);

impl Clock for Quick {
    fn now(&self) -> Timestamp {
        self.0.get()
    }

    fn sleep(&self, time: Duration) {
        self.0.set(schedule::later(self.0.get(), time));
    }
}

/// What came of following.
#[derive(Default)]
struct Run {
    /// The ids of the new items of each feed that came, and minutes since the beginning.
    came: Vec<(Vec<String>, i64)>,
    said: Vec<String>,
    failed: usize,
    minutes: i64,
}

impl Run {
    fn new(server: &Server, paths: &[&str], once: bool, until: usize) -> Run {
        let follow = paths.iter().map(|path| address(&server.url(path)).expect("an address")).collect();
        let options = Follow { follow, every: 15, once };
        let began: Timestamp = "2024-03-13T08:00:00Z".parse().expect("a time");
        let clock = Quick(Cell::new(began));
        let since = |clock: &Quick| SignedDuration::as_mins(&clock.now().duration_since(began));
        let said = RefCell::new(Vec::new());
        let say = |words: &str| said.borrow_mut().push(words.to_owned());
        let asked = Asked::new(&crate::cli::Desk {
            published: None,
            title: None,
            publisher: None,
            since: None,
            limit: None,
            no_gate: false,
            dry_run: false,
        });
        let asked = asked.unwrap_or_else(|reason| panic!("{reason}"));
        let (mut seen, mut came) = (Seen::default(), Vec::new());
        let failed = Follower::new(&options, false, &clock, &say).run(|feed, piece| {
            seen.begin(feed);
            let jobs = asked.take_in(&piece);
            let new = jobs.iter().filter(|job| !seen.knows(job)).filter_map(|job| job.report.as_ref().ok());
            let new: Vec<_> = new.map(|report| report.id.clone()).collect();
            came.push((new, since(&clock)));
            Ok::<_, Infallible>(Taken { fresh: seen.fresh(), more: came.len() < until })
        });
        let minutes = since(&clock);
        let Ok(failed) = failed;
        Run { came, said: said.into_inner(), failed, minutes }
    }

    fn says(&self, words: &str) -> bool {
        self.said.iter().any(|line| line.contains(words))
    }
}

fn one(id: &str) -> String {
    feed(&[(id, "Two guards were hurt.")])
}

fn nothing() -> Vec<u8> {
    response("404 Not Found", &[], "")
}

#[test]
fn a_feed_brings_what_is_new_and_is_asked_for_no_more() {
    let server = Server::new(|path, head, before| match (path, before) {
        ("/feed", 0) => {
            response("200 OK", &["ETag: \"a1\"", "Last-Modified: Tue, 12 Mar 2024 21:45:00 GMT"], &one("a"))
        }
        ("/feed", 1) if head.contains("if-none-match: \"a1\"") => response("304 Not Modified", &[], ""),
        ("/feed", 2) => {
            let items = [("b", "Rain fell on the port."), ("a", "Two guards were hurt.")];
            response("200 OK", &["ETag: \"b2\""], &feed(&items))
        }
        ("/feed", _) => {
            response("200 OK", &[], &feed(&[("a", "Three guards were hurt."), ("b", "Rain fell on the port.")]))
        }
        _ => nothing(),
    });
    let run = Run::new(&server, &["/feed"], false, 3);
    let new: Vec<_> = run.came.iter().map(|(ids, minutes)| (ids.join(" "), *minutes)).collect();
    assert_eq!(new, [("a".to_owned(), 0), ("b".to_owned(), 30), ("a".to_owned(), 45)]);
    let heads = server.heads();
    assert!(heads[0].contains("user-agent: blotter/") && !heads[0].contains("if-none-match"), "{}", heads[0]);
    assert!(heads[0].contains("accept-encoding: gzip"), "{}", heads[0]);
    assert!(heads[1].contains("if-modified-since: tue, 12 mar 2024 21:45:00 gmt"), "{}", heads[1]);
    assert!(heads[3].contains("if-none-match: \"b2\"") && !heads[3].contains("if-modified-since"), "{}", heads[3]);
    assert_eq!(server.paths().iter().filter(|path| *path == "/robots.txt").count(), 1);
    assert!(
        run.says("1 new; asked again in 15 min") && run.says("nothing new; asked again in 15 min"),
        "{:?}",
        run.said
    );
}

#[test]
fn a_feed_or_server_may_ask_for_more_time() {
    let slow = one("a").replace("<title>", "<ttl>60</ttl><title>");
    let server = Server::new(move |path, _, before| match (path, before) {
        ("/feed", 0) => response("200 OK", &["Cache-Control: public, max-age=1800"], &slow),
        ("/feed", 1) => response("200 OK", &["Cache-Control: max-age=7200"], &one("b")),
        ("/feed", _) => response("200 OK", &[], &one("c")),
        _ => nothing(),
    });
    let run = Run::new(&server, &["/feed"], false, 3);
    let minutes: Vec<i64> = run.came.iter().map(|(_, minutes)| *minutes).collect();
    assert_eq!(minutes, [0, 60, 180]);
}

#[test]
fn failures_are_waited_out() {
    let server = Server::new(|path, _, before| match (path, before) {
        ("/feed", 0) => response("429 Too Many Requests", &["Retry-After: 7200"], ""),
        ("/feed", 1) => response("503 Service Unavailable", &["Retry-After: Wed, 13 Mar 2024 12:00:00 GMT"], ""),
        ("/feed", 2 | 3) => response("500 Internal Server Error", &["Retry-After: 1"], ""),
        ("/feed", _) => response("200 OK", &[], &one("a")),
        _ => nothing(),
    });
    let run = Run::new(&server, &["/feed"], false, 1);
    // 2 h; until noon; the third failure on end 15 min × 2³, the fourth × 2⁴.
    assert_eq!(run.came, [(vec!["a".to_owned()], 240 + 120 + 240)]);
    assert!(run.says("answers 429 Too Many Requests; asked again in 2 h"), "{:?}", run.said);
    assert_eq!(run.failed, 0, "it answers again");
}

#[test]
fn a_feed_that_is_gone_ends() {
    let server = Server::new(|path, _, before| match (path, before) {
        ("/feed", 0) => response("200 OK", &[], &one("a")),
        ("/feed", _) => response("410 Gone", &[], ""),
        _ => nothing(),
    });
    let run = Run::new(&server, &["/feed"], false, 9);
    assert_eq!((run.came.len(), run.failed, run.minutes), (1, 1, 15));
    assert!(run.says("/feed: is gone for good (410 Gone); it is not followed"), "{:?}", run.said);
}

#[test]
fn what_has_moved_for_good_is_asked_there() {
    let server = Server::new(|path, _, before| match (path, before) {
        ("/old", _) => response("301 Moved Permanently", &["Location: /new"], ""),
        ("/new", 0) => response("308 Permanent Redirect", &["Location: /newer#top"], ""),
        ("/newer", _) => response("302 Found", &["Location: /today"], ""),
        ("/today", n) => response("200 OK", &["ETag: \"t\""], &one(&n.to_string())),
        ("/round", _) => response("302 Found", &["Location: /round"], ""),
        ("/away", _) => response("302 Found", &["Location: file:///etc/passwd"], ""),
        _ => nothing(),
    });
    let run = Run::new(&server, &["/old"], false, 2);
    assert_eq!(server.paths(), ["/robots.txt", "/old", "/new", "/newer", "/today", "/newer", "/today"]);
    assert!(run.says("/old: has moved for good to ") && run.says("/newer"), "{:?}", run.said);
    let heads = server.heads();
    assert!(!heads[4].contains("if-none-match") && heads[5].contains("if-none-match"), "only where it came from");
    let run = Run::new(&server, &["/round", "/away"], true, 9);
    assert_eq!((run.came.len(), run.failed), (0, 2));
    assert_eq!(server.paths().iter().filter(|path| *path == "/round").count(), 6);
    assert!(run.says("/round: leads from one address to the next"), "{:?}", run.said);
    assert!(run.says("/away: leads to what is no http or https address"), "{:?}", run.said);
}

#[test]
fn hosts_say_what_is_allowed() {
    let rules = "User-agent: *\nDisallow: /\n\nUser-agent: blotter\nCrawl-delay: 1200\nDisallow: /private/\n";
    let server = Server::new(move |path, _, _| match path {
        "/robots.txt" => response("200 OK", &[], rules),
        "/led" => response("302 Found", &["Location: /private/feed"], ""),
        _ => response("200 OK", &[], &one(path)),
    });
    let run = Run::new(&server, &["/private/feed", "/a", "/b"], true, 9);
    // The host wants twenty minutes between two fetches.
    assert_eq!(run.came, [(vec!["/a".to_owned()], 0), (vec!["/b".to_owned()], 20)]);
    assert_eq!((server.paths(), run.failed), (["/robots.txt", "/a", "/b"].map(str::to_owned).to_vec(), 1));
    assert!(run.says("/private/feed: the robots.txt of 127.0.0.1:"), "{:?}", run.said);
    assert!(run.says("does not allow it; it is not followed"), "{:?}", run.said);
    let run = Run::new(&server, &["/led"], true, 9);
    assert!(run.says("which the robots.txt of its host does not allow"), "{:?}", run.said);
    assert_eq!((run.came.len(), run.failed), (0, 1));
    // Every day anew, and no more often than the host wants.
    let run = Run::new(&server, &["/c"], false, 80);
    assert_eq!(run.came.last().map(|(_, minutes)| *minutes), Some(79 * 20));
    assert_eq!(server.paths().iter().filter(|path| *path == "/robots.txt").count(), 4);
}

#[test]
fn a_host_that_cannot_say_what_is_allowed_is_not_asked() {
    let server = Server::new(|path, _, before| match (path, before) {
        ("/robots.txt", 0) => response("503 Service Unavailable", &["Retry-After: 3600"], ""),
        ("/robots.txt", 1) => response("200 OK", &[], "User-agent: *\nDisallow: /x\n"),
        ("/robots.txt", _) => response("500 Internal Server Error", &[], ""),
        _ => response("200 OK", &[], &one(path)),
    });
    let run = Run::new(&server, &["/feed"], false, 200);
    assert_eq!(run.came.first().map(|(_, minutes)| *minutes), Some(60));
    assert!(
        run.says("the robots.txt of 127.0.0.1:") && run.says("answers 503 Service Unavailable; asked again in 60 min")
    );
    // What it said before holds while it cannot be asked.
    assert_eq!(run.came.len(), 200);
}

#[test]
fn what_is_no_feed_or_too_long_is_refused() {
    let server = Server::new(|path, _, _| match path {
        "/long" => response("200 OK", &[], &" ".repeat((16 << 20) + 1)),
        "/page" => response("200 OK", &[], "<!doctype html><html><body><p>Two guards were hurt.</p></body></html>"),
        "/text" => response("200 OK", &[], "Two guards were hurt."),
        "/cut" => b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n<rss>".to_vec(),
        "/json" => response(
            "200 OK",
            &[],
            r#"{"version": "https://jsonfeed.org/version/1", "items": [{"id": "j", "content_text": "Rain."}]}"#,
        ),
        _ => nothing(),
    });
    let run = Run::new(&server, &["/long", "/page", "/text", "/cut", "/none", "/json"], true, 9);
    assert_eq!((run.came.len(), run.failed), (1, 5));
    assert_eq!(run.came[0].0, ["j"]);
    for words in [
        "/long: is longer than 16 MiB",
        "/page: is a page and no feed",
        "/text: is no feed",
        "/cut: ends too early",
        "/none: answers 404 Not Found",
    ] {
        assert!(run.says(words), "{words}: {:?}", run.said);
    }
}

#[test]
fn a_server_that_is_not_there_is_said() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
    let server = Server::new(move |path, _, _| match path {
        "/led" => response("302 Found", &[&format!("Location: http://127.0.0.1:{port}/feed")], ""),
        _ => nothing(),
    });
    let run = Run::new(&server, &["/led"], true, 9);
    assert!(run.says("refused the connection"), "{:?}", run.said);
    assert_eq!(run.failed, 1);
}
