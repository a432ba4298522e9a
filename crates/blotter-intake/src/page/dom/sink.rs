//! What the HTML parser builds: the nodes of a page, put together as it says.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use html5ever::interface::{ElementFlags, ExpandedName, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, QualName, local_name, ns};

use super::{Dom, Id, Kind, Node, ROOT};

/// What the parser holds of a node.
#[derive(Clone, Debug)]
pub struct Handle {
    id: Id,
    /// Empty where it is no element: the parser asks for the names of elements only.
    name: QualName,
}

fn nameless() -> QualName {
    QualName::new(None, ns!(), local_name!(""))
}

/// The tree as the parser builds it.
pub struct Sink {
    /// All nodes so far.
    pub nodes: RefCell<Vec<Node>>,
    /// The depth of the deepest.
    pub deepest: Cell<u32>,
}

impl Sink {
    /// A document with nothing in it.
    pub fn new() -> Sink {
        let sink = Sink { nodes: RefCell::new(Vec::new()), deepest: Cell::new(0) };
        sink.add(Kind::Other);
        sink
    }

    fn add(&self, kind: Kind) -> Id {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node { parent: None, before: None, after: None, first: None, last: None, kind, depth: 0 });
        nodes.len() - 1
    }

    fn detach(&self, id: Id) {
        let mut nodes = self.nodes.borrow_mut();
        let (parent, before, after) = (nodes[id].parent, nodes[id].before, nodes[id].after);
        match (before, parent) {
            (Some(before), _) => nodes[before].after = after,
            (None, Some(parent)) => nodes[parent].first = after,
            _ => {}
        }
        match (after, parent) {
            (Some(after), _) => nodes[after].before = before,
            (None, Some(parent)) => nodes[parent].last = before,
            _ => {}
        }
        nodes[id].parent = None;
        nodes[id].before = None;
        nodes[id].after = None;
    }

    fn attach(&self, parent: Id, id: Id) {
        self.detach(id);
        let mut nodes = self.nodes.borrow_mut();
        let last = nodes[parent].last;
        nodes[id].parent = Some(parent);
        nodes[id].before = last;
        match last {
            Some(last) => nodes[last].after = Some(id),
            None => nodes[parent].first = Some(id),
        }
        nodes[parent].last = Some(id);
        let depth = nodes[parent].depth + 1;
        nodes[id].depth = depth;
        self.deepest.set(self.deepest.get().max(depth));
    }

    /// Adds a text to the one that ends at `last`, if there is one.
    fn joined(&self, last: Option<Id>, text: &StrTendril) -> bool {
        let mut nodes = self.nodes.borrow_mut();
        match last.map(|last| &mut nodes[last].kind) {
            Some(Kind::Text(old)) => {
                old.push_tendril(text);
                true
            }
            _ => false,
        }
    }
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Dom;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Dom {
        Dom { nodes: self.nodes.into_inner(), cut: false }
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Handle { id: ROOT, name: nameless() }
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        target.name.expanded()
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> Handle {
        let id = self.add(Kind::Element { name: name.clone(), attributes });
        Handle { id, name }
    }

    fn create_comment(&self, _: StrTendril) -> Handle {
        Handle { id: self.add(Kind::Other), name: nameless() }
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        Handle { id: self.add(Kind::Other), name: nameless() }
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        match child {
            NodeOrText::AppendNode(node) => self.attach(parent.id, node.id),
            NodeOrText::AppendText(text) => {
                let last = self.nodes.borrow()[parent.id].last;
                if !self.joined(last, &text) {
                    let id = self.add(Kind::Text(text));
                    self.attach(parent.id, id);
                }
            }
        }
    }

    fn append_based_on_parent_node(&self, element: &Handle, before: &Handle, child: NodeOrText<Handle>) {
        let has_parent = self.nodes.borrow()[element.id].parent.is_some();
        if has_parent { self.append_before_sibling(element, child) } else { self.append(before, child) }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Handle) -> Handle {
        target.clone()
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        x.id == y.id
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        let before = self.nodes.borrow()[sibling.id].before;
        let id = match child {
            NodeOrText::AppendNode(node) => node.id,
            NodeOrText::AppendText(text) if self.joined(before, &text) => return,
            NodeOrText::AppendText(text) => self.add(Kind::Text(text)),
        };
        self.detach(id);
        let mut nodes = self.nodes.borrow_mut();
        let (parent, before) = (nodes[sibling.id].parent, nodes[sibling.id].before);
        nodes[id].parent = parent;
        nodes[id].before = before;
        nodes[id].after = Some(sibling.id);
        nodes[id].depth = nodes[sibling.id].depth;
        nodes[sibling.id].before = Some(id);
        match (before, parent) {
            (Some(before), _) => nodes[before].after = Some(id),
            (None, Some(parent)) => nodes[parent].first = Some(id),
            _ => {}
        }
    }

    fn add_attrs_if_missing(&self, target: &Handle, more: Vec<Attribute>) {
        if let Kind::Element { attributes, .. } = &mut self.nodes.borrow_mut()[target.id].kind {
            for attribute in more {
                if !attributes.iter().any(|a| a.name == attribute.name) {
                    attributes.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.detach(target.id);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        loop {
            let Some(child) = self.nodes.borrow()[node.id].first else { break };
            self.attach(new_parent.id, child);
        }
    }
}
