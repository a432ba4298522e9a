//! Days of the calendar: "12 March", "March 4-6", "Monday", "03/12/2024", "the 12th".

use super::calendar::{self, Point, Unit};
use super::forms::Meaning;
use super::lexicon::Match;
use super::resolve::Resolver;
use super::tense::Tense;
use jiff::civil::{Date, Weekday};

/// How many days off a day of the month is taken for the nearest such day, whatever the tense. Set on TimeBank.
const NEAR: i64 = 90;

impl Resolver<'_, '_> {
    /// A year of two digits in the century that brings it closest to the report, or up to 2029 without a date.
    pub(super) fn century_of(&self, year: i16) -> i16 {
        let latest = self.context.anchor.map_or(2029, |anchor| anchor.year().saturating_add(20));
        let candidate = latest - latest.rem_euclid(100) + year;
        if candidate > latest { candidate - 100 } else { candidate }
    }

    pub(super) fn numeric_date(&self, m: &Match) -> Option<Point> {
        let raw = self.words.raw(m.word("date")?);
        let parts: Vec<i16> = raw.split(['-', '/', '.']).filter_map(|p| p.parse().ok()).collect();
        let &[a, b, c] = parts.as_slice() else { return None };
        let year = |y: i16| if y < 100 { self.century_of(y) } else { y };
        let made = |y: i16, month: i16, day: i16| calendar::day(y, month as i8, day as i8);
        let date = if a > 31 {
            made(a, b, c)
        } else {
            // Which of day and month stands first is not said: the one the calendar allows, then the one nearer to the
            // report's date.
            let (day_first, month_first) = (made(year(c), b, a), made(year(c), a, b));
            match (day_first, month_first, self.context.anchor) {
                (Some(one), Some(other), Some(anchor)) => Some(nearer(anchor, one, other)),
                (one, other, _) => one.or(other),
            }
        };
        date.map(Point::Day)
    }

    pub(super) fn day(&self, m: &Match) -> Option<Meaning> {
        let month = i8::try_from(m.whole("month")?).ok()?;
        let day = i8::try_from(m.whole("day")?).ok()?;
        // Every day that some year has.
        calendar::day(2000, month, day)?;
        let weekday = m.whole("weekday").and_then(weekday_of);
        let year = self.said_year(m).or_else(|| self.near_year(month, day, weekday));
        let Some(year) = year else { return Some(Point::YearlessDay(month, day).into()) };
        let date = calendar::day(year, month, day)?;
        let last = m.whole("day2").and_then(|d| calendar::day(year, month, d as i8)).filter(|last| *last > date);
        Some(Meaning { days: last.map(|last| (date, last)), ..Point::Day(date).into() })
    }

    /// The year of a month and day that say none: the weekday decides where there is one, then the tense, then nearness.
    fn near_year(&self, month: i8, day: i8, weekday: Option<Weekday>) -> Option<i16> {
        let Some(anchor) = self.context.anchor else { return self.context.year };
        let dates = (anchor.year() - 6..=anchor.year() + 6).filter_map(|year| calendar::day(year, month, day));
        let mut dates: Vec<Date> = match weekday {
            Some(weekday) => dates.filter(|d| d.weekday() == weekday).collect(),
            None => dates.filter(|d| (d.year() - anchor.year()).abs() <= 1).collect(),
        };
        dates.sort_by_key(|d| days_apart(anchor, *d));
        let nearest = dates.first().copied()?;
        // The tense is told by single words, and soon wrong: it is believed only where the nearest such day is far off.
        let believed = days_apart(anchor, nearest) > NEAR && weekday.is_none();
        let fits = |d: &&Date| match self.tense {
            Tense::Past => **d <= anchor,
            Tense::Future => **d >= anchor,
            Tense::Unknown => true,
        };
        let chosen = if believed { dates.iter().find(fits) } else { None };
        Some(chosen.copied().unwrap_or(nearest).year())
    }

    pub(super) fn day_of_month(&self, m: &Match) -> Option<Point> {
        let next = self.words.lower(m.to);
        let closed = matches!(next, "." | "," | ";" | ")" | "and" | "at" | "in" | "when" | "of" | "to" | "" | "by");
        let day = i8::try_from(m.whole("day")?).ok()?;
        let month = self.context.last_day.or(self.context.anchor)?;
        calendar::day(month.year(), month.month(), day).filter(|_| closed).map(Point::Day)
    }

    pub(super) fn thanksgiving(&self, m: &Match) -> Option<Point> {
        let fourth_thursday = |year: i16| {
            let first = calendar::day(year, 11, 1)?;
            let wait = (Weekday::Thursday.to_monday_zero_offset() - first.weekday().to_monday_zero_offset() + 7) % 7;
            calendar::plus(first, i64::from(wait) + 21, Unit::Day)
        };
        if let Some(year) = self.said_year(m) {
            return fourth_thursday(year).map(Point::Day);
        }
        let anchor = self.context.anchor?;
        let this = fourth_thursday(anchor.year())?;
        let date =
            if this > anchor && self.tense != Tense::Future { fourth_thursday(anchor.year() - 1)? } else { this };
        Some(Point::Day(date))
    }

    pub(super) fn weekday(&self, m: &Match) -> Option<Point> {
        let weekday = weekday_of(m.whole("weekday")?)?;
        if let Some(week) = m.sub("within") {
            let Point::Week(monday) = self.point(week)? else { return Some(Point::AnyWeekday(weekday)) };
            return calendar::plus(monday, i64::from(weekday.to_monday_zero_offset()), Unit::Day).map(Point::Day);
        }
        let from = if m.text("from") == Some("last") { self.context.last_day } else { None };
        let Some(anchor) = from.or(self.context.anchor) else { return Some(Point::AnyWeekday(weekday)) };
        let back = i64::from((anchor.weekday().to_monday_zero_offset() - weekday.to_monday_zero_offset() + 7) % 7);
        let days = match (m.whole("dir"), self.tense) {
            (Some(-1), _) => {
                if back == 0 {
                    -7
                } else {
                    -back
                }
            }
            (Some(1), _) => 7 - back,
            (_, Tense::Future) | (Some(0), Tense::Unknown) => (7 - back) % 7,
            _ => -back,
        };
        calendar::plus(anchor, days, Unit::Day).map(Point::Day)
    }
}

pub(super) fn weekday_of(number: i64) -> Option<Weekday> {
    Weekday::from_monday_one_offset(i8::try_from(number).ok()?).ok()
}

fn days_apart(a: Date, b: Date) -> i64 {
    a.duration_until(b).as_hours().abs() / 24
}

fn nearer(anchor: Date, one: Date, other: Date) -> Date {
    if days_apart(anchor, one) <= days_apart(anchor, other) { one } else { other }
}
