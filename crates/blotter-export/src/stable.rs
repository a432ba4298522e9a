//! Ids that stay: what is the same in two exports has the same id in both.

use uuid::Uuid;

use crate::error::Error;
use crate::policy::Redaction;
use crate::selection::Selection;

/// The names of everything that this program gives an id (made once, at random).
pub const BLOTTER: Uuid = Uuid::from_u128(0x8c1f_2a5e_6d0b_4f39_9a47_21c6_b3e0_d758);

/// The scheme of the categories of Atom entries that say which incident, which change and which marking.
pub const SCHEME: &str = "tag:blotter,2026:";

/// Makes the ids of one case file: a copy of the file gives the same, another file never does. What a policy changes is another
/// thing than what is whole and has ids of its own: whoever takes in both must not take one for a version of the other.
#[derive(Clone, Copy, Debug)]
pub struct Ids(Uuid);

impl Ids {
    /// Of the case file of a selection.
    ///
    /// # Errors
    /// The database refused.
    pub fn of(selection: &Selection<'_>) -> Result<Ids, Error> {
        let whole = Ids(Uuid::new_v5(&BLOTTER, selection.snapshot().key()?.as_bytes()));
        let policy = selection.policy();
        let mut withheld: Vec<&str> =
            Redaction::ALL.into_iter().filter(|r| policy.hides(*r)).map(Redaction::name).collect();
        withheld.extend(policy.tlp.map(|level| level.name()));
        // Markings are of now, also in an export of an earlier moment, whose other times are of then.
        let marked = selection.snapshot().marked_since()?.map(|row| row.to_string());
        withheld.extend(marked.as_deref());
        Ok(if withheld.is_empty() { whole } else { Ids(whole.id("withheld", &withheld)) })
    }

    /// Of the same, as somebody hands it out: what two hand out are two things, where it names its maker.
    pub fn by(self, producer: Option<&str>) -> Ids {
        producer.map_or(self, |name| Ids(self.id("producer", &[name])))
    }

    /// The id of what a kind and some keys name (UUID version 5, RFC 9562).
    pub fn id(self, kind: &str, keys: &[&str]) -> Uuid {
        // No key holds the mark between them, so no two lists make one name.
        Uuid::new_v5(&self.0, format!("{kind}\u{1f}{}", keys.join("\u{1f}")).as_bytes())
    }
}

/// The id of something of the program itself.
pub fn own(name: &str) -> Uuid {
    Uuid::new_v5(&BLOTTER, name.as_bytes())
}

/// `2024-03-12T21:40:00Z` with so many thousandths of a second: changes of one second stay in order.
pub fn thousandths(time: &str, n: usize) -> String {
    format!("{}.{:03}Z", time.trim_end_matches('Z'), n.min(999))
}

/// A report's own date as a moment (UTC where it tells no offset, midnight where it tells no hour); `None` where a part of it is
/// unknown.
pub fn moment(date: &str) -> Option<String> {
    let words = date.trim();
    let time = match words.parse::<jiff::Timestamp>() {
        Ok(time) => time,
        Err(_) => {
            let local = match words.parse::<jiff::civil::Date>() {
                Ok(day) if !words.contains(['T', ':']) => day.at(0, 0, 0, 0),
                _ => words.parse::<jiff::civil::DateTime>().ok()?,
            };
            jiff::tz::TimeZone::UTC.to_ambiguous_timestamp(local).compatible().ok()?
        }
    };
    Some(time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// An address of a page as a URI has it (RFC 3986): what may not stand in one is written as its bytes; `None` of what is none.
pub fn uri(url: &str) -> Option<String> {
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return None;
    }
    let mut found = String::with_capacity(url.len());
    for byte in url.bytes() {
        let may = byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
        if may { found.push(char::from(byte)) } else { found.push_str(&format!("%{byte:02X}")) }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_become_moments() {
        assert_eq!(moment("2024-03-12").as_deref(), Some("2024-03-12T00:00:00Z"));
        assert_eq!(moment("2024-03-12T10:00:00").as_deref(), Some("2024-03-12T10:00:00Z"));
        assert_eq!(moment("2024-03-12T10:00:00+02:00").as_deref(), Some("2024-03-12T08:00:00Z"));
        assert_eq!(moment("XXXX-03-12"), None);
        assert_eq!(thousandths("2024-03-12T10:00:00Z", 2), "2024-03-12T10:00:00.002Z");
    }

    #[test]
    fn addresses_hold_what_addresses_may() {
        assert_eq!(uri("https://a.example/?b=<2>&c=é").as_deref(), Some("https://a.example/?b=%3C2%3E&c=%C3%A9"));
        assert_eq!(uri("javascript:alert(1)"), None);
    }
}
