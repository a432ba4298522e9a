//! Who says each fact: the attributions whose content covers its words, and what the words of doubt make of it.

use super::{Fact, Field, Source, Status};
use crate::incidents::Parts;
use crate::layers::attributions::Attribution;
use crate::text::Span;

/// Words that make a party alleged, near the words that name it.
const ACCUSED: [&str; 10] = [
    "allegedly",
    "alleged",
    "allege",
    "accused",
    "suspected",
    "purportedly",
    "believed to be",
    "believed to have",
    "reportedly",
    "unconfirmed",
];
/// Words that make any other fact alleged, close by it. Where and when an alleged act was is seldom in doubt.
const DOUBT: [&str; 5] = ["allegedly", "reportedly", "unconfirmed", "purportedly", "unverified"];
/// How near, in bytes, `ACCUSED` and `DOUBT` must stand: a clause and a few words.
const CLAUSE: usize = 60;
const CLOSE: usize = 25;

/// Gives every fact its sources, and the status that they and the words around it make.
pub fn attach(parts: Parts<'_>, facts: &mut [Fact]) {
    for fact in facts {
        match fact.field {
            // The report itself tells how far an incident came, and who reacts to it.
            Field::Stage | Field::Reaction => {}
            // A claim's source is the claimant, an accusation's the accuser, a denial's the denier.
            Field::Responsibility if !fact.sources.is_empty() => {}
            _ => attach_to(parts, fact),
        }
    }
}

fn attach_to(parts: Parts<'_>, fact: &mut Fact) {
    if fact.field == Field::Suspect {
        fact.status = Status::Reported;
    }
    for evidence in fact.evidence.clone() {
        let Some((index, attribution)) = covering(parts, evidence) else { continue };
        let source = source(parts, index, attribution);
        if attribution.stance == "denies" && fact.field != Field::Responsibility {
            fact.status = Status::Denied;
            push(&mut fact.denied_by, source);
            continue;
        }
        fact.status = match (attribution.stance, fact.status) {
            ("confirms", Status::Reported) if confirms(parts, attribution) => Status::Confirmed,
            ("accuses" | "doubts", Status::Reported) => Status::Alleged,
            (_, status) => status,
        };
        push(&mut fact.sources, source);
    }
    let (words, reach): (&[&str], usize) = match fact.field {
        Field::When | Field::Where => (&[], 0),
        Field::Suspect | Field::Perpetrator => (&ACCUSED, CLAUSE),
        _ => (&DOUBT, CLOSE),
    };
    if fact.status == Status::Reported && fact.evidence.iter().all(|e| near(parts, *e, words, reach)) {
        fact.status = Status::Alleged;
    }
}

/// Whether the cue itself says that it is confirmed; who admits something only says it.
fn confirms(parts: Parts<'_>, attribution: &Attribution) -> bool {
    let said = |s: &Span| s.of(parts.input.text()).to_lowercase();
    attribution.cue.iter().any(|c| ["confirm", "verif"].iter().any(|w| said(c).contains(w)))
}

/// The attribution, with a source, whose content or scope covers most of the words; the innermost.
fn covering(parts: Parts<'_>, words: Span) -> Option<(usize, &Attribution)> {
    let covers = |c: &Span| {
        let shared = c.end.min(words.end).saturating_sub(c.start.max(words.start));
        shared * 2 > words.len()
    };
    // Who condemns an act does not report it.
    let tells = |a: &Attribution| !a.source.is_empty() && a.stance != "condemns";
    let telling = parts.attributions.iter().enumerate().filter(|(_, a)| tells(a));
    let found = telling.filter_map(|(i, a)| {
        let before = before(parts, a);
        a.content
            .iter()
            .chain(&a.scope)
            .chain(&before)
            .filter(|c| covers(c))
            .map(Span::len)
            .min()
            .map(|len| (len, i, a))
    });
    found.min_by_key(|(len, i, _)| (*len, *i)).map(|(_, i, a)| (i, a))
}

/// "X and Y, according to Z" tells X as well: all of the sentence before a cue that follows its content, as far as no
/// other statement stands there.
fn before(parts: Parts<'_>, attribution: &Attribution) -> Option<Span> {
    let cue = *attribution.cue.first()?;
    let first = attribution.source.first().map_or(cue.start, |s| s.start.min(cue.start));
    let sentence = parts.input.sentences.get(parts.input.sentence_at(cue))?.span;
    let follows = attribution.content.iter().any(|c| c.end <= first && sentence.contains(*c));
    let before = Span::new(sentence.start, first.max(sentence.start));
    let alone = parts.attributions.iter().flat_map(|a| &a.cue).all(|c| !before.contains(*c));
    (follows && alone).then_some(before)
}

/// The source with those by whom its words came, the nearest first; the report's own publisher is left out.
fn source(parts: Parts<'_>, index: usize, attribution: &Attribution) -> Source {
    let relay = attribution.relay.map(|r| r.of(parts.input.text()).to_owned());
    let own = |n: &String| parts.input.report.publisher.as_ref().is_some_and(|p| p.eq_ignore_ascii_case(n));
    let outer = attribution.via.iter().map(|v| name(parts, &parts.attributions[*v]));
    let via = relay.into_iter().chain(outer).filter(|n| !n.is_empty() && !own(n)).collect();
    Source { attribution: Some(index), name: name(parts, attribution), via }
}

/// The words for the source; for a pronoun, the name of whom it means or the source of the statement before.
fn name(parts: Parts<'_>, attribution: &Attribution) -> String {
    let text = parts.input.text();
    let Some(span) = attribution.source.first() else { return String::new() };
    let words = span.of(text);
    if !is_pronoun(words) {
        // A source that stops short of its noun phrase ("the", "the United") is told in full.
        let mentions = attribution.speaker.map_or(&[][..], |s| &parts.entities[s].mentions[..]);
        let whole = mentions.iter().find(|m| m.span.contains(*span)).map_or(*span, |m| m.span);
        return unled(whole.of(text)).to_owned();
    }
    if let Some(speaker) = attribution.speaker.filter(|s| !is_pronoun(&parts.entities[*s].name)) {
        return parts.entities[speaker].name.clone();
    }
    let earlier = parts.attributions.iter().filter_map(|a| a.source.first()).filter(|s| s.end <= span.start);
    let earlier = earlier.filter(|s| !is_pronoun(s.of(text))).max_by_key(|s| s.start);
    unled(earlier.map_or(words, |s| s.of(text))).to_owned()
}

/// The words without what leads over to a clause: "Ola Berg, who" is Ola Berg.
fn unled(words: &str) -> &str {
    let marks = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '—' | '–');
    let kept = words.trim_end_matches(marks);
    let relative = [" who", " which", " that"].iter().find_map(|w| kept.strip_suffix(w));
    relative.map_or(kept, |k| k.trim_end_matches(marks))
}

fn is_pronoun(words: &str) -> bool {
    matches!(words.to_lowercase().as_str(), "he" | "she" | "they" | "it" | "who" | "his" | "her" | "their")
}

fn push(list: &mut Vec<Source>, source: Source) {
    match list.iter_mut().find(|s| s.name.eq_ignore_ascii_case(&source.name)) {
        // One source that spoke twice: by whom its words came is told where either time says it.
        Some(known) if known.via.is_empty() => known.via = source.via,
        Some(_) => {}
        None => list.push(source),
    }
}

/// Whether one of `list` stands at most `reach` bytes from the words, in their sentence.
fn near(parts: Parts<'_>, words: Span, list: &[&str], reach: usize) -> bool {
    let text = parts.input.text();
    let sentence = parts.input.sentences.get(parts.input.sentence_at(words)).map_or(words, |s| s.span);
    let lower = super::window(text, sentence, words, reach).of(text).to_lowercase();
    list.iter().any(|d| super::has_words(&lower, d))
}
