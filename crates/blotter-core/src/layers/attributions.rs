//! Who said what: source, cue, content, and the chain by which a statement reached the report.

use super::Input;
use crate::data::DataError;
use crate::text::Span;

/// One attribution. Each role is its contiguous pieces, in order.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Attribution {
    /// Who says it; empty where the text does not tell.
    pub source: Vec<Span>,
    /// The words that say that it is said.
    pub cue: Vec<Span>,
    /// What is said.
    pub content: Vec<Span>,
    /// Index of the speaker among the entities.
    pub speaker: Option<usize>,
    /// Indices of the attributions by which this one was itself reported, nearest first.
    pub via: Vec<usize>,
    /// "direct", "indirect" or "mixed".
    pub form: &'static str,
    /// "says", "confirms", "denies", "claims-responsibility", "accuses", "condemns", "threatens" or "doubts".
    pub stance: &'static str,
    /// 0 to 1.
    pub confidence: f64,
}

/// The attributions layer.
pub struct Attributions {}

impl Attributions {
    /// Loads the word lists.
    ///
    /// # Errors
    /// The file, line and reason of a fault in the data.
    pub fn load() -> Result<Attributions, DataError> {
        Ok(Attributions {})
    }

    /// The attributions of the report, in order of their cue.
    pub fn read(&self, _input: Input<'_>, _entities: &[super::entities::Entity]) -> Vec<Attribution> {
        Vec::new()
    }
}
