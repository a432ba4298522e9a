//! Rows beyond incidents: who did what to whom, from events, attributions and verbs of the text.
//!
//! The verbs of a codebook are phrases; the words before one are its actor, the words after it its recipient (turned
//! round in the passive with "by"). This is shallow on purpose: it reads the order of words, not their grammar, after
//! the manner of the event coders TABARI and PETRARCH (Schrodt 2001, Norris et al. 2017), with a word list of our own.

use super::phrases::{Phrase, Words};
use super::subject::Read;
use super::{Codebook, Item};
use crate::layers::events::Event;
use crate::reading::Reading;
use crate::text::Span;

/// Verb phrases and what they are coded as.
#[derive(Clone, Debug)]
pub(super) struct Verb {
    pub(super) labels: Vec<String>,
    pub(super) phrases: Vec<Phrase>,
}

/// Phrases that, shortly before a verb of certain labels, give the row another label.
#[derive(Clone, Debug)]
pub(super) struct Lead {
    pub(super) labels: Vec<String>,
    /// First labels of the verbs it works on; `*`: all.
    pub(super) over: Vec<String>,
    pub(super) phrases: Vec<Phrase>,
}

/// A row that is no incident.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) labels: Vec<String>,
    pub(super) sentence: Span,
    words: Span,
    actor: Option<String>,
    recipient: Option<String>,
}

impl Row {
    pub(super) fn item<'a>(&'a self, told: &'a Read<'a>) -> Item<'a> {
        let report = &told.reading.report;
        Item {
            labels: &self.labels,
            actor: self.actor.clone(),
            recipient: self.recipient.clone(),
            words: Some(report.words(self.words).to_owned()),
            ..Item::of(told, "", report.words(self.sentence))
        }
    }
}

/// Words at most between a lead and its verb.
const REACH: usize = 7;
/// Words at most in the name of an actor or a recipient.
const LONGEST: usize = 12;

const AUXILIARIES: [&str; 25] = [
    "has",
    "have",
    "had",
    "is",
    "are",
    "was",
    "were",
    "be",
    "been",
    "being",
    "will",
    "would",
    "may",
    "might",
    "could",
    "should",
    "also",
    "again",
    "not",
    "to",
    "yesterday",
    "today",
    "on",
    "never",
    "then",
];
const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const PREPOSITIONS: [&str; 22] = [
    "with", "against", "to", "on", "of", "at", "from", "for", "in", "into", "by", "between", "among", "over",
    "towards", "toward", "about", "upon", "as", "that", "all", "any",
];
const SMALL: [&str; 8] = ["the", "a", "an", "its", "their", "his", "her", "immediate"];
const ENDS: [&str; 29] = [
    ",", ";", ":", ".", "(", ")", "\"", "“", "”", "that", "who", "which", "for", "over", "after", "before", "to", "in",
    "on", "as", "during", "with", "when", "while", "if", "because", "amid", "from", "saying",
];

/// The rows of a reading that are no incidents, in the order of the text.
pub(super) fn rows(book: &Codebook, reading: &Reading) -> Vec<Row> {
    let mut rows = verb_rows(book, reading);
    let coded: Vec<(Span, String)> = rows.iter().map(|r| (r.sentence, r.labels[0].clone())).collect();
    // A verb of the codebook says more of its own words than the coarse type of an event there.
    let phrases: Vec<Span> = rows.iter().map(|r| r.words).collect();
    let events = event_rows(book, reading).into_iter().filter(|e| !phrases.iter().any(|p| p.overlaps(e.words)));
    let more = events.chain(stance_rows(book, reading));
    // What the verbs of a sentence already gave is not given again.
    rows.extend(more.filter(|row| !coded.iter().any(|(s, label)| row.words.overlaps(*s) && *label == row.labels[0])));
    rows.sort_by_key(|row| row.words.start);
    rows
}

fn verb_rows(book: &Codebook, reading: &Reading) -> Vec<Row> {
    let mut found = Vec::new();
    for sentence in reading.sentences.iter().filter(|_| !book.verbs.is_empty()) {
        let words = Words::of(&reading.report.text, sentence.span);
        let mut at = 0;
        while at < words.len() {
            let Some((verb, end)) = longest(&book.verbs, &words, at) else {
                at += 1;
                continue;
            };
            let lead = led(&book.leads, verb, &words, at);
            let (labels, from) = lead.map_or((&verb.labels, at), |(lead, from, _)| (&lead.labels, from));
            if let Some(span) = words.span(from, end) {
                let (actor, mut recipient) = parties(&words, from, at, end);
                // "called on Maravel to free them": whoever stands between lead and verb is asked.
                if let Some((_, _, asked)) = lead.filter(|(_, _, asked)| names_something(&words, *asked, at)) {
                    recipient = chunk_after(&words, asked).or(recipient);
                }
                // A lead that is itself a verb ("agreed to") is part of this row, not one of its own.
                found.retain(|row: &Row| !row.words.overlaps(span));
                found.push(Row { labels: labels.to_vec(), sentence: sentence.span, words: span, actor, recipient });
            }
            at = end;
        }
    }
    found
}

/// The verb whose phrase covers most words from here; of equals the first.
fn longest<'b>(verbs: &'b [Verb], words: &Words<'_>, at: usize) -> Option<(&'b Verb, usize)> {
    let mut best: Option<(&Verb, usize)> = None;
    for verb in verbs {
        let end = verb.phrases.iter().filter_map(|p| p.end_at(words, at)).max();
        if let Some(end) = end.filter(|end| best.is_none_or(|(_, b)| *end > b)) {
            best = Some((verb, end));
        }
    }
    best
}

/// The lead before a verb at word `at`, with its first word and one past its last.
fn led<'b>(leads: &'b [Lead], verb: &Verb, words: &Words<'_>, at: usize) -> Option<(&'b Lead, usize, usize)> {
    leads.iter().filter(|l| l.over.iter().any(|o| o == "*" || *o == verb.labels[0])).find_map(|lead| {
        let near = (at.saturating_sub(REACH)..at).rev().take_while(|i| !matches!(words.at(*i), "," | ";" | ":"));
        near.into_iter().find_map(|from| {
            let ends = lead.phrases.iter().filter_map(|p| p.end_at(words, from));
            ends.filter(|end| *end <= at).max().map(|end| (lead, from, end))
        })
    })
}

/// Whether more than small words and adverbs stand between two words.
fn names_something(words: &Words<'_>, from: usize, to: usize) -> bool {
    let small =
        |w: &str| PREPOSITIONS.contains(&w) || AUXILIARIES.contains(&w) || SMALL.contains(&w) || w.ends_with("ly");
    (from..to).any(|i| !small(words.at(i)))
}

/// Who stands before a verb phrase (words `from`, its verb `at`) and after it (`end`).
fn parties(words: &Words<'_>, from: usize, at: usize, end: usize) -> (Option<String>, Option<String>) {
    let before = chunk_before(words, from);
    let passive = (from.saturating_sub(3)..=at)
        .any(|i| matches!(words.at(i), "was" | "were" | "been" | "being" | "is" | "are" | "be"))
        && words.at(at).ends_with(['d', 'n', 't'])
        && !words.at(at).ends_with("ing");
    if !passive {
        return (before, chunk_after(words, end));
    }
    let by = (end..words.len().min(end + 10)).find(|i| words.at(*i) == "by");
    (by.and_then(|by| chunk_after(words, by + 1)), before)
}

fn chunk_before(words: &Words<'_>, from: usize) -> Option<String> {
    let skipped = |w: &str| {
        AUXILIARIES.contains(&w) || DAYS.contains(&w) || (w.len() > 3 && w.ends_with("ly")) || w.ends_with("n't")
    };
    let mut end = from;
    while end > 0 && skipped(words.at(end - 1)) {
        end -= 1;
    }
    // "The minister, who was not present, accused": an aside between commas is stepped over.
    if end > 1 && words.at(end - 1) == "," {
        end = (0..end - 1).rev().find(|i| words.at(*i) == ",").filter(|i| *i > 0).unwrap_or(end - 1);
    }
    let bounds = [
        ",", ";", ":", ".", "\"", "“", "”", "that", "who", "which", "but", "while", "after", "when", "said", "says",
        "--", "—", "–",
    ];
    let mut start = end;
    while start > 0 && end - start < LONGEST && !bounds.contains(&words.at(start - 1)) {
        start -= 1;
    }
    words.quote(start, end).map(str::to_owned)
}

fn chunk_after(words: &Words<'_>, from: usize) -> Option<String> {
    let mut start = from;
    while start < words.len() && (PREPOSITIONS.contains(&words.at(start)) || DAYS.contains(&words.at(start))) {
        start += 1;
    }
    let mut end = start;
    // "accused X of taking": what follows is the act, not part of the name.
    let act = |at: usize| words.at(at) == "of" && words.at(at + 1).ends_with("ing");
    while end < words.len() && end - start < LONGEST && !ENDS.contains(&words.at(end)) && !act(end) {
        end += 1;
    }
    words.quote(start, end).map(str::to_owned)
}

fn event_rows(book: &Codebook, reading: &Reading) -> Vec<Row> {
    const ACTORS: [&str; 10] = [
        "attacker",
        "killer",
        "injurer",
        "jailer",
        "demonstrator",
        "communicator",
        "giver",
        "prosecutor",
        "judgecourt",
        "participant",
    ];
    const RECIPIENTS: [&str; 7] = ["target", "victim", "detainee", "recipient", "topic", "defendant", "participant"];
    let did = |e: &Event, roles: &[&str], but: Option<Span>| {
        e.args.iter().find(|a| roles.contains(&a.role.as_str()) && Some(a.span) != but).map(|a| a.span)
    };
    let words = |found: Option<Span>| found.map(|span| reading.report.words(span).to_owned());
    let happened = reading.events.iter().filter(|e| e.factuality > 0.0);
    let rows = happened.filter_map(|event| {
        let told = Read { reading, incident: None };
        let sentence = reading.report.words(sentence_of(reading, event.span));
        let item = Item::of(&told, &event.kind, sentence);
        let labels = book.label(&book.events, item)?.labels.to_vec();
        let actor = did(event, &ACTORS, None);
        Some(Row {
            labels,
            sentence: sentence_of(reading, event.span),
            words: event.span,
            actor: words(actor),
            recipient: words(did(event, &RECIPIENTS, actor)),
        })
    });
    rows.collect()
}

fn stance_rows(book: &Codebook, reading: &Reading) -> Vec<Row> {
    let rows = reading.attributions.iter().filter_map(|attribution| {
        let words = *attribution.cue.first()?;
        let told = Read { reading, incident: None };
        let item = Item::of(&told, attribution.stance, reading.report.words(sentence_of(reading, words)));
        let labels = book.label(&book.stances, item)?.labels.to_vec();
        let speaker = attribution.speaker.and_then(|s| reading.entities.get(s)).map(|e| e.name.clone());
        let content = attribution.content.first();
        let inside = |e: &&crate::layers::entities::Entity| {
            e.mentions.iter().any(|m| attribution.content.iter().any(|c| c.overlaps(m.span)))
        };
        Some(Row {
            labels,
            sentence: sentence_of(reading, words),
            words,
            actor: speaker.or_else(|| attribution.source.first().map(|s| reading.report.words(*s).to_owned())),
            recipient: content.and_then(|_| reading.entities.iter().find(inside)).map(|e| e.name.clone()),
        })
    });
    rows.collect()
}

fn sentence_of(reading: &Reading, span: Span) -> Span {
    let index = reading.sentences.partition_point(|s| s.span.start <= span.start).saturating_sub(1);
    reading.sentences.get(index).map_or(span, |s| s.span)
}
