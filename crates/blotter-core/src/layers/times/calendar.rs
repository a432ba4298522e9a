//! Stretches of the calendar, each with its precision, and arithmetic on them.
//!
//! Values are written as TIMEX3 does (TimeML 1.2.1): "1998-02-13", "1998-W07", "1998-Q1", "1998-SU", "199".

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Weekend,
    Week,
    Month,
    Quarter,
    Season,
    Half,
    Year,
    Decade,
    Century,
    Millennium,
}

impl Unit {
    /// The unit that a word list names.
    pub fn named(name: &str) -> Option<Unit> {
        Some(match name {
            "second" => Unit::Second,
            "minute" => Unit::Minute,
            "hour" => Unit::Hour,
            "day" => Unit::Day,
            "weekend" => Unit::Weekend,
            "week" => Unit::Week,
            "month" => Unit::Month,
            "quarter" => Unit::Quarter,
            "season" => Unit::Season,
            "half" => Unit::Half,
            "year" => Unit::Year,
            "decade" => Unit::Decade,
            "century" => Unit::Century,
            "millennium" => Unit::Millennium,
            _ => return None,
        })
    }

    /// The value of a stretch of this unit of which nothing else is known.
    pub fn unknown(self) -> &'static str {
        match self {
            Unit::Second | Unit::Minute | Unit::Hour => "XXXX-XX-XXTXX",
            Unit::Day => "XXXX-XX-XX",
            Unit::Weekend => "XXXX-WXX-WE",
            Unit::Week => "XXXX-WXX",
            Unit::Month => "XXXX-XX",
            Unit::Quarter => "XXXX-QX",
            Unit::Season | Unit::Half | Unit::Year => "XXXX",
            Unit::Decade => "XXX",
            Unit::Century | Unit::Millennium => "XX",
        }
    }
}

/// A season of the northern year, as news in English means it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

/// A stretch of the calendar. A year that nothing fixes is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Point {
    /// The hundred years that begin with 100 × it.
    Century(i16),
    /// The ten years that begin with 10 × it.
    Decade(i16),
    Year(i16),
    Half(Option<i16>, i8),
    Quarter(Option<i16>, i8),
    Season(Option<i16>, Season),
    Month(Option<i16>, i8),
    /// The ISO week that begins with this Monday.
    Week(Date),
    /// The weekend of the ISO week that begins with this Monday.
    Weekend(Date),
    Day(Date),
    /// Month and day of a year that nothing fixes.
    YearlessDay(i8, i8),
    /// A day of a week that nothing fixes.
    AnyWeekday(Weekday),
    /// Some stretch of this unit.
    Unknown(Unit),
}

impl Point {
    /// The stretch of `unit` that holds a day; the day itself for shorter units.
    pub fn holding(unit: Unit, date: Date) -> Point {
        let year = date.year();
        match unit {
            Unit::Second | Unit::Minute | Unit::Hour | Unit::Day => Point::Day(date),
            Unit::Weekend => Point::Weekend(monday(date)),
            Unit::Week => Point::Week(monday(date)),
            Unit::Month => Point::Month(Some(year), date.month()),
            Unit::Quarter => Point::Quarter(Some(year), (date.month() + 2) / 3),
            Unit::Season => Point::Season(Some(year), season_of(date.month())),
            Unit::Half => Point::Half(Some(year), (date.month() + 5) / 6),
            Unit::Year => Point::Year(year),
            Unit::Decade => Point::Decade(year.div_euclid(10)),
            Unit::Century | Unit::Millennium => Point::Century(year.div_euclid(100)),
        }
    }

    /// The unit it is a stretch of.
    pub fn unit(self) -> Unit {
        match self {
            Point::Century(_) => Unit::Century,
            Point::Decade(_) => Unit::Decade,
            Point::Year(_) => Unit::Year,
            Point::Half(..) => Unit::Half,
            Point::Quarter(..) => Unit::Quarter,
            Point::Season(..) => Unit::Season,
            Point::Month(..) => Unit::Month,
            Point::Week(_) => Unit::Week,
            Point::Weekend(_) => Unit::Weekend,
            Point::Day(_) | Point::YearlessDay(..) | Point::AnyWeekday(_) => Unit::Day,
            Point::Unknown(unit) => unit,
        }
    }

    /// The year, where it is fixed and one.
    pub fn year(self) -> Option<i16> {
        match self {
            Point::Year(year) => Some(year),
            Point::Half(year, _) | Point::Quarter(year, _) | Point::Season(year, _) | Point::Month(year, _) => year,
            Point::Week(date) | Point::Weekend(date) | Point::Day(date) => Some(date.year()),
            _ => None,
        }
    }

    /// The first and the last day; `None` where nothing fixes them.
    pub fn days(self) -> Option<(Date, Date)> {
        let years = |from: i16, to: i16| Some((day(from, 1, 1)?, day(to, 12, 31)?));
        match self {
            Point::Century(c) => years(c.checked_mul(100)?, c.checked_mul(100)?.checked_add(99)?),
            Point::Decade(d) => years(d.checked_mul(10)?, d.checked_mul(10)?.checked_add(9)?),
            Point::Year(year) => years(year, year),
            Point::Half(year, half) => months(year?, half * 6 - 5, 6),
            Point::Quarter(year, quarter) => months(year?, quarter * 3 - 2, 3),
            Point::Season(year, season) => season_days(year?, season),
            Point::Month(year, month) => months(year?, month, 1),
            Point::Week(date) => Some((date, plus(date, 6, Unit::Day)?)),
            Point::Weekend(date) => Some((plus(date, 5, Unit::Day)?, plus(date, 6, Unit::Day)?)),
            Point::Day(date) => Some((date, date)),
            Point::YearlessDay(..) | Point::AnyWeekday(_) | Point::Unknown(_) => None,
        }
    }

    /// The stretch of the same unit that begins `n` units later (earlier where negative).
    pub fn shifted(self, n: i64, unit: Unit) -> Option<Point> {
        if let (Point::Season(Some(year), season), Unit::Season | Unit::Year) = (self, unit) {
            return Some(Point::Season(Some(year.checked_add(i16::try_from(n).ok()?)?), season));
        }
        Some(Point::holding(self.unit(), plus(self.days()?.0, n, unit)?))
    }

    /// TIMEX3 value.
    pub fn value(self) -> String {
        let written = |year: Option<i16>| year.map_or("XXXX".to_owned(), |year| format!("{year:04}"));
        match self {
            Point::Century(c) => format!("{c:02}"),
            Point::Decade(d) => format!("{d:03}"),
            Point::Year(year) => format!("{year:04}"),
            Point::Half(year, half) => format!("{}-H{half}", written(year)),
            Point::Quarter(year, quarter) => format!("{}-Q{quarter}", written(year)),
            Point::Season(year, season) => format!("{}-{}", written(year), season_code(season)),
            Point::Month(year, month) => format!("{}-{month:02}", written(year)),
            Point::Week(date) => week_value(date),
            Point::Weekend(date) => format!("{}-WE", week_value(date)),
            Point::Day(date) => date.to_string(),
            Point::YearlessDay(month, day) => format!("XXXX-{month:02}-{day:02}"),
            Point::AnyWeekday(weekday) => format!("XXXX-WXX-{}", weekday.to_monday_one_offset()),
            Point::Unknown(unit) => unit.unknown().to_owned(),
        }
    }
}

/// A day; `None` where the calendar has no such day.
pub(super) fn day(year: i16, month: i8, day: i8) -> Option<Date> {
    Date::new(year, month, day).ok()
}

/// A day `n` units later (earlier where negative); `None` beyond the years that can be held.
pub(super) fn plus(date: Date, n: i64, unit: Unit) -> Option<Date> {
    // Far beyond any calendar, and a bound that keeps the arithmetic below from overflowing.
    if n.abs() > 4_000_000 {
        return None;
    }
    let span = match unit {
        Unit::Second | Unit::Minute | Unit::Hour | Unit::Day => 1.day().checked_mul(n),
        Unit::Week | Unit::Weekend => 7.days().checked_mul(n),
        Unit::Month => 1.month().checked_mul(n),
        Unit::Quarter | Unit::Season => 3.months().checked_mul(n),
        Unit::Half => 6.months().checked_mul(n),
        Unit::Year => 1.year().checked_mul(n),
        Unit::Decade => 10.years().checked_mul(n),
        Unit::Century => 100.years().checked_mul(n),
        Unit::Millennium => 1000.years().checked_mul(n),
    };
    date.checked_add(span.ok()?).ok()
}

/// The Monday of the ISO week of a day.
pub(super) fn monday(date: Date) -> Date {
    plus(date, -i64::from(date.weekday().to_monday_zero_offset()), Unit::Day).unwrap_or(date)
}

fn months(year: i16, first: i8, count: i8) -> Option<(Date, Date)> {
    let last = day(year, first + count - 1, 1)?;
    Some((day(year, first, 1)?, last.last_of_month()))
}

/// From the earliest to the latest day that news counts to a season; winter ends in the next year.
fn season_days(year: i16, season: Season) -> Option<(Date, Date)> {
    Some(match season {
        Season::Spring => (day(year, 3, 1)?, day(year, 6, 20)?),
        Season::Summer => (day(year, 6, 1)?, day(year, 9, 22)?),
        Season::Autumn => (day(year, 9, 1)?, day(year, 12, 20)?),
        Season::Winter => (day(year, 12, 1)?, day(year.checked_add(1)?, 3, 20)?),
    })
}

fn season_of(month: i8) -> Season {
    match month {
        3..=5 => Season::Spring,
        6..=8 => Season::Summer,
        9..=11 => Season::Autumn,
        _ => Season::Winter,
    }
}

fn season_code(season: Season) -> &'static str {
    match season {
        Season::Spring => "SP",
        Season::Summer => "SU",
        Season::Autumn => "FA",
        Season::Winter => "WI",
    }
}

fn week_value(date: Date) -> String {
    let week = date.iso_week_date();
    format!("{:04}-W{:02}", week.year(), week.week())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(year: i16, month: i8, d: i8) -> Date {
        day(year, month, d).unwrap()
    }

    #[test]
    fn stretches_write_their_values() {
        let date = at(1998, 2, 13);
        let values: Vec<String> = [Unit::Day, Unit::Weekend, Unit::Week, Unit::Month, Unit::Quarter, Unit::Half]
            .into_iter()
            .chain([Unit::Season, Unit::Year, Unit::Decade, Unit::Century])
            .map(|unit| Point::holding(unit, date).value())
            .collect();
        let wanted = "1998-02-13 1998-W07-WE 1998-W07 1998-02 1998-Q1 1998-H1 1998-WI 1998 199 19";
        assert_eq!(values.join(" "), wanted);
    }

    #[test]
    fn stretches_shift_across_years_and_short_months() {
        let shifted = |point: Point, n, unit| point.shifted(n, unit).map(Point::value);
        assert_eq!(shifted(Point::Month(Some(2024), 1), -1, Unit::Month).as_deref(), Some("2023-12"));
        assert_eq!(shifted(Point::Quarter(Some(2024), 1), -1, Unit::Quarter).as_deref(), Some("2023-Q4"));
        assert_eq!(shifted(Point::Day(at(2024, 2, 29)), -1, Unit::Year).as_deref(), Some("2023-02-28"));
        assert_eq!(shifted(Point::Week(at(2024, 1, 1)), -1, Unit::Week).as_deref(), Some("2023-W52"));
        assert_eq!(shifted(Point::YearlessDay(2, 3), 1, Unit::Day), None);
        assert_eq!(shifted(Point::Year(9999), 9, Unit::Year), None);
    }

    #[test]
    fn stretches_know_their_days() {
        let days = |point: Point| point.days().map(|(a, b)| format!("{a} {b}"));
        assert_eq!(days(Point::Half(Some(2023), 2)).as_deref(), Some("2023-07-01 2023-12-31"));
        assert_eq!(days(Point::Month(Some(2024), 2)).as_deref(), Some("2024-02-01 2024-02-29"));
        assert_eq!(days(Point::Decade(199)).as_deref(), Some("1990-01-01 1999-12-31"));
        assert_eq!(days(Point::Month(None, 2)), None);
    }
}
