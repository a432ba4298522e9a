//! The brief as one page of HTML: no script, nothing fetched, for paper and screens, light and dark.

use quick_xml::escape::escape;

use super::markdown::counts;
use super::phrases::moment;
use super::{Head, Note, Notes, Page, Section, Sentence, heading, map};
use crate::error::Error;
use crate::options::Out;

const STYLE: &str = "
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #fff; --faint: #5c5c5c; --line: #c9c9c9; --mark: #a3201a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --paper: #161616; --faint: #a5a5a5; --line: #444; --mark: #ff8a80; } }
@media print { :root { --ink: #000; --paper: #fff; --faint: #444; --line: #bbb; --mark: #8c1d18; } h3, tr, li { break-inside: avoid; } h2, h3 { break-after: avoid; } }
body { font: 16px/1.5 Georgia, 'Times New Roman', serif; color: var(--ink); background: var(--paper); max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3, .tlp, .meta, table { font-family: system-ui, sans-serif; }
h1 { line-height: 1.2; margin-bottom: .3rem; } h2 { border-bottom: 2px solid var(--ink); margin-top: 2.2rem; } h3 { margin: 1.4rem 0 .3rem; font-size: 1.05rem; }
.tlp { font-weight: 700; letter-spacing: .03em; } .meta, .id { color: var(--faint); font-size: .9rem; } .id { font-weight: 400; white-space: nowrap; } caption { text-align: left; }
table { border-collapse: collapse; font-size: .95rem; } th { text-align: left; font-weight: 400; padding-right: 2rem; } td { text-align: right; } th, td { border-bottom: 1px solid var(--line); padding-top: .15rem; padding-bottom: .15rem; }
p { margin: .3rem 0; } sup a { color: var(--mark); text-decoration: none; padding: 0 .1em; } ol.notes { font-size: .85rem; padding-left: 2.4rem; } ol.notes li { overflow-wrap: anywhere; }
svg { width: 100%; height: auto; border: 1px solid var(--line); margin-top: 1rem; } svg .land { fill: none; stroke: var(--faint); stroke-width: .7; } svg circle { fill: var(--mark); fill-opacity: .75; } svg text { font: 11px system-ui, sans-serif; fill: var(--ink); }
";

pub(super) struct Html<'o, 'w> {
    out: &'o mut Out<'w>,
    notes: Notes,
}

impl<'o, 'w> Html<'o, 'w> {
    pub fn new(out: &'o mut Out<'w>) -> Result<Html<'o, 'w>, Error> {
        Ok(Html { out, notes: Notes::new()? })
    }

    fn cited(&mut self, sentence: &Sentence) -> Result<String, Error> {
        let mut words = format!("<span class=\"s\">{}", text(&sentence.text));
        for note in &sentence.notes {
            let number = self.notes.number(note, written)?;
            words.push_str(&format!("<sup><a href=\"#n{number}\">{number}</a></sup>"));
        }
        words.push_str("</span>");
        Ok(words)
    }
}

/// A note of a number.
fn written(number: usize, note: &Note) -> String {
    let place = text(&note.place);
    // Only what is an address of a page is a link.
    let place = match note.url.as_deref().filter(|u| u.starts_with("https://") || u.starts_with("http://")) {
        Some(url) => format!("<a rel=\"noreferrer\" href=\"{}\">{place}</a>", text(url)),
        None => place,
    };
    let quote =
        if note.quote.is_empty() { "Words withheld:".to_owned() } else { format!("<q>{}</q>", text(&note.quote)) };
    format!("<li id=\"n{number}\" value=\"{number}\">{quote} {}, {}, {place}</li>\n", text(&note.by), text(&note.date),)
}

/// A text as HTML takes it.
fn text(words: &str) -> String {
    let shown = |c: &char| !c.is_control() || c.is_whitespace();
    escape(words.chars().filter(shown).collect::<String>()).into_owned()
}

impl Page for Html<'_, '_> {
    fn head(&mut self, head: &Head) -> Result<(), Error> {
        let title = text(&head.title);
        write!(
            self.out,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
             <style>{STYLE}</style>\n</head>\n<body>\n<header>\n<p class=\"tlp\">TLP:{}</p>\n<h1>{title}</h1>\n<p class=\"meta\">",
            head.tlp.name().to_uppercase(),
        )?;
        let mut lines = vec![format!("Record as of {} UTC", moment(&head.as_of))];
        lines.extend(head.since.as_ref().map(|t| format!("new since {} UTC", moment(t))));
        lines.extend(head.made.as_ref().map(|t| format!("made {} UTC", moment(t))));
        let list = head.redacted.join(", ");
        lines.extend((!list.is_empty()).then(|| format!("redacted: {list}")));
        writeln!(self.out, "{}</p>\n<table>\n<caption class=\"meta\">Incidents</caption>", text(&lines.join(" · ")))?;
        for (name, count) in counts(head) {
            writeln!(self.out, "<tr><th scope=\"row\">{name}</th><td>{count}</td></tr>")?;
        }
        writeln!(self.out, "</table>")?;
        map::write(&head.points, self.out)?;
        Ok(writeln!(self.out, "</header>\n<main>")?)
    }

    fn section(&mut self, section: Section, since: bool) -> Result<(), Error> {
        Ok(writeln!(self.out, "<h2>{}</h2>", heading(section, since))?)
    }

    fn incident(
        &mut self,
        number: Option<usize>,
        id: &str,
        title: &str,
        told: &[Sentence],
        lines: &[Sentence],
    ) -> Result<(), Error> {
        self.notes.next();
        let number = number.map(|n| format!("{n}. ")).unwrap_or_default();
        let id = if id == title { String::new() } else { format!(" <span class=\"id\">{}</span>", text(id)) };
        writeln!(self.out, "<h3>{number}{}{id}</h3>", text(title))?;
        let told = told.iter().map(|s| self.cited(s)).collect::<Result<Vec<_>, _>>()?;
        if !told.is_empty() {
            writeln!(self.out, "<p>{}</p>", told.join(" "))?;
        }
        if !lines.is_empty() {
            writeln!(self.out, "<ul>")?;
            for line in lines {
                let line = self.cited(line)?;
                writeln!(self.out, "<li>{line}</li>")?;
            }
            writeln!(self.out, "</ul>")?;
        }
        Ok(())
    }

    fn end(&mut self, head: &Head) -> Result<(), Error> {
        writeln!(self.out, "</main>\n<footer>\n<h2>Notes</h2>\n<ol class=\"notes\">")?;
        self.notes.write(self.out)?;
        let level = head.tlp.name().to_uppercase();
        Ok(writeln!(self.out, "</ol>\n<p class=\"tlp\">TLP:{level}</p>\n</footer>\n</body>\n</html>")?)
    }
}
