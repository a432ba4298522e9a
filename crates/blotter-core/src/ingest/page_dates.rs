//! When a page was published and updated: JSON-LD, then article metadata, then `<time>`, then the address.
//!
//! The byline in the text comes after these (see `lines`), and what is merely inferred comes last.

use std::sync::LazyLock;

use regex::Regex;
use scraper::{Html, Selector};
use serde_json::Value;

use super::dates;
use super::html::attribute;
use crate::text::{DateSource, ReportDate};

/// What the page's markup and address say.
#[derive(Debug, Default)]
pub(super) struct PageDates {
    pub published: Option<ReportDate>,
    pub updated: Option<ReportDate>,
}

const PUBLISHED: [&str; 20] = [
    "article:published_time",
    "article:published",
    "og:published_time",
    "og:article:published_time",
    "datepublished",
    "published",
    "publish-date",
    "publish_date",
    "publishdate",
    "pubdate",
    "publication_date",
    "sailthru.date",
    "parsely-pub-date",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.created",
    "dc.date.created",
    "dcterms.date",
    "dc.date",
    "date",
];
const UPDATED: [&str; 7] = [
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "modified",
    "dcterms.modified",
    "last-modified",
    "revised",
];

/// Reads the dates of a page.
pub(super) fn read(document: &Html, url: Option<&str>) -> PageDates {
    let linked = linked_data(document);
    let meta = |names: &[&str]| names.iter().find_map(|name| meta(document, name));
    let published = first_json(&linked, "datePublished")
        .or_else(|| meta(&PUBLISHED))
        .or_else(|| time_element(document))
        .map(|value| ReportDate { value, source: DateSource::Meta })
        .or_else(|| url.and_then(in_address).map(|value| ReportDate { value, source: DateSource::Url }));
    let updated = first_json(&linked, "dateModified").or_else(|| meta(&UPDATED));
    PageDates { published, updated: updated.map(|value| ReportDate { value, source: DateSource::Meta }) }
}

/// The last resort: a date that the extraction found, or the first full date that the page shows.
pub(super) fn inferred(found: Option<String>, document: &Html) -> Option<ReportDate> {
    let shown = || {
        let texts = document.root_element().text().map(str::trim).filter(|t| (8..80).contains(&t.len()));
        texts.filter_map(dates::written).find(|d| !d.starts_with('X')).and_then(|d| sound(&d))
    };
    found.as_deref().and_then(sound).or_else(shown).map(|value| ReportDate { value, source: DateSource::Inferred })
}

/// A date of the web's own time; clocks that were never set give 1970 or year 1.
fn sound(value: &str) -> Option<String> {
    let date = dates::any(value)?;
    let year: i16 = date.get(..4)?.parse().ok()?;
    (1990..=2100).contains(&year).then_some(date)
}

/// Every JSON-LD block of the page that is JSON.
fn linked_data(document: &Html) -> Vec<Value> {
    let Ok(selector) = Selector::parse("script[type='application/ld+json']") else { return Vec::new() };
    let texts = document.select(&selector).map(|e| e.text().collect::<String>());
    texts.filter_map(|text| serde_json::from_str(text.trim().trim_end_matches(';')).ok()).collect()
}

/// The first such date of an article; of any object, where no article has one.
fn first_json(blocks: &[Value], key: &str) -> Option<String> {
    [true, false].into_iter().find_map(|articles| blocks.iter().find_map(|block| in_json(block, key, articles, 0)))
}

fn in_json(value: &Value, key: &str, articles: bool, depth: usize) -> Option<String> {
    if depth > 8 {
        return None;
    }
    match value {
        Value::Array(values) => values.iter().find_map(|v| in_json(v, key, articles, depth + 1)),
        Value::Object(object) => {
            let kind = object.get("@type").map(Value::to_string).unwrap_or_default();
            let wanted = !articles || ["Article", "Posting", "Report"].iter().any(|k| kind.contains(k));
            let own = object.get(key).and_then(Value::as_str).filter(|_| wanted).and_then(sound);
            own.or_else(|| {
                object.values().filter(|v| !v.is_string()).find_map(|v| in_json(v, key, articles, depth + 1))
            })
        }
        _ => None,
    }
}

/// `<meta property|name|itemprop="NAME" content>`, the name without regard to case.
fn meta(document: &Html, name: &str) -> Option<String> {
    ["property", "name", "itemprop"]
        .iter()
        .find_map(|key| attribute(document, &format!("meta[{key}='{name}' i]"), "content").and_then(|v| sound(&v)))
}

/// `<time datetime>`, one that is marked as publication first, then one of the article, then the only one.
fn time_element(document: &Html) -> Option<String> {
    let marked =
        "time[pubdate], [itemprop='datePublished'], time[class*='publi'], time.entry-date, time[class*='date']";
    let all = |selector: &str| -> Vec<String> {
        let Ok(selector) = Selector::parse(selector) else { return Vec::new() };
        let values = document.select(&selector).map(|e| {
            let given = e.value().attr("datetime").or(e.value().attr("content")).map(str::to_owned);
            given.unwrap_or_else(|| e.text().collect())
        });
        values.filter_map(|v| sound(&v)).collect()
    };
    let first = |selector: &str| all(selector).into_iter().next();
    first(marked).or_else(|| first("article time, main time")).or_else(|| {
        let mut every = all("time");
        every.dedup();
        (every.len() == 1).then(|| every.remove(0))
    })
}

/// "/2024/03/12/", "/2024-03-12-", "/20240312/" in an address.
fn in_address(url: &str) -> Option<String> {
    static DATE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"[/_-](\d{4})(?:[/_-](\d{1,2})[/_-](\d{1,2})|(\d{2})(\d{2}))(?:[/_.?-]|$)")
            .expect("a valid pattern")
    });
    let c = DATE.captures(url)?;
    let part = |a: usize, b: usize| c.get(a).or(c.get(b)).map(|m| m.as_str());
    sound(&format!("{}-{:0>2}-{:0>2}", &c[1], part(2, 4)?, part(3, 5)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published(html: &str, url: Option<&str>) -> Option<(String, DateSource)> {
        read(&Html::parse_document(html), url).published.map(|d| (d.value, d.source))
    }

    #[test]
    fn the_ladder() {
        let json = r#"<script type="application/ld+json">[{"@type":"WebSite","datePublished":"2001-01-01"},
            {"@type":["NewsArticle"],"datePublished":"2024-03-12T08:00:00Z"}]</script>"#;
        let meta = r#"<meta property="article:published_time" content="2024-03-11">"#;
        let time = r#"<article><time datetime="2024-03-10">10 March</time></article>"#;
        let url = Some("https://gazette.example/news/2024/3/9/fire");
        let both = |s: &str, source| Some((s.to_owned(), source));
        assert_eq!(published(&format!("{json}{meta}{time}"), url), both("2024-03-12T08:00:00Z", DateSource::Meta));
        assert_eq!(published(&format!("{meta}{time}"), url), both("2024-03-11", DateSource::Meta));
        assert_eq!(published(time, url), both("2024-03-10", DateSource::Meta));
        assert_eq!(published("", url), both("2024-03-09", DateSource::Url));
        assert_eq!(published("<meta name=date content='1970-01-01'>", None), None);
    }

    #[test]
    fn addresses() {
        assert_eq!(in_address("https://a.example/20240312/x").as_deref(), Some("2024-03-12"));
        assert_eq!(in_address("https://a.example/2024-03-12-fire.html").as_deref(), Some("2024-03-12"));
        assert_eq!(in_address("https://a.example/article-20241399"), None);
        assert_eq!(in_address("https://a.example/12345678901"), None);
    }
}
