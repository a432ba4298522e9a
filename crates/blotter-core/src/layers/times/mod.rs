//! Time expressions → TIMEX3 values, resolved against the report's own date.

//!
//! A grammar finds them: the rules stand in `data/times/rules.txt`, each with its examples. What a match means is worked
//! out on the calendar (`resolve`), never on strings. The model, where it is at hand, only vetoes or admits (`model`).

mod amounts;
mod anchor;
mod calendar;
mod clock;
mod days;
mod extent;
mod forms;
mod lexicon;
mod model;
mod pattern;
mod resolve;
mod rules;
mod stretches;
mod tense;

use super::Input;
use crate::data::DataError;
use crate::text::{Report, Span};
use crate::words::Words;
pub use anchor::anchor;
use forms::{Form, Meaning, Value};
use lexicon::Match;
use resolve::{Context, Resolver};
use rules::Rules;
use tense::{Tense, Tenses};

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
pub struct Times {
    rules: Rules,
    tenses: Tenses,
}

impl Times {
    /// Loads the rules.
    ///
    /// # Errors
    /// The file, line and reason of a fault in the rules.
    pub fn load() -> Result<Times, DataError> {
        Ok(Times { rules: Rules::load()?, tenses: Tenses::load()? })
    }

    /// The time expressions of the report, in order, without overlap.
    pub fn read(&self, input: Input<'_>) -> Vec<Time> {
        let words = Words::new(input.text());
        let matches = self.rules.scan(&words);
        let mut context = self.context(input.report, &words, &matches);
        let mut finds = Vec::new();
        for found in &matches {
            let tense = self.tense(input, &words, found);
            let resolver = Resolver { rules: &self.rules, words: &words, context: &context, tense };
            let Some(meaning) = resolver.read(found) else { continue };
            let rule = &self.rules.list[found.rule];
            if rule.trust != rules::Trust::Weak {
                context.mention(&meaning.value, said_then(&words, found.from));
                context.mention_quarter(rule.form, &meaning.value);
            }
            finds.push((self.time(&words, found, &meaning), rule.trust));
        }
        model::weigh(finds, model::seen(input.scores).as_deref())
    }

    /// What the times of a report are resolved against at its beginning.
    fn context(&self, report: &Report, words: &Words<'_>, matches: &[Match]) -> Context {
        let anchor = anchor(report);
        let year = if anchor.is_none() { self.own_year(words, matches) } else { None };
        Context { anchor, year, last: None, last_day: None, last_night: None, last_quarter: None }
    }

    /// The year that a report's own dates fix: of its first full date with a day name, or in its first lines.
    fn own_year(&self, words: &Words<'_>, matches: &[Match]) -> Option<i16> {
        const FIRST_LINES: usize = 60;
        let full = |m: &&Match| self.rules.list[m.rule].form == Form::Day && m.get("year").is_some();
        let fixing = |m: &&Match| m.get("weekday").is_some() || m.from < FIRST_LINES.min(words.len());
        let first = matches.iter().filter(full).find(fixing)?;
        i16::try_from(first.whole("year")?).ok().filter(|year| *year >= 1000)
    }

    fn tense(&self, input: Input<'_>, words: &Words<'_>, found: &Match) -> Tense {
        let span = words.span(found.from, found.to);
        let bounds = input.sentences.get(input.sentence_at(span)).map(|s| s.span);
        let bounds = bounds.filter(|s| s.overlaps(span)).unwrap_or(span);
        self.tenses.around(words, found.from, found.to, words.at(bounds.start), words.at(bounds.end))
    }

    fn time(&self, words: &Words<'_>, found: &Match, meaning: &Meaning) -> Time {
        let rule = &self.rules.list[found.rule];
        let (kind, value) = match &meaning.value {
            Value::Point(point) => (TimeKind::Date, point.value()),
            Value::Moment(point, clock) => (TimeKind::Time, point.value() + &clock.value()),
            Value::Amount(amount) => (TimeKind::Duration, amount.value()),
            Value::Set(value) => (TimeKind::Set, value.clone()),
            Value::Ref(value) => (rule.kind, (*value).to_owned()),
        };
        let span = words.span(found.from, found.to);
        Time { span, kind, value, extent: extent::of(meaning), rule: rule.name.to_owned() }
    }
}

/// Whether the time that begins at word `from` says when somebody spoke ("police said Monday").
fn said_then(words: &Words<'_>, from: usize) -> bool {
    const SAID: [&str; 11] = [
        "said",
        "says",
        "told",
        "announced",
        "confirmed",
        "reported",
        "added",
        "released",
        "identified",
        "statement",
        "conference",
    ];
    let before = from.checked_sub(1).map(|i| words.lower(i)).unwrap_or_default();
    let earlier = from.checked_sub(2).map(|i| words.lower(i)).unwrap_or_default();
    SAID.contains(&before) || matches!(before, "on" | "late" | "early") && SAID.contains(&earlier)
}

#[cfg(test)]
mod tests;
