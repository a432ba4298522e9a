//! A page as a tree in one arena: nodes are numbers, so that what is learned of a node lies in plain vectors beside it.

mod sink;

use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, ParseOpts, QualName};

use sink::Sink;

/// The number of a node.
pub type Id = usize;
/// The document itself.
pub const ROOT: Id = 0;
/// No page of people is nested deeper. The parser looks through all open elements at each tag, so that depth costs
/// its square.
const DEEPEST: u32 = 1500;
/// No page of people has more nodes: unclosed formatting elements can multiply what is in a page.
const MOST: usize = 1_500_000;
/// The parser is fed so many bytes before the two limits are looked at.
const PIECE: usize = 16 << 10;

/// A node and its neighbours.
#[derive(Debug)]
pub struct Node {
    /// What holds it; none for the document and what was taken out.
    pub parent: Option<Id>,
    /// The node before it under the same parent.
    pub before: Option<Id>,
    /// The node after it.
    pub after: Option<Id>,
    /// Its first child.
    pub first: Option<Id>,
    /// Its last child.
    pub last: Option<Id>,
    /// What it is.
    pub kind: Kind,
    depth: u32,
}

/// What a node is.
#[derive(Debug)]
pub enum Kind {
    /// The document, a comment, a declaration.
    Other,
    /// An element.
    Element {
        /// Its name.
        name: QualName,
        /// Its attributes.
        attributes: Vec<Attribute>,
    },
    /// A text.
    Text(StrTendril),
}

/// A step of a walk through a tree.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// A node begins.
    Open(Id),
    /// A node ends.
    Close(Id),
}

/// A parsed page.
#[derive(Debug, Default)]
pub struct Dom {
    /// All nodes, the document first.
    pub nodes: Vec<Node>,
    /// The page was nested too deep or has too many nodes; what comes after is not in the tree.
    pub cut: bool,
}

impl Dom {
    /// Parses a page as browsers do, up to the limits.
    pub fn parse(html: &str) -> Dom {
        let mut parser = html5ever::parse_document(Sink::new(), ParseOpts::default());
        let mut rest = html;
        let mut cut = false;
        while !rest.is_empty() {
            let mut end = rest.len().min(PIECE);
            while !rest.is_char_boundary(end) {
                end += 1;
            }
            parser.process(StrTendril::from_slice(&rest[..end]));
            rest = &rest[end..];
            let sink = &parser.tokenizer.sink.sink;
            if sink.deepest.get() > DEEPEST || sink.nodes.borrow().len() > MOST {
                cut = true;
                break;
            }
        }
        let mut dom = parser.finish();
        dom.cut = cut;
        dom
    }

    /// The name of an element; nothing for other nodes.
    pub fn name(&self, id: Id) -> &str {
        match &self.nodes[id].kind {
            Kind::Element { name, .. } => &name.local,
            _ => "",
        }
    }

    /// An attribute.
    pub fn attribute(&self, id: Id, wanted: &str) -> Option<&str> {
        match &self.nodes[id].kind {
            Kind::Element { attributes, .. } => {
                attributes.iter().find(|a| &*a.name.local == wanted).map(|a| a.value.trim())
            }
            _ => None,
        }
    }

    /// The nodes under a node, with itself, as they begin.
    pub fn under(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        self.walk(id).filter_map(|step| match step {
            Step::Open(id) => Some(id),
            Step::Close(_) => None,
        })
    }

    /// The elements under a node that have one of the names.
    pub fn named<'d>(&'d self, id: Id, names: &'d [&'d str]) -> impl Iterator<Item = Id> + 'd {
        self.under(id).filter(move |n| names.contains(&self.name(*n)))
    }

    /// The nodes that hold a node, the nearest first.
    pub fn above(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        std::iter::successors(self.nodes[id].parent, |id| self.nodes[*id].parent)
    }

    /// The children of a node.
    pub fn children(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        std::iter::successors(self.nodes[id].first, |id| self.nodes[*id].after)
    }

    /// A walk through a node and all under it, without recursion.
    pub fn walk(&self, root: Id) -> impl Iterator<Item = Step> + '_ {
        let mut next = Some(Step::Open(root));
        std::iter::from_fn(move || {
            let step = next?;
            next = match step {
                Step::Open(id) => Some(self.nodes[id].first.map_or(Step::Close(id), Step::Open)),
                Step::Close(id) if id == root => None,
                Step::Close(id) => match (self.nodes[id].after, self.nodes[id].parent) {
                    (Some(after), _) => Some(Step::Open(after)),
                    (None, Some(parent)) => Some(Step::Close(parent)),
                    (None, None) => None,
                },
            };
            Some(step)
        })
    }

    /// All text under a node, white space squeezed; scripts and styles left out.
    pub fn text(&self, id: Id) -> String {
        let mut found = String::new();
        let mut silent = 0usize;
        for step in self.walk(id) {
            match step {
                Step::Open(id) => match &self.nodes[id].kind {
                    Kind::Text(text) if silent == 0 => found.push_str(text),
                    Kind::Element { name, .. } if matches!(&*name.local, "script" | "style" | "noscript") => {
                        silent += 1
                    }
                    // "<br>" and the ends of blocks part words.
                    Kind::Element { name, .. } if !inline(&name.local) => found.push(' '),
                    _ => {}
                },
                Step::Close(id) => match self.name(id) {
                    "script" | "style" | "noscript" => silent -= 1,
                    name if !inline(name) => found.push(' '),
                    _ => {}
                },
            }
        }
        squeeze(&found)
    }
}

/// Elements that stand inside a line of text.
pub fn inline(name: &str) -> bool {
    matches!(
        name,
        "" | "a"
            | "abbr"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "img"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "q"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
            | "acronym"
            | "address-line"
            | "nobr"
    )
}

/// White space squeezed to single blanks, none at the ends; soft hyphens and zero-width blanks are no letters.
pub fn squeeze(text: &str) -> String {
    let mut found = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !found.is_empty() {
            found.push(' ');
        }
        found.push_str(word);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree() {
        let dom = Dom::parse("<p class=a>It <b>burned</b>.<p>Two<br>hurt<table><tr><td>x</table>");
        assert_eq!(dom.text(ROOT), "It burned. Two hurt x");
        let p = dom.named(ROOT, &["p"]).next().expect("a paragraph");
        assert_eq!((dom.attribute(p, "class"), dom.text(p).as_str()), (Some("a"), "It burned."));
        assert!(dom.above(p).any(|id| dom.name(id) == "body"));
    }

    #[test]
    fn hostile_trees_end() {
        assert!(Dom::parse(&"<div>".repeat(1_000_000)).cut);
        assert!(Dom::parse(&"<table><a>".repeat(200_000)).nodes.len() < 2 * MOST);
        assert!(Dom::parse(&"<b><p>".repeat(200_000)).nodes.len() < 2 * MOST);
        assert!(!Dom::parse(&"<p>one</p>".repeat(10_000)).cut);
    }
}
