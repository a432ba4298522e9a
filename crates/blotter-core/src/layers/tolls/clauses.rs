//! Triggers and the parties that belong to them: who was killed, by the shape of the clause.

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
}

impl Match {
    fn of(party: Party, rule: &'static str, confidence: f64) -> Match {
        let count = party.count;
        let negated = party.none;
        let count = if negated { Count::exactly(0) } else { count };
        Match { party: Some(party), count, rule, confidence, negated, reflexive: false, actor_before: None }
    }

    fn counted(count: Count, rule: &'static str, confidence: f64) -> Match {
        let negated = count == Count::exactly(0);
        Match { party: None, count, rule, confidence, negated, reflexive: false, actor_before: None }
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
        let before =
            self.words[from..i].iter().rev().take_while(|w| w.sentence == self.words[i].sentence && w.is_word());
        before.into_iter().any(|w| {
            self.lexicon.has("modal", &w.lower)
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
            Shape::Care => self.care(i),
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
            let chained = word.is(&["and", ","]) && at > 0 && self.is_participle(at - 1);
            if self.lexicon.has("be", lower) {
                be = true;
            } else if word.is(&["not", "never", "n't"]) {
                not = true;
            } else if !(self.lexicon.has("have", lower)
                || self.lexicon.has("adverb", lower)
                || chained
                || self.is_participle(at))
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
            let found = self.groups.iter().find(|g| g.words.0 == here);
            if let Some(group) = found.filter(|_| self.same(at.saturating_sub(1), here)) {
                // "killed his wife and the police arrested him": the second is the subject of what follows.
                let verb = self
                    .word(group.words.1)
                    .is_some_and(|w| self.lexicon.has("be", &w.lower) || self.lexicon.has("have", &w.lower));
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
        let joined = at > 0 && self.words[at - 1].is(&["and", "then", "before", "but"]);
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

    fn participle(&self, i: usize, end: usize) -> Option<Match> {
        let (start, be, not) = self.auxiliaries(i);
        if be {
            let subject = self.subject(start)?;
            let mut found = Match::of(subject, "passive", 0.85);
            found.negated |= not;
            return Some(found);
        }
        if self.is(end, i, &["himself", "herself", "themselves", "itself"]) {
            let mut found = Match::of(self.subject(start)?, "reflexive", 0.85);
            found.reflexive = true;
            return Some(found);
        }
        let left = self.left(start);
        let object = self.object(end);
        let counted_left = left.as_ref().is_some_and(|p| p.counted || p.none);
        if let Some(object) = object.filter(|_| !counted_left) {
            let mut found = Match::of(object, "active", 0.85);
            found.actor_before = Some(start);
            return Some(found);
        }
        // "Also slain was Orlin Maddow".
        if left.is_none() && self.word(end).is_some_and(|w| w.is(&["was", "were"])) {
            return Some(Match::of(self.object(end + 1)?, "inverted", 0.75));
        }
        let left = left?;
        let preposed = left.words.0.checked_sub(1).is_some_and(|b| self.is(b, i, &["of", "in", "by", "with", "to"]));
        let left = if preposed { self.subject(start).unwrap_or(left) } else { left };
        let mut found = Match::of(left, "reduced", 0.75);
        found.negated |= not;
        Some(found)
    }

    fn hit(&self, i: usize, end: usize) -> Option<Match> {
        let noun = i > 0
            && self.is(
                i - 1,
                i,
                &[
                    "a", "an", "the", "each", "warning", "single", "gun", "every", "one", "first", "another", "no",
                    "fired",
                ],
            );
        if noun && !self.is(i - 1, i, &["one", "another"])
            || self.is(end, i, &["at", "by", "fired"]) && !self.auxiliaries(i).1 && self.left(i).is_none()
        {
            return None;
        }
        let aimed = self.is(end, i, &["at", "into", "up", "toward", "towards", "out"]) && !self.auxiliaries(i).1;
        if aimed { None } else { self.participle(i, end) }
    }

    /// "struck", "hit": only where a bullet or a part of the body is near.
    fn struck(&self, i: usize, end: usize) -> Option<Match> {
        let near = |from: usize, to: usize, class: &str| {
            (from..to.min(self.words.len()))
                .any(|at| self.same(at, i) && self.lexicon.has(class, &self.words[at].lower))
        };
        let bullet = near(i.saturating_sub(7), end + 8, "missile");
        let body = near(end, end + 8, "body");
        if bullet || body { self.participle(i, end) } else { None }
    }

    /// "killing three", "kills 3".
    fn active(&self, i: usize, end: usize) -> Option<Match> {
        if self.is(end, i, &["himself", "herself", "themselves"]) {
            let mut found = Match::of(self.subject(i)?, "reflexive", 0.85);
            found.reflexive = true;
            return Some(found);
        }
        let mut found = Match::of(self.object(end)?, "active", 0.85);
        found.actor_before = Some(i);
        Some(found)
    }

    fn state(&self, i: usize, end: usize) -> Option<Match> {
        let (start, be, not) = self.auxiliaries(i);
        if let Some(own) = self.reflexive(i, end) {
            return Some(own);
        }
        if self.words[i].lower == "fatally" && self.left(i).is_none() && !be {
            return None;
        }
        if let Some(left) = self.left(start).or_else(|| self.left(i)) {
            let mut found = Match::of(left, "state", 0.85);
            found.negated |= not;
            return Some(found);
        }
        // "a dead dog", "Dead Man's Creek".
        let first = &self.words[i];
        if first.is(&["dead", "missing", "deceased", "wanted", "homeless"])
            && !be
            && !self.is(i.wrapping_sub(1), i, &["found", "left", "and", "lay", "shot"])
        {
            return None;
        }
        let mut found = Match::of(self.subject(start)?, "state", 0.8);
        found.negated |= not;
        Some(found)
    }

    /// "turned the gun on himself", "taking his own life": the pronoun's own person.
    fn reflexive(&self, i: usize, end: usize) -> Option<Match> {
        let at = (i..end).find(|at| self.words[*at].is(&["himself", "herself", "his", "her"]))?;
        let entity = self.owner(self.words[at].span)?;
        let mut found = Match::of(self.pronoun(at, entity), "reflexive", 0.85);
        found.reflexive = true;
        Some(found)
    }

    /// The entity one of whose mentions is `span`.
    fn owner(&self, span: Span) -> Option<usize> {
        self.entities.iter().position(|e| e.mentions.iter().any(|m| m.span == span))
    }

    fn pronoun(&self, at: usize, entity: usize) -> Party {
        Party {
            words: (at, at + 1),
            span: self.words[at].span,
            count: Count::exactly(1),
            entities: vec![entity],
            other: false,
            none: false,
            counted: false,
            members: 1,
        }
    }

    /// "the death of two", "the killing of X".
    fn of(&self, i: usize, end: usize) -> Option<Match> {
        if self.is(end, i, &["of", "against"]) {
            return Some(Match::of(self.object(end + 1)?, "nominal", 0.75));
        }
        None
    }

    fn noun(&self, trigger: &Trigger, i: usize, end: usize) -> Option<Match> {
        let body = self.words[i].is(&["body", "bodies"]);
        if let Some(found) = self.of(i, end) {
            return Some(found);
        }
        if let Some(count) = self.number_before(i) {
            return Some(Match::counted(count, "nominal", 0.75));
        }
        if self.negative(i) {
            return Some(Match::counted(Count::exactly(0), "none", 0.85));
        }
        if body || trigger.field == Field::Casualties {
            return None;
        }
        if self.is(end, i, &["toll"]) {
            let within = |n: &&Number| n.span.start >= self.words[end].span.end;
            let number = self.numbers.iter().filter(|n| !n.ordinal).find(within);
            let at = number.map(|n| self.words.partition_point(|w| w.span.end <= n.span.start));
            if let Some((n, _)) = number.zip(at).filter(|(_, at)| at - end <= 7 && self.same(*at, i)) {
                return Some(Match::counted(Count { min: n.min, best: n.best, max: n.max }, "toll", 0.9));
            }
        }
        if let Some(owner) = self.possessor(i) {
            return Some(Match::of(owner, "possessive", 0.75));
        }
        Some(Match::counted(OPEN, "unsaid", 0.5))
    }

    /// "triple shooting", "the shooting of X", "shooting two people" (the last by another rule).
    fn shooting(&self, i: usize, end: usize) -> Option<Match> {
        if let Some(object) = self.object(end).filter(|_| !self.is(i.wrapping_sub(1), i, &["the", "a", "fatal"])) {
            let mut found = Match::of(object, "active", 0.8);
            found.actor_before = Some(i);
            return Some(found);
        }
        if let Some(found) = self.of(i, end) {
            return Some(found);
        }
        let multiple = self.number_before(i).filter(|_| !self.words[i].lower.ends_with('s'));
        multiple.map(|count| Match::counted(count, "multiple", 0.75))
    }

    /// The number right before word `i`: "two deaths", "double homicide".
    fn number_before(&self, i: usize) -> Option<Count> {
        let mut at = i;
        while at > 0
            && i - at < 2
            && self.words[at - 1].is(&["fatal", "confirmed", "more", "other", "deadly", "apparent", "reported"])
        {
            at -= 1;
        }
        let before = at.checked_sub(1).map(|b| &self.words[b]).filter(|w| w.sentence == self.words[i].sentence)?;
        match before.lower.as_str() {
            "double" => return Some(Count::exactly(2)),
            "triple" => return Some(Count::exactly(3)),
            "quadruple" => return Some(Count::exactly(4)),
            "quintuple" => return Some(Count::exactly(5)),
            _ => {}
        }
        let number = self.numbers.iter().find(|n| n.span.end == before.span.end && !n.ordinal)?;
        let count = Count { min: number.min, best: number.best, max: number.max };
        if before.is_year() {
            return None;
        }
        (before.age.is_none() && count.best.is_none_or(|n| n < 1_000_000)).then_some(count)
    }

    /// "no injuries", "there were no reports of deaths".
    fn negative(&self, i: usize) -> bool {
        let from = i.saturating_sub(6);
        let before = self.words[from..i]
            .iter()
            .rev()
            .take_while(|w| w.sentence == self.words[i].sentence && (w.is_word() || w.lower == ","));
        let before: Vec<&str> = before.map(|w| w.lower.as_str()).collect();
        let listed = [
            "other",
            "further",
            "serious",
            "immediate",
            "reported",
            "or",
            "deaths",
            "injuries",
            "reports",
            "report",
            "of",
            "any",
            "additional",
            "more",
            "apparent",
            "life-threatening",
            "and",
            "fatalities",
        ];
        let skipped = before.iter().take_while(|w| listed.contains(w)).count();
        before.get(skipped).is_some_and(|w| ["no", "without", "n't", "not", "zero"].contains(w))
            && !before[..skipped].contains(&"life-threatening")
    }

    /// "Smith's death", "his death".
    fn possessor(&self, i: usize) -> Option<Party> {
        let before = i.checked_sub(1).map(|b| &self.words[b]).filter(|w| w.sentence == self.words[i].sentence)?;
        if before.is(&["'s", "'"]) {
            return self.left(i - 1).map(|p| Party { count: p.count, ..p });
        }
        if before.is(&["his", "her"]) {
            return Some(self.pronoun(i - 1, self.owner(before.span)?));
        }
        None
    }

    /// "suffered a gunshot wound", "with injuries".
    fn wound(&self, i: usize, end: usize) -> Option<Match> {
        if self.negative(i) {
            return Some(Match::counted(Count::exactly(0), "none", 0.85));
        }
        let _ = end;
        let mut at = i;
        while at > 0 && i - at < 9 && self.same(at - 1, i) {
            at -= 1;
            let word = &self.words[at];
            if word.is(&["his", "her", "their", "the"]) && i - at <= 2 {
                return None;
            }
            if word.is(&[
                "suffered",
                "suffering",
                "suffers",
                "sustained",
                "sustaining",
                "sustains",
                "received",
                "receiving",
            ]) {
                let (start, _, not) = self.auxiliaries(at);
                let mut found = Match::of(self.left(start).or_else(|| self.subject(start))?, "wound", 0.85);
                found.negated |= not;
                return Some(found);
            }
            if word.is(&["with", "from", "for"]) {
                let (start, _, _) = self.auxiliaries(at);
                let subject = self.left(at).or_else(|| self.left(start)).or_else(|| self.subject(start))?;
                return Some(Match::of(subject, "wound", 0.75));
            }
            if !word.is_word() && !word.is(&["-", ",", "“", "”", "\""]) {
                break;
            }
        }
        None
    }

    fn care(&self, i: usize) -> Option<Match> {
        let (start, _, not) = self.auxiliaries(i);
        let mut found = Match::of(self.left(start).or_else(|| self.subject(start))?, "care", 0.55);
        found.negated |= not;
        Some(found)
    }

    /// "sent two people to hospital".
    fn sends(&self, end: usize) -> Option<Match> {
        let object = self.object(end)?;
        let after = self.words[object.words.1..].iter().take(6);
        let hospital = after
            .take_while(|w| w.sentence == self.words[object.words.0].sentence)
            .any(|w| w.is(&["hospital", "hospitals", "medical"]));
        hospital.then(|| Match::of(object, "care", 0.7))
    }

    /// "faces a murder charge".
    fn faces(&self, i: usize, end: usize) -> Option<Match> {
        let charge = self.words[end..].iter().take(8).take_while(|w| w.sentence == self.words[i].sentence);
        let charge = charge
            .into_iter()
            .any(|w| w.is(&["charge", "charges", "murder", "trial", "count", "counts", "prison", "manslaughter"]));
        let (start, _, _) = self.auxiliaries(i);
        charge.then(|| self.subject(start)).flatten().map(|p| Match::of(p, "charged", 0.7))
    }

    /// "was shot in the leg and died": the subject of the verb before, where only "and", a comma or adverbs, or a phrase
    /// without a party, stand between.
    fn inherited(&self, trigger: &Trigger, i: usize, last: &Option<(usize, Party)>) -> Option<Match> {
        let (end, party) = last.as_ref()?;
        if !matches!(trigger.shape, Shape::Participle | Shape::State | Shape::Care)
            || i < *end
            || i - end > 12
            || !self.same(i, party.words.0)
        {
            return None;
        }
        let (start, _, _) = self.auxiliaries(i);
        let linked =
            start >= *end && self.words[*end..i].iter().any(|w| w.is(&["and", "then", "before", "but", "later"]));
        linked.then(|| Match::of(party.clone(), "shared-subject", 0.6))
    }

    fn push(&self, mentions: &mut Vec<TollMention>, trigger: &Trigger, range: (usize, usize), found: Match) {
        let span = self.words[range.0].span.join(self.words[range.1 - 1].span);
        let mut mention = self.mention(trigger.field, span, &found);
        if matches!(trigger.shape, Shape::Hit | Shape::HitVerb | Shape::Struck | Shape::HitsNoun) && !found.negated {
            mention.rule = if found.reflexive { "shot-himself" } else { "shot" };
        }
        if self.serial(range.0, &mention.count) {
            mention.rule = "series";
        }
        let ordinal = found.party.as_ref().and_then(|p| self.ordinal(p));
        if let Some(total) = ordinal.filter(|_| trigger.field == Field::Killed && trigger.shape == Shape::State) {
            // "A third victim has died": three in all.
            let count = Count::exactly(total);
            mentions.push(TollMention {
                count,
                entity: None,
                entities: Vec::new(),
                part: false,
                rule: "ordinal",
                ..mention.clone()
            });
        }
        let toll = !matches!(trigger.field, Field::Suspect | Field::Arrested);
        if trigger.field == Field::Casualties && found.negated {
            mentions.push(TollMention { field: Field::Killed, ..mention.clone() });
            mention.field = Field::Wounded;
        }
        mentions.push(mention);
        if toll && !found.negated {
            self.push_actor(mentions, span, range, &found);
        }
    }

    /// 3 for "a third victim".
    fn ordinal(&self, party: &Party) -> Option<u64> {
        const ORDINALS: [[&str; 2]; 6] = [
            ["second", "2nd"],
            ["third", "3rd"],
            ["fourth", "4th"],
            ["fifth", "5th"],
            ["sixth", "6th"],
            ["seventh", "7th"],
        ];
        let words = &self.words[party.words.0..party.words.1];
        let at = words.iter().find_map(|w| ORDINALS.iter().position(|o| w.is(o)))?;
        Some(at as u64 + 2).filter(|_| party.members == 1)
    }

    fn mention(&self, field: Field, trigger: Span, found: &Match) -> TollMention {
        let who = found.party.as_ref().map(|p| p.span);
        let whole = who.map_or(trigger, |w| w.join(trigger));
        let entities = found.party.as_ref().map(|p| p.entities.clone()).unwrap_or_default();
        let criminal = |e: &usize| matches!(self.entities[*e].group, Some("criminal" | "armed-group"));
        let attackers = !entities.is_empty() && entities.iter().all(criminal);
        let included = found
            .party
            .as_ref()
            .and_then(|p| p.words.0.checked_sub(1))
            .is_some_and(|b| self.words[b].is(&["including", "among"]));
        TollMention {
            span: if whole.len() <= LONGEST { whole } else { trigger },
            field,
            count: found.count,
            who,
            entity: entities.first().copied().filter(|_| entities.len() == 1),
            entities,
            attackers,
            part: included || found.party.as_ref().is_some_and(|p| p.other),
            negated: found.negated,
            trigger,
            rule: found.rule,
            confidence: found.confidence,
        }
    }

    /// Who did it: the subject of the active verb, or "by X" behind the passive.
    fn push_actor(&self, mentions: &mut Vec<TollMention>, trigger: Span, range: (usize, usize), found: &Match) {
        let actor = match found.actor_before {
            Some(before) => self.left(before).or_else(|| self.subject(before)),
            None => {
                let by = (range.1..range.1 + 7).find(|at| self.is(*at, range.0, &["by"]));
                by.and_then(|by| self.object(by + 1))
            }
        };
        let Some(actor) = actor.filter(|a| !a.none && !a.entities.is_empty()) else { return };
        if actor.entities.iter().any(|e| found.party.as_ref().is_some_and(|p| p.entities.contains(e))) {
            return;
        }
        let mut mention = self.mention(Field::Suspect, trigger, &Match::of(actor, "actor", 0.6));
        mention.attackers = true;
        mentions.push(mention);
    }

    /// Whether the sentence tells of many events: "this year", "since 1980".
    fn serial(&self, i: usize, count: &Count) -> bool {
        if count.best.or(count.min).is_none_or(|n| n < 2) {
            return false;
        }
        let sentence = self.words[i].sentence;
        let first = self.words[..i].iter().rposition(|w| w.sentence != sentence).map_or(0, |at| at + 1);
        let words: Vec<&Word<'_>> = self.words[first..].iter().take_while(|w| w.sentence == sentence).collect();
        words.iter().enumerate().any(|(n, w)| {
            let next = |list: &[&str]| words.get(n + 1).is_some_and(|x| x.is(list));
            let year = |at: usize| {
                words.get(at).is_some_and(|x| x.lower.len() == 4 && x.lower.bytes().all(|b| b.is_ascii_digit()))
            };
            self.lexicon.has("series", &w.lower)
                || (w.is(&["this", "per", "each", "last", "every", "a"])
                    && next(&["year"])
                    && !words.get(n + 2).is_some_and(|x| x.is(&["ago"]))
                    && !w.is(&["last", "a"]))
                || (w.is(&["since", "between"]) && (year(n + 1) || year(n + 2)))
                || (w.is(&["so"]) && next(&["far"]) && words.get(n + 2).is_some_and(|x| x.is(&["this", "in"])))
                || (w.is(&["past", "last"]) && words.get(n + 2).is_some_and(|x| x.is(&["years", "months", "weeks"])))
        })
    }
}
