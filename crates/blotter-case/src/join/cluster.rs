//! Pairs → clusters, by average linkage.
//!
//! The two clusters most alike are joined, as long as the mean probability over all pairs between them (a pair that was not
//! compared counts 0) reaches the threshold. One likely pair therefore does not chain two groups of strangers together, as
//! it would with single linkage. The result depends on the pairs alone: members are sorted by name first, and ties go to the
//! earlier names.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet};

/// A problem: members by index, in the order of their names.
#[derive(Clone, Debug, Default)]
pub struct Problem {
    /// How many members.
    pub size: usize,
    /// Pairs (each once) with their probability.
    pub pairs: Vec<(usize, usize, f64)>,
    /// Pairs that people linked: together before all else.
    pub must: Vec<(usize, usize)>,
    /// Pairs that never come together: people split them.
    pub cannot: Vec<(usize, usize)>,
}

/// Two clusters that might be joined, with their sizes when that was found.
struct Offer {
    mean: f64,
    pair: (usize, usize),
    sizes: (usize, usize),
}

impl Ord for Offer {
    fn cmp(&self, other: &Offer) -> Ordering {
        self.mean.total_cmp(&other.mean).then_with(|| other.pair.cmp(&self.pair))
    }
}
impl PartialOrd for Offer {
    fn partial_cmp(&self, other: &Offer) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Offer {
    fn eq(&self, other: &Offer) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Offer {}

struct State {
    members: Vec<Vec<usize>>,
    near: Vec<BTreeMap<usize, f64>>,
    apart: Vec<HashSet<usize>>,
}

impl State {
    /// Joins b to a; whether that was allowed.
    fn join(&mut self, a: usize, b: usize) -> bool {
        if a == b || self.apart[a].contains(&b) {
            return a == b;
        }
        let moved = std::mem::take(&mut self.members[b]);
        self.members[a].extend(moved);
        for (c, total) in std::mem::take(&mut self.near[b]) {
            self.near[c].remove(&b);
            if c != a {
                *self.near[a].entry(c).or_default() += total;
                let total = self.near[a][&c];
                self.near[c].insert(a, total);
            }
        }
        for c in std::mem::take(&mut self.apart[b]) {
            self.apart[c].remove(&b);
            self.apart[c].insert(a);
            self.apart[a].insert(c);
        }
        true
    }

    fn offers(&self, a: usize, threshold: f64) -> Vec<Offer> {
        let offer = |(&c, total): (&usize, &f64)| {
            let pair = (a.min(c), a.max(c));
            let sizes = (self.members[pair.0].len(), self.members[pair.1].len());
            let mean = total / (sizes.0 * sizes.1) as f64;
            (mean >= threshold && !self.apart[a].contains(&c)).then_some(Offer { mean, pair, sizes })
        };
        self.near[a].iter().filter_map(offer).collect()
    }
}

/// The clusters, each sorted, in the order of their first members.
pub fn clusters(problem: &Problem, threshold: f64) -> Vec<Vec<usize>> {
    let n = problem.size;
    let mut state = State {
        members: (0..n).map(|i| vec![i]).collect(),
        near: vec![BTreeMap::new(); n],
        apart: vec![HashSet::new(); n],
    };
    for &(a, b, p) in &problem.pairs {
        state.near[a].insert(b, p);
        state.near[b].insert(a, p);
    }
    for &(a, b) in &problem.cannot {
        state.apart[a].insert(b);
        state.apart[b].insert(a);
    }
    let mut home: HashMap<usize, usize> = (0..n).map(|i| (i, i)).collect();
    for &(a, b) in &problem.must {
        let (a, b) = (home[&a], home[&b]);
        let (a, b) = (a.min(b), a.max(b));
        if a != b && state.join(a, b) {
            for member in &state.members[a] {
                home.insert(*member, a);
            }
        }
    }
    let mut heap: BinaryHeap<Offer> =
        (0..n).flat_map(|a| state.offers(a, threshold).into_iter().filter(move |o| o.pair.0 == a)).collect();
    while let Some(Offer { pair: (a, b), sizes, .. }) = heap.pop() {
        // Found before one of the two grew: a later offer stands for it.
        if (state.members[a].len(), state.members[b].len()) != sizes || !state.join(a, b) {
            continue;
        }
        heap.extend(state.offers(a, threshold));
    }
    let mut found: Vec<Vec<usize>> = state.members.into_iter().filter(|m| !m.is_empty()).collect();
    for cluster in &mut found {
        cluster.sort_unstable();
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_are_not_chained() {
        // Two close groups with one likely pair between them.
        let pairs = vec![(0, 1, 0.9), (0, 2, 0.9), (1, 2, 0.9), (3, 4, 0.9), (3, 5, 0.9), (4, 5, 0.9), (2, 3, 0.8)];
        let problem = Problem { size: 6, pairs, ..Problem::default() };
        assert_eq!(clusters(&problem, 0.4), [vec![0, 1, 2], vec![3, 4, 5]]);
    }

    #[test]
    fn people_win() {
        let pairs = vec![(0, 1, 0.9), (2, 3, 0.9), (1, 2, 0.05)];
        let mut problem = Problem { size: 4, pairs, ..Problem::default() };
        problem.cannot = vec![(0, 1)];
        assert_eq!(clusters(&problem, 0.4), [vec![0], vec![1], vec![2, 3]]);
        problem.cannot.clear();
        problem.must = vec![(0, 3)];
        assert_eq!(clusters(&problem, 0.2), [vec![0, 1, 2, 3]]);
    }

    #[test]
    fn what_is_kept_apart_stays_apart_when_clusters_grow() {
        let problem = Problem {
            size: 3,
            pairs: vec![(0, 1, 0.9), (1, 2, 0.9), (0, 2, 0.9)],
            cannot: vec![(0, 2)],
            ..Problem::default()
        };
        assert_eq!(clusters(&problem, 0.3), [vec![0, 1], vec![2]]);
    }

    #[test]
    fn sizes_decide_no_tie() {
        let problem = Problem { size: 3, pairs: vec![(0, 1, 0.5), (1, 2, 0.5)], ..Problem::default() };
        assert_eq!(clusters(&problem, 0.5), [vec![0, 1], vec![2]]);
    }
}
