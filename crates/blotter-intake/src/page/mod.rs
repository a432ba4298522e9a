//! Saved HTML pages: main text, title, authors, outlet, address, dates.

use blotter_core::Report;
use blotter_core::ingest::{Given, encoding, finish, input_date, set_text};

mod authors;
mod body;
mod dates;
mod dom;
mod live;
mod markup;
mod runs;
mod title;
mod view;
mod written;

use crate::piece::Known;
pub(crate) use dates::is_after;
use dom::{Dom, squeeze};
use markup::Markup;
use view::View;

/// The declaration of a page's encoding stands in its first bytes (the HTML standard looks at 1024; some pages are late).
const DECLARED_WITHIN: usize = 4096;

/// Reads a saved page. Its text is the title, a blank line and the main text, one paragraph a block of the page;
/// navigation, comments and advertisements are left out.
///
/// # Errors
/// A sentence that says why no text could be read out of it.
pub fn page(bytes: &[u8], given: &Given) -> Result<Report, String> {
    page_known(bytes, &Known { given: given.clone(), ..Known::default() })
}

/// The same, with what its transport says of it.
pub(crate) fn page_known(bytes: &[u8], known: &Known) -> Result<Report, String> {
    let label = known.encoding.clone().or_else(|| declared(bytes));
    let decoded = encoding::decode(bytes, label.as_deref());
    let mut report = Report { warnings: decoded.warnings, captured: known.captured.clone(), ..Report::default() };
    read(&decoded.text, known, &mut report)?;
    Ok(report)
}

/// The paragraphs of a piece of HTML, such as the content of a feed's item.
pub(crate) fn fragment(html: &str) -> Vec<String> {
    if !html.contains(['<', '&']) {
        return crate::draft::paragraphs(html);
    }
    let dom = Dom::parse(html);
    let body = dom.named(dom::ROOT, &["body"]).next().unwrap_or(dom::ROOT);
    runs::Runs::of(&dom, body, runs::Strictness::Roles).all.into_iter().map(|run| run.text).collect()
}

/// A date as markup, feeds and pages of many languages write it.
pub(crate) fn any_date(value: &str) -> Option<String> {
    written::any(value)
}

/// Fills in the report of a page's text.
fn read(html: &str, known: &Known, report: &mut Report) -> Result<(), String> {
    let given = &known.given;
    let dom = Dom::parse(html);
    if dom.cut {
        report.warnings.push("the page is nested too deep or has too many elements; read as far as that".to_owned());
    }
    let markup = Markup::of(&dom);
    report.url = address(&markup, html).or_else(|| known.url.clone());
    let sites = title::sites(&markup);
    let (found_title, heading) = title::read(&dom, &markup);
    let view = View::of(&dom, &found_title, heading);
    report.entries = match live::shown(&dom, view.body) {
        shown if markup.linked.entries.is_empty() => shown.into_iter().map(|id| live::entry(&dom, id)).collect(),
        _ => markup.linked.entries.clone(),
    };
    let paragraphs = live::apart(body::read(&dom, heading), &report.entries);
    let title = given.title.clone().filter(|t| !t.trim().is_empty()).unwrap_or(found_title);
    let title = squeeze(&title);
    let mut body = paragraphs.join("\n\n");
    // Many pages repeat the title as the first heading of the main text.
    if let Some(rest) = body.strip_prefix(title.as_str()).and_then(|rest| rest.strip_prefix("\n\n")) {
        body = rest.to_owned();
    }
    if body.trim().is_empty() {
        return Err("holds no text".to_owned());
    }
    set_text(report, Some(&title), &body);
    report.byline = authors::read(&view, &markup, &sites);
    let publisher = markup.meta(&["og:site_name"]).map(squeeze).or_else(|| markup.linked.publisher.clone());
    report.publisher = publisher.filter(|s| !s.is_empty());
    let dates = dates::read(&view, &markup, report.url.as_deref());
    report.published = given.published.as_deref().and_then(|d| input_date("published", d, &mut report.warnings));
    report.published = report.published.take().or(dates.published);
    report.updated = dates.updated;
    report.captions = captions(&view);
    finish(report, given.name.as_deref())?;
    crate::draft::no_later_than_capture(report);
    Ok(())
}

/// The texts below the pictures of the article.
fn captions(view: &View<'_>) -> Vec<String> {
    let dom = view.dom;
    let is_caption = |id: dom::Id| {
        dom.name(id) == "figcaption"
            || view.names[id].split(' ').any(|n| matches!(n, "wp-caption-text" | "caption" | "image-caption"))
    };
    let mut found: Vec<String> = Vec::new();
    for id in dom.under(view.body).filter(|id| !dom.name(*id).is_empty() && !view.aside[*id] && is_caption(*id)) {
        let text = dom.text(id);
        if (3..=600).contains(&text.chars().count()) && !found.contains(&text) && found.len() < 100 {
            found.push(text);
        }
    }
    found
}

/// The label of the encoding in `<meta charset>` or `<meta http-equiv>` or an XML declaration.
pub(crate) fn declared(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARED_WITHIN)]).to_ascii_lowercase();
    let at = ["charset=", "encoding="].iter().find_map(|key| head.find(key).map(|at| at + key.len()))?;
    let label: String = head[at..]
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c))
        .collect();
    Some(label).filter(|l| !l.is_empty())
}

/// The page's own address: canonical link, `og:url`, JSON-LD, or the note that a browser leaves in a saved page.
fn address(markup: &Markup, html: &str) -> Option<String> {
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
    let named = [markup.canonical.clone(), markup.meta(&["og:url"]).map(str::to_owned), markup.linked.url.clone()];
    let fits = |u: &String| url::Url::parse(u).is_ok_and(|u| matches!(u.scheme(), "http" | "https"));
    named.into_iter().flatten().find(fits).or_else(|| saved().filter(fits))
}

#[cfg(test)]
mod tests {
    use blotter_core::text::DateSource;

    use super::*;

    const PAGE: &str = r#"<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Quay fire | Gazette</title>
<link rel="canonical" href="https://gazette.example/2024/03/12/quay-fire"><meta property="og:title" content="Quay fire">
<meta property="og:site_name" content="Harbour Gazette"><meta name="author" content="Jane Doe">
<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "datePublished": "2024-03-12T21:40:00+02:00",
"dateModified": "2024-03-13"}]}</script></head><body><nav><a href="/">Home</a> <a href="/news">News</a></nav><article>
<h1>Quay fire</h1><p class="byline">By Jane Doe</p><p>A warehouse on the old quay burned down late on Tuesday, the harbour master said, and two guards who had
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
