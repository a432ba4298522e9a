//! Feeds: RSS 0.9 to 2.0 and RDF, Atom 0.3 and 1.0, JSON Feed. One report an item.

use blotter_core::Report;
use blotter_core::ingest::encoding;
use blotter_core::text::DateSource;
use serde_json::Value as Json;

use crate::draft::Draft;
use crate::page;
use crate::xml::{Element, squeeze};

/// Whether the root element is that of a feed.
pub fn is_feed(root: &Element) -> bool {
    matches!(root.name.to_ascii_lowercase().as_str(), "rss" | "feed" | "rdf" | "channel" | "entry")
}

/// The items of a feed, each a report or the reason why it is none.
///
/// # Errors
/// A sentence, where it holds no item.
pub fn read(root: &Element) -> Result<Vec<Result<Report, String>>, String> {
    let atom = root.name == "feed" || root.name == "entry";
    let items = if atom { root.under("entry") } else { root.under("item") };
    let items = if items.is_empty() { root.under("ITEM") } else { items };
    if items.is_empty() {
        return Err("is a feed without items".to_owned());
    }
    let channel = if atom { root } else { root.at(&["channel"]).unwrap_or(root) };
    let site = Site {
        name: channel.text_at(&["title"]).map(|t| plain(&t)),
        language: channel.text_at(&["language"]).or_else(|| root.attribute("lang").map(str::to_owned)),
        base: root.attribute("base").map(str::to_owned).or_else(|| link(channel, None)),
    };
    Ok(items.into_iter().map(|item| if atom { entry(item, &site) } else { rss(item, &site) }).collect())
}

/// What an item has of its feed.
struct Site {
    name: Option<String>,
    language: Option<String>,
    base: Option<String>,
}

fn rss(item: &Element, site: &Site) -> Result<Report, String> {
    let text = |names: &[&str]| names.iter().find_map(|name| item.text_at(&[name]));
    let guid = item.at(&["guid"]);
    let permanent = guid.filter(|g| g.attribute("isPermaLink") != Some("false")).map(|g| squeeze(&g.text()));
    let body = longest(item, &["encoded", "content", "body", "description", "summary", "abstract"]);
    let creators: Vec<String> = item.all("creator").chain(item.all("author")).map(author_of).collect();
    let url = link(item, site.base.as_deref()).or_else(|| permanent.and_then(|p| absolute(&p, None)));
    Draft {
        id: guid.map(|g| squeeze(&g.text())).filter(|g| !g.is_empty()),
        url,
        title: text(&["title"]).map(|t| plain(&t)),
        paragraphs: body.as_deref().map(page::fragment).unwrap_or_default(),
        byline: creators,
        publisher: item.text_at(&["source"]).or_else(|| site.name.clone()),
        published: text(&["pubDate", "pubdate", "date", "issued", "created"]),
        updated: text(&["modified", "updated"]),
        source: Some(DateSource::Feed),
        language: text(&["language"]).or_else(|| site.language.clone()),
        ..Draft::default()
    }
    .report()
}

fn entry(item: &Element, site: &Site) -> Result<Report, String> {
    let text = |names: &[&str]| names.iter().find_map(|name| item.text_at(&[name]));
    let body =
        ["content", "summary", "tagline"].iter().flat_map(|n| item.all(n)).map(atom_text).max_by_key(String::len);
    let source = item.at(&["source"]).and_then(|s| s.text_at(&["title"])).map(|t| plain(&t));
    Draft {
        id: item.text_at(&["id"]),
        url: link(item, item.attribute("base").or(site.base.as_deref())),
        title: item.at(&["title"]).map(|t| page::fragment(&atom_text(t)).join(" ")).filter(|t| !t.is_empty()),
        paragraphs: body.as_deref().map(page::fragment).unwrap_or_default(),
        byline: item.all("author").map(author_of).collect(),
        publisher: source.or_else(|| site.name.clone()),
        published: text(&["published", "issued", "created"]),
        updated: text(&["updated", "modified"]),
        source: Some(DateSource::Feed),
        language: item.attribute("lang").map(str::to_owned).or_else(|| site.language.clone()),
        ..Draft::default()
    }
    .report()
}

/// The markup of an Atom text: `type="html"` holds it escaped, `xhtml` as elements, `text` none.
fn atom_text(element: &Element) -> String {
    let kind = element.attribute("type").unwrap_or("text").to_ascii_lowercase();
    let mode = element.attribute("mode").unwrap_or_default();
    if kind.contains("xhtml") || kind.ends_with("+xml") || mode == "xml" && element.elements().next().is_some() {
        return element.markup();
    }
    let text = element.text();
    match kind.as_str() {
        "text" | "text/plain" if mode != "escaped" => text.replace('&', "&amp;").replace('<', "&lt;"),
        _ => text,
    }
}

/// The longest of the texts by these names: feeds give summary and whole text side by side.
fn longest(item: &Element, names: &[&str]) -> Option<String> {
    let texts = names.iter().flat_map(|name| item.all(name)).map(|e| match e.elements().next() {
        Some(_) => e.markup(),
        None => e.text(),
    });
    texts.filter(|t| !t.trim().is_empty()).max_by_key(String::len)
}

/// A title without markup.
fn plain(title: &str) -> String {
    if title.contains(['<', '&']) { page::fragment(title).join(" ") } else { title.to_owned() }
}

/// "desk@gazette.example (Jane Doe)", `<name>Jane Doe</name>`, "Jane Doe" → the name.
fn author_of(element: &Element) -> String {
    if let Some(name) = element.text_at(&["name"]) {
        return name;
    }
    let text = squeeze(&element.text());
    let inner = text.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(name, _)| name.trim().to_owned());
    inner.filter(|n| !n.is_empty()).unwrap_or(if text.contains('@') && !text.contains(' ') {
        String::new()
    } else {
        text
    })
}

fn link(item: &Element, base: Option<&str>) -> Option<String> {
    let links: Vec<&Element> = item.all("link").collect();
    let main = links.iter().find(|l| matches!(l.attribute("rel"), None | Some("alternate" | "")));
    let value = main.or(links.first()).map(|l| match l.attribute("href") {
        Some(href) => href.to_owned(),
        None => squeeze(&l.text()),
    });
    value.filter(|v| !v.is_empty()).and_then(|v| absolute(&v, base))
}

/// An address of the web, resolved against its base.
fn absolute(address: &str, base: Option<&str>) -> Option<String> {
    let parsed = url::Url::parse(address).or_else(|error| match base.map(url::Url::parse) {
        Some(Ok(base)) => base.join(address),
        _ => Err(error),
    });
    parsed.ok().filter(|u| matches!(u.scheme(), "http" | "https")).map(|u| u.to_string())
}

/// How many minutes a feed asks to be left alone between two visits: `<ttl>`, or `updatePeriod` parted by `updateFrequency`; the
/// longer of the two. `bytes` are those of an RSS or Atom feed; what is none asks for nothing.
pub fn pace(bytes: &[u8]) -> Option<u64> {
    let decoded = encoding::decode(bytes, page::declared(bytes).as_deref());
    let root = crate::xml::parse(&decoded.text).ok()?.root;
    let channel = root.at(&["channel"]).unwrap_or(&root);
    let number = |name: &str| channel.text_at(&[name]).and_then(|words| words.parse::<u64>().ok());
    let period = channel.text_at(&["updatePeriod"]).and_then(|words| match words.to_ascii_lowercase().as_str() {
        "hourly" => Some(60),
        "daily" => Some(24 * 60),
        "weekly" => Some(7 * 24 * 60),
        "monthly" => Some(30 * 24 * 60),
        "yearly" => Some(365 * 24 * 60),
        _ => None,
    });
    let period = period.map(|minutes| minutes / number("updateFrequency").unwrap_or(1).max(1));
    is_feed(&root).then_some(number("ttl").max(period)).flatten()
}

/// The items of a JSON Feed.
///
/// # Errors
/// A sentence, where it holds no item.
pub fn read_json(feed: &Json) -> Result<Vec<Result<Report, String>>, String> {
    let items = feed["items"].as_array().filter(|i| !i.is_empty()).ok_or("is a feed without items")?;
    let string = |value: &Json| value.as_str().map(str::to_owned).filter(|s| !s.trim().is_empty());
    Ok(items
        .iter()
        .map(|item| {
            let html = string(&item["content_html"]);
            let words = string(&item["content_text"]).or_else(|| string(&item["summary"]));
            let own = [&item["authors"], &feed["authors"]].into_iter().find_map(Json::as_array);
            let authors = own.map(|a| a.iter().filter_map(|a| string(&a["name"])).collect());
            Draft {
                id: string(&item["id"]).or_else(|| item["id"].as_i64().map(|id| id.to_string())),
                url: string(&item["url"]).or_else(|| string(&item["external_url"])),
                title: string(&item["title"]),
                paragraphs: match (html, words) {
                    (Some(html), _) => page::fragment(&html),
                    (None, Some(words)) => crate::draft::paragraphs(&words),
                    (None, None) => Vec::new(),
                },
                byline: authors.or_else(|| string(&item["author"]["name"]).map(|a| vec![a])).unwrap_or_default(),
                publisher: string(&feed["title"]),
                published: string(&item["date_published"]),
                updated: string(&item["date_modified"]),
                source: Some(DateSource::Feed),
                language: string(&item["language"]).or_else(|| string(&feed["language"])),
                ..Draft::default()
            }
            .report()
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::parse;

    #[test]
    fn rss_items() {
        let feed = r#"<rss version="2.0"><channel><title>Harbour Gazette</title><link>https://gazette.example/</link><language>en</language>
<item><title>Quay fire &amp; smoke</title><link>/2024/fire</link><guid isPermaLink="false">g-1</guid><pubDate>Tue, 12 Mar 2024 21:40:00 +0200</pubDate>
<author>desk@gazette.example (Jane Doe)</author><description><![CDATA[<p>A warehouse burned.</p><p>Two guards were hurt.</p>]]></description></item>
<item></item></channel></rss>"#;
        let items = read(&parse(feed).expect("xml").root).expect("items");
        let report = items[0].as_ref().expect("report");
        assert_eq!(report.text, "Quay fire & smoke\n\nA warehouse burned.\n\nTwo guards were hurt.");
        assert_eq!((report.id.as_str(), report.url.as_deref()), ("g-1", Some("https://gazette.example/2024/fire")));
        assert_eq!(
            (report.byline.as_slice(), report.publisher.as_deref()),
            (&["Jane Doe".to_owned()][..], Some("Harbour Gazette"))
        );
        let published = report.published.as_ref().expect("date");
        assert_eq!((published.value.as_str(), published.source), ("2024-03-12T21:40:00+02:00", DateSource::Feed));
        assert!(items[1].is_err());
    }

    #[test]
    fn atom_entries() {
        let feed = r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Radio Kesh</title><entry><id>urn:1</id><title type="html">Bomb &amp;lt;3</title>
<link href="https://kesh.example/1"/><published>2024-03-12T08:00:00Z</published><updated>2024-03-13T08:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One.</p><p>Two.</p></div></content></entry></feed>"#;
        let items = read(&parse(feed).expect("xml").root).expect("items");
        let report = items[0].as_ref().expect("report");
        assert_eq!(report.text, "Bomb <3\n\nOne.\n\nTwo.");
        assert_eq!(report.updated.as_ref().map(|d| d.value.as_str()), Some("2024-03-13T08:00:00Z"));
    }

    #[test]
    fn the_pace_that_a_feed_asks_for() {
        let feed = |inner: &str| format!("<rss><channel>{inner}<item><title>x</title></item></channel></rss>");
        let asked = |inner: &str| pace(feed(inner).as_bytes());
        assert_eq!(asked("<ttl>60</ttl>"), Some(60));
        let syndication = "<sy:updatePeriod> daily </sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>";
        assert_eq!(asked(syndication), Some(720));
        assert_eq!(asked(&format!("<ttl>30</ttl>{syndication}")), Some(720));
        assert_eq!(asked("<ttl>soon</ttl><sy:updateFrequency>0</sy:updateFrequency>"), None);
        assert_eq!(pace(b"{\"items\": []}"), None);
        assert_eq!(pace(b"<html><ttl>9</ttl></html>"), None);
    }

    #[test]
    fn json_items() {
        let feed = serde_json::json!({"version": "https://jsonfeed.org/version/1.1", "title": "Radio Kesh",
            "items": [{"id": "1", "content_text": "One.\n\nTwo.", "date_published": "2024-03-12"}]});
        let items = read_json(&feed).expect("items");
        assert_eq!(items[0].as_ref().expect("report").text, "One.\n\nTwo.");
        assert!(read_json(&serde_json::json!({"items": []})).is_err());
    }
}
