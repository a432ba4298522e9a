//! One person, one fact: "a man was killed .. the victim .. Orlin Maddow" told as three people where one died.
//!
//! A toll bounds how many people there can be. Where more single people are told of than were killed (wounded, arrested),
//! those without a name of their own are others of them, and join the one whom nothing tells apart from them.

use super::{Fact, Field, Harm, Party, Value};
use crate::incidents::Parts;
use crate::layers::entities::{EntityKind, Form};
use crate::text::Span;

/// Joins people of one role told twice: those of the headline, whom the body brings in anew, and those for whom the tolls
/// leave no room.
pub(super) fn one_fact_each(parts: Parts<'_>, facts: &mut Vec<Fact>) {
    for role in [Field::Victim, Field::Suspect, Field::Perpetrator] {
        while let Some((again, known)) = headed(parts, facts, role) {
            absorb(facts, again, known);
        }
    }
    for (role, toll, harm) in [
        (Field::Victim, Field::Killed, Harm::Killed),
        (Field::Victim, Field::Wounded, Harm::Wounded),
        (Field::Suspect, Field::Arrested, Harm::Arrested),
    ] {
        let Some(most) = most(facts, toll) else { continue };
        loop {
            let people: Vec<usize> = (0..facts.len()).filter(|i| single(&facts[*i], role, harm)).collect();
            let again = if people.len() as u64 > most { repeated(parts, facts, &people) } else { None };
            let Some((again, known)) = again else { break };
            absorb(facts, again, known);
        }
    }
}

/// Somebody without a name whom only the headline tells of, and the one of the body's people that he can be.
fn headed(parts: Parts<'_>, facts: &[Fact], role: Field) -> Option<(usize, usize)> {
    let headline = parts.input.report.headline?;
    let only_there =
        |p: &Party| p.entity.is_some_and(|e| parts.entities[e].mentions.iter().all(|m| headline.overlaps(m.span)));
    let people = || (0..facts.len()).filter(|i| facts[*i].field == role && person(&facts[*i]));
    people().find_map(|again| {
        let own = party(&facts[again]).filter(|p| only_there(p) && !named(parts, p))?;
        let fits = |p: &Party| !only_there(p) && own.harm.is_none_or(|h| p.harm == Some(h)) && one(parts, own, p);
        let mut others = people().filter(|other| party(&facts[*other]).is_some_and(fits));
        let other = others.next()?;
        others.next().is_none().then_some((again, other))
    })
}

/// The highest exact number that the incident's tolls of a field give.
fn most(facts: &[Fact], field: Field) -> Option<u64> {
    let tolls = facts.iter().filter(|f| f.field == field).filter_map(|f| match &f.value {
        Value::Toll(toll) => Some(toll.count),
        _ => None,
    });
    let counts: Vec<_> = tolls.collect();
    // "At least two", "several": there may be room for anybody.
    let exact = counts.iter().all(|c| c.best.is_some() && c.max == c.best);
    counts.iter().filter_map(|c| c.best).max().filter(|most| exact && *most > 0)
}

/// Whether the fact tells of one person of the role to whom that happened.
fn single(fact: &Fact, role: Field, harm: Harm) -> bool {
    fact.field == role && person(fact) && party(fact).is_some_and(|p| p.harm == Some(harm))
}

/// Whether the fact tells of one person.
fn person(fact: &Fact) -> bool {
    party(fact).is_some_and(|p| p.kind == EntityKind::Person && p.number.is_none() && p.entity.is_some())
}

/// A person without a name who can be one other only: the two, of whom the first is told again. Of several who fit in turn
/// the one of whom least is known; where it is open which of the others somebody is, he stays.
fn repeated(parts: Parts<'_>, facts: &[Fact], people: &[usize]) -> Option<(usize, usize)> {
    let unnamed = people.iter().copied().filter_map(|i| Some((i, party(&facts[i]).filter(|p| !named(parts, p))?)));
    let pairs = unnamed.filter_map(|(again, own)| {
        let mut fits = people
            .iter()
            .copied()
            .filter(|other| *other != again && party(&facts[*other]).is_some_and(|p| one(parts, own, p)));
        let other = fits.next()?;
        fits.next().is_none().then_some((known(own), again, other))
    });
    pairs.min().map(|(_, again, other)| (again, other))
}

fn party(fact: &Fact) -> Option<&Party> {
    if let Value::Party(party) = &fact.value { Some(party) } else { None }
}

fn named(parts: Parts<'_>, party: &Party) -> bool {
    let entity = party.entity.and_then(|e| parts.entities.get(e));
    entity.is_some_and(|e| e.mentions.iter().any(|m| m.form == Form::Name))
}

/// How much is known of somebody.
fn known(party: &Party) -> usize {
    usize::from(party.age.is_some()) * 2 + usize::from(party.gender.is_some()) + usize::from(party.group.is_some())
}

/// Whether nothing tells the two apart: no age, gender or calling, and no sentence that tells of both.
fn one(parts: Parts<'_>, a: &Party, b: &Party) -> bool {
    fn same<T: PartialEq>(x: Option<T>, y: Option<T>) -> bool {
        x.is_none() || y.is_none() || x == y
    }
    let sentences = |p: &Party| -> Vec<usize> {
        let mentions = p.entity.map_or(&[][..], |e| &parts.entities[e].mentions[..]);
        mentions.iter().filter(|m| m.form != Form::Pronoun).map(|m| parts.input.sentence_at(m.span)).collect()
    };
    let calling = |p: &Party| p.group.filter(|g| *g != "civilian");
    let (x, y) = (sentences(a), sentences(b));
    same(a.age, b.age) && same(a.gender, b.gender) && calling(a) == calling(b) && !x.iter().any(|s| y.contains(s))
}

/// Takes the second telling of a person out of the facts and into the first.
fn absorb(facts: &mut Vec<Fact>, again: usize, known: usize) {
    let told = facts.remove(again);
    join(&mut facts[known - usize::from(known > again)], told);
}

/// Adds what the second telling knows of a person to the first.
fn join(fact: &mut Fact, again: Fact) {
    let (Value::Party(known), Value::Party(told)) = (&mut fact.value, &again.value) else { return };
    known.age = known.age.or(told.age);
    known.gender = known.gender.or(told.gender);
    known.group = known.group.or(told.group);
    fact.confidence = fact.confidence.max(again.confidence);
    let new: Vec<Span> = again.evidence.into_iter().filter(|e| !fact.evidence.iter().any(|k| k.overlaps(*e))).collect();
    // What carries an age or a name is among either's words: none of them is cut.
    fact.evidence.extend(new);
    fact.evidence.sort_unstable();
}

#[cfg(test)]
mod tests {
    use crate::data::Data;
    use crate::facts::{Field, Value};
    use crate::reading::Reader;
    use crate::text::Report;

    /// The victims of a text, as name and age.
    fn victims(text: &str) -> Vec<(String, Option<u32>)> {
        let reader = Reader::load(Data { weights: b"", gazetteer: &[] }).expect("loads");
        let reading = reader.read(Report { text: text.to_owned(), ..Report::default() });
        let facts = reading.incidents.into_iter().flat_map(|i| i.facts).filter(|f| f.field == Field::Victim);
        let told = facts.filter_map(|f| match f.value {
            Value::Party(party) => Some((party.name, party.age)),
            _ => None,
        });
        told.collect()
    }

    #[test]
    fn the_headline_s_people_are_the_body_s() {
        let text = "Man shot dead in Tarn\n\nOrlin Maddow, 24, was shot and killed in Tarn on Monday, police said.";
        let headline = crate::text::Span::new(0, 21);
        let report = Report { text: text.to_owned(), headline: Some(headline), ..Report::default() };
        let reading = Reader::load(Data { weights: b"", gazetteer: &[] }).expect("loads").read(report);
        let victims = reading.incidents.iter().flat_map(|i| &i.facts).filter(|f| f.field == Field::Victim);
        assert_eq!(victims.count(), 1);
    }

    #[test]
    fn as_many_people_as_the_toll_has_room_for() {
        let one = "A 24-year-old baker was shot and killed in Tarn on Monday. The victim died at the scene. \
                   Police said Orlin Maddow was shot in his car and was killed by one bullet.";
        assert_eq!(victims(one), [("Orlin Maddow".to_owned(), Some(24))]);
        let two = "Two people were shot and killed in Tarn on Monday. Orlin Maddow, 24, was killed in his car. \
                   A woman was shot and killed at the gate.";
        assert_eq!(victims(two).len(), 2);
    }
}
