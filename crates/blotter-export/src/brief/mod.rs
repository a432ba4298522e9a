//! A situation brief: what is new, what changed, what is disputed, what was known before. Every sentence is made from the record
//! and carries notes that quote a report's words. Counts are of incidents, not of reports.

mod html;
mod map;
mod markdown;
mod people;
mod phrases;
mod sentences;

use std::cmp::Reverse;
use std::io::Write;

use blotter_case::Field;
use blotter_case::Tlp;

use crate::error::Error;
use crate::item::Item;
use crate::options::{Options, Out};
use crate::selection::Selection;

/// The words that a sentence rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Note {
    /// The report's words; of a decision, its reason.
    pub quote: String,
    /// Who published them, or who decided.
    pub by: String,
    /// When, in words.
    pub date: String,
    /// The report with its version, or the decision.
    pub place: String,
    /// The report's address.
    pub url: Option<String>,
}

/// A sentence with its notes, of which there is at least one.
#[derive(Clone, Debug)]
pub(crate) struct Sentence {
    pub text: String,
    pub notes: Vec<Note>,
}

/// A part of the brief.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Section {
    New,
    Changed,
    Disputed,
    Withdrawn,
    Background,
}

/// What stands at the head of a brief.
#[derive(Debug, Default)]
pub(crate) struct Head {
    pub title: String,
    pub as_of: String,
    pub since: Option<String>,
    pub made: Option<String>,
    pub tlp: Tlp,
    pub new: usize,
    pub changed: usize,
    pub disputed: usize,
    pub withdrawn: usize,
    pub background: usize,
    /// The least number of killed of the new incidents, and in how many it is told.
    pub killed: (u64, usize),
    /// What is hidden.
    pub redacted: Vec<&'static str>,
    /// The points of what is new or changed: number in the brief, degrees north, degrees east.
    pub points: Vec<(usize, f64, f64)>,
}

/// Writes a brief in one language of pages.
pub(crate) trait Page {
    fn head(&mut self, head: &Head) -> Result<(), Error>;
    fn section(&mut self, section: Section, since: bool) -> Result<(), Error>;
    /// An incident: its number where it has one, its id and title, sentences one after another, and changes, a line each.
    fn incident(
        &mut self,
        number: Option<usize>,
        id: &str,
        title: &str,
        text: &[Sentence],
        lines: &[Sentence],
    ) -> Result<(), Error>;
    fn end(&mut self, head: &Head) -> Result<(), Error>;
}

/// The brief as a page.
pub(crate) fn html(selection: &Selection<'_>, options: &Options, out: &mut Out<'_>) -> Result<(), Error> {
    write(selection, options, &mut html::Html::new(out)?)
}

/// The brief as Markdown.
pub(crate) fn markdown(selection: &Selection<'_>, options: &Options, out: &mut Out<'_>) -> Result<(), Error> {
    write(selection, options, &mut markdown::Markdown::new(out)?)
}

/// What is remembered of an incident between the walk and the writing.
type Planned = (Section, Reverse<u64>, Reverse<String>, String);

fn write(selection: &Selection<'_>, options: &Options, page: &mut dyn Page) -> Result<(), Error> {
    let after = options.new_since.as_deref().map(|t| selection.snapshot().row_at(t)).transpose()?;
    let mut head = Head {
        title: options.producer.as_ref().map_or("Situation brief".to_owned(), |p| format!("Situation brief by {p}")),
        as_of: selection.as_of()?,
        since: options.new_since.clone(),
        made: options.made.clone(),
        redacted: selection.policy().redact.iter().map(|r| r.name()).collect(),
        ..Head::default()
    };
    let mut plan: Vec<Planned> = Vec::new();
    let mut disputed: Vec<(Reverse<u64>, String)> = Vec::new();
    let mut points = std::collections::HashMap::new();
    selection.each(&mut |item: &Item<'_>| {
        let section = section(item, after)?;
        let killed = item.toll(Field::Killed).and_then(|t| t.count.min.or(t.count.best));
        if section == Section::New
            && let Some(killed) = killed
        {
            head.killed = (head.killed.0 + killed, head.killed.1 + 1);
        }
        let id = item.record.incident.clone();
        if section != Section::Background {
            if sentences::is_disputed(item) {
                disputed.push((Reverse(killed.unwrap_or(0)), id.clone()));
            }
            if let Some(point) = item.point() {
                points.insert(id.clone(), point);
            }
        }
        let day = item.when().and_then(|w| w.start).unwrap_or_default().to_owned();
        plan.push((section, Reverse(killed.unwrap_or(0)), Reverse(day), id));
        Ok(())
    })?;
    let withheld = selection.withheld();
    if let Some(after) = after {
        selection.each_withdrawn(&mut |item| {
            if item.span()?.row > after {
                plan.push((Section::Withdrawn, Reverse(0), Reverse(String::new()), item.record.incident.clone()));
            }
            Ok(())
        })?;
    }
    selection.note_withheld(withheld);
    plan.sort();
    disputed.sort();
    head.tlp = selection.policy().tlp.unwrap_or(selection.strictest());
    head.disputed = disputed.len();
    for (number, (section, _, _, id)) in (1..).zip(&plan) {
        *match section {
            Section::New => &mut head.new,
            Section::Changed => &mut head.changed,
            Section::Withdrawn => &mut head.withdrawn,
            Section::Disputed | Section::Background => &mut head.background,
        } += 1;
        head.points.extend(points.get(id).map(|(lat, lon)| (number, *lat, *lon)));
    }
    page.head(&head)?;
    let mut open = None;
    let mut is_disputed_written = false;
    let since = after.is_some();
    for (number, (section, _, _, id)) in (1..).zip(&plan) {
        if open != Some(*section) {
            // What is disputed of the new and changed stands behind them.
            if *section > Section::Disputed && !is_disputed_written {
                disputes(selection, &disputed, page, since)?;
                is_disputed_written = true;
            }
            page.section(*section, since)?;
            open = Some(*section);
        }
        let Some(item) = selection.item(id)? else { continue };
        let title = phrases::title(&item);
        match section {
            Section::New => page.incident(Some(number), id, &title, &sentences::told(&item)?, &[])?,
            Section::Changed => {
                let changes =
                    sentences::changed(&item, after.unwrap_or(0), options.new_since.as_deref().unwrap_or_default())?;
                page.incident(
                    Some(number),
                    id,
                    &title,
                    &sentences::told(&item)?.into_iter().take(1).collect::<Vec<_>>(),
                    &changes,
                )?;
            }
            Section::Withdrawn => page.incident(None, id, id, &sentences::withdrawn(&item)?, &[])?,
            Section::Disputed | Section::Background => {
                let mut told = sentences::told(&item)?;
                told.truncate(2);
                page.incident(None, id, &title, &told, &[])?;
            }
        }
    }
    if !is_disputed_written {
        disputes(selection, &disputed, page, since)?;
    }
    page.end(&head)
}

fn disputes(
    selection: &Selection<'_>,
    disputed: &[(Reverse<u64>, String)],
    page: &mut dyn Page,
    since: bool,
) -> Result<(), Error> {
    if disputed.is_empty() {
        return Ok(());
    }
    page.section(Section::Disputed, since)?;
    for (_, id) in disputed {
        let Some(item) = selection.item(id)? else { continue };
        page.incident(None, id, &phrases::title(&item), &[], &sentences::disputed(&item)?)?;
    }
    Ok(())
}

fn section(item: &Item<'_>, after: Option<i64>) -> Result<Section, Error> {
    if !item.record.reports.iter().any(|line| line.relation == "main") {
        return Ok(Section::Background);
    }
    let Some(after) = after else { return Ok(Section::New) };
    let span = item.span()?;
    Ok(if span.first_row > after {
        Section::New
    } else if span.row > after {
        Section::Changed
    } else {
        Section::Background
    })
}

/// The heading of a section, in all languages of pages.
pub(crate) fn heading(section: Section, since: bool) -> &'static str {
    match section {
        Section::New if since => "New",
        Section::New => "Incidents",
        Section::Changed => "Changed",
        Section::Disputed => "Disputed",
        Section::Withdrawn => "Withdrawn",
        Section::Background => "Background: known before, or told as context",
    }
}

/// Notes in the order of their numbers, each as a text that waits until the end; those of one incident are joined.
pub(crate) struct Notes {
    count: usize,
    of_incident: Vec<(Note, usize)>,
    waiting: std::io::BufWriter<std::fs::File>,
}

impl Notes {
    pub fn new() -> Result<Notes, Error> {
        Ok(Notes { count: 0, of_incident: Vec::new(), waiting: std::io::BufWriter::new(tempfile::tempfile()?) })
    }

    /// Another incident begins.
    pub fn next(&mut self) {
        self.of_incident.clear();
    }

    /// The number of a note; `write` makes the text of one that is new.
    pub fn number(&mut self, note: &Note, write: impl Fn(usize, &Note) -> String) -> Result<usize, Error> {
        if let Some((_, number)) = self.of_incident.iter().find(|(known, _)| known == note) {
            return Ok(*number);
        }
        self.count += 1;
        self.waiting.write_all(write(self.count, note).as_bytes())?;
        self.of_incident.push((note.clone(), self.count));
        Ok(self.count)
    }

    /// Writes the texts that waited.
    pub fn write(&mut self, out: &mut Out<'_>) -> Result<(), Error> {
        use std::io::Seek;
        self.waiting.flush()?;
        let file = self.waiting.get_mut();
        file.rewind()?;
        std::io::copy(file, out)?;
        Ok(())
    }
}
