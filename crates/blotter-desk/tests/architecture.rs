//! The sources against what ARCHITECTURE.md says of the desk: no SQL, no model, no file but the case file, no clock.

use std::fs;
use std::path::Path;

#[test]
fn the_desk_knows_no_sql_no_model_no_files_and_no_clock() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("src")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                seen += 1;
                let text = fs::read_to_string(&path).expect("a source");
                let outside =
                    ["rusqlite", "SELECT", "blotter_core", "std::fs", "tokio::fs", "std::env", "SystemTime", "Instant"];
                for name in outside {
                    assert!(!text.contains(name), "{}: {name}", path.display());
                }
            }
        }
    }
    assert!(seen > 10, "{seen} sources");
    let manifest = fs::read_to_string(root.join("Cargo.toml")).expect("the manifest");
    for name in ["rusqlite", "blotter-core", "blotter-nn", "blotter-intake"] {
        assert!(!manifest.contains(name), "{name}");
    }
}

/// The page asks for nothing of another host: no address stands in what the program carries but names of XML's spaces.
#[test]
fn the_built_page_names_no_other_host() {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("page/dist/assets");
    for name in ["desk.js", "index.css"] {
        let text = fs::read_to_string(assets.join(name)).expect("a built file");
        for (at, _) in text.match_indices("://") {
            let before = text[..at].rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
            let after: String = text[at + 3..].chars().take(40).collect();
            let harmless = after.starts_with("www.w3.org/") || !["http", "https", "ws", "wss"].contains(&before);
            assert!(harmless, "{name}: {before}://{after}");
        }
    }
}
