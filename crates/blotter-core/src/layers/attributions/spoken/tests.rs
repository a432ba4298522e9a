//! Sentences and the statements that the rules find in them.

use super::*;
use crate::encode::Scores;
use crate::layers::sentences;
use crate::text::Report;

/// The statements of a text as (source, cue, content).
fn read(text: &str) -> Vec<(String, String, String)> {
    let report = Report { text: text.to_owned(), ..Report::default() };
    let sentences = sentences::read(&report);
    let scores = Scores::default();
    let input = Input { report: &report, scores: &scores, sentences: &sentences };
    let words = |spans: &[Span]| spans.iter().map(|s| s.of(text)).collect::<Vec<_>>().join(" / ");
    let found = Spoken::load().unwrap().read(input, &[]);
    found.iter().map(|a| (words(&a.source), words(&a.cue), words(&a.content))).collect()
}

fn check(text: &str, expected: &[(&str, &str, &str)]) {
    let found = read(text);
    let found: Vec<_> = found.iter().map(|(s, c, t)| (s.as_str(), c.as_str(), t.as_str())).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn the_source_stands_before_its_verb() {
    check("Police said the bridge was shut.", &[("Police", "said", "the bridge was shut")]);
    check("On Monday police said that two men fled.", &[("police", "said", "two men fled")]);
    check("Mayor Ana Holm told reporters the bridge was shut.", &[("Mayor Ana Holm", "told", "the bridge was shut")]);
    check("Ana Holm, a guard at the port, said she saw the fire.", &[("Ana Holm", "said", "she saw the fire")]);
    check("Army sources reported that a truck had burned.", &[("Army sources", "reported", "a truck had burned")]);
}

#[test]
fn the_statement_stands_before_its_source() {
    check("Two men were hurt in Tarn, police said.", &[("police", "said", "Two men were hurt in Tarn")]);
    check("Two men were hurt in Tarn, police said on Monday.", &[("police", "said", "Two men were hurt in Tarn")]);
    check("“We saw the bridge burn,” said Jon Vik, a baker.", &[("Jon Vik", "said", "“We saw the bridge burn,”")]);
    check("The man, police said, had fled.", &[("police", "said", "The man / had fled")]);
    check("Two died, according to the Karst Post.", &[("the Karst Post", "according to", "Two died")]);
    check("According to witnesses, two men fled.", &[("witnesses", "According to", "two men fled")]);
}

#[test]
fn two_statements_share_a_sentence() {
    check(
        "Police said two men fled, while the mayor said nobody was hurt.",
        &[("Police", "said", "two men fled"), ("the mayor", "said", "nobody was hurt")],
    );
    check(
        "Police said two men fled and added that nobody was hurt.",
        &[("Police", "said", "two men fled"), ("Police", "added", "nobody was hurt")],
    );
}

#[test]
fn passives_nouns_and_lives_make_no_statement() {
    for text in [
        "Two men were reported missing.",
        "The report was read in Tarn.",
        "The flood claimed 12 lives.",
        "He is said to be ill.",
        "Claims and reports differ.",
    ] {
        check(text, &[]);
    }
}

#[test]
fn a_quotation_runs_over_sentences() {
    check(
        "“It burned. We ran to the river,” Jon Vik said. “Nobody came to help us.”",
        &[("Jon Vik", "said", "“It burned. We ran to the river,” / “Nobody came to help us.”")],
    );
}

#[test]
fn a_headline_names_its_source_at_a_colon() {
    let text = "Tarn police: Two men shot at gate\n\nThe gate was shut.";
    let report = Report { text: text.to_owned(), headline: Some(Span::new(0, 33)), ..Report::default() };
    let sentences = sentences::read(&report);
    let scores = Scores::default();
    let found = Spoken::load().unwrap().read(Input { report: &report, scores: &scores, sentences: &sentences }, &[]);
    let told: Vec<_> = found.iter().map(|a| (a.source[0].of(text), a.content[0].of(text))).collect();
    assert_eq!(told, [("Tarn police", "Two men shot at gate")]);
}
