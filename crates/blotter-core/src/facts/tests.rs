//! The examples of the word lists, through the whole reading without a model, and the rules of sources and status.

use super::{Fact, Field, Harm, Scope, Status, Value};
use crate::data::Data;
use crate::reading::Reader;
use crate::text::Report;

fn facts(text: &str) -> Vec<Fact> {
    let reader = Reader::load(Data { weights: &[], gazetteer: &[] }).expect("word lists");
    let report = Report { text: text.to_owned(), ..Report::default() };
    reader.read(report).incidents.into_iter().flat_map(|i| i.facts).collect()
}

/// The "# example" lines of a list: (what is expected, sentence).
fn examples(list: &str) -> Vec<(&str, &str)> {
    list.lines().filter_map(|l| l.strip_prefix("# example ")?.split_once(": ")).collect()
}

/// The facts of a field as "stance party" or "code".
fn told(facts: &[Fact], field: Field) -> Vec<String> {
    let of_field = facts.iter().filter(|f| f.field == field);
    of_field
        .map(|f| match &f.value {
            Value::Responsibility { party, stance } => {
                format!("{stance} {}", party.as_ref().map_or("-", |(_, name)| name.as_str()))
            }
            Value::Reaction { name, stance, .. } => format!("{stance} {name}"),
            Value::Code(code) => code.clone(),
            Value::Where(place) => place.name.clone(),
            _ => String::new(),
        })
        .collect()
}

fn check_examples(list: &str, field: Field) {
    for (expected, sentence) in examples(list) {
        let found = told(&facts(sentence), field);
        // The list's own names stand without article or title.
        let fits = |f: &String| {
            let (stance, name) = expected.split_once(' ').unwrap_or((expected, ""));
            f.starts_with(stance) && f.ends_with(name)
        };
        let right = if expected == "none" { found.is_empty() } else { found.iter().any(fits) };
        assert!(right, "{sentence}: {found:?}");
    }
}

#[test]
fn examples_of_responsibility_hold() {
    check_examples(include_str!("../../data/facts/responsibility.txt"), Field::Responsibility);
}

#[test]
fn examples_of_reactions_hold() {
    check_examples(include_str!("../../data/facts/reactions.txt"), Field::Reaction);
}

#[test]
fn examples_of_attempts_hold() {
    for (expected, sentence) in examples(include_str!("../../data/facts/attempts.txt")) {
        let (outcome, name) = expected.split_once(' ').expect("an outcome and a name");
        let facts = facts(sentence);
        let target = facts.iter().find_map(|f| match &f.value {
            Value::Party(party) if f.field == Field::Target => Some(party),
            _ => None,
        });
        let target = target.unwrap_or_else(|| panic!("{sentence}: {facts:?}"));
        assert_eq!(target.name, name, "{sentence}");
        assert_eq!(target.harm == Some(Harm::Unharmed), outcome == "unharmed", "{sentence}");
    }
}

#[test]
fn examples_of_stages_hold() {
    check_examples(include_str!("../../data/facts/stages.txt"), Field::Stage);
}

#[test]
fn examples_of_sites_hold() {
    check_examples(include_str!("../../data/facts/sites.txt"), Field::Where);
}

fn killed(text: &str) -> Fact {
    let found = facts(text).into_iter().find(|f| f.field == Field::Killed);
    found.unwrap_or_else(|| panic!("no toll in {text}"))
}

fn sources(fact: &Fact) -> Vec<&str> {
    fact.sources.iter().map(|s| s.name.as_str()).collect()
}

#[test]
fn a_fact_has_the_source_of_the_statement_that_holds_it() {
    assert_eq!(
        sources(&killed("A bomb exploded in Tarn. Three people were killed in the bombing, police said.")),
        ["police"]
    );
    assert_eq!(
        sources(&killed("The bombing killed three people, according to the Karst Hospital.")),
        ["the Karst Hospital"]
    );
    assert!(sources(&killed("The bombing killed three people in Tarn.")).is_empty());
}

#[test]
fn words_of_doubt_and_denial_give_the_status() {
    assert_eq!(killed("The bombing reportedly killed three people in Tarn.").status, Status::Alleged);
    assert_eq!(killed("Police confirmed the bombing killed three people.").status, Status::Confirmed);
    assert_eq!(killed("The bombing killed three people, police said.").status, Status::Reported);
}

#[test]
fn a_claim_has_the_claimant_as_its_source() {
    let found = facts("The Karst Front claimed responsibility for the bombing.");
    let claim = found.iter().find(|f| f.field == Field::Responsibility).expect("a claim");
    assert!(sources(claim)[0].ends_with("Karst Front"), "{claim:?}");
}

#[test]
fn the_words_about_people_with_an_age_give_their_part() {
    let text = "Orlin Maddow, 24, was shot and killed in Marlow on Friday. Ilka Brandt, 31, was arrested and charged with \
                murder. Neighbor Sefa Lund, 60, said she heard the shots.";
    let people: Vec<(Field, String, Option<u32>)> = facts(text)
        .into_iter()
        .filter_map(|f| match f.value {
            Value::Party(party) if party.age.is_some() => Some((f.field, party.name, party.age)),
            _ => None,
        })
        .collect();
    let expected =
        [(Field::Victim, "Orlin Maddow".to_owned(), Some(24)), (Field::Suspect, "Ilka Brandt".to_owned(), Some(31))];
    assert_eq!(people, expected);
}

/// The tolls of a field as (number, what it covers, whether it stands beside a total).
fn tolls(text: &str, field: Field) -> Vec<(Option<u64>, Scope, bool)> {
    let of_field = facts(text).into_iter().filter(|f| f.field == field);
    of_field
        .filter_map(|f| match f.value {
            Value::Toll(toll) => Some((toll.count.best, toll.scope, toll.beside)),
            _ => None,
        })
        .collect()
}

#[test]
fn numbers_beside_a_total_are_facts_but_not_those_of_a_correction() {
    let bombing = "A bomb killed twelve people in Marlow on Friday. Three guards were killed by the blast at the gate.";
    let found = tolls(bombing, Field::Killed);
    assert!(found.contains(&(Some(12), Scope::Total, false)), "{found:?}");
    assert!(found.contains(&(Some(3), Scope::Part, true)), "{found:?}");
    let note = "Correction: An earlier version of this report said that 14 people had been killed.";
    let found = tolls(&format!("{bombing} {note}"), Field::Killed);
    assert!(found.contains(&(Some(12), Scope::Total, false)), "{found:?}");
    assert!(found.iter().all(|(count, ..)| *count != Some(14)), "{found:?}");
}

/// Those in a role, with what befell them.
fn people(text: &str, field: Field) -> Vec<(String, Option<Harm>)> {
    let of_field = facts(text).into_iter().filter(|f| f.field == field);
    of_field
        .filter_map(|f| match f.value {
            Value::Party(party) => Some((party.name, party.harm)),
            _ => None,
        })
        .collect()
}

#[test]
fn the_agent_of_a_passive_did_it_whatever_befell_him() {
    let text = "Three officers were killed in Marlow on Friday. Deputy Sefa Lund was shot by Orlin Maddow, 29, who was later \
                killed by police.";
    let found = people(text, Field::Perpetrator);
    assert_eq!(found, [("Orlin Maddow".to_owned(), Some(Harm::Killed))]);
    assert!(people(text, Field::Victim).iter().all(|(name, _)| name != "Orlin Maddow"));
    let killed = tolls(text, Field::Killed);
    assert!(killed.contains(&(Some(3), Scope::Total, false)), "{killed:?}");
    let road = "Two men were wounded by Friday's blast on the road by the river in Marlow.";
    assert!(people(road, Field::Perpetrator).is_empty());
}

#[test]
fn who_confesses_is_the_subject_and_not_where_he_does() {
    let text =
        "Orlin Maddow met with guards at the Karst Police Department on Friday and admitted to the shooting in Marlow.";
    let found = told(&facts(text), Field::Responsibility);
    assert_eq!(found, ["claimed Orlin Maddow"]);
}

#[test]
fn who_reacts_is_named_behind_his_title() {
    let text = "A bomb killed three people in Marlow on Friday. Defence Secretary Orlin Maddow condemned the attack.";
    assert_eq!(told(&facts(text), Field::Reaction), ["condemns Orlin Maddow"]);
    let small = "a bomb killed three people in marlow on friday. chief minister orlin maddow has condemned the attack.";
    assert_eq!(told(&facts(small), Field::Reaction), ["condemns orlin maddow"]);
}

#[test]
fn a_murder_and_suicide_counts_its_attacker_apart() {
    let found = tolls("Five people were found dead in Marlow after a murder-suicide on Friday.", Field::Killed);
    assert!(
        found.contains(&(Some(4), Scope::Total, false)) && found.contains(&(Some(1), Scope::Total, false)),
        "{found:?}"
    );
    let family = "A man killed his wife and two sons in Marlow in a murder-suicide on Friday.";
    let found = tolls(family, Field::Killed);
    assert!(found.iter().all(|(count, ..)| *count != Some(2)), "{found:?}");
}
