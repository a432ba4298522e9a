//! The report's text with the evidence of its facts marked in it.

use anstyle::{AnsiColor, Style};
use blotter_core::Reading;
use blotter_core::facts::Field;
use blotter_core::text::Span;

use super::{Look, words};

/// A stretch of text that is evidence, and the numbers of the facts that it carries.
struct Mark {
    span: Span,
    notes: Vec<usize>,
    style: Style,
}

/// The text, each piece of evidence in brackets (coloured where colour may be used) with the numbers of its facts, and
/// below it the facts by number.
pub fn report(reading: &Reading, look: &Look) -> String {
    let facts: Vec<_> = reading
        .incidents
        .iter()
        .enumerate()
        .flat_map(|(i, incident)| incident.facts.iter().map(move |f| (i + 1, f)))
        .collect();
    let mut marks: Vec<Mark> = Vec::new();
    let mut pieces: Vec<(Span, usize, Field)> =
        facts.iter().enumerate().flat_map(|(n, (_, f))| f.evidence.iter().map(move |s| (*s, n + 1, f.field))).collect();
    pieces.sort_by_key(|(span, note, _)| (*span, *note));
    for (span, note, field) in pieces {
        match marks.last_mut() {
            // Evidence that overlaps is one mark with several numbers.
            Some(mark) if mark.span.overlaps(span) => {
                mark.span = mark.span.join(span);
                mark.notes.push(note);
            }
            _ => marks.push(Mark { span, notes: vec![note], style: style(field) }),
        }
    }
    let text = &reading.report.text;
    let mut out = String::new();
    let mut at = 0;
    for mark in &mut marks {
        out.push_str(&text[at..mark.span.start]);
        mark.notes.sort_unstable();
        mark.notes.dedup();
        let notes = mark.notes.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
        if look.color {
            out.push_str(&look.paint(mark.style, mark.span.of(text)));
            out.push_str(&look.paint(Style::new().dimmed(), &format!("[{notes}]")));
        } else {
            out.push_str(&format!("[{}][{notes}]", mark.span.of(text)));
        }
        at = mark.span.end;
    }
    out.push_str(&text[at..]);
    let mut out = format!("{}\n\n", out.trim_end());
    if facts.is_empty() {
        out.push_str("No incident is told in this report.\n\n");
        return out;
    }
    for (n, (incident, fact)) in facts.iter().enumerate() {
        let label = look.paint(style(fact.field), fact.field.name());
        let sources = words::sources(&fact.sources);
        let sources = if sources.is_empty() { String::new() } else { format!("  ({sources})") };
        let status = words::status(fact).map(|s| format!("  {s}")).unwrap_or_default();
        out.push_str(&format!("[{}] i{incident} {label}: {}{status}{sources}\n", n + 1, words::value(fact)));
    }
    out.push('\n');
    out
}

/// One colour a group of fields.
fn style(field: Field) -> Style {
    let color = match field {
        Field::Type | Field::Stage => AnsiColor::Blue,
        Field::When => AnsiColor::Cyan,
        Field::Where => AnsiColor::Green,
        Field::Target | Field::Victim | Field::Participant | Field::Responder => AnsiColor::Yellow,
        Field::Perpetrator | Field::Suspect | Field::Responsibility | Field::Weapon => AnsiColor::Magenta,
        Field::Reaction => AnsiColor::White,
        _ => AnsiColor::Red,
    };
    color.on_default().underline()
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn evidence_is_marked() {
        let look = Look { width: 100, color: false, verbose: false, terminal: false };
        let shown = report(&fixture::reading(), &look);
        assert!(
            shown.contains("[Drones struck][1] [the harbour office in Port Kesh][4] [late on Tuesday][3]"),
            "{shown}"
        );
        assert!(shown.contains("[3] i1 when: Tue 12 Mar 2024, evening\n"), "{shown}");
        assert!(shown.contains("[6] i1 wounded: 4 guards  (two officials → Coast News Agency)\n"), "{shown}");
    }
}
