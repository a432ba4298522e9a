//! Parties that "and" joins, and wholes with the parts that "including" names.

use super::parties::{Party, is_trigger, party};
use crate::facts::Count;
use crate::layers::words::{Word, small_number};

/// How two neighbouring parties hang together.
#[derive(PartialEq, Clone, Copy)]
enum Gap {
    And,
    Comma,
    /// The right one is a part of the left: "32 others, including 25 policemen".
    Part,
    Apart,
}

fn gap(words: &[Word<'_>], left: &Party, right: &Party) -> Gap {
    let between = &words[left.words.1..right.words.0];
    // A headline that ends with a name, and a lead that begins with it, are two sentences.
    if words[left.words.0].sentence != words[right.words.0].sentence {
        return Gap::Apart;
    }
    // "Judge Orlo Brandt": noun and name of one person.
    if between.is_empty() && !left.entities.is_empty() && left.entities == right.entities {
        return Gap::And;
    }
    if between.is_empty() || between.len() > 9 {
        return Gap::Apart;
    }
    let (mut and, mut of, mut part) = (false, false, false);
    for word in between {
        match word.lower.as_str() {
            "and" | "&" | "plus" => and = true,
            "of" | "from" => of = true,
            "," | "(" | ")" | "aged" | "age" | "ages" | "both" | ":" | ";" | "—" | "-" => {}
            "including" | "among" => part = true,
            _ if small_number(&word.lower).is_some() || word.age.is_some() => {}
            _ if of && word.is_capital() => {}
            _ => return Gap::Apart,
        }
    }
    // "Two were killed, including the gunman, and six others were hurt": they are a part of those before, not of the six.
    let aside = left.words.0.checked_sub(1).is_some_and(|b| words[b].is(&["including", "among"]));
    if aside && right.other && between.first().is_some_and(|w| w.lower == ",") {
        return Gap::Apart;
    }
    // Headlines write a comma for "and": "Boy, two men shot".
    let headline = words[left.words.0].sentence == 0 && words.get(right.words.1).is_some_and(is_trigger);
    if part && left.counted {
        Gap::Part
    } else if and || headline {
        Gap::And
    } else {
        Gap::Comma
    }
}

/// "A woman and two men were shot; they were taken to a hospital": "they" are all of those joined before it, in this sentence
/// or the one before, not the last of them alone.
pub(super) fn gathered(words: &[Word<'_>], singles: &[Party], groups: &[Party]) -> Vec<Party> {
    let mut singles = singles.to_vec();
    for party in &mut singles {
        let (at, sentence) = (party.words.0, words[party.words.0].sentence);
        if party.words.1 > at + 1 || !words[at].is(&["they", "them", "both", "all"]) || party.entities.len() != 1 {
            continue;
        }
        let near = |g: &&Party| g.words.1 <= at && words[g.words.0].sentence + 1 >= sentence;
        let before = groups.iter().rev().filter(near).find(|g| g.entities.contains(&party.entities[0]));
        if let Some(group) = before.filter(|g| g.members > 1 && g.count.best.is_some()) {
            (party.count, party.entities) = (group.count, group.entities.clone());
        }
    }
    singles
}

/// Parties with those that "and" joins to them made one; a whole holds the parts that "including" names.
pub(super) fn joined(words: &[Word<'_>], parties: &[Party]) -> Vec<Party> {
    let mut groups = Vec::new();
    let mut i = 0;
    while i < parties.len() {
        let mut end = i + 1;
        let (mut last_and, mut whole) = (i + 1, None);
        while end < parties.len() {
            match gap(words, &parties[end - 1], &parties[end]) {
                Gap::Apart => break,
                Gap::And => last_and = end + 1,
                Gap::Part => {
                    whole = whole.or(Some(end));
                    last_and = end + 1;
                }
                Gap::Comma => {}
            }
            end += 1;
        }
        let added = whole.unwrap_or(last_and);
        let mut group = join(words, &parties[i..added]);
        if added < last_and {
            group = Party {
                members: last_and - i,
                span: words[group.words.0].span.join(words[parties[last_and - 1].words.1 - 1].span),
                words: (group.words.0, parties[last_and - 1].words.1),
                ..group
            };
        }
        groups.push(group);
        i = last_and;
    }
    groups
}

/// How many of the members behind the first it counts already: the names that spell it out ("the four girls, Ada, 14, Ida, 9,
/// .."), or the other kinds of "five men and women".
fn told_again(words: &[Word<'_>], members: &[Party]) -> usize {
    const KINDS: [&str; 9] = ["men", "women", "children", "boys", "girls", "teens", "teenagers", "adults", "infants"];
    let (first, rest) = (&members[0], &members[1..]);
    let Some(count) = first.count.best.filter(|n| first.counted && *n > 1) else { return 0 };
    let names = rest.iter().take_while(|m| !m.counted && m.count == Count::exactly(1)).count();
    if names as u64 == count {
        return names;
    }
    let kind = |m: &Party| words[m.words.1 - 1].is(&KINDS);
    let bare = |m: &&Party| !m.counted && m.words.1 == m.words.0 + 1 && kind(m);
    if kind(first) { rest.iter().take_while(bare).count() } else { 0 }
}

fn join(words: &[Word<'_>], members: &[Party]) -> Party {
    let first = &members[0];
    if members.len() == 1 {
        return first.clone();
    }
    let add = |list: &[Party]| {
        let mut seen: Vec<usize> = Vec::new();
        let mut sum = Count { min: Some(0), best: Some(0), max: Some(0) };
        let mut told_before = 0;
        for (at, member) in list.iter().enumerate() {
            if told_before > 0 {
                told_before -= 1;
                continue;
            }
            told_before = told_again(words, &list[at..]);
            if !member.entities.is_empty() && member.entities.iter().all(|e| seen.contains(e)) {
                continue;
            }
            seen.extend(&member.entities);
            let plus = |a: Option<u64>, b: Option<u64>| Some(a?.saturating_add(b?));
            sum = Count {
                min: plus(sum.min, member.count.min),
                best: plus(sum.best, member.count.best),
                max: plus(sum.max, member.count.max),
            };
        }
        sum
    };
    let rest = add(&members[1..]);
    // "two people, a man and a woman": the list spells out the number before it; "2 boys, 2 girls" does not.
    let listed = members.len() > 2 || members[1].entities.len() != 1 || !members[1].counted;
    let spelled = listed && first.counted && first.count.best.is_some_and(|n| n > 1) && first.count.best == rest.best;
    let count = if spelled { first.count } else { add(members) };
    let mut entities: Vec<usize> = members.iter().flat_map(|m| m.entities.iter().copied()).collect();
    entities.dedup();
    if spelled {
        entities = members[1..].iter().flat_map(|m| m.entities.iter().copied()).collect();
    }
    let range = (first.words.0, members[members.len() - 1].words.1);
    Party {
        other: first.other,
        none: first.none,
        counted: members.iter().any(|m| m.counted),
        members: members.len(),
        ..party(words, range, count, entities)
    }
}
