//! The README shows what the program really prints.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// With `BLOTTER_BLESS=1` the README is rewritten. One test for both blocks, so that they do not rewrite it at once.
#[test]
fn the_readme_shows_real_output() {
    let path = root().join("README.md");
    let readme = fs::read_to_string(&path).expect("README");
    let fresh = walk_through(&first_block(&readme));
    if std::env::var_os("BLOTTER_BLESS").is_some() {
        fs::write(&path, fresh).expect("README");
    } else {
        let share = agreement(&readme, &fresh);
        assert!(
            share >= ENOUGH,
            "only {share:.2} of the words agree; refresh: BLOTTER_BLESS=1 cargo test -p blotter --test readme\n{fresh}"
        );
    }
}

/// The share of the README's words that what is printed now must have. Not all: processors add floats in different orders, which
/// changes what is near a threshold.
const ENOUGH: f64 = 0.9;

/// The share of words that two texts have in common, however they are broken into lines.
fn agreement(one: &str, other: &str) -> f64 {
    let mut left: HashMap<&str, usize> = HashMap::new();
    one.split_whitespace().for_each(|word| *left.entry(word).or_default() += 1);
    let most = one.split_whitespace().count().max(other.split_whitespace().count());
    let common = other.split_whitespace().filter(|word| match left.get_mut(word) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    });
    common.count() as f64 / most.max(1) as f64
}

/// The README with the output of the command at its head.
fn first_block(readme: &str) -> String {
    let mut command = Command::cargo_bin("blotter").expect("the program");
    command.current_dir(root()).env("COLUMNS", "116").args(["read", "--color", "never", "samples/harbour.txt"]);
    let shown = String::from_utf8(command.output().expect("run").stdout).expect("UTF-8");
    let begin = readme.find("<!-- output").expect("the mark above the block");
    let begin = begin + readme[begin..].find("```\n").expect("the block") + 4;
    let end = begin + readme[begin..].find("```").expect("the end of the block");
    format!("{}{}\n{}", &readme[..begin], shown.trim_end(), &readme[end..])
}

/// The README with, in the blocks of the walk-through, the output of each command below it. The commands run in order, in
/// one case file.
fn walk_through(readme: &str) -> String {
    let begin = readme.find("<!-- walk-through").expect("the mark above the walk-through");
    let end = begin + readme[begin..].find("<!-- end of walk-through").expect("its end");
    let folder = tempfile::TempDir::new().expect("folder");
    let mut out = readme[..begin].to_owned();
    let mut inside = false;
    for line in readme[begin..end].lines() {
        if line.starts_with("```") {
            inside = line == "```console";
        } else if inside && !line.starts_with("$ ") {
            // What was printed when it was last refreshed.
            continue;
        }
        out.push_str(&format!("{line}\n"));
        if let Some(command) = line.strip_prefix("$ ").filter(|_| inside) {
            out.push_str(&run(command, &folder.path().join("case.db")));
        }
    }
    out + &readme[end..]
}

/// What `blotter ..` prints; a pipe into `cut -c1-N` cuts its lines.
fn run(command: &str, db: &Path) -> String {
    let (command, cut) =
        command.split_once(" | cut -c1-").map_or((command, None), |(c, n)| (c, n.parse::<usize>().ok()));
    let words = command.strip_prefix("blotter ").expect("a command of blotter");
    // Words in quotation marks are one.
    let mut args: Vec<String> = Vec::new();
    for (i, part) in words.split('"').enumerate() {
        if i % 2 == 1 {
            args.push(part.to_owned());
        } else {
            args.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    let mut program = Command::cargo_bin("blotter").expect("the program");
    program
        .current_dir(root())
        .env("COLUMNS", "116")
        .env("USER", "ann")
        .env("BLOTTER_DB", db)
        .env("BLOTTER_COLOR", "never");
    let done = program.args(args).output().expect("run");
    let shown = String::from_utf8(done.stdout).expect("UTF-8");
    assert!(done.status.success(), "{command}: {}", String::from_utf8_lossy(&done.stderr));
    let lines = shown.trim_end().lines().map(|l| l.chars().take(cut.unwrap_or(usize::MAX)).collect::<String>());
    lines.map(|l| format!("{}\n", l.trim_end())).collect()
}
