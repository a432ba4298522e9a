//! What became of each victim, by what became of all: tolls that leave one answer only.

use super::{Fact, Field, Harm, Party, Value};
use crate::layers::entities::EntityKind;

/// Of three shot one died, whose name is told: the two others named are the wounded. A toll counts who was killed and who was
/// wounded; a victim of whom neither is told was what the toll has room for, where it has room for one of the two alone. And where
/// it leaves nobody wounded, who was shot was killed. Of suspects as many were arrested as arrests were told.
pub fn share(facts: &mut [Fact]) {
    let arrested = told(facts, Field::Arrested).unwrap_or(0);
    settle(facts, &[Field::Suspect, Field::Perpetrator], (arrested, Harm::Arrested), (0, Harm::Arrested));
    if [Field::Abducted, Field::Missing, Field::Casualties].into_iter().any(|field| told(facts, field).is_some()) {
        return;
    }
    let (killed, wounded) = (told(facts, Field::Killed), told(facts, Field::Wounded));
    let victims = [Field::Victim];
    if let (Some(killed), None) = (killed, wounded) {
        let shot = Some(Harm::Wounded);
        let dead = people(facts, &victims, Some(Harm::Killed));
        if dead.saturating_add(people(facts, &victims, shot)) <= killed {
            turn(facts, &victims, shot, Some(Harm::Killed));
        }
    }
    settle(facts, &victims, (killed.unwrap_or(0), Harm::Killed), (wounded.unwrap_or(0), Harm::Wounded));
}

/// Gives those of whom nothing is told what one of two tolls has room for, where the other has none.
fn settle(facts: &mut [Fact], roles: &[Field], one: (u64, Harm), other: (u64, Harm)) {
    let left = |(toll, harm): (u64, Harm)| toll.saturating_sub(people(facts, roles, Some(harm)));
    let silent = people(facts, roles, None);
    let fate = match (left(one), left(other)) {
        (room, 0) if silent <= room => one.1,
        (0, room) if silent <= room => other.1,
        _ => return,
    };
    turn(facts, roles, None, Some(fate));
}

/// How many people of some roles have a fate.
fn people(facts: &[Fact], roles: &[Field], harm: Option<Harm>) -> u64 {
    facts.iter().filter_map(|f| person(f, roles)).filter(|p| p.harm == harm).map(number).fold(0, u64::saturating_add)
}

/// How many people beside attackers a field's total counts, by the mouth that tells of most; `None` where it tells of nobody.
fn told(facts: &[Fact], field: Field) -> Option<u64> {
    let tolls = facts.iter().filter(|f| f.field == field).filter_map(|f| match &f.value {
        Value::Toll(t) if t.count.min >= Some(1) && !t.attackers => {
            Some((t.beside, t.count.best.or(t.count.max).unwrap_or(u64::MAX)))
        }
        _ => None,
    });
    let (beside, totals): (Vec<_>, Vec<_>) = tolls.partition(|(beside, _)| *beside);
    let total = totals.iter().map(|(_, n)| *n).reduce(u64::saturating_add)?;
    beside.iter().map(|(_, n)| *n).chain([total]).max()
}

fn person<'f>(fact: &'f Fact, roles: &[Field]) -> Option<&'f Party> {
    match &fact.value {
        Value::Party(p) if roles.contains(&fact.field) && p.kind == EntityKind::Person => Some(p),
        _ => None,
    }
}

fn turn(facts: &mut [Fact], roles: &[Field], from: Option<Harm>, to: Option<Harm>) {
    for fact in facts.iter_mut().filter(|f| person(f, roles).is_some_and(|p| p.harm == from)) {
        if let Value::Party(party) = &mut fact.value {
            party.harm = to;
        }
    }
}

/// How many a party is, one where no number is told. Not inlined: put into the sums of `share`, rustc 1.95 at
/// `opt-level = 2` reads the bytes of a number that is not there and crashes on some reports.
#[inline(never)]
fn number(party: &Party) -> u64 {
    match &party.number {
        Some(number) => number.best.or(number.min).unwrap_or(1),
        None => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Count, Scope, Status, Toll};

    fn fact(field: Field, value: Value) -> Fact {
        let (sources, denied_by, evidence) = (Vec::new(), Vec::new(), Vec::new());
        Fact {
            field,
            value,
            status: Status::Reported,
            sources,
            denied_by,
            evidence,
            confidence: 0.9,
            why: String::new(),
        }
    }

    fn toll(field: Field, n: u64) -> Fact {
        let (count, scope) = (Count::exactly(n), Scope::Total);
        let toll = Toll { count, who: None, entity: None, group: None, scope, attackers: false, beside: false };
        fact(field, Value::Toll(Box::new(toll)))
    }

    fn one(role: Field, harm: Option<Harm>) -> Fact {
        let party = Party {
            entity: None,
            name: "somebody".to_owned(),
            kind: EntityKind::Person,
            number: None,
            age: None,
            gender: None,
            harm,
            group: None,
        };
        fact(role, Value::Party(Box::new(party)))
    }

    fn fates(mut facts: Vec<Fact>) -> Vec<Option<Harm>> {
        share(&mut facts);
        facts.iter().filter_map(|f| if let Value::Party(p) = &f.value { Some(p.harm) } else { None }).collect()
    }

    const V: Field = Field::Victim;

    #[test]
    fn what_has_one_answer_only_is_told() {
        let (killed, wounded) = (Some(Harm::Killed), Some(Harm::Wounded));
        let three = vec![toll(Field::Killed, 1), toll(Field::Wounded, 2), one(V, killed), one(V, None), one(V, None)];
        assert_eq!(fates(three), [killed, wounded, wounded]);
        // Any of the two can be the one.
        let open = vec![toll(Field::Killed, 1), toll(Field::Wounded, 1), one(V, None), one(V, None)];
        assert_eq!(fates(open), [None, None]);
        // More than there is room for: one may be unharmed.
        let more = vec![toll(Field::Killed, 1), one(V, None), one(V, None)];
        assert_eq!(fates(more), [None, None]);
    }

    #[test]
    fn who_was_shot_where_nobody_is_left_wounded_was_killed() {
        let shot = vec![toll(Field::Killed, 1), one(V, Some(Harm::Wounded))];
        assert_eq!(fates(shot), [Some(Harm::Killed)]);
        let both = vec![toll(Field::Killed, 1), one(V, Some(Harm::Killed)), one(V, Some(Harm::Wounded))];
        assert_eq!(fates(both), [Some(Harm::Killed), Some(Harm::Wounded)], "no room for another dead");
    }

    #[test]
    fn as_many_suspects_are_arrested_as_arrests_are_told() {
        let suspects = vec![toll(Field::Arrested, 2), one(Field::Suspect, None), one(Field::Suspect, None)];
        assert_eq!(fates(suspects), [Some(Harm::Arrested); 2]);
    }
}
