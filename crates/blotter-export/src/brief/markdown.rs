//! The brief in Markdown (CommonMark with footnotes, as GitHub, Pandoc and Obsidian read them).

use super::phrases::moment;
use super::{Head, Note, Notes, Page, Section, Sentence, heading};
use crate::error::Error;
use crate::options::Out;

pub(super) struct Markdown<'o, 'w> {
    out: &'o mut Out<'w>,
    notes: Notes,
}

impl<'o, 'w> Markdown<'o, 'w> {
    pub fn new(out: &'o mut Out<'w>) -> Result<Markdown<'o, 'w>, Error> {
        Ok(Markdown { out, notes: Notes::new()? })
    }

    fn cited(&mut self, sentence: &Sentence) -> Result<String, Error> {
        let mut words = plain(&sentence.text);
        for note in &sentence.notes {
            let number = self.notes.number(note, written)?;
            words.push_str(&format!("[^{number}]"));
        }
        Ok(words)
    }
}

/// A note of a number.
fn written(number: usize, note: &Note) -> String {
    let url =
        note.url.as_deref().filter(|u| u.starts_with("http")).map(|u| format!(" <{}>", u.replace(['<', '>', ' '], "")));
    let quote = if note.quote.is_empty() { "words withheld".to_owned() } else { format!("\"{}\"", plain(&note.quote)) };
    format!(
        "[^{number}]: {quote} ({}, {}, {}){}\n",
        plain(&note.by),
        plain(&note.date),
        plain(&note.place),
        url.unwrap_or_default()
    )
}

/// A text on one line in which no sign means anything.
fn plain(text: &str) -> String {
    let mut found = String::with_capacity(text.len());
    for c in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '!') {
            found.push('\\');
        }
        found.push(c);
    }
    found
}

impl Page for Markdown<'_, '_> {
    fn head(&mut self, head: &Head) -> Result<(), Error> {
        let mut lines = vec![format!("**TLP:{}**", head.tlp.name().to_uppercase())];
        lines.push(format!("Record as of {} UTC", moment(&head.as_of)));
        lines.extend(head.since.as_ref().map(|t| format!("New since {} UTC", moment(t))));
        lines.extend(head.made.as_ref().map(|t| format!("Made {} UTC", moment(t))));
        let list = head.redacted.join(", ");
        lines.extend((!list.is_empty()).then(|| format!("Redacted: {list}")));
        writeln!(self.out, "# {}\n\n{}\n", plain(&head.title), lines.join(" · "))?;
        writeln!(self.out, "| incidents | |\n|---|---:|")?;
        for (name, count) in counts(head) {
            writeln!(self.out, "| {name} | {count} |")?;
        }
        Ok(())
    }

    fn section(&mut self, section: Section, since: bool) -> Result<(), Error> {
        Ok(writeln!(self.out, "\n## {}\n", heading(section, since))?)
    }

    fn incident(
        &mut self,
        number: Option<usize>,
        id: &str,
        title: &str,
        text: &[Sentence],
        lines: &[Sentence],
    ) -> Result<(), Error> {
        self.notes.next();
        let number = number.map(|n| format!("{n}. ")).unwrap_or_default();
        let id = if id == title { String::new() } else { format!(" ({id})") };
        writeln!(self.out, "### {}{}{id}\n", number.replace('.', "\\."), plain(title))?;
        let told = text.iter().map(|s| self.cited(s)).collect::<Result<Vec<_>, _>>()?;
        if !told.is_empty() {
            writeln!(self.out, "{}\n", told.join(" "))?;
        }
        for line in lines {
            let line = self.cited(line)?;
            writeln!(self.out, "- {line}")?;
        }
        if !lines.is_empty() {
            writeln!(self.out)?;
        }
        Ok(())
    }

    fn end(&mut self, head: &Head) -> Result<(), Error> {
        writeln!(self.out, "\n## Notes\n")?;
        self.notes.write(self.out)?;
        Ok(writeln!(self.out, "\n**TLP:{}**", head.tlp.name().to_uppercase())?)
    }
}

/// What is counted: incidents.
pub(super) fn counts(head: &Head) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let since = head.since.is_some();
    found.push((if since { "new" } else { "told of" }, head.new.to_string()));
    if since {
        found.push(("changed", head.changed.to_string()));
        found.push(("withdrawn", head.withdrawn.to_string()));
    }
    found.push(("disputed", head.disputed.to_string()));
    found.push(("background", head.background.to_string()));
    let (killed, told) = head.killed;
    let which = if since { "killed in new ones, at least" } else { "killed, at least" };
    found.push((which, format!("{killed} (told in {told} of {})", head.new)));
    found
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_sign_means_anything() {
        assert_eq!(super::plain("a *b*\n# c [1](x) <i>"), "a \\*b\\* \\# c \\[1\\](x) \\<i\\>");
    }
}
