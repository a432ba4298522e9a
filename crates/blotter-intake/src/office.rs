//! DOCX and PDF: the text layer, one paragraph a paragraph.

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use blotter_core::Report;
use blotter_core::text::DateSource;
use zip::ZipArchive;

use crate::draft::Draft;
use crate::piece::Known;
use crate::xml::{Child, Element, parse, squeeze};

/// The text part of a document has no more bytes, unpacked.
const LONGEST: u64 = 64 << 20;

/// Reads a DOCX document.
///
/// # Errors
/// A sentence that says why it cannot be read.
pub fn docx(bytes: &[u8], known: &Known) -> Result<Report, String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| format!("is a broken document: {e}"))?;
    let mut part = |name: &str| -> Result<String, String> {
        let file = archive.by_name(name).map_err(|e| format!("is a broken document: {name}: {e}"))?;
        let mut text = Vec::new();
        file.take(LONGEST + 1).read_to_end(&mut text).map_err(|e| format!("is a broken document: {e}"))?;
        if text.len() as u64 > LONGEST {
            return Err(format!("its text is longer than {} MiB", LONGEST >> 20));
        }
        Ok(String::from_utf8_lossy(&text).into_owned())
    };
    let document = parse(&part("word/document.xml")?)?.root;
    let mut title = None;
    let mut paragraphs = Vec::new();
    for p in document.under("p") {
        let mut text = String::new();
        words(p, &mut text);
        let text = squeeze(&text);
        if text.is_empty() {
            continue;
        }
        let style = p.at(&["pPr", "pStyle"]).and_then(|s| s.attribute("val")).unwrap_or_default();
        if title.is_none()
            && paragraphs.is_empty()
            && matches!(style, "Title" | "Titel" | "Titre" | "Heading1" | "berschrift1")
        {
            title = Some(text);
        } else {
            paragraphs.push(text);
        }
    }
    report(title, paragraphs, known)
}

/// The words of a paragraph; deleted and hidden field codes are none.
fn words(element: &Element, into: &mut String) {
    for child in &element.children {
        let Child::Element(e) = child else { continue };
        match e.name.as_str() {
            "t" => into.push_str(&e.text()),
            "tab" | "br" | "cr" => into.push(' '),
            "noBreakHyphen" => into.push('-'),
            "del" | "instrText" | "pPr" | "rPr" | "p" => {}
            // Depth is bounded by the parser.
            _ => words(e, into),
        }
    }
}

/// Reads a PDF, whose text layer `text` gives.
///
/// # Errors
/// A sentence that says why it cannot be read.
pub fn pdf(bytes: &[u8], known: &Known, text: &PdfText<'_>) -> Result<Report, String> {
    let paragraphs = joined(&text(bytes)?);
    if paragraphs.is_empty() {
        return Err("is a PDF without a text layer (a scan?)".to_owned());
    }
    report(None, paragraphs, known)
}

/// What takes the text layer out of a PDF: its bytes → its text, or a sentence that says why there is none.
pub type PdfText<'a> = dyn Fn(&[u8]) -> Result<String, String> + Sync + 'a;

/// The text layer of a PDF, taken out in this process. A panic is a fault; time, memory and stack are not bounded, since the
/// format's programs can take any of them. A caller who meets strangers' files does this in a process that it can end.
///
/// # Errors
/// A sentence that says why it cannot be read.
pub fn pdf_text(bytes: &[u8]) -> Result<String, String> {
    catch_unwind(AssertUnwindSafe(|| pdf_extract::extract_text_from_mem(bytes)))
        .map_err(|_| "is a PDF that cannot be read".to_owned())?
        .map_err(|e| format!("is a PDF that cannot be read: {e}"))
}

/// The lines of a page joined to paragraphs; a word parted at a line's end is joined where it goes on in small letters.
fn joined(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut open = String::new();
    for line in text.lines().map(squeeze) {
        if line.is_empty() {
            found.extend(Some(std::mem::take(&mut open)).filter(|p| !p.is_empty()));
        } else if open.ends_with('-')
            && line.starts_with(char::is_lowercase)
            && open[..open.len() - 1].ends_with(char::is_lowercase)
        {
            open.pop();
            open.push_str(&line);
        } else {
            if !open.is_empty() {
                open.push(' ');
            }
            open.push_str(&line);
        }
    }
    found.extend(Some(open).filter(|p| !p.is_empty()));
    found
}

fn report(title: Option<String>, paragraphs: Vec<String>, known: &Known) -> Result<Report, String> {
    let report = Draft {
        url: known.url.clone(),
        title: known.given.title.clone().or(title),
        paragraphs,
        published: known.given.published.clone(),
        source: Some(DateSource::Input),
        name: known.given.name.clone(),
        ..Draft::default()
    }
    .report()?;
    Ok(Report { captured: known.captured.clone(), ..report })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_page() {
        assert_eq!(
            joined("A ware-\nhouse burned\nlate.\n\n  Two were\nhurt.\n"),
            ["A warehouse burned late.", "Two were hurt."]
        );
    }

    #[test]
    fn broken_documents() {
        assert!(docx(b"PK\x03\x04nothing", &Known::default()).is_err());
        assert!(pdf(b"%PDF-1.4 nothing", &Known::default(), &pdf_text).is_err());
    }
}
