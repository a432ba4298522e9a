//! XML as feeds and wires have it → a small tree. Faults that a reader can see past (an unknown entity, an end tag that does not
//! fit, an unclosed element) are passed over, and said; entities that a document defines itself are never expanded.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// No feed or wire item is nested deeper.
const DEEPEST: usize = 200;
/// No file of one feed or wire has more elements.
const MOST: usize = 2_000_000;

/// An element. Its name comes without the prefix.
#[derive(Debug, Default)]
pub struct Element {
    /// Local name.
    pub name: String,
    /// Attributes by their names as written.
    pub attributes: Vec<(String, String)>,
    /// What it holds.
    pub children: Vec<Child>,
}

/// What an element holds.
#[derive(Debug)]
pub enum Child {
    /// An element.
    Element(Element),
    /// Text, entities resolved.
    Text(String),
}

/// A parsed document.
#[derive(Debug)]
pub struct Document {
    /// Its root.
    pub root: Element,
    /// It was not well-formed, and how.
    pub fault: Option<String>,
}

/// Parses a document.
///
/// # Errors
/// A sentence, where there is no root element, or it is too deep or too big.
pub fn parse(text: &str) -> Result<Document, String> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut fault: Option<String> = None;
    let mut open: Vec<Element> = Vec::new();
    let mut root: Option<Element> = None;
    let mut count = 0usize;
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                fault.get_or_insert_with(|| error.to_string());
                break;
            }
        };
        match event {
            Event::Start(start) => {
                count += 1;
                if open.len() >= DEEPEST {
                    return Err(format!("is nested deeper than {DEEPEST} elements"));
                }
                if count > MOST {
                    return Err(format!("has more than {MOST} elements"));
                }
                open.push(element(&start));
            }
            Event::Empty(start) => {
                count += 1;
                let element = element(&start);
                match open.last_mut() {
                    Some(parent) => parent.children.push(Child::Element(element)),
                    None => {
                        root.get_or_insert(element);
                    }
                }
            }
            Event::End(end) => {
                let name = String::from_utf8_lossy(end.local_name().as_ref()).into_owned();
                let Some(depth) = open.iter().rposition(|e| e.name == name) else {
                    fault.get_or_insert_with(|| format!("</{name}> closes nothing"));
                    continue;
                };
                if depth + 1 < open.len() {
                    fault.get_or_insert_with(|| format!("<{}> is not closed", open[open.len() - 1].name));
                }
                while open.len() > depth {
                    close(&mut open, &mut root);
                }
            }
            Event::Text(text) => push_text(&mut open, &String::from_utf8_lossy(&text)),
            Event::CData(text) => push_text(&mut open, &String::from_utf8_lossy(&text)),
            Event::GeneralRef(name) => push_text(&mut open, &entity(&String::from_utf8_lossy(&name))),
            Event::Eof => break,
            _ => {}
        }
    }
    if !open.is_empty() {
        fault.get_or_insert_with(|| format!("<{}> is not closed", open[open.len() - 1].name));
        while !open.is_empty() {
            close(&mut open, &mut root);
        }
    }
    match root {
        Some(root) => Ok(Document { root, fault }),
        None => Err(format!("holds no element{}", fault.map(|f| format!(": {f}")).unwrap_or_default())),
    }
}

fn close(open: &mut Vec<Element>, root: &mut Option<Element>) {
    let Some(done) = open.pop() else { return };
    match open.last_mut() {
        Some(parent) => parent.children.push(Child::Element(done)),
        None => {
            root.get_or_insert(done);
        }
    }
}

fn push_text(open: &mut [Element], text: &str) {
    let Some(parent) = open.last_mut() else { return };
    match parent.children.last_mut() {
        Some(Child::Text(before)) => before.push_str(text),
        _ => parent.children.push(Child::Text(text.to_owned())),
    }
}

fn element(start: &BytesStart<'_>) -> Element {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut all = start.attributes();
    let attributes = all.with_checks(false).filter_map(Result::ok);
    let attributes = attributes.map(|a| (text(a.key.as_ref()), resolved(&text(&a.value)))).collect();
    Element { name: text(start.local_name().as_ref()), attributes, children: Vec::new() }
}

/// A text with its entities resolved.
pub fn resolved(text: &str) -> String {
    let mut found = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        found.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match rest
            .find(';')
            .filter(|end| *end <= 32 && rest[..*end].chars().all(|c| c.is_ascii_alphanumeric() || c == '#'))
        {
            Some(end) => {
                found.push_str(&entity(&rest[..end]));
                rest = &rest[end + 1..];
            }
            None => found.push('&'),
        }
    }
    found.push_str(rest);
    found
}

/// The characters of an entity: those of XML and HTML, and numbers; any other stands as it is written.
fn entity(name: &str) -> String {
    let number = name.strip_prefix('#').and_then(|n| match n.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => n.parse().ok(),
    });
    if let Some(c) = number.and_then(char::from_u32) {
        return c.to_string();
    }
    quick_xml::escape::resolve_html5_entity(name).map_or_else(|| format!("&{name};"), str::to_owned)
}

impl Element {
    /// An attribute, by its name with or without prefix.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let local = |key: &str| key.rsplit(':').next() == Some(name);
        let found = self
            .attributes
            .iter()
            .find(|(key, _)| key == name)
            .or_else(|| self.attributes.iter().find(|(key, _)| local(key)));
        found.map(|(_, value)| value.trim())
    }

    /// The elements it holds.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|c| match c {
            Child::Element(e) => Some(e),
            Child::Text(_) => None,
        })
    }

    /// The elements it holds that have this name.
    pub fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.elements().filter(move |e| e.name == name)
    }

    /// The first element along a path of names below it.
    pub fn at<'e>(&'e self, path: &[&str]) -> Option<&'e Element> {
        match path {
            [] => Some(self),
            [first, rest @ ..] => self.elements().filter(|e| e.name == *first).find_map(|e| e.at(rest)),
        }
    }

    /// Every element under it with this name, itself too, in order.
    pub fn under<'e>(&'e self, name: &str) -> Vec<&'e Element> {
        let mut found = Vec::new();
        let mut waiting = vec![self];
        while let Some(element) = waiting.pop() {
            if element.name == name {
                found.push(element);
            }
            let inner: Vec<&Element> = element.elements().collect();
            waiting.extend(inner.into_iter().rev());
        }
        found
    }

    /// Its text with that of all it holds.
    pub fn text(&self) -> String {
        let mut found = String::new();
        let mut waiting: Vec<&Child> = self.children.iter().rev().collect();
        while let Some(child) = waiting.pop() {
            match child {
                Child::Text(text) => found.push_str(text),
                Child::Element(e) => waiting.extend(e.children.iter().rev()),
            }
        }
        found
    }

    /// The text of the element at a path, white space squeezed; none if it is empty.
    pub fn text_at(&self, path: &[&str]) -> Option<String> {
        self.at(path).map(|e| squeeze(&e.text())).filter(|t| !t.is_empty())
    }

    /// What it holds as markup, for readers of HTML.
    pub fn markup(&self) -> String {
        let mut found = String::new();
        for child in &self.children {
            write(child, &mut found);
        }
        found
    }
}

fn write(child: &Child, into: &mut String) {
    match child {
        Child::Text(text) => into.push_str(&text.replace('&', "&amp;").replace('<', "&lt;")),
        Child::Element(e) => {
            into.push('<');
            into.push_str(&e.name);
            for (name, value) in &e.attributes {
                into.push_str(&format!(" {name}=\"{}\"", value.replace('&', "&amp;").replace('"', "&quot;")));
            }
            into.push('>');
            // Depth is bounded by DEEPEST.
            e.children.iter().for_each(|c| write(c, into));
            if !matches!(e.name.as_str(), "br" | "hr" | "img" | "input" | "meta" | "link") {
                into.push_str(&format!("</{}>", e.name));
            }
        }
    }
}

/// White space squeezed to single blanks, none at the ends.
pub fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree() {
        let doc = parse("<?xml version='1.0'?><a x='1&amp;2'><n:b>one &eacute; <c/>two</n:b><![CDATA[<x>]]></a>")
            .expect("xml");
        assert_eq!(doc.fault, None);
        assert_eq!(doc.root.attribute("x"), Some("1&2"));
        assert_eq!(doc.root.text_at(&["b"]).as_deref(), Some("one é two"));
        assert!(doc.root.text().ends_with("<x>"));
    }

    #[test]
    fn faults_are_seen_past() {
        let doc = parse("<a><b>one<c>two</b>&nope; & three").expect("xml");
        assert!(doc.fault.is_some());
        assert_eq!(squeeze(&doc.root.text()), "onetwo&nope; & three");
        assert!(parse("no markup").is_err());
    }

    #[test]
    fn bombs_are_harmless() {
        let bomb = "<!DOCTYPE a [<!ENTITY x 'xxxxxxxxxx'><!ENTITY y '&x;&x;&x;'>]><a>&y;</a>";
        assert_eq!(parse(bomb).expect("xml").root.text(), "&y;");
        assert!(parse(&"<a>".repeat(100_000)).expect_err("too deep").contains("deeper"));
    }
}
