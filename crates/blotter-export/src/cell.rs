//! A value as it stands in a cell of CSV.
//!
//! Excel takes a cell that begins with `=`, `+`, `-` or `@` for a formula, quotation marks or not. Such a text gets an
//! apostrophe before it, and so does one that has apostrophes before such a sign already: whoever takes one apostrophe away
//! where this pattern stands has the text as it was. Numbers are written as numbers. Line breaks stay, in quotation marks.

use serde_json::Value as Json;

/// By which Excel knows UTF-8.
pub const MARK: &[u8] = "\u{feff}".as_bytes();

/// A text as it may stand in a cell.
pub fn safe(text: &str) -> String {
    const SIGNS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];
    let text = text.replace('\0', "\u{fffd}");
    if text.trim_start_matches('\'').starts_with(SIGNS) { format!("'{text}") } else { text }
}

/// A value as it stands in a cell.
pub fn cell(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => safe(text),
        Json::Array(list) => safe(&list.iter().map(plain).collect::<Vec<_>>().join("; ")),
        other => other.to_string(),
    }
}

fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_every_text_comes_back() {
        let back = |cell: &str| match cell.strip_prefix('\'') {
            Some(rest) if rest.trim_start_matches('\'').starts_with(['=', '+', '-', '@']) => rest.to_owned(),
            _ => cell.to_owned(),
        };
        for text in ["=cmd", "'=cmd", "''-1", "'s", "''", "", "Port Kesh", "-", "a=b", "@here"] {
            let written = safe(text);
            assert!(!written.starts_with(['=', '+', '-', '@']), "{written}");
            assert_eq!(back(&written), text);
        }
        assert_eq!(cell(&serde_json::json!(-37.2)), "-37.2");
    }
}
