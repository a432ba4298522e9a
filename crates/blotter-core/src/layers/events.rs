//! Event triggers with their type, factuality and arguments.

use super::Input;
use crate::data::DataError;
use crate::text::Span;

/// An argument of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// WikiEvents role in lower case ("attacker", "victim", "place", "instrument").
    pub role: String,
    /// Where it stands.
    pub span: Span,
    /// Index of its entity.
    pub entity: Option<usize>,
}

/// An event trigger.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Where it stands.
    pub span: Span,
    /// Coarse type ("life.die", "conflict.attack").
    pub kind: String,
    /// −3 (certainly did not happen) to 3 (certainly did).
    pub factuality: f64,
    /// Its arguments.
    pub args: Vec<Argument>,
    /// 0 to 1.
    pub confidence: f64,
}

/// The events layer.
pub struct Events {}

impl Events {
    /// Loads the word lists.
    ///
    /// # Errors
    /// The file, line and reason of a fault in the data.
    pub fn load() -> Result<Events, DataError> {
        Ok(Events {})
    }

    /// The events of the report, in order.
    pub fn read(&self, _input: Input<'_>, _entities: &[super::entities::Entity]) -> Vec<Event> {
        Vec::new()
    }
}
