//! Report → Reading: the rooms called in order.

use std::fmt;

use crate::data::{Data, DataError};
use crate::encode::{Encoder, Scores};
use crate::facts::Incident;
use crate::facts::weights::Feature;
use crate::gate::Gate;
use crate::incidents::{Incidents, Parts};
use crate::ingest::language;
use crate::layers::Input;
use crate::layers::attributions::{Attribution, Attributions};
use crate::layers::entities::{Entities, Entity};
use crate::layers::events::{Event, Events};
use crate::layers::numbers::{Number, Numbers};
use crate::layers::places::{Place, Places};
use crate::layers::sentences::{self, Sentence};
use crate::layers::times::{Extent, Time, Times};
use crate::layers::tolls::{Candidate, TollMention, Tolls};
use crate::text::{Report, Span};

/// Everything that one report tells, and where.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The report as it was read.
    pub report: Report,
    /// Its sentences.
    pub sentences: Vec<Sentence>,
    /// Its number phrases.
    pub numbers: Vec<Number>,
    /// Its time expressions.
    pub times: Vec<Time>,
    /// Its place names.
    pub places: Vec<Place>,
    /// Its entities.
    pub entities: Vec<Entity>,
    /// Who says what.
    pub attributions: Vec<Attribution>,
    /// Its event triggers.
    pub events: Vec<Event>,
    /// Where it tells of people killed, wounded, abducted ...
    pub tolls: Vec<TollMention>,
    /// The incidents it tells.
    pub incidents: Vec<Incident>,
    /// The scores of the model's heads; not part of the contract.
    pub scores: Scores,
    /// Why the report was not read; its warnings say it too. `None` where it was.
    pub unread: Option<Unread>,
}

/// Why a report is kept and not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is in another language than English: an ISO 639-1 code.
    Language(String),
    /// It tells of no incident, as far as its words show.
    NoIncident,
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unread::Language(code) => write!(f, "is not English ({code}); it was not read"),
            Unread::NoIncident => {
                f.write_str("tells of no incident by its words; it was not read (--no-gate reads it)")
            }
        }
    }
}

impl Reading {
    /// A report that is kept and not read: no layer, no incident, and a warning that says why.
    pub fn unread(mut report: Report, why: Unread) -> Reading {
        let words = why.to_string();
        // A stored Reading that is read again holds it already.
        if !report.warnings.contains(&words) {
            report.warnings.push(words);
        }
        Reading {
            report,
            sentences: Vec::new(),
            numbers: Vec::new(),
            times: Vec::new(),
            places: Vec::new(),
            entities: Vec::new(),
            attributions: Vec::new(),
            events: Vec::new(),
            tolls: Vec::new(),
            incidents: Vec::new(),
            scores: Scores::default(),
            unread: Some(why),
        }
    }
}

/// What was to be chosen for one draft.
#[derive(Clone, Debug)]
pub struct Choices {
    /// The words that tell of it.
    pub anchors: Vec<Span>,
    /// The places that may be its own.
    pub places: Vec<PlaceChoice>,
    /// The dates that may be its own.
    pub dates: Vec<DateChoice>,
    /// The totals of the killed that the text gives reason for.
    pub killed: Vec<Candidate>,
    /// The totals of the wounded, for each total of the killed.
    pub wounded: Vec<(u64, Vec<Candidate>)>,
}

/// A date that may be a draft's.
#[derive(Clone, Debug)]
pub struct DateChoice {
    /// The days it names, as its first mention tells them.
    pub extent: Option<Extent>,
    /// Where it is mentioned.
    pub mentions: Vec<Span>,
    /// What speaks for it.
    pub features: Vec<Feature>,
}

/// A place that may be an incident's.
#[derive(Clone, Debug)]
pub struct PlaceChoice {
    /// Its name in the report.
    pub name: String,
    /// Its name in the gazetteer; `None` where the gazetteer has nothing.
    pub chosen: Option<String>,
    /// The larger places around it.
    pub within: Vec<String>,
    /// Where it is named, nearest to the act first.
    pub mentions: Vec<Span>,
    /// What speaks for it and against it.
    pub features: Vec<Feature>,
}

/// All that reading needs, loaded once.
pub struct Reader {
    encoder: Option<Encoder>,
    numbers: Numbers,
    times: Times,
    places: Places,
    entities: Entities,
    attributions: Attributions,
    events: Events,
    tolls: Tolls,
    incidents: Incidents,
    gate: Gate,
}

impl Reader {
    /// Loads rules, gazetteer and weights.
    ///
    /// # Errors
    /// The file, line and reason of a fault in the data.
    pub fn load(data: Data<'_>) -> Result<Reader, DataError> {
        Ok(Reader {
            encoder: Encoder::load(data.weights)?,
            numbers: Numbers::load()?,
            times: Times::load()?,
            places: Places::load(data.gazetteer)?,
            entities: Entities::load()?,
            attributions: Attributions::load()?,
            events: Events::load()?,
            tolls: Tolls::load()?,
            incidents: Incidents::load()?,
            gate: Gate::load()?,
        })
    }

    /// Reads a report: any text in, a Reading out. What is not English is not read: rules and model would guess.
    pub fn read(&self, report: Report) -> Reading {
        if let Some(code) = language::foreign(&report) {
            return Reading::unread(report, Unread::Language(code));
        }
        let mut reading = self.layers(report);
        reading.incidents = self.incidents.read(self.parts(&reading));
        reading
    }

    /// Reads a report of many that nobody picked, if its words show that it may tell of an incident.
    pub fn read_if_told(&self, report: Report) -> Reading {
        if language::foreign(&report).is_some() || self.gate.may_tell(&report) {
            return self.read(report);
        }
        Reading::unread(report, Unread::NoIncident)
    }

    /// The Reading with every fact that was found, whatever speaks against it, and the features of each, an incident
    /// a list: what `training/verifier.py` learns from.
    pub fn unverified(&self, report: Report) -> (Reading, Vec<Vec<Vec<Feature>>>) {
        let mut reading = self.layers(report);
        let (incidents, features) = self.incidents.unverified(self.parts(&reading)).into_iter().unzip();
        reading.incidents = incidents;
        (reading, features)
    }

    /// The Reading with every draft that may be an incident, told or not, and what speaks for each: what
    /// `training/incidents.py` learns from.
    pub fn drafted(&self, report: Report) -> (Reading, Vec<Vec<Feature>>) {
        let mut reading = self.layers(report);
        let (incidents, features) = self.incidents.drafted(self.parts(&reading)).into_iter().unzip();
        reading.incidents = incidents;
        (reading, features)
    }

    /// For each draft what was to be chosen: what `training/places.py`, `dates.py` and `tolls.py` learn from.
    pub fn choices(&self, report: Report) -> Vec<Choices> {
        let reading = self.layers(report);
        let drafts = self.incidents.choices(self.parts(&reading)).into_iter();
        let told = drafts.map(|draft| {
            let places = draft.places.into_iter().map(|(mentions, features)| PlaceChoice {
                name: mentions[0].name.clone(),
                chosen: mentions[0].chosen.as_ref().map(|c| c.name.clone()),
                within: mentions[0].chosen.as_ref().map(|c| self.places.containing(c)).unwrap_or_default(),
                mentions: mentions.iter().map(|p| p.span).collect(),
                features,
            });
            let dates = draft.dates.into_iter().map(|(mentions, features)| DateChoice {
                extent: mentions[0].extent.clone(),
                mentions: mentions.iter().map(|t| t.span).collect(),
                features,
            });
            Choices {
                anchors: draft.draft.anchors.iter().map(|a| a.span).collect(),
                places: places.collect(),
                dates: dates.collect(),
                killed: draft.killed,
                wounded: draft.wounded,
            }
        });
        told.collect()
    }

    /// The Reading without incidents.
    fn layers(&self, report: Report) -> Reading {
        let sentences = sentences::read(&report);
        let scores = self.encoder.as_ref().map(|encoder| encoder.encode(&report, &sentences)).unwrap_or_default();
        let input = Input { report: &report, scores: &scores, sentences: &sentences };
        let numbers = self.numbers.read(input);
        let times = self.times.read(input);
        let places = self.places.read(input);
        let entities = self.entities.read(input, &numbers);
        let attributions = self.attributions.read(input, &entities);
        let events = self.events.read(input, &entities);
        let tolls = self.tolls.read(input, &numbers, &entities, &self.entities);
        let incidents = Vec::new();
        let unread = None;
        Reading {
            sentences,
            numbers,
            times,
            places,
            entities,
            attributions,
            events,
            tolls,
            incidents,
            scores,
            report,
            unread,
        }
    }

    /// What the layers found, as the incidents and facts see it.
    pub(crate) fn parts<'a>(&'a self, reading: &'a Reading) -> Parts<'a> {
        Parts {
            input: Input { report: &reading.report, scores: &reading.scores, sentences: &reading.sentences },
            numbers: &reading.numbers,
            times: &reading.times,
            places: &reading.places,
            entities: &reading.entities,
            attributions: &reading.attributions,
            events: &reading.events,
            tolls: &reading.tolls,
            geography: &self.places,
        }
    }
}
