//! Mentions → entities: people, organizations, facilities, weapons, with what the text says about each.

mod clusters;
mod lexicon;
mod mentions;
mod phrases;
#[cfg(test)]
mod tests;

use super::Input;
use crate::data::DataError;
use crate::text::Span;
use lexicon::Lexicon;
pub(crate) use mentions::is_aged;
pub(crate) use phrases::{AGE, Phrase, VAGUE};

/// What an entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntityKind {
    /// One person or several.
    Person,
    /// An organization.
    Organization,
    /// A place.
    Place,
    /// A building or installation.
    Facility,
    /// A weapon.
    Weapon,
    /// A vehicle.
    Vehicle,
    /// Anything else.
    Other,
}

impl EntityKind {
    /// The contract's name of it.
    pub fn name(self) -> &'static str {
        match self {
            EntityKind::Person => "person",
            EntityKind::Organization => "organization",
            EntityKind::Place => "place",
            EntityKind::Facility => "facility",
            EntityKind::Weapon => "weapon",
            EntityKind::Vehicle => "vehicle",
            EntityKind::Other => "other",
        }
    }
}

/// How a mention names its entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A name.
    Name,
    /// A noun phrase.
    Nominal,
    /// A pronoun.
    Pronoun,
}

/// Gender as words and pronouns tell it, never a first name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gender {
    /// "he", "man", "father".
    Male,
    /// "she", "woman", "mother".
    Female,
}

/// One mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Where it stands.
    pub span: Span,
    /// How it names the entity.
    pub form: Form,
}

/// An entity and all its mentions in the report.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// What it is.
    pub kind: EntityKind,
    /// The fullest name or, with none, the fullest noun phrase.
    pub name: String,
    /// "Governor", "Lt. Col."
    pub title: Option<String>,
    /// ISO 3166-1 alpha-2 of its nationality, where the text says it.
    pub country: Option<String>,
    /// "civilian", "government", "police", "military", "armed-group", "criminal", "media", ...
    pub group: Option<&'static str>,
    /// Years.
    pub age: Option<u32>,
    /// As words and pronouns tell it.
    pub gender: Option<Gender>,
    /// How many it is, where it is several ("seven guards"): (min, best, max).
    pub number: Option<(Option<u64>, Option<u64>, Option<u64>)>,
    /// Mentions in order of the text.
    pub mentions: Vec<Mention>,
}

/// The entities layer.
pub struct Entities {
    lexicon: Lexicon,
}

impl Entities {
    /// Loads the word lists.
    ///
    /// # Errors
    /// The file, line and reason of a fault in the data.
    pub fn load() -> Result<Entities, DataError> {
        Ok(Entities { lexicon: Lexicon::load()? })
    }

    /// The entities of the report, in order of their first mention.
    pub fn read(&self, input: Input<'_>, numbers: &[super::numbers::Number]) -> Vec<Entity> {
        let words = super::words::read(input);
        let phrases = phrases::read(input, &words, numbers, &self.lexicon);
        clusters::read(input, &words, &phrases)
    }

    /// The noun phrases that the entities are made of, for layers that count them.
    pub(crate) fn phrases(
        &self,
        input: Input<'_>,
        words: &[super::words::Word<'_>],
        numbers: &[super::numbers::Number],
    ) -> Vec<phrases::Phrase> {
        phrases::read(input, words, numbers, &self.lexicon)
    }
}
