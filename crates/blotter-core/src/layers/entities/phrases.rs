//! Mentions → noun phrases: how far each reaches, and what its own words say of it.

use super::lexicon::Lexicon;
use super::mentions::{self, is_aged, mention_spans};
use super::{EntityKind, Form, Gender};
use crate::layers::Input;
use crate::layers::numbers::Number;
use crate::layers::words::{Word, small_number};
use crate::text::Span;

/// A noun phrase or name and what its words say.
#[derive(Clone, Debug)]
pub(crate) struct Phrase {
    /// The whole of it, from determiner to head; the name alone for a name.
    pub span: Span,
    /// Its words, first and one past the last.
    pub words: (usize, usize),
    /// The word that heads it (the last of a name).
    pub head: usize,
    pub kind: EntityKind,
    pub form: Form,
    /// The singular of its head; `None` for a name.
    pub lemma: Option<&'static str>,
    pub plural: bool,
    /// Whether it brings in somebody new ("a man", "two men").
    pub indefinite: bool,
    pub age: Option<u32>,
    pub gender: Option<Gender>,
    pub group: Option<&'static str>,
    pub title: Option<Span>,
    pub country: Option<&'static str>,
    /// Minimum, best and maximum, where a number stands in it.
    pub number: Option<(Option<u64>, Option<u64>, Option<u64>)>,
}

/// The lemma of one of several ages ("ages 22 and 20"), each of which is somebody.
pub(crate) const AGE: &str = "age";

/// The noun phrases and names of the report, in order, without overlap.
pub(crate) fn read(input: Input<'_>, words: &[Word<'_>], numbers: &[Number], lexicon: &Lexicon) -> Vec<Phrase> {
    let mut phrases: Vec<Phrase> = Vec::new();
    let counts: Vec<Number> = numbers.iter().filter(|n| !is_age(words, n.span)).cloned().collect();
    for (span, kind, form, _) in mention_spans(input, words, lexicon) {
        let first = words.partition_point(|w| w.span.end <= span.start);
        let last = words.partition_point(|w| w.span.start < span.end);
        if first >= last {
            continue;
        }
        // "a 17-year-old Tarn Township man": the town is part of the phrase, nobody by himself.
        let aged = |p: &&Phrase| p.words.0 > 0 && words[p.words.0 - 1].age.is_some() && p.form == Form::Name;
        let led = |p: &&Phrase| words[p.words.1..first.max(p.words.1)].iter().all(|w| w.is_word() && w.is_capital());
        if form == Form::Nominal
            && phrases.last().filter(aged).filter(led).is_some_and(|p| first - p.words.1.min(first) <= 2)
        {
            phrases.pop();
        }
        let free_from = phrases.last().map_or(0, |p| p.words.1);
        if first < free_from {
            continue;
        }
        let mut phrase = match form {
            Form::Name => name(words, (first, last), kind, free_from, lexicon),
            _ => nominal(words, (first, last), kind, free_from, &counts, lexicon),
        };
        // "two men, ages 20 and 22": each of them is one.
        let group = phrases.last().filter(|p| phrase.lemma == Some(AGE) && (p.plural || p.lemma == Some(AGE)));
        let near = group.filter(|p| phrase.words.0 - p.words.1 <= 3 && words[p.head].sentence == words[first].sentence);
        phrase.gender = phrase.gender.or(near.and_then(|p| p.gender));
        // "Orlo Brandt and Ilka Maddow, both 16": the age of both.
        let both = words.get(phrase.words.1 + 1).is_some_and(|w| w.lower == "both");
        if phrase.form == Form::Name && phrase.age.is_some() && both {
            let beside = |p: &&mut Phrase| {
                p.form == Form::Name && words[p.words.1..phrase.words.0].iter().all(|w| w.is(&["and", ","]))
            };
            if let Some(other) = phrases.last_mut().filter(beside) {
                other.age = other.age.or(phrase.age);
            }
        }
        phrases.push(phrase);
    }
    phrases
}

/// Whether the number at `span` is an age.
fn is_age(words: &[Word<'_>], span: Span) -> bool {
    let at = words.partition_point(|w| w.span.end <= span.start);
    // "about 13-year-old".
    let aged = words[at..].iter().take_while(|w| w.span.start < span.end).any(|w| w.age.is_some());
    aged || (at > 0 && words[at - 1].span.end <= span.start && is_aged(words, at - 1).is_some())
}

fn blank(words: &[Word<'_>], range: (usize, usize), kind: EntityKind, form: Form) -> Phrase {
    Phrase {
        span: words[range.0].span.join(words[range.1 - 1].span),
        words: range,
        head: range.1 - 1,
        kind,
        form,
        lemma: None,
        plural: false,
        indefinite: false,
        age: None,
        gender: None,
        group: None,
        title: None,
        country: None,
        number: None,
    }
}

fn name(words: &[Word<'_>], range: (usize, usize), kind: EntityKind, free_from: usize, lexicon: &Lexicon) -> Phrase {
    let mut phrase = blank(words, range, kind, Form::Name);
    if kind != EntityKind::Person {
        return phrase;
    }
    let sentence = words[range.0].sentence;
    let earliest = range.0.saturating_sub(lexicon.title_words).max(free_from);
    let title = (earliest..range.0)
        .find(|at| words[*at].sentence == sentence && mentions::title_at(words, *at, range.0, lexicon) == range.0 - at);
    let mut at = range.0;
    if let Some(start) = title {
        let span = words[start].span.join(words[range.0 - 1].span);
        let key = words[start..range.0].iter().map(|w| w.lower.as_str()).collect::<Vec<_>>().join(" ");
        if let Some(title) = lexicon.titles.get(key.as_str()) {
            (phrase.group, phrase.gender) = (title.group, title.gender);
        }
        if !words[start].is(&["mr.", "mr", "mrs.", "mrs", "ms.", "ms", "miss"]) {
            phrase.title = Some(span);
        }
        at = start;
    }
    if at > free_from && words[at - 1].sentence == sentence {
        phrase.age = words[at - 1].age;
        phrase.country = lexicon.demonyms.get(&words[at - 1].lower).copied();
    }
    phrase.age = phrase.age.or_else(|| is_aged(words, range.1));
    phrase
}

fn nominal(
    words: &[Word<'_>],
    range: (usize, usize),
    kind: EntityKind,
    free_from: usize,
    numbers: &[Number],
    lexicon: &Lexicon,
) -> Phrase {
    if mentions::in_age_list(words, range.0) {
        let mut phrase = blank(words, range, kind, Form::Nominal);
        phrase.lemma = Some(AGE);
        phrase.age = words[range.0].age.or_else(|| small_number(&words[range.0].lower));
        phrase.indefinite = true;
        return phrase;
    }
    let mut start = left_edge(words, range.0, free_from, lexicon);
    // "a group of men" are not any men told of before.
    if start > free_from + 1 && words[start - 1].lower == "of" && words[start - 2].is(&COLLECTIVE) {
        start = left_edge(words, start - 2, free_from, lexicon);
    }
    // "more than 60 people": the number's bounding words belong to it.
    let at = numbers.partition_point(|n| n.span.end <= words[start].span.start);
    while start > free_from && numbers.get(at).is_some_and(|n| n.span.start < words[start].span.start) {
        start -= 1;
    }
    let mut phrase = blank(words, (start, range.1), kind, Form::Nominal);
    let head_word = &words[phrase.head];
    let head = lexicon.head_at(words, phrase.head);
    phrase.lemma = head.map(|h| h.lemma).or(head_word.age.map(|_| "year-old"));
    phrase.plural = match head {
        Some(head) => head.plural && head.lemma != "people" || head_word.lower == "people",
        None if head_word.age.is_some() => head_word.lower.ends_with('s'),
        None => head_word.lower.ends_with('s') && !head_word.lower.ends_with("ss"),
    };
    phrase.gender = head.and_then(|h| h.gender);
    phrase.group = head.and_then(|h| h.group);
    for word in &words[start..phrase.head] {
        phrase.gender = phrase.gender.or(match word.lower.as_str() {
            "male" => Some(Gender::Male),
            "female" | "pregnant" => Some(Gender::Female),
            _ => None,
        });
        phrase.country = phrase.country.or_else(|| lexicon.demonyms.get(&word.lower).copied());
        if word.is(&["police", "army", "military", "government", "rebel"]) {
            phrase.group = lexicon.head(&word.lower).and_then(|h| h.group).or(phrase.group);
        }
    }
    let listed = mentions::in_age_list(words, (range.1 + 1).min(words.len() - 1));
    phrase.age = words[start..range.1].iter().find_map(|w| w.age);
    phrase.age = phrase.age.or_else(|| is_aged(words, range.1).filter(|_| !(phrase.plural && listed)));
    phrase.number = number_in(phrase.span, numbers).or_else(|| match words[start].lower.as_str() {
        "both" => Some((Some(2), Some(2), Some(2))),
        _ => words[start..phrase.head].iter().find_map(|w| small_number(&w.lower)).map(|n| {
            let n = Some(u64::from(n));
            (n, n, n)
        }),
    });
    // "Both the child and the man" are two together, not two children.
    phrase.number = phrase.number.filter(|_| phrase.plural || !words[start].is(&["both"]));
    let counted = phrase.number.is_some_and(|n| n != (Some(1), Some(1), Some(1)));
    phrase.plural |= counted;
    if phrase.number == Some((Some(1), Some(1), Some(1))) {
        // "one of the victims".
        phrase.plural = false;
        phrase.number = None;
    }
    let first = &words[start];
    let bare = start == phrase.head;
    phrase.indefinite = lexicon.has("indefinite", &first.lower)
        || small_number(&first.lower).is_some()
        || (bare && first.sentence == 0)
        || (first.age.is_some() && !bare);
    phrase
}

/// Nouns that "of" ties to those whom they hold together.
const COLLECTIVE: [&str; 8] = ["group", "groups", "crowd", "crowds", "mob", "mobs", "gang", "band"];

/// Numbers that "of" ties to what is counted.
pub(crate) const VAGUE: [&str; 5] = ["dozens", "scores", "hundreds", "thousands", "tens"];

/// The first word of the noun phrase whose head words begin at `head`.
fn left_edge(words: &[Word<'_>], head: usize, free_from: usize, lexicon: &Lexicon) -> usize {
    let sentence = words[head].sentence;
    let mut start = head;
    let mut at = head;
    let mut unknown = 0;
    while at > free_from && head - at < 9 {
        at -= 1;
        let word = &words[at];
        if word.sentence != sentence {
            break;
        }
        let opened = start < head && lexicon.has("determiner", &words[start].lower);
        // "A shootout killed two teens": the article belongs to another noun.
        if word.is(&["a", "an"]) && unknown > 0 && small_number(&words[start].lower).is_some() {
            break;
        }
        if lexicon.has("determiner", &word.lower) && (!opened || word.is(&["all", "both"])) {
            start = at;
            continue;
        }
        // "Image 4 of 44 A girl": no number goes before an article.
        let number = small_number(&word.lower).is_some() && !words[start].is(&["a", "an", "the"]);
        if opened && !(word.is(&["all", "both", "of"]) || number) {
            break;
        }
        // "kidnapped two nurses": before a number only a determiner goes on, perhaps past an adjective.
        let numbered = start < head && (small_number(&words[start].lower).is_some() || words[start].age.is_some());
        if numbered && !opened && word.lower != "of" {
            unknown += 1;
            // "The blast sent four students to hospital".
            let verb =
                word.is(&["sent", "left", "hit", "struck", "hurt", "claimed", "shot", "killed", "injured", "wounded"]);
            if unknown > 2 || verb || !word.is_word() || lexicon.has("function", &word.lower) {
                break;
            }
            continue;
        }
        let plain = word.age.is_some()
            || small_number(&word.lower).is_some()
            || lexicon.has("modifier", &word.lower)
            || lexicon.demonyms.contains_key(&word.lower)
            || (lexicon.head(&word.lower).is_some() && !opened);
        if plain {
            // "a 17-year-old Tarn man", "three nearby Tarn students": an age or number leads the phrase whatever stands between.
            let leads = word.age.is_some() || small_number(&word.lower).is_some();
            start = if unknown == 0 || leads { at } else { start };
        } else if word.lower == "of" && opened && at > free_from && counts(words, at - 1, lexicon) {
            at -= 1;
            start = at;
        } else if word.lower == "of" && at > free_from && words[at - 1].is(&VAGUE) {
            // "scores of Syrian civilians".
            return at - 1;
        } else if word.is(&["'s", "’s", ",", "and"]) || !word.is_word() || lexicon.has("function", &word.lower) {
            break;
        } else {
            // An unknown adjective or noun counts only where a determiner stands before it.
            unknown += 1;
            if unknown > 2 {
                break;
            }
        }
    }
    start
}

fn counts(words: &[Word<'_>], at: usize, lexicon: &Lexicon) -> bool {
    small_number(&words[at].lower).is_some()
        || words[at].is(&["some", "several", "many", "most", "all", "both", "none", "any", "dozens", "hundreds"])
        || lexicon.has("determiner", &words[at].lower)
}

/// The number phrase inside `span` that counts it.
fn number_in(span: Span, numbers: &[Number]) -> Option<(Option<u64>, Option<u64>, Option<u64>)> {
    let from = numbers.partition_point(|n| n.span.end <= span.start);
    let inside = numbers[from..].iter().take_while(|n| n.span.start < span.end);
    inside.filter(|n| !n.ordinal).map(|n| (n.min, n.best, n.max)).next()
}
