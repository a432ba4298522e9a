//! `blotter export`: where it writes, and what it refuses.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

fn blotter(folder: &Path, args: &[&str]) -> std::process::Output {
    let mut command = Command::cargo_bin("blotter").expect("the program");
    command.current_dir(folder).env("BLOTTER_DB", "case.db").args(args).output().expect("run")
}

fn case() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let text = "{\"id\": \"a\", \"publisher\": \"Meridian Press\", \"published\": \"2024-04-12\", \"title\": \"Bomb kills three in Port Kesh\", \
                \"text\": \"Three people were killed on Friday when a bomb exploded at a bus station in Port Kesh, Sudan, police said.\"}\n";
    fs::write(folder.path().join("in.jsonl"), text).expect("written");
    let done = blotter(folder.path(), &["add", "--no-gate", "in.jsonl"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    folder
}

#[test]
fn files_stand_in_their_places_once_they_are_whole() {
    let folder = case();
    let run = |args: &[&str]| {
        let done = blotter(folder.path(), args);
        assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
        done.stdout
    };
    let shown = run(&["export", "-f", "csv"]);
    assert_eq!(String::from_utf8_lossy(&shown).lines().count(), 2);
    assert!(run(&["export", "-f", "csv", "--out", "one.csv"]).is_empty());
    assert_eq!(fs::read(folder.path().join("one.csv")).expect("the file"), shown);
    run(&["export", "-f", "csv", "--out", "all/"]);
    assert_eq!(fs::read(folder.path().join("all/incidents.csv")).expect("the file"), shown);
    run(&["export", "-f", "parquet", "--out", "all.zip"]);
    assert!(fs::read(folder.path().join("all.zip")).expect("the file").starts_with(b"PK"));
    run(&["export", "-f", "acled", "--codebook", "muc4", "--out", "muc4.csv"]);
    assert!(fs::read_to_string(folder.path().join("muc4.csv")).expect("the file").starts_with("incident_type,PerpInd"));
    run(&["export", "-f", "misp", "--out", "feed/"]);
    let manifest = fs::read_to_string(folder.path().join("feed/manifest.json")).expect("the manifest");
    let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
    let uuid = manifest.as_object().expect("events").keys().next().expect("an event").clone();
    let event = fs::read_to_string(folder.path().join(format!("feed/{uuid}.json"))).expect("the event");
    assert!(event.contains("Port Kesh") && manifest[&uuid]["Orgc"]["name"] == "Blotter");
    let hashes = fs::read_to_string(folder.path().join("feed/hashes.csv")).expect("the hashes");
    assert!(hashes.lines().count() > 3 && hashes.lines().all(|line| line.len() == 32 + 1 + 36), "{hashes}");
    // In place of what stood there, and nothing beside it.
    fs::write(folder.path().join("one.csv"), "before").expect("written");
    run(&["export", "-f", "csv", "--out", "one.csv"]);
    assert_eq!(fs::read(folder.path().join("one.csv")).expect("the file"), shown);
    let names = fs::read_dir(folder.path()).expect("the folder").map(|e| e.expect("a file").file_name());
    assert!(names.into_iter().all(|n| !n.to_string_lossy().contains("partial")));
}

#[test]
fn what_cannot_be_is_refused_with_a_word() {
    let folder = case();
    for (args, word) in [
        (&["export", "-f", "csv", "--table", "facts", "--out", "x.zip"][..], "--table asks for one table"),
        (&["export", "-f", "geojson", "--table", "facts"], "--table is for the formats"),
        (&["export", "-f", "geojson", "--out", "x/"], "a folder is for the formats"),
        (&["export", "-f", "geojson", "--excel"], "--excel is for the formats"),
        (&["export", "-f", "csv", "--codebook", "acled"], "--codebook is for the formats"),
        (&["export", "-f", "csv", "--as-of", "soon"], "--as-of soon"),
        (&["export", "-f", "acled", "--codebook", "nothing"], "no built-in codebook has that name"),
        (&["export", "-f", "csv", "--out", "nowhere/x.csv"], "nowhere/x.csv"),
        (&["export", "-f", "csv", "--db", "none.db"], "there is no case file"),
        (&["export", "-f", "shapefile"], "invalid value"),
    ] {
        let done = blotter(folder.path(), args);
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(2), "{args:?}");
        assert!(said.contains(word), "{args:?}: {said}");
    }
    assert!(!folder.path().join("x.zip").exists());
    let help = blotter(folder.path(), &["export", "--help"]);
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    for format in blotter_export::FORMATS {
        assert!(help.contains(&format!("\n  {} ", format.name)), "{}", format.name);
    }
}

/// A disk that is full, played by a limit on how much a program may write into one file.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named_and_leaves_nothing_behind() {
    let folder = case();
    let mut reports = String::new();
    for (n, town) in ["Tolmar", "Eddar", "Quill", "Marlow", "Ostrava", "Leeds", "Kano", "Lagos"].iter().enumerate() {
        reports.push_str(&format!(
            "{{\"id\": \"r{n}\", \"publisher\": \"Radio {town}\", \"published\": \"2024-05-0{}\", \"text\": \"Gunmen shot {} guards dead on \
             Tuesday at the market of {town}, police said. A rebel group claimed the attack, and nine people were wounded.\"}}\n",
            n + 1,
            n + 2
        ));
    }
    fs::write(folder.path().join("more.jsonl"), reports).expect("written");
    assert!(blotter(folder.path(), &["add", "--no-gate", "more.jsonl"]).status.success());
    let program = Command::cargo_bin("blotter").expect("the program").get_program().to_owned();
    let limited = |args: &str| {
        let line = format!("trap '' XFSZ; ulimit -f 64; exec \"$0\" export --db case.db {args}");
        let mut shell = std::process::Command::new("sh");
        shell.current_dir(folder.path()).env("TMPDIR", folder.path().join("tmp")).arg("-c").arg(line).arg(&program);
        shell.output().expect("run")
    };
    fs::create_dir(folder.path().join("tmp")).expect("a folder");
    for (args, named) in [
        ("-f jsonl --out all.jsonl", "all.jsonl: "),
        ("-f jsonl --out folder/", "folder/: "),
        ("-f jsonl --out all.zip", "temporary files in "),
        ("-f bundle --out all.zip", "temporary files in "),
        ("-f sqlite --out all.sqlite", "temporary files in "),
    ] {
        let done = limited(args);
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(2), "{args}: {said}");
        assert!(said.contains(named) && said.contains("cannot be written"), "{args}: {said}");
        assert_eq!(said.lines().count(), 1, "{args}: {said}");
    }
    let names: Vec<_> =
        fs::read_dir(folder.path()).expect("the folder").map(|e| e.expect("a file").file_name()).collect();
    assert!(names.iter().all(|n| !n.to_string_lossy().contains("all.")), "{names:?}");
    assert_eq!(fs::read_dir(folder.path().join("folder")).expect("the folder").count(), 0);
    assert_eq!(fs::read_dir(folder.path().join("tmp")).expect("the folder").count(), 0);
    // What is no file is named, too.
    std::os::unix::fs::symlink("/dev/full", folder.path().join("device")).expect("a link");
    let done = blotter(folder.path(), &["export", "-f", "csv", "--out", "device"]);
    assert_eq!(done.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&done.stderr).contains("/dev/full: "), "{}", String::from_utf8_lossy(&done.stderr));
}
