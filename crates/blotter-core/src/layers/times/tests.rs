//! The examples of the rules, all run; and the layer on odd text.

use super::*;
use crate::encode::Scores;
use crate::layers::sentences;
use crate::text::{DateSource, ReportDate};

fn read(layer: &Times, published: Option<&str>, text: &str) -> Vec<Time> {
    let published = published.map(|value| ReportDate { value: value.into(), source: DateSource::Input });
    let report = Report { text: text.into(), published, ..Report::default() };
    let sentences = sentences::read(&report);
    layer.read(Input { report: &report, scores: &Scores::default(), sentences: &sentences })
}

fn kind(kind: TimeKind) -> &'static str {
    match kind {
        TimeKind::Date => "DATE",
        TimeKind::Time => "TIME",
        TimeKind::Duration => "DURATION",
        TimeKind::Set => "SET",
    }
}

/// An example as a reading of its text would write it.
fn rewritten(layer: &Times, text: &str) -> String {
    let (mut marked, mut values, mut at) = (String::new(), Vec::new(), 0);
    for time in read(layer, Some("2024-03-13T09:30"), text) {
        marked += &format!("{}[{}]", &text[at..time.span.start], time.span.of(text));
        at = time.span.end;
        values.push(format!("{} {}", kind(time.kind), time.value));
    }
    match values.is_empty() {
        true => format!("- {text}"),
        false => format!("+ {marked}{} = {}", &text[at..], values.join(" ; ")),
    }
}

#[test]
fn examples() {
    let layer = Times::load().unwrap();
    let mut wrong = Vec::new();
    for (line, example) in rules::examples() {
        let text = example[2..].split(" = ").next().unwrap().replace(['[', ']'], "");
        let now = rewritten(&layer, &text);
        if now != example {
            wrong.push(format!("rules.txt:{line}\n  is  {now}\n  not {example}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn extent(published: Option<&str>, text: &str) -> String {
    let layer = Times::load().unwrap();
    let shown = |end: Option<String>| end.unwrap_or("?".into());
    let one = |time: Time| match time.extent {
        Some(e) => format!("{} {} {:?} {}", shown(e.start), shown(e.end), e.precision, time.value),
        None => time.value,
    };
    read(&layer, published, text).into_iter().map(one).collect::<Vec<_>>().join(" / ")
}

#[test]
fn extents_are_wide_enough_to_be_true() {
    let day = Some("2024-03-13");
    let at = "2024-03-11T22:30:00";
    assert_eq!(extent(day, "It fell on Monday night."), "2024-03-11 2024-03-11 PartOfDay 2024-03-11TNI");
    assert_eq!(extent(day, "It fell at 10:30 p.m. Monday."), format!("{at} {at} Minute 2024-03-11T22:30"));
    assert_eq!(extent(day, "It fell last week."), "2024-03-04 2024-03-10 Week 2024-W10");
    assert_eq!(extent(day, "It fell in the past three days."), "2024-03-10 2024-03-13 Days P3D");
    assert_eq!(extent(day, "It fell a few days ago."), "2024-03-03 2024-03-12 Days PAST_REF");
    assert_eq!(extent(day, "The fair of March 4-6 closed."), "2024-03-04 2024-03-06 Days 2024-03-04");
    assert_eq!(extent(day, "It is open now."), "PRESENT_REF");
}

#[test]
fn what_nothing_fixes_stays_open() {
    assert_eq!(extent(None, "It fell on 4 August."), "? ? Day XXXX-08-04");
    assert_eq!(extent(None, "It fell on Monday."), "? ? Day XXXX-WXX-1");
    assert_eq!(extent(None, "It fell last week."), "? ? Week XXXX-WXX");
    assert_eq!(extent(None, "It fell at 9 a.m."), "? ? Hour XXXX-XX-XXT09:00");
    let own = "On Tuesday, 12 March 2024, it rained. It fell on 14 March.";
    assert_eq!(extent(None, own), "2024-03-12 2024-03-12 Day 2024-03-12 / 2024-03-14 2024-03-14 Day 2024-03-14");
}

#[test]
fn odd_text_is_read_without_panic() {
    let layer = Times::load().unwrap();
    let odd = [
        "",
        "99/99/9999",
        "31 Feb",
        "9999 years ago",
        "99999999999 days ago",
        "1 / 2 / 3",
        "the 0s",
        "24:61",
        "2460 hours",
    ];
    for text in odd {
        read(&layer, Some("2024-03-13"), text);
        read(&layer, Some("9999-12-31"), &format!("next year {text} in 3 centuries, {text} years later"));
    }
    let source: String = rules::examples().into_iter().map(|(_, line)| line).collect();
    let pieces: Vec<&str> = source.split_inclusive([' ', '-', '.', ',']).collect();
    for i in 0..4000_usize {
        let noise: String = (0..12).map(|j| pieces[(i * 7919 + j * j * 104_729 + i * j) % pieces.len()]).collect();
        let published = [None, Some("2024-02-29"), Some("-009999-01-01")][i % 3];
        let mut end = 0;
        for time in read(&layer, published, &noise) {
            assert!(time.span.start >= end && !time.value.is_empty());
            end = time.span.end;
        }
    }
}
