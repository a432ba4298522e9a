//! XML that any reader takes: escaped, without the signs that XML does not know.

use quick_xml::Writer;
use quick_xml::escape::escape;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};

use crate::error::Error;
use crate::options::Out;

/// Writes elements.
pub struct Xml<'o, 'w>(Writer<&'o mut Out<'w>>);

impl<'o, 'w> Xml<'o, 'w> {
    /// Begins a document.
    pub fn new(out: &'o mut Out<'w>) -> Result<Xml<'o, 'w>, Error> {
        out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")?;
        Ok(Xml(Writer::new(out)))
    }

    /// Opens an element.
    pub fn open(&mut self, name: &str, attributes: &[(&str, &str)]) -> Result<(), Error> {
        Ok(self.0.write_event(Event::Start(start(name, attributes)))?)
    }

    /// Closes one, and the line.
    pub fn close(&mut self, name: &str) -> Result<(), Error> {
        self.0.write_event(Event::End(BytesEnd::new(name)))?;
        Ok(self.0.get_mut().write_all(b"\n")?)
    }

    /// An element with a text alone.
    pub fn text(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) -> Result<(), Error> {
        self.open(name, attributes)?;
        self.0.write_event(Event::Text(BytesText::new(&clean(text))))?;
        self.close(name)
    }

    /// An element without content.
    pub fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) -> Result<(), Error> {
        Ok(self.0.write_event(Event::Empty(start(name, attributes)))?)
    }
}

fn start<'a>(name: &'a str, attributes: &[(&'a str, &'a str)]) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (name, value) in attributes {
        start.push_attribute((*name, clean(value).as_str()));
    }
    start
}

/// A text as it may stand between tags and in attributes.
pub fn escaped(text: &str) -> String {
    escape(clean(text)).into_owned()
}

/// A text without the signs that XML 1.0 does not allow.
fn clean(text: &str) -> String {
    let allowed = |c: &char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}');
    text.chars().filter(allowed).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn texts_are_escaped_and_known_to_xml() {
        assert_eq!(super::escaped("a <b> & \u{1}\"c\""), "a &lt;b&gt; &amp; &quot;c&quot;");
    }
}
