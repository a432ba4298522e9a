//! Matches → values: dates worked out from the report's own date, what was mentioned before, and the tense.

use super::calendar::{self, Point, Season, Unit};
use super::clock::Clock;
use super::forms::{Amount, Form, Meaning, Value};
use super::lexicon::Match;
use super::rules::Rules;
use super::tense::Tense;
use crate::words::Words;
use jiff::civil::{Date, Weekday};

/// How many days off a day of the month is taken for the nearest such day, whatever the tense. Set on TimeBank.
const NEAR: i64 = 90;

/// What expressions are resolved against; it grows as the text is read.
pub(super) struct Context {
    /// The report's own date.
    pub anchor: Option<Date>,
    /// The year of dates that say none, where there is no anchor.
    pub year: Option<i16>,
    /// The last stretch of the calendar mentioned.
    pub last: Option<Point>,
    /// The last day mentioned.
    pub last_day: Option<Date>,
    /// The last quarter mentioned.
    pub last_quarter: Option<Point>,
}

impl Context {
    /// Keeps the quarter that a report speaks of; figures of the year before do not change it.
    pub fn mention_quarter(&mut self, form: Form, value: &Value) {
        if let (Form::Quarter, Value::Point(point @ Point::Quarter(Some(_), _))) = (form, value) {
            self.last_quarter = Some(*point);
        }
    }

    /// Keeps what later expressions may refer to.
    pub fn mention(&mut self, value: &Value) {
        let (Value::Point(point) | Value::Moment(point, _)) = value else { return };
        self.last = Some(*point);
        match point {
            Point::Day(date) => self.last_day = Some(*date),
            _ => {}
        }
    }
}

/// Reads the meaning of one match and of those inside it.
pub(super) struct Resolver<'a, 't> {
    pub rules: &'a Rules,
    pub words: &'a Words<'t>,
    pub context: &'a Context,
    pub tense: Tense,
}

impl Resolver<'_, '_> {
    /// What a match means; `None` where it means no time after all.
    pub fn read(&self, m: &Match) -> Option<Meaning> {
        let point = |point: Option<Point>| point.map(Meaning::from);
        match self.rules.list[m.rule].form {
            Form::Nothing => None,
            Form::NumericDate => point(self.numeric_date(m)),
            Form::Day => self.day(m),
            Form::DayOfMonth => point(self.day_of_month(m)),
            Form::Thanksgiving => point(self.thanksgiving(m)),
            Form::Month => point(self.month(m)),
            Form::Weekday => point(self.weekday(m)),
            Form::Year => point(self.bare_year(m)),
            Form::Decade => point(decade(m)),
            Form::Century => point(m.whole("ordinal").and_then(|n| i16::try_from(n - 1).ok()).map(Point::Century)),
            Form::Season => point(self.season(m)),
            Form::Quarter => point(self.quarter(m)),
            Form::TheQuarter => point(self.the_quarter()),
            Form::Half => point(m.whole("half").and_then(|h| Some(Point::Half(Some(self.said_year(m)?), h as i8)))),
            Form::YearAgo => point(self.year_ago()),
            Form::YearEnd => point(Some(Point::Month(self.context.anchor.map(Date::year), 12))),
            Form::WeekOf => point(self.week_of(m)),
            Form::YearQuarter => point(self.year_quarter(m)),
            Form::Unit => point(self.unit(m)),
            Form::Weekend => point(self.weekend()),
            Form::Offset => point(Some(self.offset(m.whole("n")?, Unit::Day))),
            Form::Relative => point(self.relative(m)),
            Form::Ago => self.ago(m),
            Form::Ahead => point(self.shift(self.amount(m.sub("amount")?)?, self.context.anchor, 1)),
            Form::Later => self.later(m, 1),
            Form::Earlier => self.later(m, -1),
            Form::Amount => self.amount_or_rate(m),
            Form::Past => self.past(m, -1),
            Form::Future => self.past(m, 1),
            Form::Pass => self.pass(m),
            Form::Part => self.part(m),
            Form::Clock => self.clock(m),
            Form::Ref => m.text("value").map(|value| Value::Ref(value).into()),
            Form::Set => self.set(m).map(|value| Value::Set(value).into()),
        }
    }

    /// The point that a match inside another means.
    pub(super) fn point(&self, m: &Match) -> Option<Point> {
        match self.read(m)?.value {
            Value::Point(point) => Some(point),
            _ => None,
        }
    }

    /// The year that a match says, in figures or as "last year".
    fn said_year(&self, m: &Match) -> Option<i16> {
        match m.sub("within") {
            Some(within) => self.point(within)?.year(),
            None => {
                let year = i16::try_from(m.whole("year")?).ok()?;
                Some(if year < 100 { self.century_of(year) } else { year })
            }
        }
    }

    /// A year of two digits in the century that brings it closest to the report, or up to 2029 without a date.
    fn century_of(&self, year: i16) -> i16 {
        let latest = self.context.anchor.map_or(2029, |anchor| anchor.year().saturating_add(20));
        let candidate = latest - latest.rem_euclid(100) + year;
        if candidate > latest { candidate - 100 } else { candidate }
    }

    fn numeric_date(&self, m: &Match) -> Option<Point> {
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

    fn day(&self, m: &Match) -> Option<Meaning> {
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

    fn day_of_month(&self, m: &Match) -> Option<Point> {
        let next = self.words.lower(m.to);
        let closed = matches!(next, "." | "," | ";" | ")" | "and" | "at" | "in" | "when" | "of" | "to" | "" | "by");
        let day = i8::try_from(m.whole("day")?).ok()?;
        let month = self.context.last_day.or(self.context.anchor)?;
        calendar::day(month.year(), month.month(), day).filter(|_| closed).map(Point::Day)
    }

    fn thanksgiving(&self, m: &Match) -> Option<Point> {
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

    fn month(&self, m: &Match) -> Option<Point> {
        let month = i8::try_from(m.whole("month")?).ok()?;
        if m.get("year").is_some() || m.get("within").is_some() {
            return Some(Point::Month(self.said_year(m), month));
        }
        let dir = m.whole("dir");
        if (dir.is_none() && !self.names_month(m.from)) || (dir.is_some() && !self.capital(m.to - 1)) {
            return None;
        }
        let Some(anchor) = self.context.anchor else { return Some(Point::Month(self.context.year, month)) };
        let (year, now) = (anchor.year(), anchor.month());
        let year = match (dir, self.tense) {
            (Some(0), _) => year,
            (Some(-1), _) => {
                if month < now {
                    year
                } else {
                    year - 1
                }
            }
            (Some(_), _) => {
                if month > now {
                    year
                } else {
                    year + 1
                }
            }
            (None, Tense::Future) => {
                if month >= now {
                    year
                } else {
                    year + 1
                }
            }
            (None, _) => {
                if month <= now {
                    year
                } else {
                    year - 1
                }
            }
        };
        Some(Point::Month(Some(year), month))
    }

    /// Whether a word that is a verb too ("may", "march") is written as a month.
    fn capital(&self, i: usize) -> bool {
        !matches!(self.words.lower(i), "may" | "march") || self.words.raw(i).starts_with(|c: char| c.is_uppercase())
    }

    /// Whether the word at `i`, alone, is a month and not a verb ("may", "march") or a woman ("April Hale").
    fn names_month(&self, i: usize) -> bool {
        let (raw, before) = (self.words.raw(i), self.words.before(i));
        let led = matches!(
            before,
            "in" | "since"
                | "until"
                | "by"
                | "of"
                | "from"
                | "through"
                | "to"
                | "for"
                | "and"
                | "or"
                | "between"
                | "before"
                | "after"
                | "during"
                | "late"
                | "early"
                | "mid"
                | "till"
                | "-"
                | "every"
                | "each"
                | "last"
        );
        let capital = raw.starts_with(|c: char| c.is_uppercase());
        let shouted = raw.len() > 1 && raw.bytes().all(|b| b.is_ascii_uppercase());
        match self.words.lower(i) {
            "may" => capital && led,
            "march" if matches!(self.words.lower(i + 1), "for" | "of" | "against" | "on") => false,
            "march" => capital && (led || !shouted && !matches!(before, "" | "." | "the" | "a")),
            "april" | "june" | "august" => led || !self.words.raw(i + 1).starts_with(|c: char| c.is_uppercase()),
            _ => true,
        }
    }

    fn weekday(&self, m: &Match) -> Option<Point> {
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

    /// A year alone; a figure that counts something is none.
    fn bare_year(&self, m: &Match) -> Option<Point> {
        let year = self.said_year(m)?;
        Some(Point::Year(year))
    }

    fn season(&self, m: &Match) -> Option<Point> {
        let season = match m.text("season")? {
            "spring" => Season::Spring,
            "summer" => Season::Summer,
            "autumn" => Season::Autumn,
            _ => Season::Winter,
        };
        if let Some(year) = self.said_year(m) {
            return Some(Point::Season(Some(year), season));
        }
        let bare = self.words.lower(m.from) == "the" && m.whole("dir").is_none();
        if bare && self.words.lower(m.to - 1) == "fall" && matches!(self.words.lower(m.to), "of" | "in" | "from") {
            return None;
        }
        let Some(anchor) = self.context.anchor else { return Some(Point::Season(None, season)) };
        let year = anchor.year();
        let begins = Point::Season(Some(year), season).days()?.0;
        let ends = Point::Season(Some(year), season).days()?.1;
        let year = match m.whole("dir") {
            Some(-1) => {
                if ends < anchor {
                    year
                } else {
                    year - 1
                }
            }
            Some(1) => {
                if begins > anchor {
                    year
                } else {
                    year + 1
                }
            }
            _ => match self.tense {
                Tense::Past if bare && begins > anchor => year - 1,
                _ => year,
            },
        };
        Some(Point::Season(Some(year), season))
    }

    fn quarter(&self, m: &Match) -> Option<Point> {
        let quarter = i8::try_from(m.whole("ordinal")?).ok().filter(|q| (1..=4).contains(q))?;
        let Some(anchor) = self.context.anchor else { return Some(Point::Quarter(self.said_year(m), quarter)) };
        let now = (anchor.month() + 2) / 3;
        let year = self.said_year(m).unwrap_or(match self.tense {
            // Results of the quarter just over are announced for days to come.
            Tense::Future if quarter + 1 < now => anchor.year() + 1,
            Tense::Future => anchor.year(),
            _ if quarter > now => anchor.year() - 1,
            _ => anchor.year(),
        });
        Point::Quarter(Some(year), quarter).shifted(m.whole("dir").unwrap_or(0), Unit::Year)
    }

    /// "the quarter": the one the report speaks of, or the last that is over.
    fn the_quarter(&self) -> Option<Point> {
        self.context.last_quarter.or_else(|| {
            let anchor = self.context.anchor?;
            Point::holding(Unit::Quarter, anchor).shifted(-1, Unit::Quarter)
        })
    }

    /// "a year earlier": of the quarter the report speaks of, where it speaks of one.
    fn year_ago(&self) -> Option<Point> {
        match self.context.last_quarter {
            Some(quarter) => quarter.shifted(-1, Unit::Year),
            None => Some(self.offset(-1, Unit::Year)),
        }
    }

    /// "the 1988 period": the quarter of that year, where the report speaks of a quarter.
    fn year_quarter(&self, m: &Match) -> Option<Point> {
        let year = self.said_year(m)?;
        Some(match self.context.last_quarter {
            Some(Point::Quarter(_, quarter)) => Point::Quarter(Some(year), quarter),
            _ => Point::Year(year),
        })
    }

    /// "the week of March 6".
    fn week_of(&self, m: &Match) -> Option<Point> {
        let day = self.point(m.sub("within")?)?;
        Some(day.days().map_or(Point::Unknown(Unit::Week), |(first, _)| Point::holding(Unit::Week, first)))
    }

    /// The stretch of `unit` that is `n` of them away from the report's date.
    fn offset(&self, n: i64, unit: Unit) -> Point {
        let held = self.context.anchor.and_then(|anchor| Point::holding(unit, anchor).shifted(n, unit));
        held.unwrap_or(Point::Unknown(unit))
    }

    fn unit(&self, m: &Match) -> Option<Point> {
        let unit = Unit::named(m.text("unit")?)?;
        let n = m.whole("dir")?;
        // "the last day" is the last of something, not yesterday.
        (unit != Unit::Day || n == 0).then(|| self.offset(n, unit))
    }

    fn weekend(&self) -> Option<Point> {
        let anchor = self.context.anchor?;
        let weekend = Point::holding(Unit::Weekend, anchor);
        let ahead = weekend.days()?.0 > anchor && self.tense != Tense::Future;
        weekend.shifted(if ahead { -1 } else { 0 }, Unit::Week)
    }

    /// "the same day", "the following week": from what was mentioned last.
    fn relative(&self, m: &Match) -> Option<Point> {
        let unit = Unit::named(m.text("unit")?)?;
        let base = match unit {
            Unit::Day => self.context.last_day.or(self.context.anchor),
            _ => self.context.last.and_then(Point::days).map(|(first, _)| first).or(self.context.anchor),
        };
        let Some(base) = base else { return Some(Point::Unknown(unit)) };
        Point::holding(unit, base).shifted(m.whole("n")?, unit)
    }

    fn pass(&self, m: &Match) -> Option<Meaning> {
        for slot in ["point", "time", "amount"] {
            if let Some(sub) = m.sub(slot) {
                return self.read(sub);
            }
        }
        self.unit(m).or_else(|| Some(self.offset(0, Unit::named(m.text("unit")?)?))).map(Meaning::from)
    }

    fn part(&self, m: &Match) -> Option<Meaning> {
        let part = m.text("part").unwrap_or("NI");
        let base = if m.text("from") == Some("last") { self.context.last_day } else { None };
        let day = match (m.sub("within"), m.whole("n")) {
            (Some(within), _) => self.point(within)?,
            (None, Some(n)) => match base.or(self.context.anchor) {
                Some(date) => Point::Day(calendar::plus(date, n, Unit::Day)?),
                None => Point::Unknown(Unit::Day),
            },
            (None, None) if self.words.lower(m.from) == "this" => self.offset(0, Unit::Day),
            _ => self.current_day(),
        };
        Some(Value::Moment(day, Clock::Part(part)).into())
    }

    /// The day that a time of day without one belongs to: the last mentioned, else the report's.
    fn current_day(&self) -> Point {
        self.context.last_day.or(self.context.anchor).map_or(Point::Unknown(Unit::Day), Point::Day)
    }

    fn clock(&self, m: &Match) -> Option<Meaning> {
        let inner = m.sub("time").unwrap_or(m);
        let mut whole = inner.clone();
        whole.slots.extend(m.slots.iter().filter(|(name, _)| *name == "daypart").cloned());
        let clock = Clock::of(&whole, self.words)?;
        let alone = inner.to == inner.from + 1 && inner.get("clock").is_some() && m.sub("within").is_none();
        if alone && !clock_led(self.words.before(inner.from)) {
            return None;
        }
        let day = match m.sub("within") {
            Some(within) => self.point(within)?,
            None => self.current_day(),
        };
        Some(Value::Moment(day, clock).into())
    }

    /// The amount that a match means.
    pub(super) fn amount(&self, m: &Match) -> Option<Amount> {
        match self.read(m)?.value {
            Value::Amount(amount) => Some(amount),
            _ => None,
        }
    }
}

fn clock_led(word: &str) -> bool {
    matches!(
        word,
        "at" | "by" | "about" | "around" | "until" | "till" | "from" | "after" | "before" | "since" | "between" | "to"
    )
}

fn decade(m: &Match) -> Option<Point> {
    let value = i16::try_from(m.whole("decade")?).ok()?;
    // "the '60s", "the sixties": of the twentieth century.
    Some(Point::Decade(if value < 10 { 190 + value } else { value }))
}

pub(super) fn weekday_of(number: i64) -> Option<Weekday> {
    Weekday::from_monday_one_offset(i8::try_from(number).ok()?).ok()
}

pub(super) fn days_apart(a: Date, b: Date) -> i64 {
    a.duration_until(b).as_hours().abs() / 24
}

fn nearer(anchor: Date, one: Date, other: Date) -> Date {
    if days_apart(anchor, one) <= days_apart(anchor, other) { one } else { other }
}
