//! Intake touches no file, clock, network or environment: its callers bring the bytes.

use std::fs;
use std::path::Path;

#[test]
fn nothing_outside_is_touched() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut faults = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).expect("a source");
            let outside = [
                "std::fs",
                "std::net",
                "std::env",
                "std::process",
                "std::time",
                "SystemTime",
                "Zoned::now",
                "println!",
            ];
            faults.extend(outside.iter().filter(|o| text.contains(**o)).map(|o| format!("{}: {o}", path.display())));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
