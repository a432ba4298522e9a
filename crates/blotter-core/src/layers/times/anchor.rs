//! The report's own date, which relative times are counted from.

use super::calendar;
use crate::text::Report;
use crate::words::{Kind, Words, month_number};
use jiff::civil::Date;

/// How many bytes of the text a dateline may take up.
const HEAD: usize = 400;

/// The day that a report's relative times count from: the day it was published or updated, else a full date in its
/// dateline ("SAN BELMO, 3 JAN 90 (AGENCY) --"); `None` where nothing tells.
pub fn anchor(report: &Report) -> Option<Date> {
    let known = [&report.published, &report.updated];
    let known = known.into_iter().flatten().find_map(|date| date.value.get(..10)?.parse().ok());
    known.or_else(|| {
        let line = match report.dateline {
            Some(span) => report.words(span),
            None => head(&report.text),
        };
        dateline(&Words::new(line), report.dateline.is_some())
    })
}

/// The beginning of a text, cut on a character boundary.
fn head(text: &str) -> &str {
    let mut end = HEAD.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The first full date that a dash or a bracket closes, as in a dateline; any full date where the line is known to be one.
fn dateline(words: &Words<'_>, known: bool) -> Option<Date> {
    (0..words.len()).find_map(|i| {
        let month = month_number(words.lower(i))?;
        let dot = usize::from(words.lower(i + 1) == ".");
        let (day, year, end) = match number(words, i.checked_sub(1)?) {
            Some(day) => (day, number(words, i + 1 + dot)?, i + 2 + dot),
            None => {
                let comma = usize::from(words.lower(i + 2 + dot) == ",");
                (number(words, i + 1 + dot)?, number(words, i + 2 + dot + comma)?, i + 3 + dot + comma)
            }
        };
        let year = match year {
            0..30 => 2000 + year,
            30..100 => 1900 + year,
            1400..2100 => year,
            _ => return None,
        };
        let closed = (end..end + 10).any(|j| words.is(j, Kind::Dash) || matches!(words.lower(j), "(" | "[" | ":"));
        (known || closed).then(|| calendar::day(year, month, i8::try_from(day).ok()?)).flatten()
    })
}

fn number(words: &Words<'_>, i: usize) -> Option<i16> {
    words.raw(i).parse().ok().filter(|_| words.is(i, Kind::Figure))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{DateSource, ReportDate};

    fn of(published: Option<&str>, text: &str) -> Option<String> {
        let published = published.map(|value| ReportDate { value: value.into(), source: DateSource::Input });
        anchor(&Report { published, text: text.into(), ..Report::default() }).map(|date| date.to_string())
    }

    #[test]
    fn the_day_of_publication_wins() {
        assert_eq!(of(Some("2024-03-12T21:40:00"), "VELM, 3 Jan 90 --").as_deref(), Some("2024-03-12"));
        assert_eq!(of(Some("XXXX-03-12"), "Nothing else."), None);
    }

    #[test]
    fn a_dateline_tells_the_day() {
        assert_eq!(of(None, "SAN BELMO, 3 JAN 90 (AGENCY) -- [TEXT] A bridge fell.").as_deref(), Some("1990-01-03"));
        assert_eq!(of(None, "Velm, March 12, 2024 — A bridge fell.").as_deref(), Some("2024-03-12"));
        assert_eq!(of(None, "A bridge of 3 March 1987 fell."), None);
        assert_eq!(of(None, "VELM, 31 FEB 90 --"), None);
    }
}
