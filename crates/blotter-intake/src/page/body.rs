//! The main text of a page: the node whose runs weigh most, without what in it is not for reading.
//!
//! Every run has a weight, positive for prose and negative for links and labels. Among the nodes whose names or markup say
//! that they are the main text the fullest is taken, if it holds enough of what weighs; else the node with the greatest
//! sum, which is the smallest that holds the prose and little else.

use super::dom::{Dom, Id, ROOT};
use super::runs::{Run, Runs, Strictness, says_main, signature};

/// Texts with fewer characters than this are looked for again with less left out.
const ENOUGH: usize = 200;

/// The main text, one paragraph a run.
pub fn read(dom: &Dom) -> Vec<String> {
    let body = dom.named(ROOT, &["body"]).next().unwrap_or(ROOT);
    let mut best: Vec<String> = Vec::new();
    for strictness in [Strictness::Names, Strictness::Roles, Strictness::Shown] {
        let runs = Runs::of(dom, body, strictness);
        let found = main_of(dom, body, &runs);
        let chars = |p: &[String]| p.iter().map(|p| p.chars().count()).sum::<usize>();
        if chars(&found) > chars(&best) * if best.is_empty() { 1 } else { 2 } {
            best = found;
        }
        if chars(&best) >= ENOUGH {
            break;
        }
    }
    best
}

/// What a run weighs.
fn weight(dom: &Dom, run: &Run) -> f64 {
    let chars = run.chars as f64;
    let density = run.link_density();
    let heading = matches!(dom.name(run.owner), "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
    if density > 0.6 {
        return -chars.min(60.0);
    }
    if heading {
        return 0.0;
    }
    if chars >= 80.0 {
        return chars * (1.0 - density);
    }
    if run.sentence() && chars >= 20.0 {
        return chars * (1.0 - density) * 0.8;
    }
    -6.0
}

fn main_of(dom: &Dom, body: Id, runs: &Runs) -> Vec<String> {
    let weights: Vec<f64> = runs.all.iter().map(|run| weight(dom, run)).collect();
    let mut sums = Vec::with_capacity(weights.len() + 1);
    sums.push(0.0);
    for weight in &weights {
        sums.push(sums[sums.len() - 1] + weight);
    }
    let sum = |id: Id| {
        let (from, to) = runs.under[id];
        if to > from { sums[to] - sums[from] } else { 0.0 }
    };
    // The smallest node with the greatest sum: later ones in the walk lie deeper, so an equal one wins.
    let mut top = (body, f64::MIN);
    let mut said: Option<(Id, f64)> = None;
    for id in dom.under(body) {
        let name = dom.name(id);
        if name.is_empty() || runs.under[id].1 <= runs.under[id].0 {
            continue;
        }
        let value = sum(id);
        if value >= top.1 {
            top = (id, value);
        }
        let is_said = dom.attribute(id, "itemprop").is_some_and(|p| p.contains("articleBody"))
            || (matches!(name, "article" | "main" | "div" | "section" | "td")
                && (name == "article" || name == "main" || says_main(&signature(dom, id))));
        if is_said && said.is_none_or(|(_, best)| value > best) {
            said = Some((id, value));
        }
    }
    let chosen = match said {
        Some((id, value)) if value >= 0.6 * top.1 => id,
        _ => top.0,
    };
    let (from, to) = runs.under[chosen];
    let mut kept: Vec<&Run> = runs.all[from..to].iter().filter(|run| keep(dom, run)).collect();
    // A heading with nothing below it leads to something that was left out.
    while kept.last().is_some_and(|run| is_heading(dom, run)) {
        kept.pop();
    }
    kept.iter().map(|run| run.text.clone()).collect()
}

fn is_heading(dom: &Dom, run: &Run) -> bool {
    matches!(dom.name(run.owner), "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// Whether a run inside the main text belongs to it.
fn keep(dom: &Dom, run: &Run) -> bool {
    let density = run.link_density();
    if dom.name(run.owner) == "h1" {
        return false;
    }
    !(density > 0.8 && run.chars < 200 && !run.sentence())
}
