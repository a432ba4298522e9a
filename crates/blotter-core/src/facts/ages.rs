//! "Two men, ages 20 and 22": each of them is one person, named by the words for all of them.

use super::{Count, Fact, Value};
use crate::incidents::Parts;
use crate::layers::entities::{EntityKind, Form};
use crate::text::Span;

/// Bytes between the words for the group and the last of its ages.
const REACH: usize = 60;

/// Gives people known by their age alone the name of the group they are listed of; a group whose members are all listed
/// is told of by them and not once more.
pub(super) fn one_by_one(parts: Parts<'_>, mut facts: Vec<Fact>) -> Vec<Fact> {
    let mut listed: Vec<(Span, usize)> = Vec::new();
    for fact in &mut facts {
        let Value::Party(party) = &mut fact.value else { continue };
        let Some((group, age)) = party.entity.filter(|_| party.age.is_some()).and_then(|e| group_of(parts, e)) else {
            continue;
        };
        party.name = group.of(parts.input.text()).split_whitespace().collect::<Vec<_>>().join(" ");
        party.number = None;
        fact.evidence = vec![group.join(age)];
        match listed.iter_mut().find(|(span, _)| *span == group) {
            Some((_, members)) => *members += 1,
            None => listed.push((group, 1)),
        }
    }
    let whole = |fact: &Fact| match &fact.value {
        Value::Party(party) => listed.iter().any(|(group, members)| {
            let named = party.entity.is_some_and(|e| parts.entities[e].mentions.iter().any(|m| m.span == *group));
            named && party.number == Some(Count::exactly(*members as u64))
        }),
        _ => false,
    };
    facts.retain(|fact| !whole(fact));
    facts
}

/// The words for the group that lists somebody by his age alone, and that age; `None` for anybody else.
fn group_of(parts: Parts<'_>, entity: usize) -> Option<(Span, Span)> {
    let text = parts.input.text();
    let spoken = parts.entities[entity].mentions.iter().filter(|m| m.form != Form::Pronoun);
    let age = spoken.clone().map(|m| m.span).find(|s| s.of(text).chars().any(|c| c.is_ascii_digit()))?;
    let bare = |span: Span| {
        let mut words = span.of(text).split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty());
        words.all(|w| matches!(w, "years" | "old" | "months"))
    };
    if !spoken.map(|m| m.span).all(bare) {
        return None;
    }
    let several = parts.entities.iter().filter(|e| e.kind == EntityKind::Person && e.age.is_none());
    let groups = several.flat_map(|e| &e.mentions).filter(|m| m.form == Form::Nominal).map(|m| m.span);
    let here = groups.filter(|g| g.end <= age.start && age.start - g.end <= REACH);
    let same = here.filter(|g| parts.input.sentence_at(*g) == parts.input.sentence_at(age));
    Some((same.max_by_key(|g| g.end)?, age))
}

#[cfg(test)]
mod tests {
    use crate::data::Data;
    use crate::facts::{Field, Value};
    use crate::reading::Reader;
    use crate::text::Report;

    /// The victims of a text, as name, age and what is cited for them.
    fn victims(text: &str) -> Vec<(String, Option<u32>, String)> {
        let reader = Reader::load(Data { weights: b"", gazetteer: &[] }).expect("loads");
        let reading = reader.read(Report { text: text.to_owned(), ..Report::default() });
        let facts = reading.incidents.into_iter().flat_map(|i| i.facts).filter(|f| f.field == Field::Victim);
        let told = facts.filter_map(|f| match f.value {
            Value::Party(party) => Some((party.name, party.age, f.evidence[0].of(text).to_owned())),
            _ => None,
        });
        let mut told: Vec<_> = told.collect();
        told.sort_by_key(|(_, age, _)| *age);
        told
    }

    #[test]
    fn people_listed_by_their_ages_bear_the_name_of_their_group() {
        let text = "A gunman opened fire in Tarn. Two men, ages 20 and 32, were shot and wounded, police said.";
        let two = |age: u32, quote: &str| ("Two men".to_owned(), Some(age), quote.to_owned());
        assert_eq!(victims(text), [two(20, "Two men, ages 20"), two(32, "Two men, ages 20 and 32")]);
    }
}
