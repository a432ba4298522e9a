//! `blotter desk` as its users call it: the address it prints, who is let in, reading live with the real reader.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

fn program(folder: &Path) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("blotter"));
    let of_all = ["THREADS", "COLOR", "STATS", "QUIET", "JSON", "CODEBOOK", "VERBOSE", "DB", "BY"];
    let of_desk = ["PORT", "LISTEN", "HOST", "ACCOUNTS", "READ_ONLY", "NO_OPEN"];
    for name in of_all.iter().chain(&of_desk) {
        command.env_remove(format!("BLOTTER_{name}"));
    }
    command.current_dir(folder).env("USER", "ann");
    command
}

/// Exit code, stdout, stderr.
fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let done = program(folder).args(args).output().expect("run");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (done.status.code().expect("no signal"), text(done.stdout), text(done.stderr))
}

/// A folder with a case file of one report.
fn folder() -> TempDir {
    let folder = TempDir::new().expect("folder");
    let report = json!({
        "id": "a", "publisher": "Ledger", "published": "2023-08-03",
        "text": "Two men were shot dead outside a diner in Millbrook, Ohio, on Wednesday night, police said.",
    });
    fs::write(folder.path().join("a.jsonl"), format!("{report}\n")).expect("file");
    assert_eq!(run(folder.path(), &["add", "a.jsonl"]).0, 0);
    folder
}

/// An open desk; closed when it goes.
struct Open {
    child: Child,
    port: u16,
    key: String,
}

impl Open {
    fn new(folder: &Path, more: &[&str]) -> Open {
        let mut command = program(folder);
        command.args(["desk", "--port", "0", "--no-open"]).args(more).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("started");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("stdout")).read_line(&mut line).expect("a line");
        let address = line.trim().strip_prefix("The desk is open at http://127.0.0.1:").expect("the address");
        let (port, key) = address.split_once('/').expect("a path");
        let key = key.strip_prefix("#key=").unwrap_or_default().to_owned();
        Open { child, port: port.parse().expect("a port"), key }
    }

    /// Status and body of a request.
    fn ask(&self, head: &str, key: &str, body: &str) -> (u16, Value) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("connected");
        let length = body.len();
        let request = format!(
            "{head} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{body}",
            self.port
        );
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("head and body");
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).expect("a status");
        (status, serde_json::from_str(body).unwrap_or(Value::Null))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_printed_address_lets_in_and_decides_in_the_login_name() {
    let folder = folder();
    let desk = Open::new(folder.path(), &[]);
    assert_eq!(desk.key.len(), 64);
    assert_eq!(desk.ask("GET /api/session", "", "").0, 401);
    let (status, session) = desk.ask("GET /api/session", &desk.key, "");
    assert_eq!((status, &session["by"], &session["file"]), (200, &json!("ann"), &json!("blotter.db")));
    let (_, page) = desk.ask("GET /api/incidents", &desk.key, "");
    let incident = page["rows"][0]["incident"].as_str().expect("an incident");
    let decision = json!({ "kind": "comment", "incident": incident, "text": "seen" }).to_string();
    assert_eq!(desk.ask("POST /api/decisions", &desk.key, &decision).0, 201);
    let (_, history, _) = run(folder.path(), &["history", incident, "--json"]);
    assert!(history.contains("seen (ann)"), "{history}");
    // With the program's own reader.
    let text = json!({ "text": "A woman was stabbed to death in Leeds, England, on Sunday, police said.", "published": "2024-03-12" });
    let (status, read) = desk.ask("POST /api/read", &desk.key, &text.to_string());
    assert_eq!(status, 200, "{read}");
    let reading = &read["readings"][0];
    assert_eq!((&reading["schema"], &reading["report"]["published"]), (&json!(1), &json!("2024-03-12")));
    assert!(reading["incidents"][0]["facts"].as_array().is_some_and(|facts| !facts.is_empty()), "{reading}");
    assert_ne!(Open::new(folder.path(), &[]).key, desk.key);
}

#[test]
fn others_are_let_in_by_name_alone() {
    let folder = folder();
    for listen in ["0.0.0.0", "::", "192.168.7.7"] {
        let (code, _, said) = run(folder.path(), &["desk", "--no-open", "--port", "0", "--listen", listen]);
        assert_eq!((code, said.contains("--accounts")), (2, true), "{said}");
    }
    let (code, said, _) = run(folder.path(), &["desk", "--accounts", "who", "--add-account", "Ann Osei"]);
    let key = said.trim().split("#key=").nth(1).expect("a key").to_owned();
    assert_eq!(code, 0);
    assert_eq!(run(folder.path(), &["desk", "--accounts", "who", "--add-account", "Ann Osei"]).0, 2, "there already");
    // As an editor may leave it: without the end of the last line.
    let who = folder.path().join("who");
    let anns = fs::read_to_string(&who).expect("file");
    fs::write(&who, anns.trim_end()).expect("file");
    let (code, said, _) = run(folder.path(), &["desk", "--accounts", "who", "--add-account", "Ben", "--read-only"]);
    let bens = said.trim().split("#key=").nth(1).expect("a key").to_owned();
    assert_eq!(code, 0);
    let kept = fs::read_to_string(&who).expect("file");
    assert!(!kept.contains(&key) && kept.lines().count() == 2, "{kept}");
    // What cannot be read is not taken for an empty file.
    fs::write(folder.path().join("odd"), b"\xff\n").expect("file");
    let (code, _, said) = run(folder.path(), &["desk", "--accounts", "odd", "--add-account", "Ann"]);
    assert_eq!((code, said.contains("odd")), (2, true), "{said}");
    assert_eq!(fs::read(folder.path().join("odd")).expect("file"), b"\xff\n");
    let desk = Open::new(folder.path(), &["--accounts", "who"]);
    assert_eq!(desk.key, "", "the address holds nobody's key");
    let (status, session) = desk.ask("GET /api/session", &key, "");
    assert_eq!((status, &session["by"], &session["read_only"]), (200, &json!("Ann Osei"), &json!(false)));
    assert_eq!(desk.ask("GET /api/session", &bens, "").1["read_only"], true);
}

#[test]
fn options_may_stand_in_the_environment() {
    let folder = folder();
    let given = |name: &str, value: &str| {
        let mut command = program(folder.path());
        command.args(["desk", "--port", "0", "--no-open"]).env(name, value);
        let done = command.output().expect("run");
        (done.status.code(), String::from_utf8(done.stderr).expect("UTF-8"))
    };
    for (name, value, words) in [
        ("BLOTTER_LISTEN", "0.0.0.0", "--listen 0.0.0.0 lets others in"),
        ("BLOTTER_ACCOUNTS", "none", "--accounts none"),
        ("BLOTTER_DB", "none.db", "there is no case file"),
    ] {
        let (code, said) = given(name, value);
        assert_eq!((code, said.contains(words)), (Some(2), true), "{name}: {said}");
    }
}

#[test]
fn faults_are_told_before_anything_is_open() {
    let folder = folder();
    for (args, words) in [
        (&["--db", "none.db"][..], "there is no case file"),
        (&["--db", "a.jsonl"], "is not a case file"),
        (&["--accounts", "none"], "--accounts none"),
        (&["--accounts", "a.jsonl"], "line 1"),
    ] {
        let args = [&["desk", "--no-open", "--port", "0"], args].concat();
        let (code, _, said) = run(folder.path(), &args);
        assert_eq!((code, said.contains(words)), (2, true), "{args:?}: {said}");
    }
    assert!(!folder.path().join("none.db").exists());
}
