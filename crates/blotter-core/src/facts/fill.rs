//! Fills the fields of one incident, each by its own module.

use super::{
    Fact, attempts, fates, kinds, once, parties, place, reactions, responsibility, sites, stages, tolls, weapons, when,
};
use crate::data::DataError;
use crate::incidents::{Draft, Parts};

/// The modules that fill fields, with their word lists.
pub struct Filler {
    attempts: attempts::Attempts,
    stages: stages::Stages,
    parties: parties::Parties,
    tolls: tolls::Tolls,
    ranker: place::Ranker,
    dates: when::Ranker,
    sites: sites::Sites,
    weapons: weapons::Weapons,
    responsibility: responsibility::Responsibility,
    reactions: reactions::Reactions,
}

impl Filler {
    /// Loads the word lists.
    ///
    /// # Errors
    /// The file, line and reason of a fault in them.
    pub fn load() -> Result<Filler, DataError> {
        Ok(Filler {
            attempts: attempts::Attempts::load()?,
            stages: stages::Stages::load()?,
            parties: parties::Parties::load()?,
            tolls: tolls::Tolls::load()?,
            ranker: place::Ranker::load()?,
            dates: when::Ranker::load()?,
            sites: sites::Sites::load()?,
            weapons: weapons::Weapons::load()?,
            responsibility: responsibility::Responsibility::load()?,
            reactions: reactions::Reactions::load()?,
        })
    }

    /// The facts of an incident, without their sources.
    pub fn facts(&self, parts: Parts<'_>, draft: &Draft) -> Vec<Fact> {
        let weapons = self.weapons.facts(parts, draft);
        let outcome = self.attempts.read(parts, draft);
        let mut facts = kinds::types(parts, draft, &weapons);
        facts.extend(self.stages.stage(parts, draft, &outcome));
        facts.extend(when::facts(&self.dates, parts, draft));
        facts.extend(place::facts(&self.ranker, &self.sites, parts, draft));
        facts.extend(self.parties.facts(parts, draft, &outcome));
        facts.extend(self.tolls.facts(parts, draft));
        fates::share(&mut facts);
        once::one_fact_each(parts, &mut facts);
        facts.extend(weapons);
        facts.extend(self.responsibility.facts(parts, draft));
        facts.extend(self.reactions.facts(parts, draft));
        facts
    }
}
