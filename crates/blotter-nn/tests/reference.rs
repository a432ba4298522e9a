//! The forward pass and the tokenizer against stored output of PyTorch and of the `tokenizers` package
//! (`training/reference.py`).

use blotter_nn::{Model, Precision, Scores};
use serde_json::Value;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

const SMALL: &[u8] = include_bytes!("fixtures/small.safetensors");

fn rows(json: &str) -> Vec<Value> {
    serde_json::from_str(json).expect("fixture")
}

fn floats(value: &Value) -> Vec<f32> {
    value.as_array().expect("numbers").iter().map(|x| x.as_f64().expect("number") as f32).collect()
}

/// The samples of reference.json with what the model makes of them.
fn read(precision: Precision) -> Vec<(Value, Scores)> {
    let model = Model::with_precision(SMALL, precision).expect("fixture");
    let read = |row: Value| {
        let text = row["text"].as_str().expect("text");
        let headline = row["headline"].as_u64().expect("length") as usize;
        let scores = model.read(text, Some(0..headline), &[0..headline, headline..text.len()]);
        (row, scores)
    };
    rows(include_str!("fixtures/reference.json")).into_iter().map(read).collect()
}

/// All logits of a sample, expected and computed, in the order of the reference.
fn logits(row: &Value, scores: &Scores) -> Vec<(String, Vec<f32>, Vec<f32>)> {
    let mut found = Vec::new();
    for (name, head) in &scores.token {
        found.push((name.clone(), floats(&row["heads"][name]), head.logits.clone()));
    }
    for (name, head) in &scores.document {
        assert_eq!(head.windows.len(), 1, "the samples fit one window");
        found.push((name.clone(), floats(&row["heads"][name]), head.windows[0].clone()));
    }
    for (name, head) in &scores.pair {
        let n = scores.tokens.len();
        let pairs = (0..n).flat_map(|i| (0..n).map(move |j| (i, j)));
        let computed = pairs.flat_map(|(i, j)| (0..head.labels.len()).map(move |l| head.logit(l, i, j))).collect();
        found.push((name.clone(), floats(&row["heads"][name]), computed));
    }
    found
}

#[test]
fn tokens_are_those_of_the_reference() {
    for (row, scores) in read(Precision::Float32) {
        let tokens: Vec<_> = scores.tokens.iter().map(|t| serde_json::json!([t.start, t.end, t.continues])).collect();
        assert_eq!(row["tokens"], Value::from(tokens), "{}", row["text"]);
    }
}

#[test]
fn floats_agree_with_pytorch() {
    for (row, scores) in read(Precision::Float32) {
        let heads = logits(&row, &scores);
        assert_eq!(heads.len(), 3);
        for (name, expected, computed) in heads {
            assert_eq!(expected.len(), computed.len(), "{name}: {}", row["text"]);
            let worst = expected.iter().zip(&computed).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(worst < 1e-4, "{name}: {worst} in {}", row["text"]);
        }
    }
}

#[test]
fn integers_stay_near_pytorch() {
    for (row, scores) in read(Precision::Int8) {
        for (name, expected, computed) in logits(&row, &scores) {
            let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
            let cosine = dot(&expected, &computed) / (dot(&expected, &expected) * dot(&computed, &computed)).sqrt();
            println!("{name}: cosine {cosine}");
            // Measured: 0.9995 and more. The looser floor is for processors that want weights in ±63.
            assert!(cosine > 0.99, "{name}: cosine {cosine} in {}", row["text"]);
        }
    }
}

#[test]
fn pieces_are_those_of_the_tokenizers_package() {
    let model = Model::from_bytes(SMALL).expect("fixture");
    for row in rows(include_str!("fixtures/words.json")) {
        let text = row["text"].as_str().expect("text");
        let pieces = model.words().pieces(text, 0);
        let expected = row["pieces"].as_array().expect("pieces");
        let number = |at: usize, column: usize| expected[at][column].as_u64().expect("number") as usize;
        assert_eq!(pieces.len(), expected.len(), "{text:?}: {pieces:?}");
        for (at, piece) in pieces.iter().enumerate() {
            assert_eq!(piece.id as usize, number(at, 0), "id of piece {at} of {text:?}");
            assert_eq!(piece.case as usize, number(at, 1), "case of piece {at} of {text:?}");
            assert_eq!(piece.token.start, number(at, 2), "start of piece {at} of {text:?}");
            assert_eq!(Value::from(piece.token.continues), expected[at][4], "piece {at} of {text:?}");
            // An accent after the letter belongs to the token here.
            let is_accent = |c: &char| c.general_category() == GeneralCategory::NonspacingMark;
            let tail = text[number(at, 3)..].chars().take_while(is_accent);
            let end = number(at, 3) + tail.map(char::len_utf8).sum::<usize>();
            assert_eq!(piece.token.end, end, "end of piece {at} of {text:?}");
        }
    }
}
