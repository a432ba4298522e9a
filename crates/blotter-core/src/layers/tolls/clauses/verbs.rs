//! Verbs and states: the party that they tell of, by the shape of the clause.

use super::*;

impl Scan<'_> {
    pub(super) fn participle(&self, i: usize, end: usize) -> Option<Match> {
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
        // "He had killed his whole family": whoever stands before did it, whomever it befell.
        let perfect = self.words[start..i].iter().any(|w| w.is(&["has", "have", "had"]));
        if perfect && object.is_none() {
            return None;
        }
        let counted_left = left.as_ref().is_some_and(|p| p.counted || p.none);
        // "Two people killed Friday" were killed, "two men killed a guard" killed.
        let named = |o: &Party| o.words.0 == end && !o.entities.is_empty();
        if let Some(object) = object.filter(|o| !counted_left || named(o)) {
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

    pub(super) fn hit(&self, i: usize, end: usize) -> Option<Match> {
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
    pub(super) fn struck(&self, i: usize, end: usize) -> Option<Match> {
        let near = |from: usize, to: usize, class: &str| {
            (from..to.min(self.words.len()))
                .any(|at| self.same(at, i) && self.lexicon.has(class, &self.words[at].lower))
        };
        let bullet = near(i.saturating_sub(7), end + 8, "missile");
        let body = near(end, end + 8, "body");
        if bullet || body { self.participle(i, end) } else { None }
    }

    /// "killing three", "kills 3".
    pub(super) fn active(&self, i: usize, end: usize) -> Option<Match> {
        if self.is(end, i, &["himself", "herself", "themselves"]) {
            let mut found = Match::of(self.subject(i)?, "reflexive", 0.85);
            found.reflexive = true;
            return Some(found);
        }
        let mut found = Match::of(self.object(end)?, "active", 0.85);
        found.actor_before = Some(i);
        Some(found)
    }

    pub(super) fn state(&self, i: usize, end: usize) -> Option<Match> {
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
        if let Some(party) = self.left_behind(i) {
            return Some(Match::of(party, "state", 0.75));
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

    /// "found Orlin Maddow, from Tarn, dead": whom the verb of finding or leaving before the state goes with.
    fn left_behind(&self, i: usize) -> Option<Party> {
        if i == 0 || self.words[i - 1].lower != "," {
            return None;
        }
        let from = i.saturating_sub(14);
        let verb =
            (from..i).rev().find(|at| self.is(*at, i, &["found", "left", "discovered", "leaving", "finding"]))?;
        let party = self.object(verb + 1).filter(|p| p.words.1 < i)?;
        let between = &self.words[party.words.1..i];
        let plain =
            |w: &Word<'_>| !w.is(&["and", "who", "but", ";"]) && !self.lexicon.has("be", &w.lower) && !self.is_verb(w);
        between.iter().all(plain).then_some(party)
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
    pub(super) fn owner(&self, span: Span) -> Option<usize> {
        self.entities.iter().position(|e| e.mentions.iter().any(|m| m.span == span))
    }

    pub(super) fn pronoun(&self, at: usize, entity: usize) -> Party {
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

    pub(super) fn care(&self, i: usize, end: usize) -> Option<Match> {
        if self.words[end - 1].lower == "to" && self.leads_elsewhere(end) {
            return None;
        }
        let (start, _, not) = self.auxiliaries(i);
        let mut found = Match::of(self.left(start).or_else(|| self.subject(start))?, "care", 0.55);
        found.negated |= not;
        Some(found)
    }

    /// "was taken to jail", "was brought to the court": whither one is taken from word `at` on is no place where wounds are treated.
    fn leads_elsewhere(&self, at: usize) -> bool {
        let sentence = self.words[at - 1].sentence;
        for word in self.words[at..].iter().take(10).take_while(|w| w.sentence == sentence) {
            if word.is(&[
                "hospital",
                "hospitals",
                "medical",
                "trauma",
                "clinic",
                "surgery",
                "emergency",
                "infirmary",
                ",",
                "by",
                "where",
            ]) {
                return false;
            }
            if self.lexicon.has("elsewhere", &word.lower) {
                return true;
            }
        }
        false
    }

    /// "sent two people to hospital".
    pub(super) fn sends(&self, end: usize) -> Option<Match> {
        let object = self.object(end)?;
        let after = self.words[object.words.1..].iter().take(14);
        let hospital = after
            .take_while(|w| w.sentence == self.words[object.words.0].sentence)
            .any(|w| w.is(&["hospital", "hospitals", "medical"]));
        hospital.then(|| Match::of(object, "care", 0.7))
    }

    /// "faces a murder charge".
    pub(super) fn faces(&self, i: usize, end: usize) -> Option<Match> {
        let charge = self.words[end..].iter().take(8).take_while(|w| w.sentence == self.words[i].sentence);
        let charge = charge
            .into_iter()
            .any(|w| w.is(&["charge", "charges", "murder", "trial", "count", "counts", "prison", "manslaughter"]));
        let (start, _, _) = self.auxiliaries(i);
        charge.then(|| self.subject(start)).flatten().map(|p| Match::of(p, "charged", 0.7))
    }

    /// "was shot in the leg and died": the subject of the verb before, where only "and", a comma or adverbs, or a phrase
    /// without a party, stand between.
    pub(super) fn inherited(&self, trigger: &Trigger, i: usize, last: &Option<(usize, Party)>) -> Option<Match> {
        let (end, party) = last.as_ref()?;
        if !matches!(trigger.shape, Shape::Participle | Shape::State | Shape::Care)
            || i < *end
            || i - end > 12
            || !self.same(i, party.words.0)
        {
            return None;
        }
        let (start, _, _) = self.auxiliaries(i);
        // "Two were killed and ten others 'grievously injured'", "left 40 dead and many more wounded".
        let marks = |w: &Word<'_>| !w.is_word() || w.lower.ends_with("ly");
        let own = self.singles.iter().rev().find(|p| p.words.0 >= *end && p.words.1 <= start && p.counted);
        // "left a boy dead and another man, Orlin Maddow of Tarn, wounded".
        let apposed = |p: &&Party| {
            p.words.0 > *end
                && self.words[p.words.0 - 1].lower == "and"
                && p.words.1 < start
                && self.words[p.words.1].lower == ","
                && self.words[start - 1].lower == ","
        };
        let beside = self.singles.iter().rev().take_while(|p| p.words.0 >= *end).find(apposed);
        let own = own.filter(|p| self.words[p.words.1..start].iter().all(marks)).or(beside);
        if let Some(own) = own {
            return Some(Match::of(own.clone(), "shared-subject", 0.6));
        }
        if start > *end && self.words[start - 1].is(&["more", "others", "many", "several", "another", "some"]) {
            return Some(Match::counted(Count { min: Some(2), best: None, max: None }, None, "unsaid", 0.5));
        }
        let linked =
            start >= *end && self.words[*end..i].iter().any(|w| w.is(&["and", "then", "before", "but", "later"]));
        linked.then(|| Match::of(party.clone(), "shared-subject", 0.6))
    }
}
