//! Anchors → drafts: which words tell of one incident, and how it stands to the report.
//!
//! Anchors are joined bottom-up, the surest two groups first, as long as the mean tie between two groups is strong
//! enough. A tie is the model's probability that two words tell of one incident (pair head `same_incident`), moved by
//! what the text shows: one sentence, one kind, one relation to the report, different places or days.

use std::sync::Arc;

use super::anchors::Anchor;
use super::round_up::RoundUp;
use super::{Draft, Item, Parts, ties};
use crate::facts::Relation;

/// A weak trigger needs this much certainty of the model; a strong one only `STRONG`.
const WEAK: f32 = 0.6;
const STRONG: f32 = 0.35;
/// Groups with a mean tie above this are one incident.
const JOIN: f32 = 0.5;
/// The headline and so many sentences are a report's lead.
const LEAD: usize = 3;
/// More anchors than this are not compared pair by pair: the rest join the group of the anchor before them.
const MOST: usize = 160;

/// The drafts of the report, in order of their first anchor.
pub fn drafts(parts: Parts<'_>, anchors: Vec<Anchor>) -> Vec<Draft> {
    let model = parts.input.scores.token.contains_key("relation");
    let certain = |a: &Anchor| if model { a.certainty() > if a.weak { WEAK } else { STRONG } } else { !a.weak };
    let round_up = RoundUp::find(parts, &anchors);
    let kept = round_up.telling(parts, anchors, certain);
    let mut drafts: Vec<Draft> = gather(parts, &kept, &round_up)
        .into_iter()
        .map(|group| {
            let anchors: Vec<Anchor> = group.into_iter().map(|i| kept[i].clone()).collect();
            Draft { relation: relation(&anchors), anchors, sentences: Vec::new(), item: Item::None, frame: None }
        })
        .collect();
    drafts.sort_by_key(|d| d.anchors[0].span);
    if !drafts.iter().any(|d| d.relation == Relation::Main)
        && let Some(first) = drafts.first_mut()
    {
        // The aftermath still has its incident as main.
        first.relation = Relation::Main;
    }
    recall(parts, &mut drafts);
    share_sentences(parts, &mut drafts, &round_up);
    frame(parts, drafts, &round_up)
}

/// What tells of all the items of a round-up together is no incident beside theirs, but what they share.
fn frame(parts: Parts<'_>, drafts: Vec<Draft>, round_up: &RoundUp) -> Vec<Draft> {
    let (frames, mut drafts): (Vec<Draft>, Vec<Draft>) = drafts.into_iter().partition(|d| round_up.frames(parts, d));
    let frame = frames.into_iter().next().map(Arc::new);
    for draft in drafts.iter_mut().filter(|d| round_up.item(d.anchors[0].sentence).is_some()) {
        draft.item = round_up.kind();
        draft.frame.clone_from(&frame);
    }
    drafts
}

/// What a report tells late and dates before its first main incident is recalled: background, not main.
fn recall(parts: Parts<'_>, drafts: &mut [Draft]) {
    let day = |draft: &Draft| draft.act().filter_map(|a| ties::day(parts, a)).min();
    let Some(main) = drafts.iter().find(|d| d.relation == Relation::Main).and_then(day) else { return };
    let mut first = true;
    for draft in drafts.iter_mut().filter(|d| d.relation == Relation::Main) {
        let late = draft.anchors.iter().all(|a| a.sentence > LEAD);
        if !first && late && day(draft).is_some_and(|day| day < main) {
            draft.relation = Relation::Background;
        }
        first = false;
    }
}

/// Groups of anchors, as indices, each in order.
fn gather(parts: Parts<'_>, anchors: &[Anchor], round_up: &RoundUp) -> Vec<Vec<usize>> {
    let nodes = ties::nodes(parts, &anchors[..anchors.len().min(MOST)]);
    let mut ties = vec![vec![0.0f32; nodes.len()]; nodes.len()];
    for i in 0..nodes.len() {
        for j in i + 1..nodes.len() {
            ties[i][j] = match round_up.same(parts, &anchors[i], &anchors[j]) {
                Some(same) => f32::from(i8::from(same) * 2 - 1),
                None => ties::tie(parts, &nodes[i], &nodes[j]),
            };
            ties[j][i] = ties[i][j];
        }
    }
    let mut groups: Vec<Vec<usize>> = (0..nodes.len()).map(|i| vec![i]).collect();
    let mean = |a: &[usize], b: &[usize]| {
        a.iter().flat_map(|i| b.iter().map(|j| ties[*i][*j])).sum::<f32>() / (a.len() * b.len()) as f32
    };
    loop {
        let mut best: Option<(f32, usize, usize)> = None;
        for i in 0..groups.len() {
            for j in i + 1..groups.len() {
                let strength = mean(&groups[i], &groups[j]);
                if strength > JOIN && best.is_none_or(|(most, _, _)| strength > most) {
                    best = Some((strength, i, j));
                }
            }
        }
        let Some((_, i, j)) = best else { break };
        let mut other = groups.remove(j);
        groups[i].append(&mut other);
        groups[i].sort_unstable();
    }
    for index in nodes.len()..anchors.len() {
        match groups.iter_mut().find(|g| g.contains(&(index - 1))) {
            Some(group) => group.push(index),
            None => groups.push(vec![index]),
        }
    }
    groups
}

/// The likeliest relation of the anchors together, none aside.
pub(super) fn relation(anchors: &[Anchor]) -> Relation {
    let sum = |k: usize| anchors.iter().map(|a| a.relation[k]).sum::<f32>();
    let (main, related, background) = (sum(1), sum(2), sum(3));
    if main >= related && main >= background {
        Relation::Main
    } else if related >= background {
        Relation::Related
    } else {
        Relation::Background
    }
}

/// Gives every sentence to the drafts whose anchors it holds; one without anchors to the draft before it, but a paragraph
/// without anchors behind what is told aside to the main one again.
fn share_sentences(parts: Parts<'_>, drafts: &mut [Draft], round_up: &RoundUp) {
    let of_item = |d: &Draft| d.anchors.iter().any(|a| round_up.item(a.sentence).is_some());
    let main = drafts.iter().position(|d| d.relation == Relation::Main && !of_item(d));
    let mut owner = main;
    let (mut paragraph, mut item) = (0, None);
    for (sentence, told) in parts.input.sentences.iter().enumerate() {
        if item.is_some() && round_up.item(sentence).is_none() {
            owner = main;
        }
        item = round_up.item(sentence);
        if told.paragraph != paragraph && owner.is_some_and(|o| drafts[o].relation == Relation::Background) {
            owner = main;
        }
        paragraph = told.paragraph;
        let here: Vec<usize> =
            (0..drafts.len()).filter(|d| drafts[*d].anchors.iter().any(|a| a.sentence == sentence)).collect();
        for &d in &here {
            drafts[d].sentences.push(sentence);
        }
        match here.first() {
            Some(&first) => owner = Some(first),
            None => {
                if let Some(owner) = owner {
                    drafts[owner].sentences.push(sentence);
                }
            }
        }
    }
}
