//! What a page's head says of it: `<meta>`, `<link>`, JSON-LD, and the data that its scripts are given.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use blotter_core::text::LiveEntry;
use regex::Regex;
use serde_json::Value;

use super::dom::{Dom, Kind, ROOT, squeeze};
use super::live;

/// JSON-LD is looked through so deep.
const DEEP: usize = 8;

/// What the head of a page says.
#[derive(Debug, Default)]
pub struct Markup {
    /// Name, property or itemprop in small letters → content, in order.
    pub metas: Vec<(String, String)>,
    /// The canonical address.
    pub canonical: Option<String>,
    /// `<html lang>`.
    pub language: Option<String>,
    /// The text of `<title>`.
    pub title: String,
    /// What JSON-LD says of an article, or of the page where it says nothing of one.
    pub linked: Linked,
    /// The day that the data of its scripts give as that of publication, where they all give one.
    pub scripted: Option<String>,
}

/// A day of publication in the data of a script.
static SCRIPTED: LazyLock<Regex> = LazyLock::new(|| {
    let key = "(?:first_?)?(?:publish(?:ed)?_?(?:date|at|on|time)|date_?published|publication_?date)";
    Regex::new(&format!(r#"(?i)"{key}\\?"\s*:\s*\\?"((?:19|20)\d\d-\d\d-\d\d)"#)).expect("a valid pattern")
});

/// What JSON-LD says.
#[derive(Debug, Default)]
pub struct Linked {
    /// It is of an article, not of the page around it.
    pub article: bool,
    /// Headline.
    pub headline: Option<String>,
    /// Names of people.
    pub people: Vec<String>,
    /// Names of organizations that are given as authors, or of no stated kind.
    pub bodies: Vec<String>,
    /// `datePublished`, as written.
    pub published: Option<String>,
    /// `dateModified`, as written.
    pub updated: Option<String>,
    /// Name of the publisher.
    pub publisher: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// The entries of a live blog.
    pub entries: Vec<LiveEntry>,
}

impl Markup {
    /// Reads it.
    pub fn of(dom: &Dom) -> Markup {
        let mut found = Markup::default();
        let (mut blocks, mut scripted) = (Vec::new(), BTreeSet::new());
        for id in dom.under(ROOT) {
            let name = dom.name(id);
            match name {
                "html" => found.language = found.language.or(dom.attribute(id, "lang").map(str::to_owned)),
                "meta" => {
                    let Some(content) = dom.attribute(id, "content").filter(|c| !c.is_empty()) else { continue };
                    for key in ["property", "name", "itemprop", "http-equiv"] {
                        if let Some(key) = dom.attribute(id, key) {
                            found.metas.push((key.to_lowercase(), content.to_owned()));
                        }
                    }
                }
                "link" if dom.attribute(id, "rel").is_some_and(|r| r.split_whitespace().any(|r| r == "canonical")) => {
                    found.canonical = found.canonical.or(dom.attribute(id, "href").map(str::to_owned));
                }
                "title" if found.title.is_empty() && dom.above(id).any(|a| dom.name(a) == "head") => {
                    found.title = dom.text(id);
                }
                "script" => {
                    let text = dom.children(id).filter_map(|c| match &dom.nodes[c].kind {
                        Kind::Text(text) => Some(text.to_string()),
                        _ => None,
                    });
                    let text: String = text.collect();
                    if dom.attribute(id, "type").is_some_and(|t| t.eq_ignore_ascii_case("application/ld+json")) {
                        blocks.extend(block(&text));
                    } else {
                        scripted.extend(SCRIPTED.captures_iter(&text).map(|c| c[1].to_owned()));
                    }
                }
                _ => {}
            }
        }
        found.linked = Linked::of(&blocks);
        found.scripted = scripted.pop_first().filter(|_| scripted.is_empty());
        found
    }

    /// The first content of the first of the names that there is.
    pub fn meta(&self, names: &[&str]) -> Option<&str> {
        names
            .iter()
            .find_map(|name| self.metas.iter().find(|(key, _)| key == name))
            .map(|(_, content)| content.as_str())
    }

    /// All contents of a name.
    pub fn metas<'m>(&'m self, name: &'m str) -> impl Iterator<Item = &'m str> {
        self.metas.iter().filter(move |(key, _)| key == name).map(|(_, content)| content.as_str())
    }
}

/// JSON-LD as pages have it: with comment marks around it, line ends inside strings, a stray semicolon after it.
fn block(text: &str) -> Option<Value> {
    let text = text.trim().trim_start_matches("<!--").trim_start_matches("//<![CDATA[").trim_start_matches("<![CDATA[");
    let text =
        text.trim_end_matches(';').trim_end_matches("//]]>").trim_end_matches("]]>").trim_end_matches("-->").trim();
    serde_json::from_str(text).ok().or_else(|| {
        let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        serde_json::from_str(&plain).ok()
    })
}

impl Linked {
    fn of(blocks: &[Value]) -> Linked {
        let mut objects = Vec::new();
        for block in blocks {
            gather(block, 0, &mut objects);
        }
        let is_article = |o: &Value| {
            kinds(o).iter().any(|k| {
                ["Article", "Posting", "Report"].iter().any(|e| k.ends_with(e))
                    || matches!(k.as_str(), "Recipe" | "Review" | "HowTo")
            })
        };
        let is_page = |o: &Value| kinds(o).iter().any(|k| k.ends_with("Page"));
        let named = |id: &Value| objects.iter().find(|o| o["@id"] == id["@id"] && o["name"].is_string()).copied();
        let articles: Vec<&Value> = objects.iter().copied().filter(|o| is_article(o)).collect();
        // The entries of a live blog have dates of their own; else, of several articles (teasers have markup too), the first
        // with a date is the page's own.
        let live =
            articles.iter().find(|a| kinds(a).iter().any(|k| k == "LiveBlogPosting") && !a["liveBlogUpdate"].is_null());
        let dated = || articles.iter().find(|a| a["datePublished"].is_string());
        let main = live.or_else(dated).or(articles.first()).copied();
        let Some(object) = main.or_else(|| objects.iter().copied().find(|o| is_page(o))) else {
            return Linked::default();
        };
        let mut found = Linked {
            article: main.is_some(),
            headline: string(&object["headline"]).or_else(|| string(&object["name"])),
            published: string(&object["datePublished"]).or_else(|| string(&object["coverageStartTime"])),
            entries: live::linked(&objects),
            updated: string(&object["dateModified"]),
            url: string(&object["url"])
                .or_else(|| string(&object["mainEntityOfPage"]))
                .or_else(|| string(&object["mainEntityOfPage"]["@id"])),
            ..Linked::default()
        };
        let publisher = &object["publisher"];
        found.publisher = string(&publisher["name"]).or_else(|| named(publisher).and_then(|o| string(&o["name"])));
        let authors = if object["author"].is_null() { &object["creator"] } else { &object["author"] };
        let each: Vec<&Value> = match authors {
            Value::Array(each) => each.iter().collect(),
            Value::Null => Vec::new(),
            one => vec![one],
        };
        for author in each {
            let whole = if author["@id"].is_string() && !author["name"].is_string() {
                named(author).unwrap_or(author)
            } else {
                author
            };
            let names: Vec<String> = match whole {
                Value::String(name) => vec![squeeze(name)],
                Value::Object(_) => match &whole["name"] {
                    Value::Array(names) => names.iter().filter_map(string).collect(),
                    name => string(name).into_iter().collect(),
                },
                _ => Vec::new(),
            };
            let person = kinds(whole).iter().any(|k| k == "Person");
            if person { found.people.extend(names) } else { found.bodies.extend(names) }
        }
        found
    }
}

fn string(value: &Value) -> Option<String> {
    value.as_str().map(squeeze).filter(|s| !s.is_empty())
}

/// The types of an object.
pub fn kinds(object: &Value) -> Vec<String> {
    match &object["@type"] {
        Value::String(kind) => vec![kind.clone()],
        Value::Array(kinds) => kinds.iter().filter_map(|k| k.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    }
}

/// All objects of a block, the outer first.
fn gather<'v>(value: &'v Value, depth: usize, into: &mut Vec<&'v Value>) {
    if depth > DEEP {
        return;
    }
    match value {
        Value::Array(values) => values.iter().for_each(|v| gather(v, depth + 1, into)),
        Value::Object(object) => {
            if object.contains_key("@type") || object.contains_key("@id") {
                into.push(value);
            }
            object.values().filter(|v| !v.is_string()).for_each(|v| gather(v, depth + 1, into));
        }
        _ => {}
    }
}
