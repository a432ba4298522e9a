//! Lists, histories, doubts, one stored report.

use anstyle::{AnsiColor, Style};
use blotter_case::{Added, Change, Doubt, Filter, Outcome, ReportVersion, Row};
use blotter_core::Unread;
use serde_json::{Value as Json, json};

use super::super::Look;
use super::super::layout::{cells, pad, wrap};
use super::{day, plural};

const NAME: Style = Style::new().bold();
const LABEL: Style = AnsiColor::Cyan.on_default();
const FAINT: Style = Style::new().dimmed();

/// The line of a report that was filed: "new version  harbour-1 version 2  B-7K3Q".
pub fn added(added: &Added, unread: Option<&Unread>, look: &Look) -> String {
    let version = if added.version > 1 { format!(" version {}", added.version) } else { String::new() };
    let of = match (&added.of, added.outcome) {
        (Some(of), Outcome::Copy) => format!(" of {of}"),
        (Some(of), _) => format!(": {of}{}", added.decision.map(|d| format!(" (D{d})")).unwrap_or_default()),
        (None, _) => String::new(),
    };
    let incident = |(name, opened): &(String, bool)| format!("{name}{}", if *opened { " opened" } else { "" });
    let incidents: Vec<String> = added.incidents.iter().map(incident).collect();
    let incidents = match unread {
        Some(why) => why.to_string(),
        None if incidents.is_empty() => "no incident".to_owned(),
        None => incidents.join(", "),
    };
    let outcome = look.paint(LABEL, &pad(added.outcome.name(), 11));
    format!("{outcome}  {}{version}{of}  {incidents}\n", added.report)
}

/// One line an incident, and what was left out.
pub fn list(rows: &[Row], (recalled, withdrawn): (i64, i64), filter: &Filter, look: &Look) -> String {
    let mut out = String::new();
    let names = rows.iter().map(|r| cells(&r.incident)).max().unwrap_or(0);
    for row in rows {
        let date = row.day.as_deref().map_or_else(|| "no date".to_owned(), day);
        let mut tags = vec![plural(usize::try_from(row.reports).unwrap_or(0), "report")];
        if row.disagreements > 0 {
            tags.push(plural(usize::try_from(row.disagreements).unwrap_or(0), "disagreement"));
        }
        if row.status != "open" {
            tags.push(row.status.clone());
        }
        let tags = tags.join(" · ");
        let indent = names + 2 + 13;
        // The day stands before it already.
        let on = row.day.as_deref().map(|day| format!(" on {day}")).unwrap_or_default();
        let summary = if on.is_empty() { row.summary.clone() } else { row.summary.replacen(&on, "", 1) };
        let lines = wrap(&summary, look.width.saturating_sub(indent + cells(&tags) + 2).max(30));
        for (i, line) in lines.iter().enumerate() {
            if i == 0 {
                let room = look.width.saturating_sub(indent + cells(&tags));
                let name = look.paint(NAME, &pad(&row.incident, names));
                out.push_str(&format!("{name}  {}{}{}\n", pad(&date, 13), pad(line, room), look.paint(FAINT, &tags)));
            } else {
                out.push_str(&format!("{}{line}\n", " ".repeat(indent)));
            }
        }
    }
    let mut foot = vec![plural(rows.len(), "incident")];
    if !filter.all && recalled > 0 {
        foot.push(format!("{recalled} only recalled as background (--all)"));
    }
    if filter.status.is_none() && withdrawn > 0 {
        foot.push(format!("{withdrawn} withdrawn (--status withdrawn)"));
    }
    out.push_str(&look.paint(FAINT, &foot.join(" · ")));
    out.push('\n');
    out
}

/// Changes as a newsroom log: the time and cause once, below it what changed.
pub fn changes(changes: &[Change], look: &Look) -> String {
    let mut out = String::new();
    let mut above: Option<(&str, &str)> = None;
    for change in changes {
        let here = (change.when.as_str(), change.why.as_str());
        if above != Some(here) {
            let head = format!("{}  {}", day(&change.when), change.why);
            out.push_str(&format!("{}\n", look.paint(NAME, &wrap(&head, look.width).join("\n  "))));
            above = Some(here);
        }
        let words = match (&change.before, &change.after) {
            (Some(before), Some(after)) => format!("{before} → {after}"),
            (None, Some(after)) => format!("+ {after}"),
            (Some(before), None) => format!("- {before}"),
            (None, None) => String::new(),
        };
        for (i, line) in wrap(&words, look.width - 18).iter().enumerate() {
            let label = if i == 0 { change.field.as_str() } else { "" };
            out.push_str(&format!("  {}{line}\n", look.paint(LABEL, &pad(label, 16))));
        }
    }
    if changes.is_empty() {
        out.push_str("Nothing changed.\n");
    }
    out
}

/// One row a doubt: what kind, about what, why.
pub fn doubts(doubts: &[Doubt], look: &Look) -> String {
    let mut out = String::new();
    for doubt in doubts {
        let about = doubt.report.clone().unwrap_or_else(|| doubt.incidents.join(" "));
        let field = doubt.field.map(|f| format!("{}: ", f.name())).unwrap_or_default();
        let lines = wrap(&format!("{field}{}", doubt.why), look.width.saturating_sub(38).max(30));
        for (i, line) in lines.iter().enumerate() {
            let (kind, about) = if i == 0 { (doubt.kind, about.as_str()) } else { ("", "") };
            out.push_str(&format!(
                "{}  {}  {line}\n",
                look.paint(LABEL, &pad(kind, 11)),
                look.paint(NAME, &pad(about, 18))
            ));
        }
    }
    if doubts.is_empty() {
        out.push_str("No doubts.\n");
    }
    out
}

/// What is known of a stored version, above its text.
pub fn report(found: &ReportVersion, width: usize) -> String {
    let report = &found.reading["report"];
    let mut out = String::new();
    let mut line = |label: &str, words: &str| {
        for (i, words) in wrap(words, width.saturating_sub(12)).iter().enumerate() {
            out.push_str(&format!("{}{words}\n", pad(if i == 0 { label } else { "" }, 12)));
        }
    };
    line("report", &format!("{} version {} of {}", found.report, found.version, found.versions));
    for name in ["publisher", "url", "published", "updated"] {
        if let Some(words) = report[name].as_str() {
            line(name, words);
        }
    }
    line("learned", &found.learned);
    line("read by", &found.reader);
    if !found.incidents.is_empty() {
        line("incidents", &found.incidents.join(" "));
    }
    out.push_str(&format!("\n{}\n", report["text"].as_str().unwrap_or_default().trim_end()));
    out
}

/// The same as JSON: the Reading as it is, and what the case file knows of it.
pub fn report_json(found: &ReportVersion) -> Json {
    json!({
        "report": found.report, "version": found.version, "versions": found.versions, "learned": found.learned,
        "reader": found.reader, "incidents": found.incidents, "reading": found.reading,
    })
}
