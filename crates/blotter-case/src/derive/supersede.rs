//! Which statements no longer stand, and what took their place.

use blotter_core::facts::{Field, Value};

use super::{Telling, values};
use crate::record::{Entry, Said, Superseded, is_single};
use crate::wording;

/// Marks the statements that were replaced, and the values of which no statement is left.
pub fn apply(field: Field, entries: &mut [Entry], tellings: &[Telling]) {
    let mut replaced: Vec<(usize, usize, Superseded)> = Vec::new();
    for (i, entry) in entries.iter().enumerate() {
        for (k, said) in entry.said.iter().enumerate().filter(|(_, s)| s.supports && !s.retracted) {
            if let Some(by) = replacement(field, entries, i, said, tellings) {
                replaced.push((i, k, by));
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
        let last = supports.iter().max_by(|a, b| (&a.when, &a.report).cmp(&(&b.when, &b.report)));
        let retraction = last.map(|s| Superseded { report: s.report.clone(), version: s.version, kind: "retraction" });
        entry.superseded_by = by.or(retraction);
    }
}

/// What replaced a statement of entry `i`, if anything did.
fn replacement(field: Field, entries: &[Entry], i: usize, said: &Said, tellings: &[Telling]) -> Option<Superseded> {
    let mut found: Option<(&Said, &'static str)> = None;
    for (j, other) in entries.iter().enumerate() {
        let rivals = values::compete(field, &entries[i].value, &other.value)
            || is_single(field) && !values::same(&entries[i].value, &other.value) && matches!(field, Field::Type);
        if j == i || !rivals {
            continue;
        }
        for later in other.said.iter().filter(|s| s.supports && !s.retracted) {
            if let Some(kind) = replaces(&entries[i], said, other, later, tellings)
                && found.is_none_or(|(known, _)| (&later.when, &later.report) > (&known.when, &known.report))
            {
                found = Some((later, kind));
            }
        }
    }
    found.map(|(by, kind)| Superseded { report: by.report.clone(), version: by.version, kind })
}

/// Whether `later`, a statement of another value, replaces `said`, and as what.
fn replaces(of: &Entry, said: &Said, other: &Entry, later: &Said, tellings: &[Telling]) -> Option<&'static str> {
    let telling = |s: &Said| tellings.iter().find(|t| t.report == s.report && t.version == s.version);
    let by = telling(later)?;
    let names = |value: &Value| {
        let note = by.correction.as_deref()?;
        Some(wording::names(note, values::size(value)?))
    };
    // A note that names the number as wrong, in any origin's mouth, and says it nowhere else.
    if names(&of.value) == Some(true) && later.when >= said.when && values::size(&other.value).is_some() {
        return Some("correction");
    }
    let kind = if by.correction.is_some() { "correction" } else { "update" };
    if later.report == said.report {
        // What the newer version still says stands beside what it says now.
        let still = of.said.iter().any(|s| s.supports && s.report == said.report && s.version >= later.version);
        return (later.version > said.version && !still).then_some(kind);
    }
    if later.when <= said.when {
        return None;
    }
    let larger = values::size(&other.value).zip(values::size(&of.value)).map(|(new, old)| new > old);
    if later.origin == said.origin {
        return match larger {
            Some(true) => Some("update"),
            Some(false) if by.correction.is_some() => Some("correction"),
            Some(false) => None,
            None => None,
        };
    }
    let explained = by.facts.iter().any(|(f, rise)| *rise && values::same(&f.value, &other.value));
    (larger == Some(true) && explained).then_some("update")
}
