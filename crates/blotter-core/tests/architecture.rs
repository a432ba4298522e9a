//! The sources against the table of allowed arrows in ARCHITECTURE.md.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Room → rooms it may use.
fn arrows() -> BTreeMap<String, Vec<String>> {
    let page = fs::read_to_string(Path::new(ROOT).join("../../ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let table = page.split("<!-- arrows -->").nth(1).and_then(|t| t.split("<!-- end of arrows -->").next());
    let rows = table.expect("the table of arrows").lines().filter(|l| l.starts_with('|')).skip(2);
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        (cells[1].to_owned(), cells[2].split(',').map(|r| r.trim().to_owned()).collect())
    })
    .collect()
}

/// Every source file with its text up to its tests.
fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(ROOT).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") && path.file_stem().is_some_and(|s| s != "tests") {
                let text = fs::read_to_string(&path).expect("a source");
                let code: Vec<&str> = text.split("#[cfg(test)]").next().unwrap_or("").lines().collect();
                let code: Vec<&str> = code.into_iter().filter(|l| !l.trim_start().starts_with("//")).collect();
                found.push((path, code.join("\n")));
            }
        }
    }
    found.sort();
    found
}

/// "layers/times" of src/layers/times/rules.rs; "lib" of lib.rs.
fn room_of(path: &Path) -> String {
    let inside = path.strip_prefix(Path::new(ROOT).join("src")).expect("under src");
    let parts: Vec<String> = inside.iter().map(|p| p.to_string_lossy().trim_end_matches(".rs").to_owned()).collect();
    room(&parts.iter().map(String::as_str).filter(|p| *p != "mod").collect::<Vec<_>>())
}

/// The room of a module path: two steps under `layers` (a type of `layers` itself has a capital), one elsewhere.
fn room(parts: &[&str]) -> String {
    match parts {
        ["layers", layer, ..] if layer.starts_with(char::is_lowercase) => format!("layers/{layer}"),
        [first, ..] => (*first).to_owned(),
        [] => String::new(),
    }
}

/// The rooms named by the paths of a source: `crate::room`, `crate::{room, room}`, and `super::layer` in a layer.
fn named(code: &str, layer: bool) -> Vec<String> {
    let mut found = Vec::new();
    for rest in code.split("crate::").skip(1) {
        let group = rest.strip_prefix('{').map(|r| r.split('}').next().unwrap_or(r));
        let paths = group.map_or_else(|| vec![rest], |g| g.split(',').collect());
        found.extend(paths.into_iter().map(|p| room(&steps(p))));
    }
    let beside = code.split("super::").skip(1).map(steps).filter(|s| layer && s.len() > 1);
    found.extend(beside.map(|s| format!("layers/{}", s[0])));
    found
}

/// The steps of the path that a piece of code begins with.
fn steps(code: &str) -> Vec<&str> {
    let code = code.trim_start();
    let end = code.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | ':')).unwrap_or(code.len());
    code[..end].split("::").filter(|p| !p.is_empty()).collect()
}

#[test]
fn rooms_use_only_what_the_table_allows() {
    let arrows = arrows();
    let mut faults = Vec::new();
    for (path, code) in sources() {
        let from = room_of(&path);
        if from == "lib" {
            continue;
        }
        let Some(allowed) = arrows.get(&from) else {
            faults.push(format!("{}: the room `{from}` is not in the table", path.display()));
            continue;
        };
        // In src/layers/times.rs and src/layers/times/mod.rs `super` is `layers`.
        let layer = from.starts_with("layers/")
            && (path.ends_with("mod.rs") || path.parent().is_some_and(|p| p.ends_with("layers")));
        for to in named(&code, layer) {
            let fits = |a: &String| *a == to || (a == "layers/*" && (to == "layers" || to.starts_with("layers/")));
            if to != from && arrows.contains_key(&to) && !allowed.iter().any(fits) {
                faults.push(format!("{}: `{from}` may not use `{to}`", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_core_touches_nothing_outside() {
    let mut faults = Vec::new();
    for (path, code) in sources() {
        for outside in [
            "std::fs",
            "std::net",
            "std::env",
            "std::process",
            "std::time",
            "SystemTime",
            "Zoned::now",
            "println!",
            "eprintln!",
        ] {
            if code.contains(outside) {
                faults.push(format!("{}: {outside}", path.display()));
            }
        }
        if code.contains("blotter_nn") && room_of(&path) != "encode" {
            faults.push(format!("{}: blotter_nn outside `encode`", path.display()));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn only_the_known_knots_use_each_other() {
    let arrows = arrows();
    let page = fs::read_to_string(Path::new(ROOT).join("../../ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let knots = page.split("<!-- knots: ").nth(1).and_then(|k| k.split(" -->").next()).expect("the knots");
    let known = |a: &str, b: &str| knots.split("; ").any(|k| k.split(' ').all(|room| room == a || room == b));
    let may = |a: &str, b: &str| arrows[a].iter().any(|x| x == b || (x == "layers/*" && b.starts_with("layers/")));
    for a in arrows.keys() {
        // Input and Span of `layers` itself belong to no layer.
        for b in arrows.keys().filter(|b| *b > a && a != "layers" && *b != "layers") {
            assert!(!(may(a, b) && may(b, a)) || known(a, b), "`{a}` and `{b}` may use each other");
        }
    }
}
