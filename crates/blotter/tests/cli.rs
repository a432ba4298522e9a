//! The program as its users call it: inputs, output order, messages, exit codes.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

const GUARDS: &str = "Four guards were hurt in Port Kesh late on Tuesday, two officials said.";

fn blotter() -> Command {
    let mut command = Command::cargo_bin("blotter").expect("the program");
    for name in ["THREADS", "COLOR", "STATS", "QUIET", "JSON", "CODEBOOK", "VERBOSE"] {
        command.env_remove(format!("BLOTTER_{name}"));
    }
    command.env_remove("NO_COLOR").env_remove("COLUMNS");
    command
}

/// Exit code, the Readings on stdout, stderr.
fn read(folder: &Path, args: &[&str], stdin: &[u8]) -> (i32, Vec<Value>, String) {
    let run =
        blotter().current_dir(folder).args(["read", "--json"]).args(args).write_stdin(stdin).output().expect("run");
    let out = String::from_utf8(run.stdout).expect("UTF-8");
    let readings = out.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    (run.status.code().expect("no signal"), readings, String::from_utf8(run.stderr).expect("UTF-8"))
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().expect("folder");
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("parent")).expect("folder");
        fs::write(path, bytes).expect("file");
    }
    folder
}

fn ids(readings: &[Value]) -> Vec<&str> {
    readings.iter().filter_map(|r| r["report"]["id"].as_str()).collect()
}

#[test]
fn a_text_is_unchanged_and_named_after_its_file() {
    let folder = folder(&[("guards.txt", GUARDS.as_bytes())]);
    let (code, readings, messages) = read(folder.path(), &["guards.txt"], b"");
    assert_eq!((code, messages.as_str()), (0, ""));
    assert_eq!(readings[0]["report"]["text"], GUARDS);
    assert_eq!(ids(&readings), ["guards.txt"]);
}

#[test]
fn standard_input() {
    let (code, readings, _) = read(Path::new("."), &[], GUARDS.as_bytes());
    assert_eq!(code, 0);
    assert!(ids(&readings)[0].starts_with("sha256:"));
    let (_, same, _) = read(Path::new("."), &["-"], GUARDS.as_bytes());
    assert_eq!(readings, same);
    let line = format!("{{\"id\": \"a\", \"text\": \"{GUARDS}\"}}\n");
    assert_eq!(ids(&read(Path::new("."), &[], line.as_bytes()).1), ["a"]);
}

#[test]
fn title_and_date_from_the_command_line() {
    let args = ["--title", "Drones hit office", "--published", "13 March 2024", "-"];
    let (_, readings, _) = read(Path::new("."), &args, GUARDS.as_bytes());
    let report = &readings[0]["report"];
    assert_eq!(report["headline"]["quote"], "Drones hit office");
    assert_eq!(report["text"], format!("Drones hit office\n\n{GUARDS}"));
    assert_eq!((&report["published"], &report["published_by"]), (&"2024-03-13".into(), &"input".into()));
    assert_eq!(read(Path::new("."), &["--published", "soon", "-"], GUARDS.as_bytes()).0, 2);
}

#[test]
fn folders_are_read_sorted_and_without_hidden_files() {
    let text = GUARDS.as_bytes();
    let folder = folder(&[("d/b.txt", text), ("d/a/z.txt", text), ("d/c.txt", text), ("d/.hidden", text)]);
    let (code, readings, _) = read(folder.path(), &["d"], b"");
    assert_eq!(code, 0);
    assert_eq!(ids(&readings), ["d/a/z.txt", "d/b.txt", "d/c.txt"]);
}

#[test]
fn one_thread_and_many_print_the_same_bytes_in_input_order() {
    let lines: String = (0..100)
        .map(|i| {
            format!("{{\"id\": \"r{i}\", \"text\": \"{} {i}\"}}\n", GUARDS.repeat(if i % 9 == 0 { 40 } else { 1 }))
        })
        .collect();
    let folder = folder(&[("reports.jsonl", lines.as_bytes())]);
    let with = |threads: &str| {
        let args = ["read", "--json", "--threads", threads, "reports.jsonl"];
        blotter().current_dir(folder.path()).args(args).output().expect("run").stdout
    };
    let one = with("1");
    assert_eq!(one, with("2"));
    assert_eq!(one, with("7"));
    let (_, readings, _) = read(folder.path(), &["reports.jsonl"], b"");
    let expected: Vec<String> = (0..100).map(|i| format!("r{i}")).collect();
    assert_eq!(ids(&readings), expected);
}

#[test]
fn a_bad_line_is_named_and_the_rest_goes_on() {
    let lines = "{\"id\": \"a\", \"text\": \"It burned.\"}\n\n{broken\n{\"id\": \"b\"}\n{\"id\": \"c\", \"text\": \"It rained.\"}";
    let folder = folder(&[("reports.jsonl", lines.as_bytes())]);
    let (code, readings, messages) = read(folder.path(), &["reports.jsonl"], b"");
    assert_eq!((code, ids(&readings)), (1, vec!["a", "c"]));
    assert!(messages.contains("blotter: reports.jsonl:3: is not JSON"), "{messages}");
    assert!(messages.contains("blotter: reports.jsonl:4: is no report: missing field `text`"), "{messages}");
}

#[test]
fn what_cannot_be_read_is_said() {
    let folder = folder(&[
        ("a.pdf", b"%PDF-1.7 ..."),
        ("b.docx", b"PK\x03\x04...."),
        ("c.txt", b""),
        ("d.bin", b"\x00\x01\x02\x03"),
        ("ok.txt", GUARDS.as_bytes()),
    ]);
    let (code, readings, messages) =
        read(folder.path(), &["a.pdf", "b.docx", "c.txt", "d.bin", "none.txt", "ok.txt"], b"");
    assert_eq!((code, readings.len()), (1, 1));
    for message in [
        "blotter: a.pdf: is a PDF that cannot be read",
        "blotter: b.docx: is a broken zip archive",
        "blotter: c.txt: is empty",
        "blotter: d.bin: is a binary file",
        "blotter: none.txt: no such file or folder",
    ] {
        assert!(messages.contains(message), "{message}\n{messages}");
    }
    assert_eq!(read(folder.path(), &["a.pdf"], b"").0, 2, "nothing read");
    assert_eq!(read(folder.path(), &[], b"").0, 2, "empty standard input");
}

#[test]
fn broken_utf8_is_read_with_a_warning() {
    let folder = folder(&[("a.txt", "The café on the quay, naïve \u{201C}x\u{201D}. ".as_bytes())]);
    let path = folder.path().join("a.txt");
    let mut bytes = fs::read(&path).expect("file");
    bytes.push(0xFF);
    fs::write(&path, bytes).expect("file");
    let (code, readings, _) = read(folder.path(), &["a.txt"], b"");
    assert_eq!(code, 0);
    assert!(readings[0]["report"]["text"].as_str().expect("text").ends_with('\u{FFFD}'));
    assert_eq!(readings[0]["report"]["warnings"].as_array().map(Vec::len), Some(2));
}

#[test]
fn the_samples_are_read() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    let (code, readings, messages) =
        read(&samples, &["harbour.txt", "shooting.txt", "checkpoint.txt", "page.html"], b"");
    assert_eq!((code, readings.len(), messages.as_str()), (0, 4, ""));
    let report = |i: usize, key: &str| readings[i]["report"][key].clone();
    assert_eq!(report(0, "headline")["quote"], "Harbour office of Port Kesh governor hit by drones");
    assert_eq!(report(0, "dateline")["quote"], "PORT KESH, Sudan (Coast News Agency) —");
    assert_eq!(report(0, "updated"), "2024-03-13T09:40");
    assert_eq!(report(1, "headline")["quote"], "Man killed, two teens wounded in shooting outside Millbrook diner");
    assert_eq!(report(1, "byline"), serde_json::json!(["Dana Whitlock"]));
    assert_eq!((report(1, "published"), report(1, "published_by")), ("2023-08-03T07:15".into(), "byline".into()));
    assert_eq!(report(2, "updated"), "2019-04-21T18:05Z");
    assert_eq!(report(3, "published"), "2022-11-15T09:30:00+03:00");
    assert_eq!(report(3, "publisher"), "The Savanna Courier");
    for reading in &readings {
        assert_eq!(reading["report"]["language"], "en");
        let text: Vec<char> = reading["report"]["text"].as_str().expect("text").chars().collect();
        let at = |key: &str| {
            reading["report"]["headline"][key].as_u64().and_then(|n| usize::try_from(n).ok()).expect("offset")
        };
        let slice: String = text[at("start")..at("end")].iter().collect();
        assert_eq!(slice, reading["report"]["headline"]["quote"].as_str().expect("quote"));
    }
}

#[test]
fn the_record_for_people() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    let run = |args: &[&str]| blotter().current_dir(&samples).arg("read").args(args).output().expect("run");
    let plain = run(&["harbour.txt"]);
    assert_eq!(plain.status.code(), Some(0));
    assert!(!plain.stdout.contains(&0x1b));
    assert_eq!(plain.stdout, run(&["harbour.txt"]).stdout);
    let text = String::from_utf8(run(&["--text", "harbour.txt"]).stdout).expect("UTF-8");
    assert!(text.contains("Four of her guards"));
    let stats = String::from_utf8(run(&["--stats", "harbour.txt"]).stderr).expect("UTF-8");
    assert!(stats.contains("words/s"), "{stats}");
}

#[test]
fn usage() {
    let run = |args: &[&str]| blotter().args(args).output().expect("run");
    assert_eq!(run(&["read", "--nonsense"]).status.code(), Some(2));
    assert_eq!(run(&["read", "--threads", "0", "-"]).status.code(), Some(2));
    assert_eq!(run(&["--version"]).status.code(), Some(0));
    assert!(String::from_utf8_lossy(&run(&["read", "--help"]).stdout).contains("Exit codes"));
    assert!(String::from_utf8_lossy(&run(&["completions", "bash"]).stdout).contains("blotter"));
    assert!(String::from_utf8_lossy(&run(&["man"]).stdout).contains(".TH"));
}

#[test]
fn a_codebook_maps_the_record() {
    let book = b"[types]\nnone = quiet\n[verbs]\nHURT = hurt\n[columns]\nkind = label\nid = report id\n";
    let faulty = b"[types]\nnone quiet\n";
    let folder = folder(&[("mine.codebook", book), ("faulty.codebook", faulty)]);
    let line = format!("{}\n", serde_json::json!({ "id": "r1", "text": GUARDS }));
    fs::write(folder.path().join("in.jsonl"), line).expect("file");
    let (code, readings, _) = read(folder.path(), &["--codebook", "mine.codebook", "in.jsonl"], b"");
    assert_eq!(code, 0);
    assert_eq!(readings[0]["coded"], serde_json::json!([{ "kind": "HURT", "id": "r1" }]));
    let (code, _, message) = read(folder.path(), &["--codebook", "faulty.codebook", "in.jsonl"], b"");
    assert_eq!(code, 2);
    assert!(message.contains("faulty.codebook:2: a line of [types] needs ` = `"), "{message}");
    let (code, _, message) = read(folder.path(), &["--codebook", "cameo", "in.jsonl"], b"");
    assert_eq!(code, 2);
    assert!(message.contains("there are muc4, acled, acled-export, plover"), "{message}");
}

#[test]
fn a_desk_takes_feeds_and_tables_and_chooses() {
    let feed = format!(
        "<rss><channel><title>Radio Kesh</title><item><guid>old</guid><title>Rain</title><description>It rained.</description>\
         <pubDate>Mon, 01 Jan 2024 08:00:00 GMT</pubDate></item><item><guid>new</guid><title>Guards hurt</title>\
         <description>{GUARDS}</description><pubDate>Tue, 12 Mar 2024 21:40:00 +0200</pubDate></item></channel></rss>"
    );
    let table = format!("id,text\nrow,{}\n", GUARDS.replace(',', ""));
    let folder = folder(&[("feed.xml", feed.as_bytes()), ("table.csv", table.as_bytes()), ("bad.csv", b"a,b\n1,2\n")]);
    let (code, readings, messages) =
        read(folder.path(), &["--publisher", "Desk", "feed.xml", "table.csv", "bad.csv"], b"");
    assert_eq!((code, ids(&readings)), (1, vec!["old", "new", "row"]));
    assert!(messages.contains("blotter: bad.csv: is a table without a column named text (it has a, b)"), "{messages}");
    assert_eq!(readings[1]["report"]["published_by"], "feed");
    assert_eq!(
        (&readings[1]["report"]["publisher"], &readings[2]["report"]["publisher"]),
        (&"Radio Kesh".into(), &"Desk".into())
    );
    let (_, readings, _) = read(folder.path(), &["--since", "2024-02-01", "feed.xml", "table.csv"], b"");
    assert_eq!(ids(&readings), ["new", "row"]);
    let (_, readings, _) = read(folder.path(), &["--limit", "1", "feed.xml", "table.csv"], b"");
    assert_eq!(ids(&readings), ["old"]);
    let run = blotter().current_dir(folder.path()).args(["add", "--dry-run", "feed.xml"]).output().expect("run");
    let listed = String::from_utf8(run.stdout).expect("UTF-8");
    assert!(listed.lines().count() == 2 && listed.contains("\"input\":\"feed.xml#2\""), "{listed}");
    assert!(!folder.path().join("blotter.db").exists(), "nothing is filed");
}

#[test]
fn what_a_wire_says_is_kept() {
    let item = r#"{"uri": "urn:kesh:1", "version": "2", "pubstatus": "canceled", "headline": "Guards hurt", "body_text": "Two guards were hurt."}"#;
    let (code, readings, _) = read(Path::new("."), &["-"], item.as_bytes());
    assert_eq!((code, ids(&readings)), (0, vec!["urn:kesh:1"]));
    let wire = &readings[0]["report"]["wire"];
    assert_eq!((&wire["pubstatus"], &wire["version"]), (&"canceled".into(), &"2".into()));
}
