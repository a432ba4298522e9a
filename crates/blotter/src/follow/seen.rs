//! Which items of the feeds came before in this run.

use std::collections::{HashMap, HashSet};

use blotter_core::Report;

use crate::read;
use crate::take::Job;

/// What came. A feed shows its items again each time; those whose text it has shown before are not read again. One that gets
/// its earlier text back is read: the last text counts.
#[derive(Default)]
pub struct Seen {
    /// Id and text of all that was read, from whichever feed.
    all: HashSet<(String, String)>,
    /// What each feed showed.
    feeds: HashMap<usize, HashMap<String, Shown>>,
    feed: usize,
    visit: u64,
    /// How many items of this visit are new.
    fresh: usize,
}

/// What a feed showed under an id.
#[derive(Default)]
struct Shown {
    /// At which visit, for the last time.
    visit: u64,
    /// With which texts then: a careless feed gives one id to several items.
    texts: Vec<String>,
    /// With which the time before.
    before: Vec<String>,
}

impl Seen {
    /// A visit to a feed begins.
    pub fn begin(&mut self, feed: usize) {
        (self.feed, self.visit, self.fresh) = (feed, self.visit + 1, 0);
    }

    /// How many reports were new at this visit.
    pub fn fresh(&self) -> usize {
        self.fresh
    }

    /// Whether a report, or the reason why there is none, came before.
    pub fn knows(&mut self, job: &Job) -> bool {
        match &job.report {
            Ok(report) => {
                let known = self.shown(&report.id, text(report));
                self.fresh += usize::from(!known);
                known
            }
            // By its reason: an item's number changes with each that comes above it.
            Err(reason) => self.shown("", reason.clone()),
        }
    }

    fn shown(&mut self, id: &str, text: String) -> bool {
        let items = self.feeds.entry(self.feed).or_default();
        let first = !items.contains_key(id);
        let shown = items.entry(id.to_owned()).or_default();
        if shown.visit != self.visit {
            shown.before = std::mem::take(&mut shown.texts);
            shown.visit = self.visit;
        }
        let here = shown.before.contains(&text) || !id.is_empty() && shown.texts.contains(&text);
        if !shown.texts.contains(&text) {
            shown.texts.push(text.clone());
        }
        if id.is_empty() {
            return here;
        }
        let elsewhere = !self.all.insert((id.to_owned(), text));
        here || first && elsewhere
    }
}

/// What makes a report another: its text, and what a wire says of it.
fn text(report: &Report) -> String {
    let wire = report.wire.as_ref().map(|wire| format!("{wire:?}")).unwrap_or_default();
    read::sha256(&format!("{wire}\n{}", report.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(id: &str, text: &str) -> Job {
        let report = Report { id: id.to_owned(), text: text.to_owned(), ..Report::default() };
        Job { label: id.to_owned(), report: Ok(report), unpicked: false }
    }

    /// Which of the items are new.
    fn visit(seen: &mut Seen, feed: usize, items: &[(&str, &str)]) -> Vec<bool> {
        seen.begin(feed);
        items.iter().map(|(id, text)| !seen.knows(&job(id, text))).collect()
    }

    #[test]
    fn only_what_is_new_is_read() {
        let mut seen = Seen::default();
        assert_eq!(visit(&mut seen, 0, &[("a", "one"), ("b", "two")]), [true, true]);
        assert_eq!(visit(&mut seen, 0, &[("c", "three"), ("a", "one"), ("b", "two, corrected")]), [true, false, true]);
        assert_eq!(seen.fresh(), 2);
        // In another feed, and after it was gone from its own.
        assert_eq!(visit(&mut seen, 1, &[("a", "one"), ("b", "two")]), [false, false]);
        assert_eq!(visit(&mut seen, 0, &[]), [] as [bool; 0]);
        assert_eq!(visit(&mut seen, 0, &[("a", "one")]), [false]);
        // Back to what it was.
        assert_eq!(visit(&mut seen, 0, &[("b", "two")]), [true]);
    }

    #[test]
    fn an_id_of_several_items_is_read_once_each() {
        let mut seen = Seen::default();
        let items = [("a", "one"), ("a", "two"), ("a", "one")];
        assert_eq!(visit(&mut seen, 0, &items), [true, true, false]);
        assert_eq!(visit(&mut seen, 0, &items), [false, false, false]);
        assert_eq!(visit(&mut seen, 0, &items), [false, false, false]);
    }

    #[test]
    fn a_fault_is_told_once() {
        let mut seen = Seen::default();
        let fault =
            |n: usize| Job { label: format!("feed#{n}"), report: Err("holds no text".to_owned()), unpicked: false };
        seen.begin(0);
        assert!(!seen.knows(&fault(1)) && !seen.knows(&fault(2)), "two items, two faults");
        seen.begin(0);
        assert!(seen.knows(&fault(2)) && seen.knows(&fault(3)));
        assert_eq!(seen.fresh(), 0);
    }
}
