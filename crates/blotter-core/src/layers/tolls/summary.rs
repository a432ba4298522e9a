//! All toll mentions of one incident → its likeliest totals.
//!
//! Every way to read a total off the mentions (the count in the headline, the largest in the lead, the distinct people
//! told of one by one, those shot less those killed ...) is an estimate. A candidate total is scored by the estimates
//! that give it, each with a weight learned from reports whose totals are known (data/tolls/weights.txt); a prior over
//! totals, such as a model's, can be added to the scores.

use std::collections::{BTreeMap, BTreeSet};

use super::TollMention;
use crate::data::DataError;
use crate::facts::Field;
use crate::layers::Input;
use crate::layers::entities::{Entity, Form};
use crate::text::Span;

const WEIGHTS: &str = include_str!("../../../data/tolls/weights.txt");
/// Totals above this are not read off one incident's mentions.
const MOST: u64 = 100_000;

/// A total that the text gives reason for.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// How many people, attackers too.
    pub count: u64,
    /// Natural logarithm of its probability among the candidates.
    pub score: f64,
    /// The words that say so, the weightiest first; empty where it is only what remains.
    pub evidence: Vec<Span>,
    /// The estimates behind it, with their value, for training and for `why`.
    pub features: Vec<(String, f64)>,
}

/// The likeliest totals of an incident, best first; empty where nothing tells of harm.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Summary {
    /// Everyone killed.
    pub killed: Vec<Candidate>,
    /// Everyone wounded and alive, given the best `killed`.
    pub wounded: Vec<Candidate>,
}

/// Natural logarithms of the probability of 0, 1, 2 .. people, the last for it and all above; empty: none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prior {
    /// Of the killed.
    pub killed: Vec<f64>,
    /// Of the wounded.
    pub wounded: Vec<f64>,
}

impl Prior {
    fn of(prior: &[f64], count: u64) -> f64 {
        let last = prior.len().saturating_sub(1);
        prior.get(last.min(usize::try_from(count).unwrap_or(last))).copied().unwrap_or(0.0)
    }
}

/// The learned weights of the estimates.
pub struct Weights(BTreeMap<&'static str, f64>);

impl Weights {
    /// Reads the weights that come with the program: a name and a number a line.
    ///
    /// # Errors
    /// The line that is not one.
    pub fn load() -> Result<Weights, DataError> {
        let mut weights = BTreeMap::new();
        for (number, line) in WEIGHTS.lines().enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with('#')) {
            let parsed = line.rsplit_once(' ').and_then(|(name, value)| Some((name, value.parse::<f64>().ok()?)));
            let (name, value) =
                parsed.ok_or_else(|| DataError::new("tolls/weights.txt", number + 1, "not a name and a number"))?;
            weights.insert(name, value);
        }
        Ok(Weights(weights))
    }

    fn score(&self, features: &[(String, f64)]) -> f64 {
        features.iter().map(|(name, value)| self.0.get(name.as_str()).copied().unwrap_or(0.0) * value).sum()
    }
}

/// The totals of the one incident that `mentions` tell of.
pub fn summary(
    input: Input<'_>,
    mentions: &[TollMention],
    entities: &[Entity],
    weights: &Weights,
    prior: &Prior,
) -> Summary {
    let told = Told::new(input, mentions, entities);
    let mut killed: Vec<Candidate> = told.killed().map(|c| scored(c, weights, &prior.killed)).collect();
    normalise(&mut killed);
    // The best pair, not the best of each: those shot are killed or wounded.
    let mut best: Option<(f64, Vec<Candidate>, u64)> = None;
    for option in &killed {
        let mut wounded: Vec<Candidate> =
            told.wounded(option.count).map(|c| scored(c, weights, &prior.wounded)).collect();
        normalise(&mut wounded);
        let total = option.score + wounded.first().map_or(0.0, |w| w.score);
        if best.as_ref().is_none_or(|b| total > b.0) {
            best = Some((total, wounded, option.count));
        }
    }
    let Some((_, wounded, count)) = best else { return Summary::default() };
    if let Some(at) = killed.iter().position(|c| c.count == count) {
        let chosen = killed.remove(at);
        killed.insert(0, chosen);
    }
    Summary { killed, wounded }
}

/// Every candidate pair with its features, for training: killed, then wounded for each killed.
pub fn features(
    input: Input<'_>,
    mentions: &[TollMention],
    entities: &[Entity],
) -> (Vec<Candidate>, Vec<(u64, Vec<Candidate>)>) {
    let told = Told::new(input, mentions, entities);
    let killed: Vec<Candidate> = told.killed().collect();
    let wounded = killed.iter().map(|k| (k.count, told.wounded(k.count).collect())).collect();
    (killed, wounded)
}

fn scored(mut candidate: Candidate, weights: &Weights, prior: &[f64]) -> Candidate {
    candidate.score = weights.score(&candidate.features) + Prior::of(prior, candidate.count);
    candidate
}

/// Scores → log-probabilities, best first.
fn normalise(candidates: &mut [Candidate]) {
    let top = candidates.iter().map(|c| c.score).fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = candidates.iter().map(|c| (c.score - top).exp()).sum();
    for candidate in candidates.iter_mut() {
        candidate.score -= top + sum.ln();
    }
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.count.cmp(&b.count)));
}

/// What an estimate says, and by which words.
struct Estimate {
    name: &'static str,
    zone: &'static str,
    count: u64,
    evidence: Option<Span>,
}

/// The mentions of one kind of harm, sorted out.
struct Told<'a> {
    input: Input<'a>,
    entities: &'a [Entity],
    killed: Vec<&'a TollMention>,
    wounded: Vec<&'a TollMention>,
    shot: Vec<&'a TollMention>,
    casualties: Vec<&'a TollMention>,
    /// Entities told of as killed.
    dead: BTreeSet<usize>,
    sentences: usize,
}

impl<'a> Told<'a> {
    fn new(input: Input<'a>, mentions: &'a [TollMention], entities: &'a [Entity]) -> Told<'a> {
        let of = |field: Field, shot: bool| -> Vec<&TollMention> {
            let is_shot = |m: &TollMention| matches!(m.rule, "shot" | "shot-himself");
            mentions.iter().filter(|m| m.field == field && m.rule != "series" && is_shot(m) == shot).collect()
        };
        let killed = of(Field::Killed, false);
        let dead = killed.iter().filter(|m| !m.negated).flat_map(|m| m.entities.iter().copied()).collect();
        let (wounded, shot, casualties) =
            (of(Field::Wounded, false), of(Field::Wounded, true), of(Field::Casualties, false));
        Told { input, entities, killed, wounded, shot, casualties, dead, sentences: input.sentences.len() }
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
            .filter(|m| !m.part && !m.negated)
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
                .filter(|m| !m.part && !m.negated)
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

    fn killed(&self) -> impl Iterator<Item = Candidate> {
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
        candidates("k", estimates, state.to_vec(), self.sentences)
    }

    fn wounded(&self, killed: u64) -> impl Iterator<Item = Candidate> {
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
        candidates("w", estimates, state.to_vec(), self.sentences)
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

/// A candidate for each count that an estimate gives, and for 0, 1 and 2.
fn candidates(
    field: &'static str,
    estimates: Vec<Estimate>,
    state: Vec<String>,
    _sentences: usize,
) -> impl Iterator<Item = Candidate> {
    let counts: BTreeSet<u64> = estimates.iter().map(|e| e.count).chain([0, 1, 2]).collect();
    counts.into_iter().map(move |count| {
        let size = match count {
            0..=2 => count.to_string(),
            3 => "3".into(),
            _ => "4+".into(),
        };
        let mut features: Vec<(String, f64)> = vec![(format!("{field}={size}"), 1.0)];
        let small = if count >= 2 { "2+".to_string() } else { size };
        features.extend(state.iter().map(|s| (format!("{s}={small}"), 1.0)));
        let mut evidence: Vec<Span> = Vec::new();
        let mut votes = 0;
        for estimate in estimates.iter().filter(|e| e.count == count) {
            let kind = if count >= 2 { "n" } else { &small };
            features.push((format!("{}.{}={kind}", estimate.name, estimate.zone), 1.0));
            votes += 1;
            if let Some(span) = estimate.evidence.filter(|s| !evidence.contains(s)) {
                evidence.push(span);
            }
        }
        features.push((
            format!("{field}.votes={kind}", kind = if count >= 2 { "n" } else { "01" }),
            f64::from(votes) / 5.0,
        ));
        evidence.truncate(3);
        Candidate { count, score: 0.0, evidence, features }
    })
}
