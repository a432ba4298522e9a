//! A bundle: a zip that another desk can check without the case file. It holds the records, the quotes they rest on, hashes and
//! versions of the reports, the decisions and the rows of the ledger that concern them, and a manifest of checksums.
//!
//! **What a check can tell** ([`verify`]): whether the bundle is what was packed, whether its parts agree, whether each row of the
//! ledger is what its hash says and follows the row before it where both are given, and, with texts, whether every quote stands in
//! its report. **What it cannot**: whoever makes a whole new bundle can make one that agrees with itself; compare the
//! manifest's own checksum, or the last row of the ledger, with what its sender tells over another way.

mod agree;
mod verify;

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};

use blotter_case::ReportHead;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

pub use verify::{Checked, verify};

use crate::error::Error;
use crate::handed::Handed;
use crate::item::Item;
use crate::options::{Options, Out};
use crate::selection::Selection;

/// The version of the format.
pub(crate) const VERSION: u64 = 1;

/// What each line of a member is; the one list that writing, checking and the README follow.
pub(crate) const MEMBERS: [(&str, &str); 5] = [
    ("records.jsonl", "an incident's record, as `blotter show --json` prints it"),
    (
        "quotes.jsonl",
        "a quote that a value rests on: incident, fact, field, report, version, start and end (code points, end exclusive) in the \
         text whose SHA-256 is text_sha256, and the words",
    ),
    (
        "reports.jsonl",
        "a version of a report: who published it where and when, when the case file learned it, and the SHA-256 of its text in UTF-8",
    ),
    ("decisions.jsonl", "a decision of a person about an incident: who, when, why, what, and the row that undid it"),
    (
        "ledger.jsonl",
        "a row of the ledger that changed an incident's record: body byte for byte, the hash of the row before it, and its own hash",
    ),
];

const README: &str = "\
This is a bundle of incident records made with Blotter from news reports.

To check it:  blotter verify FILE.zip
By hand:      manifest.json names the SHA-256 of every other member (sha256sum).

";

/// A member as it is filled.
struct Member {
    name: &'static str,
    file: BufWriter<File>,
    hash: Sha256,
    bytes: u64,
}

impl Member {
    fn new(name: &'static str) -> Result<Member, Error> {
        Ok(Member { name, file: BufWriter::new(tempfile::tempfile()?), hash: Sha256::new(), bytes: 0 })
    }

    fn line(&mut self, line: &Json) -> Result<(), Error> {
        let line = format!("{line}\n");
        self.hash.update(line.as_bytes());
        self.bytes += line.len() as u64;
        Ok(self.file.write_all(line.as_bytes())?)
    }
}

/// Writes the zip.
pub(crate) fn write(selection: &Selection<'_>, options: &Options, out: &mut Out<'_>) -> Result<(), Error> {
    let redacted: Vec<&str> = selection.policy().redact.iter().map(|r| r.name()).collect();
    if options.with_texts && !redacted.is_empty() {
        return Err(Error::Refused(
            "texts of reports hold what is to be redacted: leave out --with-texts or --redact".to_owned(),
        ));
    }
    let method = SimpleFileOptions::default().large_file(true);
    let mut zip = ZipWriter::new_stream(Handed::new(out));
    let mut listed: Vec<Json> = Vec::new();
    let mut add = |zip: &mut ZipWriter<_>, name: &str, bytes: &[u8]| -> Result<(), Error> {
        zip.start_file(name, method)?;
        zip.write_all(bytes)?;
        listed.push(json!({ "name": name, "sha256": blotter_case::sha256(bytes), "bytes": bytes.len() }));
        Ok(())
    };
    let mut readme = README.to_owned();
    for (name, what) in MEMBERS {
        readme.push_str(&format!("{name}: each line is {what}.\n"));
    }
    readme.push_str("texts/: the texts of the reports by their SHA-256, where the sender put them in.\n");
    add(&mut zip, "README.txt", readme.as_bytes())?;

    let mut parts = Parts {
        records: Member::new("records.jsonl")?,
        quotes: Member::new("quotes.jsonl")?,
        reports: Member::new("reports.jsonl")?,
        decisions: Member::new("decisions.jsonl")?,
        ledger: Member::new("ledger.jsonl")?,
        seen: HashSet::new(),
        texts: HashSet::new(),
        incidents: 0,
    };
    // Rows of the ledger name incidents that may be withheld, and hold words: they come bodiless where anything is withheld.
    let whole = redacted.is_empty() && selection.policy().tlp.is_none();
    selection.each(&mut |item| {
        parts.incident(selection, item, whole)?;
        if options.with_texts {
            for head in parts.new_texts(item)? {
                add(&mut zip, &format!("texts/{}.txt", head.sha256), head.text.as_bytes())?;
            }
        }
        Ok(())
    })?;
    let incidents = parts.incidents;
    for member in [parts.records, parts.quotes, parts.reports, parts.decisions, parts.ledger] {
        let mut file = member.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        zip.start_file(member.name, method)?;
        io::copy(&mut file, &mut zip)?;
        let hash: String = member.hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
        listed.push(json!({ "name": member.name, "sha256": hash, "bytes": member.bytes }));
    }
    let (seq, hash) = selection.snapshot().head()?;
    let as_of = selection.as_of()?;
    let tlp = selection.policy().tlp.unwrap_or(selection.strictest());
    let manifest = json!({
        "format": "blotter-bundle", "version": VERSION, "program": concat!("blotter ", env!("CARGO_PKG_VERSION")),
        "producer": options.producer, "made": options.made.as_deref().unwrap_or(&as_of), "as_of": as_of, "tlp": tlp.name(),
        "redacted": redacted, "with_bodies": whole, "with_texts": options.with_texts, "incidents": incidents,
        "case": selection.snapshot().key()?, "ledger": { "row": seq, "hash": hash }, "members": listed,
    });
    zip.start_file("manifest.json", method)?;
    zip.write_all(format!("{manifest:#}\n").as_bytes())?;
    zip.finish()?.into_inner().flush()?;
    Ok(())
}

struct Parts {
    records: Member,
    quotes: Member,
    reports: Member,
    decisions: Member,
    ledger: Member,
    /// The versions of reports, rows of the ledger and texts that are in: a hash each.
    seen: HashSet<[u8; 16]>,
    texts: HashSet<[u8; 16]>,
    incidents: u64,
}

/// Sixteen bytes that stand for a name.
fn short(kind: &str, name: &str, number: i64) -> [u8; 16] {
    let hash = Sha256::digest(format!("{kind}\u{1f}{name}\u{1f}{number}").as_bytes());
    let mut found = [0; 16];
    found.copy_from_slice(&hash[..16]);
    found
}

/// Every version of a report that a record rests on.
fn versions(item: &Item<'_>) -> Vec<(String, i64)> {
    let last = item.record.reports.iter().map(|line| (line.id.to_string(), line.version));
    let said = item.record.fields.iter().flat_map(|(_, entries)| entries).flat_map(|e| &e.said);
    let said = said.filter(|s| s.version > 0).map(|s| (s.report.to_string(), s.version));
    let mut found: Vec<(String, i64)> = last.chain(said).collect();
    found.sort();
    found.dedup();
    found
}

impl Parts {
    fn incident(&mut self, selection: &Selection<'_>, item: &Item<'_>, whole: bool) -> Result<(), Error> {
        self.incidents += 1;
        let mut record = item.record.json();
        let related = item.related()?.into_iter();
        record["related"] =
            related.map(|(i, summary, r)| json!({ "incident": i, "relation": r, "summary": summary })).collect();
        self.records.line(&record)?;
        for (id, version) in versions(item) {
            if self.seen.insert(short("report", &id, version)) {
                self.reports.line(&report(&*item.report(&id, version)?))?;
            }
        }
        for (field, entries) in &item.record.fields {
            for entry in entries {
                for said in entry.said.iter().filter(|s| s.version > 0) {
                    let sha256 = item.report(&said.report, said.version)?.sha256.clone();
                    for span in said.evidence.iter() {
                        self.quotes.line(&json!({
                            "incident": item.record.incident, "fact": entry.fact, "field": field.name(), "report": *said.report,
                            "version": said.version, "stance": if said.supports { "supports" } else { "denies" },
                            "start": span["start"], "end": span["end"], "quote": span["quote"], "text_sha256": sha256,
                        }))?;
                    }
                }
            }
        }
        selection.snapshot().each_link(&item.record.incident, &mut |link| -> Result<(), Error> {
            let body: Json = serde_json::from_str(&link.body).map_err(blotter_case::Error::from)?;
            let text = |name: &str| body[name].as_str().map(|words| item.words(words));
            if link.is_decision {
                self.decisions.line(&json!({
                    "incident": item.record.incident, "decision": format!("D{}", link.seq), "at": link.at, "by": link.by,
                    "kind": link.kind, "field": body["field"], "why": text("why"), "undone_by": link.undone.map(|n| format!("D{n}")),
                    "value": if whole { body["value"].clone() } else { Json::Null },
                    "text": text("text"), "status": body["status"], "tlp": body["tlp"], "fact": body["fact"],
                    "report": text("retracts"),
                }))?;
            }
            if self.seen.insert(short("row", "", link.seq)) {
                // The words of a row cannot be taken out of it without breaking its hash.
                self.ledger.line(&json!({
                    "row": link.seq, "at": link.at, "by": link.by, "kind": link.kind, "before": link.before, "hash": link.hash,
                    "body": if whole { json!(link.body) } else { Json::Null },
                }))?;
            }
            Ok(())
        })
    }

    /// The reports whose texts are not in yet.
    fn new_texts(&mut self, item: &Item<'_>) -> Result<Vec<std::sync::Arc<ReportHead>>, Error> {
        let mut found = Vec::new();
        for (id, version) in versions(item) {
            let head = item.report(&id, version)?;
            if self.texts.insert(short("text", &head.sha256, 0)) {
                found.push(head);
            }
        }
        Ok(found)
    }
}

fn report(head: &ReportHead) -> Json {
    json!({
        "id": head.id, "version": head.version, "versions": head.versions, "learned": head.learned, "reader": head.reader,
        "url": head.url, "publisher": head.publisher, "headline": head.headline, "byline": head.byline, "published": head.published,
        "updated": head.updated, "language": head.language, "sha256": head.sha256, "retracted": head.retracted,
    })
}
