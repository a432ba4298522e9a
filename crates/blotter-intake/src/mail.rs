//! Mail: a message, and a page saved as one (MHTML).

use std::panic::catch_unwind;

use blotter_core::Report;
use blotter_core::ingest::Given;
use blotter_core::text::DateSource;
use mail_parser::{Message, MessageParser, MimeHeaders};

use crate::draft::{Draft, paragraphs};
use crate::office::PdfText;
use crate::page;
use crate::piece::{Known, Outcome};

/// A message of more attachments is not opened further.
const MOST: usize = 100;

/// A message's report, then those of its attachments that can be read.
pub fn read(bytes: &[u8], known: &Known, label: &str, depth: usize, pdf: &PdfText<'_>) -> Vec<Outcome> {
    let Some(message) = parsed(bytes) else {
        return vec![Outcome { label: label.to_owned(), report: Err("is not a mail that can be read".to_owned()) }];
    };
    let mut found = vec![Outcome { label: label.to_owned(), report: message_report(&message, known) }];
    for (i, part) in message.attachments().take(MOST).enumerate() {
        let name = part.attachment_name().map_or_else(|| format!("attachment {}", i + 1), str::to_owned);
        let label = format!("{label}/{name}");
        let inner = Known {
            given: Given { name: Some(label.clone()), ..Given::default() },
            captured: date(&message),
            ..Known::default()
        };
        if let Some(message) = part.message() {
            found.extend(
                (depth > 0).then(|| read(message.raw_message(), &inner, &label, depth - 1, pdf)).into_iter().flatten(),
            );
            continue;
        }
        // Pictures and signatures are no reports; documents are.
        match crate::sniff(&name, part.contents()) {
            Ok(format) if format.is_document() && depth > 0 => {
                found.extend(crate::piece::reports(format, part.contents(), &inner, &label, depth - 1, pdf));
            }
            _ => {
                if let Some(Ok(report)) = found.first_mut().map(|o| o.report.as_mut()) {
                    report.warnings.push(format!("the attachment {name:?} is not read"));
                }
            }
        }
    }
    found
}

/// The parts of a message. The parser checks itself in debug builds, and parts that are nested wrongly can trip it.
fn parsed(bytes: &[u8]) -> Option<Message<'_>> {
    catch_unwind(|| MessageParser::default().parse(bytes)).ok().flatten()
}

fn date(message: &Message<'_>) -> Option<String> {
    message.date().map(mail_parser::DateTime::to_rfc3339).and_then(|d| page::any_date(&d))
}

fn message_report(message: &Message<'_>, known: &Known) -> Result<Report, String> {
    let plain = message.body_text(0).filter(|t| !t.trim().is_empty() && message.text_body_count() > 0);
    let body = match (plain, message.body_html(0)) {
        // A text part beside HTML is the better one, unless it is a stub.
        (Some(text), Some(html)) if text.len() * 4 < page::fragment(&html).iter().map(String::len).sum::<usize>() => {
            page::fragment(&html)
        }
        (Some(text), _) => paragraphs(&quoted_off(&text)),
        (None, Some(html)) => page::fragment(&html),
        (None, None) => Vec::new(),
    };
    let from = message.from().and_then(|a| a.first());
    Draft {
        id: message.message_id().map(|id| format!("mid:{id}")),
        title: known.given.title.clone().or_else(|| message.subject().map(str::to_owned)),
        paragraphs: body,
        byline: from.and_then(|a| a.name()).map(str::to_owned).into_iter().collect(),
        published: known.given.published.clone().or_else(|| date(message)),
        source: Some(if known.given.published.is_some() { DateSource::Input } else { DateSource::Mail }),
        name: known.given.name.clone(),
        ..Draft::default()
    }
    .report()
}

/// A text without the lines that repeat an earlier mail ("> ..."), and without what follows the signature mark.
fn quoted_off(text: &str) -> String {
    let lines = text.lines().take_while(|l| *l != "-- ").filter(|l| !l.starts_with('>'));
    lines.collect::<Vec<_>>().join("\n")
}

/// A saved page in a message: its HTML part, with the address and time that the browser noted.
///
/// # Errors
/// A sentence, where it has no page or the page no text.
pub fn mhtml(bytes: &[u8], known: &Known) -> Result<Report, String> {
    let message = parsed(bytes).ok_or("is not a saved page that can be read")?;
    let html = message.parts.iter().find(|p| p.is_text_html()).ok_or("is a saved page without HTML")?;
    let header = |name: &str| message.header_raw(name).map(|v| v.trim().to_owned());
    let url = header("Snapshot-Content-Location").or_else(|| html.content_location().map(str::to_owned));
    let known =
        Known { url: url.or(known.url.clone()), captured: date(&message).or(known.captured.clone()), ..known.clone() };
    // The part is decoded by its own charset already.
    let text =
        html.text_contents().map_or_else(|| String::from_utf8_lossy(html.contents()).into_owned(), str::to_owned);
    page::page_known(text.as_bytes(), &known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message() {
        let mail = "From: Jane Doe <jane@gazette.example>\r\nSubject: Quay fire\r\nDate: Tue, 12 Mar 2024 21:40:00 +0200\r\nMessage-ID: <1@gazette.example>\r\n\
            Content-Type: text/plain; charset=utf-8\r\n\r\nA warehouse burned\r\nlate on Tuesday.\r\n\r\nTwo were hurt.\r\n> quoted\r\n-- \r\nJane\r\n";
        let found = read(mail.as_bytes(), &Known::default(), "m.eml", 2, &crate::pdf_text);
        let report = found[0].report.as_ref().expect("report");
        assert_eq!(report.text, "Quay fire\n\nA warehouse burned late on Tuesday.\n\nTwo were hurt.");
        assert_eq!(
            (report.id.as_str(), report.byline.as_slice()),
            ("mid:1@gazette.example", &["Jane Doe".to_owned()][..])
        );
        assert_eq!(
            report.published.as_ref().map(|d| (d.value.as_str(), d.source)),
            Some(("2024-03-12T21:40:00+02:00", DateSource::Mail))
        );
    }

    #[test]
    fn messages_that_are_never_closed() {
        let mail = b"Content-Type:multipart;boundary=B\n\n--BContent-Type:message/rfc822\n\nContent-Type:message/rfc822\n\n\n--B--";
        let found = read(mail, &Known::default(), "m.eml", 2, &crate::pdf_text);
        assert!(found.iter().all(|one| one.report.as_ref().is_err_and(|reason| !reason.is_empty())), "{found:?}");
    }

    #[test]
    fn a_saved_page() {
        let mail = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://gazette.example/fire\r\nSubject: Quay fire\r\nDate: Wed, 13 Mar 2024 08:00:00 +0000\r\n\
            MIME-Version: 1.0\r\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"B\"\r\n\r\n--B\r\nContent-Type: text/html\r\n\
            Content-Transfer-Encoding: quoted-printable\r\n\r\n<html><body><h1>Quay fire</h1><p>A warehouse burned late on Tuesday, the harbour master=\r\n said.</p></body></html>\r\n--B--\r\n";
        let report = mhtml(mail.as_bytes(), &Known::default()).expect("report");
        assert_eq!(report.url.as_deref(), Some("https://gazette.example/fire"));
        assert!(report.text.contains("the harbour master said."), "{}", report.text);
        assert_eq!(report.captured.as_deref(), Some("2024-03-13T08:00:00Z"));
    }
}
