//! How strongly two words that tell of incidents tell of the same one.

use std::sync::LazyLock;

use regex::Regex;

use super::Parts;
use super::anchors::Anchor;
use super::group::relation;
use crate::encode::sigmoid;
use crate::facts::Relation;
use crate::layers::times::{Extent, Precision, TimeKind};
use crate::text::Span;

/// What the text shows, beside the model's tie. Chosen one by one on whole records made by hand. Another kind of event
/// gave nothing (an arrest follows its crime, a death its attack) except for threats.
const SAME_SENTENCE: f32 = 0.4;
const SAME_KIND: f32 = 0.1;
const THREAT: f32 = -0.4;
const OTHER_RELATION: f32 = -0.3;
const OTHER_PLACE: f32 = -0.4;
const OTHER_DAY: f32 = -0.3;
/// Times more than `WEEKS` days apart.
const LONG_BEFORE: f32 = -0.8;
const WEEKS: f32 = 25.0;
/// Told as one more ("another shooting") than what stands before, and what is told of after that.
const ONE_MORE: f32 = -0.9;
const AFTER_ONE_MORE: f32 = -0.2;
/// The tie of any two without a model.
const UNKNOWN: f32 = 0.6;

/// What ties an anchor to others.
pub(super) struct Node {
    token: usize,
    sentence: usize,
    level: &'static str,
    relation: Relation,
    place: Option<u32>,
    day: Option<String>,
    /// The nearest time of its sentence that is no vaguer than a year: first and last day.
    time: Option<(String, String)>,
    /// The number of the last anchor told as one more ("another shooting"), its own or of the sentences before; 0 for none.
    segment: usize,
}

/// Words before an anchor that tell it from those before it.
static OTHER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:another|second|third|fourth|fifth|separate|similar|previous|earlier|other|different|unrelated)(?:\s+[\w-]+){0,2}\s+$").expect("a pattern")
});
/// So many sentences after such an anchor still tell of it.
const SEGMENT: usize = 2;

/// What ties each of the anchors, which are in order.
pub(super) fn nodes(parts: Parts<'_>, anchors: &[Anchor]) -> Vec<Node> {
    let mut last: Option<(usize, usize)> = None;
    let mut count = 0;
    anchors
        .iter()
        .map(|anchor| {
            let mut node = node(parts, anchor);
            let sentence = parts.input.sentences.get(anchor.sentence).map_or(anchor.span, |s| s.span);
            let before = Span::new(sentence.start, anchor.span.start.max(sentence.start)).of(parts.input.text());
            if !harmed(anchor.span.of(parts.input.text())) && OTHER.find(before).is_some_and(|m| of_the_act(m.as_str()))
            {
                count += 1;
                last = Some((count, anchor.sentence));
            }
            node.segment = last.filter(|(_, s)| anchor.sentence - s <= SEGMENT).map_or(0, |(n, _)| n);
            node
        })
        .collect()
}

/// Whether the word says what befell somebody ("another man was killed"), not what happened ("another attack").
fn harmed(word: &str) -> bool {
    let word = word.to_lowercase();
    word.ends_with("ed") || matches!(word.as_str(), "shot" | "dead" | "hurt" | "died" | "slain" | "beaten")
}

/// Whether "another ..", "second .." counts acts and not people: "three other people in the attack" tells of no other one.
fn of_the_act(words: &str) -> bool {
    const NOT_ACTS: [&str; 30] = [
        "people", "person", "man", "men", "woman", "women", "boy", "boys", "girl", "girls", "child", "children",
        "victim", "victims", "officer", "officers", "suspect", "suspects", "teen", "teens", "in", "of", "at", "on",
        "to", "after", "was", "were", "is", "are",
    ];
    !words.split_whitespace().skip(1).any(|w| NOT_ACTS.contains(&w.to_lowercase().as_str()))
}

/// The time nearest to the anchor in its sentence, among those that are dated and no vaguer than that.
fn extents<'a>(parts: Parts<'a>, anchor: &Anchor, vaguest: Precision) -> Option<&'a Extent> {
    let sentence = parts.input.sentences.get(anchor.sentence).map_or(anchor.span, |s| s.span);
    parts
        .times
        .iter()
        .filter(|t| matches!(t.kind, TimeKind::Date | TimeKind::Time) && sentence.contains(t.span))
        .filter(|t| t.extent.as_ref().is_some_and(|e| e.precision <= vaguest && e.start.is_some()))
        .min_by_key(|t| t.span.start.abs_diff(anchor.span.start))
        .and_then(|t| t.extent.as_ref())
}

/// The day that stands nearest to the anchor in its sentence.
pub(super) fn day(parts: Parts<'_>, anchor: &Anchor) -> Option<String> {
    extents(parts, anchor, Precision::Day).and_then(|e| e.start.as_ref()).map(|s| s.chars().take(10).collect())
}

fn node(parts: Parts<'_>, anchor: &Anchor) -> Node {
    let sentence = parts.input.sentences.get(anchor.sentence).map_or(anchor.span, |s| s.span);
    let nearest = |span: Span| span.start.abs_diff(anchor.span.start);
    let place = parts
        .places
        .iter()
        .filter(|p| sentence.contains(p.span) && !p.demonym)
        .filter(|p| p.chosen.as_ref().is_some_and(|c| c.kind == "settlement"))
        .min_by_key(|p| nearest(p.span))
        .and_then(|p| p.chosen.as_ref().map(|c| c.geonames_id));
    let first = |s: &str| s.chars().take(10).collect::<String>();
    let time = extents(parts, anchor, Precision::Year).and_then(|e| {
        let start = e.start.as_ref()?;
        Some((first(start), e.end.as_ref().map_or_else(|| first(start), |end| first(end))))
    });
    Node {
        token: anchor.token,
        sentence: anchor.sentence,
        level: anchor.code.split('/').next().unwrap_or(anchor.code),
        relation: relation(std::slice::from_ref(anchor)),
        place,
        day: day(parts, anchor),
        time,
        segment: 0,
    }
}

/// The tie between two anchors: 0 to 1 with what the model says, moved by what the text shows.
pub(super) fn tie(parts: Parts<'_>, a: &Node, b: &Node) -> f32 {
    let model = parts.input.scores.pair.get("same_incident");
    let mut tie = model.map_or(UNKNOWN, |pair| sigmoid(pair.logit(0, a.token, b.token)));
    let mut given = |holds: bool, weight: f32| tie += if holds { weight } else { 0.0 };
    given(a.sentence == b.sentence, SAME_SENTENCE);
    given(a.level == b.level, SAME_KIND);
    given((a.level == "threat") != (b.level == "threat"), THREAT);
    given(a.relation != b.relation, OTHER_RELATION);
    given(a.place.is_some() && b.place.is_some() && a.place != b.place, OTHER_PLACE);
    given(a.day.is_some() && b.day.is_some() && a.day != b.day, OTHER_DAY);
    if let (Some(one), Some(other)) = (&a.time, &b.time) {
        let apart = |end: &str, start: &str| days(start).zip(days(end)).is_some_and(|(s, e)| s - e > WEEKS);
        given(apart(&one.1, &other.0) || apart(&other.1, &one.0), LONG_BEFORE);
    }
    let (first, second) = if a.sentence <= b.sentence { (a, b) } else { (b, a) };
    given(second.segment != 0 && second.segment != first.segment, ONE_MORE);
    given(first.segment != 0 && second.segment == 0, AFTER_ONE_MORE);
    tie
}

/// Days since the beginning of the calendar, months as 30.44 days: near enough to tell weeks apart.
fn days(date: &str) -> Option<f32> {
    let part = |range: std::ops::Range<usize>| date.get(range).and_then(|p| p.parse::<f32>().ok());
    Some(part(0..4)? * 365.25 + (part(5..7)? - 1.0) * 30.44 + part(8..10).unwrap_or(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;
    use crate::reading::Reader;
    use crate::text::Report;

    /// The segments of the anchors of a text.
    fn segments(text: &str) -> Vec<usize> {
        let reader = Reader::load(Data { weights: b"", gazetteer: &[] }).expect("loads");
        let reading = reader.read(Report { text: text.to_owned(), ..Report::default() });
        let parts = reader.parts(&reading);
        let anchors = super::super::anchors::Anchors::load().expect("loads").find(parts);
        nodes(parts, &anchors).iter().map(|n| n.segment).collect()
    }

    #[test]
    fn another_attack_begins_a_segment_and_what_follows_belongs_to_it() {
        let text = "A bomb exploded in Tarn. Two people were killed. Another bombing hit Kesh. Three people were killed there.";
        let found = segments(text);
        assert_eq!((found.first(), found.last()), (Some(&0), Some(&1)), "{found:?}");
        assert!(segments("A bomb exploded in Tarn. Two people were killed.").iter().all(|s| *s == 0));
    }

    #[test]
    fn days_tell_months_apart() {
        let gap = |a: &str, b: &str| days(b).zip(days(a)).map(|(b, a)| b - a).unwrap_or(0.0);
        assert!((gap("2016-06-01", "2016-08-21") - 81.0).abs() < 2.0);
        assert!((gap("2015-12-30", "2016-01-02") - 3.0).abs() < 2.0);
        assert_eq!(days("XXXX-06-01"), None);
    }
}
