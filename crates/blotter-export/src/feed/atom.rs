//! Atom (RFC 4287).

use super::{Entry, entries, title};
use crate::error::Error;
use crate::options::{Options, Out};
use crate::selection::Selection;
use crate::stable::{Ids, SCHEME};
use crate::xml::escaped as text;

/// Writes the feed.
pub(crate) fn write(selection: &Selection<'_>, options: &Options, out: &mut Out<'_>) -> Result<(), Error> {
    let spool = entries(selection, options, entry)?;
    let as_of = selection.as_of()?;
    // A feed must say when it changed: one of an empty case file never did.
    let updated = if as_of.is_empty() { "1970-01-01T00:00:00Z" } else { &as_of };
    let author = options.producer.as_deref().unwrap_or("Blotter");
    let tlp = selection.policy().tlp.unwrap_or(selection.strictest());
    writeln!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<id>urn:uuid:{}</id>\n\
         <title>{}</title>\n<updated>{updated}</updated>\n<author><name>{}</name></author>\n\
         <generator>Blotter</generator>\n<rights>TLP:{}</rights>",
        Ids::of(selection)?.id("feed", &[]),
        text(&title(options)),
        text(author),
        tlp.name().to_uppercase(),
    )?;
    spool.write(b"", out)?;
    Ok(out.write_all(b"</feed>\n")?)
}

fn entry(entry: &Entry<'_>) -> Vec<u8> {
    let mut words = String::new();
    for (scheme, term) in [
        ("incident", entry.incident),
        ("change", entry.what),
        ("revision", &entry.revision.to_string()),
        ("tlp", entry.tlp.name()),
        ("became", entry.became.unwrap_or_default()),
    ] {
        if !term.is_empty() {
            words.push_str(&format!("<category scheme=\"{SCHEME}{scheme}\" term=\"{}\"/>\n", text(term)));
        }
    }
    let lines: String = entry.lines.iter().map(|line| format!("{line}\n")).collect();
    let content = if lines.is_empty() { entry.title() } else { lines };
    format!(
        "<entry>\n<id>urn:uuid:{}</id>\n<title>{}</title>\n<updated>{}</updated>\n{words}<summary>{}</summary>\n\
         <content type=\"text\">{}</content>\n<rights>TLP:{}</rights>\n</entry>\n",
        entry.id,
        text(&entry.title()),
        entry.at,
        text(if entry.summary.is_empty() { entry.incident } else { entry.summary }),
        text(&content),
        entry.tlp.name().to_uppercase(),
    )
    .into_bytes()
}
