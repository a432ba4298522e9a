//! The model's statements and the rules' made one.

use super::Attribution;
use crate::layers::Input;
use crate::text::Span;

/// Adds what the rules found where the model found nothing: the source of a statement without one, a statement whose
/// words no statement with a source holds. A content that the model left without a source gives way, and so does one
/// that it joined with a cue of another sentence.
pub(super) fn merge(input: Input<'_>, found: &mut Vec<Attribution>, rules: Vec<Attribution>) {
    let mut added = Vec::new();
    for mut rule in rules {
        let same = |m: &Attribution| m.cue.iter().any(|c| rule.cue.iter().any(|r| r.overlaps(*c)));
        if let Some(index) = found.iter().position(same) {
            found[index].scope = rule.content.clone();
            let own = shared(&found[index].content, &rule.content) * 2 > length(&rule.content);
            if !own && !rule.source.is_empty() {
                let pieces = taken(input, found, &rule, Some(index));
                let lacks = found[index].source.is_empty() || !pieces.is_empty();
                if lacks {
                    found[index].content = if pieces.is_empty() { rule.content } else { pieces };
                }
            }
            // A source in the cue's own sentence goes before one that the model fetched from afar.
            let home = |sources: &[Span]| {
                let sentence = rule.cue.first().map(|c| input.sentence_at(*c));
                sources.iter().any(|s| Some(input.sentence_at(*s)) == sentence)
            };
            let model = &found[index].source;
            let foreign = !home(model) && home(&rule.source);
            if foreign || model.is_empty() || subject(input.text(), model, &rule.source, &rule.cue) {
                found[index].source = rule.source;
            }
            continue;
        }
        let pieces = taken(input, found, &rule, None);
        if shared(&pieces, &rule.content) * 3 > length(&rule.content) * 2 {
            rule.content = pieces;
        }
        let sourced = found.iter().filter(|m| !m.source.is_empty());
        let told = sourced.map(|m| shared(&m.content, &rule.content)).max().unwrap_or(0);
        if told * 2 <= length(&rule.content) {
            added.push(rule);
        }
    }
    // What the model looked for at a cue in another sentence is that one's; the rules tell its own.
    for statement in found.iter_mut().filter(|m| m.content.is_empty() && !m.source.is_empty()) {
        statement.content = statement.scope.clone();
    }
    found.retain(|m| {
        let held = added.iter().map(|r| shared(&m.content, &r.content)).max().unwrap_or(0);
        !m.content.is_empty() && (!m.source.is_empty() || held * 2 <= length(&m.content))
    });
    found.append(&mut added);
}

/// Whether the rules' source stands right before the cue while the model looks for it behind ("police said a boy, 13,
/// ..") or among those of whom it is said ("three men they believe ..").
fn subject(text: &str, model: &[Span], rule: &[Span], cue: &[Span]) -> bool {
    let (Some(cue), Some(own)) = (cue.first(), rule.last()) else { return false };
    let close = own.end <= cue.start && text[own.end..cue.start].trim().is_empty();
    let behind = model.iter().all(|s| s.start >= cue.end);
    let pronoun = matches!(own.of(text).to_lowercase().as_str(), "he" | "she" | "they" | "it" | "we" | "i");
    // "The man fled, police said."
    let apart = text[..own.start].trim_end().ends_with(',');
    close && (behind || (pronoun || apart) && model.iter().all(|s| s.end <= own.start))
}

/// Takes the pieces that a rule's statement holds from statements whose cue stands in another sentence.
fn taken(input: Input<'_>, found: &mut [Attribution], rule: &Attribution, except: Option<usize>) -> Vec<Span> {
    let Some(cue) = rule.cue.first() else { return Vec::new() };
    let sentence = input.sentence_at(*cue);
    let mut pieces = Vec::new();
    for (index, statement) in found.iter_mut().enumerate() {
        let elsewhere = statement.cue.iter().all(|c| input.sentence_at(*c) != sentence);
        if Some(index) == except || !elsewhere || statement.cue.is_empty() {
            continue;
        }
        statement.content.retain(|piece| {
            let here = input.sentence_at(*piece) == sentence;
            let theirs = here && shared(&[*piece], &rule.content) * 2 > piece.len();
            if theirs {
                pieces.push(*piece);
            }
            !theirs
        });
    }
    pieces.sort_unstable();
    pieces
}

/// Bytes that two lists of spans share.
fn shared(a: &[Span], b: &[Span]) -> usize {
    let both = |x: &Span, y: &Span| x.end.min(y.end).saturating_sub(x.start.max(y.start));
    a.iter().flat_map(|x| b.iter().map(move |y| both(x, y))).sum()
}

fn length(spans: &[Span]) -> usize {
    spans.iter().map(Span::len).sum()
}

/// Fewer words than this in another sentence are a part of it that the model marked by itself.
const FEW_WORDS: usize = 7;

/// The content of a statement without its own cue and without loose marks.
pub(super) fn tidy(text: &str, attribution: &mut Attribution) {
    let cue = attribution.cue.clone();
    let cut = |piece: &Span| {
        let begins = cue.iter().find(|c| c.contains(Span::new(piece.start, piece.start)) && c.end < piece.end);
        trimmed(text, begins.map_or(*piece, |c| Span::new(c.end.max(piece.start), piece.end)))
    };
    attribution.content = attribution.content.iter().filter_map(cut).collect();
}

/// Leaves out pieces of a content that stand apart from its cue and are nobody's words by quotation marks: in a sentence
/// before the cue's, two or more behind it, or a few words in the next. One in four such pieces belongs there.
pub(super) fn strays(input: Input<'_>, attribution: &mut Attribution) {
    let Some(cue) = attribution.cue.first().filter(|_| attribution.content.len() > 1) else { return };
    let (text, own) = (input.text(), input.sentence_at(*cue));
    let quoted = |piece: &Span| {
        let from = text[..piece.start].char_indices().rev().nth(1).map_or(0, |(at, _)| at);
        let to = text[piece.end..].char_indices().nth(2).map_or(text.len(), |(at, _)| piece.end + at);
        text[from..to].contains(['"', '“', '”', '‘']) || text[from..to].contains("''")
    };
    let stays = |piece: &Span| {
        let sentence = input.sentence_at(*piece);
        let words = piece.of(text).split_whitespace().count();
        sentence == own || sentence == own + 1 && words > FEW_WORDS || quoted(piece)
    };
    if attribution.content.iter().any(stays) {
        attribution.content.retain(stays);
    }
}

/// Who "is charged with murder" or "accused of it" does not say so; who does stands elsewhere ("by prosecutors").
pub(super) fn accused(text: &str, statement: &mut Attribution) {
    const ACCUSED: [&str; 12] = [
        "charged",
        "accused",
        "convicted",
        "indicted",
        "booked",
        "arraigned",
        "sentenced",
        "suspected",
        "arrested",
        "wanted",
        "acquitted",
        "cleared",
    ];
    let ([.., cue], [content, ..]) = (&statement.cue[..], &statement.content[..]) else { return };
    let cue = *cue;
    let last = cue.of(text).to_lowercase();
    let ends = |list: &[&str], words: &str| list.contains(&words);
    let of = content.of(text).split_whitespace().next().unwrap_or_default().to_lowercase();
    let passive = content.start >= cue.end
        && text[cue.end..content.start].trim().is_empty()
        && ends(&ACCUSED, last.split_whitespace().next_back().unwrap_or_default())
        && ends(&["with", "of", "on", "for", "in"], &of);
    if passive {
        statement.source.retain(|source| source.start >= cue.end);
    }
}

/// A piece of content without the marks and conjunctions that lead over to its neighbours; `None` if nothing is left.
fn trimmed(text: &str, piece: Span) -> Option<Span> {
    let words = piece.of(text);
    let lead = words.len() - words.trim_start_matches(|c: char| c.is_whitespace() || ".,;:)—–".contains(c)).len();
    let mut kept = words[lead..].trim_end_matches(|c: char| c.is_whitespace() || ",;:(—–".contains(c));
    for tail in [" and", " but", " while"] {
        kept = kept.strip_suffix(tail).unwrap_or(kept);
    }
    kept = kept.trim_end_matches([' ', ',']);
    let told = kept.chars().any(char::is_alphanumeric);
    told.then(|| Span::new(piece.start + lead, piece.start + lead + kept.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_conjunctions_fall_away_but_quotation_marks_stay() {
        let trim = |text: &'static str| trimmed(text, Span::new(0, text.len())).map(|s| s.of(text));
        assert_eq!(trim(", that it rained, and"), Some("that it rained"));
        assert_eq!(trim("“It rained,”"), Some("“It rained,”"));
        assert_eq!(trim(" . "), None);
    }

    #[test]
    fn the_accused_is_no_source_of_what_he_is_accused_of() {
        let sources = |text: &str, source: &str, cue: &str, content: &str| {
            let span = |words: &str| {
                let at = text.find(words).expect("the words");
                Span::new(at, at + words.len())
            };
            let (source, cue, content) = (vec![span(source)], vec![span(cue)], vec![span(content)]);
            let mut statement = Attribution { source, cue, content, ..Attribution::default() };
            accused(text, &mut statement);
            statement.source.len()
        };
        let text = "The gunman was charged with murder by prosecutors.";
        assert_eq!(sources(text, "The gunman", "was charged", "with murder"), 0);
        assert_eq!(sources(text, "prosecutors", "was charged", "with murder"), 1);
        assert_eq!(sources("Prosecutors charged that he lied.", "Prosecutors", "charged", "that he lied"), 1);
    }

    #[test]
    fn pieces_far_from_the_cue_fall_away_unless_they_are_quoted() {
        use crate::encode::Scores;
        use crate::layers::sentences;
        use crate::text::Report;

        let text = "A post was hit. “Nobody slept.” The army said it bombed a camp near the old river. A depot burned.";
        let report = Report { text: text.to_owned(), ..Report::default() };
        let (sentences, scores) = (sentences::read(&report), Scores::default());
        let input = Input { report: &report, scores: &scores, sentences: &sentences };
        let span = |words: &str| {
            let at = text.find(words).expect("in the text");
            Span::new(at, at + words.len())
        };
        let mut said = Attribution {
            cue: vec![span("said")],
            content: ["A post", "“Nobody slept.”", "it bombed a camp near the old river", "A depot"].map(span).to_vec(),
            ..Attribution::default()
        };
        strays(input, &mut said);
        assert_eq!(said.content, [span("“Nobody slept.”"), span("it bombed a camp near the old river")]);
    }
}
