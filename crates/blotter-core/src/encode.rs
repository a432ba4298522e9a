//! Report → scores of every head, computed once. The only room that calls `blotter-nn`.

pub mod bio;

use std::ops::Range;

use blotter_nn::Model;
pub use blotter_nn::{DocumentScores, PairScores, Scores, Token, TokenScores};

use crate::data::DataError;
use crate::layers::sentences::Sentence;
use crate::text::{Report, Span};

/// The reading model.
pub struct Encoder {
    model: Model,
}

impl Encoder {
    /// Loads the weight file of the model; `None` where there is none (no bytes).
    ///
    /// # Errors
    /// Where the file is damaged or not of the shape it promises; the reason names the tensor.
    pub fn load(weights: &[u8]) -> Result<Option<Encoder>, DataError> {
        if weights.is_empty() {
            return Ok(None);
        }
        match Model::from_bytes(weights) {
            Ok(model) => Ok(Some(Encoder { model })),
            Err(fault) => Err(DataError::new("weights", 0, fault.to_string())),
        }
    }

    /// Name and version of the weights.
    pub fn version(&self) -> &str {
        &self.model.manifest().version
    }

    /// The scores of every head for every token of the headline and the sentences, however long the report is.
    pub fn encode(&self, report: &Report, sentences: &[Sentence]) -> Scores {
        let headline = report.headline.map(|span| span.start..span.end);
        let units: Vec<Range<usize>> = sentences.iter().map(|s| s.span.start..s.span.end).collect();
        self.model.read(&report.text, headline, &units)
    }
}

/// Logits as probabilities: each 0 to 1, together 1; empty for no logits.
pub fn softmax(logits: &[f32]) -> Vec<f32> {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut values: Vec<f32> = logits.iter().map(|logit| (logit - largest).exp()).collect();
    let sum: f32 = values.iter().sum();
    for value in &mut values {
        *value /= sum;
    }
    values
}

/// A logit as a probability, 0 to 1, for heads whose labels do not exclude each other.
pub fn sigmoid(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

/// The tokens that share at least one byte with `span`, as indexes into `tokens`.
pub fn tokens_in(tokens: &[Token], span: Span) -> Range<usize> {
    let first = tokens.partition_point(|token| token.end <= span.start);
    let last = tokens.partition_point(|token| token.start < span.end);
    first..last.max(first)
}

/// The place of some tokens in the text; `None` for no tokens.
pub fn span_of(tokens: &[Token], range: Range<usize>) -> Option<Span> {
    let tokens = tokens.get(range)?;
    Some(Span::new(tokens.first()?.start, tokens.last()?.end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;
    use crate::layers::sentences;
    use crate::reading::Reader;

    const SMALL: &[u8] = include_bytes!("../../blotter-nn/tests/fixtures/small.safetensors");

    #[test]
    fn no_bytes_are_no_model_and_wrong_bytes_are_an_error() {
        assert!(Encoder::load(b"").expect("no model").is_none());
        let fault = Encoder::load(b"not weights").err().expect("fault");
        assert_eq!((fault.file.as_str(), fault.line), ("weights", 0));
    }

    #[test]
    fn a_reading_has_scores_for_headline_and_body() {
        let reader = Reader::load(Data { weights: SMALL, gazetteer: &[] }).expect("loads");
        let text = "Fire in Verden\n\nTwo guards were killed. Nobody else was near.".to_owned();
        let report = Report { headline: Some(Span::new(0, 14)), text, ..Report::default() };
        let reading = reader.read(report);
        let words: Vec<&str> =
            bio::words(&reading.scores.tokens).map(|w| &reading.report.text[w.start..w.end]).collect();
        let expected = "Fire in Verden Two guards were killed . Nobody else was near .";
        assert_eq!(words.join(" "), expected);
        assert_eq!(reading.scores.token["mention"].logits.len(), reading.scores.tokens.len() * 5);
    }

    #[test]
    fn the_last_sentence_of_a_long_report_is_encoded() {
        let encoder = Encoder::load(SMALL).expect("loads").expect("model");
        let mut text = "The guards of Kalmar were on the bridge at night. ".repeat(3_000);
        text.push_str("One was never seen again.");
        let report = Report { text, ..Report::default() };
        let scores = encoder.encode(&report, &sentences::read(&report));
        assert_eq!(scores.tokens.last().map(|t| t.end), Some(report.text.len()));
        let again = tokens_in(&scores.tokens, Span::new(report.text.len() - 6, report.text.len()));
        assert_eq!(span_of(&scores.tokens, again).map(|s| report.words(s)), Some("again."));
    }

    #[test]
    fn probabilities_sum_to_one() {
        let values = softmax(&[1000.0, 1000.0, -1000.0]);
        assert_eq!(values, [0.5, 0.5, 0.0]);
        assert!(softmax(&[]).is_empty());
        assert_eq!(sigmoid(0.0), 0.5);
    }

    #[test]
    fn tokens_of_a_span_are_those_that_touch_it() {
        let token = |start, end| Token { start, end, continues: false };
        let tokens = [token(0, 3), token(4, 8), token(8, 9)];
        assert_eq!(tokens_in(&tokens, Span::new(2, 5)), 0..2);
        assert_eq!(tokens_in(&tokens, Span::new(3, 4)), 1..1);
        assert_eq!(tokens_in(&tokens, Span::new(8, 50)), 2..3);
        assert_eq!(tokens_in(&tokens, Span::new(20, 50)), 3..3);
        assert_eq!(span_of(&tokens, 1..1), None);
        assert_eq!(span_of(&tokens, 1..3), Some(Span::new(4, 9)));
    }
}
