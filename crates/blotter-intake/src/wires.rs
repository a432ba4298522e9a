//! Wire items: ninjs 1.x and 2.x, NewsML-G2, NITF. What the service says of an item is kept beside its text.

use blotter_core::Report;
use blotter_core::text::{DateSource, WireFacts};
use serde_json::Value as Json;

use crate::draft::{Draft, paragraphs};
use crate::page;
use crate::xml::{Element, squeeze};

/// Whether a JSON object is a ninjs item.
pub fn is_ninjs(item: &Json) -> bool {
    let known = [
        "body_text",
        "body_xhtml",
        "body_html",
        "bodies",
        "headlines",
        "pubstatus",
        "versioncreated",
        "contentcreated",
    ];
    let standard = item["standard"]["name"].as_str() == Some("ninjs");
    item["text"].is_null() && (standard || item["uri"].is_string() && known.iter().any(|key| !item[key].is_null()))
}

/// Reads a ninjs item.
///
/// # Errors
/// A sentence, where it has no text.
pub fn ninjs(item: &Json) -> Result<Report, String> {
    let string = |value: &Json| match value {
        Json::String(s) => Some(s.trim().to_owned()).filter(|s| !s.is_empty()),
        Json::Number(n) => Some(n.to_string()),
        _ => None,
    };
    // 2.x gives lists of values with roles; the main one has none or "main".
    let main = |list: &Json, key: &str| -> Option<(String, String)> {
        let entries = list.as_array()?;
        let role = |e: &&Json| matches!(e["role"].as_str(), None | Some("main" | "title" | "headline"));
        let entry = entries.iter().find(role).or(entries.first())?;
        Some((string(&entry[key])?, string(&entry["contenttype"]).unwrap_or_default()))
    };
    let body = main(&item["bodies"], "value")
        .map(|(body, kind)| if kind.contains("html") { page::fragment(&body) } else { paragraphs(&body) });
    let html = ["body_xhtml", "body_html"].iter().find_map(|key| string(&item[key])).map(|h| page::fragment(&h));
    let body = body.or(html).or_else(|| string(&item["body_text"]).map(|t| paragraphs(&t))).unwrap_or_default();
    let title = main(&item["headlines"], "value")
        .map(|(t, _)| t)
        .or_else(|| string(&item["headline"]))
        .or_else(|| string(&item["title"]));
    let names = |list: &Json| -> Vec<String> {
        list.as_array().into_iter().flatten().filter_map(|e| string(&e["name"]).or_else(|| string(e))).collect()
    };
    let mut credits = names(&item["infosources"]);
    credits.extend(["copyrightholder", "source", "provider"].iter().filter_map(|key| string(&item[key])));
    let wire = WireFacts {
        guid: string(&item["uri"]),
        version: string(&item["version"]),
        pubstatus: string(&item["pubstatus"]).map(status),
        embargoed: string(&item["embargoed"]),
        signal: string(&item["signal"]).or_else(|| names(&item["signals"]).into_iter().next()),
        urgency: string(&item["urgency"]),
        located: string(&item["located"]),
        credits: credits.clone(),
        ednote: string(&item["ednote"]),
    };
    let authors = item["people"].as_array().into_iter().flatten().filter(|p| p["rel"].as_str() == Some("author"));
    let byline =
        string(&item["byline"]).map(|b| by(&b)).unwrap_or_else(|| authors.filter_map(|p| string(&p["name"])).collect());
    let created = string(&item["firstcreated"]).or_else(|| string(&item["contentcreated"]));
    let version = string(&item["versioncreated"]);
    finish(
        Draft {
            title,
            paragraphs: body,
            byline,
            publisher: credits.into_iter().next(),
            published: created.clone().or_else(|| version.clone()),
            updated: version.filter(|_| created.is_some()),
            language: string(&item["language"]),
            ..Draft::default()
        },
        wire,
    )
}

/// Whether a root element is NewsML-G2.
pub fn is_newsml(root: &Element) -> bool {
    matches!(root.name.as_str(), "newsItem" | "newsMessage" | "packageItem")
}

/// The items of a NewsML-G2 document. A package is a list of references, not a report.
///
/// # Errors
/// A sentence, where it holds no item.
pub fn newsml(root: &Element) -> Result<Vec<Result<Report, String>>, String> {
    let items = root.under("newsItem");
    if items.is_empty() {
        return Err("is NewsML-G2 without a news item (a package holds references alone)".to_owned());
    }
    Ok(items.into_iter().map(newsml_item).collect())
}

fn newsml_item(item: &Element) -> Result<Report, String> {
    let meta = |name: &str| item.at(&["itemMeta", name]);
    let content = |name: &str| item.at(&["contentMeta", name]);
    let text = |e: Option<&Element>| e.map(|e| squeeze(&e.text())).filter(|t| !t.is_empty());
    let coded = |e: Option<&Element>| {
        let code = e.and_then(|e| e.attribute("qcode").or(e.attribute("uri")));
        code.map(|q| q.rsplit([':', '/']).next().unwrap_or(q).to_owned())
    };
    let named = |e: &Element| {
        e.text_at(&["name"]).or_else(|| e.attribute("literal").map(str::to_owned)).or_else(|| coded(Some(e)))
    };
    let mut body = Vec::new();
    let mut captions = Vec::new();
    for part in item.at(&["contentSet"]).into_iter().flat_map(Element::elements) {
        match part.name.as_str() {
            "inlineXML" => {
                if let Some(nitf) = part.under("nitf").first() {
                    let (paragraphs, more) = nitf_body(nitf);
                    body.extend(paragraphs);
                    captions.extend(more);
                } else {
                    body.extend(page::fragment(&part.markup()));
                }
            }
            "inlineData" if part.attribute("contenttype").is_some_and(|t| t.contains("html")) => {
                body.extend(page::fragment(&part.text()))
            }
            "inlineData" => body.extend(paragraphs(&part.text())),
            _ => {}
        }
    }
    let by_line = text(content("by")).map(|b| by(&b));
    let creators = item.at(&["contentMeta"]).into_iter().flat_map(|m| m.all("creator")).filter_map(named).collect();
    let provider = meta("provider").and_then(named);
    let source = content("infoSource").and_then(named);
    let mut credits: Vec<String> = text(content("creditline")).into_iter().chain(source).collect();
    credits.extend(provider.clone());
    let wire = WireFacts {
        guid: item.attribute("guid").map(str::to_owned),
        version: item.attribute("version").map(str::to_owned),
        pubstatus: coded(meta("pubStatus")).map(status),
        embargoed: text(meta("embargoed")),
        signal: coded(meta("signal")),
        urgency: text(content("urgency")),
        located: content("located").and_then(named),
        credits,
        ednote: text(meta("edNote")),
    };
    let version = text(meta("versionCreated"));
    let created = text(content("contentCreated")).or_else(|| text(meta("firstCreated")));
    finish(
        Draft {
            title: text(content("headline")).or_else(|| text(meta("title"))),
            paragraphs: body,
            byline: by_line.unwrap_or(creators),
            publisher: provider,
            published: created.clone().or_else(|| version.clone()),
            updated: version.filter(|_| created.is_some()),
            language: content("language").and_then(|l| l.attribute("tag")).map(str::to_owned),
            captions,
            ..Draft::default()
        },
        wire,
    )
}

/// Reads a NITF document.
///
/// # Errors
/// A sentence, where it has no text.
pub fn nitf(root: &Element) -> Result<Report, String> {
    let head = |path: &[&str]| root.at(&[&["body", "body.head"], path].concat());
    let data = |name: &str| root.at(&["head", "docdata", name]);
    let text = |e: Option<&Element>| e.map(|e| squeeze(&e.text())).filter(|t| !t.is_empty());
    let norm = |name: &str| data(name).and_then(|e| e.attribute("norm")).map(str::to_owned);
    let (body, captions) = nitf_body(root);
    let fixture =
        |name: &str| root.at(&["head", "docdata", "fixture"]).and_then(|e| e.attribute(name)).map(str::to_owned);
    let correction = data("correction").map(|e| e.attribute("info").unwrap_or("correction").to_owned());
    let story_date = head(&["dateline", "story.date"]).and_then(|e| e.attribute("norm")).map(str::to_owned);
    let publisher = text(head(&["distributor"]))
        .or_else(|| data("doc.copyright").and_then(|e| e.attribute("holder")).map(str::to_owned));
    let note = head(&["note"]).map(|n| squeeze(&n.text()));
    let wire = WireFacts {
        guid: data("doc-id").and_then(|e| e.attribute("id-string")).map(str::to_owned),
        version: data("du-key").and_then(|e| e.attribute("version")).map(str::to_owned),
        pubstatus: root.attribute("status").or(fixture("status").as_deref()).map(|s| status(s.to_owned())),
        embargoed: norm("date.release"),
        signal: correction.map(|info| format!("correction: {info}")),
        urgency: data("urgency").and_then(|e| e.attribute("ed-urg")).map(str::to_owned),
        located: head(&["dateline", "location"]).map(|e| squeeze(&e.text())),
        credits: publisher.clone().into_iter().collect(),
        ednote: data("ed-msg").and_then(|e| e.attribute("info")).map(str::to_owned).or(note),
    };
    let byline: Vec<String> = head(&["byline"])
        .map(|b| {
            let people: Vec<String> = b.all("person").map(|p| squeeze(&p.text())).collect();
            if people.is_empty() { by(&squeeze(&b.text())) } else { people }
        })
        .unwrap_or_default();
    finish(
        Draft {
            title: text(head(&["hedline", "hl1"])).or_else(|| text(root.at(&["head", "title"]))),
            paragraphs: body,
            byline,
            publisher,
            published: norm("date.issue").or(story_date),
            captions,
            ..Draft::default()
        },
        wire,
    )
}

/// Paragraphs and captions of a NITF body.
fn nitf_body(root: &Element) -> (Vec<String>, Vec<String>) {
    let Some(content) = root.under("body.content").into_iter().next() else { return (Vec::new(), Vec::new()) };
    let mut found = Vec::new();
    let mut waiting: Vec<&Element> = vec![content];
    while let Some(element) = waiting.pop() {
        match element.name.as_str() {
            "media" => {}
            "p" | "hl2" | "li" | "pre" | "td" | "th" | "bq" => {
                found.extend(Some(squeeze(&element.text())).filter(|t| !t.is_empty()))
            }
            _ => {
                let inner: Vec<&Element> = element.elements().collect();
                if inner.is_empty() {
                    found.extend(paragraphs(&element.text()));
                }
                waiting.extend(inner.into_iter().rev());
            }
        }
    }
    let captions =
        content.under("media-caption").iter().map(|c| squeeze(&c.text())).filter(|c| !c.is_empty()).collect();
    (found, captions)
}

/// A wire item's report; one that is canceled may have nothing but its note.
fn finish(mut draft: Draft, wire: WireFacts) -> Result<Report, String> {
    draft.id = wire.guid.clone();
    draft.source = Some(DateSource::Wire);
    if draft.title.is_none() && draft.paragraphs.is_empty() {
        draft.paragraphs.extend(wire.ednote.clone());
    }
    match wire.pubstatus.as_deref() {
        Some("canceled") => draft.warnings.push("the service has canceled this item".to_owned()),
        Some("withheld") => draft.warnings.push("the service withholds this item".to_owned()),
        _ => {}
    }
    if let Some(moment) = &wire.embargoed {
        draft.warnings.push(format!("embargoed until {moment}"));
    }
    draft.wire = Some(wire);
    draft.report()
}

/// One spelling of each status.
fn status(word: String) -> String {
    let small = word.rsplit(':').next().unwrap_or(&word).to_lowercase();
    match small.as_str() {
        "cancelled" | "canceled" | "killed" | "withdrawn" => "canceled".to_owned(),
        _ => small,
    }
}

/// "By Jane Doe and John Roe" → the names.
fn by(line: &str) -> Vec<String> {
    let line = line.trim();
    let names = ["By ", "by ", "BY ", "Von ", "Par "].iter().find_map(|b| line.strip_prefix(b)).unwrap_or(line);
    names
        .split([',', ';'])
        .flat_map(|p| p.split(" and "))
        .map(|n| n.trim().to_owned())
        .filter(|n| !n.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::parse;

    #[test]
    fn ninjs_of_both_kinds() {
        let one = serde_json::json!({"uri": "urn:kesh:1", "version": "2", "pubstatus": "cancelled", "headline": "Quay fire",
            "byline": "By Jane Doe", "body_xhtml": "<p>It burned.</p>", "firstcreated": "2024-03-12T08:00:00Z",
            "versioncreated": "2024-03-12T09:00:00Z", "urgency": 3, "located": "Port Kesh"});
        assert!(is_ninjs(&one));
        let report = ninjs(&one).expect("report");
        let wire = report.wire.as_deref().expect("wire");
        assert_eq!(
            (report.id.as_str(), wire.version.as_deref(), wire.pubstatus.as_deref()),
            ("urn:kesh:1", Some("2"), Some("canceled"))
        );
        assert_eq!((wire.urgency.as_deref(), report.byline.as_slice()), (Some("3"), &["Jane Doe".to_owned()][..]));
        assert_eq!(report.published.as_ref().map(|d| d.source), Some(DateSource::Wire));
        let two = serde_json::json!({"standard": {"name": "ninjs", "version": "2.1"}, "uri": "urn:kesh:2",
            "headlines": [{"role": "main", "value": "Bomb"}], "bodies": [{"contenttype": "text/plain", "value": "One.\n\nTwo."}]});
        assert_eq!(ninjs(&two).expect("report").text, "Bomb\n\nOne.\n\nTwo.");
    }

    #[test]
    fn newsml_items() {
        let text = r#"<newsMessage><itemSet><newsItem guid="tag:kesh.example,2024:1" version="3"><itemMeta><provider literal="Kesh Agency"/>
<versionCreated>2024-03-12T09:00:00Z</versionCreated><embargoed>2024-03-12T12:00:00Z</embargoed><pubStatus qcode="stat:usable"/><edNote>Adds toll</edNote>
<signal qcode="sig:correction"/></itemMeta><contentMeta><urgency>2</urgency><contentCreated>2024-03-12T08:00:00Z</contentCreated>
<located qcode="city:kesh"><name>Port Kesh</name></located><headline>Quay fire</headline><by>By Jane Doe</by><language tag="en"/></contentMeta>
<contentSet><inlineXML contenttype="application/xhtml+xml"><html><body><p>It burned.</p><p>Two were hurt.</p></body></html></inlineXML></contentSet></newsItem></itemSet></newsMessage>"#;
        let root = parse(text).expect("xml").root;
        assert!(is_newsml(&root));
        let items = newsml(&root).expect("items");
        let report = items[0].as_ref().expect("report");
        assert_eq!(report.text, "Quay fire\n\nIt burned.\n\nTwo were hurt.");
        let wire = report.wire.as_deref().expect("wire");
        assert_eq!(
            (wire.version.as_deref(), wire.signal.as_deref(), wire.located.as_deref()),
            (Some("3"), Some("correction"), Some("Port Kesh"))
        );
        assert_eq!(wire.embargoed.as_deref(), Some("2024-03-12T12:00:00Z"));
    }

    #[test]
    fn a_nitf_document() {
        let text = r#"<nitf><head><title>Fire</title><docdata><doc-id id-string="n-1"/><urgency ed-urg="4"/><date.issue norm="20240312T080000Z"/>
<correction info="toll"/></docdata></head><body><body.head><hedline><hl1>Quay fire</hl1></hedline><byline>By <person>Jane Doe</person></byline>
<dateline><location>Port Kesh</location></dateline></body.head><body.content><block><p>It burned.</p><media><media-caption>The quay</media-caption></media>
<p>Two were hurt.</p></block></body.content></body></nitf>"#;
        let report = nitf(&parse(text).expect("xml").root).expect("report");
        assert_eq!(report.text, "Quay fire\n\nIt burned.\n\nTwo were hurt.");
        assert_eq!(
            (report.captions.as_slice(), report.byline.as_slice()),
            (&["The quay".to_owned()][..], &["Jane Doe".to_owned()][..])
        );
        assert_eq!(report.wire.as_deref().and_then(|w| w.signal.as_deref()), Some("correction: toll"));
        assert_eq!(report.published.as_ref().map(|d| d.value.as_str()), Some("2024-03-12T08:00:00Z"));
    }
}
