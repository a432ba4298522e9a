//! Runs the cases of data/tolls/cases.txt.

use super::*;
use crate::layers::sentences;
use crate::text::Report;

fn with_mentions<T>(text: &str, then: impl FnOnce(Input<'_>, &[TollMention], &[Entity]) -> T) -> T {
    let report = Report { text: text.to_string(), ..Report::default() };
    let sentences = sentences::read(&report);
    let scores = crate::encode::Scores::default();
    let input = Input { report: &report, scores: &scores, sentences: &sentences };
    let numbers = crate::layers::numbers::Numbers::load().expect("the number rules load").read(input);
    let layer = Entities::load().expect("the word lists load");
    let entities = layer.read(input, &numbers);
    let mentions = Tolls::load().expect("the word lists load").read(input, &numbers, &entities, &layer);
    then(input, &mentions, &entities)
}

#[test]
fn cases() {
    let mut text = "";
    let mut failures = Vec::new();
    for line in include_str!("../../../data/tolls/cases.txt").lines().map(str::trim) {
        if let Some(report) = line.strip_prefix("> ") {
            text = report;
        } else if line == "nobody" {
            with_mentions(text, |_, mentions, _| {
                if mentions.iter().any(|m| !m.negated) {
                    failures.push(format!("{text}\n  nobody is told of\n  but {mentions:#?}"));
                }
            });
        } else if !line.is_empty() && !line.starts_with('#') {
            let parts: Vec<&str> = line.split('|').map(str::trim).collect();
            let fits = |m: &TollMention| {
                m.field.name() == parts[0]
                    && m.count.best.or(m.count.min) == parts[1].parse().ok()
                    && m.who.map_or("-", |w| w.of(text)) == parts[2]
                    && m.negated == parts[3].contains("negated")
                    && m.part == parts[3].contains("part")
                    && (m.attackers || !parts[3].contains("attackers"))
            };
            with_mentions(text, |_, mentions, _| {
                if !mentions.iter().any(fits) {
                    failures.push(format!("{text}\n  no {line}\n  but {mentions:#?}"));
                }
            });
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The likeliest (killed, wounded).
fn totals(text: &str) -> (u64, u64) {
    with_mentions(text, |input, mentions, entities| {
        let weights = Weights::load().expect("the weights load");
        let summary = summary(input, mentions, entities, &weights, &Prior::default());
        (summary.killed[0].count, summary.wounded[0].count)
    })
}

#[test]
fn totals_beat_parts_and_the_same_people_are_counted_once() {
    assert_eq!(totals("A man was shot and killed in Marlow on Friday. The man, 34, died at the scene."), (1, 0));
    assert_eq!(totals("Three people were shot in Marlow, one fatally. Two people were wounded and one died."), (1, 2));
    assert_eq!(totals("A man was shot in the leg in Marlow. He was taken to a hospital."), (0, 1));
}

#[test]
fn any_text_is_read() {
    for text in [
        "",
        "killed",
        "who was killed",
        "was shot",
        "two",
        "killed and",
        "'s death",
        "his death",
        "death toll",
        "no",
        "shot himself",
        "and died",
        "wounds",
    ] {
        with_mentions(text, |input, mentions, entities| {
            let weights = Weights::load().expect("the weights load");
            summary(input, mentions, entities, &weights, &Prior::default());
            roles(input, mentions, entities);
        });
    }
}
