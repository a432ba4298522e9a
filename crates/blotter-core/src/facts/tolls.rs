//! Tolls: how many were killed, wounded, abducted, arrested ..., the attackers beside the others.
//!
//! Killed and wounded are weighed together by `layers::tolls::summary`; of the other fields the largest count told is
//! the total. Other numbers told of the incident are facts beside it: its parts, another source's total, what several
//! incidents cost together.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::{Count, Fact, Field, Relation, Scope, Status, Toll, Value};
use crate::data::DataError;
use crate::incidents::{Draft, Parts};
use crate::layers::entities::{Entity, Form};
use crate::layers::sentences;
use crate::layers::tolls::TollMention;
use crate::layers::tolls::summary::{self, Candidate, Prior, Weights};
use crate::text::Span;

/// From this count on the largest number told in the first sentences of the draft is the total.
const LARGE: u64 = 7;
/// How many sentences are the first ones.
const LEAD: usize = 4;
/// So many other numbers of a field are told beside its total.
const OTHERS: usize = 3;

/// The learned weights of the estimates.
pub struct Tolls {
    weights: Weights,
}

impl Tolls {
    /// Loads the weights.
    ///
    /// # Errors
    /// The line of the file that is not one.
    pub fn load() -> Result<Tolls, DataError> {
        Ok(Tolls { weights: Weights::load()? })
    }

    /// The tolls of the incident.
    pub fn facts(&self, parts: Parts<'_>, draft: &Draft) -> Vec<Fact> {
        let mentions = told_here(parts, draft);
        // The document heads `killed` and `wounded` would be a prior: measured, they lower both figures, so none is given.
        let prior = Prior::default();
        let said = summary::summary(parts.input, &mentions, parts.entities, &self.weights, &prior);
        let told = |field: Field| -> Vec<&TollMention> {
            mentions
                .iter()
                .filter(|t| t.field == field && t.rule != "series" && (!t.negated || t.count.best == Some(0)))
                // How many were shot, by "a third victim was wounded", counts the dead as well.
                .filter(|t| field == Field::Killed || t.rule != "ordinal")
                .collect()
        };
        let dead = told(Field::Killed);
        let died: BTreeSet<usize> =
            dead.iter().filter(|t| !t.negated).flat_map(|t| t.entities.iter().copied()).collect();
        let mut found = Vec::new();
        for (field, best) in [(Field::Killed, said.killed.first()), (Field::Wounded, said.wounded.first())] {
            let told = told(field);
            let totals = total(parts, draft, field, best, &told, &dead);
            let others = others(parts, field, &totals, &told, &died);
            found.extend(totals.into_iter().chain(others));
            found.extend(series(parts, draft, field));
        }
        for field in [Field::Casualties, Field::Missing, Field::Abducted, Field::Arrested, Field::Displaced] {
            // "an arrest", "a kidnapping" alone say nothing of how many.
            let told: Vec<&TollMention> = told(field).into_iter().filter(|t| t.rule != "unsaid").collect();
            let totals: Vec<Fact> = largest(parts, field, &told).into_iter().collect();
            let others = others(parts, field, &totals, &told, &died);
            found.extend(totals.into_iter().chain(others));
        }
        found
    }
}

/// The totals that the mentions of the incident give reason for, of the killed, and of the wounded for each of those: what
/// the weights are learned from.
pub(crate) fn candidates(parts: Parts<'_>, draft: &Draft) -> (Vec<Candidate>, Vec<(u64, Vec<Candidate>)>) {
    summary::features(parts.input, &told_here(parts, draft), parts.entities)
}

/// The mentions that tell of the incident. A note of correction tells what was wrong: its numbers count only where nothing else
/// tells of their field.
fn told_here(parts: Parts<'_>, draft: &Draft) -> Vec<TollMention> {
    let sentence = |t: &TollMention| parts.input.sentence_at(t.span);
    let here: Vec<&TollMention> = parts.tolls.iter().filter(|t| draft.tells(sentence(t))).collect();
    let text = parts.input.text();
    let around = |t: &TollMention| parts.input.sentences.get(sentence(t)).map(|s| s.span);
    let noted = |t: &TollMention| {
        around(t).is_some_and(|s| {
            let before = &text[s.start..t.trigger.start.max(s.start)];
            sentences::corrects(s.of(text)) || AT_FIRST.is_match(before)
        })
    };
    let wrong =
        |t: &TollMention| around(t).is_some_and(|s| PROVED_WRONG.is_match(&text[t.trigger.end.min(s.end)..s.end]));
    let here: Vec<&TollMention> = here.into_iter().filter(|t| !wrong(t)).collect();
    let plainly: BTreeSet<Field> = here.iter().filter(|t| !noted(t)).map(|t| t.field).collect();
    here.into_iter().filter(|t| !noted(t) || !plainly.contains(&t.field)).cloned().collect()
}

/// "Police first said that seven had been shot": what others say after it.
static AT_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    let said = "(?:said|say|reported|believed|thought|told|announced)";
    let first = "(?:initially|originally|at first|previously)";
    let pattern = format!(
        r"(?i)\b(?:{first}\b.{{0,30}}\b{said}|{said} {first}|first {said}|(?:early|earlier|initial) reports)\b"
    );
    Regex::new(&pattern).expect("a pattern")
});
/// "Early reports said one had died, but that proved to be incorrect".
static PROVED_WRONG: LazyLock<Regex> = LazyLock::new(|| {
    let wrong = "(?:incorrect|wrong|false|untrue|inaccurate|unfounded|not true)";
    let pattern = format!(r"(?i)\b(?:prove[dn]|turned out|was|were|is) (?:later |since )?(?:to be )?{wrong}\b");
    Regex::new(&pattern).expect("a pattern")
});

/// The total of killed or wounded: a large number of the draft's first sentences, or what the estimates make of all.
fn total(
    parts: Parts<'_>,
    draft: &Draft,
    field: Field,
    best: Option<&Candidate>,
    told: &[&TollMention],
    dead: &[&TollMention],
) -> Vec<Fact> {
    // The estimates were learned where single people are counted: large numbers told first speak for themselves, vague
    // ones where the estimates give no number as large.
    let lead = draft.sentences.get(LEAD - 1).copied().unwrap_or(usize::MAX);
    let likeliest = best.map_or(0, |b| b.count);
    let large = |t: &&&TollMention| {
        parts.input.sentence_at(t.trigger) <= lead
            && t.count.min >= Some(LARGE)
            // "Seven were shot, one fatally": six are wounded, which only the estimates reckon.
            && (field != Field::Wounded || t.part || dead.is_empty() || !matches!(t.rule, "shot" | "shot-himself"))
            && (t.count.best.is_some() || likeliest < LARGE)
    };
    let large: Vec<&TollMention> = told.iter().filter(large).copied().collect();
    if !large.is_empty() {
        return largest(parts, field, &large).into_iter().collect();
    }
    let weighed = weighed(parts, draft, field, best, told, dead);
    let dead: BTreeSet<usize> = dead.iter().flat_map(|t| t.entities.iter().copied()).collect();
    // Nobody left hurt is an answer too ("was shot" of a man who died): the largest number does not overrule it, unless
    // plain words tell of wounds.
    let weak = |t: &TollMention| matches!(t.rule, "shot" | "shot-himself" | "care" | "wound" | "unsaid" | "ordinal");
    let apart = |t: &TollMention| t.entities.is_empty() || !t.entities.iter().all(|e| dead.contains(e));
    let plainly = |t: &TollMention| !t.negated && !weak(t) && (field == Field::Killed || apart(t));
    let nobody = best.is_some_and(|b| b.count == 0) && !told.iter().any(|t| plainly(t));
    if weighed.is_empty() && !nobody { largest(parts, field, told).into_iter().collect() } else { weighed }
}

/// The total that the words make likeliest, the attackers' share as a fact of its own.
fn weighed(
    parts: Parts<'_>,
    draft: &Draft,
    field: Field,
    best: Option<&Candidate>,
    told: &[&TollMention],
    dead: &[&TollMention],
) -> Vec<Fact> {
    let Some(best) = best else { return Vec::new() };
    let text = parts.input.text();
    let same: Vec<&&TollMention> = told.iter().filter(|t| t.count.best == Some(best.count)).collect();
    // Words that say this very number carry it; the estimate's own words ("homicide" for one of three) stand in for them.
    let mut evidence: Vec<Span> = same.iter().map(|t| t.span).collect();
    if evidence.is_empty() {
        evidence.extend(best.evidence.iter().copied());
    }
    if evidence.is_empty() {
        evidence.extend(told.iter().filter(|t| !t.negated).map(|t| t.span));
    }
    if evidence.is_empty() || best.count == 0 && same.is_empty() {
        return Vec::new();
    }
    evidence.sort_unstable();
    evidence.dedup();
    evidence.truncate(3);
    // "Two were shot, one of them died": that one was wounded stands in both together.
    let reckoned = same.is_empty() && field == Field::Wounded;
    evidence.extend(dead.iter().find(|t| reckoned && !t.negated).map(|t| t.span).filter(|s| !evidence.contains(s)));
    evidence.iter_mut().for_each(|span| *span = super::evidence(text, *span));
    let open = same.iter().find(|t| t.count.max.is_none()).map(|t| t.count);
    let attackers: Vec<&&TollMention> = told.iter().filter(|t| !t.negated && attacks(parts, t)).collect();
    let hurt = attackers.iter().filter_map(|t| t.count.best).max().unwrap_or(0).min(best.count);
    let who = same.iter().find_map(|t| t.who.map(|w| (w, t.entity)));
    // "Three officers were killed" leaves out the gunman that they shot.
    let apart = same.iter().any(|t| !attacks(parts, t) && t.who.is_some_and(|w| are_no_attackers(w.of(text))));
    let others = if apart { best.count } else { best.count - hurt };
    // "A family of five was found dead after a murder-suicide": the last of them did it.
    let theirs = |t: &TollMention| t.who.is_some_and(|w| THEIRS.is_match(w.of(text)));
    let alone = hurt == 0 && !apart && best.count > 1 && !same.iter().any(|t| theirs(t));
    let suicide = if alone && field == Field::Killed { murder_suicide(parts, draft) } else { None };
    if let Some(words) = suicide {
        let why = "attackers, murder and suicide".to_owned();
        let count = Count::exactly(best.count - 1);
        return vec![
            fact(
                parts,
                field,
                count,
                who,
                false,
                evidence,
                best.score.exp(),
                "weighed estimates, less the attacker".into(),
            ),
            fact(parts, field, Count::exactly(1), None, true, vec![super::evidence(text, words)], 0.7, why),
        ];
    }
    let mut facts = Vec::new();
    if others > 0 || hurt == 0 {
        let count = open.filter(|_| hurt == 0).unwrap_or(Count::exactly(others));
        let several = if evidence.len() > 1 && !reckoned { ", several say so" } else { "" };
        let why = format!("weighed estimates{several}");
        facts.push(fact(parts, field, count, who, false, evidence, best.score.exp(), why));
    }
    if let Some(first) = attackers.first().filter(|_| hurt > 0) {
        let span = vec![super::evidence(text, first.span)];
        let who = first.who.map(|w| (w, first.entity));
        let why = format!("attackers, rule {}", first.rule);
        facts.push(fact(parts, field, Count::exactly(hurt), who, true, span, first.confidence, why));
    }
    facts
}

/// Those who belong to somebody ("his wife and two sons"): whoever killed them is none of them.
static THEIRS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?i)^(?:his|her|their)\b").expect("a pattern"));
static MURDER_SUICIDE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\b(attempted )?(murder[- ]suicide)\b").expect("a pattern"));

/// Where the incident's sentences call it a murder and suicide.
fn murder_suicide(parts: Parts<'_>, draft: &Draft) -> Option<Span> {
    draft.sentences.iter().find_map(|sentence| {
        let span = parts.input.sentences[*sentence].span;
        let found = MURDER_SUICIDE.captures(span.of(parts.input.text()))?;
        let words = found.get(2).filter(|_| found.get(1).is_none())?;
        Some(Span::new(span.start + words.start(), span.start + words.end()))
    })
}

/// Whether the words count people among whom no attacker is.
fn are_no_attackers(who: &str) -> bool {
    const OTHERS: [&str; 22] = [
        "officers",
        "policemen",
        "deputies",
        "troopers",
        "guards",
        "soldiers",
        "troops",
        "students",
        "children",
        "civilians",
        "worshippers",
        "worshipers",
        "parishioners",
        "victims",
        "hostages",
        "bystanders",
        "passengers",
        "employees",
        "workers",
        "coworkers",
        "co-workers",
        "shoppers",
    ];
    who.to_lowercase().split_whitespace().next_back().is_some_and(|last| OTHERS.contains(&last))
}

/// Whether those told of are the attackers: so called, or told as having shot or killed, and no victim of another. Police
/// and the like who are killed are no attackers for having fired, unless by their own hand.
fn attacks(parts: Parts<'_>, told: &TollMention) -> bool {
    let serves = |e: &usize| matches!(parts.entities[*e].group, Some("police" | "military" | "government" | "media"));
    if !matches!(told.rule, "reflexive" | "shot-himself") && told.entities.iter().any(serves) {
        return false;
    }
    let did = |e: &usize| {
        parts.tolls.iter().any(|t| t.field == Field::Suspect && t.rule == "actor" && t.entities.contains(e))
    };
    told.attackers || !told.entities.is_empty() && told.entities.iter().all(did)
}

/// The largest count told, the surest and earliest of equals.
fn largest(parts: Parts<'_>, field: Field, told: &[&TollMention]) -> Option<Fact> {
    let size = |t: &TollMention| t.count.best.or(t.count.min).unwrap_or(0);
    let best = told.iter().max_by(|a, b| {
        size(a).cmp(&size(b)).then(a.confidence.total_cmp(&b.confidence)).then(b.span.start.cmp(&a.span.start))
    })?;
    let text = parts.input.text();
    let same = told.iter().filter(|t| t.count == best.count);
    let mut evidence: Vec<Span> = same.map(|t| super::evidence(text, t.span)).take(3).collect();
    evidence.dedup();
    let why = format!("largest of {} told, rule {}", told.len(), best.rule);
    let who = best.who.map(|w| (w, best.entity));
    Some(fact(parts, field, best.count, who, best.attackers, evidence, best.confidence, why))
}

/// The numbers told beside the totals: another source's total, or else a part.
fn others(parts: Parts<'_>, field: Field, totals: &[Fact], told: &[&TollMention], dead: &BTreeSet<usize>) -> Vec<Fact> {
    let text = parts.input.text();
    let size = |count: &Count| count.best.or(count.min).unwrap_or(0);
    let given: Vec<u64> = totals
        .iter()
        .filter_map(|f| match &f.value {
            Value::Toll(toll) => Some(size(&toll.count)),
            _ => None,
        })
        .collect();
    let (sum, most) = (given.iter().sum::<u64>(), given.iter().copied().max().unwrap_or(0));
    let speaker = |words: Span| {
        let says = parts.attributions.iter().filter(|a| a.content.iter().any(|c| c.overlaps(words)));
        says.filter_map(|a| a.speaker).next_back()
    };
    let theirs = totals.first().and_then(|f| speaker(*f.evidence.first()?));
    // One of the dead is no part of the wounded ("was shot in the head and died"), and who is taken up again is told of already.
    let counted = |t: &TollMention| {
        let died = field == Field::Wounded && !t.entities.is_empty() && t.entities.iter().all(|e| dead.contains(e));
        !died && (attacks(parts, t) || !t.who.is_some_and(|who| is_pronoun(parts, who)))
    };
    let mut rest: Vec<&TollMention> = told
        .iter()
        .copied()
        .filter(|t| !t.negated && !matches!(t.rule, "unsaid" | "sum") && size(&t.count) > 0)
        .filter(|t| size(&t.count) != sum && !given.contains(&size(&t.count)))
        .collect();
    rest.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.span.start.cmp(&b.span.start)));
    let mut found: Vec<Fact> = Vec::new();
    let mut counts: Vec<u64> = Vec::new();
    for told in rest {
        let count = size(&told.count);
        if counts.contains(&count) || counts.len() == OTHERS || totals.is_empty() {
            continue;
        }
        counts.push(count);
        if !counted(told) {
            continue;
        }
        let own = speaker(told.span);
        let rival = count > most || !told.part && own.is_some() && theirs.is_some() && own != theirs;
        let (scope, kind) = if rival { (Scope::Total, "another total") } else { (Scope::Part, "a part") };
        let who = told.who.map(|w| (w, told.entity));
        let (evidence, why) = (vec![super::evidence(text, told.span)], format!("{kind}, rule {}", told.rule));
        let mut fact = fact(parts, field, told.count, who, attacks(parts, told), evidence, told.confidence * 0.6, why);
        if let Value::Toll(toll) = &mut fact.value {
            (toll.scope, toll.beside) = (scope, true);
        }
        found.push(fact);
    }
    found
}

/// What several incidents cost together, told of each of them that is the report's own.
fn series(parts: Parts<'_>, draft: &Draft, field: Field) -> Option<Fact> {
    let told = parts.tolls.iter().filter(|t| t.field == field && t.rule == "series" && !t.negated);
    let first = told.filter(|_| draft.relation == Relation::Main).min_by_key(|t| t.span.start)?;
    let who = first.who.map(|w| (w, first.entity));
    let evidence = vec![super::evidence(parts.input.text(), first.span)];
    let why = "over several incidents".to_owned();
    let mut fact = fact(parts, field, first.count, who, false, evidence, first.confidence * 0.5, why);
    if let Value::Toll(toll) = &mut fact.value {
        (toll.scope, toll.beside) = (Scope::Series, true);
    }
    Some(fact)
}

/// Whether words are a pronoun that takes somebody up.
fn is_pronoun(parts: Parts<'_>, words: Span) -> bool {
    parts.entities.iter().flat_map(|e| &e.mentions).any(|m| m.span == words && m.form == Form::Pronoun)
}

/// The words for those told of; the name of whom a pronoun takes up ("turned himself in").
fn named(parts: Parts<'_>, span: Span, entity: Option<usize>) -> String {
    let pronoun = |e: &&Entity| e.mentions.iter().any(|m| m.span == span && m.form == Form::Pronoun);
    let taken_up = entity.map(|e| &parts.entities[e]).filter(pronoun).filter(|e| !e.name.is_empty());
    taken_up.map_or_else(|| span.of(parts.input.text()).to_owned(), |e| e.name.clone())
}

#[allow(clippy::too_many_arguments, reason = "each is one part of the fact")]
fn fact(
    parts: Parts<'_>,
    field: Field,
    count: Count,
    who: Option<(Span, Option<usize>)>,
    attackers: bool,
    evidence: Vec<Span>,
    confidence: f64,
    why: String,
) -> Fact {
    let entity = who.and_then(|(_, entity)| entity);
    Fact {
        field,
        value: Value::Toll(Box::new(Toll {
            count,
            who: who.map(|(span, entity)| named(parts, span, entity)),
            entity,
            group: entity.and_then(|e| parts.entities[e].group),
            scope: Scope::Total,
            attackers,
            beside: false,
        })),
        status: Status::Reported,
        sources: Vec::new(),
        denied_by: Vec::new(),
        evidence,
        confidence: confidence.clamp(0.02, 0.99),
        why,
    }
}
