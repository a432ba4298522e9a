//! What the lines of a text say about the report itself: headline, byline, dateline, publication and update lines.
//!
//! Every cue is a span into the unchanged text or a value with its source; a line that is not plainly a cue is none.

use std::sync::LazyLock;

use regex::Regex;

use super::dates;
use crate::text::{DateSource, Report, ReportDate, Span};

mod dateline;
mod headline;

pub(super) use headline::is_label;

/// So many lines at the top may be headline, byline and dates.
const TOP: usize = 10;
/// A line with more characters than this is body.
const SHORT: usize = 120;

/// Fills in what the lines of the text say; what the report already has is left as it is.
pub(super) fn read(report: &mut Report) {
    let text = std::mem::take(&mut report.text);
    let lines = lines(&text);
    let first = lines.iter().position(|l| report.headline.is_none_or(|h| l.start >= h.end)).unwrap_or(lines.len());
    if report.headline.is_none() {
        report.headline = headline::find(&text, &lines);
    }
    let headline = report.headline;
    let mut body_lines = 0;
    for line in lines.iter().skip(first).take(TOP).filter(|l| Some(**l) != headline) {
        let words = line.of(&text);
        if is_label(words) || (words.chars().count() <= SHORT && top_line(report, words)) {
            report.own_lines.push(*line);
            continue;
        }
        if let Some(found) = dateline::find(words) {
            let span = Span::new(line.start, line.start + found.len);
            report.dateline.get_or_insert(span);
            set(&mut report.published, found.date, DateSource::Byline);
            report.publisher = report.publisher.take().or(found.agency);
            break;
        }
        body_lines += 1;
        if body_lines > 2 {
            break;
        }
    }
    let short = |line: &&Span| line.of(&text).chars().count() <= SHORT;
    for line in lines.iter().filter(short) {
        if let Some(date) = update_line(line.of(&text)) {
            set(&mut report.updated, Some(date), DateSource::UpdateLine);
            report.own_lines.push(*line);
        }
    }
    for line in lines.iter().rev().take(3).filter(short) {
        if let Some(date) = published_line(line.of(&text)) {
            set(&mut report.published, Some(date), DateSource::Byline);
            report.own_lines.push(*line);
        }
    }
    report.own_lines.sort_unstable();
    report.own_lines.dedup();
    report.text = text;
}

/// The lines that hold words, trimmed.
fn lines(text: &str) -> Vec<Span> {
    let mut offset = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        let words = line.trim();
        if !words.is_empty() {
            let start = offset + (line.len() - line.trim_start().len());
            found.push(Span::new(start, start + words.len()));
        }
        offset += line.len();
    }
    found
}

fn set(date: &mut Option<ReportDate>, value: Option<String>, source: DateSource) {
    if date.is_none() {
        *date = value.map(|value| ReportDate { value, source });
    }
}

/// Takes what a short line at the top says about the report; whether it said anything.
fn top_line(report: &mut Report, line: &str) -> bool {
    let names = byline(line);
    let (published, updated) = (published_line(line), update_line(line));
    let bare = if names.is_some() && updated.is_none() { dates::written(line) } else { date_alone(line) };
    let said = names.is_some() || published.is_some() || updated.is_some() || bare.is_some();
    if let Some(names) = names.filter(|_| report.byline.is_empty()) {
        report.byline = names;
    }
    set(&mut report.published, published.or(bare), DateSource::Byline);
    set(&mut report.updated, updated, DateSource::UpdateLine);
    said
}

static UPDATED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^|[|•·;,(–—] ?|\d )(?:last )?(?:updated?|modified|revised)(?: on| at)?:? +(?P<rest>.+)$")
        .expect("a valid pattern")
});
static PUBLISHED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^|[|•·;,(–—] ?)(?:first |originally )?(?:published|posted|publication date|date)(?: on| at)?:? +(?P<rest>.+)$").expect("a valid pattern")
});
static NEXT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:last )?(?:updated?|modified|revised|published|posted)\b").expect("a valid pattern")
});

/// The date of "Updated on 12 March at 21:40": one with day and month; a bare time of day fixes nothing.
fn update_line(line: &str) -> Option<String> {
    labelled(&UPDATED, line)
}

/// The date of "Published 12 March 2024".
fn published_line(line: &str) -> Option<String> {
    labelled(&PUBLISHED, line)
}

fn labelled(label: &Regex, line: &str) -> Option<String> {
    let rest = label.captures(line)?.name("rest")?.as_str();
    let own = NEXT.find(rest).map_or(rest, |next| &rest[..next.start()]);
    // A sentence that happens to begin so ("Updated figures of 12 March show ...") has more words than a date.
    if own.split_whitespace().count() > 9 {
        return None;
    }
    dates::written(own)
}

/// A line that is nothing but a date, perhaps with a day name, a time and a zone.
fn date_alone(line: &str) -> Option<String> {
    static EXTRA: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?ix)\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|\bat\b|\bon\b|[ap]\.?m\b\.?
              |\b(?:gmt|utc|[ecmp][sd]?t|bst|cet|ist)\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b
              |\b(?:st|nd|rd|th)\b|[\d\W_]",
        )
        .expect("a valid pattern")
    });
    let left = EXTRA.replace_all(line, "");
    let left = left.to_ascii_lowercase();
    let only_ordinal = matches!(left.as_str(), "" | "st" | "nd" | "rd" | "th" | "t");
    (only_ordinal && line.chars().any(|c| c.is_ascii_digit())).then(|| dates::written(line)).flatten()
}

static BY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?i:(?:story |written |reporting |reported |report )?by:? +)(?P<rest>\S.*)$")
        .expect("a valid pattern")
});
static STAFF: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^(?P<rest>[^,|]+?)(?:, | \| )(?:the )?(?:associated press|reuters|staff|staff writers?|staff reporters?|correspondent|reporter|[\p{L} ]+ (?:staff|writer|reporter|correspondent))$",
    )
    .expect("a valid pattern")
});

/// The names of "By Jane Doe and John Roe, Harbour Gazette"; `None` where the line is no byline.
fn byline(line: &str) -> Option<Vec<String>> {
    let rest = BY.captures(line).or_else(|| STAFF.captures(line))?.name("rest")?.as_str();
    let end = rest.find([',', '|', '(', '•', '·', '–', '—', '/']).into_iter().chain(rest.find(" - ")).min();
    // "By Jane Doe, John Roe and Ann Poe": names after a comma count as long as they are plainly names.
    let mut names = Vec::new();
    for (i, part) in rest.split(',').enumerate() {
        let part = if i == 0 { &rest[..end.unwrap_or(rest.len()).min(part.len())] } else { part };
        let found: Option<Vec<String>> =
            part.split(" and ").flat_map(|p| p.split(" & ")).flat_map(|p| p.split(" AND ")).map(name).collect();
        match found {
            Some(found) if i == 0 || rest.split(',').next_back().is_some_and(|l| l.contains(" and ")) => {
                names.extend(found)
            }
            _ if i == 0 => return None,
            _ => break,
        }
    }
    Some(names)
}

/// Small words inside names.
const PARTICLES: [&str; 17] =
    ["de", "del", "della", "der", "den", "van", "von", "bin", "ibn", "al", "el", "la", "le", "da", "dos", "du", "the"];

/// A name of two to five words, each with a capital; an outlet in capitals after it ("Jane Doe GAZETTE STAFF") is cut.
fn name(words: &str) -> Option<String> {
    let words = words.trim();
    if super::lines::dateline::agency(words).is_some() {
        return Some(words.to_owned());
    }
    let capital = |w: &&str| w.chars().filter(|c| c.is_alphabetic()).count() >= 3 && !w.chars().any(char::is_lowercase);
    let mut tokens: Vec<&str> = words.split_whitespace().collect();
    if let Some(cut) = tokens.iter().skip(2).position(capital).map(|i| i + 2)
        && tokens[..2].iter().all(|w| w.chars().any(char::is_lowercase))
    {
        tokens.truncate(cut);
    }
    while tokens.last().is_some_and(|w| matches!(w.to_ascii_lowercase().as_str(), "staff" | "writer" | "reporter")) {
        tokens.pop();
    }
    let named = |w: &&str| {
        PARTICLES.contains(w)
            || w.trim_start_matches(['\'', '’', 'a', 'l', 'e', '-']).chars().next().is_some_and(char::is_uppercase)
    };
    let plain = tokens.iter().all(|w| w.chars().all(|c| c.is_alphabetic() || "-.'’".contains(c)));
    let stop = tokens.last().is_some_and(|w| w.ends_with('.') && w.chars().count() > 3);
    ((2..=5).contains(&tokens.len()) && plain && !stop && tokens.iter().all(named)).then(|| tokens.join(" "))
}

#[cfg(test)]
mod tests;
