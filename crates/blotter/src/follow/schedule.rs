//! When a feed is asked again. Pure: the time now is handed in.

use std::time::Duration;

use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};

/// A feed that fails is asked less and less often, but no less often than once in this time.
pub const CEILING: Duration = Duration::from_secs(24 * 60 * 60);
/// No server keeps a feed away longer than this, whatever it says.
pub const LONGEST: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The time between two visits: what the user wants, or the longest that others ask for.
pub fn interval(every: Duration, asked: [Option<Duration>; 3]) -> Duration {
    asked.into_iter().flatten().map(|wish| wish.min(LONGEST)).fold(every, Duration::max)
}

/// The time until a feed is tried again that failed so many times on end: twice as long each time.
pub fn backoff(interval: Duration, failures: u32) -> Duration {
    let longer = 2u32.checked_pow(failures).and_then(|times| interval.checked_mul(times)).unwrap_or(CEILING);
    // What is asked for seldom anyway is not asked more often because it fails.
    longer.min(CEILING).max(interval)
}

/// What a header `Retry-After` asks for: seconds, or a date.
pub fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        return Some(value.parse().map_or(LONGEST, Duration::from_secs).min(LONGEST));
    }
    let until = DateTimeParser::new().parse_timestamp(value).ok()?.duration_since(now);
    Some(Duration::try_from(until.max(SignedDuration::ZERO)).unwrap_or_default().min(LONGEST))
}

/// How long a header `Cache-Control` lets an answer be kept; a day at most.
pub fn max_age(value: &str) -> Option<Duration> {
    let mut directives = value.split(',').filter_map(|part| part.split_once('='));
    let (_, seconds) = directives.find(|(name, _)| name.trim().eq_ignore_ascii_case("max-age"))?;
    let seconds = seconds.trim().trim_matches('"');
    (!seconds.is_empty() && seconds.bytes().all(|b| b.is_ascii_digit()))
        .then(|| seconds.parse().map_or(CEILING, Duration::from_secs).min(CEILING))
}

/// A moment so much later.
pub fn later(now: Timestamp, by: Duration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// A stretch of time for people.
pub fn words(time: Duration) -> String {
    match time.as_secs() {
        seconds @ ..120 => format!("{seconds} s"),
        seconds @ ..7200 => format!("{} min", seconds.div_ceil(60)),
        seconds => format!("{} h", seconds.div_ceil(3600)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn the_longest_wish_counts() {
        let every = 15 * MINUTE;
        assert_eq!(interval(every, [None; 3]), every);
        assert_eq!(interval(every, [Some(MINUTE), Some(60 * MINUTE), None]), 60 * MINUTE);
        assert_eq!(interval(every, [Some(Duration::MAX), None, None]), LONGEST);
    }

    #[test]
    fn failures_wait_longer_and_longer_up_to_a_day() {
        let every = 15 * MINUTE;
        let waits: Vec<u64> = [1, 2, 3, 7, 8, 40].map(|n| backoff(every, n).as_secs() / 60).to_vec();
        assert_eq!(waits, [30, 60, 120, 1440, 1440, 1440]);
        assert_eq!(backoff(LONGEST, 3), LONGEST);
    }

    #[test]
    fn what_servers_ask_for() {
        let now = "1994-11-06T08:49:07Z".parse().expect("time");
        let seconds = |value: &str| retry_after(value, now).map(|time| time.as_secs());
        assert_eq!(seconds("120"), Some(120));
        assert_eq!(seconds("Sun, 06 Nov 1994 08:49:37 GMT"), Some(30));
        assert_eq!(seconds("Sun, 06 Nov 1994 08:48:37 GMT"), Some(0));
        assert_eq!((seconds("soon"), seconds("-5")), (None, None));
        assert_eq!(retry_after("99999999999999999999999", now), Some(LONGEST));
        assert_eq!(max_age("public, Max-Age=600"), Some(10 * MINUTE));
        assert_eq!(max_age("max-age=31536000"), Some(CEILING));
        assert_eq!((max_age("no-store"), max_age("s-maxage=9"), max_age("max-age=x")), (None, None, None));
    }

    #[test]
    fn times_for_people() {
        let told: Vec<String> = [45, 900, 7200, 86400].map(|s| words(Duration::from_secs(s))).to_vec();
        assert_eq!(told, ["45 s", "15 min", "2 h", "24 h"]);
    }
}
