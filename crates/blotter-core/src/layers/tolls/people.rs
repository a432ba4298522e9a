//! People told of with an age → their part in what happened: victim, suspect or neither.
//!
//! A softmax over the three parts, linear in what the report says of a person: the toll mentions and nouns for him, the
//! words before and behind his mentions. The weights (data/tolls/people.txt) are learned by `training/people.py` from
//! reports whose people are on record; that somebody takes no part weighs nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::TollMention;
use super::roles::{SUSPECT_WORDS, VICTIM_WORDS, roles};
use crate::data::DataError;
use crate::layers::Input;
use crate::layers::entities::{Entity, EntityKind, Form, Mention};
use crate::layers::words::{Word, small_number};

const WEIGHTS: &str = include_str!("../../../data/tolls/people.txt");
/// How many words before and behind a mention are looked at.
const BEFORE: usize = 8;
const BEHIND: usize = 12;
/// Words that stand right beside a mention count by their place too, this many.
const CLOSE: usize = 3;

/// How likely each part is for one person, 0 to 1; what is left of 1 is neither.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chances {
    /// Index of the entity.
    pub entity: usize,
    /// Killed, wounded or otherwise harmed.
    pub victim: f64,
    /// Did it, or is wanted, held or charged for it.
    pub suspect: f64,
}

/// The learned weights.
pub struct People {
    weights: BTreeMap<&'static str, (f64, f64)>,
}

impl People {
    /// Reads the weights that come with the program: a name and its two numbers (victim, suspect) a line.
    ///
    /// # Errors
    /// The line that is not one.
    pub fn load() -> Result<People, DataError> {
        let mut weights = BTreeMap::new();
        for (number, line) in WEIGHTS.lines().enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with('#')) {
            let mut parts = line.split(' ');
            let name = parts.next().unwrap_or_default();
            let mut value = || parts.next().and_then(|v| v.parse::<f64>().ok());
            let (Some(victim), Some(suspect)) = (value(), value()) else {
                return Err(DataError::new("tolls/people.txt", number + 1, "not a name and two numbers"));
            };
            weights.insert(name, (victim, suspect));
        }
        Ok(People { weights })
    }

    /// Natural logarithms of the odds of victim and of suspect against neither, a person, in order of the entities.
    pub fn odds(&self, input: Input<'_>, mentions: &[TollMention], entities: &[Entity]) -> Vec<(usize, [f64; 2])> {
        let known = features(input, mentions, entities).into_iter();
        known
            .map(|(entity, names)| {
                let found = names.iter().filter_map(|n| self.weights.get(n.as_str()));
                (entity, found.fold([0.0, 0.0], |sum, w| [sum[0] + w.0, sum[1] + w.1]))
            })
            .collect()
    }
}

impl Chances {
    /// From logarithms of the odds against neither.
    pub fn of(entity: usize, odds: [f64; 2]) -> Chances {
        let top = odds[0].max(odds[1]).max(0.0);
        let [victim, suspect, neither] = [odds[0], odds[1], 0.0].map(|o| (o - top).exp());
        let sum = victim + suspect + neither;
        Chances { entity, victim: victim / sum, suspect: suspect / sum }
    }
}

/// What speaks for a part, by name, for every person with an age, in order of the entities; also for training.
pub fn features(input: Input<'_>, mentions: &[TollMention], entities: &[Entity]) -> Vec<(usize, Vec<String>)> {
    let aged = |e: &Entity| e.kind == EntityKind::Person && e.age.is_some();
    let all: Vec<usize> = (0..entities.len()).filter(|i| aged(&entities[*i])).collect();
    if all.is_empty() {
        return Vec::new();
    }
    let words = crate::layers::words::read(input);
    let mut told: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for mention in mentions.iter().filter(|m| m.rule != "series") {
        let not = if mention.negated { "not-" } else { "" };
        for entity in &mention.entities {
            let told = told.entry(*entity).or_default();
            told.insert(format!("t:{not}{}", mention.field.name()));
            told.insert(format!("t:{not}{}:{}", mention.field.name(), mention.rule));
        }
    }
    let ruled: BTreeMap<usize, String> = roles(input, mentions, entities)
        .iter()
        .map(|r| (r.entity, format!("rule:{}:{:.0}", r.field.name(), r.confidence * 4.0)))
        .collect();
    let told_of = |i: usize| told.get(&i).cloned().unwrap_or_default();
    let found = all.iter().enumerate().map(|(rank, &index)| {
        let mut names = told_of(index);
        names.insert("all".into());
        names.insert(ruled.get(&index).cloned().unwrap_or_else(|| "rule:none".into()));
        if !told.contains_key(&index)
            && let Some(plural) = plural_before(input, entities, index, &told)
        {
            names.extend(told_of(plural).into_iter().map(|t| format!("plural-{t}")));
        }
        about(&mut names, &entities[index]);
        names.insert(format!("rank:{}", rank.min(4)));
        names.insert(format!("of:{}", all.len().min(5)));
        for mention in &entities[index].mentions {
            around(&mut names, input, &words, mention);
        }
        let killed = all.iter().filter(|o| **o != index && told_of(**o).contains("t:killed")).count();
        names.insert(format!("others-killed:{}", killed.min(2)));
        let held = all.iter().filter(|o| **o != index).map(|o| told_of(*o));
        let held = held.filter(|t| t.contains("t:arrested") || t.contains("t:suspect")).count();
        names.insert(format!("others-held:{}", held.min(2)));
        (index, names.into_iter().collect())
    });
    found.collect()
}

/// The group told of right before the person, in his sentence: "the victims, Orlin Maddow, 24, and Ilka Brandt, 31".
fn plural_before(
    input: Input<'_>,
    entities: &[Entity],
    index: usize,
    told: &BTreeMap<usize, BTreeSet<String>>,
) -> Option<usize> {
    let first = entities[index].mentions.first()?.span;
    let sentence = input.sentence_at(first);
    let several = |e: &Entity| e.number.is_some() || e.name.ends_with('s');
    let groups = entities.iter().enumerate().filter(|(i, e)| *i != index && several(e) && told.contains_key(i));
    let before = groups.flat_map(|(i, e)| e.mentions.iter().map(move |m| (i, m.span)));
    let here = before.filter(|(_, s)| s.end <= first.start && input.sentence_at(*s) == sentence);
    here.max_by_key(|(_, s)| s.end).map(|(i, _)| i)
}

fn about(names: &mut BTreeSet<String>, entity: &Entity) {
    let age = match entity.age.unwrap_or(0) {
        0..=11 => "child",
        12..=17 => "teen",
        18..=30 => "young",
        31..=60 => "grown",
        _ => "old",
    };
    names.insert(format!("age:{age}"));
    names.extend(entity.group.map(|g| format!("group:{g}")));
    names.extend(entity.title.as_ref().map(|_| "titled".to_owned()));
    names.insert(format!("mentions:{}", entity.mentions.len().min(4)));
    let named = entity.mentions.iter().any(|m| m.form == Form::Name);
    names.insert(format!("named:{named}"));
    names.insert(format!("number:{}", entity.number.is_some()));
}

/// The words of a mention; of somebody listed by his age alone ("two men, ages 20 and 22") those of the whole list and
/// the noun before it.
fn listed(words: &[Word<'_>], first: usize, last: usize) -> (usize, usize) {
    let here = |w: &Word<'_>| w.sentence == words[first].sentence;
    let number = |w: &Word<'_>| w.age.is_none() && small_number(&w.lower).is_some();
    let part = |w: &Word<'_>| here(w) && (number(w) || w.is(&[",", "and", "&", "or", "age", "aged", "ages"]));
    if !words[first..last].iter().all(number) {
        return (first, last);
    }
    let before = words[..first].iter().rev().take_while(|w| part(w)).count();
    let behind = words[last..].iter().take_while(|w| part(w)).count();
    let noun = words[..first - before].last().filter(|w| here(w) && w.is_word());
    (first - before - usize::from(noun.is_some()), last + behind)
}

/// The words around one mention.
fn around(names: &mut BTreeSet<String>, input: Input<'_>, words: &[Word<'_>], mention: &Mention) {
    let first = words.partition_point(|w| w.span.end <= mention.span.start);
    let last = words.partition_point(|w| w.span.start < mention.span.end);
    if first >= last {
        return;
    }
    let (first, last) = listed(words, first, last);
    let sentence = words[first].sentence;
    let here = |w: &&Word<'_>| w.sentence == sentence && w.is_word() && w.age.is_none();
    let plain =
        |w: &Word<'_>| if w.lower.starts_with(|c: char| c.is_ascii_digit()) { "#".into() } else { w.lower.clone() };
    let behind: Vec<String> = words[last..].iter().take(BEHIND).filter(here).map(plain).collect();
    let before: Vec<String> = words[..first].iter().rev().take(BEFORE).filter(here).map(plain).collect();
    let (ahead, back) = if mention.form == Form::Pronoun { ("P", "Q") } else { ("A", "B") };
    let behind: Vec<&String> = behind.iter().skip_while(|w| *w == "#").collect();
    names.extend(behind.iter().take(CLOSE).enumerate().map(|(i, w)| format!("{ahead}{i}:{w}")));
    names.extend(behind.iter().map(|w| format!("{ahead}:{w}")));
    names.extend(behind.windows(2).take(6).map(|w| format!("{ahead}:{}_{}", w[0], w[1])));
    names.extend(before.iter().take(2).enumerate().map(|(i, w)| format!("{back}{i}:{w}")));
    names.extend(before.iter().map(|w| format!("{back}:{w}")));
    names.extend(before.windows(2).take(3).map(|w| format!("{back}:{}_{}", w[1], w[0])));
    if mention.form == Form::Pronoun {
        return;
    }
    names.extend(words[first..last].iter().filter(|w| !w.is_capital()).map(|w| format!("n:{}", plain(w))));
    let zone = match sentence {
        0 if input.report.headline.is_some() => "title",
        0..=3 => "lead",
        4..=9 => "early",
        _ => "late",
    };
    names.insert(format!("zone:{zone}"));
    let whole = words.iter().filter(|w| w.sentence == sentence);
    let telling = whole.filter(|w| w.is(&SUSPECT_WORDS) || w.is(&VICTIM_WORDS));
    names.extend(telling.map(|w| format!("S:{}", w.lower)));
}
