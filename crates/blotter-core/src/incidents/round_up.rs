//! Round-ups: "Near Tarn, two strikes destroyed a bridge. Near Kesh, one strike hit a depot." tells of one incident an
//! item, and of what they share (who, when, with what) in the frame before the first.
//!
//! An item begins with its own place: "In Tarn, ..", "Near Kesh, ..", "Tarn: ..". Three such items with three places make
//! a round-up; fewer are ordinary sentences. Where a report says that it tells of several acts ("police investigate three
//! separate shootings"), every act told at a street of its own is an item.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::anchors::Anchor;
use super::{Draft, Item, Parts};
use crate::facts::sites::STREET;
use crate::layers::places::Place;
use crate::layers::words::small_number;
use crate::text::Span;

/// Fewer items with places of their own make no round-up.
const LEAST_ITEMS: usize = 3;
/// So many sentences from one item's beginning to the next at most: what is longer is a story.
const LONGEST_ITEM: usize = 4;
/// The place of an item is named in so many bytes.
const LONGEST_PLACE: usize = 60;

/// A report says in its first sentences that it tells of several acts.
const ANNOUNCED_IN: usize = 4;
/// So many sentences at most tell of an act at a street before the next.
const LONGEST_AT_STREET: usize = 8;

/// Several acts told of together; how many, where that is a number.
static SEVERAL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(two|three|four|five|six|seven|eight|nine|ten|\d{1,2}|several|multiple|numerous|separate|unrelated|(?:a )?(?:string|series|rash|spate|wave|number) of)\s+(?:(?:separate|different|unrelated|overnight|weekend|other|deadly|fatal|non-fatal|apparent|violent|more|new|recent|\w+ related)\s+){0,2}(?:shootings|stabbings|incidents|attacks|killings|homicides|murders|slayings|robberies|explosions|bombings|blasts|fires|assaults)\b")
        .expect("a pattern")
});

/// Where somebody lives, and not what happened there.
static LIVES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:\bof|\blives?(?: \w+)?|\blived(?: \w+)?|\bhome (?:in|on|at))\s+$").expect("a pattern")
});
/// How a sentence brings in somebody new.
static BEGINS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:.{3,60}?,\s+)?(?:an?|another|two|three|four|five|six|A|An|Another|Two|Three|Four|Five|Six)\s+(?:[\w-]+\s+){0,3}?(?:[\w-]*year-old|man|men|woman|women|boys?|girls?|teen(?:ager)?s?|people|persons?|males?|females?)\b")
        .expect("a pattern")
});
/// Acts that are one however many: one man's way from place to place.
static SPREE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?i)\b(?:spree|rampage|manhunt)\b").expect("a pattern"));

/// What may stand before the place of an item.
static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?i:(?:also|elsewhere|meanwhile|separately|additionally),?\s+)?(?i:near|in|at|around|outside|inside|(?:north|south|east|west)(?:-?(?:east|west))?(?:ern)? of)\s+")
        .expect("a pattern")
});
/// What stands between the place that an item begins with and what it tells ("Tarn: two strikes ..").
static HEADED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(?:,\s+[\p{L}. ]{2,30})?(?::| [–—-]{1,2}) ").expect("a pattern"));

/// Sentences, and the number of the item that they are.
type Stretch = (Range<usize>, usize);

/// The items of a round-up.
#[derive(Debug, Default)]
pub(super) struct RoundUp {
    /// The sentences of each stretch and the number of its item: what begins with one place is one item.
    stretches: Vec<Stretch>,
    /// The word that the items repeat ("strike"); empty where they repeat none.
    refrain: String,
    /// Whether the items are acts at streets of one town, and not each in a place of its own.
    at_streets: bool,
}

impl RoundUp {
    /// The round-up that the report holds; one without items where it holds none.
    pub fn find(parts: Parts<'_>, anchors: &[Anchor]) -> RoundUp {
        let openings: Vec<Opening> =
            (0..parts.input.sentences.len()).filter_map(|sentence| opening(parts, sentence)).collect();
        // "In Syria, 15 strikes were flown" before "Near Tarn, .." is a sum.
        let (countries, places): (Vec<Opening>, Vec<Opening>) = openings.into_iter().partition(|o| o.country);
        match [places, countries].into_iter().find_map(|openings| run(anchors, &openings)) {
            Some(stretches) => RoundUp { refrain: refrain(parts, anchors, &stretches), stretches, at_streets: false },
            None => RoundUp {
                stretches: at_streets(parts, anchors).unwrap_or_default(),
                at_streets: true,
                ..RoundUp::default()
            },
        }
    }

    /// What its items are.
    pub fn kind(&self) -> Item {
        if self.at_streets { Item::AtStreet } else { Item::OwnPlace }
    }

    /// The anchors that count: the certain ones, and in an item those of the word that the items repeat, however certain,
    /// instead of all else that it names ("destroyed a car bomb"); any where an item has no better ones.
    pub fn telling(&self, parts: Parts<'_>, anchors: Vec<Anchor>, certain: impl Fn(&Anchor) -> bool) -> Vec<Anchor> {
        let repeats = |a: &Anchor| !self.refrain.is_empty() && stem(parts, a) == self.refrain;
        let best = |a: &Anchor| repeats(a) || self.at_streets && certain(a);
        let with: BTreeSet<usize> = anchors.iter().filter(|a| best(a)).filter_map(|a| self.item(a.sentence)).collect();
        let tells = |anchor: &Anchor| match self.item(anchor.sentence) {
            Some(item) => best(anchor) || !with.contains(&item),
            None => repeats(anchor) || certain(anchor),
        };
        let told: Vec<bool> = anchors.iter().map(tells).collect();
        anchors.into_iter().zip(told).filter(|(_, told)| *told).map(|(anchor, _)| anchor).collect()
    }

    /// The number of the item that the sentence belongs to.
    pub fn item(&self, sentence: usize) -> Option<usize> {
        self.stretches.iter().find(|(range, _)| range.contains(&sentence)).map(|(_, item)| *item)
    }

    /// Whether two anchors tell of one incident as far as the items say; what tells of all items together is one.
    pub fn same(&self, parts: Parts<'_>, one: &Anchor, other: &Anchor) -> Option<bool> {
        match [one, other].map(|a| self.item(a.sentence)) {
            [None, None] => {
                let framing = |a: &&Anchor| stem(parts, a) == self.refrain || self.at_streets && self.before(a);
                [one, other].iter().all(framing).then_some(true)
            }
            [one, other] => Some(one == other),
        }
    }

    /// Whether the draft tells of several acts before the items that tell of each.
    pub fn frames(&self, parts: Parts<'_>, draft: &Draft) -> bool {
        let outside = draft.anchors.iter().all(|a| self.item(a.sentence).is_none());
        let plural = |a: &Anchor| a.span.of(parts.input.text()).to_lowercase().ends_with('s');
        outside && draft.anchors.iter().any(|a| self.before(a) && (self.at_streets || plural(a)))
    }

    /// Whether the anchor stands before all items.
    fn before(&self, anchor: &Anchor) -> bool {
        self.stretches.first().is_some_and(|(range, _)| anchor.sentence < range.start)
    }
}

/// The acts that a report tells of at streets of their own, where it says that there are several.
fn at_streets(parts: Parts<'_>, anchors: &[Anchor]) -> Option<Vec<Stretch>> {
    let text = parts.input.text();
    let sentences = parts.input.sentences;
    let lead = || sentences.iter().take(ANNOUNCED_IN);
    if lead().any(|s| SPREE.is_match(s.span.of(text))) {
        return None;
    }
    let announced = lead().enumerate();
    let (from, count) =
        announced.filter_map(|(n, s)| Some((n, SEVERAL.captures(s.span.of(text))?.get(1)?.as_str()))).next()?;
    let told = |sentence: usize| anchors.iter().any(|a| a.sentence == sentence);
    let mut openings: Vec<(usize, &str)> = Vec::new();
    for sentence in from + 1..sentences.len() {
        let words = sentences[sentence].span.of(text);
        // "Jan Holm, 21, of the 400 block of Mill Street" lives there.
        let street = STREET.find_iter(words).find(|m| !LIVES.is_match(&words[..m.start()])).map(|m| m.as_str());
        let street = street.map(|s| s.trim_start_matches("the ")).filter(|_| told(sentence) || told(sentence + 1));
        let same = |known: &str, street: &str| known.contains(street) || street.contains(known);
        if let Some(street) = street.filter(|s| !openings.iter().any(|(_, known)| same(known, s))) {
            // "A boy was shot in the old town. He was in the 400 block of Mill Street when .."
            let last = openings.last().map_or(from, |(last, _)| *last);
            let begun =
                sentence - 1 > last && told(sentence - 1) && BEGINS.is_match(sentences[sentence - 1].span.of(text));
            openings.push((sentence - usize::from(begun), street));
        }
    }
    // More streets than acts: some act has two.
    let most = small_number(&count.to_lowercase()).map_or(usize::MAX, |n| n as usize);
    if openings.len() < 2 || openings.len() > most {
        return None;
    }
    let ends = openings.iter().skip(1).map(|(next, _)| *next).chain([sentences.len()]);
    let stretch =
        |(n, ((start, _), end)): (usize, (&(usize, &str), usize))| (*start..end.min(start + LONGEST_AT_STREET), n);
    Some(openings.iter().zip(ends).enumerate().map(stretch).collect())
}

/// The word that two of three items hold, if there is one.
fn refrain(parts: Parts<'_>, anchors: &[Anchor], stretches: &[Stretch]) -> String {
    let mut items: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for anchor in anchors {
        for (_, item) in stretches.iter().filter(|(range, _)| range.contains(&anchor.sentence)) {
            items.entry(stem(parts, anchor)).or_default().insert(*item);
        }
    }
    let all = stretches.iter().map(|(_, item)| item + 1).max().unwrap_or(0);
    let most = items.into_iter().max_by_key(|(_, items)| items.len());
    most.filter(|(_, items)| items.len() * 3 >= all * 2).map(|(word, _)| word).unwrap_or_default()
}

/// The anchor's word, singular and plural alike.
fn stem(parts: Parts<'_>, anchor: &Anchor) -> String {
    anchor.span.of(parts.input.text()).to_lowercase().trim_end_matches('s').to_owned()
}

/// A sentence that begins with a place of its own.
struct Opening {
    sentence: usize,
    /// The words of the place, in lower case.
    place: String,
    country: bool,
}

fn opening(parts: Parts<'_>, sentence: usize) -> Option<Opening> {
    let span = parts.input.sentences[sentence].span;
    let words = span.of(parts.input.text());
    let named = |span: Span| parts.places.iter().filter(move |p| !p.demonym && span.overlaps(p.span));
    let country = |p: &Place| p.chosen.as_ref().is_some_and(|c| matches!(c.kind, "country" | "continent" | "region"));
    let found = |place: &str, mut places: Vec<&Place>| {
        places.sort_by_key(|p| p.span);
        let country = places.first().is_some_and(|p| country(p));
        Some(Opening { sentence, place: place.to_lowercase(), country })
    };
    if let Some(before) = BEFORE.find(words) {
        let rest = &words[before.end()..];
        let place = &rest[..rest.find(',').filter(|end| *end <= LONGEST_PLACE)?];
        let span = Span::new(span.start + before.end(), span.start + before.end() + place.len());
        let places: Vec<&Place> = named(span).collect();
        let dated = parts.times.iter().any(|t| t.span.overlaps(span));
        let small = words.chars().any(char::is_lowercase);
        let name = small && place.split_whitespace().all(|w| w.starts_with(char::is_uppercase));
        return if dated || places.is_empty() && !name { None } else { found(place, places) };
    }
    let first = named(span).find(|p| p.span.start == span.start)?;
    // A name may reach over a full stop that was taken for the sentence's end ("St. Kesh").
    let behind = words.get(first.span.len()..)?;
    HEADED.is_match(behind).then(|| found(first.span.of(parts.input.text()), vec![first]))?
}

/// The longest run of items, each of which tells of something.
fn run(anchors: &[Anchor], openings: &[Opening]) -> Option<Vec<Stretch>> {
    let follows = |a: &Opening, b: &Opening| {
        let tells = anchors.iter().any(|x| (a.sentence..b.sentence).contains(&x.sentence));
        tells && b.sentence - a.sentence <= LONGEST_ITEM
    };
    let tells = |o: &Opening| anchors.iter().any(|x| x.sentence == o.sentence);
    let places = |run: &[Opening]| {
        let mut places: Vec<&str> = run.iter().map(|o| o.place.as_str()).collect();
        places.sort_unstable();
        places.dedup();
        places.len()
    };
    let runs =
        openings.chunk_by(follows).map(|run| if run.last().is_some_and(tells) { run } else { &run[..run.len() - 1] });
    let run = runs.max_by_key(|run| places(run)).filter(|run| places(run) >= LEAST_ITEMS)?;
    let mut known: Vec<&str> = Vec::new();
    let mut stretches = Vec::new();
    for (n, opening) in run.iter().enumerate() {
        let item = known.iter().position(|p| *p == opening.place).unwrap_or_else(|| {
            known.push(&opening.place);
            known.len() - 1
        });
        // Where the last one ends nothing says.
        let end = run.get(n + 1).map_or(opening.sentence + 1, |next| next.sentence);
        stretches.push((opening.sentence..end, item));
    }
    Some(stretches)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;
    use crate::reading::Reader;
    use crate::text::Report;

    /// The first words of each item of a text.
    fn items(text: &str) -> Vec<String> {
        let reader = Reader::load(Data { weights: b"", gazetteer: &[] }).expect("loads");
        let reading = reader.read(Report { text: text.to_owned(), ..Report::default() });
        let parts = reader.parts(&reading);
        let anchors = super::super::anchors::Anchors::load().expect("loads").find(parts);
        let found = RoundUp::find(parts, &anchors).stretches.into_iter();
        let words =
            |s: usize| parts.input.sentences[s].span.of(parts.input.text()).split(' ').take(3).collect::<Vec<_>>();
        found.map(|(range, _)| words(range.start).join(" ")).collect()
    }

    #[test]
    fn items_begin_with_places_of_their_own() {
        let list = "The army flew six strikes on Monday.\nNorth\n- Near Tarn, two strikes destroyed a bridge.\n- Near Kesh, one strike hit a depot.\nSouth\n- Near Velm, three strikes hit a road.";
        assert_eq!(items(list), ["Near Tarn, two", "Near Kesh, one", "Near Velm, three"]);
        let told = "Bombs hit three towns. In Tarn, a bomb killed two. They were guards. In Kesh, a bomb killed one. In Velm, a bomb hurt six.";
        assert_eq!(items(told).len(), 3, "{:?}", items(told));
        assert!(items("In Tarn, a bomb killed two. In Kesh, a bomb killed one.").is_empty());
        let months = "In March, a bomb killed two. In April, a bomb killed one. In May, a bomb hurt six.";
        assert!(items(months).is_empty(), "{:?}", items(months));
    }

    #[test]
    fn acts_at_streets_are_items_where_several_are_announced() {
        let several = "Police investigate three separate shootings. A man was shot in the 400 block of Mill Street. A boy was shot in the old town. He was in the 20 block of Kay Road when shots were fired. Jan Holm, 30, of the 90 block of Low Street, was shot, too.";
        assert_eq!(items(several), ["A man was", "A boy was"]);
        let one = "Police investigate a shooting. A man was shot in the 400 block of Mill Street. Shots were heard in Kay Road.";
        assert!(items(one).is_empty());
        let more = "Police investigate two separate shootings. A man was shot in Mill Street. Shots were heard in Kay Road. A car was shot at in Low Street.";
        assert!(items(more).is_empty());
        let spree = "A spree of two separate shootings: a man was shot in Mill Street. A boy was shot in Kay Road.";
        assert!(items(spree).is_empty());
    }
}
