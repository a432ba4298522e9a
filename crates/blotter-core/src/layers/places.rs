//! Place names → points on the map, chosen by everything the report says, alternatives kept.

use super::Input;
use crate::data::DataError;
use crate::text::Span;

/// A place a name may mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Name in the gazetteer.
    pub name: String,
    /// GeoNames id.
    pub geonames_id: u32,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// First-order division: for the United States the postal code ("TX"), elsewhere its name.
    pub admin1: Option<String>,
    /// "country", "admin1", "admin2", "settlement", "continent", "region", "site".
    pub kind: &'static str,
    /// 0 to 1.
    pub confidence: f64,
}

/// A place name in the report.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Where it stands.
    pub span: Span,
    /// The words as the report has them, normalised ("the U.S." → "U.S.").
    pub name: String,
    /// A demonym or adjective ("Russian") rather than the place's own name.
    pub demonym: bool,
    /// What it means; `None` where the gazetteer has nothing.
    pub chosen: Option<Candidate>,
    /// Other readings, likeliest first, five at most.
    pub alternatives: Vec<Candidate>,
    /// The larger places that the text itself names around it ("Paris, Texas" → "Texas"), as indices into the result.
    pub within: Vec<usize>,
    /// How it was found and chosen.
    pub rule: String,
}

/// The places layer, with its gazetteer.
pub struct Places {}

impl Places {
    /// Loads the word lists and the gazetteer (empty bytes: no name is resolved).
    ///
    /// # Errors
    /// The file, line and reason of a fault in the data.
    pub fn load(_gazetteer: &[u8]) -> Result<Places, DataError> {
        Ok(Places {})
    }

    /// The place names of the report, in order, without overlap.
    pub fn read(&self, _input: Input<'_>) -> Vec<Place> {
        Vec::new()
    }
}
