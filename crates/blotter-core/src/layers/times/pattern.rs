//! Patterns → the sequences of words and classes that they stand for.

/// One step of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Step {
    /// This word, in lower case.
    Word(&'static str),
    /// A word of this class, kept in this slot.
    Class(&'static str, &'static str),
}

/// No pattern stands for more sequences than this.
const MOST: usize = 4096;

/// The sequences that a pattern stands for.
///
/// # Errors
/// What is wrong with the pattern.
pub(super) fn sequences(pattern: &'static str, lets: &[(&str, &'static str)]) -> Result<Vec<Vec<Step>>, String> {
    let mut rest = pattern;
    let found = choice(&mut rest, lets)?;
    match rest.trim() {
        "" => Ok(found),
        left => Err(format!("unexpected {left}")),
    }
}

/// Sequences parted by `|`, up to the end or a closing bracket.
fn choice(rest: &mut &'static str, lets: &[(&str, &'static str)]) -> Result<Vec<Vec<Step>>, String> {
    let mut all = row(rest, lets)?;
    while let Some(after) = rest.trim_start().strip_prefix('|') {
        *rest = after;
        all.extend(row(rest, lets)?);
    }
    Ok(all)
}

/// Atoms one after the other.
fn row(rest: &mut &'static str, lets: &[(&str, &'static str)]) -> Result<Vec<Vec<Step>>, String> {
    let mut all = vec![Vec::new()];
    loop {
        *rest = rest.trim_start();
        if rest.is_empty() || rest.starts_with(['|', ')']) {
            return Ok(all);
        }
        let mut options = atom(rest, lets)?;
        if let Some(after) = rest.strip_prefix('?') {
            *rest = after;
            options.push(Vec::new());
        }
        all = all.iter().flat_map(|head| options.iter().map(|tail| [&head[..], tail].concat())).collect();
        if all.len() > MOST {
            return Err("it stands for too many sequences".into());
        }
    }
}

fn atom(rest: &mut &'static str, lets: &[(&str, &'static str)]) -> Result<Vec<Vec<Step>>, String> {
    if let Some(after) = rest.strip_prefix('(') {
        *rest = after;
        let inner = choice(rest, lets)?;
        *rest = rest.trim_start().strip_prefix(')').ok_or("a bracket is not closed")?;
        return Ok(inner);
    }
    let end = rest.find(|c: char| c.is_whitespace() || "()|?".contains(c)).unwrap_or(rest.len());
    let (word, after) = rest.split_at(end.max(rest.chars().next().map_or(0, char::len_utf8)));
    *rest = after;
    if let Some(name) = word.strip_prefix('$') {
        let (_, pattern) = lets.iter().find(|(n, _)| *n == name).ok_or(format!("no {word}"))?;
        return sequences(pattern, lets);
    }
    let step = match word.strip_prefix('{') {
        None => Step::Word(word),
        Some(class) => {
            let class = class.strip_suffix('}').ok_or(format!("{word} is not closed"))?;
            let (class, slot) = class.split_once(':').unwrap_or((class, class));
            Step::Class(class, slot)
        }
    };
    Ok(vec![vec![step]])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pattern: &'static str) -> String {
        let lets = [("M", "({month}|{mon:month} .?)")];
        let all = match sequences(pattern, &lets) {
            Ok(all) => all,
            Err(reason) => return reason,
        };
        let one = |steps: &Vec<Step>| {
            let word = |step: &Step| match step {
                Step::Word(word) | Step::Class(word, _) => *word,
            };
            steps.iter().map(word).collect::<Vec<_>>().join(" ")
        };
        all.iter().map(one).collect::<Vec<_>>().join(" / ")
    }

    #[test]
    fn patterns_stand_for_all_their_sequences() {
        assert_eq!(shown("(the)? day"), "the day / day");
        assert_eq!(
            shown("$M ,? {year}"),
            "month , year / month year / mon . , year / mon . year / mon , year / mon year"
        );
        assert_eq!(shown("(a b|c) d"), "a b d / c d");
    }

    #[test]
    fn faults_are_named() {
        assert_eq!(shown("(a"), "a bracket is not closed");
        assert_eq!(shown("a)"), "unexpected )");
        assert_eq!(shown("$X"), "no $X");
        assert_eq!(shown("{x"), "{x is not closed");
    }
}
