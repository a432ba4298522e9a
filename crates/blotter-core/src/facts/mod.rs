//! Facts and the incidents that they make up. An incident IS its facts.
//!
//! `values` holds the types; `fill` calls the modules that fill one field each from the parts of a reading; `lists`, `spans`,
//! `near`, `phrases` and `weights` are what those share; `verify` says how likely each fact is right.

mod agents;
mod ages;
mod attempts;
mod coordinated;
mod fates;
pub mod fill;
mod fillers;
mod kinds;
mod lists;
mod near;
mod once;
mod parties;
pub(crate) mod pattern;
mod phrases;
pub(crate) mod place;
mod reactions;
mod relative;
mod responsibility;
pub(crate) mod sites;
pub mod sources;
mod spans;
mod stages;
#[cfg(test)]
mod tests;
pub(crate) mod tolls;
mod values;
pub mod verify;
mod weapons;
pub mod weights;
pub(crate) mod when;

pub use values::{
    Count, Fact, Field, Harm, Incident, Party, PlacePrecision, Relation, Scope, Source, Status, Toll, TollSummary,
    Value, Where,
};

use lists::{cues, has_words, list};
use spans::{around, clause, evidence, snap, window};
