//! docs/exports.md says what the lists in the code say. `BLOTTER_BLESS=1 cargo test -p blotter-export --test documentation` writes
//! its lists anew.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use blotter_core::codebook::Codebook;
use blotter_export::{FORMATS, tables::TABLES};

/// The page with what stands between two marks replaced.
fn filled(page: &str, mark: &str, text: &str) -> String {
    let begin = format!("<!-- {mark} -->\n");
    let (before, rest) = page.split_once(&begin).unwrap_or_else(|| panic!("{begin}"));
    let (_, after) = rest.split_once(&format!("<!-- end of {mark} -->")).unwrap_or_else(|| panic!("end of {mark}"));
    format!("{before}{begin}{text}<!-- end of {mark} -->{after}")
}

fn bar(text: &str) -> String {
    text.replace('|', "\\|")
}

#[test]
fn the_page_has_the_lists_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/exports.md");
    let page = fs::read_to_string(&path).expect("docs/exports.md");
    let (mut formats, mut tables, mut schemes) = (String::new(), String::new(), String::new());
    for f in FORMATS {
        let _ = writeln!(formats, "| `{}` | .{}, {} | {} |", f.name, f.extension, f.media_type, bar(f.help));
    }
    for table in TABLES {
        let _ = writeln!(tables, "\n### Table `{}`\n\n{}\n", table.name, table.meaning);
        let _ = writeln!(tables, "| column | type | unit or notation | meaning |\n|---|---|---|---|");
        for c in table.columns {
            let _ = writeln!(tables, "| `{}` | {} | {} | {} |", c.name, c.kind.name(), bar(c.unit), bar(c.meaning));
        }
    }
    tables.push('\n');
    for name in Codebook::builtin_names().filter(|n| n.ends_with("-export") || *n == "hxl") {
        let book = Codebook::builtin(name).expect("built in");
        let _ = writeln!(schemes, "\n**{name}** ({} columns)\n", book.columns().count());
        let _ = writeln!(schemes, "| column | filled with |\n|---|---|");
        let mut open = Vec::new();
        for (column, source) in book.described() {
            match source {
                "none" => open.push(format!("`{}`", bar(column))),
                _ => {
                    let _ = writeln!(schemes, "| `{}` | {} |", bar(column), bar(source));
                }
            }
        }
        if !open.is_empty() {
            let _ = writeln!(schemes, "\nLeft open: {}.", open.join(", "));
        }
    }
    schemes.push('\n');
    let mut fresh = page.clone();
    for (mark, text) in [("formats", &formats), ("tables", &tables), ("schemes", &schemes)] {
        fresh = filled(&fresh, mark, text);
    }
    if std::env::var_os("BLOTTER_BLESS").is_some() {
        fs::write(&path, &fresh).expect("docs/exports.md");
    }
    assert!(fresh == page || std::env::var_os("BLOTTER_BLESS").is_some(), "docs/exports.md is not what the lists say");
    for f in FORMATS {
        let section = fresh.lines().any(|l| l.starts_with('#') && l.split([' ', ',', ':']).any(|w| w == f.name));
        assert!(section, "docs/exports.md says nothing of {}", f.name);
    }
}
