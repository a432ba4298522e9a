//! Matches → values: dates worked out from the report's own date, what was mentioned before, and the tense.

use super::calendar::{self, Point, Unit};
use super::clock::Clock;
use super::forms::{Amount, Form, Meaning, Value};
use super::lexicon::Match;
use super::rules::Rules;
use super::tense::Tense;
use crate::words::Words;
use jiff::civil::Date;

/// The hour from which a clock tells of a night.
const EVENING: u8 = 18;

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
    /// The last day of which an evening or a night was mentioned.
    pub last_night: Option<Date>,
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

    /// Keeps what later expressions may refer to. A day on which somebody spoke is not the day that hours are told of,
    /// where another is known.
    pub fn mention(&mut self, value: &Value, said_then: bool) {
        let (Value::Point(point) | Value::Moment(point, _)) = value else { return };
        self.last = Some(*point);
        if let Value::Moment(Point::Day(date), Clock::Part("NI" | "EV")) = value {
            self.last_night = Some(*date);
        }
        if let Point::Day(date) = point
            && !(said_then && self.last_day.is_some())
        {
            self.last_day = Some(*date);
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
            Form::Year => point(self.said_year(m).map(Point::Year)),
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
    pub(super) fn said_year(&self, m: &Match) -> Option<i16> {
        match m.sub("within") {
            Some(within) => self.point(within)?.year(),
            None => {
                let year = i16::try_from(m.whole("year")?).ok()?;
                Some(if year < 100 { self.century_of(year) } else { year })
            }
        }
    }

    /// The stretch of `unit` that is `n` of them away from the report's date.
    pub(super) fn offset(&self, n: i64, unit: Unit) -> Point {
        let held = self.context.anchor.and_then(|anchor| Point::holding(unit, anchor).shifted(n, unit));
        held.unwrap_or(Point::Unknown(unit))
    }

    fn unit(&self, m: &Match) -> Option<Point> {
        let unit = Unit::named(m.text("unit")?)?;
        let n = m.whole("dir")?;
        // "the last day" is the last of something, not yesterday.
        (unit != Unit::Day || n == 0).then(|| self.offset(n, unit))
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

    /// Of "late Friday night and early Saturday" an hour before midnight is Friday's.
    fn night_before(&self, clock: Clock) -> Option<Date> {
        let night = self.context.last_night?;
        let late = matches!(clock, Clock::At { hour: EVENING.., .. });
        let follows = calendar::plus(night, 1, Unit::Day).is_some_and(|next| Some(next) == self.context.last_day);
        (late && follows).then_some(night)
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
            None => self.night_before(clock).map_or_else(|| self.current_day(), Point::Day),
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
