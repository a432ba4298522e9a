//! The runs of a page: stretches of text that stand in one block, in order, without what is plainly not for reading.

use std::sync::LazyLock;

use regex::Regex;

use super::dom::{Dom, Id, Kind, Step, inline, squeeze};

/// A stretch of text in one block.
#[derive(Debug)]
pub struct Run {
    /// Its text, white space squeezed, `<br>` as a line end.
    pub text: String,
    /// Characters of it.
    pub chars: usize,
    /// Characters of it that lie in links.
    pub linked: usize,
    /// The block that holds it.
    pub owner: Id,
}

impl Run {
    /// The share of its characters that lie in links, 0 to 1.
    pub fn link_density(&self) -> f64 {
        if self.chars == 0 { 0.0 } else { self.linked.min(self.chars) as f64 / self.chars as f64 }
    }

    /// Whether it ends or reads like a sentence.
    pub fn sentence(&self) -> bool {
        self.text.contains(". ")
            || self.text.ends_with(['.', '!', '?', '”', '“', '"', '»', '«', ':', '…', ')', ';', '。'])
    }
}

/// How much is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strictness {
    /// Only what is not shown.
    Shown,
    /// And what elements and roles say is no main text.
    Roles,
    /// And what class names say is no main text.
    Names,
}

/// The runs of a page, and which of them lie under each node.
#[derive(Debug)]
pub struct Runs {
    /// In order.
    pub all: Vec<Run>,
    /// Node → first run, one past the last.
    pub under: Vec<(usize, usize)>,
}

/// What is never shown as text.
const SILENT: [&str; 24] = [
    "script", "style", "noscript", "template", "head", "svg", "select", "iframe", "object", "embed", "canvas", "audio",
    "video", "map", "math", "progress", "meter", "datalist", "input", "textarea", "button", "source", "track",
    "frameset",
];
/// Elements that hold no main text. (`header` is not among them: leads stand in it.)
const OUTSIDE: [&str; 6] = ["nav", "footer", "aside", "menu", "dialog", "figure"];

/// Roles that hold no main text.
const ROLES: [&str; 12] = [
    "navigation",
    "complementary",
    "banner",
    "contentinfo",
    "search",
    "dialog",
    "alertdialog",
    "menu",
    "menubar",
    "toolbar",
    "tablist",
    "alert",
];

/// Beginnings of words in class names and ids that tell of anything but main text.
static OTHER: LazyLock<Regex> = LazyLock::new(|| {
    let lines = include_str!("../../data/other-names.txt").lines().map(str::trim);
    let words: Vec<&str> = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    Regex::new(&format!(r"(?:^|[\s_-])(?:{})", words.join("|"))).expect("a valid pattern")
});

/// Class names and ids that tell of main text: what they hold is never left out by name.
static MAIN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)(?:^|[\s_-])(?:
          (?:article|story|post|entry|news|blog|content|page|main|node|text|beitrag|artikel)-{0,2}_{0,2}(?:body|content|text|copy|main|inhalt)
          | article(?:body|text|content)? (?:\s|$) | hentry | h-entry | e-content | main(?:-?content|-?text)? (?:\s|$)
          | post-?entry | entry (?:\s|$) | news-?(?:text|entry|body) | beschreibung | body-?(?:text|copy|content) | rich-?text | field-?body | story (?:\s|$) | post (?:\s|$) | mw-content-text | artikel (?:\s|$) | beitrag (?:\s|$)
          | single-?(?:post|content) | artikeltext | meldung | fliesstext | transcript )",
    )
    .expect("a valid pattern")
});

/// "articleBody is-wide" + "main" → "article-body is-wide main": the names of an element, in small letters, parts of
/// compounds parted.
pub fn signature(dom: &Dom, id: Id) -> String {
    let mut found = String::new();
    for name in ["class", "id"] {
        let Some(value) = dom.attribute(id, name) else { continue };
        if !found.is_empty() {
            found.push(' ');
        }
        let mut small = false;
        for c in value.chars().take(300) {
            if c.is_uppercase() && small {
                found.push('-');
            }
            small = c.is_lowercase();
            found.extend(c.to_lowercase());
        }
    }
    found
}

/// Whether names tell of main text.
pub fn says_main(signature: &str) -> bool {
    !signature.is_empty() && MAIN.is_match(signature)
}

/// Whether names tell of anything else.
pub fn says_other(signature: &str) -> bool {
    !signature.is_empty() && OTHER.is_match(signature)
}

/// Whether an element is not shown, as far as its own attributes tell.
fn unseen(dom: &Dom, id: Id) -> bool {
    let style = || {
        dom.attribute(id, "style").is_some_and(|style| {
            let style: String =
                style.chars().take(400).filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
            style.contains("display:none") || style.contains("visibility:hidden")
        })
    };
    dom.attribute(id, "hidden").is_some_and(|v| v != "until-found") || style()
}

/// Whether a subtree is left out.
fn left_out(dom: &Dom, id: Id, strictness: Strictness, share: impl Fn(Id) -> f64) -> bool {
    let name = dom.name(id);
    if SILENT.contains(&name) {
        return true;
    }
    if matches!(name, "" | "html" | "body") {
        return false;
    }
    if unseen(dom, id) {
        return share(id) < 0.4;
    }
    if strictness == Strictness::Shown {
        return false;
    }
    if OUTSIDE.contains(&name) || dom.attribute(id, "role").is_some_and(|role| ROLES.contains(&role)) {
        return share(id) < 0.4;
    }
    if strictness == Strictness::Roles || matches!(name, "article" | "main" | "h1") {
        return false;
    }
    if name == "form" {
        return share(id) < 0.3;
    }
    let signature = signature(dom, id);
    says_other(&signature) && !says_main(&signature) && share(id) < 0.3
}

impl Runs {
    /// Cuts a page into runs.
    pub fn of(dom: &Dom, root: Id, strictness: Strictness) -> Runs {
        // How much text each node holds, all counted.
        let mut size = vec![0usize; dom.nodes.len()];
        let mut silent = 0usize;
        for step in dom.walk(root) {
            match step {
                Step::Open(id) => match &dom.nodes[id].kind {
                    Kind::Text(text) if silent == 0 => size[id] = text.split_whitespace().map(str::len).sum(),
                    Kind::Element { name, .. } if SILENT.contains(&&*name.local) => silent += 1,
                    _ => {}
                },
                Step::Close(id) => {
                    if SILENT.contains(&dom.name(id)) {
                        silent -= 1;
                    }
                    if let Some(parent) = dom.nodes[id].parent.filter(|_| id != root) {
                        size[parent] += size[id];
                    }
                }
            }
        }
        let whole = size[root].max(1) as f64;
        let share = |id: Id| size[id] as f64 / whole;

        let mut runs = Runs { all: Vec::new(), under: vec![(0, 0); dom.nodes.len()] };
        let mut open = Open::default();
        let mut gone: Option<Id> = None;
        for step in dom.walk(root) {
            match step {
                Step::Open(id) => {
                    if gone.is_some() {
                        continue;
                    }
                    match &dom.nodes[id].kind {
                        Kind::Text(text) => open.push(text),
                        Kind::Element { name, .. } => {
                            let name = &*name.local;
                            if left_out(dom, id, strictness, share) {
                                gone = Some(id);
                                if !inline(name) {
                                    open.flush(&mut runs.all);
                                }
                                continue;
                            }
                            match name {
                                "br" => open.line(&mut runs.all),
                                "a" => open.links += 1,
                                "td" | "th" => {
                                    open.push(" ");
                                    open.owner.get_or_insert(id);
                                }
                                _ if !inline(name) => {
                                    open.flush(&mut runs.all);
                                    open.owner = Some(id);
                                }
                                _ => {}
                            }
                        }
                        Kind::Other => {}
                    }
                    runs.under[id].0 = runs.all.len();
                }
                Step::Close(id) => {
                    match gone {
                        Some(at) if at == id => {
                            gone = None;
                            runs.under[id] = (runs.all.len(), runs.all.len());
                            continue;
                        }
                        Some(_) => continue,
                        None => {}
                    }
                    match dom.name(id) {
                        "a" => open.links = open.links.saturating_sub(1),
                        "br" => {}
                        name if !inline(name) && !matches!(name, "td" | "th") => {
                            open.flush(&mut runs.all);
                            open.owner = dom.nodes[id].parent;
                        }
                        _ => {}
                    }
                    runs.under[id].1 = runs.all.len();
                }
            }
        }
        open.flush(&mut runs.all);
        runs
    }
}

/// A run that is being gathered.
#[derive(Default)]
struct Open {
    text: String,
    linked: usize,
    links: usize,
    owner: Option<Id>,
}

impl Open {
    fn push(&mut self, text: &str) {
        if self.links > 0 {
            self.linked += text.split_whitespace().map(|w| w.chars().count() + 1).sum::<usize>();
        }
        self.text.extend(text.chars().map(|c| match c {
            '\0' | '\u{1}' => ' ',
            '\n' | '\r' => ' ',
            c => c,
        }));
    }

    /// One `<br>` ends a line, two end a paragraph.
    fn line(&mut self, into: &mut Vec<Run>) {
        if self.text.trim_end_matches(|c: char| c.is_whitespace() && c != '\u{1}').ends_with('\u{1}') {
            let (links, owner) = (self.links, self.owner);
            self.flush(into);
            (self.links, self.owner) = (links, owner);
        } else {
            self.text.push('\u{1}');
        }
    }

    fn flush(&mut self, into: &mut Vec<Run>) {
        let lines: Vec<String> = self.text.split('\u{1}').map(squeeze).filter(|l| !l.is_empty()).collect();
        if !lines.is_empty() {
            let text = lines.join("\n");
            let chars = text.chars().count();
            into.push(Run { text, chars, linked: self.linked, owner: self.owner.unwrap_or(super::dom::ROOT) });
        }
        self.text.clear();
        self.linked = 0;
    }
}
