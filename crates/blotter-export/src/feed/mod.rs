//! Feeds of changes: what was added, updated, merged and withdrawn, the newest first, so that whoever follows one never has to
//! fetch the whole set. An entry is one revision of one incident, and keeps its id.

pub mod atom;
pub mod json;

use blotter_case::Tlp;
use blotter_case::{Change, Step};
use uuid::Uuid;

use crate::error::Error;
use crate::item::Item;
use crate::options::Options;
use crate::selection::Selection;
use crate::spool::Spool;
use crate::stable::Ids;

/// One entry.
pub(crate) struct Entry<'e> {
    pub id: Uuid,
    pub incident: &'e str,
    pub revision: usize,
    /// "added", "updated", "merged", "withdrawn".
    pub what: &'static str,
    pub at: &'e str,
    /// One sentence.
    pub summary: &'e str,
    /// What changed, a line each.
    pub lines: Vec<String>,
    /// The incident that it has become part of.
    pub became: Option<&'e str>,
    pub tlp: Tlp,
}

/// Row of the ledger, then the number of the incident's id: the order of entries.
type Key = (i64, Uuid);

impl Entry<'_> {
    /// "Updated: Bombing at Port Kesh."
    pub fn title(&self) -> String {
        match (self.what, self.became) {
            ("merged", Some(became)) => format!("Merged: {} is part of {became} now.", self.incident),
            ("withdrawn", _) => format!("Withdrawn: {}.", self.incident),
            ("added", _) => format!("Added: {}", self.summary),
            _ => format!("Updated: {}", self.summary),
        }
    }
}

/// The title of a feed.
pub(crate) fn title(options: &Options) -> String {
    let of = options.producer.as_ref().map(|p| format!("{p}: ")).unwrap_or_default();
    format!("{of}changes of the record")
}

/// Makes every entry, each written by `write` into the spool.
pub(crate) fn entries(
    selection: &Selection<'_>,
    options: &Options,
    write: fn(&Entry<'_>) -> Vec<u8>,
) -> Result<Spool<Key>, Error> {
    let ids = Ids::of(selection)?;
    let after = options.new_since.as_deref().map(|time| selection.snapshot().row_at(time)).transpose()?.unwrap_or(0);
    let mut spool = Spool::new()?;
    let level = |own: Tlp| selection.policy().tlp.unwrap_or(own);
    let id = |incident: &str, revision: usize| ids.id("entry", &[incident, &revision.to_string()]);
    selection.each(&mut |item: &Item<'_>| {
        if item.span()?.row <= after {
            return Ok(());
        }
        for step in item.steps(after)?.iter().filter(|s| !s.changes.is_empty()) {
            let incident = item.record.incident.as_str();
            let entry = Entry {
                id: id(incident, step.revision),
                incident,
                revision: step.revision,
                what: if step.revision == 1 { "added" } else { "updated" },
                at: &step.at,
                summary: &step.summary,
                lines: step.changes.iter().map(line).collect(),
                became: None,
                tlp: level(item.tlp()),
            };
            spool.put((step.row, entry.id), &write(&entry))?;
        }
        Ok(())
    })?;
    let withheld = selection.withheld();
    selection.each_withdrawn(&mut |item: &Item<'_>| {
        let incident = item.record.incident.as_str();
        let steps = item.steps(0)?;
        let Some(step) = withdrawn(&steps).filter(|step| step.row > after) else { return Ok(()) };
        let entry = Entry {
            id: id(incident, step.revision),
            incident,
            revision: step.revision,
            what: "withdrawn",
            at: &step.at,
            summary: &item.record.summary,
            lines: step.changes.iter().filter(|c| c.field == "status").map(|c| c.why.clone()).collect(),
            became: None,
            tlp: level(item.tlp()),
        };
        spool.put((step.row, entry.id), &write(&entry))
    })?;
    selection.each_merged(&mut |was, is| {
        let span = selection.snapshot().span(was)?;
        if span.row <= after {
            return Ok(());
        }
        let marked = selection.snapshot().marking(was)?.map_or(Tlp::Clear, |m| m.level);
        let entry = Entry {
            id: id(was, span.revision),
            incident: was,
            revision: span.revision,
            what: "merged",
            at: &span.last,
            summary: "",
            lines: Vec::new(),
            became: Some(is),
            tlp: level(marked),
        };
        spool.put((span.row, entry.id), &write(&entry))
    })?;
    selection.note_withheld(withheld);
    Ok(spool)
}

/// The step with which an incident was last withdrawn.
fn withdrawn(steps: &[Step]) -> Option<&Step> {
    let before = steps.iter().rposition(|step| step.status != "withdrawn").map_or(0, |at| at + 1);
    steps.get(before)
}

/// A change in words: "killed: 5 → 7 (report gazette-2291, version 2)".
fn line(change: &Change) -> String {
    let what = match (&change.before, &change.after) {
        (Some(before), Some(after)) => format!("{before} → {after}"),
        (None, Some(after)) => format!("+ {after}"),
        (Some(before), None) => format!("- {before}"),
        (None, None) => String::new(),
    };
    format!("{}: {what} ({})", change.field, change.why)
}
