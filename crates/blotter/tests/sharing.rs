//! What is handed out: markings, redaction, bundles, as a person asks for them.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

fn blotter(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::cargo_bin("blotter").expect("the program");
    let done = command.current_dir(folder).env("BLOTTER_DB", "case.db").args(args).output().expect("run");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (done.status.code(), text(&done.stdout), text(&done.stderr))
}

#[test]
fn markings_are_decisions_and_bundles_need_no_case_file() {
    let folder = TempDir::new().expect("a folder");
    let run = |args: &[&str]| blotter(folder.path(), args);
    let text = "{\"id\": \"a\", \"publisher\": \"Meridian Press\", \"published\": \"2024-04-12\", \"title\": \"Bomb kills three in Port Kesh\", \
                \"text\": \"Samira Nour, 31, and two others were killed on Friday when a bomb exploded at a bus station in Port Kesh, Sudan, police said.\"}\n";
    fs::write(folder.path().join("in.jsonl"), text).expect("written");
    assert_eq!(run(&["add", "--no-gate", "in.jsonl"]).0, Some(0));
    let (_, listed, _) = run(&["list", "--json"]);
    let id = serde_json::from_str::<serde_json::Value>(&listed).expect("JSON")["incident"]
        .as_str()
        .expect("an id")
        .to_owned();

    let (code, said, _) = run(&["tlp", &id, "amber+strict", "--why", "a witness", "--by", "Ann"]);
    assert_eq!(code, Some(0));
    let decision = said.split_whitespace().next().expect("its number").to_owned();
    assert!(run(&["show", &id]).1.contains("TLP:AMBER+STRICT (Ann"));
    assert!(run(&["history", &id]).1.contains("amber+strict"));
    assert!(run(&["tlp", &id, "purple", "--why", "x"]).2.contains("amber+strict"));
    let (code, out, said) = run(&["export", "-f", "csv", "--tlp", "amber"]);
    assert_eq!((code, out.lines().count()), (Some(0), 1));
    assert!(said.contains("1 incident is marked above TLP:AMBER and left out"), "{said}");
    assert!(run(&["export", "-f", "csv"]).2.contains("up to TLP:AMBER+STRICT"));
    assert_eq!(run(&["undo", &decision]).0, Some(0));
    assert_eq!(run(&["export", "-f", "csv", "--tlp", "clear"]).1.lines().count(), 2);
    assert_eq!(run(&["verify"]).0, Some(0));

    let (_, hidden, _) = run(&["export", "-f", "brief-md", "--redact", "victims,addresses"]);
    assert!(!hidden.contains("Nour") && hidden.contains("Redacted: victims, addresses"), "{hidden}");
    let (code, _, said) = run(&["export", "-f", "bundle", "--with-texts", "--redact", "victims", "--out", "no.zip"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("leave out --with-texts or --redact"), "{said}");

    assert_eq!(run(&["export", "-f", "bundle", "--with-texts", "--out", "case.zip"]).0, Some(0));
    let elsewhere = TempDir::new().expect("a folder");
    fs::copy(folder.path().join("case.zip"), elsewhere.path().join("case.zip")).expect("copied");
    let (code, said, _) = blotter(elsewhere.path(), &["verify", "case.zip"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("all agrees"), "{said}");
    let mut bytes = fs::read(elsewhere.path().join("case.zip")).expect("the bundle");
    let at = bytes.len() / 3;
    bytes[at] ^= 1;
    fs::write(elsewhere.path().join("case.zip"), bytes).expect("written");
    assert_ne!(blotter(elsewhere.path(), &["verify", "case.zip"]).0, Some(0));
    assert_eq!(blotter(elsewhere.path(), &["verify", "none.zip"]).0, Some(2));
    for args in [&["export", "-f", "csv", "--new-since", "2024-01-01"][..], &["export", "-f", "csv", "--with-texts"]] {
        assert_eq!(run(args).0, Some(2), "{args:?}");
    }
}
