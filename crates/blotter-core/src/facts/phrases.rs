//! The parties that stand beside a phrase in its sentence.

use std::ops::Range;

use crate::incidents::Parts;
use crate::layers::entities::{Entity, EntityKind, Form};
use crate::layers::words::Word;
use crate::text::Span;

/// A party further than this many words from its phrase is not its party.
const REACH: usize = 14;

/// A party beside a phrase: its entity where it has one, its name, its words.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Beside {
    pub(crate) entity: Option<usize>,
    pub(crate) name: String,
    pub(crate) words: Span,
}

/// So many words of a name stand between a title and its verb.
const LONGEST_BEHIND_TITLE: usize = 3;

/// Words that lead over from a subject to its verb.
const AUXILIARIES: [&str; 22] = [
    "has",
    "have",
    "had",
    "also",
    "later",
    "earlier",
    "yet",
    "again",
    "however",
    "today",
    "yesterday",
    "is",
    "are",
    "was",
    "were",
    "be",
    "been",
    "to",
    "still",
    "now",
    "immediately",
    "quickly",
];
/// Days, as they stand between a subject and its verb ("a clerk on Wednesday denied").
const DAYS: [&str; 10] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today", "yesterday", "tonight"];
/// Words that no subject reaches over.
const BORDERS: [&str; 14] = [
    "but", "while", "as", "that", "which", "who", "when", "because", "after", "before", "although", "though", "if",
    "and",
];
const PREPOSITIONS: [&str; 16] = [
    "of", "for", "in", "on", "over", "at", "by", "with", "from", "against", "to", "behind", "during", "after", "who",
    "which",
];

/// The subject before the words at `at`: a name right beside them, else the nearest person, organization or country that
/// no preposition governs, else the nearest one, else the noun phrase. Of a participle ("..., urging") the first party of
/// the sentence.
pub(crate) fn subject(parts: Parts<'_>, words: &[Word<'_>], at: usize) -> Option<Beside> {
    let end = words.get(at).or(words.last())?.span.start;
    let first = words[at.saturating_sub(REACH)..at].first()?.span.start;
    let adjacent = |span: Span| between(words, span.end, end).all(|w| w.is(&AUXILIARIES) || w.lower.ends_with("ly"));
    let owner = |span: Span| words.iter().find(|w| w.span.start >= span.end).is_some_and(|w| w.is(&["'s", "'"]));
    let mut near: Vec<(Span, usize)> = mentions(parts.entities)
        .filter(|(span, _)| span.end <= end && words.first().is_some_and(|w| w.span.start <= span.start))
        .filter(|(span, _)| !owner(*span))
        .filter(|(span, entity)| parts.entities[*entity].kind != EntityKind::Place || adjacent(*span))
        .collect();
    near.sort_by_key(|(span, entity)| (std::cmp::Reverse(span.end), span.start, *entity));
    let governed = |span: Span| governed(&words[..words.partition_point(|w| w.span.start < span.start)]);
    if participle(words, at) {
        let main = near.iter().rev().find(|(span, _)| !governed(*span)).copied();
        return main.map(|(span, index)| spoken_for(parts, words, named(parts, index, span)));
    }
    if let Some(name) = name_before(parts, words, at).filter(|n| !near.iter().any(|(s, _)| s.overlaps(n.words))) {
        return Some(name);
    }
    if let Some((title, _)) = near.first()
        && let Some(name) = name_behind_title(parts, words, *title, at)
    {
        return Some(name);
    }
    near.retain(|(span, _)| {
        span.start >= first && !between(words, span.end, end).any(|w| w.is(&[";", ":", "\"", "”"]))
    });
    // "a spokesman for the union, which condemned": the relative means the name right before it.
    let mut back = words[..at].iter().rev().skip_while(|w| w.is(&AUXILIARIES) || w.lower.ends_with("ly"));
    let relative = back.next().is_some_and(|w| w.is(&["which", "who"]));
    let free = near.iter().find(|(span, _)| relative || adjacent(*span) || !governed(*span));
    let chosen = free.or(near.first()).copied();
    let chosen = chosen.map(|(span, index)| spoken_for(parts, words, named(parts, index, span)));
    chosen.or_else(|| phrase_before(parts, words, at))
}

/// Whether a preposition governs what follows the words, which may be the beginning of its name: "met them at the Kesh
/// Police" before "Department".
fn governed(before: &[Word<'_>]) -> bool {
    let shouted = before.iter().all(|w| !w.text.chars().any(char::is_lowercase));
    let mut back =
        before.iter().rev().skip_while(|w| !shouted && w.is_capital() && w.is_word() && !w.is(&PREPOSITIONS));
    let article = |w: &&Word<'_>| w.is(&["the", "a", "an"]);
    let governs = |w: &Word<'_>| w.is(&PREPOSITIONS);
    match back.next() {
        Some(word) if article(&word) && before.last().is_some_and(|w| w.is_capital() && !shouted) => {
            back.next().is_some_and(governs)
        }
        word => word.is_some_and(governs),
    }
}

/// Where what stands before a verb at `at` ends: before its auxiliaries, adverbs and days.
fn subject_end(words: &[Word<'_>], at: usize) -> usize {
    let mut end = at;
    while end > 0 {
        let word = &words[end - 1];
        let day = word.is(&DAYS);
        if !(day || word.is(&AUXILIARIES) || word.lower.ends_with("ly")) {
            break;
        }
        end -= 1;
        if day && end > 0 && words[end - 1].is(&["on", "late", "early"]) {
            end -= 1;
        }
    }
    end
}

/// Whether the word is a participle that leans on a clause before it: no form of "be" stands right before it.
fn participle(words: &[Word<'_>], at: usize) -> bool {
    let ing = words.get(at).is_some_and(|w| w.lower.len() > 5 && w.lower.ends_with("ing"));
    let mut before = words[..at].iter().rev().skip_while(|w| w.is(&["also", "now", "still", "again"]));
    ing && !before.next().is_some_and(|w| w.is(&["is", "are", "was", "were", "be", "been"]))
}

/// A name in capitals right before the words at `at` that no entity covers ("for which Karstites have claimed").
fn name_before(parts: Parts<'_>, words: &[Word<'_>], at: usize) -> Option<Beside> {
    let end = subject_end(words, at);
    let shouted = words.iter().filter(|w| w.text.len() > 3).all(|w| !w.text.chars().any(char::is_lowercase));
    let length = words[..end].iter().rev().take(4).take_while(|w| w.is_capital() && w.is_word()).count();
    // The first word of a sentence has a capital of its own.
    let length = if end == length { length.saturating_sub(1) } else { length };
    (length > 0 && !shouted && !governed(&words[..end - length]))
        .then(|| phrase(parts, words, end - length..end))
        .flatten()
}

/// The name between a title that is a mention of its own and the verb at `at`: "Defence Secretary Jan Holm offered", and in
/// text without capitals "chief minister jan holm has demanded".
fn name_behind_title(parts: Parts<'_>, words: &[Word<'_>], title: Span, at: usize) -> Option<Beside> {
    const TITLES: [&str; 14] = [
        "minister",
        "secretary",
        "chief",
        "president",
        "premier",
        "leader",
        "commissioner",
        "superintendent",
        "governor",
        "mayor",
        "spokesman",
        "spokeswoman",
        "mla",
        "mp",
    ];
    let start = words.partition_point(|w| w.span.start < title.end);
    let (titled, end) = (words[..start].last()?, subject_end(words, at));
    let name = words.get(start..end).filter(|name| (1..=LONGEST_BEHIND_TITLE).contains(&name.len()))?;
    let small = words.iter().all(|w| !w.is_capital());
    let named = |w: &Word<'_>| {
        w.is_word() && (small || w.is_capital()) && !w.is(&BORDERS) && !w.is(&PREPOSITIONS) && !w.lower.ends_with("ing")
    };
    (titled.is(&TITLES) && name.iter().all(named)).then(|| phrase(parts, words, start..end)).flatten()
}

/// For an unnamed spokesman the organization that he speaks for: "a spokesman for the Karst Front" → the Karst Front.
fn spoken_for(parts: Parts<'_>, words: &[Word<'_>], party: Beside) -> Beside {
    const VOICES: [&str; 11] = [
        "spokesman",
        "spokeswoman",
        "spokesperson",
        "spokesmen",
        "representative",
        "statement",
        "communique",
        "caller",
        "message",
        "leader",
        "member",
    ];
    let unnamed = party.entity.is_none_or(|e| !parts.entities[e].mentions.iter().any(|m| m.form == Form::Name));
    let lower = party.name.to_lowercase();
    if !unnamed || !VOICES.iter().any(|v| super::has_words(&lower, v)) {
        return party;
    }
    let after: Vec<&Word<'_>> = words.iter().filter(|w| w.span.start >= party.words.end).take(3).collect();
    let of = after.first().is_some_and(|w| w.is(&["for", "of", "from"]));
    let reach = after.last().map_or(party.words.end, |w| w.span.end);
    let body = mentions(parts.entities)
        .filter(|(_, entity)| parts.entities[*entity].kind == EntityKind::Organization)
        .filter(|(span, _)| span.start >= party.words.end && span.start < reach)
        .min_by_key(|(span, entity)| (span.start, std::cmp::Reverse(span.end), *entity));
    match body.filter(|_| of) {
        Some((span, index)) => named(parts, index, span),
        None => party,
    }
}

/// The parties after the words that end at `at`: one that begins at most three words later, and those joined to it.
pub(crate) fn objects(parts: Parts<'_>, words: &[Word<'_>], at: usize) -> Vec<Beside> {
    let Some(first) = words.get(at) else { return Vec::new() };
    let last = words[at..].iter().take(4).next_back().unwrap_or(first).span.start;
    let mut after: Vec<(Span, usize)> =
        mentions(parts.entities).filter(|(span, _)| span.start >= first.span.start).collect();
    after.sort_by_key(|(span, entity)| (span.start, std::cmp::Reverse(span.end), *entity));
    let mut found: Vec<Beside> = Vec::new();
    let mut end = None;
    for (span, index) in after {
        let joined = match end {
            None => span.start <= last && !between(words, first.span.start, span.start).any(|w| w.is(&PREPOSITIONS)),
            Some(end) if span.start < end => continue,
            Some(end) => {
                let lead: Vec<&Word<'_>> = between(words, end, span.start).collect();
                lead.len() < 4
                    && lead.iter().any(|w| w.is(&["and", ","]))
                    && lead.iter().all(|w| w.is(&["and", ",", "the", "of"]))
            }
        };
        if !joined || span.start > words[words.len() - 1].span.start {
            break;
        }
        end = Some(span.end);
        found.push(named(parts, index, span));
    }
    if found.is_empty() {
        let length = words[at..].iter().take(6).take_while(|w| w.is_word() && !w.is(&PREPOSITIONS)).count();
        found.extend(phrase(parts, words, at..at + length));
    }
    found
}

/// The words of a sentence that lie between two bytes.
fn between<'w, 't>(words: &'w [Word<'t>], from: usize, to: usize) -> impl Iterator<Item = &'w Word<'t>> {
    words.iter().filter(move |w| w.span.start >= from && w.span.end <= to)
}

/// Mentions of people and organizations, and names of places that may stand for a government.
fn mentions(entities: &[Entity]) -> impl Iterator<Item = (Span, usize)> + '_ {
    entities.iter().enumerate().flat_map(|(index, entity)| {
        let speaks = matches!(entity.kind, EntityKind::Person | EntityKind::Organization);
        let mentions = entity.mentions.iter();
        mentions
            .filter(move |m| speaks || entity.kind == EntityKind::Place && m.form == Form::Name)
            .map(move |m| (m.span, index))
    })
}

/// The entity's name; for an entity without one, the words of the mention; for a pronoun, the last person named.
fn named(parts: Parts<'_>, index: usize, span: Span) -> Beside {
    let text = parts.input.text();
    let has_name = |e: &Entity| e.mentions.iter().any(|m| m.form == Form::Name);
    let words = span.of(text);
    let pronoun = matches!(words.to_lowercase().as_str(), "he" | "she" | "they" | "who" | "him" | "her" | "them");
    let mut entity = index;
    if pronoun && !has_name(&parts.entities[index]) {
        let people = parts.entities.iter().enumerate().filter(|(_, e)| e.kind == EntityKind::Person && has_name(e));
        let mentions = people.flat_map(|(i, e)| e.mentions.iter().map(move |m| (m.span.end, i)));
        entity = mentions.filter(|(end, _)| *end <= span.start).max().map_or(index, |(_, i)| i);
    }
    let known = has_name(&parts.entities[entity]);
    let name = if known { parts.entities[entity].name.clone() } else { words.to_owned() };
    Beside { entity: Some(entity), name, words: span }
}

fn phrase_before(parts: Parts<'_>, words: &[Word<'_>], at: usize) -> Option<Beside> {
    let end = subject_end(words, at);
    let length = words[..end].iter().rev().take(6).take_while(|w| w.is_word() && !w.is(&BORDERS)).count();
    let start = end - length;
    let cut =
        words[start..end].iter().position(|w| w.is(&["on", "in", "at", "during", "after", "from", "with", "said"]));
    let own = cut.filter(|c| *c > 0).map_or(end, |c| start + c);
    // A noun phrase begins with an article, a number or a name; "made a new call for" has none.
    let first = words.get(start)?;
    let shouted = first.is_upper();
    let begins =
        first.is(&["the", "a", "an", "some", "many", "several", "two", "three", "hundreds", "thousands", "all"]);
    (begins || !shouted && first.is_capital()).then(|| phrase(parts, words, start..own)).flatten()
}

fn phrase(parts: Parts<'_>, words: &[Word<'_>], range: Range<usize>) -> Option<Beside> {
    let inside = &words[range];
    let span = Span::new(inside.first()?.span.start, inside.last()?.span.end);
    let name = span.of(parts.input.text()).to_owned();
    let pronoun = inside.len() == 1 && inside[0].is(&["it", "he", "she", "they", "them", "him", "her", "us", "this"]);
    (!pronoun).then_some(Beside { entity: None, name, words: span })
}
