//! What the model's head for times has to say of the finds of the grammar.
//!
//! The grammar alone finds and reads times. Where the weights hold a head named "time" (a token head with labels O,
//! B-DATE, I-DATE ..), it may veto doubtful finds and admit weak ones.

use super::Time;
use super::rules::Trust;
use crate::encode::Scores;
use crate::text::Span;

/// The times that the model sees; `None` where it has no head for them.
pub(super) fn seen(scores: &Scores) -> Option<Vec<Span>> {
    let head = scores.token.get("time")?;
    if head.labels.is_empty() || head.logits.len() < head.labels.len() * scores.tokens.len() {
        return None;
    }
    let mut spans: Vec<Span> = Vec::new();
    let mut open = false;
    for (i, token) in scores.tokens.iter().enumerate() {
        let row = head.row(i);
        let best = (0..row.len()).max_by(|a, b| row[*a].total_cmp(&row[*b])).unwrap_or(0);
        let label = head.labels[best].as_str();
        let span = Span::new(token.start, token.end);
        match spans.last_mut() {
            Some(last) if open && (label.starts_with("I-") || (token.continues && label != "O")) => {
                *last = last.join(span);
            }
            _ if label != "O" => spans.push(span),
            _ => {}
        }
        open = label != "O";
    }
    Some(spans)
}

/// The finds that hold, given the times that the model sees.
pub(super) fn weigh(finds: Vec<(Time, Trust)>, seen: Option<&[Span]>) -> Vec<Time> {
    let holds = |time: &Time, trust: Trust| match (trust, seen) {
        (Trust::Firm, _) => true,
        (Trust::Weak, None) => false,
        (Trust::Doubtful, None) => true,
        (_, Some(spans)) => spans.iter().any(|span| span.overlaps(time.span)),
    };
    finds.into_iter().filter(|(time, trust)| holds(time, *trust)).map(|(time, _)| time).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::{Token, TokenScores};
    use crate::layers::times::TimeKind;

    fn find(start: usize, trust: Trust) -> (Time, Trust) {
        let span = Span::new(start, start + 4);
        (Time { span, kind: TimeKind::Date, value: "2024".into(), extent: None, rule: "year".into() }, trust)
    }

    #[test]
    fn weak_finds_need_the_model_and_doubtful_ones_its_consent() {
        let finds = || vec![find(0, Trust::Weak), find(10, Trust::Doubtful), find(20, Trust::Firm)];
        let starts = |times: Vec<Time>| times.iter().map(|t| t.span.start).collect::<Vec<_>>();
        assert_eq!(starts(weigh(finds(), None)), [10, 20]);
        assert_eq!(starts(weigh(finds(), Some(&[]))), [20]);
        assert_eq!(starts(weigh(finds(), Some(&[Span::new(2, 12)]))), [0, 10, 20]);
    }

    #[test]
    fn labels_make_spans() {
        let mut scores = Scores::default();
        assert_eq!(seen(&scores), None);
        for i in 0..4 {
            scores.tokens.push(Token { start: i * 3, end: i * 3 + 2, continues: false });
        }
        let labels = ["O", "B-DATE", "I-DATE"].map(String::from).to_vec();
        let logits = vec![0., 1., 0., 0., 0., 1., 1., 0., 0., 0., 1., 0.];
        scores.token.insert("time".into(), TokenScores { labels, logits });
        assert_eq!(seen(&scores), Some(vec![Span::new(0, 5), Span::new(9, 11)]));
    }
}
