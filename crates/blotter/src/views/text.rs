//! The record of one report: one block an incident, one row a fact, each with its quote and its source.

use std::time::Duration;

use anstyle::{AnsiColor, Style};
use blotter_core::Reading;
use blotter_core::facts::{Fact, Field, Incident, Value};
use blotter_core::text::Span;

use super::layout::{cells, pad, quote, wrap};
use super::{Look, words};

const TITLE: Style = Style::new().bold();
const LABEL: Style = AnsiColor::Cyan.on_default();
const QUOTE: Style = Style::new().italic();
const FAINT: Style = Style::new().dimmed();

/// Where the values begin: two blanks, the longest field name, two blanks.
const INDENT: usize = 18;
/// A fact with less confidence than this looks doubtful.
const DOUBTFUL: f64 = 0.5;
/// A quote takes this many lines at most.
const QUOTE_LINES: usize = 2;

/// A line with the report's name and headline, for output of more than one report.
pub fn name(reading: &Reading, look: &Look) -> String {
    let report = &reading.report;
    let headline = report.headline.map(|h| format!("  {}", report.words(h).trim())).unwrap_or_default();
    let line = wrap(&format!("── {}{headline}", report.id), look.width).join("\n   ");
    format!("{}\n", look.paint(TITLE, &line))
}

/// The record; `time` is how long reading took, shown on a terminal only (it differs from run to run).
pub fn record(reading: &Reading, look: &Look, time: Duration) -> String {
    let mut out = String::new();
    if let Some(why) = &reading.unread {
        out.push_str(&format!("This report {why}.\n"));
    } else if reading.incidents.is_empty() {
        out.push_str("No incident is told in this report.\n");
    }
    for incident in &reading.incidents {
        out.push_str(&self::incident(incident, reading, look));
    }
    let said = reading.unread.as_ref().map(ToString::to_string);
    for warning in reading.report.warnings.iter().filter(|w| Some(*w) != said.as_ref()) {
        let lines = wrap(&format!("note: {warning}"), look.width).join("\n      ");
        out.push_str(&format!("{}\n", look.paint(FAINT, &lines)));
    }
    out.push_str(&look.paint(FAINT, &foot(reading, look, time)));
    out.push_str("\n\n");
    out
}

/// "6 statements · 9 facts with a source, 5 in the report's own voice · read in 0.2 s"
fn foot(reading: &Reading, look: &Look, time: Duration) -> String {
    let facts = || reading.incidents.iter().flat_map(|i| &i.facts);
    let sourced = facts().filter(|f| !f.sources.is_empty()).count();
    let statements = plural(reading.attributions.len(), "statement");
    let voice = match facts().count() {
        0 => String::new(),
        all => format!(" · {} with a source, {} in the report's own voice", plural(sourced, "fact"), all - sourced),
    };
    let time = if look.terminal { format!(" · read in {:.1} s", time.as_secs_f64()) } else { String::new() };
    format!("{statements}{voice}{time}")
}

fn plural(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

fn incident(incident: &Incident, reading: &Reading, look: &Look) -> String {
    let of = |field| incident.facts.iter().filter(move |f| f.field == field).filter_map(words::code);
    let mut tags = vec![incident.relation.name()];
    tags.extend(of(Field::Type));
    tags.extend(of(Field::Stage).filter(|s| *s != "accomplished"));
    let mut out = heading(&words::title(incident), &tags.join(" · "), look);
    if look.verbose && !incident.summary.is_empty() {
        let lines = wrap(&incident.summary, look.width - 2);
        out.extend(lines.iter().map(|l| format!("  {l}\n")));
    }
    for field in Field::ALL {
        // Type and stage stand in the heading.
        let hidden = matches!(field, Field::Type | Field::Stage) && !look.verbose;
        let facts = incident.facts.iter().filter(|f| f.field == field && !hidden);
        for (i, fact) in facts.enumerate() {
            out.push_str(&row(if i == 0 { field.name() } else { "" }, fact, reading, look));
        }
    }
    out
}

/// The title and, at the right, relation, type and stage; below it where both do not fit.
fn heading(title: &str, tags: &str, look: &Look) -> String {
    let used = cells(title) + cells(tags);
    if used + 2 <= look.width {
        let gap = " ".repeat(look.width - used);
        return format!("{}{gap}{tags}\n", look.paint(TITLE, title));
    }
    let lines = wrap(title, look.width).join("\n");
    format!("{}\n{}{tags}\n", look.paint(TITLE, &lines), " ".repeat(look.width.saturating_sub(cells(tags))))
}

/// One fact: label, value, quote, and by whom or where it is said.
fn row(label: &str, fact: &Fact, reading: &Reading, look: &Look) -> String {
    let room = look.width - INDENT;
    let (value_room, quote_room) = (room * 32 / 100, room * 36 / 100);
    let doubtful = fact.confidence < DOUBTFUL;
    let mark = if doubtful { " ?" } else { "" };
    let evidence = shown(fact, reading).map(|s| quote(reading.report.words(s), QUOTE_LINES * (quote_room - 2)));
    let columns = [
        wrap(&format!("{}{mark}", words::value(fact)), value_room - 2),
        wrap(&evidence.unwrap_or_default(), quote_room - 2),
        wrap(&origin(fact, reading), room - value_room - quote_room),
    ];
    let mut out = row_of(label, &columns, [value_room, quote_room, 0], doubtful, look);
    if look.verbose {
        let why = format!("{}{:.2}  {}", " ".repeat(INDENT), fact.confidence, fact.why);
        out.push_str(&look.paint(FAINT, why.trim_end()));
        out.push('\n');
    }
    out
}

/// A labelled row of three columns of lines: value, quotation, origin. `widths`: cells of each, 0 for as many as it takes;
/// `dimmed`: what is doubtful or no longer holds.
pub(super) fn row_of(label: &str, columns: &[Vec<String>; 3], widths: [usize; 3], dimmed: bool, look: &Look) -> String {
    let styles = [Style::new(), QUOTE, Style::new()];
    let height = columns.iter().map(Vec::len).max().unwrap_or(0).max(1);
    let mut out = String::new();
    for line in 0..height {
        let label = if line == 0 { label } else { "" };
        let mut cells_of_line = look.paint(LABEL, &format!("  {}", pad(label, INDENT - 2)));
        for ((column, style), width) in columns.iter().zip(styles).zip(widths) {
            let words = column.get(line).map_or("", String::as_str);
            let style = if dimmed { style.dimmed() } else { style };
            cells_of_line.push_str(&look.paint(style, words));
            cells_of_line.push_str(&" ".repeat(usize::max(width, cells(words)) - cells(words)));
            // A word longer than its column still needs a blank after it.
            if width > 0 && cells(words) >= width {
                cells_of_line.push(' ');
            }
        }
        out.push_str(cells_of_line.trim_end());
        out.push('\n');
    }
    out
}

/// The evidence that is quoted: the first that holds the name given, or else the first.
fn shown(fact: &Fact, reading: &Reading) -> Option<Span> {
    let name = match &fact.value {
        Value::Party(party) => party.name.as_str(),
        Value::Weapon { name, .. } => name.as_str(),
        _ => "",
    };
    let named = fact.evidence.iter().find(|s| !name.is_empty() && reading.report.words(**s).contains(name));
    named.or(fact.evidence.first()).copied()
}

/// Status where it is not plain, the source or the paragraph, and the point on the map.
fn origin(fact: &Fact, reading: &Reading) -> String {
    let mut parts: Vec<String> = words::status(fact).into_iter().collect();
    if fact.sources.is_empty() {
        parts.extend(shown(fact, reading).map(|s| paragraph(s, reading)));
    } else {
        parts.push(words::sources(&fact.sources));
    }
    if let Value::Where(place) = &fact.value {
        parts.extend(words::point(place));
    }
    parts.join(" · ")
}

/// "headline" or "paragraph 3", counted from the first after the headline.
fn paragraph(span: Span, reading: &Reading) -> String {
    let report = &reading.report;
    let headline = report.headline;
    if headline.is_some_and(|h| h.contains(span)) {
        return "headline".to_owned();
    }
    let body = report.paragraphs().into_iter().filter(|p| headline.is_none_or(|h| !h.overlaps(*p)));
    let before = body.take_while(|p| p.start <= span.start).count();
    format!("paragraph {}", before.max(1))
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    const PLAIN: Look = Look { width: 116, color: false, verbose: false, terminal: false };

    #[test]
    fn the_record_of_a_report() {
        let shown = record(&fixture::reading(), &PLAIN, Duration::ZERO);
        let expected = "\
HARBOUR OFFICE DRONE ATTACK, PORT KESH                                               main · attack/drone · attempted
  when            Tue 12 Mar 2024, evening       \"late on Tuesday\"                  paragraph 1
  where           harbour office, Port Kesh      \"the harbour office in Port Kesh\"  paragraph 1 · 19.62 N 37.22 E
                  (SD)                                                              ± 1 km
  target          Governor Amal Idris, unharmed  \"I am well\"                        she said → state radio
  wounded         4 guards                       \"Four of her guards were hurt\"     two officials → Coast News
                                                                                    Agency
  weapon          2 drones                       \"packed with explosives\"           alleged · the provincial
                                                                                    government
  responsibility  unknown ?                      \"It was not clear who sent them\"   paragraph 3
1 statement · 3 facts with a source, 5 in the report's own voice

";
        assert_eq!(shown, expected, "\n{shown}");
    }

    #[test]
    fn every_width_keeps_words_whole() {
        let reading = fixture::reading();
        for width in 80..200 {
            let look = Look { width, verbose: width % 2 == 0, ..PLAIN };
            let shown = record(&reading, &look, Duration::ZERO);
            assert!(shown.lines().all(|l| cells(l) <= width), "{width}\n{shown}");
            for word in ["Governor", "explosives", "responsibility", "provincial"] {
                assert!(shown.contains(word), "{width}: {word}\n{shown}");
            }
        }
    }

    #[test]
    fn colour_changes_no_word() {
        let reading = fixture::reading();
        let colored = record(&reading, &Look { color: true, ..PLAIN }, Duration::ZERO);
        assert!(colored.contains('\u{1b}'));
        assert_eq!(anstream::adapter::strip_str(&colored).to_string(), record(&reading, &PLAIN, Duration::ZERO));
    }

    #[test]
    fn no_incident_is_said_plainly() {
        let mut reading = fixture::reading();
        reading.incidents.clear();
        assert!(record(&reading, &PLAIN, Duration::ZERO).starts_with("No incident is told in this report.\n"));
        let look = Look { terminal: true, ..PLAIN };
        assert!(record(&reading, &look, Duration::from_millis(210)).contains("1 statement · read in 0.2 s"));
    }
}
