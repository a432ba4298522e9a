//! A piece of input: the bytes of one file or record, what is known of it beside them, and its reports.

use std::panic::{AssertUnwindSafe, catch_unwind};

use blotter_core::Report;
use blotter_core::ingest::{self, Given, encoding};
use serde_json::Value as Json;

use crate::office::PdfText;
use crate::sniff::Format;
use crate::{draft, feed, mail, office, page, wires, xml};

/// Messages inside messages are opened so deep.
const DEEPEST: usize = 3;

/// What is known of a piece besides its bytes.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Name, title, date.
    pub given: Given,
    /// The address it was fetched from.
    pub url: Option<String>,
    /// When it was fetched or received: ISO 8601.
    pub captured: Option<String>,
    /// The encoding that its transport names.
    pub encoding: Option<String>,
}

/// The bytes of one file or record, or why there are none.
#[derive(Clone, Debug)]
pub struct Piece {
    /// What messages call it: "news.warc.gz: https://gazette.example/fire", "wire.zip/12.xml".
    pub label: String,
    /// Its bytes.
    pub content: Content,
    /// Whether it is one of many that nobody picked one by one: a member of an archive, a record of a WARC.
    pub unpicked: bool,
}

/// See [`Piece`].
#[derive(Clone, Debug)]
pub enum Content {
    /// Something to be read.
    Bytes {
        /// What it is.
        format: Format,
        /// Its bytes.
        bytes: Vec<u8>,
        /// What is known of it.
        known: Known,
    },
    /// Why it cannot be read: a sentence.
    Fault(String),
}

/// A report or why there is none, with its name.
#[derive(Debug)]
pub struct Outcome {
    /// What messages call it.
    pub label: String,
    /// The report, or a sentence.
    pub report: Result<Report, String>,
}

impl Piece {
    /// A fault.
    pub fn fault(label: impl Into<String>, reason: impl Into<String>) -> Piece {
        Piece::new(label.into(), Content::Fault(reason.into()))
    }

    pub(crate) fn new(label: String, content: Content) -> Piece {
        Piece { label, content, unpicked: false }
    }

    /// How many bytes it holds.
    pub fn len(&self) -> usize {
        match &self.content {
            Content::Bytes { bytes, .. } => bytes.len(),
            Content::Fault(_) => 0,
        }
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its reports. `asked` is what the user says of reports that do not say it themselves. A reader that panics costs its
    /// piece alone. PDFs are read in this process, see [`crate::pdf_text`].
    pub fn reports(&self, asked: &Given) -> Vec<Outcome> {
        self.reports_with(asked, &office::pdf_text)
    }

    /// The same, with another way to take the text layer out of a PDF.
    pub fn reports_with(&self, asked: &Given, pdf: &PdfText<'_>) -> Vec<Outcome> {
        let (format, bytes, known) = match &self.content {
            Content::Fault(reason) => return vec![Outcome { label: self.label.clone(), report: Err(reason.clone()) }],
            Content::Bytes { format, bytes, known } => (*format, bytes, known),
        };
        let mut known = known.clone();
        known.given.title = known.given.title.or_else(|| asked.title.clone());
        known.given.published = known.given.published.or_else(|| asked.published.clone());
        let read = AssertUnwindSafe(|| reports(format, bytes, &known, &self.label, DEEPEST, pdf));
        let failed = |_| {
            vec![Outcome {
                label: self.label.clone(),
                report: Err("could not be taken in (an error of this program)".to_owned()),
            }]
        };
        catch_unwind(read).unwrap_or_else(failed)
    }
}

/// The reports of some bytes.
pub(crate) fn reports(
    format: Format,
    bytes: &[u8],
    known: &Known,
    label: &str,
    depth: usize,
    pdf: &PdfText<'_>,
) -> Vec<Outcome> {
    let one = |report: Result<Report, String>| vec![Outcome { label: label.to_owned(), report }];
    let many = |reports: Result<Vec<Result<Report, String>>, String>| match reports {
        Err(reason) => one(Err(reason)),
        Ok(reports) if reports.len() == 1 => reports.into_iter().flat_map(one).collect(),
        Ok(reports) => {
            let numbered = reports.into_iter().enumerate();
            numbered.map(|(i, report)| Outcome { label: format!("{label}#{}", i + 1), report }).collect()
        }
    };
    match format {
        Format::Text => one(ingest::text(bytes, &known.given).map(|r| Report {
            captured: known.captured.clone(),
            url: known.url.clone(),
            ..r
        })),
        Format::Html => one(page::page_known(bytes, known)),
        Format::Jsonl | Format::Csv => one(line(bytes)),
        Format::Json => many(json(bytes, known)),
        Format::Xml => many(xml_reports(bytes, known)),
        Format::Mail => mail::read(bytes, known, label, depth, pdf),
        Format::Mhtml => one(mail::mhtml(bytes, known)),
        Format::Pdf => one(office::pdf(bytes, known, pdf)),
        Format::Docx => one(office::docx(bytes, known)),
        Format::Zip | Format::Tar | Format::Gzip | Format::Warc | Format::Mbox => {
            one(Err("is an archive inside a record; it is not opened".to_owned()))
        }
    }
}

/// The report of a line of JSON: the contract's, or a wire item.
fn line(bytes: &[u8]) -> Result<Report, String> {
    ingest::jsonl_bytes(bytes).or_else(|reason| match serde_json::from_slice::<Json>(bytes) {
        Ok(item) if wires::is_ninjs(&item) => wires::ninjs(&item),
        _ => Err(reason),
    })
}

/// The reports of a JSON file: a feed, wire items, or report JSONL that is spread over many lines.
fn json(bytes: &[u8], known: &Known) -> Result<Vec<Result<Report, String>>, String> {
    let value: Json = serde_json::from_slice(encoding::without_bom(bytes)).map_err(|e| format!("is not JSON: {e}"))?;
    let one = |value: &Json| match wires::is_ninjs(value) {
        true => wires::ninjs(value),
        false => ingest::jsonl_line(&value.to_string()),
    };
    let mut found = match &value {
        Json::Array(values) => values.iter().map(one).collect(),
        _ if value["items"].is_array() && value["text"].is_null() => feed::read_json(&value)?,
        _ => vec![one(&value)],
    };
    found.iter_mut().flatten().for_each(|report| captured(report, known));
    Ok(found)
}

/// Says when a report was fetched, where that is known.
fn captured(report: &mut Report, known: &Known) {
    if known.captured.is_some() {
        report.captured = known.captured.clone();
        draft::no_later_than_capture(report);
    }
}

fn xml_reports(bytes: &[u8], known: &Known) -> Result<Vec<Result<Report, String>>, String> {
    let decoded = encoding::decode(bytes, page::declared(bytes).or(known.encoding.clone()).as_deref());
    let document = xml::parse(&decoded.text)?;
    let root = &document.root;
    let mut warnings = decoded.warnings;
    warnings.extend(document.fault.as_ref().map(|f| format!("the XML is not well-formed: {f}")));
    let mut found = if feed::is_feed(root) {
        feed::read(root)?
    } else if wires::is_newsml(root) {
        wires::newsml(root)?
    } else if root.name == "nitf" {
        vec![wires::nitf(root)]
    } else if root.name == "html" {
        vec![page::page_known(bytes, known)]
    } else {
        return Err(format!("is XML of a kind that is not read (<{}>)", root.name));
    };
    for report in found.iter_mut().flatten() {
        report.warnings.splice(0..0, warnings.iter().cloned());
        captured(report, known);
    }
    Ok(found)
}
