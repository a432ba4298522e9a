//! What the slots of a rule mean together, before and after they are resolved.

use super::calendar::{Point, Unit};
use super::clock::Clock;
use jiff::civil::Date;

/// How the slots of a rule make a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Nothing,
    NumericDate,
    Day,
    DayOfMonth,
    Thanksgiving,
    Month,
    Weekday,
    Year,
    Decade,
    Century,
    Season,
    Quarter,
    TheQuarter,
    Half,
    YearAgo,
    YearEnd,
    WeekOf,
    YearQuarter,
    Unit,
    Weekend,
    Offset,
    Relative,
    Ago,
    Ahead,
    Later,
    Earlier,
    Amount,
    Past,
    Future,
    Pass,
    Part,
    Clock,
    Ref,
    Set,
}

impl Form {
    /// The form that the rule file names.
    pub fn named(name: &str) -> Option<Form> {
        Some(match name {
            "nothing" => Form::Nothing,
            "numeric-date" => Form::NumericDate,
            "day" => Form::Day,
            "day-of-month" => Form::DayOfMonth,
            "thanksgiving" => Form::Thanksgiving,
            "month" => Form::Month,
            "weekday" => Form::Weekday,
            "year" => Form::Year,
            "decade" => Form::Decade,
            "century" => Form::Century,
            "season" => Form::Season,
            "quarter" => Form::Quarter,
            "the-quarter" => Form::TheQuarter,
            "half" => Form::Half,
            "year-ago" => Form::YearAgo,
            "year-end" => Form::YearEnd,
            "week-of" => Form::WeekOf,
            "year-quarter" => Form::YearQuarter,
            "unit" => Form::Unit,
            "weekend" => Form::Weekend,
            "offset" => Form::Offset,
            "relative" => Form::Relative,
            "ago" => Form::Ago,
            "ahead" => Form::Ahead,
            "later" => Form::Later,
            "earlier" => Form::Earlier,
            "amount" => Form::Amount,
            "past" => Form::Past,
            "future" => Form::Future,
            "pass" => Form::Pass,
            "part" => Form::Part,
            "clock" => Form::Clock,
            "ref" => Form::Ref,
            "set" => Form::Set,
            _ => return None,
        })
    }
}

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Amount {
    /// How many units; `None` where it is not said ("several").
    pub n: Option<f64>,
    /// The unit.
    pub unit: Unit,
}

impl Amount {
    /// TIMEX3 value: "P3D", "PT30M", "P2Y6M", "PXW".
    pub fn value(self) -> String {
        let (letter, smaller) = match self.unit {
            Unit::Second => ("S", None),
            Unit::Minute => ("M", Some("30S")),
            Unit::Hour => ("H", Some("30M")),
            Unit::Day => ("D", None),
            Unit::Weekend => ("WE", None),
            Unit::Week => ("W", None),
            Unit::Month => ("M", None),
            Unit::Quarter | Unit::Season => ("Q", None),
            Unit::Half => ("H", None),
            Unit::Year => ("Y", Some("6M")),
            Unit::Decade => ("DE", None),
            Unit::Century => ("CE", None),
            Unit::Millennium => ("L", None),
        };
        let head = if self.unit <= Unit::Hour { "PT" } else { "P" };
        let Some(n) = self.n else { return format!("{head}X{letter}") };
        match (self.unit, smaller) {
            (Unit::Decade, _) => format!("P{}Y", n * 10.0),
            (Unit::Century, _) => format!("P{}Y", n * 100.0),
            (_, Some(half)) if n == 0.5 => format!("{head}{half}"),
            (_, Some(half)) if n.fract() == 0.5 => format!("{head}{}{letter}{half}", n.trunc()),
            _ => format!("{head}{n}{letter}"),
        }
    }

    /// How many units, where that is said and whole.
    pub fn whole(self) -> Option<i64> {
        self.n.filter(|n| n.fract() == 0.0 && *n < 1e6).map(|n| n as i64)
    }
}

/// What a time expression means.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// A stretch of the calendar.
    Point(Point),
    /// A moment or a part of a day.
    Moment(Point, Clock),
    /// A length of time.
    Amount(Amount),
    /// Past, present or future, no more being said.
    Ref(&'static str),
    /// Something that comes again.
    Set(String),
}

/// A value, and the days it stretches over where the value does not tell them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Meaning {
    pub value: Value,
    pub days: Option<(Date, Date)>,
}

impl From<Value> for Meaning {
    fn from(value: Value) -> Meaning {
        Meaning { value, days: None }
    }
}

impl From<Point> for Meaning {
    fn from(point: Point) -> Meaning {
        Value::Point(point).into()
    }
}
