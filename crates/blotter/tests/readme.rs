//! The README shows what the program really prints.

use std::fs;
use std::path::Path;

use assert_cmd::Command;

/// With `BLOTTER_BLESS=1` the README is rewritten.
#[test]
fn the_readme_shows_real_output() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut command = Command::cargo_bin("blotter").expect("the program");
    command.current_dir(&root).env("COLUMNS", "116").args(["read", "--color", "never", "samples/harbour.txt"]);
    let shown = String::from_utf8(command.output().expect("run").stdout).expect("UTF-8");
    let path = root.join("README.md");
    let readme = fs::read_to_string(&path).expect("README");
    let begin = readme.find("<!-- output").expect("the mark above the block");
    let begin = begin + readme[begin..].find("```\n").expect("the block") + 4;
    let end = begin + readme[begin..].find("```").expect("the end of the block");
    let expected = format!("{}\n", shown.trim_end());
    if std::env::var_os("BLOTTER_BLESS").is_some() {
        fs::write(&path, format!("{}{expected}{}", &readme[..begin], &readme[end..])).expect("README");
    } else {
        assert_eq!(&readme[begin..end], expected, "refresh: BLOTTER_BLESS=1 cargo test -p blotter --test readme");
    }
}
