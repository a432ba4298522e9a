//! The title of a page: the heading that its head repeats, else what the head says without the name of the site.

use std::collections::BTreeSet;

use super::dom::{Dom, Id, ROOT};
use super::markup::Markup;
use super::runs::signature;

/// A title has no more characters.
const LONGEST: usize = 300;

/// The title, and the heading that it was taken from.
pub fn read(dom: &Dom, markup: &Markup) -> (String, Option<Id>) {
    let mut said: Vec<String> = Vec::new();
    let linked = markup.linked.headline.clone().filter(|_| markup.linked.article);
    said.extend(linked);
    said.extend(markup.meta(&["og:title", "twitter:title", "dc.title", "dcterms.title", "title"]).map(decoded));
    said.push(markup.title.clone());
    said.retain(|t| !t.trim().is_empty());
    let sites = sites(markup);
    if let Some((id, text)) = heading(dom, &said, &sites) {
        return (text, Some(id));
    }
    let stripped = said.iter().map(|t| without_site(t, &sites)).find(|t| !t.is_empty());
    let first_heading = || dom.named(ROOT, &["h1", "h2"]).map(|id| dom.text(id)).find(|t| !t.is_empty());
    (stripped.or_else(first_heading).unwrap_or_default(), None)
}

/// Names of the site in small letters without blanks and marks: `og:site_name`, publisher, the name in the address.
pub fn sites(markup: &Markup) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let names =
        ["og:site_name", "application-name", "publisher", "dc.publisher", "twitter:site", "al:android:app_name"];
    found.extend(names.iter().filter_map(|name| markup.meta(&[name])).map(letters));
    found.extend(markup.linked.publisher.as_deref().map(letters));
    let address = markup.canonical.as_deref().or(markup.meta(&["og:url"]));
    if let Some(host) = address.and_then(|a| url::Url::parse(a).ok()).and_then(|u| u.host_str().map(str::to_owned)) {
        let parts: Vec<&str> = host.trim_start_matches("www.").split('.').collect();
        found.push(letters(&parts.join("")));
        found.extend(parts.iter().rev().skip(1).filter(|p| p.len() > 3).map(|p| letters(p)));
    }
    found.retain(|name| name.chars().count() > 2);
    found
}

/// Letters and digits, in small letters.
pub fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn words(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() > 1).map(str::to_lowercase).collect()
}

/// The share of the words of one that the other has.
fn shared(a: &BTreeSet<String>, b: &BTreeSet<String>) -> f64 {
    if a.is_empty() { 0.0 } else { a.intersection(b).count() as f64 / a.len() as f64 }
}

/// The heading that is most like what the head says.
fn heading(dom: &Dom, said: &[String], sites: &[String]) -> Option<(Id, String)> {
    let said: Vec<(BTreeSet<String>, String)> = said.iter().map(|t| (words(t), letters(t))).collect();
    let mut best: Option<(f64, Id, String)> = None;
    let count = dom.named(ROOT, &["h1"]).count();
    for id in dom.named(ROOT, &["h1", "h2", "h3"]).take(200) {
        let text = dom.text(id);
        if text.is_empty() || text.chars().count() > LONGEST || sites.contains(&letters(&text)) {
            continue;
        }
        let own = words(&text);
        let plain = letters(&text);
        let like = said
            .iter()
            .map(|(words, all)| {
                if !plain.is_empty() && all.contains(&plain) && own.len() > 1 {
                    1.0
                } else {
                    shared(&own, words).min(shared(words, &own) * 1.6)
                }
            })
            .fold(0.0, f64::max);
        let name = dom.name(id);
        let outside = dom.above(id).any(|a| matches!(dom.name(a), "nav" | "footer" | "aside"));
        let mut score = like
            + match name {
                "h1" => 0.5,
                "h2" => 0.1,
                _ => 0.0,
            };
        let marked = dom.attribute(id, "itemprop").is_some_and(|p| p.contains("headline") || p == "name");
        let signature = signature(dom, id);
        if marked || ["headline", "title", "titel"].iter().any(|w| signature.contains(w)) {
            score += 0.15;
        }
        if outside {
            score -= 0.5;
        }
        let enough = match name {
            "h1" if count == 1 => 0.2,
            "h1" => 0.34,
            _ => 0.7,
        };
        if like >= enough && best.as_ref().is_none_or(|(s, ..)| score > *s + 1e-9) {
            best = Some((score, id, text));
        }
    }
    best.map(|(_, id, text)| (id, text))
}

/// "&amp;quot;" that was written twice.
fn decoded(text: &str) -> String {
    text.replace("&amp;", "&")
        .replace("&quot;", "\"")
        .replace("&#039;", "'")
        .replace("&#39;", "'")
        .replace("&nbsp;", " ")
}

/// A title without the site's name at either end.
pub fn without_site(title: &str, sites: &[String]) -> String {
    let title = super::dom::squeeze(title);
    let marks = [" | ", " - ", " – ", " — ", " · ", " • ", " › ", " » ", " « ", " :: ", " / ", "│", " ‹ ", " ~ "];
    let mut parts: Vec<&str> = vec![&title];
    for mark in marks {
        parts = parts.into_iter().flat_map(|p| p.split(mark)).collect();
    }
    if parts.len() == 1 {
        return title;
    }
    let is_site = |part: &str| {
        let plain = letters(part);
        plain.is_empty()
            || sites.iter().any(|s| {
                *s == plain
                    || (plain.chars().count() > 3 && s.contains(&plain))
                    || (s.chars().count() > 4
                        && plain.contains(s.as_str())
                        && plain.chars().count() < s.chars().count() * 3)
            })
    };
    let from = parts.iter().position(|p| !is_site(p)).unwrap_or(0);
    let to = parts.iter().rposition(|p| !is_site(p)).map_or(parts.len(), |p| p + 1);
    let start = parts[from].as_ptr() as usize - title.as_ptr() as usize;
    let last = parts[to - 1];
    let end = last.as_ptr() as usize - title.as_ptr() as usize + last.len();
    let kept = title[start..end].trim();
    // Where the name is not known, what follows a bar is the site's.
    match kept.split_once(" | ") {
        Some((head, _)) if from == 0 && to == parts.len() && head.split_whitespace().count() > 3 => {
            head.trim().to_owned()
        }
        _ => kept.to_owned(),
    }
}
