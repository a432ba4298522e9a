//! The case file as its users call it: what is printed, exit codes, and that a killed run loses nothing.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

fn bare() -> std::process::Command {
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("blotter"));
    for name in ["THREADS", "COLOR", "STATS", "QUIET", "JSON", "CODEBOOK", "VERBOSE", "DB", "BY"] {
        command.env_remove(format!("BLOTTER_{name}"));
    }
    command.env_remove("NO_COLOR").env_remove("COLUMNS").env("USER", "ann");
    command
}

/// Exit code, stdout, stderr.
fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let done = Command::from_std(bare()).current_dir(folder).args(args).output().expect("run");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (done.status.code().expect("no signal"), text(done.stdout), text(done.stderr))
}

fn json(lines: &str) -> Vec<Value> {
    lines.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect()
}

const SHOOTINGS: [(&str, &str); 4] = [
    (
        "a",
        "Two men were shot dead outside a diner in Millbrook, Ohio, on Wednesday night, police said. The victims were Terrence Boyle, 34, and Ray Alvarado, 41.",
    ),
    (
        "b",
        "Police in Millbrook, Ohio, identified the men killed in Wednesday's shooting outside a diner as Terrence Boyle, 34, and Ray Alvarado, 41.",
    ),
    (
        "c",
        "A woman was stabbed to death in Leeds, England, on Sunday. Jane Harrow, 52, died at the scene, police said.",
    ),
    (
        "d",
        "Four people were wounded when gunmen opened fire at a market in Karachi, Pakistan, on Friday, officials said.",
    ),
];

/// A folder with the reports of the list, `copies` times each with other names and dates.
fn folder(copies: usize) -> TempDir {
    let folder = TempDir::new().expect("folder");
    let mut lines = String::new();
    for i in 0..copies {
        for (id, text) in SHOOTINGS {
            let day = 3 + i % 20;
            let line = serde_json::json!({
                "id": format!("{id}{i}"), "text": format!("{text} This is report {i}."), "published": format!("2023-08-{day:02}"),
                "publisher": format!("Outlet {id}"),
            });
            lines.push_str(&format!("{line}\n"));
        }
    }
    fs::write(folder.path().join("reports.jsonl"), lines).expect("file");
    folder
}

#[test]
fn the_same_run_again_changes_nothing() {
    let folder = folder(1);
    let (code, out, messages) = run(folder.path(), &["add", "--json", "reports.jsonl"]);
    assert_eq!((code, messages.as_str()), (0, ""));
    let first = json(&out);
    assert_eq!(first.iter().map(|l| l["outcome"].as_str().unwrap_or("")).collect::<Vec<_>>(), ["new"; 4]);
    assert_eq!(first[0]["incidents"], first[1]["incidents"], "two reports of one shooting");
    let (code, out, _) = run(folder.path(), &["add", "--json", "reports.jsonl"]);
    assert_eq!(code, 0);
    assert!(json(&out).iter().all(|l| l["outcome"] == "unchanged" && l["version"] == 1));
    let rows = json(&run(folder.path(), &["list", "--json"]).1);
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|r| r["incident"].is_string() && r["summary"].is_string() && r["best"].is_object()));
}

#[test]
fn one_bad_file_does_not_stop_the_others() {
    let folder = folder(1);
    fs::write(folder.path().join("broken.jsonl"), "{\"id\": \"x\"}\n").expect("file");
    let (code, out, messages) = run(folder.path(), &["add", "broken.jsonl", "none.txt", "reports.jsonl"]);
    assert_eq!((code, out.lines().count()), (1, 4));
    assert!(messages.contains("broken.jsonl:1") && messages.contains("none.txt"), "{messages}");
    let (code, _, messages) = run(folder.path(), &["add", "none.txt"]);
    assert_eq!(code, 2, "{messages}");
}

#[test]
fn exit_codes_and_messages() {
    let folder = folder(1);
    let (code, _, messages) = run(folder.path(), &["list"]);
    assert_eq!(code, 2);
    assert!(messages.contains("there is no case file blotter.db"), "{messages}");
    run(folder.path(), &["add", "--at", "2023-08-10", "reports.jsonl"]);
    let rows = json(&run(folder.path(), &["list", "--json"]).1);
    let id = rows[0]["incident"].as_str().expect("an id").to_owned();
    let (code, _, messages) = run(folder.path(), &["show", &id, "--as-of", "2023-08-01"]);
    assert_eq!(code, 3);
    assert!(messages.contains("was not known then"), "{messages}");
    assert_eq!(run(folder.path(), &["show", "B-0000"]).0, 2);
    assert_eq!(run(folder.path(), &["pin", &id, "killed", "3"]).0, 2, "--why is required");
    assert_eq!(run(folder.path(), &["pin", &id, "dead", "3", "--why", "x"]).0, 2);
    assert_eq!(run(folder.path(), &["add", "--at", "2023-08-09", "-"]).0, 2);
    let (code, out, _) = run(folder.path(), &["pin", &id, "killed", "3", "--why", "the coroner's list", "--by", "Ann"]);
    assert_eq!(code, 0);
    assert!(out.starts_with('D'), "{out}");
    let record = &json(&run(folder.path(), &["show", &id, "--json"]).1)[0];
    assert_eq!(record["best"]["killed"]["best"], 3);
    assert_eq!(record["fields"]["killed"][0]["pinned"]["by"], "Ann");
    assert_eq!(run(folder.path(), &["verify"]).0, 0);
    assert_eq!(run(folder.path(), &["backup", "copy.db"]).0, 0);
    assert_eq!(run(folder.path(), &["verify", "--db", "copy.db"]).0, 0);
    let (code, out, _) = run(folder.path(), &["reread"]);
    assert_eq!((code, out.as_str()), (0, "0 versions changed, 4 did not\n"));
}

#[test]
#[cfg(unix)]
fn a_read_only_file_is_shown_and_not_changed() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(1);
    run(folder.path(), &["add", "reports.jsonl"]);
    let db = folder.path().join("blotter.db");
    fs::set_permissions(&db, fs::Permissions::from_mode(0o444)).expect("mode");
    // Who may write everything is not held back by a mode.
    if fs::OpenOptions::new().append(true).open(&db).is_err() {
        let (code, _, messages) = run(folder.path(), &["comment", "B-0000", "x"]);
        assert_eq!(code, 2);
        assert!(messages.contains("may not be written"), "{messages}");
    }
    assert_eq!(run(folder.path(), &["list"]).0, 0);
    assert_eq!(run(folder.path(), &["verify"]).0, 0);
}

/// Kills `add` at random moments (BLOTTER_KILLS times, 20 unless set): what it had printed as filed is filed, the file is
/// whole, and a run that is let go on ends with the clusters of one that was never killed.
#[test]
#[cfg(unix)]
fn a_killed_run_loses_nothing_that_it_reported() {
    let kills: u64 = std::env::var("BLOTTER_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(20);
    let folder = folder(6);
    let add = ["add", "--json", "--at", "2023-09-01", "--db", "killed.db", "reports.jsonl"];
    let whole = std::time::Instant::now();
    run(folder.path(), &["add", "--at", "2023-09-01", "--db", "whole.db", "reports.jsonl"]);
    let whole = whole.elapsed();
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut filed: BTreeSet<String> = BTreeSet::new();
    for _ in 0..kills {
        if filed.len() == SHOOTINGS.len() * 6 {
            // Everything is in: begin anew.
            for end in ["", "-wal", "-shm"] {
                let _ = fs::remove_file(folder.path().join(format!("killed.db{end}")));
            }
            filed.clear();
        }
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let share = (random >> 40) as f64 / (1u64 << 24) as f64;
        let mut child = bare()
            .current_dir(folder.path())
            .args(add)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("run");
        let out = child.stdout.take().expect("stdout");
        let reader =
            std::thread::spawn(move || BufReader::new(out).lines().map_while(Result::ok).collect::<Vec<String>>());
        std::thread::sleep(Duration::from_secs_f64(whole.as_secs_f64() * share));
        // SIGKILL: nothing in the program gets to run.
        child.kill().expect("killed");
        child.wait().expect("waited for");
        for line in reader.join().expect("read") {
            if let Ok(line) = serde_json::from_str::<Value>(&line) {
                filed.insert(line["report"].as_str().expect("an id").to_owned());
            }
        }
        if filed.is_empty() && !folder.path().join("killed.db").exists() {
            continue;
        }
        let (code, out, messages) = run(folder.path(), &["verify", "--db", "killed.db"]);
        assert_eq!(code, if messages.contains("earlier version") { 2 } else { 0 }, "{out}{messages}");
        for report in &filed {
            let (code, _, messages) = run(folder.path(), &["report", "--db", "killed.db", report]);
            assert_eq!(code, 0, "{report}: {messages}");
        }
    }
    assert_eq!(run(folder.path(), &add).0, 0);
    let clusters = |db: &str| {
        let lines = json(&run(folder.path(), &["clusters", "--json", "--db", db]).1);
        lines.into_iter().map(|l| l["reports"].to_string()).collect::<BTreeSet<_>>()
    };
    assert_eq!(clusters("killed.db"), clusters("whole.db"));
    assert_eq!(run(folder.path(), &["verify", "--db", "killed.db"]).0, 0);
}

#[test]
fn two_adds_at_once_are_safe() {
    let folder = folder(3);
    let start = |db: &str| {
        bare()
            .current_dir(folder.path())
            .args(["add", "--db", db, "reports.jsonl"])
            .stdout(Stdio::null())
            .spawn()
            .expect("run")
    };
    let mut both = [start("two.db"), start("two.db")];
    for child in &mut both {
        assert!(child.wait().expect("waited for").success());
    }
    assert_eq!(run(folder.path(), &["verify", "--db", "two.db"]).0, 0);
    let clusters = json(&run(folder.path(), &["clusters", "--json", "--db", "two.db"]).1);
    let reports: BTreeSet<String> = clusters
        .iter()
        .flat_map(|c| c["reports"].as_array().cloned().unwrap_or_default())
        .map(|r| r.to_string())
        .collect();
    assert_eq!(reports.len(), 12);
}
