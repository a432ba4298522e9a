//! Dates as pages of many languages show them → ISO 8601.

use std::sync::LazyLock;

use blotter_core::ingest::dates as english;
use jiff::civil::Date;
use regex::{Captures, Regex};

/// The first letters of month names → month, without accents. Longer ones first where one begins another.
const MONTHS: [(&str, i8); 65] = [
    ("janv", 1),
    ("jan", 1),
    ("jän", 1),
    ("ene", 1),
    ("gen", 1),
    ("sty", 1),
    ("led", 1),
    ("янв", 1),
    ("januar", 1),
    ("febr", 2),
    ("feb", 2),
    ("fév", 2),
    ("fev", 2),
    ("lut", 2),
    ("úno", 2),
    ("фев", 2),
    ("mär", 3),
    ("mae", 3),
    ("mar", 3),
    ("mrz", 3),
    ("maa", 3),
    ("mrt", 3),
    ("bře", 3),
    ("мар", 3),
    ("apr", 4),
    ("avr", 4),
    ("abr", 4),
    ("kwi", 4),
    ("дуб", 4),
    ("апр", 4),
    ("mai", 5),
    ("may", 5),
    ("mag", 5),
    ("mei", 5),
    ("maj", 5),
    ("мая", 5),
    ("juin", 6),
    ("jun", 6),
    ("giu", 6),
    ("cze", 6),
    ("июн", 6),
    ("juil", 7),
    ("jul", 7),
    ("lug", 7),
    ("lip", 7),
    ("июл", 7),
    ("aug", 8),
    ("août", 8),
    ("aou", 8),
    ("ago", 8),
    ("sie", 8),
    ("авг", 8),
    ("sep", 9),
    ("set", 9),
    ("wrz", 9),
    ("сен", 9),
    ("okt", 10),
    ("oct", 10),
    ("out", 10),
    ("ott", 10),
    ("paź", 10),
    ("nov", 11),
    ("dez", 12),
    ("dec", 12),
    ("dic", 12),
];

static SHAPES: LazyLock<[Regex; 4]> = LazyLock::new(|| {
    [
        r"(?P<year>(?:19|20)\d{2})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
        // 12.03.2024, 12. 3. 24, 12/03/2024, 12-03-2024
        r"(?P<a>\d{1,2})(?P<mark>[./-]| \| )\s?(?P<b>\d{1,2})(?:[./-]| \| )\s?(?P<year>(?:19|20)\d{2}|\d{2})",
        // 12. März 2024, 12 de mayo de 2024, 12 Mar, 2024, 3rd March 2024
        r"(?P<day>\d{1,2})(?:\.|st|nd|rd|th|er|º|ª)?\s?(?:of |de |d')?\s?-?(?P<name>\p{L}{3,12})\.?,?\s?-?(?:de |del )?(?P<year>(?:19|20)\d{2})",
        // March 12, 2024
        r"(?P<name>\p{L}{3,12})\.?\s(?P<day>\d{1,2})(?:\.|st|nd|rd|th)?,?\s{0,2}(?P<year>(?:19|20)\d{2})",
    ]
    .map(|pattern| Regex::new(&format!("(?i){pattern}")).expect("a valid pattern"))
});

static CLOCK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^[\s,|·•–—-]{0,4}(?:um|at|à|a las|,|-|\||T|kl\.?)?\s{0,2}(?P<h>\d{1,2})[:.h](?P<m>\d{2})(?::\d{2})?\s?(?P<half>[ap]\.?m\.?)?").expect("a valid pattern")
});

/// A date that a text shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// ISO 8601, with the time of day where it stands beside.
    pub value: String,
    /// Where it begins in the text, in bytes.
    pub start: usize,
}

/// All full dates in a text, in order. `month_first` decides "3/4/2024"; where nobody knows (`None`), it is left out.
pub fn all(text: &str, month_first: Option<bool>) -> Vec<Shown> {
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return Vec::new();
    }
    let mut found: Vec<(usize, usize, Shown)> = Vec::new();
    for shape in SHAPES.iter() {
        for c in shape.captures_iter(text) {
            let Some(whole) = c.get(0) else { continue };
            // Spans without a blank between them join a date with a word ("Gazette12.03.2024By"), never with more figures.
            let before = text[..whole.start()].chars().next_back();
            let after = text[whole.end()..].chars().next();
            let part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            if part(after)
                || part(before)
                || whole.as_str().starts_with(|c: char| c.is_ascii_digit())
                    && matches!(before, Some('.' | '/' | ',' | '-'))
            {
                continue;
            }
            if found.iter().any(|(from, to, _)| *from < whole.end() && whole.start() < *to) {
                continue;
            }
            if let Some(date) = date(&c, month_first) {
                let value = match clock(&text[whole.end()..]) {
                    Some(clock) => format!("{date}T{clock}"),
                    None => date,
                };
                found.push((whole.start(), whole.end(), Shown { value, start: whole.start() }));
            }
        }
    }
    found.sort_by_key(|(from, ..)| *from);
    found.into_iter().map(|(.., shown)| shown).collect()
}

/// A date in a value of markup: any of the ways of feeds and English pages, then those above.
pub fn any(text: &str) -> Option<String> {
    let text = text.trim();
    let value =
        english::iso(text).or_else(|| loose_iso(text)).or_else(|| english::any(text)).filter(|d| !d.starts_with('X'));
    value.or_else(|| all(text, None).into_iter().next().map(|s| s.value)).filter(|d| sound(d))
}

/// "2024-3-12T9:05:00.000Z[UTC]" and the like: the day, and the time where it is well written.
fn loose_iso(text: &str) -> Option<String> {
    static LOOSE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?",
        )
        .expect("a valid pattern")
    });
    // NITF writes 20240312T080000Z.
    static BASIC: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{2}:?\d{2})?$").expect("a valid pattern")
    });
    let c = BASIC.captures(text).or_else(|| LOOSE.captures(text))?;
    let part = |i: usize| c.get(i).map(|m| m.as_str());
    let date = format!("{}-{:0>2}-{:0>2}", &c[1], &c[2], &c[3]);
    let with_time = part(4).map(|h| {
        format!(
            "{date}T{h:0>2}:{}{}{}",
            &c[5],
            part(6).map(|s| format!(":{s}")).unwrap_or_default(),
            part(7).unwrap_or_default()
        )
    });
    with_time.as_deref().and_then(english::iso).or_else(|| english::iso(&date))
}

/// Dates of the web's own time; clocks that were never set give 1970 or year 1.
pub fn sound(date: &str) -> bool {
    date.get(..4).and_then(|y| y.parse::<i16>().ok()).is_some_and(|y| (1992..=2100).contains(&y)) && date.len() >= 7
}

fn date(c: &Captures<'_>, month_first: Option<bool>) -> Option<String> {
    let part = |name: &str| c.name(name).map(|m| m.as_str());
    let number = |name: &str| part(name).and_then(|t| t.parse::<i8>().ok());
    let year: i16 = match part("year")? {
        short if short.len() == 2 => short.parse::<i16>().ok().map(|y| if y >= 70 { 1900 + y } else { 2000 + y })?,
        year => year.parse().ok()?,
    };
    let (month, day) = match (number("a"), number("b"), part("name")) {
        (Some(a), Some(b), _) => {
            let dots = matches!(part("mark"), Some("." | " | "));
            match (dots, month_first) {
                (true, _) => (b, a),
                (_, _) if a > 12 => (b, a),
                (_, _) if b > 12 => (a, b),
                (_, _) if a == b => (a, b),
                (_, Some(true)) => (a, b),
                (_, Some(false)) => (b, a),
                (_, None) => return None,
            }
        }
        (_, _, Some(name)) => (month(name)?, number("day")?),
        _ => (number("month")?, number("day")?),
    };
    Date::new(year, month, day).ok()?;
    Some(format!("{year:04}-{month:02}-{day:02}")).filter(|d| sound(d))
}

fn month(name: &str) -> Option<i8> {
    let small = name.to_lowercase();
    MONTHS
        .iter()
        .filter(|(start, _)| small.starts_with(start))
        .max_by_key(|(start, _)| start.len())
        .map(|(_, month)| *month)
}

fn clock(rest: &str) -> Option<String> {
    let c = CLOCK.captures(rest)?;
    let (hour, minute): (i8, i8) = (c["h"].parse().ok()?, c["m"].parse().ok()?);
    let half = c.name("half").map(|h| h.as_str().to_ascii_lowercase());
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + if half.starts_with('p') { 12 } else { 0 },
        Some(_) => return None,
        None => hour,
    };
    jiff::civil::Time::new(hour, minute, 0, 0).ok()?;
    Some(format!("{hour:02}:{minute:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_dates() {
        for (text, value) in [
            ("Stand: 12.03.2024, 21:40 Uhr", Some("2024-03-12T21:40")),
            ("12. März 2024", Some("2024-03-12")),
            ("Dienstag, 3. Dezember 2019 um 9:05", Some("2019-12-03T09:05")),
            ("le 4 août 2021 à 10h30", Some("2021-08-04T10:30")),
            ("12 de mayo de 2022", Some("2022-05-12")),
            ("March 12, 2024 9:40 pm", Some("2024-03-12T21:40")),
            ("12/25/2024", Some("2024-12-25")),
            ("3/4/2024", None),
            ("2024-03-12T21:40", Some("2024-03-12T21:40")),
            ("12.13.2024", None),
            ("Version 1.2.3", None),
        ] {
            assert_eq!(all(text, None).first().map(|s| s.value.as_str()), value, "{text}");
        }
        assert_eq!(all("3/4/2024", Some(false))[0].value, "2024-04-03");
    }

    #[test]
    fn dates_of_markup() {
        assert_eq!(any("2024-3-12T9:05:00.000Z").as_deref(), Some("2024-03-12T09:05:00Z"));
        assert_eq!(any("Tue, 12 Mar 2024 21:40:00 +0200").as_deref(), Some("2024-03-12T21:40:00+02:00"));
        assert_eq!(any("20240312T080000Z").as_deref(), Some("2024-03-12T08:00:00Z"));
        assert_eq!(any("0001-01-01"), None);
    }
}
