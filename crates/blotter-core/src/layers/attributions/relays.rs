//! Relays: the outlet or channel that a statement was made to or on, by which it reached the report.
//!
//! "told Coast News Agency", "said on state radio", "in an interview with Karst TV". Words between the cue and what is said
//! are looked through; those before the cue name nobody who hears.

use super::Attribution;
use crate::data::DataError;
use crate::layers::Input;
use crate::layers::entities::{Entity, EntityKind, Form};
use crate::layers::words::Word;
use crate::text::Span;

const RELAYS: &str = include_str!("../../../data/attributions/relays.txt");
const RELAYS_FILE: &str = "data/attributions/relays.txt";
/// A relay begins at most so many words behind its cue.
const REACH: usize = 16;
/// An outlet told stands so near behind "told", past an article or adjectives.
const OBJECT: usize = 3;

/// The word lists.
pub(super) struct Relays {
    told: Vec<String>,
    medium: Vec<String>,
    channel: Vec<String>,
    lead: Vec<String>,
}

impl Relays {
    /// Loads the word lists.
    ///
    /// # Errors
    /// The line and reason of a fault in them.
    pub(super) fn load() -> Result<Relays, DataError> {
        let mut relays = Relays { told: Vec::new(), medium: Vec::new(), channel: Vec::new(), lead: Vec::new() };
        for (line, name, words) in super::lists(RELAYS, RELAYS_FILE)? {
            let list = match name.as_str() {
                "told" => &mut relays.told,
                "medium" => &mut relays.medium,
                "channel" => &mut relays.channel,
                "lead" => &mut relays.lead,
                _ => return Err(DataError::new(RELAYS_FILE, line, "no such kind")),
            };
            list.extend(words);
        }
        Ok(relays)
    }

    /// The relay of a statement. `words`: those of the report.
    pub(super) fn of(
        &self,
        input: Input<'_>,
        words: &[Word<'_>],
        entities: &[Entity],
        statement: &Attribution,
    ) -> Option<Span> {
        let cue = *statement.cue.last()?;
        let sentence = input.sentence_at(cue);
        let said = statement.content.iter().map(|c| c.start).filter(|s| *s >= cue.end).min().unwrap_or(usize::MAX);
        let first = words.partition_point(|w| w.span.start < cue.end);
        let here = |w: &&Word<'_>| w.sentence == sentence && w.span.start < said && !w.is(&["that", ";", "\"", "“"]);
        let count = words[first..].iter().take(REACH).take_while(here).count();
        let behind = &words[first..first + count];
        let last = words[..first].last().filter(|w| cue.contains(w.span))?;
        let told = self.told.contains(&last.lower);
        let outlets = entities.iter().filter(|e| e.kind == EntityKind::Organization).flat_map(|e| &e.mentions);
        let named = outlets.filter(|m| m.form == Form::Name).map(|m| m.span).filter(|span| {
            let at = behind.iter().position(|w| w.span.start == span.start);
            at.is_some_and(|at| told && at < OBJECT && !self.leads_away(&behind[..at]) || self.led(&behind[..at]))
        });
        named.min_by_key(|span| span.start).or_else(|| self.channel(behind, told))
    }

    /// Whether words before an object lead to something else than whom was told.
    fn leads_away(&self, before: &[Word<'_>]) -> bool {
        before.iter().any(|w| self.channel.contains(&w.lower) || !w.is_word())
    }

    /// Whether the words end with what stands before an outlet's name, past an article.
    fn led(&self, before: &[Word<'_>]) -> bool {
        let mut last: Vec<&str> = before.iter().map(|w| w.lower.as_str()).collect();
        if last.last() == Some(&"the") {
            last.pop();
        }
        let last = last.split_off(last.len().saturating_sub(2)).join(" ");
        self.lead.contains(&last)
    }

    /// "on state radio", "told the state news agency": the noun of a channel with the words that describe it.
    fn channel(&self, behind: &[Word<'_>], told: bool) -> Option<Span> {
        let noun = behind.iter().position(|w| self.medium.contains(&w.lower))?;
        let describes = |w: &&Word<'_>| {
            w.is_word() && !self.channel.contains(&w.lower) && !w.is(&["the", "a", "an", "its", "his", "her", "their"])
        };
        let begin = noun - behind[..noun].iter().rev().take_while(describes).count();
        let article = usize::from(begin > 0 && behind[begin - 1].is(&["the", "a", "an", "its", "his", "her", "their"]));
        let lead = (begin - article).checked_sub(1).map(|i| &behind[i]);
        let led = lead.map_or(told, |w| self.channel.contains(&w.lower));
        // "Radio Tarn": the name goes on behind the noun.
        let more = behind[noun + 1..].iter().take_while(|w| behind[noun].is_capital() && w.is_capital()).count();
        (led && noun - begin < 4).then(|| Span::new(behind[begin].span.start, behind[noun + more].span.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;
    use crate::reading::Reader;
    use crate::text::Report;

    #[test]
    fn the_examples_of_the_list_hold() {
        let reader = Reader::load(Data { weights: &[], gazetteer: &[] }).expect("word lists");
        for line in RELAYS.lines().filter_map(|l| l.strip_prefix("# example ")) {
            let (expected, sentence) = line.split_once(": ").expect("a relay and a sentence");
            let reading = reader.read(Report { text: sentence.to_owned(), ..Report::default() });
            let found = reading.attributions.iter().find_map(|a| a.relay).map_or("-", |r| r.of(&reading.report.text));
            assert_eq!(found, expected, "{sentence}");
        }
    }
}
