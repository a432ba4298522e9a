//! People and organizations in their roles: perpetrator, suspect, victim, target, participant.
//!
//! The heads `role` (records made by hand) and `muc4` (role fillers) mark the words; a mention of a toll gives its victims.

use std::collections::BTreeMap;

use super::{Count, Fact, Field, Harm, Party, Status, Value};
use crate::encode::{bio, softmax, tokens_in};
use crate::incidents::{Draft, Parts};
use crate::layers::entities::{Entity, EntityKind, Form};
use crate::layers::tolls::roles::roles;
use crate::text::Span;

/// Words that the text gives a role.
struct Filler {
    span: Span,
    field: Field,
    confidence: f64,
    why: &'static str,
}

/// The facts of all roles of the incident, one an entity and role.
pub fn facts(parts: Parts<'_>, draft: &Draft) -> Vec<Fact> {
    let mut found: BTreeMap<(Field, Key), Vec<Filler>> = BTreeMap::new();
    for filler in fillers(parts).into_iter().filter_map(|f| sharpened(parts, f)) {
        if draft.tells(parts.input.sentence_at(filler.span)) {
            found.entry((filler.field, key(parts, filler.span))).or_default().push(filler);
        }
    }
    if !found.keys().any(|(field, _)| *field == Field::Victim) {
        for filler in harmed(parts).into_iter().filter_map(|f| sharpened(parts, f)) {
            if draft.tells(parts.input.sentence_at(filler.span)) {
                found.entry((filler.field, key(parts, filler.span))).or_default().push(filler);
            }
        }
    }
    one_side(&mut found);
    if !found.keys().any(|(field, _)| matches!(field, Field::Perpetrator | Field::Suspect)) {
        for filler in attackers_beside_the_act(parts, draft) {
            found.entry((filler.field, key(parts, filler.span))).or_default().push(filler);
        }
    }
    found.into_iter().map(|((field, key), fillers)| fact(parts, field, &key, &fillers)).collect()
}

/// Where nothing else tells who did it: gunmen, rebels and the like in a sentence with the act.
fn attackers_beside_the_act(parts: Parts<'_>, draft: &Draft) -> Vec<Filler> {
    let acts: Vec<usize> = draft.act().map(|a| a.sentence).collect();
    let armed = parts.entities.iter().filter(|e| matches!(e.group, Some("armed-group" | "criminal")));
    armed
        .filter_map(|e| e.mentions.iter().find(|m| m.form != Form::Pronoun))
        .filter(|m| acts.contains(&parts.input.sentence_at(m.span)))
        .map(|m| Filler {
            span: m.span,
            field: Field::Perpetrator,
            confidence: 0.45,
            why: "armed people beside the act",
        })
        .collect()
}

/// The filler cut down to the noun phrase or name in it; `None` where there is neither ("he", "16", "that killed").
fn sharpened(parts: Parts<'_>, filler: Filler) -> Option<Filler> {
    let mentions = parts.entities.iter().flat_map(|e| &e.mentions).filter(|m| m.form != Form::Pronoun);
    let inside = |span: Span| filler.span.contains(span) && span.len() * 3 >= filler.span.len();
    // The model marks "the mayor of Tarn" whole; a mention inside it that is nearly all of it is the better name.
    let exact = mentions
        .clone()
        .find(|m| m.span == filler.span)
        .or_else(|| mentions.filter(|m| inside(m.span)).max_by_key(|m| m.span.len()));
    let words = filler.span.of(parts.input.text());
    let first = words.split_whitespace().next().unwrap_or("").to_lowercase();
    let broken = !words.chars().any(char::is_alphabetic)
        || words.ends_with("-old")
        || matches!(
            first.as_str(),
            "that" | "who" | "which" | "was" | "were" | "is" | "are" | "has" | "had" | "and" | "to"
        );
    let pronoun = PRONOUNS.contains(&words.to_lowercase().as_str());
    match exact {
        Some(mention) if broken || mention.span == filler.span => Some(Filler { span: mention.span, ..filler }),
        _ if broken || pronoun => None,
        _ => Some(filler),
    }
}

const PRONOUNS: [&str; 22] = [
    "he",
    "she",
    "they",
    "it",
    "him",
    "her",
    "them",
    "his",
    "their",
    "its",
    "we",
    "us",
    "i",
    "me",
    "you",
    "who",
    "someone",
    "somebody",
    "himself",
    "herself",
    "themselves",
    "one",
];

/// An entity is not on both sides: the side for which more speaks keeps it.
fn one_side(found: &mut BTreeMap<(Field, Key), Vec<Filler>>) {
    let keys: Vec<Key> = found.keys().map(|(_, key)| key.clone()).collect();
    let weight = |fillers: Option<&Vec<Filler>>| fillers.map_or(0.0, |f| f.iter().map(|x| x.confidence).sum::<f64>());
    for key in keys {
        let sides = [[Field::Victim, Field::Target], [Field::Suspect, Field::Perpetrator]];
        let weights = sides.map(|side| side.map(|f| weight(found.get(&(f, key.clone())))).iter().sum::<f64>());
        if weights.iter().all(|w| *w > 0.0) {
            let loser = if weights[0] >= weights[1] { sides[1] } else { sides[0] };
            loser.iter().for_each(|field| drop(found.remove(&(*field, key.clone()))));
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

fn fillers(parts: Parts<'_>) -> Vec<Filler> {
    let mut found = Vec::new();
    for span in bio::spans(parts.input.scores, "role") {
        let field = match span.label.as_str() {
            "perpetrator" => Field::Perpetrator,
            "suspect" => Field::Suspect,
            "victim" => Field::Victim,
            "target" => Field::Target,
            "participant" => Field::Participant,
            _ => continue,
        };
        found.push(Filler { span: span.span, field, confidence: f64::from(span.confidence), why: "head role" });
    }
    for span in bio::spans(parts.input.scores, "muc4") {
        let field = match span.label.as_str() {
            "PerpInd" | "PerpOrg" => Field::Perpetrator,
            "Target" => Field::Target,
            "Victim" => Field::Victim,
            _ => continue,
        };
        if !found.iter().any(|f: &Filler| f.span.overlaps(span.span)) {
            found.push(Filler {
                span: span.span,
                field,
                confidence: f64::from(span.confidence) * 0.9,
                why: "head muc4",
            });
        }
    }
    found.extend(people_by_age(parts));
    for toll in parts.tolls.iter().filter(|t| t.field == Field::Arrested && !t.negated && t.rule != "series") {
        if let Some(span) = toll.who {
            found.push(Filler {
                span,
                field: Field::Suspect,
                confidence: toll.confidence * 0.6,
                why: "told as arrested",
            });
        }
    }
    let model = parts.input.scores.token.contains_key("role");
    for role in roles(parts.input, parts.tolls, parts.entities) {
        let entity = &parts.entities[role.entity];
        // With a model the words around a person decide only on people whom the report introduces with their age.
        if let Some(first) = entity.mentions.iter().find(|m| m.form != Form::Pronoun)
            && (!model || entity.age.is_some())
        {
            let confidence = role.confidence * 0.6;
            found.push(Filler { span: first.span, field: role.field, confidence, why: "words around a person" });
        }
    }
    found
}

/// Where nothing else tells a victim: those of whom a toll tells.
fn harmed(parts: Parts<'_>) -> Vec<Filler> {
    let tolls = parts.tolls.iter().filter(|t| matches!(t.field, Field::Killed | Field::Wounded | Field::Abducted));
    tolls
        .filter(|t| !t.negated && !t.attackers && t.rule != "series")
        .filter_map(|t| {
            Some(Filler {
                span: t.who?,
                field: Field::Victim,
                confidence: t.confidence * 0.5,
                why: "whom a toll tells of",
            })
        })
        .collect()
}

/// What the head `age_role` says at the ages that the text gives: victim or suspect.
fn people_by_age(parts: Parts<'_>) -> Vec<Filler> {
    let scores = parts.input.scores;
    let Some(head) = scores.token.get("age_role") else { return Vec::new() };
    let text = parts.input.text();
    let mut found = Vec::new();
    for entity in parts.entities {
        let Some(age) = entity.age.map(|a| a.to_string()) else { continue };
        for mention in entity.mentions.iter().filter(|m| m.form != Form::Pronoun) {
            let near = super::snap(text, Span::new(mention.span.start.saturating_sub(14), mention.span.end + 8));
            let token =
                tokens_in(&scores.tokens, near).find(|t| text[scores.tokens[*t].start..scores.tokens[*t].end] == age);
            let Some(token) = token else { continue };
            let odds = softmax(head.row(token));
            for (field, label) in [(Field::Victim, "victim"), (Field::Suspect, "suspect")] {
                let p = head.labels.iter().position(|l| l == label).map_or(0.0, |i| f64::from(odds[i]));
                if p > 0.4 {
                    found.push(Filler { span: mention.span, field, confidence: p, why: "head age_role" });
                }
            }
        }
    }
    found
}

fn fact(parts: Parts<'_>, field: Field, key: &Key, fillers: &[Filler]) -> Fact {
    let best = fillers.iter().max_by(|a, b| a.confidence.total_cmp(&b.confidence)).unwrap_or(&fillers[0]);
    let text = parts.input.text();
    let mut party = Party {
        entity: None,
        name: fillers[0].span.of(text).to_owned(),
        kind: EntityKind::Person,
        number: None,
        age: None,
        gender: None,
        harm: None,
        group: None,
    };
    if let Key::Entity(index) = key {
        let entity = &parts.entities[*index];
        let named = entity.mentions.iter().any(|m| m.form == Form::Name);
        if named {
            party.name.clone_from(&entity.name);
        }
        party.entity = Some(*index);
        party.kind = entity.kind;
        party.number =
            entity.number.map(|(min, best, max)| Count { min, best, max }).filter(|c| *c != Count::exactly(1));
        (party.age, party.gender, party.group) = (entity.age, entity.gender, entity.group);
    }
    party.harm = harm(parts, &party, fillers);
    let mut evidence: Vec<Span> = fillers.iter().map(|f| super::evidence(text, f.span)).collect();
    evidence.sort_unstable();
    evidence.dedup();
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
