//! Texts longer than a window: nothing is lost, nothing comes twice, and threads change nothing.

// A text of one unit is a list of one range.
#![allow(clippy::single_range_in_vec_init)]

use std::ops::Range;

use blotter_nn::{Model, Scores};

const SMALL: &[u8] = include_bytes!("fixtures/small.safetensors");

fn model() -> Model {
    Model::from_bytes(SMALL).expect("fixture")
}

/// A text of sentences with the given numbers of words, and where they stand.
fn sentences(lengths: impl IntoIterator<Item = usize>) -> (String, Vec<Range<usize>>) {
    const WORDS: [&str; 7] = ["police", "harbour", "Verden", "guards", "shot", "unheard", "2"];
    let mut text = String::new();
    let mut units = Vec::new();
    for (at, length) in lengths.into_iter().enumerate() {
        let start = text.len();
        for word in 0..length {
            text.push_str(WORDS[(word * 3 + at) % WORDS.len()]);
            text.push(' ');
        }
        text.push('.');
        units.push(start..text.len());
        text.push_str("\n\n");
    }
    (text, units)
}

/// Every token that the tokenizer finds in headline and units is there once, in order, with finite scores.
fn check(model: &Model, text: &str, headline: Option<Range<usize>>, units: &[Range<usize>]) -> Scores {
    let scores = model.read(text, headline, units);
    let expected: Vec<_> = units
        .iter()
        .flat_map(|unit| model.words().pieces(&text[unit.clone()], unit.start))
        .map(|piece| piece.token)
        .collect();
    assert_eq!(scores.tokens, expected);
    let mention = &scores.token["mention"];
    assert_eq!(mention.logits.len(), expected.len() * mention.labels.len());
    assert!(mention.logits.iter().all(|x| x.is_finite()));
    assert_eq!(scores.pair["link"].query.len(), expected.len() * 2 * 8);
    scores
}

#[test]
fn the_last_sentence_of_thirty_thousand_words_is_read() {
    let model = model();
    let (mut text, mut units) = sentences((0..1_500).map(|i| 10 + i % 21));
    assert!(text.split_whitespace().count() >= 30_000);
    let start = text.len();
    text.push_str("Nobody near the last bridge was wounded.");
    units.push(start..text.len());
    let scores = check(&model, &text, Some(units[0].clone()), &units);
    let last = scores.tokens.last().expect("tokens");
    assert_eq!((last.end, &text[last.start..last.end]), (text.len(), "."));
    assert!(scores.document["relevance"].windows.len() > 600);
}

#[test]
fn sentences_of_any_length_are_whole_in_the_result() {
    let model = model();
    for lengths in [
        vec![],
        vec![0],
        vec![500],
        vec![1, 500, 1],
        vec![40, 3, 45, 44, 43, 2, 2, 2, 60, 61, 62, 63, 64, 65, 200],
        vec![1; 400],
    ] {
        let (text, units) = sentences(lengths);
        check(&model, &text, None, &units);
        check(&model, &text, units.first().cloned(), &units);
        check(&model, &text, units.last().cloned(), &units);
    }
}

#[test]
fn one_word_longer_than_a_window_is_read() {
    let model = model();
    let text = "unheardof".repeat(10) + &".".repeat(300);
    check(&model, &text, None, &[0..text.len()]);
    let spaced = "q ".repeat(300);
    check(&model, &spaced, Some(0..200), &[0..200, 200..600]);
}

#[test]
fn threads_do_not_change_a_bit() {
    let model = model();
    let (text, units) = sentences((0..40).map(|i| 5 + i % 30));
    let read = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("pool");
        pool.install(|| model.read(&text, Some(units[0].clone()), &units))
    };
    let bits = |scores: &Scores| -> Vec<u32> {
        let token = scores.token["mention"].logits.iter();
        let document = scores.document["relevance"].windows.iter().flatten();
        let pair = scores.pair["link"].query.iter().chain(&scores.pair["link"].key);
        token.chain(document).chain(pair).map(|x| x.to_bits()).collect()
    };
    let one = bits(&read(1));
    assert_eq!(one, bits(&read(2)));
    assert_eq!(one, bits(&read(5)));
}

#[test]
fn odd_ranges_are_read_as_far_as_they_go() {
    let model = model();
    let text = "Überall war é.";
    let token_count = |headline, units: &[Range<usize>]| model.read(text, headline, units).tokens.len();
    let whole = token_count(None, &[0..text.len()]);
    assert_eq!(token_count(None, &[0..10_000]), whole);
    assert_eq!(token_count(None, &[1..8, 5..text.len()]), whole, "borders within a character, overlapping units");
    assert_eq!(token_count(Some(0..text.len()), &[]), whole);
    assert_eq!(token_count(Some(500..900), &[]), 0);
    assert_eq!(model.read("", None, &[]).document["relevance"].windows.len(), 1);
}
