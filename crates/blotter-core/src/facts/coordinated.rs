//! Lists of names: "Jan Holm, Ola Vik and Captain Per Aas were charged" gives all of them the part that one has.

use super::Field;
use super::parties::Filler;
use crate::incidents::Parts;
use crate::layers::entities::{EntityKind, Form};
use crate::layers::words::{self, Word, small_number};
use crate::text::Span;

/// So many words at most stand between two names of a list, titles and ages among them.
const BETWEEN: usize = 7;
/// How sure it is of the others of a list that one of them has a part.
const SHARE: f64 = 0.8;

/// The parts that people have because others of their list have them.
pub(super) fn fillers(parts: Parts<'_>, known: &[Filler]) -> Vec<Filler> {
    let words = words::read(parts.input);
    let mut names: Vec<Span> = Vec::new();
    for entity in parts.entities.iter().filter(|e| e.kind == EntityKind::Person) {
        names.extend(entity.mentions.iter().filter(|m| m.form == Form::Name).map(|m| m.span));
    }
    // ".. of Jan Holm, 53, Sgt. Ola Vik said": who speaks is none of those spoken of.
    names.retain(|name| !parts.attributions.iter().any(|a| a.source.iter().any(|s| s.overlaps(*name))));
    names.sort_unstable();
    let mut found = Vec::new();
    for list in names.chunk_by(|a, b| listed(&words, *a, *b)).filter(|list| list.len() > 1) {
        for field in [Field::Victim, Field::Suspect, Field::Perpetrator] {
            let told = known.iter().filter(|f| f.field == field && list.iter().any(|name| f.span.overlaps(*name)));
            let surest = told.max_by(|a, b| a.confidence.total_cmp(&b.confidence));
            let others = list.iter().filter(|name| !known.iter().any(|f| f.field == field && f.span.overlaps(**name)));
            if let Some(surest) = surest {
                let (confidence, why) = (surest.confidence * SHARE, surest.why);
                found.extend(others.map(|span| Filler { span: *span, field, confidence, why }));
            }
        }
    }
    found
}

/// Whether the second name follows the first in one list: a comma or "and" between them, and beside these only what
/// belongs to a name.
fn listed(words: &[Word<'_>], first: Span, second: Span) -> bool {
    let from = words.partition_point(|w| w.span.start < first.end);
    let to = words.partition_point(|w| w.span.start < second.start);
    let Some(between) = words.get(from..to).filter(|b| (1..=BETWEEN).contains(&b.len())) else { return false };
    let one = words[to].sentence == words[from].sentence;
    let joins = |w: &Word<'_>| w.is(&[",", "and", "&"]);
    let belongs = |w: &Word<'_>| {
        joins(w)
            || w.is_capital()
            || w.age.is_some()
            || small_number(&w.lower).is_some()
            || w.is(&["the", "aged", "(", ")"])
    };
    one && joins(&between[0]) && between.iter().all(belongs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::Scores;
    use crate::layers::{Input, sentences};
    use crate::text::Report;

    #[test]
    fn titles_and_ages_stand_between_names_of_a_list_and_clauses_do_not() {
        let cases = [
            ("Jan Holm", "Ola Vik", "Jan Holm, Colonel Ola Vik and others were charged.", true),
            ("Jan Holm", "Ola Vik", "Jan Holm, 24, and Ola Vik, 31, were charged.", true),
            ("Jan Holm", "Ola Vik", "Jan Holm, who met Ola Vik, was charged.", false),
            ("Jan Holm", "Ola Vik", "Jan Holm was charged, and Ola Vik was freed.", false),
        ];
        for (first, second, text, expected) in cases {
            let report = Report { text: text.to_owned(), ..Report::default() };
            let (sentences, scores) = (sentences::read(&report), Scores::default());
            let words = words::read(Input { report: &report, scores: &scores, sentences: &sentences });
            let span = |name: &str| {
                let at = text.find(name).expect("in the text");
                Span::new(at, at + name.len())
            };
            assert_eq!(listed(&words, span(first), span(second)), expected, "{text}");
        }
    }
}
