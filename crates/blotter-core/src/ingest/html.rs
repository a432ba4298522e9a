//! Saved HTML pages: main text, title, authors, outlet, address, dates.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ego_tree::iter::Edge;
use scraper::{Html, Node, Selector};
use trafilatura::{ExtractResult, Options};

use super::{Given, encoding, finish, input_date, page_dates, set_text};
use crate::text::Report;

/// The declaration of a page's encoding stands in its first bytes (the HTML standard looks at 1024; some pages are late).
const DECLARED_WITHIN: usize = 4096;

/// Reads a saved page. Its text is the title, a blank line and the main text, one paragraph a block of the page;
/// navigation, comments and advertisements are left out.
///
/// # Errors
/// A sentence that says why no text could be read out of it.
pub fn page(bytes: &[u8], given: &Given) -> Result<Report, String> {
    let decoded = encoding::decode(bytes, declared(bytes).as_deref());
    let html = decoded.text;
    let document = Html::parse_document(&html);
    let mut report = Report { warnings: decoded.warnings, ..Report::default() };
    report.url = address(&document, &html);
    let extracted = extract(&html, report.url.as_deref());
    let (title, body) = match &extracted {
        Some(found) => (found.metadata.title.clone(), paragraphs(&Html::parse_fragment(&found.content_html))),
        None => (String::new(), String::new()),
    };
    let body = if body.is_empty() {
        report.warnings.push("the main text could not be told from the rest of the page; read whole".to_owned());
        paragraphs(&document)
    } else {
        body
    };
    let title = given.title.clone().filter(|t| !t.trim().is_empty()).unwrap_or(title);
    let title = squeeze(&if title.trim().is_empty() { page_title(&document) } else { title });
    // Many pages repeat the title as the first heading of the main text.
    let rest = body.strip_prefix(title.as_str()).and_then(|rest| rest.strip_prefix("\n\n"));
    if body.trim().is_empty() {
        return Err("holds no text".to_owned());
    }
    set_text(&mut report, Some(&title), rest.unwrap_or(&body));
    if let Some(found) = &extracted {
        report.byline = authors(&found.metadata.author);
        report.publisher = Some(squeeze(&found.metadata.sitename)).filter(|s| !s.is_empty());
    }
    let dates = page_dates::read(&document, report.url.as_deref());
    report.published = given.published.as_deref().and_then(|d| input_date("published", d, &mut report.warnings));
    report.published = report.published.or(dates.published);
    report.updated = dates.updated;
    finish(&mut report, given.name.as_deref())?;
    if report.published.is_none() {
        let found = extracted.and_then(|found| found.metadata.date).map(|date| date.to_string());
        report.published = page_dates::inferred(found, &document);
    }
    Ok(report)
}

/// The main text by trafilatura. Its parsers may panic on odd pages; such a page is read whole instead.
fn extract(html: &str, url: Option<&str>) -> Option<ExtractResult> {
    let mut options = Options::default().with_fallback(true).with_exclude_comments(true);
    options.original_url = url.and_then(|u| url::Url::parse(u).ok());
    catch_unwind(AssertUnwindSafe(|| trafilatura::extract(html, &options).ok())).ok().flatten()
}

/// The label of the encoding in `<meta charset>` or `<meta http-equiv>` or an XML declaration.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARED_WITHIN)]).to_ascii_lowercase();
    let at = ["charset=", "encoding="].iter().find_map(|key| head.find(key).map(|at| at + key.len()))?;
    let label: String = head[at..]
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c))
        .collect();
    Some(label).filter(|l| !l.is_empty())
}

/// The page's own address: canonical link, `og:url`, or the note that a browser leaves in a saved page.
fn address(document: &Html, html: &str) -> Option<String> {
    let canonical = attribute(document, "link[rel~=canonical]", "href");
    let named = canonical.or_else(|| attribute(document, "meta[property='og:url'], meta[name='og:url']", "content"));
    let saved = || {
        let mut end = html.len().min(2048);
        while !html.is_char_boundary(end) {
            end -= 1;
        }
        // "<!-- saved from url=(0042)https://..." of browsers, "url: https://..." of SingleFile
        let head = &html[..end];
        let at = head.find("saved from url=(").or_else(|| head.find("SingleFile"))?;
        let at = at + head[at..].find("http")?;
        head[at..].split([' ', '\n', '\r', '"', '<']).next().map(str::to_owned)
    };
    named.or_else(saved).filter(|u| url::Url::parse(u).is_ok_and(|u| matches!(u.scheme(), "http" | "https")))
}

/// The first non-empty value of an attribute among the elements of a selector.
pub(super) fn attribute(document: &Html, selector: &str, name: &str) -> Option<String> {
    let selector = Selector::parse(selector).ok()?;
    let mut values = document.select(&selector).filter_map(|e| e.value().attr(name)).map(str::trim);
    values.find(|v| !v.is_empty()).map(str::to_owned)
}

fn page_title(document: &Html) -> String {
    let of = |selector: &str| {
        let selector = Selector::parse(selector).ok()?;
        let text = document.select(&selector).next()?.text().collect::<String>();
        Some(squeeze(&text)).filter(|t| !t.is_empty())
    };
    of("h1").or_else(|| of("title")).unwrap_or_default()
}

/// "Jane Doe; John Roe" → the names.
fn authors(names: &str) -> Vec<String> {
    names.split(';').map(squeeze).filter(|n| !n.is_empty()).collect()
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Elements whose beginning and end break a paragraph.
const BLOCKS: [&str; 36] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "dd",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "thead",
    "tr",
    "ul",
    "head",
];
/// Elements whose text is not shown.
const HIDDEN: [&str; 8] = ["script", "style", "noscript", "template", "head", "svg", "select", "iframe"];

/// The text of a tree, one paragraph a block, with blank lines between; white space squeezed as browsers do.
fn paragraphs(document: &Html) -> String {
    let mut found: Vec<String> = Vec::new();
    let mut open = String::new();
    let mut hidden = 0usize;
    let mut flush = |open: &mut String| {
        let lines: Vec<String> = open.split('\u{0}').map(squeeze).filter(|l| !l.is_empty()).collect();
        if !lines.is_empty() {
            found.push(lines.join("\n"));
        }
        open.clear();
    };
    for edge in document.tree.root().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                // U+0000 cannot be in parsed HTML; it marks `<br>` until white space is squeezed.
                Node::Text(text) if hidden == 0 => open.extend(text.text.chars().filter(|c| *c != '\0')),
                Node::Element(e) if HIDDEN.contains(&e.name()) => hidden += 1,
                Node::Element(e) if BLOCKS.contains(&e.name()) => flush(&mut open),
                Node::Element(e) if e.name() == "br" => open.push('\0'),
                Node::Element(e) if matches!(e.name(), "td" | "th") => open.push(' '),
                _ => {}
            },
            Edge::Close(node) => match node.value() {
                Node::Element(e) if HIDDEN.contains(&e.name()) => hidden -= 1,
                Node::Element(e) if BLOCKS.contains(&e.name()) => flush(&mut open),
                _ => {}
            },
        }
    }
    flush(&mut open);
    found.join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::DateSource;

    const PAGE: &str = r#"<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Quay fire | Gazette</title>
<link rel="canonical" href="https://gazette.example/2024/03/12/quay-fire"><meta property="og:title" content="Quay fire">
<meta property="og:site_name" content="Harbour Gazette"><meta name="author" content="Jane Doe">
<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "datePublished": "2024-03-12T21:40:00+02:00",
"dateModified": "2024-03-13"}]}</script></head><body><nav><a href="/">Home</a> <a href="/news">News</a></nav><article>
<h1>Quay fire</h1><p>A warehouse on the old quay burned down late on Tuesday, the harbour master said, and two guards who had
tried to put out the flames were taken to hospital with burns.</p><p>The cause of the fire was not known.<br>It began
shortly before ten, when the last shift had left, and spread to two sheds before the fire brigade came from the town.</p>
</article><footer>All rights reserved</footer></body></html>"#;

    #[test]
    fn a_page() {
        let report =
            page(PAGE.as_bytes(), &Given { name: Some("fire.html".to_owned()), ..Given::default() }).expect("page");
        assert!(report.text.starts_with("Quay fire\n\nA warehouse on the old quay"), "{}", report.text);
        assert!(!report.text.contains("Home") && !report.text.contains("rights"), "{}", report.text);
        assert_eq!(report.id, "https://gazette.example/2024/03/12/quay-fire");
        assert_eq!(report.publisher.as_deref(), Some("Harbour Gazette"));
        assert_eq!(report.byline, ["Jane Doe"]);
        assert_eq!(report.language.as_deref(), Some("en"));
        let published = report.published.expect("date");
        assert_eq!((published.value.as_str(), published.source), ("2024-03-12T21:40:00+02:00", DateSource::Meta));
        assert_eq!(report.updated.map(|d| d.value).as_deref(), Some("2024-03-13"));
    }

    #[test]
    fn declared_encodings() {
        assert_eq!(declared(b"<meta charset='iso-8859-1'>").as_deref(), Some("iso-8859-1"));
        assert_eq!(declared(b"<meta content=\"text/html; charset=windows-1252\">").as_deref(), Some("windows-1252"));
        let report =
            page(b"<html><meta charset=latin1><p>The caf\xE9 on the quay burned down.</p></html>", &Given::default());
        assert!(report.expect("page").text.contains("café"));
    }

    #[test]
    fn hardly_a_page() {
        assert!(page(b"<html><body></body></html>", &Given::default()).is_err());
        assert!(page(b"<p>It burned.", &Given::default()).expect("page").text.contains("It burned."));
        let deep = "<div>".repeat(3000) + "It burned.";
        assert!(page(deep.as_bytes(), &Given::default()).expect("page").text.contains("It burned."));
    }
}
