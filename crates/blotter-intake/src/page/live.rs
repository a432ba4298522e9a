//! The entries of a live blog: what was told at one time after another, kept apart from the text around them.
//!
//! They are taken where markup says so (`LiveBlogPosting` with its `liveBlogUpdate`, in JSON-LD or as attributes of what is
//! shown). Boxes with a time beside them that no markup calls entries may be anything, and stay text.

use blotter_core::text::LiveEntry;
use serde_json::Value;

use super::dom::{Dom, Id, squeeze};
use super::markup::kinds;
use super::written::any;

/// No live blog of people has more entries; the rest are left out.
const MOST: usize = 2_000;

/// The entries that JSON-LD tells of, as they stand there.
pub fn linked(objects: &[&Value]) -> Vec<LiveEntry> {
    let blogs = objects.iter().filter(|o| kinds(o).iter().any(|k| k == "LiveBlogPosting"));
    let updates = blogs.flat_map(|blog| match &blog["liveBlogUpdate"] {
        Value::Array(updates) => updates.iter().collect(),
        update => vec![update],
    });
    let string = |value: &Value| value.as_str().map(str::to_owned).filter(|s| !s.trim().is_empty());
    let entries = updates.filter_map(|update| {
        let body = string(&update["articleBody"]).or_else(|| string(&update["text"]));
        let text = body.map(|body| super::fragment(&body).join("\n\n")).unwrap_or_default();
        let title = string(&update["headline"]).map(|t| squeeze(&super::fragment(&t).join(" ")));
        let at = string(&update["datePublished"]).or_else(|| string(&update["dateModified"])).and_then(|d| any(&d));
        (!text.is_empty() || title.is_some()).then_some(LiveEntry { at, title, text })
    });
    entries.take(MOST).collect()
}

/// The elements of the page that are entries by their attributes.
pub fn shown(dom: &Dom, body: Id) -> Vec<Id> {
    let is_entry =
        |id: &Id| dom.attribute(*id, "itemprop").is_some_and(|p| p.split_whitespace().any(|p| p == "liveBlogUpdate"));
    dom.under(body).filter(is_entry).take(MOST).collect()
}

/// An entry of the page.
pub fn entry(dom: &Dom, id: Id) -> LiveEntry {
    let prop = |names: &[&str]| {
        let has =
            |id: &Id| dom.attribute(*id, "itemprop").is_some_and(|p| p.split_whitespace().any(|p| names.contains(&p)));
        dom.under(id).find(has)
    };
    let time = prop(&["datePublished", "dateCreated"]).or_else(|| dom.named(id, &["time"]).next());
    let value = time.map(|t| {
        dom.attribute(t, "datetime").or(dom.attribute(t, "content")).map_or_else(|| dom.text(t), str::to_owned)
    });
    let title = prop(&["headline", "name"]).or_else(|| dom.named(id, &["h2", "h3", "h4"]).next());
    let title = title.map(|t| dom.text(t)).filter(|t| !t.is_empty());
    let text = match prop(&["articleBody", "text"]) {
        Some(body) => dom.text(body),
        None => dom.text(id),
    };
    LiveEntry { at: value.and_then(|v| any(&v)), title, text }
}

/// The paragraphs of a page without those that an entry tells; all of them where nothing else would be left.
pub fn apart(paragraphs: Vec<String>, entries: &[LiveEntry]) -> Vec<String> {
    if entries.is_empty() {
        return paragraphs;
    }
    let told: String =
        entries.iter().map(|e| letters(&format!("{} {} ", e.title.as_deref().unwrap_or_default(), e.text))).collect();
    let own = |paragraph: &String| {
        let plain = letters(paragraph);
        // A line of hardly any letters (a time, a dash) between entries is theirs.
        plain.chars().count() > 12 && !told.contains(&plain)
    };
    let (kept, gone): (Vec<String>, Vec<String>) = paragraphs.into_iter().partition(own);
    if kept.is_empty() { gone } else { kept }
}

/// Letters and digits alone, small: how markup and page agree on a text.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use blotter_core::ingest::Given;

    const LEAD: &str = "A warehouse on the old quay has been burning since Tuesday evening, and the harbour is closed to all ships \
                        until the fire brigade says otherwise. What is known is told here as it comes in from the quay.";
    const ONE: &str =
        "Two guards who had tried to put out the flames were taken to hospital with burns, the harbour master said.";
    const TWO: &str =
        "The fire brigade says that the fire is out. The cause is not known, and the sheds beside it are unharmed.";

    #[test]
    fn entries_of_linked_data_are_kept_apart() {
        let json = serde_json::json!({"@context": "https://schema.org", "@type": "LiveBlogPosting", "headline": "Quay fire",
            "coverageStartTime": "2024-03-12T20:00:00Z", "liveBlogUpdate": [
                {"@type": "BlogPosting", "headline": "Fire is out", "datePublished": "2024-03-13T06:00:00Z", "articleBody": format!("<p>{TWO}</p>")},
                {"@type": "BlogPosting", "datePublished": "2024-03-12T21:40:00Z", "articleBody": ONE}]});
        let page = format!(
            "<html><head><script type='application/ld+json'>{json}</script></head><body><main><h1>Quay fire</h1><p>{LEAD}</p>\
             <div><span>06:00</span><h3>Fire is out</h3><p>{TWO}</p></div><div><span>21:40</span><p>{ONE}</p></div></main></body></html>"
        );
        let report = super::super::page(page.as_bytes(), &Given::default()).expect("page");
        assert_eq!(report.text, format!("Quay fire\n\n{LEAD}"));
        assert_eq!(report.entries.len(), 2);
        assert_eq!((report.entries[0].title.as_deref(), report.entries[0].text.as_str()), (Some("Fire is out"), TWO));
        assert_eq!(report.entries[1].at.as_deref(), Some("2024-03-12T21:40:00Z"));
        // An entry's date is not the page's.
        assert_eq!(report.published.map(|d| d.value).as_deref(), Some("2024-03-12T20:00:00Z"));
    }

    #[test]
    fn entries_of_attributes_and_a_page_of_entries_alone() {
        let entry = format!(
            "<div itemprop='liveBlogUpdate'><time datetime='2024-03-12T21:40'>21:40</time><h3>Two hurt</h3><div itemprop='articleBody'>{ONE}</div></div>"
        );
        let page = format!("<html><body><main><h1>Quay fire</h1><p>{LEAD}</p>{entry}</main></body></html>");
        let report = super::super::page(page.as_bytes(), &Given::default()).expect("page");
        assert_eq!(report.text, format!("Quay fire\n\n{LEAD}"));
        assert_eq!((report.entries[0].at.as_deref(), report.entries[0].text.as_str()), (Some("2024-03-12T21:40"), ONE));
        let page = format!("<html><body><main><h1>Quay fire</h1>{entry}</main></body></html>");
        let report = super::super::page(page.as_bytes(), &Given::default()).expect("page");
        assert!(report.text.contains(ONE), "{}", report.text);
    }
}
