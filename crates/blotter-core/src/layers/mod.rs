//! The layers: each reads its own part out of a report (spans, values, rule, score), and is pure and total.
//!
//! Every layer has one shape: `load` holds all failure, `read` takes any text.

pub mod attributions;
pub mod entities;
pub mod events;
pub mod numbers;
pub mod places;
pub mod sentences;
pub mod times;
pub mod tolls;
pub(crate) mod words;

pub use words::small_number;

use crate::encode::Scores;
use crate::text::{Report, Span};
use sentences::Sentence;

/// What every layer may look at.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The report.
    pub report: &'a Report,
    /// The scores of the model's heads; empty where there is no model.
    pub scores: &'a Scores,
    /// The sentences of the report.
    pub sentences: &'a [Sentence],
}

impl<'a> Input<'a> {
    /// The report's text.
    pub fn text(&self) -> &'a str {
        &self.report.text
    }

    /// The index of the sentence that holds the first byte of `span`; the nearest one before it otherwise.
    pub fn sentence_at(&self, span: Span) -> usize {
        self.sentences.partition_point(|s| s.span.start <= span.start).saturating_sub(1)
    }
}
