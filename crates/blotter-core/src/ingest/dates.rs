//! Dates as reports and pages write them → ISO 8601, as far as they are said.

use std::sync::LazyLock;

use jiff::civil::{Date, DateTime};
use regex::{Captures, Regex};

/// A date written in any way that is read here: ISO 8601 (also partial: "2024-03", "XXXX-03-12T21:40"), the dates of
/// mail and feeds, English words. `None` for anything else, and for day and month that may be either ("3/4/2024").
pub fn any(value: &str) -> Option<String> {
    iso(value).or_else(|| mail(value)).or_else(|| written(value))
}

static ISO: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(\d{4}|XXXX)(?:-?(\d{2}|XX)(?:-?(\d{2}|XX)
          (?:[T\ ]+(\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\ *(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?)?)?$",
    )
    .expect("a valid pattern")
});

/// An ISO 8601 date or date-time: checked, its fraction of a second dropped, its offset kept where it has one.
pub fn iso(value: &str) -> Option<String> {
    let c = ISO.captures(value.trim())?;
    let part = |i: usize| c.get(i).map(|m| m.as_str());
    let (year, month, day) = (part(1)?, part(2), part(3));
    if year == "XXXX" && month.is_none_or(|m| m == "XX") {
        return None;
    }
    let mut date = year.to_owned();
    let mut number = |text: Option<&str>| {
        if let Some(text) = text {
            date.push('-');
            date.push_str(text);
        }
        text.and_then(|t| t.parse::<i8>().ok())
    };
    let (month, day) = (number(month).unwrap_or(1), number(day).unwrap_or(1));
    // 2024 stands for an unsaid year, so that 29 February passes.
    Date::new(year.parse().unwrap_or(2024), month, day).ok()?;
    if let (Some(hour), Some(minute)) = (part(4), part(5)) {
        let second = part(6);
        let of = |text: &str| text.parse::<i8>().ok();
        jiff::civil::Time::new(of(hour)?, of(minute)?, of(second.unwrap_or("00"))?, 0).ok()?;
        date.push_str(&format!("T{hour}:{minute}"));
        date.extend(second.map(|s| format!(":{s}")));
        date.extend(part(7).map(offset));
    }
    Some(date)
}

/// "+0200" → "+02:00", "GMT" → "Z".
fn offset(text: &str) -> String {
    match text {
        "Z" | "UTC" | "GMT" => "Z".to_owned(),
        _ if text.contains(':') => text.to_owned(),
        _ => format!("{}:{}", &text[..3], &text[3..]),
    }
}

/// "Tue, 12 Mar 2024 21:40:00 +0200" (RFC 2822).
fn mail(value: &str) -> Option<String> {
    let zoned = jiff::fmt::rfc2822::parse(value.trim()).ok()?;
    let local: DateTime = zoned.datetime();
    let offset = zoned.offset();
    let zone = if offset.is_zero() { "Z".to_owned() } else { offset.to_string() };
    let zone = if zone.len() == 3 { format!("{zone}:00") } else { zone };
    Some(format!("{}{zone}", local.strftime("%Y-%m-%dT%H:%M:%S")))
}

const MONTH: &str = r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?";
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAY: &str = r"\b(?P<day>\d{1,2})(?:st|nd|rd|th)?\b";

/// The shapes of a written date, the surest first.
static WRITTEN: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r"\b(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})(?:\b|T)".to_owned(),
        // 12 March 2024, 12-Mar-2024, 12th of March, 2024, 3 JAN 90
        format!(r"{DAY}[ -](?:of )?{MONTH},?(?:[ -](?P<year>\d{{4}}|\d{{2}})\b(?:[^:.]|$))?"),
        // March 12, 2024
        format!(r"\b{MONTH} {DAY}(?:,? (?P<year>\d{{4}})\b)?"),
        // 25/12/2024, 12.25.2024: only where one of the two cannot be a month
        r"\b(?P<first>\d{1,2})[/.](?P<second>\d{1,2})[/.](?P<year>\d{4})\b".to_owned(),
    ]
    .iter()
    .map(|pattern| Regex::new(&format!("(?i){pattern}")).expect("a valid pattern"))
    .collect()
});

static CLOCK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)\b(?:(?P<h>\d{1,2})[:.](?P<m>\d{2})(?::(?P<s>\d{2}))?|(?P<h12>\d{1,2})) \s*
          (?P<half>[ap]\.?\ ?m\b\.?)? \s* (?P<zone>GMT\b|UTC\b|Z\b|[+-]\d{2}:?\d{2}\b)?",
    )
    .expect("a valid pattern")
});

/// The first date that is written in `text`, with the time of day beside it: "12 March 2024 at 9:40 pm" →
/// "2024-03-12T21:40". A year that is not said is `XXXX`; a two-digit year is of 1970 to 2069 (as in POSIX).
pub fn written(text: &str) -> Option<String> {
    let (date, rest) = WRITTEN.iter().find_map(|pattern| {
        let captures = pattern.captures(text)?;
        let whole = captures.get(0)?;
        // The year's look-ahead may have taken one character more; no clock begins with it.
        Some((written_date(&captures)?, format!("{} | {}", &text[..whole.start()], &text[whole.end()..])))
    })?;
    Some(match clock(&rest) {
        Some(time) => format!("{date}T{time}"),
        None => date,
    })
}

fn written_date(c: &Captures<'_>) -> Option<String> {
    let part = |name: &str| c.name(name).map(|m| m.as_str());
    let number = |name: &str| part(name).and_then(|t| t.parse::<i8>().ok());
    let (month, day) = match (part("month"), number("first"), number("second")) {
        (Some(month), ..) => {
            let month = MONTHS.iter().position(|m| month.to_ascii_lowercase().starts_with(m))?;
            (i8::try_from(month + 1).ok()?, number("day")?)
        }
        (None, Some(a), Some(b)) if a > 12 || a == b => (b, a),
        (None, Some(a), Some(b)) if b > 12 => (a, b),
        (None, None, None) => (number("number")?, number("day")?),
        _ => return None,
    };
    let year: Option<i16> = match part("year") {
        Some(year) if year.len() == 2 => {
            year.parse::<i16>().ok().map(|short| if short >= 70 { 1900 + short } else { 2000 + short })
        }
        Some(year) => year.parse().ok(),
        None => None,
    };
    Date::new(year.unwrap_or(2024), month, day).ok()?;
    Some(match year {
        Some(year) => format!("{year:04}-{month:02}-{day:02}"),
        None => format!("XXXX-{month:02}-{day:02}"),
    })
}

/// A time of day: "21:40", "9.40 pm", "9 a.m.", with GMT, UTC or an offset where one follows.
fn clock(text: &str) -> Option<String> {
    CLOCK.captures_iter(text).find_map(|c| {
        let part = |name: &str| c.name(name).map(|m| m.as_str());
        let half = part("half").map(|h| h.to_ascii_lowercase());
        let hour: i8 = match (part("h"), part("h12"), &half) {
            (Some(hour), ..) | (None, Some(hour), Some(_)) => hour.parse().ok()?,
            _ => return None,
        };
        let hour = match half {
            Some(half) if !(1..=12).contains(&hour) || half.is_empty() => return None,
            Some(half) => hour % 12 + if half.starts_with('p') { 12 } else { 0 },
            None => hour,
        };
        let minute = part("m").unwrap_or("00");
        jiff::civil::Time::new(hour, minute.parse().ok()?, part("s").unwrap_or("0").parse().ok()?, 0).ok()?;
        let seconds = part("s").map(|s| format!(":{s}")).unwrap_or_default();
        let zone = part("zone").map(|z| offset(&z.to_ascii_uppercase())).unwrap_or_default();
        Some(format!("{hour:02}:{minute}{seconds}{zone}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_dates() {
        for (given, value) in [
            ("2024-03-12", Some("2024-03-12")),
            ("20240312", Some("2024-03-12")),
            ("2024-03", Some("2024-03")),
            ("2024-03-12 21:40", Some("2024-03-12T21:40")),
            ("2024-03-12T21:40:05.123+0200", Some("2024-03-12T21:40:05+02:00")),
            ("2024-03-12T21:40:05Z", Some("2024-03-12T21:40:05Z")),
            ("XXXX-03-12T21:40", Some("XXXX-03-12T21:40")),
            ("2024-02-30", None),
            ("2024-03-12T25:00", None),
            ("XXXX", None),
            ("1710279600", None),
            ("", None),
        ] {
            assert_eq!(iso(given).as_deref(), value, "{given}");
        }
    }

    #[test]
    fn written_dates() {
        for (given, value) in [
            ("12 March 2024", Some("2024-03-12")),
            ("Tuesday, March 12th, 2024", Some("2024-03-12")),
            ("12 March at 21:40", Some("XXXX-03-12T21:40")),
            ("March 12, 2024 at 9:40 p.m. EDT", Some("2024-03-12T21:40")),
            ("9:40 PM GMT, Tue March 12, 2024", Some("2024-03-12T21:40Z")),
            ("12 Mar 2024 9 am", Some("2024-03-12T09:00")),
            ("12th of Sept. 2024", Some("2024-09-12")),
            ("3 JAN 90", Some("1990-01-03")),
            ("12 March 21:40", Some("XXXX-03-12T21:40")),
            ("25/12/2024", Some("2024-12-25")),
            ("12/25/2024", Some("2024-12-25")),
            ("3/4/2024", None),
            ("31 February 2024", None),
            ("May 2024", None),
            ("marching 12 miles", None),
        ] {
            assert_eq!(written(given).as_deref(), value, "{given}");
        }
    }

    #[test]
    fn any_shape() {
        assert_eq!(any("Tue, 12 Mar 2024 21:40:00 +0200").as_deref(), Some("2024-03-12T21:40:00+02:00"));
        assert_eq!(any("12 March 2024").as_deref(), Some("2024-03-12"));
        assert_eq!(any("soon"), None);
    }
}
