//! Which of the report's dates is the incident's: a choice learned from reports whose day is on record.
//!
//! The mentions of one day (or week, month ..) are one candidate. A softmax over the candidates, linear in what the report
//! says of each: the head `when`, how its mentions lie to the act, the words beside them, steps after the act told beside
//! them, how long before the publication it is. The weights (data/facts/dates.txt) are learned by `training/dates.py`.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::super::near::{model, nearness, words_beside};
use super::super::weights::{Feature, Weights};
use super::{bare, day, later_step, said_then};
use crate::data::DataError;
use crate::incidents::{Draft, Item, Parts};
use crate::layers::times::{Extent, Precision, Time, TimeKind};

const WEIGHTS: &str = include_str!("../../../data/facts/dates.txt");
const WEIGHTS_FILE: &str = "data/facts/dates.txt";

/// So many sentences at the top are the lead.
const LEAD: usize = 4;

/// The learned weights.
pub(crate) struct Ranker {
    weights: Weights,
}

/// A date that may be an incident's: its mentions in order of the text, and what speaks for it.
pub type Candidate<'a> = (Vec<&'a Time>, Vec<Feature>);

impl Ranker {
    /// Loads the weights.
    ///
    /// # Errors
    /// The line that is not `feature<TAB>weight`.
    pub(crate) fn load() -> Result<Ranker, DataError> {
        Ok(Ranker { weights: Weights::parse(WEIGHTS, WEIGHTS_FILE)? })
    }

    /// The candidates with the chance that each is the incident's, likeliest first; their chances are together 1.
    pub(super) fn rank<'a>(&self, parts: Parts<'a>, draft: &Draft) -> Vec<(Vec<&'a Time>, f64)> {
        let mut ranked = self.weights.chances(candidates(parts, draft));
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0[0].span.cmp(&b.0[0].span)));
        ranked
    }
}

/// The dates that may be the incident's, each with its mentions and what speaks for it.
pub(crate) fn candidates<'a>(parts: Parts<'a>, draft: &Draft) -> Vec<Candidate<'a>> {
    let dated = parts.times.iter().filter(|t| matches!(t.kind, TimeKind::Date | TimeKind::Time) && t.extent.is_some());
    // "Updated on 12 March" dates the report, not the incident.
    let own = dated.filter(|t| !parts.input.report.is_of_report(t.span));
    let mut groups: Vec<Vec<&Time>> = Vec::new();
    for time in own {
        match groups.iter_mut().find(|g| same(g[0], time)) {
            Some(group) => group.push(time),
            None => groups.push(vec![time]),
        }
    }
    if draft.told_aside() {
        // What is told aside has its date beside it, or none.
        let beside = |t: &Time| {
            let sentence = parts.input.sentence_at(t.span);
            draft.tells(sentence) && draft.act().any(|a| a.sentence.abs_diff(sentence) <= 1)
        };
        groups.retain(|group| group.iter().any(|t| beside(t)));
    }
    let told = |t: &&Time| draft.tells(parts.input.sentence_at(t.span));
    if draft.item != Item::None && groups.iter().flatten().any(told) {
        // One of several acts: the hours of the others are not its own.
        groups.iter_mut().for_each(|group| group.retain(told));
        groups.retain(|group| !group.is_empty());
    }
    let features: Vec<Vec<Feature>> = groups.iter().map(|group| features(parts, draft, &groups, group)).collect();
    groups.into_iter().zip(features).collect()
}

/// Whether two mentions name one day, or one longer time.
fn same(one: &Time, other: &Time) -> bool {
    let (Some(a), Some(b)) = (&one.extent, &other.extent) else { return false };
    match (day(a), day(b)) {
        (Some(a), Some(b)) => a == b,
        (None, None) => (&a.start, &a.end) == (&b.start, &b.end) && (a.start.is_some() || one.value == other.value),
        _ => false,
    }
}

fn features(parts: Parts<'_>, draft: &Draft, groups: &[Vec<&Time>], group: &[&Time]) -> Vec<Feature> {
    let mut found: BTreeMap<String, f64> = BTreeMap::new();
    let finest = group.iter().filter_map(|t| Some(t.extent.as_ref()?.precision)).min();
    found.insert(format!("precision {}", finest.map_or("none", class)), 1.0);
    let count = group.len() as f64;
    found.insert("count".to_owned(), (1.0 + count).ln());
    found.insert("share".to_owned(), count / groups.iter().map(Vec::len).sum::<usize>() as f64);
    let start = |g: &[&Time]| g[0].extent.as_ref().and_then(start);
    if let Some(ago) = before_publication(parts, start(group)) {
        found.insert(format!("ago {ago}"), 1.0);
    }
    // What any mention says holds for the date; an incident told aside has its date beside it.
    let aside = if draft.told_aside() { " aside" } else { "" };
    let mut most = |name: &str, value: f64| {
        if value != 0.0 {
            let entry = found.entry(format!("{name}{aside}")).or_insert(value);
            *entry = entry.max(value);
        }
    };
    let flag = |holds: bool| f64::from(u8::from(holds));
    let headline = parts.input.report.headline;
    for time in group {
        let sentence = parts.input.sentence_at(time.span);
        let gap = draft.act().map(|a| a.sentence.abs_diff(sentence)).min().unwrap_or(9).min(4);
        let when = model(parts, "when", time.span);
        most("when", when);
        most("when sure", flag(when > 0.5));
        most("near", nearness(parts, draft, time.span));
        most("told", flag(draft.tells(sentence)));
        most(&format!("gap {gap}"), 1.0);
        most("early", 1.0 / (1.0 + sentence as f64));
        most("lead", flag(sentence < LEAD));
        most("headline", flag(headline.is_some_and(|h| h.overlaps(time.span))));
        most(&format!("rule {}", time.rule), 1.0);
        most(if bare(parts, time) { "bare" } else { "not bare" }, 1.0);
        most(if said_then(parts, time.span) { "said" } else { "not said" }, 1.0);
        most(if later_step(parts, time.span) { "later" } else { "not later" }, 1.0);
        most(&format!("anchor {}", nearest(parts, draft, time)), 1.0);
        let (before, behind) = words_beside(parts.input.text(), time.span);
        before.iter().enumerate().for_each(|(n, w)| most(&format!("before{} {w}", n + 1), 1.0));
        behind.iter().enumerate().for_each(|(n, w)| most(&format!("behind{} {w}", n + 1), 1.0));
    }
    let mut holds = |name: &str, value: bool| found.extend(value.then(|| (name.to_owned(), 1.0)));
    let others = || groups.iter().filter(|g| !std::ptr::eq(g[0], group[0])).filter_map(|g| start(g));
    if let Some(own) = start(group) {
        holds("earliest", others().all(|o| own < o));
        holds("latest", others().all(|o| own > o));
    }
    holds("only", groups.len() == 1);
    found.into_iter().collect()
}

/// The kind of the anchor that is nearest in the same sentence: "act", "arrest" or "none".
fn nearest(parts: Parts<'_>, draft: &Draft, time: &Time) -> &'static str {
    let sentence = parts.input.sentence_at(time.span);
    let here = draft.anchors.iter().filter(|a| a.sentence == sentence);
    match here.min_by_key(|a| a.span.start.abs_diff(time.span.start)) {
        Some(anchor) if anchor.code == "arrest" => "arrest",
        Some(_) => "act",
        None => "none",
    }
}

fn class(precision: Precision) -> &'static str {
    match precision {
        Precision::Minute | Precision::Hour => "clock",
        Precision::PartOfDay => "part",
        Precision::Day => "day",
        Precision::Days | Precision::Week => "days",
        Precision::Month => "month",
        Precision::Season | Precision::Year => "year",
    }
}

/// The first day, where it is fixed.
fn start(extent: &Extent) -> Option<Date> {
    extent.start.as_deref()?.get(..10)?.parse().ok()
}

/// How long before the publication, in classes; `None` where one of the two is unknown.
fn before_publication(parts: Parts<'_>, start: Option<Date>) -> Option<&'static str> {
    let published = &parts.input.report.published.as_ref()?.value;
    let published: Date = published.get(..10)?.parse().ok()?;
    let days = start?.until(published).ok()?.get_days();
    Some(match days {
        ..-1 => "later",
        -1 => "-1",
        0 => "0",
        1 => "1",
        2 => "2",
        3..=7 => "7",
        8..=45 => "45",
        46..=400 => "400",
        _ => "more",
    })
}
