//! Rows straight from heads that were trained on the scheme itself: role fillers, the text's types, and which fillers
//! belong to one template.
//!
//! A codebook names them under `[heads]`; where the model has them all, they give the rows and the record's incidents do
//! not, since such a scheme has rules of relevance and of types that no mapping of ours holds as well.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::encode::{bio, sigmoid};
use crate::layers::entities::Form;
use crate::reading::Reading;
use crate::text::Span;

/// The heads of a scheme, and when they say yes.
#[derive(Clone, Debug)]
pub(super) struct Heads {
    /// Document head: one label a type, and `relevant`.
    pub types: String,
    /// Token head, BIO: one label a role.
    pub fillers: String,
    /// Token head: the types of the templates that a filler belongs to.
    pub kinds: String,
    /// Pair head: whether two fillers share a template.
    pub tie: String,
    /// Pair head: whether two fillers name one entity; empty: by their words alone.
    pub alias: String,
    /// Least probability of a type.
    pub least: f32,
    /// Least probability that the text is relevant.
    pub relevant: f32,
    /// Least mean tie of two groups of fillers that become one template.
    pub join: f32,
    /// Least probability that two fillers name one entity.
    pub same: f32,
}

impl Default for Heads {
    fn default() -> Heads {
        let none = String::new();
        Heads {
            types: none.clone(),
            fillers: none.clone(),
            kinds: none.clone(),
            tie: none.clone(),
            alias: none,
            least: 0.5,
            relevant: 0.5,
            join: 0.5,
            same: 0.5,
        }
    }
}

/// A filler: its role, its first token, its words.
struct Filler {
    role: String,
    token: usize,
    span: Span,
    /// Probability of each type of the kinds head.
    kinds: Vec<f32>,
}

/// The rows; `None` where the model lacks one of the heads.
pub(super) fn rows(heads: &Heads, reading: &Reading) -> Option<Vec<Json>> {
    let scores = &reading.scores;
    let document = scores.document.get(&heads.types)?;
    let kinds = scores.token.get(&heads.kinds)?;
    let roles = scores.token.get(&heads.fillers)?;
    scores.pair.get(&heads.tie)?;
    let probability = |label: usize| document.windows.iter().map(|row| sigmoid(row[label])).fold(0.0f32, f32::max);
    let relevant = document.labels.iter().position(|l| l == "relevant").map_or(1.0, probability);
    if relevant < heads.relevant {
        return Some(Vec::new());
    }
    let mut types: Vec<usize> = (0..kinds.labels.len()).filter(|t| probability(*t) >= heads.least).collect();
    if types.is_empty() {
        types.extend((0..kinds.labels.len()).max_by(|a, b| probability(*a).total_cmp(&probability(*b))));
    }
    let fillers: Vec<Filler> = bio::spans(scores, &heads.fillers)
        .into_iter()
        .map(|found| Filler {
            kinds: kinds.row(found.tokens.start).iter().map(|l| sigmoid(*l)).collect(),
            token: found.tokens.start,
            role: found.label,
            span: found.span,
        })
        .collect();
    let columns: Vec<&str> = roles.labels.iter().filter_map(|l| l.strip_prefix("B-")).collect();
    let mut rows = Vec::new();
    for &kind in &types {
        let best = |f: &Filler| types.iter().all(|t| f.kinds[*t] <= f.kinds[kind]);
        let of_kind: Vec<&Filler> =
            fillers.iter().filter(|f| types.len() == 1 || best(f) || f.kinds[kind] > 0.5).collect();
        for group in templates(heads, reading, &of_kind) {
            rows.push(row(heads, reading, &kinds.labels[kind], &columns, &group));
        }
    }
    Some(rows)
}

/// Fillers of one type → templates: joined bottom-up by their mean ties. Without fillers, one empty template.
fn templates<'a>(heads: &Heads, reading: &Reading, fillers: &[&'a Filler]) -> Vec<Vec<&'a Filler>> {
    let Some(pair) = reading.scores.pair.get(&heads.tie) else { return Vec::new() };
    let mut groups: Vec<Vec<&Filler>> = fillers.iter().map(|f| vec![*f]).collect();
    let tie = |a: &Filler, b: &Filler| {
        let (first, second) = if a.token < b.token { (a, b) } else { (b, a) };
        sigmoid(pair.logit(0, first.token, second.token))
    };
    let mean = |a: &[&Filler], b: &[&Filler]| {
        a.iter().flat_map(|x| b.iter().map(move |y| (x, y))).map(|(x, y)| tie(x, y)).sum::<f32>()
            / (a.len() * b.len()) as f32
    };
    loop {
        let mut best: Option<(f32, usize, usize)> = None;
        for i in 0..groups.len() {
            for j in i + 1..groups.len() {
                let strength = mean(&groups[i], &groups[j]);
                if strength >= heads.join && best.is_none_or(|(most, _, _)| strength > most) {
                    best = Some((strength, i, j));
                }
            }
        }
        let Some((_, i, j)) = best else { break };
        let other = groups.remove(j);
        groups[i].extend(other);
    }
    if groups.is_empty() {
        groups.push(Vec::new());
    }
    groups
}

/// A template: per role, one list of alternative strings an entity, in order of the text.
fn row(heads: &Heads, reading: &Reading, kind: &str, columns: &[&str], fillers: &[&Filler]) -> Json {
    let mut row = BTreeMap::from([("incident_type", json!(kind))]);
    for column in columns {
        let mut spans: Vec<&Filler> = fillers.iter().copied().filter(|f| f.role == *column).collect();
        spans.sort_by_key(|f| f.span);
        let one = |a: &Filler, b: &Filler| match reading.scores.pair.get(&heads.alias) {
            Some(pair) if sigmoid(pair.logit(0, a.token, b.token)) >= heads.same => true,
            _ => same(reading, a.span, b.span),
        };
        let mut entities: Vec<Vec<&Filler>> = Vec::new();
        for filler in spans {
            match entities.iter_mut().find(|e| e.iter().any(|other| one(other, filler))) {
                Some(entity) => entity.push(filler),
                None => entities.push(vec![filler]),
            }
        }
        let strings = |entity: &Vec<&Filler>| {
            let mut found: Vec<&str> = Vec::new();
            for words in entity.iter().map(|f| reading.report.words(f.span)) {
                if !found.contains(&words) {
                    found.push(words);
                }
            }
            found
        };
        row.insert(column, json!(entities.iter().map(strings).collect::<Vec<_>>()));
    }
    json!(row)
}

/// Whether two fillers name one entity: a named entity holds both, or the words of one are in the other, or one is the
/// other's initials.
fn same(reading: &Reading, a: Span, b: Span) -> bool {
    let text = &reading.report.text;
    let words = |s: Span| -> Vec<String> {
        let lower = s.of(text).to_lowercase();
        lower
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty() && !SMALL.contains(w))
            .map(str::to_owned)
            .collect()
    };
    let (x, y) = (words(a), words(b));
    let (short, long) = if x.len() <= y.len() { (&x, &y) } else { (&y, &x) };
    let initials: String = long.iter().filter_map(|w| w.chars().next()).collect();
    let inside = !short.is_empty() && short.iter().all(|w| long.contains(w)) && short.last() == long.last();
    inside
        || short.len() == 1 && long.len() > 1 && initials == short[0]
        || reading.entities.iter().any(|e| {
            let holds = |s: Span| {
                e.mentions.iter().any(|m| m.form == Form::Name && m.span.overlaps(s) && m.span.len() * 2 > s.len())
            };
            holds(a) && holds(b)
        })
}

/// Words that tell no two names apart.
const SMALL: [&str; 9] = ["the", "a", "an", "of", "for", "and", "de", "la", "el"];
