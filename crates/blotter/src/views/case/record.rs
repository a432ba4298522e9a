//! The record of an incident: one row a value, the best first, each with its words and who says it.

use std::collections::BTreeMap;

use anstyle::{AnsiColor, Style};
use blotter_case::Join;
use blotter_case::record::{Disagreement, Entry, Record, is_single};
use blotter_core::facts::{Field, Status, Value};

use super::super::layout::{cells, pad, quote, wrap};
use super::super::text::row_of;
use super::super::{Look, words};
use super::{day, fact, plural, title};

const TITLE: Style = Style::new().bold();
const LABEL: Style = AnsiColor::Cyan.on_default();
const FAINT: Style = Style::new().dimmed();
const WARN: Style = AnsiColor::Yellow.on_default();

/// Where the values begin: two blanks, the longest field name, two blanks.
const INDENT: usize = 18;
/// A value with less confidence than this looks doubtful.
const DOUBTFUL: f64 = 0.5;
/// So many values of a list field are shown, unless all are asked for.
const SHOWN: usize = 8;

/// So many of many reports are shown: the first ones and the last ones.
const FIRST: usize = 3;
const LAST: usize = 7;

/// The record. `joins`: why its reports are together, shown where there are any.
pub fn record(record: &Record, joins: &[Join], look: &Look) -> String {
    let mut out = heading(record, look);
    for field in Field::ALL {
        // The type stands in the heading.
        let hidden = matches!(field, Field::Type | Field::Stage) && !look.verbose;
        let entries = record.of(field);
        if !hidden && !entries.is_empty() {
            out.push_str(&rows(field, entries, look));
        }
    }
    let most = if look.verbose { usize::MAX } else { SHOWN };
    // The weightiest, in the order of the fields.
    let mut weights: Vec<f64> = record.disagreements.iter().map(|d| d.weight).collect();
    weights.sort_by(|a, b| b.total_cmp(a));
    let least = weights.get(most.saturating_sub(1)).copied().unwrap_or(f64::MIN);
    let shown: Vec<&Disagreement> = record.disagreements.iter().filter(|d| d.weight >= least).take(most).collect();
    for (i, disagreement) in shown.iter().enumerate() {
        out.push_str(&conflict(if i == 0 { "disagree" } else { "" }, disagreement, look));
    }
    out.push_str(&left_out(record.disagreements.len() - shown.len(), "more", look));
    out.push_str(&reports(record, look));
    for (incident, summary, relation) in &record.related {
        let words = match *relation {
            "background-of" => "is background of",
            "part-of" => "is part of",
            other => other,
        };
        out.push_str(&labelled("related", &format!("{words} {incident}: {summary}"), Style::new(), look));
    }
    if let Some(marking) = &record.tlp {
        let decided = &marking.decided;
        let level = marking.level.name().to_uppercase();
        let words =
            format!("TLP:{level} ({}, {}, D{}): {}", decided.by, day(&decided.at), decided.decision, decided.why);
        out.push_str(&labelled("marked", &words, Style::new(), look));
    }
    for comment in &record.comments {
        let words = format!("{} ({}, {}, D{})", comment.text, comment.by, day(&comment.at), comment.decision);
        out.push_str(&labelled("comment", &words, Style::new(), look));
    }
    for join in joins {
        let [a, b] = &join.reports;
        let words = format!("{a} with {b}: {:.0} %: {}", join.p * 100.0, join.reasons.join(", "));
        out.push_str(&labelled("joined", &words, FAINT, look));
    }
    out.push('\n');
    out
}

/// The title and, at the right, id, status, revision.
fn heading(record: &Record, look: &Look) -> String {
    let kind = record.best(Field::Type).and_then(|e| match &e.value {
        Value::Code(code) => Some(code.clone()),
        _ => None,
    });
    let parts = [
        Some(record.incident.clone()),
        kind,
        Some(record.status.clone()),
        Some(format!("revision {}", record.revision)),
    ];
    let tags = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let title = if record.status == "withdrawn" { "WITHDRAWN".to_owned() } else { title(record) };
    let used = cells(&title) + cells(&tags);
    if used + 2 <= look.width {
        return format!("{}{}{tags}\n", look.paint(TITLE, &title), " ".repeat(look.width - used));
    }
    let lines = wrap(&title, look.width).join("\n");
    format!("{}\n{}{tags}\n", look.paint(TITLE, &lines), " ".repeat(look.width.saturating_sub(cells(&tags))))
}

/// The rows of a field: the values that stand, then those that no longer do.
fn rows(field: Field, entries: &[Entry], look: &Look) -> String {
    let mut out = String::new();
    let single = is_single(field);
    // What is said once and weakly beside a better value is noise in a list; -v shows it.
    let worth = |e: &&Entry| look.verbose || single || e.pinned.is_some() || e.confidence >= 0.3;
    let standing: Vec<&Entry> = entries.iter().filter(|e| e.stands()).filter(worth).collect();
    let fallen: Vec<&Entry> = entries.iter().filter(|e| !e.stands()).filter(worth).collect();
    let most = if look.verbose { usize::MAX } else { SHOWN };
    let mut label = field.name();
    for entry in standing.iter().take(most).chain(fallen.iter().take(most)) {
        out.push_str(&row(label, field, entry, look));
        label = "";
    }
    let more = standing.len().saturating_sub(most) + fallen.len().saturating_sub(most);
    out.push_str(&left_out(more, "more", look));
    out
}

/// How many are not shown without `-v`; nothing where all are.
fn left_out(number: usize, what: &str, look: &Look) -> String {
    if number == 0 {
        return String::new();
    }
    format!("{}\n", look.paint(FAINT, &format!("{}{number} {what} (-v)", " ".repeat(INDENT))))
}

fn row(label: &str, field: Field, entry: &Entry, look: &Look) -> String {
    let room = look.width - INDENT;
    let (value_room, quote_room) = (room * 30 / 100, room * 30 / 100);
    let stands = entry.stands();
    let doubtful = stands && entry.confidence < DOUBTFUL;
    let said = entry.said.iter().filter(|s| s.supports);
    let surest = said.max_by(|a, b| {
        (a.stands, a.confidence).partial_cmp(&(b.stands, b.confidence)).unwrap_or(std::cmp::Ordering::Equal)
    });
    let evidence = surest.and_then(|s| s.evidence.first()).and_then(|e| e["quote"].as_str());
    let value = words::value(&fact(field, entry));
    let value = if stands { value } else { format!("[{value}]") };
    let columns = [
        wrap(&format!("{value}{}", if doubtful { " ?" } else { "" }), value_room - 2),
        wrap(&evidence.map(|e| quote(e, 2 * (quote_room - 2))).unwrap_or_default(), quote_room - 2),
        wrap(&standing_of(entry), room - value_room - quote_room),
    ];
    let mut out = row_of(label, &columns, [value_room, quote_room, 0], doubtful || !stands, look);
    if look.verbose {
        let more = format!(
            "{}{}  {:.2}  {}",
            " ".repeat(INDENT),
            entry.fact,
            entry.confidence,
            plural(entry.independent, "independent source")
        );
        out.push_str(&look.paint(FAINT, &more));
        out.push('\n');
    }
    out
}

/// How a value stands, and who says it: "replaced by c (update) · police (Kesh Gazette, 12 Mar 2024)".
fn standing_of(entry: &Entry) -> String {
    let mut parts = Vec::new();
    if let Some(pin) = &entry.pinned {
        parts.push(format!("pinned by {}: {} (D{})", pin.by, pin.why, pin.decision));
    }
    if let Some(rejected) = &entry.rejected {
        parts.push(format!("rejected by {}: {} (D{})", rejected.by, rejected.why, rejected.decision));
    }
    if let Some(by) = &entry.superseded_by {
        let version = if by.version > 1 { format!(" version {}", by.version) } else { String::new() };
        parts.push(match by.kind {
            "retraction" => format!("{} was retracted", by.report),
            kind => format!("replaced by {}{version} ({kind})", by.report),
        });
    }
    match entry.status {
        Status::Reported => {}
        // "unknown" is the value itself there.
        Status::Unknown if matches!(entry.value, Value::Responsibility { .. }) => {}
        status => parts.push(status.name().to_owned()),
    }
    let says = voices(entry, true);
    if !says.is_empty() {
        parts.push(says);
    }
    let denies = voices(entry, false);
    if !denies.is_empty() {
        parts.push(format!("denied by {denies}"));
    }
    parts.join(" · ")
}

/// Who says (or denies) a value, by origin: "police, the hospital (Kesh Gazette); Coast Radio". An origin without sources
/// speaks in its own voice.
fn voices(entry: &Entry, supports: bool) -> String {
    // When each origin first said it: the order of voices.
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    for said in &entry.said {
        let known = first.entry(&said.origin).or_insert(&said.when);
        *known = (*known).min(&said.when);
    }
    let mut of: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for said in entry.said.iter().filter(|s| s.supports == supports) {
        let origin = &*said.origin;
        let names = of.entry((first.get(origin).copied().unwrap_or_default(), origin)).or_default();
        for name in said.sources.iter().filter_map(|s| s["name"].as_str()) {
            if !name.eq_ignore_ascii_case(&said.origin) && !names.iter().any(|n| n.eq_ignore_ascii_case(name)) {
                names.push(name);
            }
        }
    }
    let one = |((_, origin), names): (&(&str, &str), &Vec<&str>)| match names.len() {
        0 => (*origin).to_owned(),
        1..=3 => format!("{} ({origin})", names.join(", ")),
        n => format!("{} and {} more ({origin})", names[..2].join(", "), n - 2),
    };
    let voices: Vec<String> = of.iter().map(one).collect();
    match voices.len() {
        0..=4 => voices.join("; "),
        n => format!("{}; and {} more", voices[..3].join("; "), n - 3),
    }
}

fn conflict(label: &str, disagreement: &Disagreement, look: &Look) -> String {
    let words = format!("{} ({}): {}", disagreement.field.name(), disagreement.kind, disagreement.note);
    labelled(label, &words, WARN, look)
}

/// The reports, the earliest first.
fn reports(record: &Record, look: &Look) -> String {
    let mut out = String::new();
    // Of many the first, which opened the story, and the last.
    let many = !look.verbose && record.reports.len() > FIRST + LAST + 1;
    let hidden = if many { FIRST..record.reports.len() - LAST } else { 0..0 };
    for (i, report) in record.reports.iter().enumerate() {
        if hidden.contains(&i) {
            if i == hidden.start {
                out.push_str(&left_out(hidden.len(), "reports between", look));
            }
            continue;
        }
        let mut parts = Vec::new();
        parts.extend(report.published.as_deref().map(day));
        parts.push(report.origin.to_string());
        let version = if report.version > 1 { format!(" version {}", report.version) } else { String::new() };
        parts.push(format!("{}{version}", report.id));
        if report.relation != "main" {
            parts.push(report.relation.to_owned());
        }
        let headline = report.headline.as_deref().map(|h| format!("{}  ", quote(h, 70))).unwrap_or_default();
        if let Some(why) = &report.retracted {
            parts.push(format!("retracted: {why}"));
        }
        let style = if report.retracted.is_some() { FAINT } else { Style::new() };
        let label = if i == 0 { "reports" } else { "" };
        out.push_str(&labelled(label, &format!("{headline}{}", parts.join(" · ")), style, look));
    }
    let origins: std::collections::BTreeSet<&str> = record.reports.iter().map(|r| &*r.origin).collect();
    let sum = format!("{} of {}", plural(record.reports.len(), "report"), plural(origins.len(), "origin"));
    out.push_str(&look.paint(FAINT, &format!("{sum} · as of {}", day(&record.as_of))));
    out.push('\n');
    out
}

/// A label and words beside it, in as many lines as they need.
fn labelled(label: &str, words: &str, style: Style, look: &Look) -> String {
    let mut out = String::new();
    for (i, line) in wrap(words, look.width - INDENT).iter().enumerate() {
        let label = if i == 0 { label } else { "" };
        out.push_str(&look.paint(LABEL, &format!("  {}", pad(label, INDENT - 2))));
        out.push_str(&look.paint(style, line));
        out.push('\n');
    }
    out
}
