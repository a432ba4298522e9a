//! `when`: the incident's own date among those of the report, with the hour that is told apart from it.

mod rank;

use std::sync::LazyLock;

use regex::Regex;

use super::near::{model, nearness};
use super::{Fact, Field, Relation, Status, Value};
use crate::incidents::{Draft, Parts};
use crate::layers::times::{Extent, Precision, Time};
use crate::text::Span;

pub use rank::Candidate as DateCandidate;
pub(crate) use rank::{Ranker, candidates};

/// Words before the day on which something was said, not done: "police said Monday".
static SAID: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:said|says|told (?:[\w.'’]+ ){1,4}|announced|confirmed|reported|(?:statement|report|release|news conference|briefing|interview)(?: issued| released| published)?)(?: late| early)?(?: on)?\s+$",
    )
    .expect("a pattern")
});

/// What stands around the day of a step after the act.
static AFTERWARDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:arrested|arraigned|sentenced|convicted|indicted|pleaded|pled|trial|hearing|court|custody|charged|funeral|vigil|scheduled|autopsy|identified|plea|guilty|jury|jurors|verdict|testified|testimony|extradited|released)\b",
    )
    .expect("a pattern")
});

/// Words of a clock time that name no day: "around 10:30 p.m."
static BARE_CLOCK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^[^\p{L}]*(?:(?:at|about|around|approximately|shortly|just|before|after|nearly|almost|roughly|a\.?m\.?|p\.?m\.?|o[’']?clock|noon|midnight|local|time|hours|hrs|gmt|utc|h)\b[^\p{L}]*)*$")
        .expect("a pattern")
});

/// "late on Tuesday", "early Wednesday".
static EDGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(late|early)\s+(?:on\s+)?(?:mon|tues|wednes|thurs|fri|satur|sun|yester)day\b").expect("a pattern")
});

/// Bytes around a time in which a later step is looked for.
const REACH: usize = 50;
/// A clock time may stand this many sentences from the day it belongs to.
const APART: usize = 2;
/// The only clock time of an incident may stand this far from its day.
const FAR: usize = 8;
/// Each sentence between a time and the act costs this much.
const APART_COSTS: f64 = 0.1;
/// The head `when` must be this sure of a clock time outside the sentences of the act.
const SURE_CLOCK: f64 = 0.3;

/// A time that may be the incident's.
struct Candidate<'a> {
    /// Its place among the mentions of its date, the higher the better.
    score: f64,
    /// The chance that its date is the incident's.
    chance: f64,
    time: &'a Time,
    extent: &'a Extent,
    sentence: usize,
    /// Whether its sentence tells of the incident.
    own: bool,
}

/// The date or time of the incident, from the time expressions of its sentences.
pub(super) fn facts(ranker: &Ranker, parts: Parts<'_>, draft: &Draft) -> Vec<Fact> {
    let ranked = ranked(ranker, parts, draft);
    let Some(best) = ranked.first() else { return Vec::new() };
    let clock = hour(parts, draft, best, &ranked);
    let mut evidence = vec![best.time.span];
    evidence.extend(clock.map(|c| c.time.span));
    evidence.sort();
    let why = match clock {
        Some(clock) => {
            format!("likeliest day of the act, rule {}, with the hour, rule {}", best.time.rule, clock.time.rule)
        }
        None => format!("likeliest date of the act, rule {}", best.time.rule),
    };
    vec![Fact {
        field: Field::When,
        value: clock.and_then(|c| joined(best, c)).unwrap_or_else(|| value(parts, best)),
        status: Status::Reported,
        sources: Vec::new(),
        denied_by: Vec::new(),
        evidence,
        confidence: best.chance.clamp(0.05, 0.95),
        why,
    }]
}

/// The times that may be the incident's: those of the likeliest date first, of each the likeliest mention.
fn ranked<'a>(ranker: &Ranker, parts: Parts<'a>, draft: &Draft) -> Vec<Candidate<'a>> {
    let mut ranked: Vec<Candidate<'a>> = Vec::new();
    for (mentions, chance) in ranker.rank(parts, draft) {
        let mut of_date: Vec<Candidate<'a>> = mentions
            .into_iter()
            .filter_map(|time| {
                let extent = time.extent.as_ref()?;
                let sentence = parts.input.sentence_at(time.span);
                let (score, own) = (score(parts, draft, time, extent), draft.tells(sentence));
                Some(Candidate { score: score - if own { 0.0 } else { 0.7 }, chance, time, extent, sentence, own })
            })
            .collect();
        of_date.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.time.span.cmp(&b.time.span)));
        ranked.extend(of_date);
    }
    // The day of an hour that names none is the times layer's guess: a day that is said nearby goes first.
    let said = ranked
        .iter()
        .position(|c| !bare(parts, c.time) && day(c.extent).is_some() && c.extent.precision <= Precision::Day);
    if let (Some(first), Some(said)) = (ranked.first(), said)
        && bare(parts, first.time)
        && first.sentence.abs_diff(ranked[said].sentence) <= APART
    {
        let day = ranked.remove(said);
        ranked.insert(0, day);
    }
    ranked
}

/// The clock time of the same incident that names the day of `best`, or none and can be on it.
fn hour<'c, 'a>(
    parts: Parts<'_>,
    draft: &Draft,
    best: &Candidate<'a>,
    ranked: &'c [Candidate<'a>],
) -> Option<&'c Candidate<'a>> {
    if best.extent.precision < Precision::PartOfDay
        || best.extent.precision > Precision::Day
        || day(best.extent).is_none()
    {
        return None;
    }
    // The only hour that the incident's sentences tell is its own.
    let mut clocks: Vec<&str> =
        ranked.iter().filter(|c| c.own && bare(parts, c.time)).filter_map(|c| Some(clock(c.time)?.0)).collect();
    clocks.sort_unstable();
    clocks.dedup();
    let dated = |c: &&Candidate<'_>| {
        c.own && clock(c.time).is_some() && day(c.extent) == day(best.extent) && !bare(parts, c.time)
    };
    let dated = ranked.iter().filter(dated).find(|c| !later_step(parts, c.time.span) && !said_then(parts, c.time.span));
    dated.or_else(|| {
        ranked.iter().find(|c| {
            let at_act = c.sentence == best.sentence || draft.act().any(|a| a.sentence == c.sentence);
            let near = c.sentence.abs_diff(best.sentence) <= APART;
            c.own
                && bare(parts, c.time)
                && (near && (at_act || clocks.len() == 1)
                    || clocks.len() == 1 && c.sentence.abs_diff(best.sentence) <= FAR
                    || model(parts, "when", c.time.span) > SURE_CLOCK
                        && c.sentence.abs_diff(best.sentence) <= 2 * APART)
                && clock(c.time).is_some_and(|(clock, _)| fits(part(parts, best), clock))
                && !later_step(parts, c.time.span)
        })
    })
}

/// Whether the words are a clock time without a day.
fn bare(parts: Parts<'_>, time: &Time) -> bool {
    let clock = time.extent.as_ref().is_some_and(|e| e.precision <= Precision::Hour);
    clock && BARE_CLOCK.is_match(time.span.of(parts.input.text()))
}

/// "20:15" and whether minutes are said, from a value such as "2024-03-12T20:15".
fn clock(time: &Time) -> Option<(&str, Precision)> {
    let (_, clock) = time.value.split_once('T')?;
    let clock = clock.get(..5).filter(|c| c.as_bytes()[2] == b':')?;
    Some((clock, time.extent.as_ref()?.precision))
}

/// The day of an extent that lies within one day.
fn day(extent: &Extent) -> Option<&str> {
    let (start, end) = (extent.start.as_deref()?, extent.end.as_deref()?);
    let day = start.get(..10)?;
    (end.get(..10) == Some(day)).then_some(day)
}

/// The part of the day that a time names, as TIMEX3 writes it.
fn part<'a>(parts: Parts<'_>, candidate: &Candidate<'a>) -> &'a str {
    match candidate.time.value.split_once('T') {
        Some((_, part)) if candidate.extent.precision == Precision::PartOfDay => part,
        _ => edge(parts, candidate).unwrap_or(""),
    }
}

/// "late on Tuesday" is its night, "early Tuesday" its morning.
fn edge(parts: Parts<'_>, candidate: &Candidate<'_>) -> Option<&'static str> {
    let found = EDGE.captures(candidate.time.span.of(parts.input.text()))?;
    let one_day = candidate.extent.precision == Precision::Day && candidate.time.value.len() == 10;
    one_day.then(|| if found[1].eq_ignore_ascii_case("late") { "NI" } else { "MO" })
}

/// Whether a clock time ("20:15") lies in a part of the day. The small hours of a "night" may be the next day's: no.
fn fits(part: &str, clock: &str) -> bool {
    match part {
        "MO" => clock < "12:30",
        "MI" => ("11:00".."14:00").contains(&clock),
        "AF" => ("12:00".."19:00").contains(&clock),
        "EV" => clock >= "16:00",
        "NI" => clock >= "17:30",
        _ => true,
    }
}

fn joined(best: &Candidate<'_>, clock_of: &Candidate<'_>) -> Option<Value> {
    let (clock, precision) = clock(clock_of.time)?;
    let at = format!("{}T{clock}:00", day(best.extent)?);
    let timex = format!("{}T{clock}", day(best.extent)?);
    Some(Value::When { start: Some(at.clone()), end: Some(at), precision, timex })
}

fn value(parts: Parts<'_>, best: &Candidate<'_>) -> Value {
    let Extent { start, end, precision } = best.extent.clone();
    let dated = |t: &Time| {
        let own = t.extent.as_ref().is_some_and(|e| e.precision >= Precision::PartOfDay && e.start.is_some());
        own && !parts.input.report.is_of_report(t.span)
    };
    if bare(parts, best.time) && !parts.times.iter().any(dated) {
        // An hour on no day that the text names: the publication's day is no evidence.
        let timex = clock(best.time).map_or_else(|| best.time.value.clone(), |(at, _)| format!("XXXX-XX-XXT{at}"));
        return Value::When { start: None, end: None, precision, timex };
    }
    match edge(parts, best) {
        Some(part) => {
            Value::When { start, end, precision: Precision::PartOfDay, timex: format!("{}T{part}", best.time.value) }
        }
        None => Value::When { start, end, precision, timex: best.time.value.clone() },
    }
}

/// Which mention of a date says it best: nearness to a trigger, exactness, the model's head `when`, and the lead of the
/// report speak for it; the words of saying and of steps after the act speak against it.
fn score(parts: Parts<'_>, draft: &Draft, time: &Time, extent: &Extent) -> f64 {
    let sentence = parts.input.sentence_at(time.span);
    let near = nearness(parts, draft, time.span);
    let exact = if extent.precision <= Precision::Day {
        0.6
    } else if extent.precision <= Precision::Week {
        0.2
    } else if draft.relation == Relation::Main {
        -0.5
    } else {
        0.0
    };
    let lead = if sentence <= 4 { 0.3 } else { 0.0 };
    let gap = draft.act().map(|a| a.sentence.abs_diff(sentence)).min().unwrap_or(0);
    let apart = -APART_COSTS * gap.min(4) as f64;
    let said = if said_then(parts, time.span) { -0.8 } else { 0.0 };
    let after =
        if later_step(parts, time.span) && !draft.anchors.iter().all(|a| a.code == "arrest") { -0.5 } else { 0.0 };
    model(parts, "when", time.span) * 3.0 + near + exact + lead + apart + said + after
}

/// Whether something was said, not done, on the day: "police said Monday".
fn said_then(parts: Parts<'_>, span: Span) -> bool {
    let text = parts.input.text();
    let before = super::snap(text, Span::new(span.start.saturating_sub(REACH), span.start));
    SAID.is_match(before.of(text))
}

/// Whether the clause around the words tells of an arrest, a court or a funeral.
fn later_step(parts: Parts<'_>, span: Span) -> bool {
    let text = parts.input.text();
    let sentence = parts.input.sentences.get(parts.input.sentence_at(span)).map_or(span, |s| s.span);
    let around = super::window(text, sentence.join(span), span, REACH).of(text);
    let at = span.start - super::window(text, sentence.join(span), span, REACH).start;
    let from = around[..at].rfind([',', ';']).map_or(0, |n| n + 1);
    let to = around[at..].find([',', ';']).map_or(around.len(), |n| at + n);
    AFTERWARDS.is_match(&around[from..to])
}
