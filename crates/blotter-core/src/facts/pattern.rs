//! Phrases: short patterns over the words of a text, as the word lists of facts and the codebooks write them.
//!
//! A phrase is words separated by spaces; `kidnap*` is any word that begins so, `(shot|gunned down)` one or the other,
//! `(a|the)?` may be absent, `..` is up to four words of the same sentence. `a|b` needs no brackets where both are one
//! word. Brackets do not nest.

use std::ops::Range;

/// The words and marks that a phrase is looked for in.
pub(crate) trait Words {
    /// How many there are.
    fn len(&self) -> usize;
    /// A word in lower case; "" outside the text.
    fn at(&self, index: usize) -> &str;
    /// Whether no `..` reaches over this word or mark.
    fn ends(&self, index: usize) -> bool;
}

/// The words of a sentence: no gap reaches over a mark.
impl Words for &[crate::layers::words::Word<'_>] {
    fn len(&self) -> usize {
        <[_]>::len(self)
    }

    fn at(&self, index: usize) -> &str {
        self.get(index).map_or("", |w| w.lower.as_str())
    }

    fn ends(&self, index: usize) -> bool {
        self.get(index).is_none_or(|w| !w.is_word())
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
pub(crate) struct Phrase(Vec<Element>);

impl Phrase {
    /// Reads one phrase.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Phrase, String> {
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
    pub(crate) fn list(text: &str) -> Result<Vec<Phrase>, String> {
        text.split(';').map(str::trim).filter(|p| !p.is_empty()).map(Phrase::parse).collect()
    }

    /// One past the last word of a match that begins at word `from`.
    pub(crate) fn end_at(&self, words: &impl Words, from: usize) -> Option<usize> {
        match_from(&self.0, words, from)
    }

    /// Where it first stands.
    pub(crate) fn find(&self, words: &impl Words) -> Option<Range<usize>> {
        (0..words.len()).find_map(|from| Some(from..self.end_at(words, from)?))
    }

    /// Whether it stands anywhere.
    pub(crate) fn stands_in(&self, words: &impl Words) -> bool {
        self.find(words).is_some()
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

fn match_from(elements: &[Element], words: &impl Words, at: usize) -> Option<usize> {
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
            if (at..at + skip).any(|i| words.ends(i)) { None } else { match_from(rest, words, at + skip) }
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_faulty_phrase_says_why() {
        assert!(Phrase::parse("..").is_err());
        assert!(Phrase::parse("").is_err());
        assert!(Phrase::parse("(a|b c").is_err() && Phrase::parse("a (b|(c|d))").is_err());
    }
}
