//! Time expressions → TIMEX3 values, resolved against the report's own date.

use super::Input;
use crate::data::DataError;
use crate::text::Span;

/// TIMEX3 type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeKind {
    /// A calendar date, of any precision.
    Date,
    /// A time of day, or a part of one.
    Time,
    /// A length of time.
    Duration,
    /// A recurring time.
    Set,
}

/// How exactly an interval is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// To the minute.
    Minute,
    /// To the hour.
    Hour,
    /// To a part of the day (the part is in the TIMEX3 value).
    PartOfDay,
    /// To the day.
    Day,
    /// To some days.
    Days,
    /// To the week.
    Week,
    /// To the month.
    Month,
    /// To the season or quarter.
    Season,
    /// To the year.
    Year,
}

/// The interval a time expression names, local to the place of the incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extent {
    /// ISO 8601 date or date-time; `None` where the year or day is not fixed by anything.
    pub start: Option<String>,
    /// The last day or moment, inclusive.
    pub end: Option<String>,
    /// How exactly it is known.
    pub precision: Precision,
}

/// A time expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    /// Where it stands.
    pub span: Span,
    /// TIMEX3 type.
    pub kind: TimeKind,
    /// TIMEX3 value.
    pub value: String,
    /// The interval it names, where it is a date or a time.
    pub extent: Option<Extent>,
    /// The rule that read it.
    pub rule: String,
}

/// The times layer.
pub struct Times {}

impl Times {
    /// Loads the rules.
    ///
    /// # Errors
    /// The file, line and reason of a fault in the rules.
    pub fn load() -> Result<Times, DataError> {
        Ok(Times {})
    }

    /// The time expressions of the report, in order, without overlap.
    pub fn read(&self, _input: Input<'_>) -> Vec<Time> {
        Vec::new()
    }
}
