//! The line of a plain text that plainly is its headline.

use std::sync::LazyLock;

use super::{byline, date_alone, dateline, published_line, update_line};
use crate::text::Span;

/// A headline has no more characters than this.
const LONGEST: usize = 160;
/// A headline has at least so many words: fewer may be any label.
const FEWEST: usize = 3;
/// Only the first lines can hold the headline.
const TOP: usize = 5;

static LABELS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    include_str!("../../../data/ingest/labels.txt").lines().filter(|l| !l.starts_with('#') && !l.is_empty()).collect()
});

/// Whether a line is a section label ("World news", "Home > News > Africa").
pub(in super::super) fn is_label(line: &str) -> bool {
    let is_one = |words: &str| {
        let words = words.trim().trim_end_matches(':').to_lowercase();
        words.is_empty() || LABELS.binary_search(&words.as_str()).is_ok() || LABELS.contains(&words.as_str())
    };
    let parts: Vec<&str> = line.split(['|', '>', '/', '•', '»']).collect();
    is_one(line) || parts.len() > 1 && parts.iter().any(|p| is_one(p)) && parts.iter().all(|p| words(p) <= 3)
}

fn words(line: &str) -> usize {
    line.split_whitespace().count()
}

/// The headline among the first lines of a text.
pub(super) fn find(text: &str, lines: &[Span]) -> Option<Span> {
    for (i, line) in lines.iter().enumerate().take(TOP) {
        let words = line.of(text);
        if is_label(words) || is_cue(words) {
            continue;
        }
        let next = lines.get(i + 1)?;
        let blank_between = text[line.end..next.start].matches('\n').count() > 1;
        return (is_headline(words) && begins_body(text, *line, lines, i + 1, blank_between)).then_some(*line);
    }
    None
}

/// Byline, publication and update lines.
fn is_cue(line: &str) -> bool {
    byline(line).is_some()
        || date_alone(line).is_some()
        || published_line(line).is_some()
        || update_line(line).is_some()
}

/// Short, of some words, and no sentence with its full stop.
fn is_headline(line: &str) -> bool {
    let abbreviation = ["U.S.", "U.N.", "U.K.", "St.", "Jr.", "a.m.", "p.m."].iter().any(|a| line.ends_with(a));
    let bare = line.trim_end_matches(['"', '”', '’', '\'', ')']);
    line.chars().count() <= LONGEST
        && words(line) >= FEWEST
        && (abbreviation || !bare.ends_with(['.', ',', ';', ':', '-', '–', '—']))
        && line.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| c.is_uppercase() || c.is_numeric())
        && !line.starts_with(['-', '*', '•', '(', '['])
        && dateline::find(line).is_none()
}

/// Whether what follows the line is a body and not the rest of a sentence that was broken into lines.
fn begins_body(text: &str, line: Span, lines: &[Span], next: usize, blank_between: bool) -> bool {
    let following = lines[next].of(text);
    if is_cue(following) || dateline::find(following).is_some() {
        return true;
    }
    let begins = following.trim_start_matches(['"', '“', '‘', '\'', '(', '[']).chars().next();
    if !begins.is_some_and(|c| c.is_uppercase() || c.is_numeric()) {
        return false;
    }
    // Some sentence must follow, and not far away.
    let sentence = lines[next..].iter().take(3).any(|l| l.of(text).contains(['.', '?', '!']) && words(l.of(text)) >= 5);
    // Without a blank line the headline must stand out: broken lines are all about as long as the first.
    sentence && (blank_between || line.len() * 10 < lines[next].len() * 7)
}
