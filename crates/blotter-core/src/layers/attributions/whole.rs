//! Sources in full: no part of a name, of a word with hyphens or of a noun phrase ("the", or "Initial police" of "Initial
//! police reports show"), and no clause behind them ("Ola Berg is facing").

use super::Attribution;
use super::spoken::Spoken;
use crate::layers::entities::{Entity, Form};
use crate::layers::words::Word;
use crate::text::Span;

/// So many words at most are missing from a noun phrase of which no noun stands there, and from one that has a noun.
const MISSING: usize = 4;
const MISSING_NOUNS: usize = 2;

/// Mends the sources of a statement; one of which nothing is left goes.
pub(super) fn mend(lists: &Spoken, text: &str, words: &[Word<'_>], entities: &[Entity], statement: &mut Attribution) {
    let cue = statement.cue.first().copied();
    for source in &mut statement.source {
        names(entities, source);
        hyphens(text, source);
    }
    let whole = |source: &Span| phrase(lists, words, entities, *source, cue);
    statement.source = statement.source.iter().filter_map(whole).collect();
}

/// No source ends inside a name ("Verden Police Chief Dana" of "Dana Orvell").
fn names(entities: &[Entity], source: &mut Span) {
    let mut names = entities.iter().flat_map(|e| &e.mentions).filter(|m| m.form == Form::Name).map(|m| m.span);
    let cut = names.find(|n| n.start < source.end && source.end < n.end && n.start >= source.start);
    source.end = cut.map_or(source.end, |name| name.end);
}

/// No source begins or ends inside a word with hyphens ("a 13-year-" of "a 13-year-old").
fn hyphens(text: &str, source: &mut Span) {
    let inner = |c: char| c.is_alphanumeric() || c == '-';
    let after = text[source.end..].find(|c| !inner(c)).unwrap_or(text.len() - source.end);
    let before = text[..source.start].rfind(|c| !inner(c));
    let before = before.map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let whole = Span::new(before, source.end + after);
    // Two hyphens are a dash.
    if !whole.of(text).contains("--") {
        let (first, last) = (source.of(text).starts_with(inner), source.of(text).ends_with(inner));
        *source = Span::new(if first { whole.start } else { source.start }, if last { whole.end } else { source.end });
    }
}

/// The noun phrase that the source is or begins; `None` if it is none.
fn phrase(lists: &Spoken, words: &[Word<'_>], entities: &[Entity], source: Span, cue: Option<Span>) -> Option<Span> {
    let from = words.partition_point(|w| w.span.start < source.start);
    let end = words.partition_point(|w| w.span.start < source.end);
    if end <= from {
        return Some(source);
    }
    let mut to = clauseless(lists, &words[from..end]) + from;
    let leads = |w: &Word<'_>| ["determiner", "preposition", "adjective"].iter().any(|kind| lists.is(w, kind));
    let open = leads(&words[to - 1]) || lists.is(&words[to - 1], "quantity");
    if to == end
        && let Some(more) = missing(lists, words, entities, to, cue, open)
    {
        return Some(Span::new(source.start, more));
    }
    // "Some" and "several" may be all there is, "the" and "of" never.
    let hollow = |w: &Word<'_>| lists.is(w, "preposition") || w.is(&["the", "a", "an"]);
    while to > from && hollow(&words[to - 1]) {
        to -= 1;
    }
    let kept = words[from..to].last().filter(|_| !lists.is(&words[from], "be"))?;
    // "Shocked by": what a preposition led on from was no noun.
    if to < end && to - from == 1 && kept.lower.ends_with("ed") {
        return None;
    }
    Some(Span::new(source.start, if to == end { source.end } else { kept.span.end }))
}

/// How many words stand before a verb of the source's own: "Ana Holm | is facing".
fn clauseless(lists: &Spoken, source: &[Word<'_>]) -> usize {
    let relative = |w: &Word<'_>| w.is(&["who", "which", "that", "whose", "whom"]);
    let finite = |w: &Word<'_>| lists.is(w, "be") || w.is(&["has", "have", "had"]);
    let verb = source.iter().skip(1).position(|w| finite(w) || relative(w)).map(|at| at + 1);
    let mut to = verb.filter(|at| finite(&source[*at])).unwrap_or(source.len());
    if to < source.len() && to > 1 && !source[to - 1].is_word() {
        to -= 1;
    }
    to
}

/// Where the noun phrase ends whose words from `to` on the source lacks: before its cue if that follows closely, else
/// (where the source is `open`, ending in no noun) with the mention that stands there. `None` if it lacks none.
fn missing(
    lists: &Spoken,
    words: &[Word<'_>],
    entities: &[Entity],
    to: usize,
    cue: Option<Span>,
    open: bool,
) -> Option<usize> {
    let last = &words[to - 1];
    let next = words.get(to).filter(|w| w.sentence == last.sentence && w.is_word())?;
    let border = |w: &Word<'_>| {
        let kinds = ["stop", "preposition", "day", "be", "determiner", "plain", "clause"];
        !w.is_word() || lists.is_adverb(w) || kinds.iter().any(|kind| lists.is(w, kind))
    };
    let before = cue.filter(|c| c.start >= next.span.start).map_or(to, |c| {
        let cue = words.partition_point(|w| w.span.start < c.start);
        cue - words[to..cue].iter().rev().take_while(|w| lists.is_adverb(w)).count()
    });
    let most = if open { MISSING } else { MISSING_NOUNS };
    let name = last.is_capital() && words.get(to.wrapping_sub(2)).is_some_and(Word::is_capital);
    let grows = open || !name && !last.is(&["who", "which", "that", "he", "she", "they", "we", "i", "it"]);
    if grows && before > to && before - to <= most && !words[to..before].iter().any(border) {
        return Some(words[before - 1].span.end);
    }
    if !open {
        return None;
    }
    let mentions = entities.iter().flat_map(|e| &e.mentions).map(|m| m.span);
    let clear = |m: &Span| cue.is_none_or(|c| !m.overlaps(c));
    let named =
        mentions.filter(|m| m.start <= next.span.start && next.span.end <= m.end && clear(m)).map(|m| m.end).max();
    // "According to an Ontario police news release.": where no verb can stand, the words up to the next mark.
    let length = words[to..].iter().take(MISSING + 1).take_while(|w| w.sentence == last.sentence && !border(w)).count();
    let closed = words.get(to + length).is_none_or(|w| w.sentence != last.sentence || !w.is_word());
    let run = (1..=MISSING).contains(&length) && closed;
    named.max(run.then(|| words[to + length - 1].span.end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::Scores;
    use crate::layers::{Input, sentences, words};
    use crate::text::Report;

    #[test]
    fn sources_are_whole_noun_phrases() {
        let lists = Spoken::load().expect("loads");
        // Source | cue, as found = source as mended; the words stand in the sentence that follows.
        let cases = [
            ("The report says the dam held.", "The", "says", Some("The report")),
            ("Initial police reports show a boy fell.", "Initial police", "show", Some("Initial police reports")),
            ("Three callers said it burned.", "Three", "said", Some("Three callers")),
            ("Some said it burned.", "Some", "said", Some("Some")),
            ("Ola Berg is facing charges that he lied.", "Ola Berg is facing", "charges", Some("Ola Berg")),
            ("Ola Berg, who lives there, said so.", "Ola Berg, who", "said", Some("Ola Berg, who")),
            ("Police officially said it burned.", "Police", "said", Some("Police")),
            ("A man who saw it said so.", "A man who saw it", "said", Some("A man who saw it")),
            ("It burned, according to the, well, mayor.", "the", "according to", None),
        ];
        for (text, source, cue, expected) in cases {
            let span = |part: &str| {
                let at = text.find(part).expect("in the text");
                Span::new(at, at + part.len())
            };
            let report = Report { text: text.to_owned(), ..Report::default() };
            let (sentences, scores) = (sentences::read(&report), Scores::default());
            let words = words::read(Input { report: &report, scores: &scores, sentences: &sentences });
            let found = phrase(&lists, &words, &[], span(source), Some(span(cue)));
            assert_eq!(found.map(|s| s.of(text)), expected, "{text}");
        }
    }
}
