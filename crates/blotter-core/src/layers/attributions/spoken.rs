//! Statements found by rules: "two died, police said", "according to X, ...", "X told Y that ...".
//!
//! The rules stand in for the model where it is silent. They read one sentence at a time, by the words of
//! `data/attributions/cues.txt`; `quotes` then gives whole quotations to whoever speaks in their paragraph.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::{Attribution, quotes};
use crate::data::DataError;
use crate::layers::Input;
use crate::layers::entities::Entity;
use crate::layers::words::Word;
use crate::text::Span;

const CUES: &str = include_str!("../../../data/attributions/cues.txt");
const CUES_FILE: &str = "data/attributions/cues.txt";
const KINDS: [&str; 12] = [
    "plain",
    "clause",
    "noun",
    "skip",
    "be",
    "stop",
    "preposition",
    "day",
    "determiner",
    "quantity",
    "adjective",
    "speaker",
];
/// A source has at most this many words.
const LONGEST_SOURCE: usize = 14;
/// "Tarn County police: .." in a headline: a source before a colon has at most this many words.
const HEADED: usize = 4;
/// "said [on Monday in a statement] that": how far after the verb "that" is looked for.
const TO_THAT: usize = 8;
/// "..., police said [on Monday in Tarn].": how many words may follow a verb that ends its sentence.
const TAIL: usize = 8;
/// How sure a rule is, 0 to 1: about the share of its contents that developers' readings agreed with.
const CONFIDENCE: f64 = 0.6;

/// The rules with their word lists.
pub(super) struct Spoken {
    words: HashMap<&'static str, HashSet<String>>,
}

/// One statement as word indices of its sentence.
#[derive(Clone, Debug, Default, PartialEq)]
struct Said {
    source: Range<usize>,
    cue: Range<usize>,
    content: Vec<Range<usize>>,
    /// What is said stands after its verb, up to the end of the sentence.
    open: bool,
}

impl Spoken {
    /// Loads the word lists.
    ///
    /// # Errors
    /// The line and reason of a fault in them.
    pub(super) fn load() -> Result<Spoken, DataError> {
        let mut words: HashMap<&'static str, HashSet<String>> = HashMap::new();
        for (line, name, list) in super::lists(CUES, CUES_FILE)? {
            let kind = KINDS.iter().find(|k| **k == name).ok_or(DataError::new(CUES_FILE, line, "no such kind"))?;
            words.entry(kind).or_default().extend(list);
        }
        Ok(Spoken { words })
    }

    /// The statements of the report, in order, without speakers, forms and stances.
    pub(super) fn read(&self, input: Input<'_>, entities: &[Entity]) -> Vec<Attribution> {
        let words = crate::layers::words::read(input);
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let end = at + words[at..].iter().take_while(|w| w.sentence == words[at].sentence).count();
            let here = &words[at..end];
            let headline = input.report.headline.is_some_and(|h| h.overlaps(here[0].span));
            let headed = headline.then(|| self.headed(here)).flatten();
            for said in headed.map_or_else(|| self.sentence(here, entities), |said| vec![said]) {
                let mut attribution = resolve(here, &said);
                if attribution.content.is_empty() {
                    attribution.content.extend(self.announced(input, &words[end..]));
                }
                if !attribution.content.is_empty() {
                    found.push(attribution);
                }
            }
            at = end;
        }
        quotes::give(input, &mut found);
        found
    }

    /// Whether the word is one of the list of that kind.
    pub(super) fn is(&self, word: &Word<'_>, kind: &str) -> bool {
        self.words.get(kind).is_some_and(|list| list.contains(&word.lower))
    }

    fn sentence(&self, words: &[Word<'_>], entities: &[Entity]) -> Vec<Said> {
        let mut found: Vec<Said> = Vec::new();
        let mut from = 0;
        for k in 0..words.len() {
            if k < from {
                continue;
            }
            let said = if words[k].lower == "according" && words.get(k + 1).is_some_and(|w| w.lower == "to") {
                self.according(words, k)
            } else if self.is_cue(words, k) {
                let before = found.last().map(|s: &Said| s.source.clone());
                self.said(words, k, from, before, entities)
            } else {
                None
            };
            let Some(said) = said else { continue };
            from = said.cue.end.max(if said.source.start > k { said.source.end } else { 0 });
            if let Some(last) = found.last_mut().filter(|last| last.open && said.open) {
                let own = said.source.start > last.cue.start;
                cut(words, last, if own { said.source.start.min(said.cue.start) } else { said.cue.start });
            }
            found.push(said);
        }
        found
    }

    /// A headline that names its source before or behind a colon: "Police: Two men shot in Tarn".
    fn headed(&self, words: &[Word<'_>]) -> Option<Said> {
        let colon = words.iter().position(|w| w.lower == ":").filter(|at| *at > 0)?;
        let (before, behind) = (0..colon, colon + 1..words.len());
        let speaks = |range: &Range<usize>| {
            let here = &words[range.clone()];
            (1..=HEADED).contains(&here.len())
                && here.iter().all(Word::is_word)
                && self.is(&here[here.len() - 1], "speaker")
        };
        let (source, content) = match (speaks(&before), speaks(&behind)) {
            (true, _) => (before, behind),
            (false, true) => (behind, before),
            _ => return None,
        };
        (!content.is_empty()).then(|| Said { source, cue: colon..colon + 1, content: one(content), open: false })
    }

    /// Whether the word is a verb of saying in the active voice.
    fn is_cue(&self, words: &[Word<'_>], k: usize) -> bool {
        let word = &words[k];
        let (plain, noun) = (self.is(word, "plain"), self.is(word, "noun"));
        if !plain && !noun && !self.is(word, "clause") {
            return false;
        }
        // "He didn't believe it was real" says nothing.
        let negated = |w: &Word<'_>| w.lower == "not" || w.lower.ends_with("n't") || w.lower.ends_with("n’t");
        if !plain && words[..k].last().is_some_and(negated) {
            return false;
        }
        let before = words[..k].iter().rev().find(|w| !self.is_adverb(w));
        let next = words.get(k + 1);
        if before.is_some_and(|w| self.is(w, "be") || w.lower == "to" || self.is(w, "determiner"))
            || next.is_some_and(|w| w.is(&["to", "by"]))
            || words[k + 1..].iter().take(4).any(|w| w.is(&["life", "lives"])) && !plain
        {
            return false;
        }
        if noun {
            let verb = before.is_some_and(|w| self.is(w, "speaker") || w.is_capital() && k > 1);
            let clause = next.is_some_and(|w| w.is_word() && !self.is(w, "preposition") && !w.is(&["and", "or"]));
            return next.is_some_and(|w| w.lower == "that") || verb && (clause || next.is_none_or(|w| !w.is_word()));
        }
        plain || next.is_none_or(|w| !w.is(&["and", "or"]))
    }

    /// Whether the word may stand between a source and its verb.
    pub(super) fn is_adverb(&self, word: &Word<'_>) -> bool {
        self.is(word, "skip") || word.lower.len() > 4 && word.lower.ends_with("ly")
    }

    /// "According to X, ..." and "..., according to X": all the rest of the sentence is X's.
    fn according(&self, words: &[Word<'_>], k: usize) -> Option<Said> {
        let source = self.source_right(words, k + 2);
        if source.is_empty() {
            return None;
        }
        let content = vec![0..k, source.end..words.len()];
        Some(Said { cue: k..k + 2, source, content, open: false })
    }

    #[allow(clippy::single_range_in_vec_init, reason = "a content is a list of word ranges, often of one")]
    fn said(
        &self,
        words: &[Word<'_>],
        k: usize,
        from: usize,
        before: Option<Range<usize>>,
        entities: &[Entity],
    ) -> Option<Said> {
        let cue = k..k + 1;
        if k > from && self.inverted(words, k) {
            let source = self.source_right(words, k + 1);
            let content = vec![from..k, source.end..words.len()];
            let whole = words[source.end..].first().is_some_and(|w| w.lower == ",")
                && words[source.end..].get(1).is_some_and(is_quote);
            let content = if whole { content } else { content[..1].to_vec() };
            return (!source.is_empty()).then_some(Said { cue, source, content, open: false });
        }
        let own = self.source_left(words, k, from, entities);
        let source = own.clone().or(before)?;
        let begins = own.map_or(k, |s| s.start);
        if begins > from && (is_quote(&words[begins - 1]) || words[begins - 1].lower == ",") && begins - from > 2 {
            match self.after(words, k) {
                After::Nothing => return Some(Said { cue, source, content: one(from..begins), open: false }),
                After::Mark => {
                    let content = vec![from..begins, k + 1..words.len()];
                    return Some(Said { cue, source, content, open: false });
                }
                After::Statement => {}
            }
        }
        let content = one(self.statement(words, k)..words.len());
        Some(Said { cue, source, content, open: true })
    }

    /// Whether the source follows: `"...," said Jan Holm`.
    fn inverted(&self, words: &[Word<'_>], k: usize) -> bool {
        let before = &words[k - 1];
        let Some(next) = words.get(k + 1) else { return false };
        let starts = next.is_capital() || self.is(next, "determiner") || self.is(next, "speaker");
        if !starts || !self.is(&words[k], "plain") || next.lower == "that" {
            return false;
        }
        let verb = words[k + 1..].iter().any(|w| self.is(w, "be") || w.is(&["has", "had", "have"]));
        is_quote(before) || before.lower == "," && words.len() - k < 16 && !verb
    }

    fn after(&self, words: &[Word<'_>], k: usize) -> After {
        let rest = &words[k + 1..];
        let told = words[k].is(&["told", "tells"]);
        match rest.first() {
            None => After::Nothing,
            Some(w) if w.is(&[".", "!", "?", ")"]) => After::Nothing,
            Some(w) if !w.is_word() && w.lower != ":" => After::Mark,
            Some(w) if told || self.is(w, "preposition") || self.is(w, "day") || self.is_adverb(w) => {
                let long = rest.iter().filter(|w| w.is_word()).count() > TAIL;
                if rest.iter().take(TO_THAT).any(|w| w.lower == "that") || long {
                    After::Statement
                } else {
                    After::Nothing
                }
            }
            Some(_) => After::Statement,
        }
    }

    /// The word where the statement after a verb begins: after "that", a day, whom it is told.
    fn statement(&self, words: &[Word<'_>], k: usize) -> usize {
        let rest = &words[k + 1..];
        let told = words[k].is(&["told", "tells", "informed"]);
        let loose = told
            || rest.first().is_some_and(|w| {
                self.is(w, "preposition") || self.is(w, "day") || self.is_adverb(w) || w.lower == "that"
            });
        if let Some(that) = rest.iter().take(TO_THAT).position(|w| w.lower == "that").filter(|_| loose) {
            return k + 2 + that;
        }
        let mut at = k + 1;
        if told {
            at += usize::from(words.get(at).is_some_and(|w| self.is(w, "determiner")));
            let name = words[at.min(words.len())..].iter().take_while(|w| w.is_capital()).count();
            at += name.max(1);
        }
        while words.get(at).is_some_and(|w| w.is(&[",", ":"])) {
            at += 1;
        }
        at.min(words.len())
    }

    /// The words of the source that end before the verb at `k`.
    fn source_left(&self, words: &[Word<'_>], k: usize, from: usize, entities: &[Entity]) -> Option<Range<usize>> {
        let mut end = k;
        while end > from && (self.is_adverb(&words[end - 1]) || self.is(&words[end - 1], "day")) {
            end -= 1;
        }
        if end < k && end > from && words[end - 1].is(&["on", "in", "late", "early"]) {
            end -= 1;
        }
        if end > from && words[end - 1].lower == "who" {
            end -= 1;
        }
        if end > from && words[end - 1].lower == "," {
            // "Ana Holm, a guard, said": the name stands before the first of the two commas.
            let first = words[from..end - 1].iter().rposition(|w| w.lower == ",");
            end = match first {
                Some(comma) => from + comma,
                None if words[k - 1].lower == "who" => end - 1,
                None => return None,
            };
        }
        let mut start = end;
        while start > from && end - start < LONGEST_SOURCE {
            let word = &words[start - 1];
            let mark = !word.is_word() && !word.is(&["'s", "’s", "-", "&", "'", "’"]);
            if mark || self.is(word, "stop") || self.is(word, "plain") {
                break;
            }
            start -= 1;
        }
        while start < end && (self.is_adverb(&words[start]) || self.is(&words[start], "day")) {
            start += 1;
        }
        if start < end && self.is(&words[start], "preposition") || end - start >= LONGEST_SOURCE {
            start = tail(words, start..end, entities);
        }
        (start < end && words[start..end].iter().any(|w| w.is_word())).then_some(start..end)
    }

    /// The words of the source that begin at `start`.
    fn source_right(&self, words: &[Word<'_>], start: usize) -> Range<usize> {
        let ends = |at: usize, w: &Word<'_>| {
            let mark = !w.is_word() && !w.is(&["'s", "’s", "-", "&", "'", "’"]);
            let more = self.is(w, "preposition") && !w.is(&["of", "for"]);
            // "According to the report the gunmen fled": a second article begins the statement.
            let anew = at > start && w.is(&["the", "a", "an"]) && !words[at - 1].is(&["of", "for", "and"]);
            mark || more || anew || self.is(w, "stop") || self.is(w, "day")
        };
        let rest = words.iter().enumerate().skip(start).take(LONGEST_SOURCE);
        start..start + rest.take_while(|(at, w)| !ends(*at, w)).count()
    }

    /// What follows "X said:" at the end of a sentence: the words up to the next verb of saying, 20 sentences at most.
    fn announced(&self, input: Input<'_>, rest: &[Word<'_>]) -> Option<Span> {
        let first = rest.first()?;
        let end = (0..rest.len())
            .find(|&k| rest[k].sentence >= first.sentence + 20 || self.is(&rest[k], "plain") && self.is_cue(rest, k));
        let last = match end {
            None => rest.len(),
            Some(k) => rest.iter().position(|w| w.sentence == rest[k].sentence).unwrap_or(0),
        };
        let last = rest[..last].last()?;
        let announces = input.text()[..first.span.start].trim_end().ends_with(':');
        announces.then(|| Span::new(first.span.start, last.span.end))
    }
}

/// What stands after a verb of saying.
enum After {
    Nothing,
    Mark,
    Statement,
}

fn one(range: Range<usize>) -> Vec<Range<usize>> {
    std::iter::once(range).collect()
}

fn is_quote(word: &Word<'_>) -> bool {
    word.is(&["\"", "”", "“", "''"])
}

/// The end of a range that begins with a preposition: the mention that ends there, else its capitals or last word.
fn tail(words: &[Word<'_>], range: Range<usize>, entities: &[Entity]) -> usize {
    let end = words[range.end - 1].span.end;
    let mentions = entities.iter().flat_map(|e| &e.mentions).filter(|m| m.span.end == end);
    let inside = mentions.map(|m| m.span.start).filter(|s| *s > words[range.start].span.start).min();
    if let Some(start) = inside.and_then(|s| range.clone().find(|i| words[*i].span.start >= s)) {
        return start;
    }
    if range.len() < 2 {
        return range.end;
    }
    let capitals = words[range.clone()].iter().rev().take_while(|w| w.is_capital()).count();
    range.end - capitals.clamp(1, range.len() - 1)
}

/// Ends an open statement before the word at `at`, without the comma and conjunction that lead over.
fn cut(words: &[Word<'_>], said: &mut Said, at: usize) {
    for range in &mut said.content {
        range.end = range.end.min(at).max(range.start);
        while range.end > range.start
            && (!words[range.end - 1].is_word() || words[range.end - 1].is(&["and", "but", "while", "as"]))
            && !is_quote(&words[range.end - 1])
        {
            range.end -= 1;
        }
    }
}

/// Words → places in the text; marks around a piece fall away, but quotation marks stay.
fn resolve(words: &[Word<'_>], said: &Said) -> Attribution {
    let span = |range: &Range<usize>| {
        let stays = |w: &Word<'_>| w.is_word() || is_quote(w) || w.is(&["$", "'s", "’s", "]", ")"]);
        let inside = &words[range.start.min(words.len())..range.end.min(words.len())];
        let first = inside.iter().position(|w| stays(w) && !w.is(&["]", ")"]))?;
        let last = inside.iter().rposition(stays).filter(|l| *l >= first)?;
        let told = inside[first..=last].iter().any(Word::is_word);
        told.then(|| Span::new(inside[first].span.start, inside[last].span.end))
    };
    Attribution {
        source: span(&said.source).into_iter().collect(),
        // A colon is a cue as well.
        cue: words.get(said.cue.clone()).and_then(|w| Some(w.first()?.span.join(w.last()?.span))).into_iter().collect(),
        content: said.content.iter().filter_map(span).collect(),
        confidence: CONFIDENCE,
        ..Attribution::default()
    }
}

#[cfg(test)]
mod tests;
