//! A match → the mention, the one who did it, the total that an ordinal tells.

use super::*;

/// What is several where "separate" stands before it.
const SEVERAL: [&str; 7] = ["incidents", "shootings", "attacks", "events", "bombings", "blasts", "crashes"];

impl Scan<'_> {
    pub(super) fn push(&self, mentions: &mut Vec<TollMention>, trigger: &Trigger, range: (usize, usize), found: Match) {
        let span = self.words[range.0].span.join(self.words[range.1 - 1].span);
        let mut mention = self.mention(trigger.field, span, &found);
        if matches!(trigger.shape, Shape::Hit | Shape::HitVerb | Shape::Struck | Shape::HitsNoun) && !found.negated {
            mention.rule = if found.reflexive { "shot-himself" } else { "shot" };
        }
        if self.serial(range.0, &mention.count) {
            mention.rule = "series";
        }
        let ordinal = found.party.as_ref().filter(|_| !found.negated).and_then(|p| self.ordinal(p));
        let ordinal = ordinal.filter(|n| !self.serial(range.0, &Count::exactly(*n)));
        if let Some(total) = ordinal.filter(|_| matches!(trigger.field, Field::Killed | Field::Wounded)) {
            // "A third victim has died": three in all; "a third victim was wounded": three were shot, dead or alive.
            let count = Count::exactly(total);
            mentions.push(TollMention {
                count,
                entity: None,
                entities: Vec::new(),
                part: false,
                rule: "ordinal",
                ..mention.clone()
            });
        }
        let toll = !matches!(trigger.field, Field::Suspect | Field::Arrested);
        if trigger.field == Field::Casualties && found.negated {
            mentions.push(TollMention { field: Field::Killed, ..mention.clone() });
            mention.field = Field::Wounded;
        }
        let sum = found.party.as_ref().and_then(|p| self.sum(mentions, &mention, p));
        mentions.extend(sum);
        mentions.push(mention);
        if toll && !found.negated {
            self.push_actor(mentions, span, range, &found);
        }
    }

    /// 3 for "a third victim".
    fn ordinal(&self, party: &Party) -> Option<u64> {
        const ORDINALS: [[&str; 2]; 6] = [
            ["second", "2nd"],
            ["third", "3rd"],
            ["fourth", "4th"],
            ["fifth", "5th"],
            ["sixth", "6th"],
            ["seventh", "7th"],
        ];
        let words = &self.words[party.words.0..party.words.1];
        let at = words.iter().find_map(|w| ORDINALS.iter().position(|o| w.is(o)))?;
        // "the second student of the school" is not beside those told of.
        let beside = words[0].is(&["a", "an"]) || words[words.len() - 1].is(&["victim", "person"]);
        Some(at as u64 + 2).filter(|_| party.members == 1 && beside)
    }

    /// "Two men were in critical condition and two others injured": both counts together. The others are beside whoever was
    /// told of last, in their sentence or, where that was one alone, in the one before; never beside the headline's.
    fn sum(&self, mentions: &[TollMention], others: &TollMention, party: &Party) -> Option<TollMention> {
        let words = &self.words[party.words.0..party.words.1];
        let beside = words.iter().any(|w| w.is(&["another", "other", "others", "additional"]))
            && !words.iter().any(|w| w.is(&["of"]));
        if !beside || others.negated || !matches!(others.field, Field::Killed | Field::Wounded) {
            return None;
        }
        let told = |m: &&TollMention| matches!(m.field, Field::Killed | Field::Wounded) && !m.negated;
        let last = mentions.iter().rev().find(told).filter(|m| m.field == others.field && m.rule != "series")?;
        let counted = last.who.is_some_and(|w| w.end <= party.span.start) || last.rule == "sum";
        // "Maddow died from a gunshot wound; three others were injured": he is none of the injured.
        let dead = |e: &usize| mentions.iter().any(|m| m.field == Field::Killed && m.entities.contains(e));
        let apart =
            !last.entities.iter().any(|e| others.entities.contains(e) || last.field != Field::Killed && dead(e));
        let at = self.words.partition_point(|w| w.span.end <= last.trigger.start);
        let (before, here) = (self.words[at].sentence, words[0].sentence);
        let near = before == here || before + 1 == here && before > 0 && last.count == Count::exactly(1);
        let count = Count::exactly(last.count.best?.checked_add(others.count.best?)?);
        let whole = last.span.join(others.span);
        (counted && apart && near).then(|| TollMention {
            span: if whole.len() <= LONGEST && before == here { whole } else { others.span },
            count,
            who: None,
            entity: None,
            entities: Vec::new(),
            part: false,
            rule: if last.rule == "shot" && others.rule == "shot" { "shot" } else { "sum" },
            ..others.clone()
        })
    }

    fn mention(&self, field: Field, trigger: Span, found: &Match) -> TollMention {
        let who = found.party.as_ref().map(|p| p.span);
        let whole = who.or(found.number).map_or(trigger, |w| w.join(trigger));
        let entities = found.party.as_ref().map(|p| p.entities.clone()).unwrap_or_default();
        let criminal = |e: &usize| matches!(self.entities[*e].group, Some("criminal" | "armed-group"));
        let attackers = !entities.is_empty() && entities.iter().all(criminal);
        let included = found
            .party
            .as_ref()
            .and_then(|p| p.words.0.checked_sub(1))
            .is_some_and(|b| self.words[b].is(&["including", "among"]));
        TollMention {
            span: if whole.len() <= LONGEST { whole } else { trigger },
            field,
            count: found.count,
            who,
            entity: entities.first().copied().filter(|_| entities.len() == 1),
            entities,
            attackers,
            part: included || found.party.as_ref().is_some_and(|p| p.other),
            negated: found.negated,
            trigger,
            rule: found.rule,
            confidence: found.confidence,
        }
    }

    /// Who did it: the subject of the active verb, or "by X" behind the passive.
    fn push_actor(&self, mentions: &mut Vec<TollMention>, trigger: Span, range: (usize, usize), found: &Match) {
        let actor = match found.actor_before {
            Some(before) => self.left(before).or_else(|| self.subject(before)),
            None => {
                let by = (range.1..range.1 + 7).find(|at| self.is(*at, range.0, &["by"]));
                by.and_then(|by| self.object(by + 1))
            }
        };
        // "A shootout killed two teens and wounded four others": the teens are the object of the verb before, not who did it.
        let object = |a: &Party| {
            found.actor_before.is_some()
                && a.words.0 > 0
                && self.same(a.words.0 - 1, range.0)
                && self.is_verb(&self.words[a.words.0 - 1])
        };
        let Some(actor) = actor.filter(|a| !a.none && !a.entities.is_empty() && !object(a)) else { return };
        if actor.entities.iter().any(|e| found.party.as_ref().is_some_and(|p| p.entities.contains(e))) {
            return;
        }
        let mut mention = self.mention(Field::Suspect, trigger, &Match::of(actor, "actor", 0.6));
        mention.attackers = true;
        mentions.push(mention);
    }

    /// Whether the sentence tells of many events: "this year", "since 1980", "in three separate shootings".
    fn serial(&self, i: usize, count: &Count) -> bool {
        if count.best.or(count.min).is_none_or(|n| n < 2) {
            return false;
        }
        let sentence = self.words[i].sentence;
        let first = self.words[..i].iter().rposition(|w| w.sentence != sentence).map_or(0, |at| at + 1);
        let words: Vec<&Word<'_>> = self.words[first..].iter().take_while(|w| w.sentence == sentence).collect();
        words.iter().enumerate().any(|(n, w)| {
            let next = |list: &[&str]| words.get(n + 1).is_some_and(|x| x.is(list));
            let year = |at: usize| {
                words.get(at).is_some_and(|x| x.lower.len() == 4 && x.lower.bytes().all(|b| b.is_ascii_digit()))
            };
            self.lexicon.has("series", &w.lower)
                || (w.is(&["this", "per", "each", "last", "every", "a"])
                    && next(&["year"])
                    && !words.get(n + 2).is_some_and(|x| x.is(&["ago"]))
                    && !w.is(&["last", "a"]))
                || (w.is(&["since", "between"]) && (year(n + 1) || year(n + 2)))
                || (w.is(&["separate", "different", "unrelated"]) && next(&SEVERAL))
                || (w.is(&["so"]) && next(&["far"]) && words.get(n + 2).is_some_and(|x| x.is(&["this", "in"])))
                || (w.is(&["past", "last"])
                    && words.get(n + 2).is_some_and(|x| x.is(&["years", "months", "weeks", "hours"])))
                || (w.is(&["violent", "bloody", "deadly"]) && words.get(n + 2).is_some_and(|x| x.is(&["hours"])))
                || (w.is(&["violent", "bloody", "deadly"]) && next(&["weekend", "night", "day", "week"]))
                || (w.is(&["across", "around"]) && next(&["the"]) && words.get(n + 2).is_some_and(|x| x.is(&["city"])))
                || (w.is(&["since"]) && Self::since_a_time(&words[n + 1..]))
                || (w.is(&["in"]) && several_acts(&words[n + 1..]))
        })
    }

    /// "since 8 p.m.", "since about midnight", "since Wednesday afternoon": a tally that runs.
    fn since_a_time(words: &[&Word<'_>]) -> bool {
        const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        let skip = usize::from(words.first().is_some_and(|w| w.is(&["about", "around"])));
        let owned = words.get(skip + 1).is_some_and(|w| w.is(&["'s", "’s"]));
        let hour = words.iter().skip(skip + 1).take(3).any(|w| w.is(&["p.m.", "a.m.", "pm", "am"]));
        let digit = |w: &Word<'_>| w.lower.starts_with(|c: char| c.is_ascii_digit());
        words.get(skip).is_some_and(|w| w.is(&DAYS) || w.is(&["midnight", "noon"]) || digit(w) && hour) && !owned
    }
}

/// "in two South Side shootings", "in city shootings", after "in": several acts; "in the shootings" are those told of.
fn several_acts(words: &[&Word<'_>]) -> bool {
    let at = words.iter().take(5).position(|w| w.is(&SEVERAL));
    at.is_some_and(|at| {
        let before = &words[..at];
        before.iter().all(|w| w.is_word() && !w.is(&["the", "these", "those", "his", "her", "their", "and", "a", "an"]))
    })
}
