//! Times of the day.

use super::lexicon::Match;
use crate::words::Words;

/// A moment or a part of some day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Clock {
    /// A part of the day, as TIMEX3 writes it ("MO", "AF", "EV", "NI").
    Part(&'static str),
    /// A time by the clock.
    At {
        /// 0 to 24.
        hour: u8,
        /// 0 to 59.
        minute: u8,
        /// 0 to 59, where it is said.
        second: Option<u8>,
        /// Whether minutes are said.
        to_the_minute: bool,
        /// Minutes from UTC, where the text gives a zone.
        offset: Option<i16>,
    },
}

impl Clock {
    /// What follows the day in a TIMEX3 value: "T22:00", "TNI".
    pub fn value(self) -> String {
        match self {
            Clock::Part(part) => format!("T{part}"),
            Clock::At { hour, minute, second: None, .. } => format!("T{hour:02}:{minute:02}"),
            Clock::At { hour, minute, second: Some(second), .. } => format!("T{hour:02}:{minute:02}:{second:02}"),
        }
    }

    /// The offset from UTC as ISO 8601 writes it ("Z", "-05:00"); empty where the text gives none.
    pub fn zone(self) -> String {
        match self {
            Clock::At { offset: Some(0), .. } => "Z".into(),
            Clock::At { offset: Some(minutes), .. } => {
                let sign = if minutes < 0 { '-' } else { '+' };
                format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
            }
            _ => String::new(),
        }
    }

    /// The clock that a match's slots say: `clock`, `hour`, `ampm`, `zone`, `part`, `daypart`.
    pub fn of(found: &Match, words: &Words<'_>) -> Option<Clock> {
        let (mut hour, minute, second, to_the_minute) = match (found.word("clock"), found.whole("clock")) {
            (Some(i), _) => digits(words.raw(i))?,
            (None, Some(hour)) => (u8::try_from(hour).ok()?, 0, None, false),
            _ => (u8::try_from(found.whole("hour")?).ok()?, 0, None, false),
        };
        let part = found.text("daypart").or(found.text("part"));
        let pm = found.text("ampm").map(|ampm| ampm == "pm");
        match pm.or(part.map(|part| part != "MO" && !(part == "NI" && hour < 5))) {
            Some(true) if hour < 12 => hour += 12,
            Some(false) if hour == 12 => hour = 0,
            _ => {}
        }
        let offset = found.number("zone").map(|hours| (hours * 60.0) as i16);
        (hour < 24 || (hour == 24 && minute == 0)).then_some(Clock::At { hour, minute, second, to_the_minute, offset })
    }
}

/// "10:30", "10.30", "10:30:15", "0930": hour, minute, second, and that minutes are said.
fn digits(raw: &str) -> Option<(u8, u8, Option<u8>, bool)> {
    let mut parts = raw.split([':', '.']);
    let first = parts.next()?;
    let (hour, minute) = match parts.next() {
        Some(minute) => (first, minute),
        None if first.len() == 4 => first.split_at_checked(2)?,
        None => return None,
    };
    let second = parts.next().and_then(|s| s.parse().ok()).filter(|s| *s < 60);
    let minute = minute.parse().ok().filter(|m| *m < 60)?;
    Some((hour.parse().ok()?, minute, second, true))
}
