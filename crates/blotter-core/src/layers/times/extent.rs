//! Values → the interval they name, wide enough to be true.

use super::calendar::{self, Point, Unit};
use super::clock::Clock;
use super::forms::{Meaning, Value};
use super::{Extent, Precision};
use jiff::civil::Date;

/// The interval that a meaning names; `None` for what names none ("now", "three days").
pub(super) fn of(meaning: &Meaning) -> Option<Extent> {
    match (&meaning.value, meaning.days) {
        (Value::Set(_), _) => None,
        (Value::Point(_), Some(days)) | (Value::Ref(_), Some(days)) => Some(between(Some(days), Precision::Days)),
        (Value::Amount(amount), Some(days)) => Some(between(Some(days), precision(amount.unit).max(Precision::Days))),
        (Value::Point(point), None) => Some(between(point.days(), precision(point.unit()))),
        (Value::Moment(point, clock), _) => Some(moment(*point, *clock)),
        (Value::Ref(_) | Value::Amount(_), None) => None,
    }
}

fn between(days: Option<(Date, Date)>, precision: Precision) -> Extent {
    let (start, end) = days.unzip();
    Extent { start: start.map(|d| d.to_string()), end: end.map(|d| d.to_string()), precision }
}

fn moment(point: Point, clock: Clock) -> Extent {
    let Clock::At { hour, minute, second, to_the_minute, .. } = clock else {
        return between(point.days(), Precision::PartOfDay);
    };
    let precision = if to_the_minute { Precision::Minute } else { Precision::Hour };
    let Point::Day(date) = point else { return Extent { start: None, end: None, precision } };
    // 24:00 is the first moment of the next day.
    let (date, hour) = match hour {
        24 => (calendar::plus(date, 1, Unit::Day).unwrap_or(date), 0),
        _ => (date, hour),
    };
    let second = second.unwrap_or(0);
    let at = format!("{date}T{hour:02}:{minute:02}:{second:02}{}", clock.zone());
    Extent { start: Some(at.clone()), end: Some(at), precision }
}

fn precision(unit: Unit) -> Precision {
    match unit {
        Unit::Second | Unit::Minute => Precision::Minute,
        Unit::Hour => Precision::Hour,
        Unit::Day => Precision::Day,
        Unit::Weekend => Precision::Days,
        Unit::Week => Precision::Week,
        Unit::Month => Precision::Month,
        Unit::Quarter | Unit::Season | Unit::Half => Precision::Season,
        Unit::Year | Unit::Decade | Unit::Century | Unit::Millennium => Precision::Year,
    }
}
