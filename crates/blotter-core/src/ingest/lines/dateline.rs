//! "PORT KESH, Sudan (AP) —" at the beginning of a body.

use std::sync::LazyLock;

use regex::Regex;

use super::super::dates;
use super::is_label;

/// A dateline at the beginning of a line.
#[derive(Debug, PartialEq)]
pub(super) struct Dateline {
    /// Bytes from the line's start, the dash included.
    pub len: usize,
    /// The date in it.
    pub date: Option<String>,
    /// The agency's full name, where its credit is known.
    pub agency: Option<String>,
}

static AGENCIES: LazyLock<Vec<(String, &'static str)>> = LazyLock::new(|| {
    include_str!("../../../data/ingest/agencies.txt")
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| l.split_once('\t'))
        .map(|(credit, name)| (credit.to_lowercase(), name))
        .collect()
});

/// The agency that a credit such as "AP" names.
pub(super) fn agency(credit: &str) -> Option<&'static str> {
    let credit = credit.trim().to_lowercase();
    AGENCIES.iter().find(|(known, _)| *known == credit).map(|(_, name)| *name)
}

const REGION: &str = r"(?P<region>(?:, ?\p{Lu}[\p{L}.'’-]*(?: \p{L}[\p{L}.'’-]*){0,3}){0,2})";
const DATE: &str = r"(?P<date>,? (?:\p{L}{3,9}\.? \d{1,2}|\d{1,2} \p{L}{3,9}\.?)(?:,? (?:\d{4}|\d{2}))?)?";
const DASH: &str = r" *(?P<dash>—|–|-{1,3}|:)";
const CREDIT: &str = r" ?[(\[](?P<credit>[^()\[\]]{2,60})[)\]]";
/// A place in capitals.
const CAPITALS: &str = r"(?P<place>\p{Lu}[\p{Lu}.'’/-]+(?: (?:\p{Lu}[\p{Lu}.'’/-]*|and|of|de|la|el|the|al|du)){0,5})";
/// A place in small letters, which needs more around it.
const SMALL: &str = r"(?P<place>\p{Lu}[\p{L}.'’/-]+(?: \p{L}[\p{L}.'’/-]*){0,4}?)";

/// The shapes of a dateline, and whether the place is in capitals.
static SHAPES: LazyLock<Vec<(Regex, bool)>> = LazyLock::new(|| {
    // The end is a credit, a dash or both: at least one, or the region could swallow the month.
    let ends = [format!("{CREDIT}(?:{DASH})?"), DASH.to_owned()];
    [(CAPITALS, true), (SMALL, false)]
        .into_iter()
        .flat_map(|(place, capitals)| ends.iter().map(move |end| (format!("^{place}{REGION}{DATE}{end}"), capitals)))
        .map(|(pattern, capitals)| (Regex::new(&pattern).expect("a valid pattern"), capitals))
        .collect()
});

/// The dateline at the beginning of a line of the body.
pub(super) fn find(line: &str) -> Option<Dateline> {
    SHAPES.iter().find_map(|(pattern, capitals)| read(pattern, *capitals, line))
}

fn read(pattern: &Regex, capitals: bool, line: &str) -> Option<Dateline> {
    let c = pattern.captures(line)?;
    let part = |name: &str| c.name(name).map_or("", |m| m.as_str());
    let len = c.get(0)?.end();
    let rest = &line[len..];
    let known = agency(part("credit"));
    let date = Some(part("date")).filter(|d| !d.is_empty()).map(dates::written);
    let dash = part("dash");
    let spaced = rest.starts_with(char::is_whitespace) || rest.is_empty();
    let apart = match dash {
        "" => known.is_some(),
        "-" => spaced && (line[..len - 1].ends_with(' ') || line[..len - 1].ends_with([')', ']'])),
        ":" => spaced && (!part("region").is_empty() || date.is_some() || !part("credit").is_empty()),
        _ => true,
    };
    let enough = if capitals {
        // In a text that is all capitals, capitals alone show nothing.
        let shouted = !rest.chars().take(200).any(char::is_lowercase);
        !shouted || date.is_some() || !part("credit").is_empty()
    } else {
        known.is_some() || (date.is_some() && !part("credit").is_empty())
    };
    // A date that is none ("WASHINGTON, chapter 12") makes no dateline.
    if !apart || !enough || is_label(part("place")) || matches!(date, Some(None)) {
        return None;
    }
    Some(Dateline { len, date: date.flatten(), agency: known.map(str::to_owned) })
}
