//! Longer stretches of the calendar: months, seasons, quarters, weeks.

use super::calendar::{Point, Season, Unit};
use super::lexicon::Match;
use super::resolve::Resolver;
use super::tense::Tense;

impl Resolver<'_, '_> {
    pub(super) fn month(&self, m: &Match) -> Option<Point> {
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

    pub(super) fn season(&self, m: &Match) -> Option<Point> {
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
                Tense::Past | Tense::Unknown if bare && begins > anchor => year - 1,
                _ => year,
            },
        };
        Some(Point::Season(Some(year), season))
    }

    pub(super) fn quarter(&self, m: &Match) -> Option<Point> {
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
    pub(super) fn the_quarter(&self) -> Option<Point> {
        self.context.last_quarter.or_else(|| {
            let anchor = self.context.anchor?;
            Point::holding(Unit::Quarter, anchor).shifted(-1, Unit::Quarter)
        })
    }

    /// "a year earlier": of the quarter the report speaks of, where it speaks of one.
    pub(super) fn year_ago(&self) -> Option<Point> {
        match self.context.last_quarter {
            Some(quarter) => quarter.shifted(-1, Unit::Year),
            None => Some(self.offset(-1, Unit::Year)),
        }
    }

    /// "the 1988 period": the quarter of that year, where the report speaks of a quarter.
    pub(super) fn year_quarter(&self, m: &Match) -> Option<Point> {
        let year = self.said_year(m)?;
        Some(match self.context.last_quarter {
            Some(Point::Quarter(_, quarter)) => Point::Quarter(Some(year), quarter),
            _ => Point::Year(year),
        })
    }

    /// "the week of March 6".
    pub(super) fn week_of(&self, m: &Match) -> Option<Point> {
        let day = self.point(m.sub("within")?)?;
        Some(day.days().map_or(Point::Unknown(Unit::Week), |(first, _)| Point::holding(Unit::Week, first)))
    }

    pub(super) fn weekend(&self) -> Option<Point> {
        let anchor = self.context.anchor?;
        let weekend = Point::holding(Unit::Weekend, anchor);
        let ahead = weekend.days()?.0 > anchor && self.tense != Tense::Future;
        weekend.shifted(if ahead { -1 } else { 0 }, Unit::Week)
    }
}
