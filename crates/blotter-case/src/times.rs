//! Times as users write them → the case file's form: UTC, to the second, `2024-03-12T21:40:00Z`.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// A moment: a date-time with or without offset (without: UTC), or a day, which stands for its beginning.
///
/// # Errors
/// A sentence.
pub fn moment(words: &str) -> Result<String, String> {
    read(words, false)
}

/// The same, but a day stands for its end: "as of 12 March" includes that day.
///
/// # Errors
/// A sentence.
pub fn end_of(words: &str) -> Result<String, String> {
    read(words, true)
}

fn read(words: &str, end: bool) -> Result<String, String> {
    let words = words.trim();
    if let Ok(time) = words.parse::<Timestamp>() {
        return Ok(written(time));
    }
    let local = match words.parse::<Date>() {
        Ok(day) if !words.contains([':', 'T']) => Ok(if end { day.at(23, 59, 59, 0) } else { day.at(0, 0, 0, 0) }),
        _ => words.parse::<DateTime>(),
    };
    let time = local.ok().and_then(|t| TimeZone::UTC.to_ambiguous_timestamp(t).compatible().ok());
    time.map(written).ok_or_else(|| format!("{words}: no time that can be read (write 2024-03-12 or 2024-03-12T21:40)"))
}

/// A moment in the case file's form.
pub fn written(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        assert_eq!(moment("2024-03-12").as_deref(), Ok("2024-03-12T00:00:00Z"));
        assert_eq!(end_of("2024-03-12").as_deref(), Ok("2024-03-12T23:59:59Z"));
        assert_eq!(end_of("2024-03-12T21:40").as_deref(), Ok("2024-03-12T21:40:00Z"));
        assert_eq!(moment("2024-03-12T21:40:00+02:00").as_deref(), Ok("2024-03-12T19:40:00Z"));
        assert!(moment("soon").is_err());
    }
}
