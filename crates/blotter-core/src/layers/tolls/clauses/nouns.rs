//! Nouns: "the death of two", "two deaths", "his death", "a gunshot wound", and denials of them.

use super::*;

impl Scan<'_> {
    /// "the death of two", "the killing of X".
    pub(super) fn of(&self, i: usize, end: usize) -> Option<Match> {
        if self.is(end, i, &["of", "against"]) {
            return Some(Match::of(self.object(end + 1)?, "nominal", 0.75));
        }
        None
    }

    pub(super) fn noun(&self, trigger: &Trigger, i: usize, end: usize) -> Option<Match> {
        let body = self.words[i].is(&["body", "bodies"]);
        if let Some(found) = self.of(i, end) {
            return Some(found);
        }
        if let Some((count, number)) = self.number_before(i) {
            return Some(Match::counted(count, Some(number), "nominal", 0.75));
        }
        if let Some(no) = self.negative(i) {
            return Some(Match::counted(Count::exactly(0), Some(no), "none", 0.85));
        }
        if body || trigger.field == Field::Casualties {
            return None;
        }
        // "stoned a woman to death".
        if self.words[i].lower == "death"
            && self.is(i.wrapping_sub(1), i, &["to"])
            && let Some(party) = self.left(i - 1)
        {
            return Some(Match::of(party, "active", 0.8));
        }
        if self.is(end, i, &["toll"]) {
            let within = |n: &&Number| n.span.start >= self.words[end].span.end;
            let number = self.numbers.iter().filter(|n| !n.ordinal).find(within);
            let at = number.map(|n| self.words.partition_point(|w| w.span.end <= n.span.start));
            if let Some((n, at)) = number.zip(at).filter(|(_, at)| at - end <= 7 && self.same(*at, i)) {
                // "The toll would have been over a thousand" tells none.
                let supposed = self.words[end..at].iter().any(|w| self.lexicon.has("modal", &w.lower));
                let count = Count { min: n.min, best: n.best, max: n.max };
                return (!supposed).then(|| Match::counted(count, Some(n.span), "toll", 0.9));
            }
        }
        if let Some(owner) = self.possessor(i) {
            return Some(Match::of(owner, "possessive", 0.75));
        }
        Some(Match::counted(OPEN, None, "unsaid", 0.5))
    }

    /// "triple shooting", "the shooting of X", "shooting two people" (the last by another rule).
    pub(super) fn shooting(&self, i: usize, end: usize) -> Option<Match> {
        if let Some(object) = self.object(end).filter(|_| !self.is(i.wrapping_sub(1), i, &["the", "a", "fatal"])) {
            let mut found = Match::of(object, "active", 0.8);
            found.actor_before = Some(i);
            return Some(found);
        }
        if let Some(found) = self.of(i, end) {
            return Some(found);
        }
        // "two shooting scenes" counts scenes.
        let counts_people =
            self.is(i.wrapping_sub(1), i, &["double", "triple", "quadruple", "quintuple", "deadly", "fatal"]);
        let multiple = self.number_before(i).filter(|_| counts_people && !self.words[i].lower.ends_with('s'));
        multiple.map(|(count, number)| Match::counted(count, Some(number), "multiple", 0.75))
    }

    /// The number right before word `i` and its words: "two deaths", "double homicide".
    fn number_before(&self, i: usize) -> Option<(Count, Span)> {
        let mut at = i;
        while at > 0
            && i - at < 2
            && self.words[at - 1].is(&["fatal", "confirmed", "more", "other", "deadly", "apparent", "reported"])
        {
            at -= 1;
        }
        let before = at.checked_sub(1).map(|b| &self.words[b]).filter(|w| w.sentence == self.words[i].sentence)?;
        match before.lower.as_str() {
            "double" => return Some((Count::exactly(2), before.span)),
            "triple" => return Some((Count::exactly(3), before.span)),
            "quadruple" => return Some((Count::exactly(4), before.span)),
            "quintuple" => return Some((Count::exactly(5), before.span)),
            _ => {}
        }
        let number = self.numbers.iter().find(|n| n.span.end == before.span.end && !n.ordinal)?;
        let count = Count { min: number.min, best: number.best, max: number.max };
        if before.is_year() {
            return None;
        }
        (before.age.is_none() && count.best.is_none_or(|n| n < 1_000_000)).then_some((count, number.span))
    }

    /// The word that denies: "no injuries", "there were no reports of deaths".
    fn negative(&self, i: usize) -> Option<Span> {
        let from = i.saturating_sub(6);
        let before = self.words[from..i]
            .iter()
            .rev()
            .take_while(|w| w.sentence == self.words[i].sentence && (w.is_word() || w.lower == ","));
        let (spans, before): (Vec<Span>, Vec<&str>) = before.map(|w| (w.span, w.lower.as_str())).unzip();
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
        let denied = before.get(skipped).is_some_and(|w| ["no", "without", "n't", "not", "zero"].contains(w));
        spans.get(skipped).copied().filter(|_| denied && !before[..skipped].contains(&"life-threatening"))
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
    pub(super) fn wound(&self, i: usize, end: usize) -> Option<Match> {
        if let Some(no) = self.negative(i) {
            return Some(Match::counted(Count::exactly(0), Some(no), "none", 0.85));
        }
        // "the shooting injury of his nephew".
        if let Some(found) = self.of(i, end).filter(|m| m.party.as_ref().is_some_and(|p| !p.entities.is_empty())) {
            return Some(found);
        }
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
            // "died from gunshot wounds" tells of the dead alone.
            let died = |n: usize| self.is(n, i, &["died", "die", "dies", "dead", "death", "deaths"]);
            if word.is(&["from", "of"]) && (at.saturating_sub(5)..at).any(died) {
                return None;
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
}
