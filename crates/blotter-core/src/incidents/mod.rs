//! The parts of a reading → the incidents that the report tells, each made of facts.
//!
//! Anchors (the words that tell of an incident) are found, gathered into drafts, one an incident, and every field of a
//! draft is filled by its module in `facts`.

pub mod anchors;
mod group;
mod round_up;
mod summary;
mod ties;
mod told;

use std::sync::Arc;

use crate::data::DataError;
use crate::facts::verify::{self, Verifier};
use crate::facts::weights::Feature;
use crate::facts::{self, Fact, Field, Incident, Relation, fill::Filler};
use crate::layers::Input;
use crate::layers::attributions::Attribution;
use crate::layers::entities::Entity;
use crate::layers::events::Event;
use crate::layers::numbers::Number;
use crate::layers::places::{Place, Places};
use crate::layers::times::Time;
use crate::layers::tolls::{Candidate, TollMention};
use anchors::{Anchor, Anchors};
use told::Judge;

/// So many sentences at the top, the headline among them, are the lead of a report.
const LEAD: usize = 4;

/// What the items of a round-up have in common, where none has its own.
const SHARED: [Field; 3] = [Field::When, Field::Perpetrator, Field::Weapon];

/// All that the layers found.
#[derive(Clone, Copy)]
#[allow(missing_docs, reason = "the names are those of the layers")]
pub struct Parts<'a> {
    pub input: Input<'a>,
    pub numbers: &'a [Number],
    pub times: &'a [Time],
    pub places: &'a [Place],
    pub entities: &'a [Entity],
    pub attributions: &'a [Attribution],
    pub events: &'a [Event],
    pub tolls: &'a [TollMention],
    pub geography: &'a Places,
}

/// Whether an incident is one of several that a report tells alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// It stands for itself.
    None,
    /// It happened at a street of its own in the report's town.
    AtStreet,
    /// It happened in a place of its own.
    OwnPlace,
}

/// An incident before its fields are filled.
#[derive(Clone, Debug)]
pub struct Draft {
    /// How it stands to the report.
    pub relation: Relation,
    /// The words that tell of it, in order.
    pub anchors: Vec<Anchor>,
    /// The sentences that tell of it, in order.
    pub sentences: Vec<usize>,
    /// Whether it is one of a round-up.
    pub item: Item,
    /// What tells of it together with the other items of a round-up.
    pub frame: Option<Arc<Draft>>,
}

impl Draft {
    /// The anchors of the act itself: an arrest that follows it has its own day and place.
    pub fn act(&self) -> impl Iterator<Item = &Anchor> {
        let only_arrests = self.anchors.iter().all(|a| a.code == "arrest");
        self.anchors.iter().filter(move |a| only_arrests || a.code != "arrest")
    }

    /// Whether the incident is told beside the report's own: as background, or only after the lead.
    pub fn told_aside(&self) -> bool {
        self.relation != Relation::Main || self.act().all(|a| a.sentence > LEAD)
    }

    /// Whether the sentence tells of the incident.
    pub fn tells(&self, sentence: usize) -> bool {
        self.sentences.binary_search(&sentence).is_ok()
    }
}

/// A draft with what is to be chosen for it.
pub struct Chosen<'a> {
    /// The draft.
    pub draft: Draft,
    /// The places that may be its own.
    pub places: Vec<facts::place::Candidate<'a>>,
    /// The dates that may be its own.
    pub dates: Vec<facts::when::DateCandidate<'a>>,
    /// The totals of the killed.
    pub killed: Vec<Candidate>,
    /// The totals of the wounded, for each total of the killed.
    pub wounded: Vec<(u64, Vec<Candidate>)>,
}

/// The incidents room, with its word lists.
pub struct Incidents {
    anchors: Anchors,
    filler: Filler,
    verifier: Verifier,
    judge: Judge,
}

impl Incidents {
    /// Loads the word lists.
    ///
    /// # Errors
    /// The file, line and reason of a fault in the data.
    pub fn load() -> Result<Incidents, DataError> {
        Ok(Incidents {
            anchors: Anchors::load()?,
            filler: Filler::load()?,
            verifier: Verifier::load()?,
            judge: Judge::load()?,
        })
    }

    /// The incidents of the report: main ones first, then related and background ones, each in order of the text.
    pub fn read(&self, parts: Parts<'_>) -> Vec<Incident> {
        let anchors = self.anchors.find(parts);
        let drafts = group::drafts(parts, anchors);
        let told = |(draft, facts): &(&Draft, Vec<Fact>)| self.judge.told(parts, draft, facts);
        let verified = drafts.iter().filter_map(|draft| Some((draft, self.verified(parts, draft)?)));
        let mut incidents: Vec<Incident> = verified.filter(told).map(|(draft, facts)| incident(draft, facts)).collect();
        incidents.sort_by_key(|incident| incident.relation);
        incidents
    }

    /// The incidents as they stand before the facts are verified, each with what speaks for and against every fact:
    /// what the verifier's weights are learned from.
    pub fn unverified(&self, parts: Parts<'_>) -> Vec<(Incident, Vec<Vec<Feature>>)> {
        let drafts = group::drafts(parts, self.anchors.find(parts));
        let told = drafts.iter().map(|draft| {
            let facts = self.facts(parts, draft);
            let features = (0..facts.len()).map(|i| verify::features(parts, draft, &facts, i)).collect();
            let incident =
                Incident { relation: draft.relation, summary: String::new(), toll: summary::toll(&facts), facts };
            (incident, features)
        });
        told.collect()
    }

    /// The drafts of the report with their verified facts, told or not, each with what speaks for its being told: what the
    /// judge's weights are learned from.
    pub fn drafted(&self, parts: Parts<'_>) -> Vec<(Incident, Vec<Feature>)> {
        let drafts = group::drafts(parts, self.anchors.find(parts));
        let verified = drafts.iter().filter_map(|draft| Some((draft, self.verified(parts, draft)?)));
        verified
            .map(|(draft, facts)| (told::features(parts, draft, &facts), draft, facts))
            .map(|(features, draft, facts)| (incident(draft, facts), features))
            .collect()
    }

    /// The drafts of the report, each with what is to be chosen for it and what speaks for each choice: what the weights of
    /// these choices are learned from.
    pub fn choices<'a>(&self, parts: Parts<'a>) -> Vec<Chosen<'a>> {
        let drafts = group::drafts(parts, self.anchors.find(parts)).into_iter();
        let chosen = drafts.map(|draft| {
            let (killed, wounded) = facts::tolls::candidates(parts, &draft);
            let (places, dates) = (facts::place::candidates(parts, &draft), facts::when::candidates(parts, &draft));
            Chosen { draft, places, dates, killed, wounded }
        });
        chosen.collect()
    }

    /// All facts that the fields' modules find, with their sources.
    fn facts(&self, parts: Parts<'_>, draft: &Draft) -> Vec<Fact> {
        let mut facts = self.filler.facts(parts, draft);
        facts::sources::attach(parts, &mut facts);
        facts
    }

    /// The verified facts of a draft, in the order of fields; `None` where they say no more than that something happened.
    fn verified(&self, parts: Parts<'_>, draft: &Draft) -> Option<Vec<Fact>> {
        let mut facts = self.verifier.verify(parts, draft, self.facts(parts, draft));
        if let Some(frame) = &draft.frame {
            let shared = self.verifier.verify(parts, frame, self.facts(parts, frame)).into_iter();
            // Acts at several streets share their day, and are not one party's.
            let shares = |f: &Fact| f.field == Field::When || draft.item == Item::OwnPlace && SHARED.contains(&f.field);
            let wanting = |f: &Fact| shares(f) && !facts.iter().any(|own| own.field == f.field);
            let shared: Vec<Fact> = shared.filter(wanting).collect();
            facts.extend(shared);
        }
        facts.sort_by_key(|fact| Field::ALL.iter().position(|f| *f == fact.field));
        facts.iter().any(telling).then_some(facts)
    }
}

fn incident(draft: &Draft, facts: Vec<Fact>) -> Incident {
    let toll = summary::toll(&facts);
    Incident { relation: draft.relation, summary: summary::sentence(&facts), facts, toll }
}

/// Whether a fact says more than that something happened.
fn telling(fact: &Fact) -> bool {
    !matches!(fact.field, Field::Type | Field::Stage)
}
