//! People and organizations in their roles: perpetrator, suspect, victim, target, participant.
//!
//! The heads `role` (records made by hand) and `muc4` (role fillers) mark the words; a mention of a toll gives its victims.
//! On people with an age the words about them decide (`layers::tolls::people`).

use std::collections::BTreeMap;

use super::agents;
use super::ages;
use super::attempts::{Outcome, Told};
use super::coordinated;
use super::fillers::{attackers_beside_the_act, chances, fillers, harmed, is_small, sharpened};
use super::{Count, Fact, Field, Harm, Party, Relation, Status, Value};
use crate::data::DataError;
use crate::incidents::{Draft, Parts};
use crate::layers::entities::{Entity, EntityKind, Form};
use crate::layers::tolls::people::{Chances, People};
use crate::text::Span;

/// A person with an age is a victim, or a suspect, from this chance on.
const VICTIM: f64 = 0.5;
const SUSPECT: f64 = 0.4;
/// What the words about a person do not tell, a head must be this sure of.
const SURE: f64 = 0.9;
/// More spans than this are not cited for one party.
const CITED: usize = 4;
/// The longest words of the model that name a party, in bytes.
const LONGEST_NAME: usize = 80;

/// Words that the text gives a role.
pub(super) struct Filler {
    pub span: Span,
    pub field: Field,
    pub confidence: f64,
    pub why: &'static str,
}

/// What speaks for each party, by role.
type Found = BTreeMap<(Field, Key), Vec<Filler>>;

/// The module that fills the roles, with its weights.
pub struct Parties {
    people: People,
}

impl Parties {
    /// Loads the weights.
    ///
    /// # Errors
    /// The line of the file that is not one.
    pub fn load() -> Result<Parties, DataError> {
        Ok(Parties { people: People::load()? })
    }

    /// The facts of all roles of the incident, one an entity and role.
    pub(super) fn facts(&self, parts: Parts<'_>, draft: &Draft, outcome: &Outcome) -> Vec<Fact> {
        let mut found = Found::new();
        let mut told = fillers(parts);
        told.extend(agents::fillers(parts, &told));
        told.extend(coordinated::fillers(parts, &told));
        gather(parts, draft, told, &mut found);
        for chances in chances(parts, &self.people) {
            settle(parts, draft, chances, &mut found);
        }
        agents_only_do(&mut found);
        called(parts, &mut found);
        if !found.keys().any(|(field, _)| *field == Field::Victim) {
            gather(parts, draft, harmed(parts), &mut found);
        }
        aimed_at(outcome, &mut found);
        one_side(&mut found);
        if !found.keys().any(|(field, _)| matches!(field, Field::Perpetrator | Field::Suspect)) {
            gather(parts, draft, attackers_beside_the_act(parts, draft), &mut found);
        }
        let told = |key: &Key| outcome.unharmed.iter().find(|t| *key == Key::Entity(t.entity));
        let facts = found.into_iter().map(|((field, key), fillers)| fact(parts, field, &key, &fillers, told(&key)));
        ages::one_by_one(parts, facts.collect())
            .into_iter()
            .filter(|fact| matches!(&fact.value, Value::Party(party) if names_somebody(fact.field, &party.name)))
            .collect()
    }
}

/// Whether the words name a party: no street, no words cut off, no bare count of victims ("three people" is a toll).
fn names_somebody(field: Field, name: &str) -> bool {
    const STREETS: [&str; 9] =
        ["street", "avenue", "road", "drive", "lane", "boulevard", "highway", "parkway", "court"];
    const CUT: [&str; 6] = ["from", "of", "by", "with", "in", "at"];
    // Headlines write their verbs like names: "Kill Holm".
    const HARMS: [&str; 8] = ["kill", "kills", "shoot", "shoots", "stab", "stabs", "wound", "wounds"];
    const ANIMALS: [&str; 10] =
        ["dog", "dogs", "puppy", "puppies", "cat", "cats", "horse", "horses", "cattle", "livestock"];
    const COUNTED: [&str; 14] = [
        "people",
        "persons",
        "person",
        "others",
        "other",
        "victims",
        "individuals",
        "casualties",
        "more",
        "least",
        "than",
        "about",
        "one",
        "dozens",
    ];
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|w| !w.is_empty()).collect();
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    let named = name.split_whitespace().all(|w| w.starts_with(char::is_uppercase));
    let street = named && words.len() > 1 && STREETS.contains(last);
    let number = |w: &str| w.chars().all(|c| c.is_ascii_digit()) || crate::layers::words::small_number(w).is_some();
    let bare = words.iter().all(|w| number(w) || is_small(w) || COUNTED.contains(w));
    let single = ["a person", "another person"].contains(&lower.as_str());
    let cut = CUT.contains(first) || last.ends_with("-year") || is_small(last);
    let verb = words.len() > 1 && named && HARMS.contains(first);
    let animal = field == Field::Victim && !named && ANIMALS.contains(last);
    let counted = bare && !single && field == Field::Victim;
    !(street || cut || counted || animal || verb)
}

/// Whom somebody tried to kill in vain, or who came off unharmed, is a target and no victim.
fn aimed_at(outcome: &Outcome, found: &mut Found) {
    for told in &outcome.tried {
        let filler = Filler { span: told.who, field: Field::Target, confidence: 0.6, why: "tried to kill" };
        found.entry((Field::Target, Key::Entity(told.entity))).or_default().push(filler);
    }
    for told in outcome.tried.iter().chain(&outcome.unharmed) {
        let key = Key::Entity(told.entity);
        if let Some(fillers) = found.remove(&(Field::Victim, key.clone())) {
            found.entry((Field::Target, key)).or_default().extend(fillers);
        }
    }
}

fn gather(parts: Parts<'_>, draft: &Draft, fillers: Vec<Filler>, found: &mut Found) {
    let whole = |f: &Filler| !cut_from_compound(parts, f.span);
    for filler in fillers.into_iter().filter(whole).filter_map(|f| sharpened(parts, f)) {
        if draft.tells(parts.input.sentence_at(filler.span)) {
            found.entry((filler.field, key(parts, filler.span))).or_default().push(filler);
        }
    }
}

/// Whether the words end inside a compound ("multi" of "multi-victim") that is no part of a name.
fn cut_from_compound(parts: Parts<'_>, span: Span) -> bool {
    let mut behind = parts.input.text()[span.end..].chars();
    let inside = behind.next() == Some('-') && behind.next().is_some_and(char::is_alphabetic);
    let named = || {
        let mut mentions = parts.entities.iter().flat_map(|e| &e.mentions).filter(|m| m.form == Form::Name);
        mentions.any(|m| m.span.overlaps(span))
    };
    inside && !named()
}

/// What the words about a person with an age say of his part goes before the heads.
fn settle(parts: Parts<'_>, draft: &Draft, chances: Chances, found: &mut Found) {
    let key = Key::Entity(chances.entity);
    let mentions = parts.entities[chances.entity].mentions.iter().filter(|m| m.form != Form::Pronoun);
    let here: Vec<Span> =
        mentions.clone().map(|m| m.span).filter(|s| draft.tells(parts.input.sentence_at(*s))).collect();
    let of_draft = here.len() * 2 >= mentions.count() || draft.relation == Relation::Main && !here.is_empty();
    let (role, chance, others) = if chances.victim >= VICTIM && chances.victim >= chances.suspect {
        (Some(Field::Victim), chances.victim, [Field::Suspect, Field::Perpetrator].as_slice())
    } else if chances.suspect >= SUSPECT {
        (Some(Field::Suspect), chances.suspect, [Field::Victim, Field::Target].as_slice())
    } else {
        (None, 0.0, [Field::Victim, Field::Suspect, Field::Perpetrator].as_slice())
    };
    for field in others {
        let entry = (*field, key.clone());
        let sure = |f: &Filler| f.why == agents::WHY || role.is_none() && f.confidence >= SURE;
        if found.get(&entry).is_some_and(|f| !f.iter().any(sure)) {
            found.remove(&entry);
        }
    }
    let Some(role) = role.filter(|_| of_draft) else { return };
    if role == Field::Suspect && found.contains_key(&(Field::Perpetrator, key.clone())) {
        return;
    }
    let told = here.into_iter().take(2);
    let told = told.map(|span| Filler { span, field: role, confidence: chance, why: "words about a person" });
    found.entry((role, key)).or_default().extend(told);
}

/// Who is told as having done it to another is no victim, whatever befell him then.
fn agents_only_do(found: &mut Found) {
    let agents = found
        .iter()
        .filter(|((field, _), fillers)| *field == Field::Perpetrator && fillers.iter().any(|f| f.why == agents::WHY));
    let agents: Vec<Key> = agents.map(|((_, key), _)| key.clone()).collect();
    for key in agents {
        [Field::Victim, Field::Target].iter().for_each(|field| drop(found.remove(&(*field, key.clone()))));
    }
}

/// Nouns that say by themselves who did it: "the gunman" is no victim, whatever befell him, "the victim" no suspect.
fn called(parts: Parts<'_>, found: &mut Found) {
    const DID_IT: [&str; 12] = [
        "gunman",
        "gunmen",
        "shooter",
        "shooters",
        "attacker",
        "attackers",
        "assailant",
        "assailants",
        "robber",
        "robbers",
        "suspect",
        "suspects",
    ];
    let keys: Vec<(Field, Key)> = found.keys().cloned().collect();
    for (field, key) in keys {
        let name = match &key {
            Key::Entity(index) if parts.entities[*index].age.is_none() => parts.entities[*index].name.to_lowercase(),
            Key::Entity(_) => continue,
            Key::Words(words) => words.clone(),
        };
        let last = name.split(' ').next_back().unwrap_or_default();
        let to = match (field, last) {
            (Field::Victim | Field::Target, "suspect" | "suspects") => Field::Suspect,
            (Field::Victim | Field::Target, noun) if DID_IT.contains(&noun) => Field::Perpetrator,
            (Field::Suspect | Field::Perpetrator, "victim" | "victims") => Field::Victim,
            _ => continue,
        };
        if let Some(fillers) = found.remove(&(field, key.clone())) {
            found.entry((to, key)).or_default().extend(fillers);
        }
    }
}

/// An entity is not on both sides: the side for which more speaks keeps it.
fn one_side(found: &mut Found) {
    let keys: Vec<Key> = found.keys().map(|(_, key)| key.clone()).collect();
    let weight = |fillers: Option<&Vec<Filler>>| fillers.map_or(0.0, |f| f.iter().map(|x| x.confidence).sum::<f64>());
    for key in keys {
        let sides = [[Field::Victim, Field::Target], [Field::Suspect, Field::Perpetrator]];
        let weights = sides.map(|side| side.map(|f| weight(found.get(&(f, key.clone())))).iter().sum::<f64>());
        if weights.iter().all(|w| *w > 0.0) {
            let loser = if weights[0] >= weights[1] { sides[1] } else { sides[0] };
            loser.iter().for_each(|field| drop(found.remove(&(*field, key.clone()))));
        }
        // One party has one role on its side: the weightier.
        let of = |field: Field| weight(found.get(&(field, key.clone())));
        let (suspect, perpetrator) = (of(Field::Suspect), of(Field::Perpetrator));
        if suspect > 0.0 && perpetrator > 0.0 {
            let weaker = if suspect > perpetrator { Field::Perpetrator } else { Field::Suspect };
            found.remove(&(weaker, key.clone()));
        }
    }
}

/// What tells two fillers of one role apart: their entity, or else their words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Entity(usize),
    Words(String),
}

fn key(parts: Parts<'_>, span: Span) -> Key {
    match entity_at(parts.entities, span) {
        Some(entity) => Key::Entity(entity),
        None => Key::Words(span.of(parts.input.text()).to_lowercase()),
    }
}

/// The entity whose mention ends where the span ends, or else shares most with it.
pub(super) fn entity_at(entities: &[Entity], span: Span) -> Option<usize> {
    let mut best: Option<(usize, usize)> = None;
    for (index, entity) in entities.iter().enumerate() {
        for mention in entity.mentions.iter().filter(|m| m.span.overlaps(span) && m.form != Form::Pronoun) {
            let shared = mention.span.end.min(span.end) - mention.span.start.max(span.start);
            let score = shared * 2 + usize::from(mention.span.end == span.end) * 40;
            if best.is_none_or(|(most, _)| score > most) {
                best = Some((score, index));
            }
        }
    }
    best.map(|(_, index)| index)
}

/// `unharmed`: where the text says that nothing befell the party.
fn fact(parts: Parts<'_>, field: Field, key: &Key, fillers: &[Filler], unharmed: Option<&Told>) -> Fact {
    let best = fillers.iter().max_by(|a, b| a.confidence.total_cmp(&b.confidence)).unwrap_or(&fillers[0]);
    let text = parts.input.text();
    let mut party = Party {
        entity: None,
        name: fillers[0].span.of(text).to_owned(),
        // People are mentions nearly always: what is no mention and aimed at is a thing.
        kind: if field == Field::Target { EntityKind::Other } else { EntityKind::Person },
        number: None,
        age: None,
        gender: None,
        harm: None,
        group: None,
    };
    party.name = ended(&party.name);
    if let Key::Entity(index) = key {
        let entity = &parts.entities[*index];
        party.name = name(text, entity, fillers);
        party.entity = Some(*index);
        party.kind = entity.kind;
        party.number = entity
            .number
            .map(|(min, best, max)| Count { min, best, max })
            .filter(|c| *c != Count::exactly(1) && c.max != Some(0));
        (party.age, party.gender, party.group) = (entity.age, entity.gender, entity.group);
    }
    party.harm = harm(parts, &party, fillers).or(unharmed.map(|_| Harm::Unharmed));
    let mut evidence: Vec<Span> = fillers.iter().map(|f| super::evidence(text, f.span)).collect();
    evidence.sort_unstable();
    evidence.dedup();
    evidence.truncate(CITED);
    // Words for somebody ("the driver") do not carry his name: the words that do are cited, too.
    let entity = party.entity.and_then(|e| parts.entities.get(e));
    let name = entity.and_then(|e| e.mentions.iter().find(|m| m.form == Form::Name && m.span.of(text) == party.name));
    let name = name.map(|m| m.span);
    evidence.extend(name.filter(|n| !evidence.iter().any(|e| e.of(text).contains(n.of(text)))));
    if party.harm == Some(Harm::Unharmed) {
        evidence.extend(unharmed.map(|t| super::evidence(text, t.words)).filter(|e| !evidence.contains(e)));
    }
    Fact {
        field,
        value: Value::Party(Box::new(party)),
        status: if field == Field::Suspect { Status::Alleged } else { Status::Reported },
        sources: Vec::new(),
        denied_by: Vec::new(),
        evidence,
        confidence: best.confidence.clamp(0.02, 0.99),
        why: best.why.to_owned(),
    }
}

/// The words without what only leads on ("forces of" → "forces").
fn ended(words: &str) -> String {
    const LEADING_ON: [&str; 16] =
        ["of", "from", "in", "at", "on", "to", "by", "with", "for", "and", "or", "the", "a", "an", "who", "that"];
    let mut kept: Vec<&str> = words.split_whitespace().collect();
    while kept.len() > 1 && kept.last().is_some_and(|w| LEADING_ON.contains(&w.to_lowercase().as_str())) {
        kept.pop();
    }
    kept.join(" ")
}

/// What the tolls say of the party: death outweighs a wound told of before it.
fn harm(parts: Parts<'_>, party: &Party, fillers: &[Filler]) -> Option<Harm> {
    let about = |who: Option<Span>, entity: Option<usize>| {
        entity.is_some() && entity == party.entity || who.is_some_and(|w| fillers.iter().any(|f| f.span.overlaps(w)))
    };
    let mut found: Vec<(u8, Harm)> = Vec::new();
    for toll in parts.tolls.iter().filter(|t| about(t.who, t.entity)) {
        found.push(match (toll.field, toll.negated) {
            (Field::Killed, false) => (5, Harm::Killed),
            (Field::Abducted, false) => (4, Harm::Abducted),
            (Field::Wounded, false) => (3, Harm::Wounded),
            (Field::Missing, false) => (2, Harm::Missing),
            (Field::Arrested, false) => (1, Harm::Arrested),
            (Field::Killed | Field::Wounded, true) => (0, Harm::Unharmed),
            _ => continue,
        });
    }
    found.into_iter().max_by_key(|(rank, _)| *rank).map(|(_, harm)| harm)
}

/// The fullest name; without one, the longest words of the model that hold a mention, or else the fullest mention.
fn name(text: &str, entity: &Entity, fillers: &[Filler]) -> String {
    let holds = |f: &&Filler| {
        f.span.len() <= LONGEST_NAME
            && entity.mentions.iter().any(|m| m.form != Form::Pronoun && f.span.contains(m.span))
    };
    let named = entity.mentions.iter().any(|m| m.form == Form::Name);
    let words = fillers.iter().filter(holds).max_by_key(|f| f.span.len()).map(|f| f.span.of(text));
    match words.filter(|w| !named && w.len() > entity.name.len()) {
        Some(words) => ended(words),
        None => entity.name.clone(),
    }
}
