//! The ways to read a total off the mentions of one incident, each an estimate.

use super::*;

/// What an estimate says, and by which words.
pub(super) struct Estimate {
    pub name: &'static str,
    pub zone: &'static str,
    pub count: u64,
    pub evidence: Option<Span>,
}

/// The mentions of one kind of harm, sorted out.
pub(super) struct Told<'a> {
    input: Input<'a>,
    entities: &'a [Entity],
    killed: Vec<&'a TollMention>,
    wounded: Vec<&'a TollMention>,
    shot: Vec<&'a TollMention>,
    casualties: Vec<&'a TollMention>,
    /// Entities told of as killed.
    dead: BTreeSet<usize>,
}

impl<'a> Told<'a> {
    pub fn new(input: Input<'a>, mentions: &'a [TollMention], entities: &'a [Entity]) -> Told<'a> {
        let of = |field: Field, shot: bool| -> Vec<&TollMention> {
            // "A third victim was wounded": three were shot, of whom some may have died.
            let is_shot = |m: &TollMention| {
                matches!(m.rule, "shot" | "shot-himself") || m.rule == "ordinal" && m.field == Field::Wounded
            };
            mentions.iter().filter(|m| m.field == field && m.rule != "series" && is_shot(m) == shot).collect()
        };
        let killed = of(Field::Killed, false);
        let dead = killed.iter().filter(|m| !m.negated).flat_map(|m| m.entities.iter().copied()).collect();
        let (wounded, shot, casualties) =
            (of(Field::Wounded, false), of(Field::Wounded, true), of(Field::Casualties, false));
        Told { input, entities, killed, wounded, shot, casualties, dead }
    }

    fn zone(&self, mention: &TollMention) -> &'static str {
        let sentence = self.input.sentence_at(mention.trigger);
        match sentence {
            0 if self.input.report.headline.is_some() => "title",
            0..=3 => "lead",
            4..=9 => "early",
            _ => "late",
        }
    }

    /// Counts of a list of mentions, by zone and over all.
    fn counts(&self, name: [&'static str; 5], mentions: &[&TollMention]) -> Vec<Estimate> {
        let mut estimates = Vec::new();
        let counted: Vec<(&TollMention, u64)> =
            mentions.iter().filter(|m| !m.negated).filter_map(|m| Some((*m, m.count.best?))).collect();
        let counted: Vec<(&TollMention, u64)> = counted.into_iter().filter(|(_, n)| *n > 0 && *n < MOST).collect();
        let mut add = |name, zone, found: Option<&(&TollMention, u64)>| {
            estimates.extend(found.map(|(m, count)| Estimate { name, zone, count: *count, evidence: Some(m.span) }));
        };
        for zone in ["title", "lead", "early", "late"] {
            let mut here = counted.iter().filter(|(m, _)| self.zone(m) == zone).collect::<Vec<_>>();
            add(name[0], zone, here.first().copied());
            here.sort_by_key(|(_, n)| *n);
            add(name[1], zone, here.last().copied());
        }
        add(name[2], "all", counted.iter().max_by_key(|(_, n)| *n));
        add(name[3], "all", counted.first());
        let mut times: BTreeMap<u64, usize> = BTreeMap::new();
        for (_, n) in &counted {
            *times.entry(*n).or_default() += 1;
        }
        let mode = times.iter().max_by_key(|(n, t)| (**t, **n)).map(|(n, _)| *n);
        add(name[4], "all", counted.iter().find(|(_, n)| Some(*n) == mode));
        estimates
    }

    /// The fewest and the most distinct people among `people`.
    fn distinct(&self, people: &BTreeSet<usize>) -> (u64, u64) {
        let (mut both, mut named, mut aged, mut weak) = (0u64, 0u64, 0u64, 0u64);
        for entity in people.iter().map(|e| &self.entities[*e]).filter(|e| e.number.is_none()) {
            let name = entity.mentions.iter().any(|m| m.form == Form::Name);
            match (name, entity.age.is_some()) {
                (true, true) => both += 1,
                (true, false) => named += 1,
                (false, true) => aged += 1,
                (false, false) => weak += 1,
            }
        }
        let strong = both + named + aged;
        if strong == 0 { (u64::from(weak > 0), weak) } else { (both + named.max(aged), strong) }
    }

    fn people(&self, mentions: &[&TollMention]) -> BTreeSet<usize> {
        let single = |m: &&&TollMention| !m.negated && m.count.best == Some(m.entities.len() as u64);
        mentions.iter().filter(single).flat_map(|m| m.entities.iter().copied()).collect()
    }

    /// Counts of those told of beside others: the largest, and all distinct ones together.
    fn parts(&self, mentions: &[&TollMention]) -> u64 {
        let parts: BTreeSet<u64> =
            mentions.iter().filter(|m| m.part && !m.negated).filter_map(|m| m.count.best).collect();
        parts.into_iter().filter(|n| *n < MOST).sum()
    }

    /// How many of `people` are plainly others than the dead: by age, or by name.
    fn surely_alive(&self, people: &BTreeSet<usize>) -> u64 {
        let named = |e: &Entity| e.mentions.iter().any(|m| m.form == Form::Name);
        let dead: Vec<&Entity> = self.dead.iter().map(|e| &self.entities[*e]).collect();
        let ages: Vec<u32> = dead.iter().filter_map(|e| e.age).collect();
        let names = dead.iter().any(|e| named(e));
        let apart = |e: &&Entity| match e.age {
            Some(age) => !ages.is_empty() && !ages.contains(&age),
            None => names && named(e),
        };
        people.iter().map(|e| &self.entities[*e]).filter(apart).count() as u64
    }

    /// The first count of wounded told of in one sentence with people killed: "killed one and wounded three".
    fn beside_the_dead(&self) -> u64 {
        let sentence = |m: &TollMention| self.input.sentence_at(m.trigger);
        let both = self.wounded.iter().filter(|w| !w.negated && w.rule != "care").find(|w| {
            self.killed
                .iter()
                .any(|k| !k.negated && sentence(k) == sentence(w) && k.who != w.who && k.count.best.is_some())
        });
        both.and_then(|w| w.count.best).filter(|n| *n < MOST).unwrap_or(0)
    }

    fn killed_estimates(&self) -> Vec<Estimate> {
        let mut estimates = self.counts(["k.first", "k.max", "k.max", "k.first", "k.mode"], &self.killed);
        let people = self.people(&self.killed);
        let (low, high) = self.distinct(&people);
        let whole = self
            .killed
            .iter()
            .filter(|m| !m.part && !m.negated && m.rule != "sum")
            .filter_map(|m| m.count.best)
            .filter(|n| *n < MOST)
            .max()
            .unwrap_or(0);
        let attackers: BTreeSet<usize> =
            self.killed.iter().filter(|m| m.attackers && !m.negated).flat_map(|m| m.entities.iter().copied()).collect();
        let victims = self
            .killed
            .iter()
            .filter(|m| !m.attackers && !m.negated && !m.part)
            .filter_map(|m| m.count.best)
            .filter(|n| *n < MOST)
            .max()
            .unwrap_or(0);
        let mut add = |name, count| estimates.push(Estimate { name, zone: "all", count, evidence: None });
        add("k.low", low);
        add("k.high", high);
        add("k.with-parts", whole + self.parts(&self.killed));
        add("k.low-or-whole", low.max(whole));
        if !attackers.is_empty() {
            add("k.with-attackers", victims + self.distinct(&attackers).0);
        }
        if self.input.text().to_lowercase().contains("murder-suicide") {
            add("k.murder-suicide", 2);
            add("k.murder-suicide-plus", whole + 1);
        }
        estimates
    }

    fn wounded_estimates(&self, killed: u64) -> Vec<Estimate> {
        let mut estimates = self.counts(["w.first", "w.max", "w.max", "w.first", "w.mode"], &self.wounded);
        for estimate in self.counts(["i.first", "i.max", "i.max", "i.first", "i.mode"], &self.wounded) {
            estimates.push(Estimate {
                name: less(estimate.name),
                count: estimate.count.saturating_sub(killed),
                ..estimate
            });
        }
        for mut estimate in self.counts(["s.first", "s.max", "s.max", "s.first", "s.mode"], &self.shot) {
            estimates.push(Estimate {
                name: less(estimate.name),
                count: estimate.count.saturating_sub(killed),
                ..estimate
            });
            estimate.evidence = None;
            estimates.push(estimate);
        }
        for estimate in self.counts(["c.first", "c.max", "c.max", "c.first", "c.mode"], &self.casualties) {
            estimates.push(Estimate {
                name: less(estimate.name),
                count: estimate.count.saturating_sub(killed),
                ..estimate
            });
        }
        let alive = |mentions: &[&TollMention]| {
            self.people(mentions).difference(&self.dead).copied().collect::<BTreeSet<usize>>()
        };
        let (wounded, shot) = (alive(&self.wounded), alive(&self.shot));
        let all: BTreeSet<usize> = wounded.union(&shot).copied().collect();
        let everyone: BTreeSet<usize> = all.union(&self.dead).copied().collect();
        let whole = |list: &[&TollMention]| {
            list.iter()
                .filter(|m| !m.part && !m.negated && m.rule != "sum")
                .filter_map(|m| m.count.best)
                .filter(|n| *n < MOST)
                .max()
                .unwrap_or(0)
        };
        let mut add = |name, count| estimates.push(Estimate { name, zone: "all", count, evidence: None });
        add("w.low", self.distinct(&wounded).0);
        add("w.high", self.distinct(&wounded).1);
        add("ws.low", self.distinct(&all).0);
        add("ws.high", self.distinct(&all).1);
        add("everyone.low-less", self.distinct(&everyone).0.saturating_sub(killed));
        add("w.sure", self.surely_alive(&all));
        add("w.same-sentence", self.beside_the_dead());
        add("w.parts", self.parts(&self.wounded));
        add("w.with-parts", whole(&self.wounded) + self.parts(&self.wounded));
        add("ws.with-parts", (whole(&self.shot) + self.parts(&self.shot)).saturating_sub(killed));
        add("w.or-shot-less", whole(&self.wounded).max(whole(&self.shot).saturating_sub(killed)));
        estimates
    }

    pub fn killed(&self) -> impl Iterator<Item = Candidate> {
        let estimates = self.killed_estimates();
        let said = self.killed.iter().filter(|m| !m.negated && m.rule != "unsaid").count();
        let unsaid = self.killed.iter().filter(|m| m.rule == "unsaid").count();
        let denied = self.killed.iter().any(|m| m.negated);
        let hurt = self.wounded.len() + self.shot.len();
        let wounded = format!("hurt{}", bucket(hurt));
        let state = [
            format!("k.said{}", bucket(said)),
            format!("k.unsaid{}", bucket(unsaid)),
            format!("k.said{}.unsaid{}", bucket(said).min(1), bucket(unsaid).min(2)),
            format!("k.denied{denied}"),
            wounded,
        ];
        candidates("k", estimates, state.to_vec())
    }

    pub fn wounded(&self, killed: u64) -> impl Iterator<Item = Candidate> {
        let estimates = self.wounded_estimates(killed);
        let care = self
            .wounded
            .iter()
            .filter(|m| m.rule == "care" && m.entities.iter().any(|e| !self.dead.contains(e)))
            .count();
        let strong = self
            .wounded
            .iter()
            .filter(|m| m.rule != "care" && !m.negated && !m.entities.iter().any(|e| self.dead.contains(e)))
            .count();
        let shot = self.shot.iter().filter(|m| !m.entities.iter().any(|e| self.dead.contains(e))).count();
        let denied = self.wounded.iter().any(|m| m.negated && m.count.best == Some(0));
        let state = [
            format!("w.killed{}", bucket(killed as usize)),
            format!("w.said{}.killed{}", bucket(strong), killed.min(1)),
            format!("w.care{}.killed{}", bucket(care), killed.min(1)),
            format!("w.shot{}.killed{}", bucket(shot), killed.min(1)),
            format!("w.denied{denied}.killed{}", killed.min(1)),
            format!(
                "w.said{}.care{}.shot{}.killed{}",
                bucket(strong).min(1),
                bucket(care).min(1),
                bucket(shot).min(1),
                killed.min(1)
            ),
        ];
        candidates("w", estimates, state.to_vec())
    }
}

fn less(name: &'static str) -> &'static str {
    match name {
        "s.first" => "s.first-less",
        "s.max" => "s.max-less",
        "s.mode" => "s.mode-less",
        "i.first" => "i.first-less",
        "i.max" => "i.max-less",
        "i.mode" => "i.mode-less",
        "c.first" => "c.first-less",
        "c.max" => "c.max-less",
        _ => "c.mode-less",
    }
}

fn bucket(n: usize) -> usize {
    match n {
        0..=3 => n,
        4..=6 => 4,
        _ => 5,
    }
}
