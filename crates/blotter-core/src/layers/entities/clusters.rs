//! Mentions that name one and the same → entities.
//!
//! Names and repeated nouns are joined by rules; the model's pair head `same_entity` decides where they are silent
//! ("the gunman" for "Orlo Brandt") and which of several fitting people a pronoun takes up.

use super::phrases::Phrase;
use super::{Entity, EntityKind, Form, Gender, Mention};
use crate::encode::{sigmoid, tokens_in};
use crate::layers::Input;
use crate::layers::words::Word;
use crate::text::Span;

/// The least probability of `same_entity` that joins what no rule joins.
const SAME: f32 = 0.6;
/// The same for the referent of a pronoun, which must be somebody.
const REFERENT: f32 = 0.3;
/// So many of a cluster's last mentions are compared.
const RECENT: usize = 4;
/// So many sentences back a pronoun looks with the model's help.
const REACH: usize = 3;

/// An entity while its mentions are gathered.
struct Cluster {
    entity: Entity,
    /// Lemmas of its nominals.
    lemmas: Vec<&'static str>,
    /// Lower-case words of its fullest name.
    name: Vec<String>,
    plural: bool,
    /// The word at which it was last mentioned.
    last: usize,
    /// The first token of each mention, determiners left out, for the pair head.
    tokens: Vec<usize>,
    /// Whether its only mentions stand in the first sentence (a headline brings people in that the body brings in anew).
    headline: bool,
}

/// The entities made of `phrases` and of the pronouns between them, in order of their first mention.
pub(super) fn read(input: Input<'_>, words: &[Word<'_>], phrases: &[Phrase]) -> Vec<Entity> {
    let mut clusters: Vec<Cluster> = Vec::new();
    let mut next = 0;
    let mut previous: Option<(usize, usize)> = None;
    for (i, word) in words.iter().enumerate() {
        if let Some(phrase) = phrases.get(next).filter(|p| p.words.0 == i) {
            if phrase.form == Form::Nominal {
                possessor(&mut clusters, input, words, phrase);
            }
            let apposed = previous.filter(|(p, _)| apposition(words, &phrases[*p], phrase)).map(|(_, c)| c);
            // "General Ola Berg" is not the general of another name.
            let apposed = apposed.filter(|c| !clusters[*c].named_apart(words, phrase));
            let other = previous.filter(|(p, _)| contrasted(words, &phrases[*p], phrase)).map(|(_, c)| c);
            let found = apposed.or_else(|| match told_apart(words, phrase) {
                true => None,
                false => {
                    antecedent(&clusters, input, phrase, words).or_else(|| likeliest(&clusters, input, words, phrase))
                }
            });
            let found = found.filter(|f| Some(*f) != other);
            let index = match found {
                Some(index) => index,
                None => {
                    clusters.push(Cluster::new(phrase, words));
                    clusters.len() - 1
                }
            };
            clusters[index].add(input, words, phrase);
            previous = Some((next, index));
            next += 1;
        } else if let Some((gender, plural)) = pronoun(word) {
            let inside = next > 0 && phrases[next - 1].words.1 > i;
            if !inside && let Some(index) = referent(&clusters, input, words, i, gender, plural) {
                clusters[index].refer(input, word.span, gender, i);
            }
        }
    }
    clusters.into_iter().map(|c| c.finish()).collect()
}

/// The pronoun at the head of a phrase ("his wife") takes up somebody too.
fn possessor(clusters: &mut [Cluster], input: Input<'_>, words: &[Word<'_>], phrase: &Phrase) {
    for at in phrase.words.0..phrase.head {
        if let Some((gender, plural)) = pronoun(&words[at])
            && let Some(index) = referent(clusters, input, words, at, gender, plural)
        {
            clusters[index].refer(input, words[at].span, gender, at);
        }
    }
}

impl Cluster {
    fn new(phrase: &Phrase, words: &[Word<'_>]) -> Cluster {
        let entity = Entity {
            kind: phrase.kind,
            name: String::new(),
            title: None,
            country: None,
            group: None,
            age: None,
            gender: None,
            number: None,
            mentions: Vec::new(),
        };
        let headline = words[phrase.head].sentence == 0;
        Cluster {
            entity,
            lemmas: Vec::new(),
            name: Vec::new(),
            plural: phrase.plural,
            last: phrase.head,
            tokens: Vec::new(),
            headline,
        }
    }

    fn add(&mut self, input: Input<'_>, words: &[Word<'_>], phrase: &Phrase) {
        let entity = &mut self.entity;
        let text = phrase.span.of(input.text());
        let is_name = phrase.form == Form::Name;
        let first_name = is_name && self.name.is_empty();
        let longer =
            if is_name { phrase.words.1 - phrase.words.0 > self.name.len() } else { text.len() > entity.name.len() };
        if first_name || (longer && (is_name || self.name.is_empty())) {
            entity.name = text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        if is_name && longer {
            self.name = words[phrase.words.0..phrase.words.1].iter().map(|w| w.lower.clone()).collect();
            entity.kind = phrase.kind;
        }
        self.lemmas.extend(phrase.lemma);
        entity.title = entity.title.take().or(phrase.title.map(|t| t.of(input.text()).to_string()));
        entity.country = entity.country.take().or(phrase.country.map(str::to_string));
        entity.group = match (entity.group, phrase.group) {
            (None | Some("civilian"), Some(group)) => Some(group),
            (known, _) => known,
        };
        entity.age = entity.age.or(phrase.age);
        entity.gender = entity.gender.or(phrase.gender);
        entity.number = entity.number.or(phrase.number);
        entity.mentions.push(Mention { span: phrase.span, form: phrase.form });
        self.tokens.push(token(input, words, phrase));
        self.last = phrase.head;
        self.headline &= words[phrase.head].sentence == 0;
    }

    fn refer(&mut self, input: Input<'_>, span: Span, gender: Option<Gender>, at: usize) {
        self.tokens.push(tokens_in(&input.scores.tokens, span).start);
        self.entity.gender = self.entity.gender.or(gender.filter(|_| !self.plural));
        self.entity.mentions.push(Mention { span, form: Form::Pronoun });
        self.last = at;
    }

    fn finish(mut self) -> Entity {
        self.entity.mentions.sort_by_key(|m| m.span);
        self.entity
    }

    /// Whether the phrase is a name that shares no word with the cluster's own.
    fn named_apart(&self, words: &[Word<'_>], phrase: &Phrase) -> bool {
        let own = &words[phrase.words.0..phrase.words.1];
        phrase.form == Form::Name && !self.name.is_empty() && !own.iter().any(|w| self.name.contains(&w.lower))
    }

    /// Whether nothing that the phrase says of itself speaks against the two being one.
    fn agrees(&self, phrase: &Phrase) -> bool {
        let same = |a: Option<u32>, b: Option<u32>| a.is_none() || b.is_none() || a == b;
        let gender = self.entity.gender.is_none() || phrase.gender.is_none() || self.entity.gender == phrase.gender;
        let number = self.entity.number.is_none() || phrase.number.is_none() || self.entity.number == phrase.number;
        self.entity.kind == phrase.kind
            && self.plural == phrase.plural
            && same(self.entity.age, phrase.age)
            && gender
            && number
            && !phrase.lemma.is_some_and(|lemma| opposed(&self.lemmas, lemma))
    }
}

/// Nouns for those who suffer an act, and for those who do it: one person is not called by both.
const SUFFERS: [&str; 7] = ["victim", "casualty", "survivor", "bystander", "hostage", "patient", "witness"];
const DOES: [&str; 12] = [
    "suspect",
    "gunman",
    "shooter",
    "attacker",
    "assailant",
    "killer",
    "robber",
    "intruder",
    "burglar",
    "bomber",
    "murderer",
    "kidnapper",
];

fn opposed(lemmas: &[&str], lemma: &str) -> bool {
    let apart = |a: &[&str], b: &[&str]| a.contains(&lemma) && lemmas.iter().any(|l| b.contains(l));
    apart(&SUFFERS, &DOES) || apart(&DOES, &SUFFERS)
}

/// The token that stands for a phrase in the pair head: its first, a determiner left out, as in training.
fn token(input: Input<'_>, words: &[Word<'_>], phrase: &Phrase) -> usize {
    let opened = phrase.words.0 < phrase.head && words[phrase.words.0].is(&DETERMINERS);
    tokens_in(&input.scores.tokens, words[phrase.words.0 + usize::from(opened)].span).start
}

const DETERMINERS: [&str; 11] = ["the", "a", "an", "this", "that", "these", "those", "some", "any", "every", "each"];

/// The model's probability that the mention at `token` names the cluster: the highest with its last mentions; `None`
/// without a model.
fn tie(cluster: &Cluster, input: Input<'_>, token: usize) -> Option<f32> {
    let pair = input.scores.pair.get("same_entity")?;
    let live = input.scores.tokens.len();
    let recent = cluster.tokens.iter().rev().take(RECENT).filter(|t| **t < live && token < live);
    Some(recent.map(|t| sigmoid(pair.logit(0, *t, token))).fold(0.0, f32::max))
}

/// The cluster that the model says the phrase takes up, where no rule does: never one that says otherwise of itself,
/// nor one with another name.
fn likeliest(clusters: &[Cluster], input: Input<'_>, words: &[Word<'_>], phrase: &Phrase) -> Option<usize> {
    let people = phrase.kind == EntityKind::Person;
    let range = &words[phrase.words.0..phrase.words.1];
    if phrase.indefinite || !people || range[0].is(&["his", "her", "their", "my", "our", "another", "other"]) {
        return None;
    }
    let token = token(input, words, phrase);
    let fits = |c: &Cluster| c.agrees(phrase) && (phrase.form != Form::Name || c.name.is_empty());
    let ties =
        clusters.iter().enumerate().filter(|(_, c)| fits(c)).filter_map(|(i, c)| Some((i, tie(c, input, token)?)));
    ties.filter(|(_, tie)| *tie >= SAME).max_by(|a, b| a.1.total_cmp(&b.1)).map(|(i, _)| i)
}

/// Whether `second` stands in apposition to `first`: "officer John Smith", "John Smith, a 34-year-old teacher,",
/// "a 34-year-old teacher, John Smith,".
fn apposition(words: &[Word<'_>], first: &Phrase, second: &Phrase) -> bool {
    if first.kind != EntityKind::Person || second.kind != EntityKind::Person || first.plural || second.plural {
        return false;
    }
    if words[first.head].sentence != words[second.head].sentence {
        return false;
    }
    let gap = &words[first.words.1..second.words.0];
    let names = (first.form == Form::Name, second.form == Form::Name);
    match names {
        (false, true) => {
            gap.is_empty()
                || (gap.len() == 1
                    && gap[0].lower == ","
                    && (first.indefinite || possessed(words, first) || called(words, first))
                    && comma_closes(words, second))
                // "The suspected gunman, 18-year-old Orlin Maddow, was".
                || (gap.len() == 2
                    && gap[0].lower == ","
                    && gap[1].age.is_some()
                    && comma_closes(words, second))
                || naming(gap)
                || title_between(gap)
        }
        (true, false) => {
            let copula = gap.iter().any(|w| w.is(&["was", "is"])) && second.indefinite
                || gap.iter().any(|w| w.lower == "as") && words[second.words.0].lower == "the";
            let plain = |w: &Word<'_>| {
                !w.is_word()
                    || w.is(&["was", "is", "as", "also", "aged"])
                    || w.age.is_some()
                    || crate::layers::words::small_number(&w.lower).is_some()
            };
            if copula && gap.iter().all(plain) {
                return true;
            }
            let marks = gap.iter().filter(|w| !w.is_word()).count();
            let age_between = gap.len() == 3 && gap[0].lower == "," && gap[2].lower == ",";
            ((gap.len() == 1 && marks == 1 && gap[0].is(&[",", "—"])) || age_between)
                && (second.indefinite || second.age.is_some() || words[second.words.0].lower == "the")
                && comma_closes(words, second)
        }
        _ => false,
    }
}

/// "the suspect was identified by police as": the name that follows is the noun's.
fn naming(gap: &[Word<'_>]) -> bool {
    const WORDS: [&str; 24] = [
        ",",
        "identified",
        "as",
        "named",
        "was",
        "is",
        "been",
        "has",
        "have",
        "—",
        "-",
        "–",
        "by",
        "police",
        "officials",
        "authorities",
        "later",
        "only",
        "tentatively",
        ":",
        "who",
        "has",
        "known",
        "investigators",
    ];
    let link = gap.iter().any(|w| w.is(&["as", "named", "was", "is", ":"]));
    link && gap.iter().all(|w| w.is(&WORDS) || w.age.is_some())
}

/// "the gunman", who is named behind a comma ("the gunman, Jan Holm, 30,"), but not "according to the gunman, Jan Holm ..".
fn called(words: &[Word<'_>], phrase: &Phrase) -> bool {
    let before = phrase.words.0.checked_sub(1).map(|at| &words[at]);
    words[phrase.words.0].lower == "the" && !before.is_some_and(|w| w.is(&["to", "with", "by"]))
}

/// "his father", "her friend".
fn possessed(words: &[Word<'_>], phrase: &Phrase) -> bool {
    words[phrase.words.0].is(&["his", "her", "their"])
}

/// Titles and commas alone between a noun and a name, as in "spokesman Lt. John Smith".
fn title_between(gap: &[Word<'_>]) -> bool {
    gap.len() <= 3 && gap.iter().all(|w| w.text.ends_with('.') && w.is_capital())
}

fn comma_closes(words: &[Word<'_>], phrase: &Phrase) -> bool {
    words.get(phrase.words.1).is_none_or(|w| {
        !w.is(&["and", "or"])
            && (!w.is_word()
                || w.sentence != words[phrase.head].sentence
                || w.is(&["of", "from", "who", "was", "with"]))
    })
}

/// The one singular person of the phrase's age so far, in an earlier sentence, whom no other name keeps apart.
fn same_age(clusters: &[Cluster], phrase: &Phrase, words: &[Word<'_>]) -> Option<usize> {
    phrase.age.filter(|_| phrase.kind == EntityKind::Person && !phrase.plural)?;
    let sentence = words[phrase.head].sentence;
    let fits = |c: &Cluster| {
        c.entity.age == phrase.age
            && c.agrees(phrase)
            && (phrase.form != Form::Name || c.name.is_empty())
            && words[c.last].sentence < sentence
    };
    clusters.iter().enumerate().filter(|(_, c)| fits(c)).max_by_key(|(_, c)| c.last).map(|(i, _)| i)
}

/// "The person who died" is known by what follows, and takes up nobody.
fn told_apart(words: &[Word<'_>], phrase: &Phrase) -> bool {
    words.get(phrase.words.1).is_some_and(|w| w.lower == "who")
        && phrase.lemma.is_some_and(|lemma| ["person", "people", "man", "woman", "victim", "one"].contains(&lemma))
}

/// "Orlin Maddow killed, man wounded", "the driver was shot and a passenger was hurt": the second is somebody else than the first.
fn contrasted(words: &[Word<'_>], first: &Phrase, second: &Phrase) -> bool {
    const HARMED: [&str; 14] = [
        "killed",
        "dead",
        "died",
        "wounded",
        "injured",
        "hurt",
        "shot",
        "stabbed",
        "hospitalized",
        "arrested",
        "charged",
        "critical",
        "held",
        "slain",
    ];
    let both = second.form == Form::Nominal && first.kind == EntityKind::Person && second.kind == EntityKind::Person;
    let same = words[first.head].sentence == words[second.head].sentence;
    if !both || !same || first.words.1 >= second.words.0 {
        return false;
    }
    let gap = &words[first.words.1..second.words.0];
    let begins = &words[second.words.0];
    gap.len() <= 6
        && gap[gap.len() - 1].is(&[",", "and", "while", "but", ";"])
        && gap.iter().any(|w| w.is(&HARMED))
        && !begins.is(&["the", "this", "that", "his", "her", "their"])
}

/// The cluster that the phrase takes up again.
fn antecedent(clusters: &[Cluster], input: Input<'_>, phrase: &Phrase, words: &[Word<'_>]) -> Option<usize> {
    let range = &words[phrase.words.0..phrase.words.1];
    if phrase.form == Form::Name {
        return same_name(clusters, phrase, range).or_else(|| same_age(clusters, phrase, words));
    }
    let lemma = phrase.lemma?;
    let nearest = |wanted: &dyn Fn(&Cluster) -> bool| {
        clusters.iter().enumerate().filter(|(_, c)| wanted(c)).max_by_key(|(_, c)| c.last).map(|(i, _)| i)
    };
    let other = range.iter().any(|w| w.is(&["another", "other", "second", "third", "fourth", "fifth", "others"]));
    if other {
        return None;
    }
    if let Some(index) = same_age(clusters, phrase, words) {
        return Some(index);
    }
    if let Some(index) = victim(clusters, input, phrase, words) {
        return Some(index);
    }
    if phrase.indefinite {
        // The body brings the headline's people in anew.
        return nearest(&|c: &Cluster| {
            c.headline && c.agrees(phrase) && c.lemmas.contains(&lemma) && words[phrase.head].sentence > 0
        });
    }
    if phrase.number.is_none() && range[0].is(&["his", "her", "their", "its", "my", "our"]) {
        return nearest(&|c: &Cluster| c.agrees(phrase) && c.lemmas.contains(&lemma));
    }
    nearest(&|c: &Cluster| c.agrees(phrase) && c.lemmas.contains(&lemma)).or_else(|| {
        nearest(&|c: &Cluster| phrase.kind == EntityKind::Person && c.agrees(phrase) && akin(&c.lemmas, lemma))
    })
}

/// Whom "the victim" means: the only person of its paragraph so far who is neither an official nor called after the act.
fn victim(clusters: &[Cluster], input: Input<'_>, phrase: &Phrase, words: &[Word<'_>]) -> Option<usize> {
    phrase.lemma.filter(|l| *l == "victim" && !phrase.plural && !phrase.indefinite)?;
    let paragraph = |at: usize| input.sentences.get(words[at].sentence).map(|s| s.paragraph);
    let here = clusters.iter().enumerate().filter(|(_, c)| {
        let official = c.entity.group.is_some_and(|g| g != "civilian");
        let people = c.entity.kind == EntityKind::Person && !c.plural && !official;
        people && paragraph(c.last) == paragraph(phrase.head) && words[c.last].sentence < words[phrase.head].sentence
    });
    let mut fitting = here.filter(|(_, c)| c.agrees(phrase));
    let (index, _) = fitting.next()?;
    fitting.next().is_none().then_some(index)
}

/// Nouns by which one person may be called in turn.
const AKIN: [&[&str]; 4] = [
    &[
        "boy",
        "girl",
        "teen",
        "teenager",
        "youth",
        "juvenile",
        "child",
        "kid",
        "minor",
        "year-old",
        "toddler",
        "baby",
        "infant",
        "student",
        "teen-ager",
    ],
    &["man", "woman", "male", "female", "adult", "year-old", "individual"],
    &["suspect", "gunman", "shooter", "attacker", "assailant", "killer", "robber", "intruder"],
    &["officer", "policeman", "trooper", "deputy", "cop"],
];

fn akin(lemmas: &[&str], lemma: &str) -> bool {
    AKIN.iter().any(|set| set.contains(&lemma) && lemmas.iter().any(|l| set.contains(l)))
}

fn same_name(clusters: &[Cluster], phrase: &Phrase, range: &[Word<'_>]) -> Option<usize> {
    let name: Vec<&str> = range.iter().filter(|w| w.is_word()).map(|w| w.lower.as_str()).collect();
    let fits = |c: &Cluster| {
        if c.name.is_empty() {
            return false;
        }
        let known: Vec<&str> =
            c.name.iter().map(String::as_str).filter(|w| w.chars().any(char::is_alphanumeric)).collect();
        let person = c.entity.kind == EntityKind::Person && phrase.kind == EntityKind::Person;
        let (short, long) = if name.len() <= known.len() { (&name, &known) } else { (&known, &name) };
        let inside = short.iter().all(|w| long.contains(w));
        let last = |n: &[&str]| {
            n.iter().rev().find(|w| !["jr.", "sr.", "jr", "sr", "ii", "iii"].contains(w)).map(|w| w.to_string())
        };
        let age = c.entity.age.is_none() || phrase.age.is_none() || c.entity.age == phrase.age;
        name == known
            || (person && age && inside && (short.len() > 1 || last(short) == last(long) || short[0] == long[0]))
            || (person
                && age
                && name.len() > 1
                && known.len() > 1
                && name[0] == known[0]
                && last(&name) == last(&known))
            || acronym(&known, &name)
    };
    clusters.iter().enumerate().filter(|(_, c)| fits(c)).max_by_key(|(_, c)| c.last).map(|(i, _)| i)
}

/// Whether one name is made of the other's first letters ("CNA" of "Coast News Agency").
fn acronym(known: &[&str], name: &[&str]) -> bool {
    let of = |short: &str, long: &[&str]| {
        let small = ["of", "the", "and", "for"];
        let initials: String = long.iter().filter(|w| !small.contains(w)).filter_map(|w| w.chars().next()).collect();
        long.len() > 1 && short.len() > 1 && initials == short.replace('.', "")
    };
    (name.len() == 1 && of(name[0], known)) || (known.len() == 1 && of(known[0], name))
}

/// Gender and whether it is plural, for a third-person pronoun.
fn pronoun(word: &Word<'_>) -> Option<(Option<Gender>, bool)> {
    match word.lower.as_str() {
        "he" | "him" | "his" | "himself" => Some((Some(Gender::Male), false)),
        "she" | "her" | "hers" | "herself" => Some((Some(Gender::Female), false)),
        "they" | "them" | "their" | "themselves" => Some((None, true)),
        _ => None,
    }
}

/// The person that a pronoun at word `at` takes up: in its own sentence before it or the sentence before, the first
/// mentioned of those that fit in the nearer sentence. With a model, the likeliest of those that fit in the last
/// sentences, where it thinks any of them likely.
fn referent(
    clusters: &[Cluster],
    input: Input<'_>,
    words: &[Word<'_>],
    at: usize,
    gender: Option<Gender>,
    plural: bool,
) -> Option<usize> {
    let sentence = words[at].sentence;
    let fits = |c: &Cluster| {
        c.entity.kind == EntityKind::Person
            && c.plural == plural
            && (plural || c.entity.gender.is_none() || c.entity.gender == gender)
    };
    let token = tokens_in(&input.scores.tokens, words[at].span).start;
    let near = clusters.iter().enumerate().filter(|(_, c)| fits(c) && words[c.last].sentence + REACH >= sentence);
    let ties = near.filter_map(|(i, c)| Some((i, tie(c, input, token)?)));
    let likeliest = ties.filter(|(_, tie)| *tie >= REFERENT).max_by(|a, b| a.1.total_cmp(&b.1));
    if let Some((index, _)) = likeliest {
        return Some(index);
    }
    for back in 0..=2 {
        let Some(wanted) = sentence.checked_sub(back) else { break };
        let near = clusters.iter().enumerate().filter(|(_, c)| fits(c) && words[c.last].sentence == wanted);
        // From farther back only one who has no rival.
        if back == 2 && near.clone().count() != 1 {
            break;
        }
        // One whose gender is known to fit before one whose gender is open; then the earlier in the sentence.
        let reflexive = words[at].lower.ends_with("self");
        let place = |c: &Cluster| if reflexive { usize::MAX - c.last } else { c.last };
        let best = near.min_by_key(|(_, c)| (c.entity.gender != gender && !reflexive, place(c)));
        if let Some((index, _)) = best {
            return Some(index);
        }
    }
    None
}
