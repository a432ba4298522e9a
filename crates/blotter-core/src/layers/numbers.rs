//! Number words and figures → values with bounds.

use super::Input;
use crate::data::DataError;
use crate::text::Span;

/// A number phrase and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// The phrase with its bounding words ("at least 12"), without the noun.
    pub span: Span,
    /// The least it can be; `None` where open.
    pub min: Option<u64>,
    /// The value said; `None` for vague words ("dozens").
    pub best: Option<u64>,
    /// The most it can be; `None` where open.
    pub max: Option<u64>,
    /// Ordinals ("third"), which count nothing.
    pub ordinal: bool,
    /// The rule that read it.
    pub rule: &'static str,
}

/// The numbers layer.
pub struct Numbers {}

impl Numbers {
    /// Loads the rules.
    ///
    /// # Errors
    /// The file, line and reason of a fault in the rules.
    pub fn load() -> Result<Numbers, DataError> {
        Ok(Numbers {})
    }

    /// The numbers of the report, in order, without overlap.
    pub fn read(&self, _input: Input<'_>) -> Vec<Number> {
        Vec::new()
    }
}
