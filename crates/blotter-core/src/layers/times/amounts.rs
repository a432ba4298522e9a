//! Lengths of time, and the dates they lead to: "three days", "two weeks ago", "the past month".

use super::calendar::{self, Point, Unit};
use super::days::weekday_of;
use super::forms::{Amount, Meaning, Value};
use super::lexicon::Match;
use super::resolve::Resolver;
use jiff::civil::Date;

impl Resolver<'_, '_> {
    /// "three days"; "a year" behind what is counted is a rate ("four raids a year").
    pub(super) fn amount_or_rate(&self, m: &Match) -> Option<Meaning> {
        let unit = Unit::named(m.text("unit")?)?;
        let n = m.number("num");
        let article = matches!(self.words.lower(m.from), "a" | "an") && m.to == m.from + 2;
        if article && counted(self.words.before(m.from)) {
            return Some(Value::Set(Amount { n: Some(1.0), unit }.value()).into());
        }
        Some(Value::Amount(Amount { n, unit }).into())
    }

    /// "two days ago": as exact as its unit.
    pub(super) fn ago(&self, m: &Match) -> Option<Meaning> {
        let amount = self.amount(m.sub("amount")?)?;
        if amount.whole().is_none() && amount.n.is_none() {
            let days = self.context.anchor.and_then(|anchor| some_before(anchor, amount.unit));
            return Some(Meaning { value: Value::Ref("PAST_REF"), days });
        }
        self.shift(amount, self.context.anchor, -1).map(Meaning::from)
    }

    /// "two days later", "a week earlier": from the day mentioned last.
    pub(super) fn later(&self, m: &Match, sign: i64) -> Option<Meaning> {
        let amount = self.amount(m.sub("amount")?)?;
        let last = self.context.last.and_then(Point::days).map(|(first, _)| first);
        let base = last.or(self.context.anchor);
        if amount.whole().is_none() || amount.unit <= Unit::Hour {
            let days = match sign {
                1 => base.and_then(|base| some_after(base, amount.unit)),
                _ => base.and_then(|base| some_before(base, amount.unit)),
            };
            return Some(Meaning { value: Value::Amount(amount), days });
        }
        self.shift(amount, base, sign).map(Meaning::from)
    }

    /// The stretch that is an amount away from a day.
    pub(super) fn shift(&self, amount: Amount, base: Option<Date>, sign: i64) -> Option<Point> {
        let unit = match amount.unit {
            Unit::Second | Unit::Minute | Unit::Hour => Unit::Day,
            Unit::Decade | Unit::Century | Unit::Millennium => Unit::Year,
            unit => unit,
        };
        let Some(base) = base else { return Some(Point::Unknown(unit)) };
        let (n, by) = match (amount.whole(), amount.n?) {
            (Some(_), _) if amount.unit <= Unit::Hour => (0, Unit::Day),
            (Some(n), _) => (n, amount.unit),
            // Half a year is six months.
            (None, n) if amount.unit == Unit::Year => ((n * 12.0) as i64, Unit::Month),
            (None, n) => (n as i64, amount.unit),
        };
        calendar::plus(base, sign * n, by).map(|date| Point::holding(unit, date))
    }

    /// "the past three days" and "the next two weeks": a length of time that begins or ends at the report's date.
    pub(super) fn past(&self, m: &Match, sign: i64) -> Option<Meaning> {
        let amount = match m.sub("amount") {
            Some(sub) => self.amount(sub)?,
            None => Amount { n: m.number("num"), unit: Unit::named(m.text("unit")?)? },
        };
        let days = self.context.anchor.zip(amount.whole()).and_then(|(anchor, n)| {
            let other = calendar::plus(anchor, sign * n, amount.unit)?;
            Some((anchor.min(other), anchor.max(other)))
        });
        Some(Meaning { value: Value::Amount(amount), days })
    }

    /// "every day", "each Monday", "daily".
    pub(super) fn set(&self, m: &Match) -> Option<String> {
        if let Some(value) = m.text("value") {
            return Some(value.to_owned());
        }
        let part = m.text("part").map_or(String::new(), |part| format!("T{part}"));
        if let Some(weekday) = m.whole("weekday").and_then(weekday_of) {
            return Some(Point::AnyWeekday(weekday).value() + &part);
        }
        if let Some(month) = m.whole("month") {
            return Some(Point::Month(None, month as i8).value());
        }
        if let Some(season) = m.text("season") {
            let code = match season {
                "spring" => "SP",
                "summer" => "SU",
                "autumn" => "FA",
                _ => "WI",
            };
            return Some(format!("XXXX-{code}"));
        }
        if !part.is_empty() {
            return Some(format!("XXXX-XX-XX{part}"));
        }
        let unit = Unit::named(m.text("unit")?)?;
        Some(Amount { n: m.number("every").or(Some(1.0)), unit }.value())
    }
}

/// Days that "a few units before" a day surely lies in.
fn some_before(base: Date, unit: Unit) -> Option<(Date, Date)> {
    if unit <= Unit::Hour {
        return Some((calendar::plus(base, -1, Unit::Day)?, base));
    }
    Some((calendar::plus(base, -10, unit)?, calendar::plus(base, -1, unit)?))
}

/// Days that "a few units after" a day surely lies in.
fn some_after(base: Date, unit: Unit) -> Option<(Date, Date)> {
    if unit <= Unit::Hour {
        return Some((base, calendar::plus(base, 1, Unit::Day)?));
    }
    Some((calendar::plus(base, 1, unit)?, calendar::plus(base, 10, unit)?))
}

/// Whether the word before "a year" names what is counted: a number, or a noun in the plural.
fn counted(word: &str) -> bool {
    const NONE: [&str; 16] = [
        "was", "is", "has", "as", "across", "less", "its", "this", "plus", "perhaps", "lasts", "takes", "towards",
        "'s", "s", "us",
    ];
    let number = word.ends_with(|c: char| c.is_ascii_digit())
        || matches!(
            word,
            "million" | "billion" | "thousand" | "hundred" | "percent" | "%" | "times" | "once" | "twice"
        );
    number || (word.len() > 2 && word.ends_with('s') && !NONE.contains(&word))
}
