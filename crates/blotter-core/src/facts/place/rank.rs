//! Which of the report's places is the incident's: a choice learned from reports whose place is on record.
//!
//! The mentions of one place are one candidate. A softmax over the candidates, linear in what the report says of each:
//! the head `where`, how its mentions lie to the act, the words beside them, its kind, the places around it. The weights
//! (data/facts/places.txt) are learned by `training/places.py`.

use std::collections::BTreeMap;

use super::super::near::{model, nearness, words_beside};
use super::super::{relative, sites};
use super::place_before;
use crate::data::DataError;
use crate::facts::Relation;
use crate::facts::weights::{Feature, Weights};
use crate::incidents::{Draft, Item, Parts};
use crate::layers::places::{Place, kilometres};
use crate::text::Span;

const WEIGHTS: &str = include_str!("../../../data/facts/places.txt");
const WEIGHTS_FILE: &str = "data/facts/places.txt";

/// So many sentences at the top are the lead.
const LEAD: usize = 4;
/// Kilometres within which two places belong together, and beyond which they do not.
pub(super) const CLOSE: f64 = 80.0;
pub(super) const FAR: f64 = 200.0;
/// Bytes before a mention in which a later step ("taken to") is looked for.
const STEP_REACH: usize = 60;

/// The learned weights.
pub(crate) struct Ranker {
    weights: Weights,
}

/// A place of the report, with its mentions, the one nearest to the act first, and the chance that it is the incident's.
pub(super) struct Ranked<'a> {
    pub mentions: Vec<&'a Place>,
    pub probability: f64,
}

impl Ranker {
    /// Loads the weights.
    ///
    /// # Errors
    /// The line that is not `feature<TAB>weight`.
    pub(crate) fn load() -> Result<Ranker, DataError> {
        Ok(Ranker { weights: Weights::parse(WEIGHTS, WEIGHTS_FILE)? })
    }

    /// The candidates, likeliest first; their chances are together 1.
    pub(super) fn rank<'a>(&self, parts: Parts<'a>, draft: &Draft) -> Vec<Ranked<'a>> {
        let chances = self.weights.chances(candidates(parts, draft)).into_iter();
        let mut ranked: Vec<Ranked<'a>> =
            chances.map(|(mentions, probability)| Ranked { mentions, probability }).collect();
        ranked
            .sort_by(|a, b| b.probability.total_cmp(&a.probability).then(a.mentions[0].span.cmp(&b.mentions[0].span)));
        ranked
    }
}

/// A place that may be an incident's: its mentions, the one nearest to the act first, and what speaks for it.
pub type Candidate<'a> = (Vec<&'a Place>, Vec<Feature>);

/// The places that may be the incident's, each with its mentions (nearest to the act first) and what speaks for it.
pub(crate) fn candidates<'a>(parts: Parts<'a>, draft: &Draft) -> Vec<Candidate<'a>> {
    let mut groups: Vec<Vec<&Place>> = Vec::new();
    for place in parts.places.iter().filter(|p| !p.demonym) {
        match groups.iter_mut().find(|g| same(g[0], place)) {
            Some(group) => group.push(place),
            None => groups.push(vec![place]),
        }
    }
    if draft.relation != Relation::Main || draft.item == Item::OwnPlace {
        // What is told aside, or as one of several, is where its own sentences say, if they do.
        groups.retain(|group| group.iter().any(|p| draft.tells(parts.input.sentence_at(p.span))));
    }
    for group in &mut groups {
        let near = |p: &Place| (draft.tells(parts.input.sentence_at(p.span)), nearness(parts, draft, p.span));
        group.sort_by(|a, b| {
            let ((told_a, near_a), (told_b, near_b)) = (near(a), near(b));
            told_b.cmp(&told_a).then(near_b.total_cmp(&near_a)).then(a.span.cmp(&b.span))
        });
    }
    let features: Vec<Vec<Feature>> = groups.iter().map(|group| features(parts, draft, &groups, group)).collect();
    groups.into_iter().zip(features).collect()
}

/// Whether two mentions name one place.
fn same(one: &Place, other: &Place) -> bool {
    match (&one.chosen, &other.chosen) {
        (Some(a), Some(b)) => a.number == b.number,
        (None, None) => one.name.eq_ignore_ascii_case(&other.name),
        _ => false,
    }
}

fn features(parts: Parts<'_>, draft: &Draft, groups: &[Vec<&Place>], group: &[&Place]) -> Vec<Feature> {
    let mut found: BTreeMap<String, f64> = BTreeMap::new();
    let chosen = group[0].chosen.as_ref();
    let unknown = if group[0].site { "site name" } else { "none" };
    let kind = chosen.map_or(unknown, |c| c.kind);
    found.insert(format!("kind {kind}"), 1.0);
    let people = chosen.map_or(0.0, |c| parts.geography.population(c));
    found.insert(format!("people {kind}"), (1.0 + people).ln() / 10.0);
    found.insert("belief".to_owned(), chosen.map_or(0.0, |c| c.confidence));
    found.insert("home".to_owned(), at_home(parts, group[0]));
    let count = group.len() as f64;
    found.insert("count".to_owned(), (1.0 + count).ln());
    found.insert("share".to_owned(), count / groups.iter().map(Vec::len).sum::<usize>() as f64);
    // What any mention says holds for the place; an incident told aside has its place beside it.
    let aside = if draft.relation == Relation::Main { "" } else { " aside" };
    let mut most = |name: &str, value: f64| {
        if value != 0.0 {
            let entry = found.entry(format!("{name}{aside}")).or_insert(value);
            *entry = entry.max(value);
        }
    };
    let headline = parts.input.report.headline;
    for place in group {
        if in_tail(parts, place.span) {
            most("tail", 1.0);
            continue;
        }
        let sentence = parts.input.sentence_at(place.span);
        let gap = draft.act().map(|a| a.sentence.abs_diff(sentence)).min().unwrap_or(9).min(4);
        let told = draft.tells(sentence);
        let where_ = model(parts, "where", place.span);
        most("where", where_);
        most("where sure", f64::from(u8::from(where_ > 0.5)));
        most("near", nearness(parts, draft, place.span));
        most("told", f64::from(u8::from(told)));
        most(&format!("gap {gap}"), 1.0);
        most("early", 1.0 / (1.0 + sentence as f64));
        most("lead", f64::from(u8::from(sentence < LEAD)));
        most("headline", f64::from(u8::from(headline.is_some_and(|h| h.overlaps(place.span)))));
        most("dateline", f64::from(u8::from(parts.input.report.dateline.is_some_and(|d| d.overlaps(place.span)))));
        most("stated", f64::from(u8::from(!place.within.is_empty())));
        let measured = relative::read(parts.input.text(), place.span, place_before(parts, place));
        most("reference", f64::from(u8::from(measured.is_some_and(|r| r.reference))));
        most(if later(parts, place.span) { "later" } else { "not later" }, 1.0);
        let (before, behind) = words_beside(parts.input.text(), place.span);
        before.iter().enumerate().for_each(|(n, w)| most(&format!("before{} {w}", n + 1), 1.0));
        behind.iter().enumerate().for_each(|(n, w)| most(&format!("behind{} {w}", n + 1), 1.0));
    }
    // Where a finer place in it, or a larger one around it, is named too.
    let mut flag = |name: &str, value: bool| found.extend(value.then(|| (name.to_owned(), 1.0)));
    let others = || groups.iter().filter(|g| !std::ptr::eq(g[0], group[0])).map(|g| g[0]);
    flag("holds another", others().any(|other| inside(parts, other, group[0])));
    flag("in another", others().any(|other| inside(parts, group[0], other)));
    flag("only", groups.len() == 1);
    let fine: Vec<f64> = others().filter_map(|other| away(group[0], other)).collect();
    flag("alone", !fine.is_empty() && fine.iter().all(|km| *km > FAR));
    let close = fine.iter().filter(|km| **km < CLOSE).count();
    found.insert("close".to_owned(), if fine.is_empty() { 0.0 } else { close as f64 / fine.len() as f64 });
    found.into_iter().collect()
}

/// Whether the one lies in the other, as far as divisions tell.
fn inside(parts: Parts<'_>, small: &Place, large: &Place) -> bool {
    let (Some(small), Some(large)) = (&small.chosen, &large.chosen) else { return false };
    small.number != large.number
        && matches!(large.kind, "country" | "admin1" | "admin2")
        && parts.geography.lies_in(small, large)
}

/// Whether a mention stands in what page titles put behind the headline: " - KLTV.com - Tyler", "| Tarn News".
fn in_tail(parts: Parts<'_>, span: Span) -> bool {
    let Some(headline) = parts.input.report.headline.filter(|h| h.contains(span)) else { return false };
    let before = Span::new(headline.start, span.start).of(parts.input.text());
    [" - ", " | ", " – ", " — "].iter().any(|mark| before.contains(mark))
}

/// How far apart two fine places lie, in kilometres; `None` where one has no point or is a country or division.
pub(super) fn away(one: &Place, other: &Place) -> Option<f64> {
    let point = |p: &Place| p.chosen.as_ref().filter(|c| fine(c.kind)).map(|c| (c.lat, c.lon));
    let ((lat, lon), (to_lat, to_lon)) = (point(one)?, point(other)?);
    Some(kilometres(lat, lon, to_lat, to_lon))
}

fn fine(kind: &str) -> bool {
    matches!(kind, "settlement" | "site" | "admin2")
}

/// Whether the clause before the mention tells of a step that followed the act ("was taken to").
fn later(parts: Parts<'_>, span: Span) -> bool {
    let text = parts.input.text();
    let sentence = parts.input.sentences.get(parts.input.sentence_at(span)).map_or(0, |s| s.span.start);
    let from = span.start.saturating_sub(STEP_REACH).max(sentence).min(span.start);
    sites::AFTERWARDS.is_match(super::super::snap(text, Span::new(from, span.start)).of(text))
}

/// The share of the report's other places that lie in the place's country; one half where there is none.
fn at_home(parts: Parts<'_>, place: &Place) -> f64 {
    let countries = |p: &Place| p.chosen.as_ref().map(|c| c.country.clone()).filter(|c| !c.is_empty());
    let Some(own) = countries(place) else { return 0.0 };
    let others = parts.places.iter().filter(|p| p.name != place.name).filter_map(countries);
    let (same, all) = others.fold((0u32, 0u32), |(same, all), c| (same + u32::from(c == own), all + 1));
    if all == 0 { 0.5 } else { f64::from(same) / f64::from(all) }
}
