//! The sources against the table of the case file's rooms in ARCHITECTURE.md.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Room → rooms it may use.
fn arrows() -> BTreeMap<String, Vec<String>> {
    let page = fs::read_to_string(Path::new(ROOT).join("../../ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let table = page.split("<!-- arrows of the case file -->").nth(1);
    let table = table.and_then(|t| t.split("<!-- end of arrows -->").next()).expect("the table of arrows");
    let rows = table.lines().filter(|l| l.starts_with('|')).skip(2);
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        (cells[1].to_owned(), cells[2].split(',').map(|r| r.trim().to_owned()).collect())
    })
    .collect()
}

/// Every source with its room and its text up to its tests.
fn sources() -> Vec<(PathBuf, String, String)> {
    let mut found = Vec::new();
    let src = Path::new(ROOT).join("src");
    let mut folders = vec![src.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") && path.file_stem().is_some_and(|s| s != "tests") {
                let text = fs::read_to_string(&path).expect("a source");
                let code: Vec<&str> = text.split("#[cfg(test)]").next().unwrap_or("").lines().collect();
                let code: Vec<&str> = code.into_iter().filter(|l| !l.trim_start().starts_with("//")).collect();
                let inside = path.strip_prefix(&src).expect("under src").to_string_lossy().replace('\\', "/");
                let room = inside.split('/').next().unwrap_or(&inside).trim_end_matches(".rs").to_owned();
                found.push((path, room, code.join("\n")));
            }
        }
    }
    found
}

/// The rooms that a source names: `crate::room` and `crate::{room, room::Type}`.
fn named(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for rest in code.split("crate::").skip(1) {
        let group = rest.strip_prefix('{').map(|r| r.split('}').next().unwrap_or(r));
        for path in group.map_or_else(|| vec![rest], |g| g.split(',').collect()) {
            let end = path.trim_start().find(|c: char| !c.is_alphanumeric() && c != '_');
            let path = path.trim_start();
            found.push(path[..end.unwrap_or(path.len())].to_owned());
        }
    }
    found
}

#[test]
fn rooms_use_only_what_the_table_allows() {
    let arrows = arrows();
    let mut faults = Vec::new();
    for (path, room, code) in sources().into_iter().filter(|(_, room, _)| room != "lib") {
        let Some(allowed) = arrows.get(&room) else {
            faults.push(format!("{}: the room `{room}` is not in the table", path.display()));
            continue;
        };
        for to in named(&code).into_iter().filter(|to| *to != room && arrows.contains_key(to)) {
            if !allowed.contains(&to) {
                faults.push(format!("{}: `{room}` may not use `{to}`", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn no_two_rooms_use_each_other() {
    let arrows = arrows();
    for (a, allowed) in &arrows {
        let knot = allowed.iter().find(|b| arrows.get(*b).is_some_and(|back| back.contains(a)));
        assert_eq!(knot, None, "`{a}` and another may use each other");
    }
}

#[test]
fn no_file_but_the_database_and_no_clock() {
    let outside = ["std::fs", "std::net", "std::env", "std::process", "SystemTime", "Instant", "now()", "println!"];
    for (path, _, code) in sources() {
        for name in outside {
            assert!(!code.contains(name), "{}: {name}", path.display());
        }
    }
}

#[test]
fn one_room_alone_knows_which_database_it_is() {
    for (path, room, code) in sources() {
        for name in ["rusqlite", "postgres::"] {
            assert!(
                room == "db" || !code.contains(name) || path.ends_with("schema/mod.rs"),
                "{}: {name}",
                path.display()
            );
        }
    }
}
