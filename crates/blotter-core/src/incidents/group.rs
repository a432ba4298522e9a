//! Anchors → drafts: which words tell of one incident, and how it stands to the report.

use super::anchors::Anchor;
use super::{Draft, Parts};
use crate::facts::Relation;

/// A weak trigger needs this much certainty of the model; a strong one only `STRONG`.
const WEAK: f32 = 0.5;
const STRONG: f32 = 0.2;

/// The drafts of the report, in order of their first anchor.
pub fn drafts(parts: Parts<'_>, anchors: Vec<Anchor>) -> Vec<Draft> {
    let model = parts.input.scores.token.contains_key("relation");
    let kept: Vec<Anchor> = anchors
        .into_iter()
        .filter(|a| if model { a.certainty() > if a.weak { WEAK } else { STRONG } } else { !a.weak })
        .collect();
    let mut drafts: Vec<Draft> = Vec::new();
    for anchor in kept {
        let relation = relation(&anchor);
        let home =
            drafts.iter_mut().find(|d| d.relation == relation && (relation == Relation::Main || near(d, &anchor)));
        match home {
            Some(draft) => draft.anchors.push(anchor),
            None => drafts.push(Draft { relation, anchors: vec![anchor], sentences: Vec::new() }),
        }
    }
    if !drafts.iter().any(|d| d.relation == Relation::Main) {
        // The aftermath still has its incident as main.
        if let Some(first) = drafts.first_mut() {
            first.relation = Relation::Main;
        }
    }
    share_sentences(parts, &mut drafts);
    drafts
}

/// The likeliest relation of the anchor, none aside.
fn relation(anchor: &Anchor) -> Relation {
    let [_, main, related, background] = anchor.relation;
    if main >= related && main >= background {
        Relation::Main
    } else if related >= background {
        Relation::Related
    } else {
        Relation::Background
    }
}

/// Whether the anchor stands in the draft's last sentence or just after it and is of like kind.
fn near(draft: &Draft, anchor: &Anchor) -> bool {
    let level = |code: &'static str| code.split('/').next().unwrap_or(code);
    draft.anchors.last().is_some_and(|last| {
        anchor.sentence == last.sentence
            || anchor.sentence - last.sentence <= 2 && level(last.code) == level(anchor.code)
    })
}

/// Gives every sentence to the draft whose anchors it holds; one without anchors to the draft before it.
fn share_sentences(parts: Parts<'_>, drafts: &mut [Draft]) {
    let mut owner: Option<usize> = drafts.iter().position(|d| d.relation == Relation::Main);
    for sentence in 0..parts.input.sentences.len() {
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
