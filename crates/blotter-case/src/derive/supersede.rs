//! Which statements no longer stand, and what took their place.

use blotter_core::facts::Field;

use super::{Order, Telling, values};
use crate::record::{Entry, Said, Superseded};
use crate::wording;

/// Marks the statements that were replaced, and the values of which no statement is left.
pub fn apply(field: Field, entries: &mut [Entry], tellings: &[Telling], order: &Order) {
    let mut replaced: Vec<(usize, usize, Superseded)> = Vec::new();
    for rivals in values::rivalries(field, entries) {
        let laters = Laters::of(&rivals, entries, tellings, order);
        for i in rivals {
            for (k, said) in entries[i].said.iter().enumerate().filter(|(_, s)| s.supports && !s.retracted) {
                if let Some(by) = laters.replacement(field, i, said) {
                    replaced.push((i, k, by));
                }
            }
        }
    }
    let mut by: Vec<Option<Superseded>> = vec![None; entries.len()];
    for (i, k, superseded) in replaced {
        entries[i].said[k].stands = false;
        by[i] = Some(superseded);
    }
    for (entry, by) in entries.iter_mut().zip(by) {
        let supports: Vec<&Said> = entry.said.iter().filter(|s| s.supports).collect();
        if supports.is_empty() || supports.iter().any(|s| s.stands) {
            continue;
        }
        let last = supports.iter().max_by_key(|s| order.rank[s.telling]);
        let retraction = last.map(|s| Superseded { report: s.report.clone(), version: s.version, kind: "retraction" });
        entry.superseded_by = by.or(retraction);
    }
}

/// Of statements sorted by a name those of a statement's own.
fn named<'l, 'a>(sorted: &'l [Later<'a>], name: &[u32], said: &Said) -> &'l [Later<'a>] {
    let own = name[said.telling];
    let first = sorted.partition_point(|l| name[l.said.telling] < own);
    let length = sorted[first..].partition_point(|l| name[l.said.telling] == own);
    &sorted[first..first + length]
}

/// A statement that may take the place of others: of which entry, in which telling.
#[derive(Clone, Copy)]
struct Later<'a> {
    entry: usize,
    said: &'a Said,
    telling: &'a Telling,
    /// Whether the words around it explain a rise.
    rise: bool,
}

/// The statements of values that compete, by what lets one take the place of another, each list the latest first: an incident
/// of thousands of reports has too many pairs of statements to look at every one.
struct Laters<'a> {
    entries: &'a [Entry],
    order: &'a Order,
    by_report: Vec<Later<'a>>,
    by_origin: Vec<Later<'a>>,
    corrections: Vec<Later<'a>>,
    rises: Vec<Later<'a>>,
}

impl<'a> Laters<'a> {
    fn of(rivals: &[usize], entries: &'a [Entry], tellings: &'a [Telling], order: &'a Order) -> Laters<'a> {
        let mut all: Vec<Later<'a>> = Vec::new();
        for &entry in rivals {
            for said in entries[entry].said.iter().filter(|s| s.supports && !s.retracted) {
                let telling = &tellings[said.telling];
                let rise = telling.facts.iter().any(|(f, rise)| *rise && values::same(&f.value, &entries[entry].value));
                all.push(Later { entry, said, telling, rise });
            }
        }
        // Stable: of the latest, that of the first entry counts.
        all.sort_by_key(|l| std::cmp::Reverse(order.rank[l.said.telling]));
        let of_name = |name: &[u32]| {
            let mut sorted = all.clone();
            sorted.sort_by_key(|l| name[l.said.telling]);
            sorted
        };
        Laters {
            entries,
            order,
            by_report: of_name(&order.report),
            by_origin: of_name(&order.origin),
            corrections: all.iter().filter(|l| l.telling.correction.is_some()).copied().collect(),
            rises: all.iter().filter(|l| l.rise).copied().collect(),
        }
    }

    /// What replaced a statement of entry `i`: the latest that does.
    fn replacement(&self, field: Field, i: usize, said: &Said) -> Option<Superseded> {
        let lists = [
            named(&self.by_report, &self.order.report, said),
            named(&self.by_origin, &self.order.origin, said),
            &self.corrections[..],
            &self.rises[..],
        ];
        let rivals =
            |l: &Later<'_>| l.entry != i && values::rivals(field, &self.entries[i].value, &self.entries[l.entry].value);
        // Whether they compete is asked last: it costs most.
        let first = |list: &[Later<'a>]| {
            list.iter().find_map(|l| self.replaces(i, said, l).filter(|_| rivals(l)).map(|kind| (*l, kind)))
        };
        let mut found: Option<(Later<'a>, &'static str)> = None;
        for (later, kind) in lists.into_iter().filter_map(first) {
            let rank = |l: &Later<'_>| (self.order.rank[l.said.telling], std::cmp::Reverse(l.entry));
            if found.is_none_or(|(known, _)| rank(&later) > rank(&known)) {
                found = Some((later, kind));
            }
        }
        found.map(|(by, kind)| Superseded { report: by.said.report.clone(), version: by.said.version, kind })
    }

    /// Whether `later`, a statement of another value, replaces `said`, and as what.
    fn replaces(&self, i: usize, said: &Said, later: &Later<'_>) -> Option<&'static str> {
        let (of, other) = (&self.entries[i], &self.entries[later.entry]);
        let (later, by, rise) = (later.said, later.telling, later.rise);
        // A note that names the number as wrong, in any origin's mouth, and says it nowhere else.
        let named = || wording::names(by.correction.as_deref()?, values::size(&of.value)?).then_some(());
        if later.when >= said.when && values::size(&other.value).is_some() && named().is_some() {
            return Some("correction");
        }
        let kind = if by.correction.is_some() { "correction" } else { "update" };
        if self.order.report[later.telling] == self.order.report[said.telling] {
            // What the newer version still says stands beside what it says now.
            let still = || of.said.iter().any(|s| s.supports && s.report == said.report && s.edition >= later.edition);
            return (later.edition > said.edition && !still()).then_some(kind);
        }
        if later.when <= said.when {
            return None;
        }
        let larger = values::size(&other.value).zip(values::size(&of.value)).map(|(new, old)| new > old);
        if self.order.origin[later.telling] == self.order.origin[said.telling] {
            return match larger {
                Some(true) => Some("update"),
                Some(false) if by.correction.is_some() => Some("correction"),
                _ => None,
            };
        }
        (larger == Some(true) && rise).then_some("update")
    }
}
