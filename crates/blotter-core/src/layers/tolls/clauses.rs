//! Triggers and the parties that belong to them: who was killed, by the shape of the clause.

mod nouns;
mod told;
mod verbs;

use super::TollMention;
use super::lexicon::{Lexicon, Shape, Trigger};
use super::parties::Party;
use crate::facts::{Count, Field};
use crate::layers::entities::Entity;
use crate::layers::numbers::Number;
use crate::layers::words::Word;
use crate::text::Span;

/// The longest clause given as evidence, in bytes.
const LONGEST: usize = 300;
/// How many words before a verb its subject is looked for.
const REACH: usize = 28;
const OPEN: Count = Count { min: Some(1), best: None, max: None };

/// Everything that matching looks at.
pub(super) struct Scan<'a> {
    pub words: &'a [Word<'a>],
    pub singles: &'a [Party],
    pub groups: &'a [Party],
    pub numbers: &'a [Number],
    pub entities: &'a [Entity],
    pub lexicon: &'a Lexicon,
}

/// What a shape found: the party, where there is one, its count, the rule.
struct Match {
    party: Option<Party>,
    count: Count,
    rule: &'static str,
    confidence: f64,
    negated: bool,
    reflexive: bool,
    /// Where the subject of an active verb would stand: before this word.
    actor_before: Option<usize>,
    /// The words that say how many ("no", "double"), where no party does.
    number: Option<Span>,
}

impl Match {
    fn of(party: Party, rule: &'static str, confidence: f64) -> Match {
        let count = party.count;
        let negated = party.none;
        let count = if negated { Count::exactly(0) } else { count };
        Match {
            party: Some(party),
            count,
            rule,
            confidence,
            negated,
            reflexive: false,
            actor_before: None,
            number: None,
        }
    }

    fn counted(count: Count, number: Option<Span>, rule: &'static str, confidence: f64) -> Match {
        let negated = count == Count::exactly(0);
        Match { party: None, count, rule, confidence, negated, reflexive: false, actor_before: None, number }
    }
}

impl Scan<'_> {
    /// All mentions, in order of their trigger.
    pub fn read(&self) -> Vec<TollMention> {
        let mut mentions: Vec<TollMention> = Vec::new();
        let mut last: Option<(usize, Party)> = None;
        let mut i = 0;
        while i < self.words.len() {
            let (length, triggers) = self.lexicon.at(self.words, i);
            let found = triggers.iter().find_map(|t| {
                if self.hypothetical(i) {
                    return None;
                }
                self.matched(t, i, i + length).or_else(|| self.inherited(t, i, &last)).map(|m| (*t, m))
            });
            if let Some((trigger, found)) = found {
                if let Some(party) = &found.party {
                    last = Some((i + length, party.clone()));
                }
                self.push(&mut mentions, trigger, (i, i + length), found);
            }
            i += length.max(1);
        }
        mentions
    }

    fn word(&self, i: usize) -> Option<&Word<'_>> {
        self.words.get(i)
    }

    /// Whether word `i` is there, in the same sentence as `of`, and one of `list`.
    fn is(&self, i: usize, of: usize, list: &[&str]) -> bool {
        self.word(i).is_some_and(|w| w.sentence == self.words[of].sentence && w.is(list))
    }

    fn same(&self, a: usize, b: usize) -> bool {
        self.words.get(a).zip(self.words.get(b)).is_some_and(|(a, b)| a.sentence == b.sentence)
    }

    /// "could have been killed", "threatened to kill", "if anyone is hurt".
    fn hypothetical(&self, i: usize) -> bool {
        let from = i.saturating_sub(4);
        let before = (from..i).rev().take_while(|at| self.same(*at, i) && self.words[*at].is_word());
        // "non-life threatening injuries" threatens nobody.
        let before = before.filter(|at| !self.is(at.wrapping_sub(1), i, &["life", "non-life"]));
        before.map(|at| (at, &self.words[at])).any(|(at, w)| {
            self.lexicon.has("modal", &w.lower)
                || w.lower == "likely" && self.is(at + 1, i, &["to"])
                || w.is(&[
                    "attempted",
                    "attempting",
                    "threatened",
                    "threatening",
                    "wanted",
                    "trying",
                    "intent",
                    "planned",
                    "planning",
                    "wants",
                    "tried",
                ])
        }) && !self.is(i.wrapping_sub(1), i, &["was", "were"])
    }

    fn matched(&self, trigger: &Trigger, i: usize, end: usize) -> Option<Match> {
        if let Some(inside) = self.inside(trigger, i, end) {
            return Some(inside);
        }
        match trigger.shape {
            Shape::Participle => self.participle(i, end),
            Shape::Hit => self.hit(i, end),
            Shape::Struck => self.struck(i, end),
            Shape::Verb | Shape::HitVerb => {
                self.active(i, end).or_else(|| if trigger.shape == Shape::Verb { self.of(i, end) } else { None })
            }
            Shape::State => self.state(i, end),
            Shape::Noun => self.noun(trigger, i, end),
            Shape::HitsNoun => self.shooting(i, end),
            Shape::Wound => self.wound(i, end),
            Shape::Care => self.care(i, end),
            Shape::Sends => self.sends(end),
            Shape::Faces => self.faces(i, end),
        }
    }

    /// "two wounded officers", "the dead man", "the missing girl": the trigger is an adjective of the party.
    fn inside(&self, trigger: &Trigger, i: usize, end: usize) -> Option<Match> {
        let at = self.singles.partition_point(|p| p.words.1 <= i);
        let party = self.singles.get(at).filter(|p| p.words.0 <= i && end <= p.words.1)?;
        let adjective = matches!(trigger.shape, Shape::Participle | Shape::State | Shape::HitsNoun | Shape::Hit);
        let noun = party.words.1 - end <= 3 && !party.none;
        // "an injured boy and an injured woman" are two.
        let same = |p: &Party| {
            (p.words.0..p.words.1).any(|at| self.lexicon.at(self.words, at).1.iter().any(|t| t.field == trigger.field))
        };
        let within = |g: &&Party, p: &Party| g.words.0 <= p.words.0 && p.words.1 <= g.words.1;
        let group = self.groups.iter().find(|g| g.members > 1 && within(g, party));
        let alike = |g: &&Party| self.singles.iter().filter(|p| within(g, p)).all(same);
        let party = group.filter(alike).unwrap_or(party);
        (adjective && noun).then(|| Match::of(party.clone(), "adjective", 0.6))
    }

    /// The first word of the chain of auxiliaries and adverbs before `i`, whether one is a form of "be", and whether "not"
    /// is among them.
    fn auxiliaries(&self, i: usize) -> (usize, bool, bool) {
        let (mut start, mut be, mut not) = (i, false, false);
        let mut at = i;
        while at > 0 && i - at < 9 && self.words[at - 1].sentence == self.words[i].sentence {
            at -= 1;
            let word = &self.words[at];
            let lower = word.lower.as_str();
            // "were mutilated, injured or in shock": a participle that tells of nothing, before one that does.
            let listed = |at: usize| {
                self.words[at].lower.ends_with("ed") && at > 0 && self.lexicon.has("be", &self.words[at - 1].lower)
            };
            let chained = word.is(&["and", ","]) && at > 0 && (self.is_participle(at - 1) || listed(at - 1));
            if self.lexicon.has("be", lower) {
                be = true;
            } else if word.is(&["not", "never", "n't"]) {
                not = true;
            } else if !(self.lexicon.has("have", lower)
                || lower == "found" && at > 0 && self.lexicon.has("be", &self.words[at - 1].lower)
                || self.lexicon.has("adverb", lower)
                || chained
                || self.is_participle(at)
                || at + 1 < i && listed(at))
            {
                break;
            }
            not |= word.is(&["wasn't", "weren't", "isn't", "aren't"]);
            start = at;
            // "Two were killed and three were hurt": "be" ends the chain, or it would run into the clause before.
            if self.lexicon.has("be", lower) && !word.is(&["been", "being"]) {
                let more = at > 0
                    && (self.lexicon.has("have", &self.words[at - 1].lower)
                        || self.words[at - 1].is(&["to", "also", "who"]));
                if !more {
                    break;
                }
            }
        }
        (start, be, not)
    }

    fn is_participle(&self, i: usize) -> bool {
        let (length, triggers) = self.lexicon.at(self.words, i);
        length > 0 && triggers.iter().any(|t| matches!(t.shape, Shape::Participle | Shape::Hit | Shape::Struck))
    }

    /// The party that begins at `at`, joined with those that "and" ties to it; two adverbs may stand before it.
    fn object(&self, at: usize) -> Option<Party> {
        for skip in 0..=2 {
            let here = at + skip;
            if skip > 0
                && !self.word(here - 1).is_some_and(|w| {
                    self.lexicon.has("adverb", &w.lower) || w.is(&["as", "many", "up", "to", "about", "around"])
                })
            {
                break;
            }
            let begins = |at: usize| self.groups.iter().find(|g| g.words.0 == at);
            // "the boy's father": it is the father.
            let owned = |g: &&Party| self.is(g.words.1, here, &["'s", "’s"]).then(|| begins(g.words.1 + 1)).flatten();
            let found = begins(here);
            let found = found.and_then(|g| owned(&g)).or(found);
            if let Some(group) = found.filter(|_| self.same(at.saturating_sub(1), here)) {
                // "killed his wife and the police arrested him": the second is the subject of what follows.
                let verb = self.word(group.words.1).is_some_and(|w| {
                    // "killed a boy, 6, and others injured his father".
                    let acts = self.is_verb(w) && self.singles.iter().any(|p| p.words.0 == group.words.1 + 1);
                    self.lexicon.has("be", &w.lower) || self.lexicon.has("have", &w.lower) || acts
                });
                let alone = || self.singles.iter().find(|g| g.words.0 == here).cloned();
                return if verb && group.members > 1 { alone() } else { Some(group.clone()) };
            }
        }
        None
    }

    /// The party that ends right before `at`.
    fn left(&self, at: usize) -> Option<Party> {
        self.groups
            .iter()
            .rev()
            .find(|g| g.words.1 <= at)
            .filter(|g| g.words.1 == at && self.same(g.words.0, at))
            .cloned()
    }

    /// The subject of the verb whose auxiliaries begin at `at`.
    fn subject(&self, at: usize) -> Option<Party> {
        let relative = at > 0 && self.is(at - 1, at.min(self.words.len() - 1), &["who", "whom", "that", "which"]);
        // "killing a boy and critically wounding his father".
        let adverbs =
            self.words[..at].iter().rev().take_while(|w| w.lower.len() > 4 && w.lower.ends_with("ly")).count();
        let lead = at - adverbs;
        let joined = lead > 0 && self.words[lead - 1].is(&["and", "then", "before", "but"]);
        let before = self.groups.iter().rev().filter(|g| g.words.1 <= at);
        let mut passed: Option<&Party> = None;
        for group in
            before.take_while(|g| at - g.words.1 <= REACH && self.same(g.words.0, at.min(self.words.len() - 1)))
        {
            let between = &self.words[group.words.1..at];
            if between.iter().any(|w| w.is(&[";", "\"", "”", "“"])) {
                break;
            }
            if relative && between.len() <= 4 {
                return Some(group.clone());
            }
            // "Smith said the pair were killed": Smith speaks, he is not what is told of.
            let speech = ["said", "says", "told", "added", "say", "confirmed", "believe"];
            if !between.is_empty() && self.word(group.words.1).is_some_and(|w| w.is(&speech)) {
                continue;
            }
            let prior = group
                .words
                .0
                .checked_sub(1)
                .map(|b| &self.words[b])
                .filter(|w| w.sentence == self.words[group.words.0].sentence);
            let preposed = prior.is_some_and(|w| self.lexicon.has("preposition", &w.lower));
            let object = joined && prior.is_some_and(|w| self.is_verb(w));
            if between.is_empty() && group.members == 1 && !relative {
                return Some(group.clone());
            }
            if !preposed && !object {
                return Some(group.clone());
            }
            passed = passed.or(Some(group));
        }
        passed.filter(|_| !relative).cloned()
    }

    fn is_verb(&self, word: &Word<'_>) -> bool {
        word.is(&[
            "killed", "shot", "killing", "shooting", "wounded", "wounding", "injured", "injuring", "found", "told",
            "hit", "struck", "striking", "stabbed", "arrested",
        ])
    }
}
