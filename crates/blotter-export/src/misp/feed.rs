//! A feed of MISP: a folder with a file an event, a manifest of them, and the MD5 of every value by which MISP looks them up without
//! fetching them, as PyMISP makes it (github.com/MISP/PyMISP, `examples/feed-generator/generate.py`, `pymisp/tools/feed.py`).

use std::io::{self, Write};

use md5::{Digest, Md5};
use serde_json::{Value as Json, json};

use crate::error::Error;
use crate::options::Options;
use crate::selection::Selection;

/// What the manifest says of an event.
const LISTED: [&str; 7] = ["Orgc", "Tag", "info", "date", "analysis", "threat_level_id", "timestamp"];

/// Writes a feed: `file` puts a whole file of a name into the folder, one an event; manifest (`manifest.json`) and hashes
/// (`hashes.csv`) are to be put beside them at last.
///
/// # Errors
/// The case file or the disk refused.
pub fn write(
    selection: &Selection<'_>,
    options: &Options,
    file: &mut dyn FnMut(&str, &[u8]) -> io::Result<()>,
    manifest: &mut dyn Write,
    hashes: &mut dyn Write,
) -> Result<(), Error> {
    let mut first = true;
    manifest.write_all(b"{")?;
    super::each(selection, options, &mut |event: &Json| {
        let uuid = event["uuid"].as_str().unwrap_or_default();
        file(&format!("{uuid}.json"), json!({ "Event": event }).to_string().as_bytes())?;
        let listed: serde_json::Map<String, Json> =
            LISTED.iter().map(|name| ((*name).to_owned(), event[*name].clone())).collect();
        let between = if std::mem::take(&mut first) { "\n" } else { ",\n" };
        write!(manifest, "{between}{}:{}", json!(uuid), Json::Object(listed))?;
        let objects = event["Object"].as_array().into_iter().flatten();
        for attribute in std::iter::once(event).chain(objects).flat_map(|o| o["Attribute"].as_array()).flatten() {
            let value = attribute["value"].as_str().unwrap_or_default();
            let hash: String = Md5::digest(value.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
            writeln!(hashes, "{hash},{uuid}")?;
        }
        Ok(())
    })?;
    manifest.write_all(b"\n}\n")?;
    manifest.flush()?;
    Ok(hashes.flush()?)
}
