//! The words that the phrases of a codebook are looked for in.

pub(super) use crate::facts::pattern::Phrase;
use crate::facts::pattern::Words as Line;
use crate::text::Span;

/// The words and punctuation marks of a text, in lower case, with where they stand.
#[derive(Clone, Debug, Default)]
pub(super) struct Words<'a> {
    text: &'a str,
    lower: Vec<String>,
    spans: Vec<Span>,
}

impl<'a> Words<'a> {
    /// The words under a span of the text.
    pub(super) fn of(text: &'a str, span: Span) -> Words<'a> {
        let mut words = Words { text, ..Words::default() };
        let mut start = None;
        for (at, c) in span.of(text).char_indices() {
            let at = span.start + at;
            let inner = c.is_alphanumeric() || (start.is_some() && matches!(c, '\'' | '’' | '-' | '.'));
            match (inner, start) {
                (true, None) => start = Some(at),
                (true, Some(_)) => {}
                (false, begun) => {
                    begun.into_iter().for_each(|s| words.push(Span::new(s, at)));
                    start = None;
                    if !c.is_whitespace() {
                        words.push(Span::new(at, at + c.len_utf8()));
                    }
                }
            }
        }
        start.into_iter().for_each(|s| words.push(Span::new(s, span.end)));
        words
    }

    /// Adds a word; the full stop of a sentence's last word is split off, that of "U.S." is not, "'s" is.
    fn push(&mut self, span: Span) {
        let word = span.of(self.text);
        let bare = word.trim_end_matches(['.', '\'', '’', '-']);
        let keep = if bare.contains('.') || bare.is_empty() { word } else { bare };
        let owner = keep.strip_suffix("'s").or_else(|| keep.strip_suffix("’s")).unwrap_or(keep);
        for part in [owner, &word[owner.len()..]] {
            if !part.is_empty() {
                let start = if part.len() == owner.len() && std::ptr::eq(part, owner) {
                    span.start
                } else {
                    span.end - part.len()
                };
                self.lower.push(part.to_lowercase().replace('’', "'"));
                self.spans.push(Span::new(start, start + part.len()));
            }
        }
    }

    pub(super) fn extend(&mut self, more: Words<'a>) {
        if self.lower.is_empty() {
            self.text = more.text;
        }
        self.lower.extend(more.lower);
        self.spans.extend(more.spans);
    }

    pub(super) fn len(&self) -> usize {
        self.lower.len()
    }

    /// A word in lower case; "" outside the text.
    pub(super) fn at(&self, index: usize) -> &str {
        self.lower.get(index).map_or("", String::as_str)
    }

    /// The text from one word up to, not including, another.
    pub(super) fn span(&self, from: usize, to: usize) -> Option<Span> {
        (from < to && to <= self.len()).then(|| Span::new(self.spans[from].start, self.spans[to - 1].end))
    }

    /// The text under a stretch of words.
    pub(super) fn quote(&self, from: usize, to: usize) -> Option<&'a str> {
        self.span(from, to).map(|s| s.of(self.text))
    }
}

impl Line for Words<'_> {
    fn len(&self) -> usize {
        Words::len(self)
    }

    fn at(&self, index: usize) -> &str {
        Words::at(self, index)
    }

    fn ends(&self, index: usize) -> bool {
        matches!(self.at(index), "" | "." | "!" | "?" | ";")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(phrase: &str, text: &str) -> Option<String> {
        let words = Words::of(text, Span::new(0, text.len()));
        let phrase = Phrase::parse(phrase).expect("a phrase");
        (0..words.len())
            .find_map(|from| phrase.end_at(&words, from).and_then(|to| words.quote(from, to)))
            .map(str::to_owned)
    }

    #[test]
    fn phrases_find_words() {
        assert_eq!(found("kidnap*", "Gunmen Kidnapped two.").as_deref(), Some("Kidnapped"));
        assert_eq!(found("lay* down (its|their)? (arms|weapons)", "It laid down weapons"), None);
        assert_eq!(
            found("laid down (its|their)? (arms|weapons)", "It laid down weapons").as_deref(),
            Some("laid down weapons")
        );
        assert_eq!(
            found("sign* .. deal", "They signed a long peace deal.").as_deref(),
            Some("signed a long peace deal")
        );
        assert_eq!(found("sign* .. deal", "They signed. A deal"), None);
        assert_eq!(
            found("(set fire|torch*) (to)? houses", "They set fire to houses").as_deref(),
            Some("set fire to houses")
        );
        assert_eq!(found("u.s. embassy", "near the U.S. Embassy.").as_deref(), Some("U.S. Embassy"));
        assert_eq!(found("mayor 's house", "the mayor’s house").as_deref(), Some("mayor’s house"));
    }

    #[test]
    fn any_text_splits() {
        for text in ["", "’", "'''", "é’s", "a.b.", "...", "U.S.-led", "x’s’s.", "\u{301}'-"] {
            let words = Words::of(text, Span::new(0, text.len()));
            for i in 0..words.len() {
                assert!(words.quote(i, i + 1).is_some());
            }
        }
    }
}
