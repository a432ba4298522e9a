//! `type`: what kind of incident.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::{Fact, Field, Status, Value};
use crate::incidents::anchors::Anchor;
use crate::incidents::{Draft, Parts};
use crate::text::Span;

/// The first sentences tell most.
const LEAD: usize = 3;

/// So many triggers are cited for a type or a stage.
pub(super) const MOST_EVIDENCE: usize = 6;

/// A second type is given where it has at least this share of the first one's weight and is of another first level.
const SECOND: f32 = 0.6;
/// A robbery or a kidnapping in an attack is a second type from this share on.
const BESIDE: f32 = 0.2;
/// The model alone gives a type that no word names where its mean probability is this high.
const MODEL_ALONE: f32 = 0.5;
/// Words that tell of some attack or step, of none in particular, and of weak words, count this much less.
const UNSPECIFIC: f32 = 0.25;
const WEAK: f32 = 0.5;
/// A word for the means needs this share of the votes for an unspecific attack.
const MEANS: f32 = 0.25;
/// Bytes around a trigger in which words of accident are looked for.
const REACH: usize = 40;

/// Unintended: an accident, whatever the act.
static UNINTENDED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:accident(?:al(?:ly)?)?|unintentional(?:ly)?|inadvertent(?:ly)?|by mistake|(?:negligent|unintended) discharge)\b")
        .expect("a pattern")
});
/// A report in which "strikes" are from the air.
static AIR_WAR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:air[- ]?strikes?|air raids?|warplanes?|fighter jets?|drone strikes?|(?:coalition|military) (?:air)?strikes?|bomber, fighter|fighter and bomber)\b")
        .expect("a pattern")
});

/// The types of an incident: its words vote, and the model's probability of a code beside each word's own code. The
/// model chooses among the codes that words name; others need a high probability throughout.
pub fn types(parts: Parts<'_>, draft: &Draft, weapons: &[Fact]) -> Vec<Fact> {
    let mut votes: BTreeMap<&str, f32> = BTreeMap::new();
    let mut mean: BTreeMap<&str, f32> = BTreeMap::new();
    let mut total_weight = 0.0;
    for anchor in &draft.anchors {
        let weight = weight(parts, anchor);
        let code = code(parts, anchor);
        let specific = if matches!(code, "attack/other" | "arrest") { UNSPECIFIC } else { 1.0 };
        *votes.entry(code).or_default() += weight * specific * if anchor.weak { WEAK } else { 1.0 };
        total_weight += weight;
        for (code, probability) in &anchor.codes {
            *mean.entry(code).or_default() += weight * probability;
        }
    }
    for (code, sum) in mean {
        if votes.contains_key(code) || sum > MODEL_ALONE * total_weight {
            *votes.entry(code).or_default() += sum;
        }
    }
    unintended(parts, draft, &mut votes);
    by_means(parts, draft, &mut votes);
    by_weapon(weapons, &mut votes);
    let mut ranked: Vec<(&str, f32)> = votes.into_iter().collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    let total: f32 = ranked.iter().map(|(_, v)| v).sum();
    let Some(&(first, best)) = ranked.first() else { return Vec::new() };
    let mut facts = vec![fact(parts, draft, first, best / total.max(1e-6))];
    let second =
        ranked.iter().find(|(code, votes)| level(code) != level(first) && is_second(first, code, votes / best));
    if let Some(&(code, votes)) = second {
        facts.push(fact(parts, draft, code, votes / total.max(1e-6)));
    }
    facts
}

fn level(code: &str) -> &str {
    code.split('/').next().unwrap_or(code)
}

/// Whether a code is a second type beside the first one: enough speaks for it, and it is no step that follows.
fn is_second(first: &str, code: &str, share: f32) -> bool {
    let beside = matches!(code, "robbery" | "abduction") && matches!(level(first), "attack" | "abduction" | "robbery");
    !matches!(code, "other" | "arrest" | "accident") && share >= if beside { BESIDE } else { SECOND }
}

/// The code that a word speaks for in this report: where a war from the air is told, a strike is none of workers.
fn code(parts: Parts<'_>, anchor: &Anchor) -> &'static str {
    let air = anchor.code == "protest/strike" && anchor.weak && AIR_WAR.is_match(parts.input.text());
    if air { "attack/air-strike" } else { anchor.code }
}

/// "Attack" and "killed" say nothing of the means: a strong word for one, with its share of the votes, tells the type.
fn by_means(parts: Parts<'_>, draft: &Draft, votes: &mut BTreeMap<&str, f32>) {
    let Some(&plain) = votes.get("attack/other") else { return };
    let strong = |c: &str| draft.anchors.iter().any(|a| !a.weak && code(parts, a) == c);
    let means = votes.iter().filter(|(c, v)| level(c) == "attack" && **c != "attack/other" && **v >= MEANS * plain);
    let means = means.filter(|(c, _)| strong(c)).max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)));
    if let Some(means) = means.map(|(c, _)| *c) {
        *votes.entry(means).or_default() += plain;
        votes.remove("attack/other");
    }
}

/// The means tell what an unspecific attack was, and a bomb that a drone brings is a drone attack.
fn by_weapon(weapons: &[Fact], votes: &mut BTreeMap<&str, f32>) {
    let kinds = weapons.iter().filter_map(|fact| match &fact.value {
        Value::Weapon { kind, .. } => Some(*kind),
        _ => None,
    });
    let kinds: Vec<&str> = kinds.collect();
    let attacks = votes.iter().filter(|(code, _)| level(code) == "attack");
    let first = attacks.max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0))).map(|(code, votes)| (*code, *votes));
    let Some((first, most)) = first else { return };
    let code = match first {
        "attack/bombing" | "attack/other" if kinds.contains(&"drone") => "attack/drone",
        "attack/other" => match kinds.as_slice() {
            ["firearm"] => "attack/shooting",
            ["explosive"] => "attack/bombing",
            ["blade"] => "attack/stabbing",
            ["rocket" | "mortar"] => "attack/shelling",
            ["chemical"] => "attack/chemical",
            _ => return,
        },
        _ => return,
    };
    *votes.entry(code).or_default() += most;
    votes.remove(first);
}

/// Where words of accident stand beside two triggers, or beside one of the first sentences, the attack was none.
fn unintended(parts: Parts<'_>, draft: &Draft, votes: &mut BTreeMap<&str, f32>) {
    let text = parts.input.text();
    let beside = |a: &&Anchor| {
        let sentence = parts.input.sentences.get(a.sentence).map_or(a.span, |s| s.span);
        level(a.code) == "attack"
            && UNINTENDED.is_match(super::around(text, sentence.join(a.span), a.span, REACH).of(text))
    };
    let told: Vec<&Anchor> = draft.anchors.iter().filter(beside).collect();
    if told.len() > 1 || told.iter().any(|a| a.sentence < LEAD) {
        let attacks: f32 = votes.iter().filter(|(code, _)| level(code) == "attack").map(|(_, v)| v).sum();
        votes.retain(|code, _| level(code) != "attack");
        *votes.entry("accident").or_default() += attacks;
    }
}

/// An anchor weighs by the model's certainty, and more in the headline and the first sentences.
fn weight(parts: Parts<'_>, anchor: &Anchor) -> f32 {
    let lead = if anchor.sentence < LEAD || parts.input.report.headline.is_some_and(|h| h.contains(anchor.span)) {
        1.5
    } else {
        1.0
    };
    anchor.certainty() * lead
}

fn fact(parts: Parts<'_>, draft: &Draft, code: &str, share: f32) -> Fact {
    let of_code: Vec<&Anchor> = draft.anchors.iter().filter(|a| self::code(parts, a) == code).collect();
    let pool: Vec<&Anchor> = if of_code.is_empty() { draft.act().collect() } else { of_code };
    let evidence = clauses(parts, &pool);
    Fact {
        field: Field::Type,
        value: Value::Code(code.to_owned()),
        status: Status::Reported,
        sources: Vec::new(),
        denied_by: Vec::new(),
        evidence,
        confidence: f64::from(share.clamp(0.05, 0.99)),
        why: "triggers and head incident_type".to_owned(),
    }
}

/// The clauses of the surest triggers, in order of the text and without overlap.
pub(super) fn clauses(parts: Parts<'_>, anchors: &[&Anchor]) -> Vec<Span> {
    let mut surest: Vec<&Anchor> = anchors.to_vec();
    surest.sort_by(|a, b| weight(parts, b).total_cmp(&weight(parts, a)).then(a.span.cmp(&b.span)));
    let mut cited: Vec<Span> = Vec::new();
    for anchor in surest {
        let clause = super::clause(parts, anchor.span);
        if cited.len() < MOST_EVIDENCE && !cited.iter().any(|c| c.overlaps(clause)) {
            cited.push(clause);
        }
    }
    cited.sort_unstable();
    cited
}
