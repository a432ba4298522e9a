//! Phrases: short patterns over the words of a text.
//!
//! A phrase is words separated by spaces; `kidnap*` is any word that begins so, `(shot|gunned down)` one or the other,
//! `(a|the)?` may be absent, `..` is up to four words of the same sentence. Brackets do not nest.

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

/// A word, or the beginning of one where the flag is set.
type Word = (String, bool);

/// One element of a phrase.
#[derive(Clone, Debug, PartialEq)]
enum Element {
    /// One of these sequences of words; may be absent where the flag is set.
    Words(Vec<Vec<Word>>, bool),
    /// Up to four words, none of them the end of a sentence.
    Gap,
}

/// A pattern over words.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Phrase(Vec<Element>);

impl Phrase {
    /// Reads one phrase.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Phrase, String> {
        let mut elements = Vec::new();
        for part in parts(&text.to_lowercase())? {
            if part == ".." {
                elements.push(Element::Gap);
                continue;
            }
            let (part, optional) = part.strip_suffix('?').map_or((part.as_str(), false), |p| (p, true));
            let inner = part.strip_prefix('(').and_then(|p| p.strip_suffix(')')).unwrap_or(part);
            let word = |w: &str| w.strip_suffix('*').map_or((w.to_owned(), false), |p| (p.to_owned(), true));
            let choices = inner.split('|').map(|c| c.split_whitespace().map(word).collect()).collect();
            elements.push(Element::Words(choices, optional));
        }
        match elements.first() {
            Some(Element::Words(_, false)) => Ok(Phrase(elements)),
            Some(_) => Err(format!("`{text}` must begin with a word that is always there")),
            None => Err("an empty phrase".to_owned()),
        }
    }

    /// Reads phrases separated by `;`.
    pub(super) fn list(text: &str) -> Result<Vec<Phrase>, String> {
        text.split(';').map(str::trim).filter(|p| !p.is_empty()).map(Phrase::parse).collect()
    }

    /// One past the last word of a match that begins at word `from`.
    pub(super) fn end_at(&self, words: &Words<'_>, from: usize) -> Option<usize> {
        match_from(&self.0, words, from)
    }

    /// Whether it stands anywhere.
    pub(super) fn stands_in(&self, words: &Words<'_>) -> bool {
        (0..words.len()).any(|from| self.end_at(words, from).is_some())
    }
}

/// The parts of a phrase: at spaces, save within brackets.
fn parts(text: &str) -> Result<Vec<String>, String> {
    let mut found: Vec<String> = Vec::new();
    let mut open = false;
    for word in text.split_whitespace() {
        match found.last_mut().filter(|_| open) {
            Some(last) => *last += &format!(" {word}"),
            None => found.push(word.to_owned()),
        }
        let last = found.last().map_or("", String::as_str);
        let (opened, closed) = (last.matches('(').count(), last.matches(')').count());
        if opened > 1 || closed > opened {
            return Err(format!("`{last}`: brackets do not nest"));
        }
        open = opened > closed;
    }
    if open { Err(format!("`{text}`: a bracket is not closed")) } else { Ok(found) }
}

fn is(word: &str, (pattern, prefix): &Word) -> bool {
    !word.is_empty() && if *prefix { word.starts_with(pattern.as_str()) } else { word == pattern }
}

fn match_from(elements: &[Element], words: &Words<'_>, at: usize) -> Option<usize> {
    let Some((first, rest)) = elements.split_first() else { return Some(at) };
    match first {
        Element::Words(choices, optional) => {
            let taken = choices.iter().find_map(|choice| {
                let fits = choice.iter().enumerate().all(|(i, word)| is(words.at(at + i), word));
                if fits { match_from(rest, words, at + choice.len()) } else { None }
            });
            taken.or_else(|| if *optional { match_from(rest, words, at) } else { None })
        }
        Element::Gap => (0..=4).find_map(|skip| {
            let crossed = (at..at + skip).any(|i| matches!(words.at(i), "" | "." | "!" | "?" | ";"));
            if crossed { None } else { match_from(rest, words, at + skip) }
        }),
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
    fn a_faulty_phrase_says_why() {
        assert!(Phrase::parse("..").is_err());
        assert!(Phrase::parse("").is_err());
        assert!(Phrase::parse("(a|b c").is_err() && Phrase::parse("a (b|(c|d))").is_err());
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
