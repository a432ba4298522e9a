//! Who is counted: noun phrases, names, bare numbers and pronouns, each alone.

use super::lexicon::Lexicon;
use crate::facts::Count;
use crate::layers::entities::{AGE, Entity, EntityKind, Form, Phrase, VAGUE, is_aged};
use crate::layers::numbers::Number;
use crate::layers::words::{Word, small_number};
use crate::text::Span;

/// Somebody, or several, with their number.
#[derive(Clone, Debug)]
pub(super) struct Party {
    /// Its words, first and one past the last.
    pub words: (usize, usize),
    pub span: Span,
    pub count: Count,
    /// Indices of the entities it names.
    pub entities: Vec<usize>,
    /// "two others", "a second man": beside others already told of.
    pub other: bool,
    /// "no one", "nobody".
    pub none: bool,
    /// Whether a number says how many.
    pub counted: bool,
    /// How many parties it is made of.
    pub members: usize,
}

const UNKNOWN: Count = Count { min: Some(2), best: None, max: None };

/// Every party of the text, in order, without overlap, each alone.
pub(super) fn single(
    words: &[Word<'_>],
    phrases: &[Phrase],
    entities: &[Entity],
    numbers: &[Number],
    lexicon: &Lexicon,
) -> Vec<Party> {
    let mut parties: Vec<Party> = Vec::new();
    let owner = |span: Span| entities.iter().position(|e| e.mentions.iter().any(|m| m.span == span));
    // "Tarn Women's Hospital" is nobody.
    let house = |p: &Phrase| {
        words.get(p.words.1).is_some_and(|w| w.is(&["'s", "’s"]))
            && words.get(p.words.1 + 1).is_some_and(|w| w.is(&["hospital", "medical", "center", "clinic", "shelter"]))
    };
    let people = phrases.iter().filter(|p| p.kind == EntityKind::Person && p.lemma != Some(AGE));
    for phrase in people.filter(|p| p.form == Form::Name || !house(p)) {
        let party = of_phrase(words, phrase, owner(phrase.span), lexicon);
        parties.push(with_ages_before(words, party));
    }
    for (index, entity) in entities.iter().enumerate().filter(|(_, e)| e.kind == EntityKind::Person) {
        for mention in entity.mentions.iter().filter(|m| m.form == Form::Pronoun) {
            let at = words.partition_point(|w| w.span.start < mention.span.start);
            if words.get(at).is_some_and(|w| w.span == mention.span && !w.is(&["his", "their", "hers"])) {
                let plural = words[at].is(&["they", "them", "themselves"]);
                let count = if plural { entity_count(entity) } else { Count::exactly(1) };
                parties.push(party(words, (at, at + 1), count, vec![index]));
            }
        }
    }
    parties.sort_by_key(|p| p.words);
    let taken = parties.clone();
    let free = |a: usize, b: usize| {
        let next = taken.partition_point(|p| p.words.1 <= a);
        taken.get(next).is_none_or(|p| p.words.0 >= b)
    };
    for i in 0..words.len() {
        if let Some(found) = bare(words, i, numbers, lexicon).filter(|p| free(p.words.0, p.words.1)) {
            parties.push(found);
        }
    }
    parties.sort_by_key(|p| (p.words.0, std::cmp::Reverse(p.words.1)));
    count_households(words, &mut parties);
    let mut end = 0;
    parties.retain(|p| {
        let keep = p.words.0 >= end;
        end = end.max(p.words.1);
        keep
    });
    parties
}

/// "a 14-, 15- and 17-year-old": the ages that "-year-old" is left out of are people too.
fn with_ages_before(words: &[Word<'_>], party: Party) -> Party {
    let aged = words[party.words.0].age.is_some() && party.words.1 == party.words.0 + 1;
    let (mut at, mut ages) = (party.words.0, 0);
    while aged && at > 0 && words[at - 1].sentence == words[party.words.0].sentence {
        let before = words[at - 1].lower.as_str();
        match before.strip_suffix(['-', '–']) {
            Some(number) if small_number(number).is_some() => ages += 1,
            None if small_number(before).is_some() && words[at].is(&["-", "–"]) => ages += 1,
            _ if matches!(before, "," | "and" | "or" | "-" | "–" | "a" | "an") => {}
            _ => break,
        }
        at -= 1;
    }
    if ages == 0 {
        return party;
    }
    let span = words[at].span.join(party.span);
    Party { words: (at, party.words.1), span, count: Count::exactly(ages + 1), counted: true, ..party }
}

/// Of how many children somebody is the parent tells of no more people: "a mother of three".
const PARENTS: [&str; 9] =
    ["father", "mother", "dad", "mom", "parent", "grandfather", "grandmother", "stepfather", "stepmother"];
const CHILDREN: [&str; 8] = ["children", "kids", "sons", "daughters", "boys", "girls", "grandchildren", "child"];

/// Makes one party, as many as the first, of two with "of" between them where `one` says so.
fn join_of(words: &[Word<'_>], parties: &mut Vec<Party>, one: impl Fn(&Party, &Party) -> bool) {
    let mut at = 1;
    while at < parties.len() {
        let (left, right) = (&parties[at - 1], &parties[at]);
        let of = left.words.1 + 1 == right.words.0 && words[left.words.1].lower == "of";
        if of && one(left, right) {
            let end = parties.remove(at).words.1;
            let whole = &mut parties[at - 1];
            whole.words.1 = end;
            whole.span = whole.span.join(words[end - 1].span);
        } else {
            at += 1;
        }
    }
}

/// "a family of five" is five people.
fn count_households(words: &[Word<'_>], parties: &mut Vec<Party>) {
    // "five members of a family": the family is no more people.
    let last = |p: &Party, list: &[&str]| words[p.words.1 - 1].is(list);
    join_of(words, parties, |left, right| {
        let collective = ["family", "household", "group", "gang", "team", "crew"];
        last(left, &["members", "member"]) && !right.counted && last(right, &collective)
    });
    // "a father of 5": the five were not with him.
    join_of(words, parties, |left, right| {
        let children = right.words.1 == right.words.0 + 1 || last(right, &CHILDREN);
        last(left, &PARENTS) && right.counted && children
    });
    for at in 1..parties.len() {
        let (number, of) = (parties[at].words.0, parties[at - 1].words.1);
        let household = words[of - 1].is(&["family", "household", "couple", "crew", "group"]);
        if household && number == of + 1 && words[of].lower == "of" && parties[at].counted {
            let (count, end) = (parties[at].count, parties[at].words.1);
            let whole = &mut parties[at - 1];
            (whole.count, whole.counted, whole.words.1) = (count, true, end);
            whole.span = whole.span.join(words[end - 1].span);
        }
    }
}

fn entity_count(entity: &Entity) -> Count {
    entity.number.map_or(UNKNOWN, |(min, best, max)| Count { min, best, max })
}

pub(super) fn party(words: &[Word<'_>], range: (usize, usize), count: Count, entities: Vec<usize>) -> Party {
    let span = words[range.0].span.join(words[range.1 - 1].span);
    Party { words: range, span, count, entities, other: false, none: false, counted: false, members: 1 }
}

fn of_phrase(words: &[Word<'_>], phrase: &Phrase, entity: Option<usize>, lexicon: &Lexicon) -> Party {
    let (count, counted) = match phrase.number {
        Some((min, best, max)) => (Count { min, best, max }, true),
        None if phrase.plural && their_parents(&words[phrase.words.0..phrase.words.1]) => (Count::exactly(2), true),
        None if phrase.plural => (UNKNOWN, false),
        None => (Count::exactly(1), false),
    };
    let mut reach = phrase.words;
    if phrase.form == Form::Name {
        // "the 4-year-old Orlin Maddow", "Lt. Ilka Brandt".
        let title = phrase.title.map(|t| words.partition_point(|w| w.span.start < t.start));
        reach.0 = title.unwrap_or(reach.0);
        let aged = |at: usize| at > 0 && words[at - 1].age.is_some() && words[at - 1].sentence == words[at].sentence;
        reach.0 -= usize::from(aged(reach.0));
    }
    let range = &words[phrase.words.0..phrase.words.1];
    let none = range[0].is(&["no", "none"]) && !range.get(1).is_some_and(|w| w.is(&["fewer", "less", "more"]));
    let one_of = range.get(1).is_some_and(|w| w.lower == "of") && !range[0].is(&VAGUE);
    let other = phrase.form == Form::Nominal && (one_of || part(range, lexicon));
    Party { counted, other, none, span: phrase.span, ..party(words, reach, count, entity.into_iter().collect()) }
}

/// "his parents" are two.
fn their_parents(range: &[Word<'_>]) -> bool {
    range.first().is_some_and(|w| w.is(&["his", "her", "my"]))
        && range.last().is_some_and(|w| w.is(&["parents", "grandparents"]))
}

/// Whether the words set somebody beside others; "more than" does not.
fn part(range: &[Word<'_>], lexicon: &Lexicon) -> bool {
    range
        .iter()
        .enumerate()
        .any(|(i, w)| lexicon.has("part", &w.lower) && range.get(i + 1).is_none_or(|next| next.lower != "than"))
}

/// A party without a noun: "three", "at least 12", "two others", "no one", "both".
fn bare(words: &[Word<'_>], i: usize, numbers: &[Number], lexicon: &Lexicon) -> Option<Party> {
    let word = &words[i];
    let next = words.get(i + 1).filter(|n| n.sentence == word.sentence);
    if word.is(&["nobody", "none"]) {
        return Some(Party { none: true, ..party(words, (i, i + 1), Count::exactly(0), Vec::new()) });
    }
    if word.lower == "no" && next.is_some_and(|n| n.is(&["one"])) {
        return Some(Party { none: true, ..party(words, (i, i + 2), Count::exactly(0), Vec::new()) });
    }
    if word.is(&["another"]) && next.is_none_or(|n| !n.is_word() || lexicon.has("be", &n.lower) || is_trigger(n)) {
        return Some(Party { other: true, counted: true, ..party(words, (i, i + 1), Count::exactly(1), Vec::new()) });
    }
    if word.is(&["both"]) && next.is_some_and(|n| lexicon.has("be", &n.lower) || is_trigger(n)) {
        return Some(Party { counted: true, ..party(words, (i, i + 1), Count::exactly(2), Vec::new()) });
    }
    if word.is(&["others"]) {
        return Some(Party { other: true, ..party(words, (i, i + 1), UNKNOWN, Vec::new()) });
    }
    // "Three are dead and a fourth wounded".
    if word.is(&["third", "fourth", "fifth", "sixth", "seventh"])
        && i > 0
        && words[i - 1].is(&["a", "the"])
        && next.is_some_and(|n| lexicon.has("be", &n.lower) || is_trigger(n))
    {
        return Some(Party {
            other: true,
            counted: true,
            ..party(words, (i - 1, i + 1), Count::exactly(1), Vec::new())
        });
    }
    // "Two teenagers, one 16 and the other 17, were hurt": ages.
    let one = i > 0 && words[i - 1].is(&["one", "other"]) && next.is_none_or(|n| !n.is_word() || n.is(&["and"]));
    if one {
        return None;
    }
    // "men in their early 20's" counts nobody.
    if next.is_some_and(|n| n.is(&["'s", "’s"])) {
        return None;
    }
    let at = numbers.partition_point(|n| n.span.end <= word.span.start);
    let (count, mut end) = match numbers.get(at).filter(|n| n.span.start == word.span.start && !n.ordinal) {
        Some(n) => {
            let end = words.partition_point(|w| w.span.start < n.span.end);
            (Count { min: n.min, best: n.best, max: n.max }, end)
        }
        None if numbers.is_empty() => (Count::exactly(u64::from(small_number(&word.lower)?)), i + 1),
        None => return None,
    };
    // "Orlin Maddow and Ilka Brandt, both 51, died".
    let shared = i > 1 && words[i - 1].is(&["both"]) && words[i - 2].lower == ",";
    let also = i > 1 && words[i - 1].is(&["also", "just", "only"]) && is_aged(words, i - 2).is_some();
    let age = i > 0 && (is_aged(words, i - 1).is_some() || ages(words, i) || shared || also);
    if age || word.is_year() || word.age.is_some() || count.best.or(count.min).is_none_or(|n| n > 100_000) {
        return None;
    }
    let mut other = false;
    let others = words.get(end).is_some_and(|w| w.is(&["others"]));
    if words.get(end).is_some_and(|w| w.is(&["others", "more", "other", "additional"])) {
        other = true;
        end += 1;
    }
    if words.get(end).is_some_and(|w| w.lower == "of")
        && words.get(end + 1).is_some_and(|w| w.is(&["them", "whom", "those", "others"]))
    {
        other = true;
        end += 2;
    }
    let after = words.get(end).filter(|w| w.sentence == word.sentence);
    let stands = after.is_none_or(|w| {
        !w.is_word() && !w.is(&["%", "$", ":", "-", "–", "/", "°", "#"])
            || lexicon.has("be", &w.lower)
            || lexicon.has("have", &w.lower)
            || is_trigger(w)
            || w.is(&[
                "and",
                "in",
                "critically",
                "seriously",
                "fatally",
                "who",
                "people",
                "after",
                "at",
                "others",
                "suffered",
                "remain",
                "sustained",
                "outside",
                "near",
                "on",
                "as",
                "when",
                "while",
                "during",
                "early",
                "late",
                "last",
                "overnight",
                "monday",
                "tuesday",
                "wednesday",
                "thursday",
                "friday",
                "saturday",
                "sunday",
            ])
    });
    let before = i.checked_sub(1).map(|b| &words[b]);
    let dated = before.is_some_and(|b| {
        b.is(&[
            "$",
            "#",
            "at",
            "about",
            "since",
            "by",
            "channel",
            "route",
            "highway",
            "interstate",
            ":",
            "/",
            "until",
            "on",
        ]) || is_month(b)
    });
    ((stands || others) && (!dated || other)).then(|| Party {
        other,
        counted: true,
        ..party(words, (i, end), count, Vec::new())
    })
}

/// Whether the number at `i` stands in a list of ages: "ages 22 and 20".
fn ages(words: &[Word<'_>], i: usize) -> bool {
    let back = words[..i].iter().rev().take(8).find(|w| !(w.is(&[",", "and"]) || small_number(&w.lower).is_some()));
    back.is_some_and(|w| w.is(&["age", "aged", "ages"]))
}

fn is_month(word: &Word<'_>) -> bool {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    word.is_capital() && MONTHS.iter().any(|m| word.lower.starts_with(m))
}

pub(super) fn is_trigger(word: &Word<'_>) -> bool {
    word.is(&[
        "killed",
        "dead",
        "wounded",
        "injured",
        "hurt",
        "shot",
        "died",
        "slain",
        "arrested",
        "missing",
        "hospitalized",
        "stabbed",
        "kidnapped",
        "abducted",
        "detained",
        "charged",
        "murdered",
        "fatally",
        "critical",
        "suffered",
        "sustained",
        "die",
        "found",
    ])
}
