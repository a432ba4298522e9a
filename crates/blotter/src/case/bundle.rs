//! `blotter verify BUNDLE`: a bundle is checked by itself.

use std::fs::File;
use std::path::Path;

use blotter_export::bundle;
use serde_json::json;

use super::{Done, Stop, print, print_lines};
use crate::FAILED;

pub fn run(path: &Path, as_json: bool) -> Done {
    let file = File::open(path).map_err(|e| Stop::Said(format!("{}: {e}", path.display())))?;
    let checked = bundle::verify(file).map_err(|e| Stop::Said(format!("{}: {e}", path.display())))?;
    let ([quotes, in_text], [rows, with_body]) = (checked.quotes, checked.rows);
    if as_json {
        let faults = checked.faults.iter().map(|f| json!({ "what": f.what, "reason": f.reason })).collect::<Vec<_>>();
        let line = json!({
            "sound": faults.is_empty(), "members": checked.members, "incidents": checked.incidents, "quotes": quotes,
            "quotes_in_texts": in_text, "rows": rows, "rows_with_body": with_body, "faults": faults,
        });
        print_lines(std::iter::once(line))?;
    } else {
        for fault in &checked.faults {
            print(&format!("{}: {}\n", fault.what, fault.reason))?;
        }
        let sum = format!(
            "{} members, {} incidents, {quotes} quotes ({in_text} found in their texts), {rows} ledger rows ({with_body} whole) checked",
            checked.members, checked.incidents
        );
        let found = match checked.faults.len() {
            0 => "all agrees".to_owned(),
            1 => "1 fault".to_owned(),
            n => format!("{n} faults"),
        };
        print(&format!("{sum}: {found}\n"))?;
    }
    Ok(if checked.faults.is_empty() { 0 } else { FAILED })
}
