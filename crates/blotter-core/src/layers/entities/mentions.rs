//! Where entities are mentioned: spans of the model's `mention` head, and what the word lists find.

use std::collections::BTreeSet;

use super::lexicon::Lexicon;
use super::phrases::VAGUE;
use super::{EntityKind, Form};
use crate::encode::bio;
use crate::layers::Input;
use crate::layers::words::{Word, small_number};
use crate::text::Span;

/// A mention's name or head words, what it names, how, and a score of 0 to 1.
pub(crate) type Found = (Span, EntityKind, Form, f32);

/// A rule's guess at a name, made without knowing the words, scores at most this; the model overrules it.
const GUESS: f32 = 0.65;
/// Spans of the model below this mean probability are not mentions.
const DOUBT: f32 = 0.5;

/// The mentions of names and nominals, in order, without overlap: what the rules are sure of, the model's spans where
/// they guess or are silent, their guesses where there is no model.
pub(crate) fn mention_spans(input: Input<'_>, words: &[Word<'_>], lexicon: &Lexicon) -> Vec<Found> {
    let model = model(input, words, lexicon);
    let has_model = input.scores.token.contains_key("mention");
    let mut found = names(words, lexicon);
    found.retain(|f| !has_model || f.3 > GUESS || model.iter().any(|m| m.0.overlaps(f.0) && m.2 == Form::Name));
    for name in found.iter_mut().filter(|f| f.3 <= GUESS) {
        if let Some(better) = model.iter().find(|m| m.0.overlaps(name.0) && m.2 == Form::Name) {
            // A name of several words that the model breaks off ("Omar" of "Omar Said") stays whole.
            let broken = better.0.start == name.0.start && better.0.end < name.0.end;
            *name = if broken { (name.0, better.1, Form::Name, better.3) } else { *better };
        }
    }
    found.sort_by_key(|f| f.0);
    found.dedup_by_key(|f| f.0);
    let mut all = Vec::new();
    for list in [found, nominals(words, lexicon), model] {
        let taken: Vec<Span> = all.iter().map(|f: &Found| f.0).collect();
        all.extend(list.into_iter().filter(|f| {
            let next = taken.partition_point(|t| t.end <= f.0.start);
            taken.get(next).is_none_or(|t| !t.overlaps(f.0))
        }));
        all.sort_by_key(|f| f.0);
    }
    all
}

/// The model's mentions: names cut down to the name itself, nouns to the noun.
fn model(input: Input<'_>, words: &[Word<'_>], lexicon: &Lexicon) -> Vec<Found> {
    let spans = bio::spans(input.scores, "mention").into_iter().filter(|s| s.confidence >= DOUBT);
    spans.filter_map(|s| model_mention(&s, words, lexicon)).collect()
}

fn model_mention(found: &bio::LabelledSpan, words: &[Word<'_>], lexicon: &Lexicon) -> Option<Found> {
    let kind = match found.label.as_str() {
        "person" => EntityKind::Person,
        "organization" => EntityKind::Organization,
        "place" => EntityKind::Place,
        "facility" => EntityKind::Facility,
        "weapon" => EntityKind::Weapon,
        "vehicle" => EntityKind::Vehicle,
        _ => EntityKind::Other,
    };
    let mut first = words.partition_point(|w| w.span.end <= found.span.start);
    let end = words.partition_point(|w| w.span.start < found.span.end);
    let last = words[..end].last().filter(|w| first < end && w.is_word() && w.age.is_none())?;
    if !last.is_capital() || lexicon.head(&last.lower).is_some_and(|h| h.kind == EntityKind::Person) {
        let number = small_number(&last.lower).is_some();
        // "crane" of "a crane driver" is part of the longer noun.
        let next = words.get(end).filter(|w| w.sentence == last.sentence);
        let part = next.is_some_and(|w| lexicon.head(&w.lower).is_some() && !lexicon.has("person-verb", &w.lower));
        return (!number && !part && !lexicon.has("function", &last.lower)).then_some((
            last.span,
            kind,
            Form::Nominal,
            found.confidence,
        ));
    }
    if first + 1 == end && (small_number(&last.lower).is_some() || last.is(&VAGUE)) {
        // "Two" that begins a sentence.
        return None;
    }
    while first + 1 < end {
        let title = title_at(words, first, end - 1, lexicon);
        let before =
            title.max(usize::from(!words[first].is_capital() || lexicon.has("determiner", &words[first].lower)));
        if before == 0 {
            break;
        }
        first = (first + before).min(end - 1);
    }
    Some((words[first].span.join(last.span), kind, Form::Name, found.confidence))
}

/// Head nouns of the lists.
fn nominals(words: &[Word<'_>], lexicon: &Lexicon) -> Vec<Found> {
    let mut found = Vec::new();
    for (i, word) in words.iter().enumerate() {
        if let Some(head) = lexicon.head_at(words, i) {
            let next = words.get(i + 1).filter(|n| n.sentence == word.sentence);
            if !is_modifier(words, i, next, lexicon) {
                found.push((word.span, head.kind, Form::Nominal, 0.7));
            }
        } else if in_age_list(words, i) || (word.age.is_some() && age_stands_alone(words, i, lexicon)) {
            found.push((word.span, EntityKind::Person, Form::Nominal, 0.7));
        }
    }
    found
}

/// Whether the noun at `i` is only part of a longer one ("police" in "police officer"), or an adjective.
fn is_modifier(words: &[Word<'_>], i: usize, next: Option<&Word<'_>>, lexicon: &Lexicon) -> bool {
    let word = &words[i];
    let Some(next) = next else { return false };
    if next.age.is_some() {
        return false;
    }
    if lexicon.head(&next.lower).is_some() && !lexicon.has("person-verb", &next.lower) {
        return true;
    }
    // "the dead man", "a major road": a word that is an adjective too heads nothing before another noun.
    let adjective = lexicon.has("modifier", &word.lower);
    let before = i.checked_sub(1).map(|b| &words[b]);
    let opened = before.is_some_and(|b| {
        lexicon.has("determiner", &b.lower)
            || small_number(&b.lower).is_some()
            || b.is(&["of", "'s"])
            || b.age.is_some()
            || lexicon.has("modifier", &b.lower)
            // "the port union": a noun before it.
            || lexicon.head(&b.lower).is_some_and(|h| h.kind != EntityKind::Person)
    });
    // "Child in critical condition": a headline's first noun needs no article.
    let begins = before.is_none_or(|b| b.sentence != word.sentence);
    let acts = lexicon.has("function", &next.lower) || lexicon.has("person-verb", &next.lower);
    let adverb = next.lower.len() > 4 && next.lower.ends_with("ly");
    // "A man, woman and child were hurt": the article before the first is that of all.
    let listed = before.is_some_and(|b| b.is(&["and", ",", "&"])) && acts;
    let leads = begins && (acts || adverb) || listed;
    adjective
        && !leads
        && (!opened
            || (next.is_word() && !lexicon.has("function", &next.lower) && !lexicon.has("person-verb", &next.lower)))
}

/// Whether the number at `i` is one of several ages: "ages 22 and 20", "are 33, 18 and 12 years old".
pub(super) fn in_age_list(words: &[Word<'_>], i: usize) -> bool {
    let number = |w: &Word<'_>| w.age.is_none() && small_number(&w.lower).is_some_and(|n| n < 115);
    let years = |w: &Word<'_>| w.age.is_some() && w.lower.contains("years");
    if !number(&words[i]) && !years(&words[i]) {
        return false;
    }
    let here = |w: &&Word<'_>| w.sentence == words[i].sentence;
    let part = |w: &Word<'_>| number(w) || w.is(&[",", "and", "&", "or"]);
    let before: Vec<&Word<'_>> = words[..i].iter().rev().take(14).take_while(here).collect();
    let back = before.iter().take_while(|w| part(w)).count();
    let after: Vec<&Word<'_>> = words[i + 1..].iter().take(14).take_while(here).collect();
    let ahead = after.iter().take_while(|w| part(w)).count();
    let opens = before.get(back).is_some_and(|w| w.is(&["age", "aged", "ages"]))
        || back > 0
            && before[back - 1].lower == ","
            && before.get(back).is_some_and(|w| w.is(&GROUPS))
            && closed(&words[i..], &after);
    let closes = years(&words[i]) && back > 0 || after.get(ahead).is_some_and(|w| years(w));
    let others = before[..back].iter().chain(&after[..ahead]).filter(|w| number(w)).count();
    let joined = |w: Option<&&Word<'_>>| w.is_some_and(|w| w.is(&[",", "and"]));
    (opens && others > 0 && (back == 0 || joined(before.first())))
        || (closes && (joined(before.first()) || joined(after.first())) && others + usize::from(!years(&words[i])) > 0)
}

/// People who may be listed by their ages alone: "the men, 25 and 17, were".
const GROUPS: [&str; 16] = [
    "men",
    "women",
    "boys",
    "girls",
    "teens",
    "teenagers",
    "youths",
    "children",
    "brothers",
    "sisters",
    "cousins",
    "friends",
    "students",
    "victims",
    "males",
    "females",
];

/// Whether the last number of a list ends a phrase: no noun stands behind it ("two men, 3 women and 4 children").
fn closed(from: &[Word<'_>], after: &[&Word<'_>]) -> bool {
    let number = |w: &Word<'_>| w.age.is_none() && small_number(&w.lower).is_some();
    let list = after.iter().take_while(|w| number(w) || w.is(&[",", "and", "&", "or"])).count();
    let last = after[..list].iter().rposition(|w| number(w)).map_or(0, |n| n + 1);
    from.get(last + 1).is_none_or(|w| !w.is_word() || w.is(&["were", "was", "are", "have", "had", "both", "who"]))
}

/// "the 17-year-old was": an age with no noun behind it is the noun.
fn age_stands_alone(words: &[Word<'_>], i: usize, lexicon: &Lexicon) -> bool {
    // "He is 15 years old" tells an age of somebody named before.
    if words[i].lower.contains("years old") {
        return false;
    }
    let Some(next) = words.get(i + 1) else { return true };
    if next.sentence != words[i].sentence || !next.is_word() {
        return next.lower != "," || words.get(i + 2).is_none_or(|w| lexicon.head(&w.lower).is_none());
    }
    let noun_near = words[i + 1..]
        .iter()
        .take(3)
        .take_while(|w| !lexicon.has("function", &w.lower))
        .any(|w| lexicon.head(&w.lower).is_some());
    !noun_near && (!next.is_capital() || next.is_upper())
}

/// Runs of capitalised words that name something.
fn names(words: &[Word<'_>], lexicon: &Lexicon) -> Vec<Found> {
    let lower_case: BTreeSet<&str> =
        words.iter().filter(|w| !w.is_capital()).map(|w| w.text).filter(|t| t.len() > 1).collect();
    let mut found: Vec<(usize, usize, Found)> = Vec::new();
    let mut i = 0;
    let mut titled = (usize::MAX, false);
    while i < words.len() {
        let sentence = words[i].sentence;
        if titled.0 != sentence {
            titled = (sentence, all_capitals(words, i));
        }
        let end = run(words, i, lexicon, &lower_case, titled.1);
        if end > i {
            if let Some(name) = classify(words, i, end, lexicon) {
                found.push((name.0, name.1, name.2));
            }
            i = end;
        } else {
            i += 1;
        }
    }
    surnames(words, &mut found);
    found.into_iter().map(|f| f.2).collect()
}

/// Whether most words of the sentence at `i` are capitalised, as in some headlines: capitals say nothing then.
fn all_capitals(words: &[Word<'_>], i: usize) -> bool {
    let sentence = words[i..].iter().take_while(|w| w.sentence == words[i].sentence);
    let long = sentence.filter(|w| w.text.len() > 3 && w.text.chars().all(char::is_alphabetic));
    let (capital, all) = long.fold((0, 0), |(c, a), w| (c + usize::from(w.is_capital()), a + 1));
    all >= 4 && capital * 10 >= all * 8
}

/// The end of the run of name words that begins at `i`; `i` itself where none does.
fn run(words: &[Word<'_>], i: usize, lexicon: &Lexicon, lower_case: &BTreeSet<&str>, titled: bool) -> usize {
    let first_of_sentence =
        i == 0 || words[i - 1].sentence != words[i].sentence || words[i - 1].is(&["\"", "“", "×", "—"]);
    let name_word = |at: usize| {
        let w = &words[at];
        w.is_capital()
            && w.sentence == words[i].sentence
            // "Omar Said": a verb of saying has no capital inside a sentence.
            && (!lexicon.has("function", &w.lower) || first_name(words, at, lexicon) || at > i && !titled && w.text == "Said")
            && w.age.is_none()
            && !w.is(&VAGUE)
            && !(titled && (lexicon.head(&w.lower).is_some() || lower_case.contains(w.lower.as_str())))
            && !(titled && lexicon.has("modifier", &w.lower))
    };
    let common = first_of_sentence
        && (lower_case.contains(words[i].lower.as_str())
            || lexicon.head(&words[i].lower).is_some()
            || lexicon.has("modifier", &words[i].lower));
    let starts_title = lexicon.titles.contains_key(words[i].lower.as_str());
    if i >= words.len() || !name_word(i) || (common && !starts_title) {
        return i;
    }
    let mut end = i + 1;
    while end < words.len() {
        let joins = |at: usize| {
            words[at].is(&["of", "de", "al", "bin", "van", "von", "la", "del", "el", "da", "du", "ibn", "abu"])
        };
        if name_word(end) {
            end += 1;
        } else if joins(end)
            && end + 1 < words.len()
            && name_word(end + 1)
            && (words[end].lower != "of" || governs(&words[end - 1], lexicon))
        {
            end += 2;
        } else if words[end].is(&["'s"])
            && end + 1 < words.len()
            && name_word(end + 1)
            && lexicon.has("organization-word", &words[end + 1].lower)
        {
            // "Marlow County Sheriff's Office".
            end += 2;
        } else if words[end].is(&["\"", "“", "'", "‘"])
            && end + 3 < words.len()
            && name_word(end + 1)
            && words[end + 2].is(&["\"", "”", "'", "’"])
            && name_word(end + 3)
        {
            end += 4;
        } else {
            break;
        }
    }
    end
}

/// Names of months that people bear too, right before another name.
fn first_name(words: &[Word<'_>], at: usize, lexicon: &Lexicon) -> bool {
    let next = words.get(at + 1).filter(|n| n.sentence == words[at].sentence && n.is_capital() && n.text.len() > 2);
    let dated = at > 0 && words[at - 1].is(&["in", "on", "since", "of", "by", "until", "last", "early", "late"]);
    words[at].is(&["april", "may", "june", "august", "jan"])
        && !dated
        && next.is_some_and(|n| !lexicon.has("function", &n.lower))
}

/// Whether "of" behind the word goes on with its name, as in "Ministry of Health".
fn governs(word: &Word<'_>, lexicon: &Lexicon) -> bool {
    lexicon.has("organization-word", &word.lower)
        || lexicon.has("facility-word", &word.lower)
        || word.is(&[
            "republic",
            "state",
            "states",
            "county",
            "city",
            "gulf",
            "isle",
            "bay",
            "ministry",
            "secretary",
            "house",
            "rights",
        ])
        || lexicon.head(&word.lower).is_some_and(|h| h.kind != EntityKind::Person)
}

/// Cuts titles, demonyms and nouns off a run of name words and says what the rest names.
fn classify(words: &[Word<'_>], start: usize, end: usize, lexicon: &Lexicon) -> Option<(usize, usize, Found)> {
    let mut first = start;
    let mut person = false;
    while first < end {
        let title = title_at(words, first, end, lexicon);
        if title > 0 && first + title < end {
            first += title;
            person = true;
        } else if lexicon.demonyms.contains_key(&words[first].lower) && first + 1 < end {
            first += 1;
        } else {
            break;
        }
    }
    if first == end || (end - first == 1 && lexicon.demonyms.contains_key(&words[first].lower)) {
        return None;
    }
    let noun_behind = words.get(end).filter(|w| w.sentence == words[first].sentence && !w.is_capital());
    if noun_behind.and_then(|w| lexicon.head(&w.lower)).is_some_and(|h| h.kind == EntityKind::Person) {
        // "a Dayton man": a place that only describes the noun.
        return None;
    }
    let span = words[first].span.join(words[end - 1].span);
    let (kind, score) = kind_of(words, first, end, person, lexicon)?;
    Some((first, end, (span, kind, Form::Name, score)))
}

/// The number of words of the title that begins at `i` and ends before `end`; 0 where none does.
pub(super) fn title_at(words: &[Word<'_>], i: usize, end: usize, lexicon: &Lexicon) -> usize {
    let longest = lexicon.title_words.min(end.saturating_sub(i));
    (1..=longest)
        .rev()
        .find(|n| {
            let title = words[i..i + n].iter().map(|w| w.lower.as_str()).collect::<Vec<_>>().join(" ");
            lexicon.titles.contains_key(title.as_str())
        })
        .unwrap_or(0)
}

fn kind_of(words: &[Word<'_>], first: usize, end: usize, titled: bool, lexicon: &Lexicon) -> Option<(EntityKind, f32)> {
    let last = words[end - 1].lower.trim_end_matches('.');
    let run = &words[first..end];
    let before = first.checked_sub(1).map(|b| &words[b]);
    let after = words.get(end).filter(|w| w.sentence == words[first].sentence);
    if titled {
        return Some((EntityKind::Person, 0.95));
    }
    if is_aged(words, end).is_some() || before.is_some_and(|b| b.age.is_some()) {
        return Some((EntityKind::Person, 0.95));
    }
    if lexicon.has("place-word", last) {
        return Some((EntityKind::Place, 0.7));
    }
    let parts_of = run.iter().any(|w| w.lower == "of");
    if lexicon.has("facility-word", last) || (parts_of && run.iter().any(|w| lexicon.has("facility-word", &w.lower))) {
        return Some((EntityKind::Facility, 0.8));
    }
    if run.iter().any(|w| lexicon.has("organization-word", &w.lower)) {
        return Some((EntityKind::Organization, 0.7));
    }
    if let Some(head) = lexicon.head(last).filter(|h| h.kind != EntityKind::Person && end - first > 1) {
        return Some((head.kind, 0.6));
    }
    if lexicon.head(last).is_some() {
        return None;
    }
    let noun_before = before.and_then(|b| lexicon.head(&b.lower)).is_some_and(|h| h.kind == EntityKind::Person);
    let in_place = before.is_some_and(|b| lexicon.has("place-preposition", &b.lower));
    let speaks = after.is_some_and(|a| lexicon.has("person-verb", &a.lower))
        || before.is_some_and(|b| b.is(&["said", "says", "added"]) && b.sentence == words[first].sentence)
        || described(words, end, lexicon);
    let length = run.iter().filter(|w| w.is_word()).count();
    let kin_after = after.is_some_and(|a| a.is(&["'s", "’s"]))
        && words.get(end + 1).and_then(|w| lexicon.head(&w.lower)).is_some_and(|h| h.kind == EntityKind::Person);
    match length {
        1 if run[0].is_upper() && run[0].text.len() <= 6 => Some((EntityKind::Organization, 0.6)),
        1 if in_place => Some((EntityKind::Place, 0.6)),
        1 if speaks || kin_after => Some((EntityKind::Person, 0.5)),
        1 => None,
        2..=4 if noun_before || speaks || kin_after => Some((EntityKind::Person, 0.8)),
        _ if in_place => Some((EntityKind::Place, 0.6)),
        2 | 3 => Some((EntityKind::Person, 0.5)),
        _ => None,
    }
}

/// Whether an apposition behind the name tells of a person: "Omar Said, a spokesman for".
fn described(words: &[Word<'_>], end: usize, lexicon: &Lexicon) -> bool {
    let here = words[end..].iter().take(5).take_while(|w| w.sentence == words[end - 1].sentence);
    let behind: Vec<&Word<'_>> = here.collect();
    behind.len() > 2
        && behind[0].lower == ","
        && behind[1].is(&["a", "an", "the"])
        && behind[2..].iter().any(|w| lexicon.head(&w.lower).is_some_and(|h| h.kind == EntityKind::Person))
}

/// The age in ", 34," or "(34)" or "aged 34" that stands at `at`, right behind a name or noun.
pub(crate) fn is_aged(words: &[Word<'_>], at: usize) -> Option<u32> {
    let word = |n: usize| words.get(at + n).filter(|w| w.sentence == words[at].sentence);
    let age = |n: usize| word(n).and_then(|w| small_number(w.text)).filter(|a| *a < 115);
    let first = word(0)?;
    if first.is(&["aged", "age"]) {
        return age(1);
    }
    if first.lower == "(" {
        return age(1).filter(|_| word(2).is_some_and(|w| w.lower == ")"));
    }
    if first.lower != "," {
        return None;
    }
    let also = usize::from(word(1).is_some_and(|w| w.is(&["also", "just", "only", "both"])));
    if let Some(years) = word(1 + also).and_then(|w| w.age) {
        let noun = word(2 + also)
            .is_some_and(|w| w.is_word() && !w.is(&["of", "from", "was", "is", "who", "and", "has", "died"]));
        return (!noun).then_some(years);
    }
    // "Another teen, also 15,", "Orlin Maddow, just 16,".
    let skip = also + usize::from(word(1 + also).is_some_and(|w| w.is(&["age", "aged"])));
    let years = age(1 + skip)?;
    // "Four teens, one who was 19", "of the five men, two are stable": no ages.
    let spelled = word(1 + skip).is_some_and(|w| w.lower.starts_with(char::is_alphabetic)) && skip == also;
    let several = at > 0 && words[at - 1].lower.ends_with(['s', 'n']) && !words[at - 1].is_capital();
    if word(2 + skip).is_some_and(|w| spelled && w.is_word() || several && w.is(&["are", "were", "have"])) {
        return None;
    }
    match word(2 + skip) {
        None => Some(years),
        // "Maddow, 16 – dressed in blue": no range.
        Some(w) if w.is(&["-", "–", "—"]) => {
            word(3 + skip).is_none_or(|n| small_number(n.text).is_none()).then_some(years)
        }
        Some(w) if !w.is_word() => (!w.is(&["%", "$"])).then_some(years),
        Some(w) => w
            .is(&[
                "of", "from", "was", "is", "were", "are", "and", "who", "has", "had", "with", "died", "in", "on", "at",
                "for", "faces", "both",
            ])
            .then_some(years),
    }
}

/// One-word names equal to the last word of a person's fuller name are that kind of name too.
fn surnames(words: &[Word<'_>], found: &mut Vec<(usize, usize, Found)>) {
    let known: BTreeSet<&str> = found
        .iter()
        .filter(|f| f.2.1 == EntityKind::Person && f.1 - f.0 > 1)
        .map(|f| words[f.1 - 1].text)
        .filter(|t| t.len() > 2)
        .collect();
    let mut taken = vec![false; words.len()];
    for f in found.iter() {
        taken[f.0..f.1].fill(true);
    }
    for f in found.iter_mut().filter(|f| f.1 - f.0 == 1 && known.contains(words[f.0].text)) {
        f.2.1 = EntityKind::Person;
        f.2.3 = 0.8;
    }
    for (i, word) in words.iter().enumerate() {
        if !taken[i] && known.contains(word.text) {
            found.push((i, i + 1, (word.span, EntityKind::Person, Form::Name, 0.8)));
        }
    }
    found.sort_by_key(|f| f.0);
}
