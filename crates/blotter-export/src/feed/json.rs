//! JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>).

use serde_json::json;

use super::{Entry, entries, title};
use crate::error::Error;
use crate::options::{Options, Out};
use crate::selection::Selection;

/// Writes the feed.
pub(crate) fn write(selection: &Selection<'_>, options: &Options, out: &mut Out<'_>) -> Result<(), Error> {
    let spool = entries(selection, options, entry)?;
    let author = options.producer.as_deref().unwrap_or("Blotter");
    let tlp = selection.policy().tlp.unwrap_or(selection.strictest());
    let head = json!({
        "version": "https://jsonfeed.org/version/1.1", "title": title(options), "authors": [{ "name": author }], "language": "en",
        "_blotter": { "as_of": selection.as_of()?, "tlp": tlp.name(), "new_since": options.new_since },
    });
    let head = head.to_string();
    writeln!(out, "{},\"items\":[", head.strip_suffix('}').unwrap_or(&head))?;
    spool.write(b",\n", out)?;
    Ok(out.write_all(b"\n]}\n")?)
}

fn entry(entry: &Entry<'_>) -> Vec<u8> {
    let content = if entry.lines.is_empty() { entry.title() } else { entry.lines.join("\n") };
    json!({
        "id": format!("urn:uuid:{}", entry.id), "title": entry.title(), "summary": entry.summary, "content_text": content,
        "date_published": entry.at, "tags": [entry.what],
        "_blotter": {
            "incident": entry.incident, "revision": entry.revision, "change": entry.what, "became": entry.became,
            "tlp": entry.tlp.name(),
        },
    })
    .to_string()
    .into_bytes()
}
