//! The types of facts and incidents: what a record is made of.

use crate::layers::entities::{EntityKind, Gender};
use crate::layers::times::Precision;
use crate::text::Span;

/// The fields of a fact, the one list that JSON, views and codebooks follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are the contract's own")]
pub enum Field {
    Type,
    Stage,
    When,
    Where,
    Target,
    Victim,
    Perpetrator,
    Suspect,
    Participant,
    Responder,
    Killed,
    Wounded,
    Casualties,
    Missing,
    Abducted,
    Arrested,
    Displaced,
    Weapon,
    Damage,
    Responsibility,
    Reaction,
}

impl Field {
    /// Every field, in the order in which people read a record.
    pub const ALL: [Field; 21] = [
        Field::Type,
        Field::Stage,
        Field::When,
        Field::Where,
        Field::Target,
        Field::Victim,
        Field::Perpetrator,
        Field::Suspect,
        Field::Participant,
        Field::Responder,
        Field::Killed,
        Field::Wounded,
        Field::Casualties,
        Field::Missing,
        Field::Abducted,
        Field::Arrested,
        Field::Displaced,
        Field::Weapon,
        Field::Damage,
        Field::Responsibility,
        Field::Reaction,
    ];

    /// The name in JSON ("killed").
    pub fn name(self) -> &'static str {
        match self {
            Field::Type => "type",
            Field::Stage => "stage",
            Field::When => "when",
            Field::Where => "where",
            Field::Target => "target",
            Field::Victim => "victim",
            Field::Perpetrator => "perpetrator",
            Field::Suspect => "suspect",
            Field::Participant => "participant",
            Field::Responder => "responder",
            Field::Killed => "killed",
            Field::Wounded => "wounded",
            Field::Casualties => "casualties",
            Field::Missing => "missing",
            Field::Abducted => "abducted",
            Field::Arrested => "arrested",
            Field::Displaced => "displaced",
            Field::Weapon => "weapon",
            Field::Damage => "damage",
            Field::Responsibility => "responsibility",
            Field::Reaction => "reaction",
        }
    }
}

/// How a fact stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Said, or told in the report's own voice.
    Reported,
    /// Said to be confirmed.
    Confirmed,
    /// Accused, suspected, claimed without confirmation.
    Alleged,
    /// Denied by someone with standing.
    Denied,
    /// Said to be unknown.
    Unknown,
}

impl Status {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Status::Reported => "reported",
            Status::Confirmed => "confirmed",
            Status::Alleged => "alleged",
            Status::Denied => "denied",
            Status::Unknown => "unknown",
        }
    }
}

/// Who says it, and by which way it reached the report.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Source {
    /// Index of the attribution; `None` for a source without one ("reportedly").
    pub attribution: Option<usize>,
    /// The words for the source.
    pub name: String,
    /// The relays, nearest first, the outlet itself left out.
    pub via: Vec<String>,
}

/// A count with its bounds; `max: None` is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Count {
    /// The least.
    pub min: Option<u64>,
    /// The value said; `None` for vague words.
    pub best: Option<u64>,
    /// The most; `None` = open.
    pub max: Option<u64>,
}

impl Count {
    /// An exact count.
    pub fn exactly(n: u64) -> Count {
        Count { min: Some(n), best: Some(n), max: Some(n) }
    }
}

/// What happened to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are the contract's own")]
pub enum Harm {
    Killed,
    Wounded,
    Abducted,
    Released,
    Missing,
    Arrested,
    Unharmed,
}

impl Harm {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Harm::Killed => "killed",
            Harm::Wounded => "wounded",
            Harm::Abducted => "abducted",
            Harm::Released => "released",
            Harm::Missing => "missing",
            Harm::Arrested => "arrested",
            Harm::Unharmed => "unharmed",
        }
    }
}

/// How exactly a place is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are the contract's own")]
pub enum PlacePrecision {
    Site,
    Settlement,
    District,
    Admin1,
    Country,
}

impl PlacePrecision {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            PlacePrecision::Site => "site",
            PlacePrecision::Settlement => "settlement",
            PlacePrecision::District => "district",
            PlacePrecision::Admin1 => "admin1",
            PlacePrecision::Country => "country",
        }
    }
}

/// The value of a fact, one shape a group of fields.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `type` and `stage`.
    Code(String),
    /// `when`.
    When {
        /// ISO 8601; `None` where nothing fixes it.
        start: Option<String>,
        /// ISO 8601, inclusive.
        end: Option<String>,
        /// How exactly.
        precision: Precision,
        /// TIMEX3 value.
        timex: String,
    },
    /// `where`.
    Where(Box<Where>),
    /// People and organizations in a role.
    Party(Box<Party>),
    /// `weapon`.
    Weapon {
        /// Index of the entity.
        entity: Option<usize>,
        /// The words for it.
        name: String,
        /// "firearm", "explosive", "drone", "rocket", "mortar", "blade", "fire", "vehicle", "chemical", "other".
        kind: &'static str,
        /// How many.
        number: Option<Count>,
    },
    /// `killed`, `wounded`, `casualties`, `missing`, `abducted`, `arrested`, `displaced`.
    Toll(Box<Toll>),
    /// `damage`.
    Damage {
        /// Index of the entity.
        entity: Option<usize>,
        /// The words for it.
        name: String,
        /// "damaged", "destroyed", "none".
        extent: &'static str,
    },
    /// `responsibility`: the party (entity, name), where there is one, and "claimed", "accused", "denied", "unknown".
    Responsibility {
        /// Who.
        party: Option<(Option<usize>, String)>,
        /// "claimed", "accused", "denied", "unknown".
        stance: &'static str,
    },
    /// `reaction`.
    Reaction {
        /// Index of the entity.
        entity: Option<usize>,
        /// The words for it.
        name: String,
        /// "condemns", "praises", "mourns", "offers-help", "demands", "threatens", "welcomes".
        stance: &'static str,
    },
}

/// The value of a `where` fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Where {
    /// The most specific named place.
    pub name: String,
    /// Larger places, nearest first.
    pub within: Vec<String>,
    /// GeoNames id.
    pub geonames_id: Option<u32>,
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lon: Option<f64>,
    /// ISO 3166-1 alpha-2; `None` at sea or unknown.
    pub country: Option<String>,
    /// First-order division (US: postal code).
    pub admin1: Option<String>,
    /// How exactly.
    pub precision: PlacePrecision,
    /// Radius of uncertainty in kilometres.
    pub radius_km: Option<f64>,
    /// The settlement it is in.
    pub settlement: Option<String>,
    /// Whether geography, not the text, gave `settlement` or part of `within`.
    pub inferred: bool,
}

/// The value of a `perpetrator`, `suspect`, `victim`, `target`, `participant` or `responder` fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Party {
    /// Index of the entity.
    pub entity: Option<usize>,
    /// The words for it.
    pub name: String,
    /// What it is.
    pub kind: EntityKind,
    /// How many, where several.
    pub number: Option<Count>,
    /// Years.
    pub age: Option<u32>,
    /// As words and pronouns tell it.
    pub gender: Option<Gender>,
    /// What happened to them.
    pub harm: Option<Harm>,
    /// "civilian", "police", ...
    pub group: Option<&'static str>,
}

/// What part of an incident a toll covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All of it.
    Total,
    /// A part ("two of them guards").
    Part,
    /// Several incidents together.
    Series,
}

/// The value of a toll fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Toll {
    /// How many.
    pub count: Count,
    /// Whom ("harbour guards").
    pub who: Option<String>,
    /// Index of the entity.
    pub entity: Option<usize>,
    /// "civilian", "police", ...
    pub group: Option<&'static str>,
    /// What it covers.
    pub scope: Scope,
    /// Whether these are the attackers, who stand outside the others' total.
    pub attackers: bool,
    /// Whether it is told beside the incident's total: a part, another source's total, the toll of several incidents.
    pub beside: bool,
}

/// A fact: one value of one field, how it stands, who says so, the words that carry it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Which field.
    pub field: Field,
    /// Its value.
    pub value: Value,
    /// How it stands.
    pub status: Status,
    /// Who says so; empty = the report's own voice.
    pub sources: Vec<Source>,
    /// Who denies it.
    pub denied_by: Vec<Source>,
    /// The exact words that carry the value; never empty.
    pub evidence: Vec<Span>,
    /// 0 to 1, calibrated: of the facts given 0.8, four in five are right.
    pub confidence: f64,
    /// The head, rule or table that produced it.
    pub why: String,
}

/// How an incident stands to the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// What the report is about.
    Main,
    /// Tied to the main one by cause or series.
    Related,
    /// Told as context.
    Background,
}

impl Relation {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Relation::Main => "main",
            Relation::Related => "related",
            Relation::Background => "background",
        }
    }
}

/// The derived toll of an incident: everyone, attackers too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[allow(missing_docs, reason = "the names are the contract's own")]
pub struct TollSummary {
    pub killed: Option<Count>,
    pub wounded: Option<Count>,
    pub missing: Option<Count>,
    pub abducted: Option<Count>,
    pub arrested: Option<Count>,
}

/// One incident of one report.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    /// How it stands to the report.
    pub relation: Relation,
    /// One sentence made from the facts.
    pub summary: String,
    /// Its facts, in the order of `Field::ALL`.
    pub facts: Vec<Fact>,
    /// Derived from the facts.
    pub toll: TollSummary,
}
