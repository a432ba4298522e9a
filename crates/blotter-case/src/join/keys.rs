//! Under which keys an incident is filed, and under which its candidates are looked up.
//!
//! Two incidents are compared if one's filing keys and the other's look-up keys meet; that holds in both directions or in
//! neither, so that the pairs compared do not depend on which came first.

use super::copies::{self, mixed};
use super::profile::Profile;
use super::words;

/// A key as filed. Those of a stretch of days begin with its number, so that a file keeps them side by side: what a report
/// looks up and adds lies on few pages, however large the file.
pub type Key = i64;

/// Days in a bucket of time.
const DAYS: i32 = 6;
/// So many rare words file an incident at any distance in time.
const KEY_WORDS: usize = 6;
/// So many of the weightiest words file an incident among those of the same days.
const NEAR_WORDS: usize = 5;

/// Bits of a key that its words give where a stretch of days gives the rest.
const HASHED: u32 = 40;
/// The bit that sets keys of days apart from those of all times.
const TIMED: i64 = 1 << 62;

/// 62 bits of the words' hash. Two that meet by chance are compared in vain, no more.
fn of(words: &str) -> Key {
    let hash = words.bytes().fold(0xcbf2_9ce4_8422_2325, |h: u64, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    (mixed(hash) >> 2) as i64
}

/// The key of words on the days of a bucket.
fn on(words: &str, bucket: i32) -> Key {
    // Days of the years −4,000 to 10,000 have buckets of their own; the rest share.
    let bucket = i64::from(bucket.clamp(-(1 << 20), (1 << 20) - 1)) + (1 << 20);
    TIMED | (bucket << HASHED) | (of(words) & ((1 << HASHED) - 1))
}

/// The keys of an incident's text by which copies are found.
pub fn of_copies(profile: &Profile) -> Vec<Key> {
    of_signature(&profile.signature)
}

/// The same of a text's signature.
pub fn of_signature(signature: &[u32]) -> Vec<Key> {
    copies::bands(signature).into_iter().map(|band| (band >> 2) as i64).collect()
}

/// Under which an incident is filed, and under which its candidates are looked up; each once, in order.
pub fn of_profile(profile: &Profile) -> (Vec<Key>, Vec<Key>) {
    let mut filed: Vec<Key> = Vec::new();
    for name in profile.names() {
        let parts: Vec<&str> = name.split(' ').collect();
        if let [rest @ .., last] = &parts[..] {
            filed.extend(rest.iter().filter(|p| p.len() > 1).map(|first| of(&format!("name {first} {last}"))));
        }
    }
    let rare = profile.words.iter().take(KEY_WORDS * 4).filter(|(w, _)| words::is_rare(w)).take(KEY_WORDS);
    filed.extend(rare.map(|(w, _)| of(&format!("word {w}"))));
    filed.extend(of_copies(profile));
    let mut sought = filed.clone();
    let week = profile.when.iter().filter(|(a, b)| b - a <= 7).map(|w| w.0);
    let mut buckets: Vec<i32> = week.chain(profile.published).map(|day| day.div_euclid(DAYS)).collect();
    buckets.sort_unstable();
    buckets.dedup();
    let mut near: Vec<String> = profile.words.iter().take(NEAR_WORDS).map(|(word, _)| format!("near {word}")).collect();
    let exact = profile.place.as_ref().filter(|p| p.exact);
    near.extend(exact.map(|p| format!("place {} {}", p.name, p.country.as_deref().unwrap_or(""))));
    for bucket in buckets {
        filed.extend(near.iter().map(|words| on(words, bucket)));
        sought.extend((bucket - 1..=bucket + 1).flat_map(|b| near.iter().map(move |words| on(words, b))));
    }
    // Places within about a degree, where names differ ("Chicago", "Oak Lawn").
    if let (Some(place), Some(day)) = (exact, profile.day())
        && let Some((lat, lon)) = place.point
    {
        let (row, column, bucket) = (lat.floor() as i32, lon.floor() as i32, day.div_euclid(DAYS));
        let cell = |row: i32, column: i32, bucket: i32| on(&format!("cell {row} {column}"), bucket);
        filed.push(cell(row, column, bucket));
        sought.extend((0..27).map(|i| cell(row + i / 9 - 1, column + i / 3 % 3 - 1, bucket + i % 3 - 1)));
    }
    for keys in [&mut filed, &mut sought] {
        keys.sort_unstable();
        keys.dedup();
    }
    (filed, sought)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::join::profile::Place;

    fn profile(day: i32, words: &str) -> Profile {
        Profile {
            published: Some(day),
            when: Some((day, day)),
            place: Some(Place {
                name: "port kesh".into(),
                point: Some((19.6, 37.2)),
                country: Some("SD".into()),
                exact: true,
                ..Place::default()
            }),
            words: words::vector(words),
            ..Profile::default()
        }
    }

    fn meet(a: &Profile, b: &Profile) -> bool {
        let (filed, sought) = (of_profile(a).0, of_profile(b).1);
        filed.iter().any(|key| sought.contains(key))
    }

    #[test]
    fn who_finds_is_found() {
        let (a, b) = (profile(102, "drones struck the harbour"), profile(113, "blast at the quay"));
        let c = profile(115, "blast at the quay");
        assert!(meet(&a, &b) && meet(&b, &a), "11 days apart, in buckets side by side");
        assert!(!meet(&a, &c) && !meet(&c, &a), "13 days apart");
        assert!(meet(&b, &c) && meet(&c, &b));
    }

    #[test]
    fn keys_of_days_lie_side_by_side() {
        let all = of_profile(&profile(100, "drones struck the harbour")).1;
        let timed: Vec<i64> = all.iter().filter(|k| **k & TIMED != 0).map(|k| (*k & !TIMED) >> HASHED).collect();
        let buckets: std::collections::BTreeSet<i64> = timed.iter().copied().collect();
        assert!(timed.len() > 30 && buckets.len() == 3, "{} keys, {buckets:?}", timed.len());
        assert!(all.iter().all(|k| *k >= 0));
        assert!(on("near x", i32::MIN) >= 0 && on("near x", i32::MAX) >= 0);
    }
}
