//! The text of a codebook → the codebook. Every fault is told with its line.

use serde_json::{Value as Json, json};

use super::clauses::{Lead, Verb};
use super::columns::{Column, PARTS, PARTY_PARTS, REPORT_PARTS, Source, TOLL_PARTS, WHEN_PARTS, WHERE_PARTS};
use super::conditions::{Condition, Test};
use super::phrases::Phrase;
use super::templates::Heads;
use super::{Codebook, Count, Rule};
use crate::data::DataError;
use crate::facts::{Field, Relation, Status};

const SECTIONS: [&str; 11] =
    ["about", "count", "heads", "phrases", "types", "events", "stances", "verbs", "leads", "values", "columns"];
const TOLLS: [Field; 5] = [Field::Killed, Field::Wounded, Field::Missing, Field::Abducted, Field::Arrested];

/// Reads a codebook.
pub(super) fn codebook(name: &str, text: &str) -> Result<Codebook, DataError> {
    let mut parser = Parser { book: Codebook { name: name.to_owned(), ..Codebook::default() }, ..Parser::default() };
    for (number, line) in lines(text) {
        parser.line(&line).map_err(|reason| DataError::new(name, number, reason))?;
    }
    if parser.book.columns.is_empty() {
        let reason = "no [columns]: a row needs at least one";
        return Err(DataError::new(name, text.lines().count().max(1), reason));
    }
    // A codebook may have replaced the values that columns of the one it is like name.
    let columns = || parser.book.values.iter().chain(&parser.book.columns);
    let fault = columns().flat_map(|c| &c.sources).find_map(|(source, _)| parser.knows(source).err());
    if let Some(reason) = fault {
        return Err(DataError::new(name, text.lines().count().max(1), reason));
    }
    Ok(parser.book)
}

/// Lines without comments and blank ones; an indented line continues the one before it. A `#` begins a comment at the
/// start of a line or after white space.
fn lines(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let comment = line
            .char_indices()
            .find(|(at, c)| *c == '#' && line[..*at].chars().next_back().is_none_or(char::is_whitespace));
        let line = comment.map_or(line, |(at, _)| &line[..at]);
        if line.trim().is_empty() {
            continue;
        }
        match found.last_mut() {
            Some((_, before)) if line.starts_with([' ', '\t']) => *before += &format!(" {}", line.trim()),
            _ => found.push((index + 1, line.trim().to_owned())),
        }
    }
    found
}

#[derive(Default)]
struct Parser {
    book: Codebook,
    section: String,
    /// Sections of a codebook it is like that have been replaced by its own.
    replaced: Vec<String>,
    /// Named lists of phrases.
    lists: Vec<(String, Vec<Phrase>)>,
}

impl Parser {
    fn line(&mut self, line: &str) -> Result<(), String> {
        if let Some(section) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            return self.open(section.trim());
        }
        let (left, right) = split(line, " = ").ok_or_else(|| match self.section.as_str() {
            "" => "a codebook begins with a section such as [about] or [types]".to_owned(),
            "types" | "events" | "stances" => {
                format!("a line of [{}] needs ` = ` between our code and its label", self.section)
            }
            section => format!("a line of [{section}] needs ` = ` between a name and what it is"),
        })?;
        match self.section.as_str() {
            "about" => self.about(left, right),
            "count" => count(&mut self.book.count, left, right),
            "heads" => heads(self.book.heads.get_or_insert_default(), left, right),
            "phrases" => {
                let phrases = Phrase::list(right)?;
                match self.lists.iter_mut().find(|(name, _)| name == left) {
                    Some((_, list)) => list.extend(phrases),
                    None => self.lists.push((left.to_owned(), phrases)),
                }
                Ok(())
            }
            "types" => self.rule(left, right).map(|r| self.book.types.push(r)),
            "events" => self.rule(left, right).map(|r| self.book.events.push(r)),
            "stances" => self.rule(left, right).map(|r| self.book.stances.push(r)),
            "verbs" => {
                let phrases = self.phrases(right)?;
                self.book.verbs.push(Verb { labels: labels(left)?, phrases });
                Ok(())
            }
            "leads" => {
                let (label, over) = left.split_once(" over ").ok_or("a lead is `LABEL over LABEL, LABEL = phrases`")?;
                let over = over.split(',').map(|l| l.trim().to_owned()).collect();
                let phrases = self.phrases(right)?;
                self.book.leads.push(Lead { labels: labels(label)?, over, phrases });
                Ok(())
            }
            "values" => {
                let value = self.column(left, right)?;
                self.book.values.push(value);
                Ok(())
            }
            "columns" => {
                let column = self.column(left, right)?;
                self.book.columns.push(column);
                Ok(())
            }
            _ => Err("a codebook begins with a section such as [about] or [types]".to_owned()),
        }
    }

    fn open(&mut self, section: &str) -> Result<(), String> {
        if !SECTIONS.contains(&section) {
            return Err(format!("[{section}] is no section; there are {}", SECTIONS.join(", ")));
        }
        self.section = section.to_owned();
        if !self.replaced.iter().any(|s| s == section) {
            self.replaced.push(section.to_owned());
            let book = &mut self.book;
            match section {
                "count" => book.count = Count::default(),
                "types" => book.types.clear(),
                "events" => book.events.clear(),
                "stances" => book.stances.clear(),
                "verbs" => book.verbs.clear(),
                "leads" => book.leads.clear(),
                "values" => book.values.clear(),
                "columns" => book.columns.clear(),
                _ => {}
            }
        }
        Ok(())
    }

    fn about(&mut self, left: &str, right: &str) -> Result<(), String> {
        match left {
            "name" => self.book.name = right.to_owned(),
            "like" => {
                let base = Codebook::builtin(right).ok_or_else(|| {
                    let names: Vec<_> = Codebook::builtin_names().collect();
                    format!("no built-in codebook `{right}`; there are {}", names.join(", "))
                })?;
                let name = std::mem::take(&mut self.book.name);
                self.book = Codebook { name, ..base };
            }
            _ => return Err(format!("`{left}` is not known in [about]; there are name, like")),
        }
        Ok(())
    }

    fn rule(&self, left: &str, right: &str) -> Result<Rule, String> {
        let (codes, conditions) = split(left, " if ").unwrap_or((left, ""));
        let codes = codes.split(',').map(|c| c.trim().to_owned()).collect();
        let conditions = pieces(conditions, " and ").into_iter().filter(|c| !c.is_empty()).map(|c| self.condition(c));
        let conditions = conditions.collect::<Result<_, _>>()?;
        Ok(Rule { codes, conditions, labels: if right == "-" { None } else { Some(labels(right)?) } })
    }

    fn condition(&self, text: &str) -> Result<Condition, String> {
        let (text, not) = text.strip_prefix("not ").map_or((text, false), |t| (t.trim(), true));
        let test = if let Some(rest) = text.strip_prefix("has ") {
            let mut words = rest.split_whitespace();
            let fields = words.next().unwrap_or_default().split('|').map(field).collect::<Result<_, _>>()?;
            Test::Has(fields, words.map(str::to_owned).collect())
        } else if let Some(rest) = text.strip_prefix("says ") {
            Test::Says(self.phrases(rest)?)
        } else if let Some(rest) = text.strip_prefix("report says ") {
            Test::ReportSays(self.phrases(rest)?)
        } else if let Some(rest) = text.strip_prefix("is ") {
            Test::Is(rest.trim().trim_matches('"').split(';').map(|l| l.trim().to_owned()).collect())
        } else if let Some((name, number)) = text.split_once(" > ") {
            let least = number.trim().parse().map_err(|_| format!("`{number}` is not a number"))?;
            Test::Over(toll_field(name.trim())?, least)
        } else {
            return Err(format!(
                "`{text}` is no condition; there are `has FIELD WORDS`, `says PHRASES`, `report says PHRASES`, `is LABEL`, `killed > N`"
            ));
        };
        Ok(Condition { not, test })
    }

    /// Phrases written out in quotation marks, or the names of lists, or bare phrases.
    fn phrases(&self, text: &str) -> Result<Vec<Phrase>, String> {
        let mut found = Vec::new();
        for part in text.split(';').map(|p| p.trim().trim_matches('"').trim()).filter(|p| !p.is_empty()) {
            match part.strip_prefix('$') {
                Some(name) => {
                    let list = self.lists.iter().find(|(n, _)| n == name);
                    found.extend(list.ok_or_else(|| format!("no list `{name}` above in [phrases]"))?.1.clone());
                }
                None => found.push(Phrase::parse(part)?),
            }
        }
        if found.is_empty() { Err("no phrase is given".to_owned()) } else { Ok(found) }
    }

    fn column(&self, left: &str, right: &str) -> Result<Column, String> {
        let (sources, renames) = split(right, " as ").unwrap_or((right, ""));
        let one = |text: &str| {
            let (given, conditions) = split(text, " if ").unwrap_or((text, ""));
            let conditions =
                pieces(conditions, " and ").into_iter().filter(|c| !c.is_empty()).map(|c| self.condition(c));
            let source = source(given)?;
            self.knows(&source)?;
            Ok((source, conditions.collect::<Result<_, String>>()?))
        };
        let sources = pieces(sources, " or ").into_iter().map(one).collect::<Result<_, String>>()?;
        let mut renamed = Vec::new();
        for pair in pieces(renames, ",").into_iter().filter(|r| !r.is_empty()) {
            let (from, to) = pair.split_once('=').ok_or_else(|| format!("`{pair}`: a renaming is from=to"))?;
            // Quotation marks around what holds a comma.
            let to = to.trim().trim_matches('"');
            let to = match to {
                "" => Json::Null,
                _ => to.parse::<i64>().map_or_else(|_| json!(to), |n| json!(n)),
            };
            // "EG|LY=Northern Africa": several values with one name.
            renamed.extend(from.split('|').map(|from| (from.trim().to_owned(), to.clone())));
        }
        let written = split(right, " as ").map_or(right, |(sources, _)| sources).to_owned();
        Ok(Column { name: left.to_owned(), written, sources, renamed })
    }

    /// Whether the values that a source names stand above it.
    fn knows(&self, source: &Source) -> Result<(), String> {
        let names: Vec<&String> = match source {
            Source::Value(name) => vec![name],
            Source::Pair(a, b) => vec![a, b],
            Source::Rest(names) => names.iter().collect(),
            _ => Vec::new(),
        };
        let missing = names.into_iter().find(|n| !self.book.values.iter().any(|v| v.name == **n));
        missing.map_or(Ok(()), |name| Err(format!("no value `{name}` above in [values]")))
    }
}

/// A line of `[heads]`.
fn heads(heads: &mut Heads, left: &str, right: &str) -> Result<(), String> {
    let share = || match right.parse::<f32>() {
        Ok(value) if (0.0..=1.0).contains(&value) => Ok(value),
        _ => Err(format!("`{right}` is no number from 0 to 1")),
    };
    match left {
        "types" => heads.types = right.to_owned(),
        "fillers" => heads.fillers = right.to_owned(),
        "kinds" => heads.kinds = right.to_owned(),
        "tie" => heads.tie = right.to_owned(),
        "alias" => heads.alias = right.to_owned(),
        "least" => heads.least = share()?,
        "relevant" => heads.relevant = share()?,
        "join" => heads.join = share()?,
        "same" => heads.same = share()?,
        _ => {
            return Err(format!(
                "no `{left}` in [heads]: there are types, fillers, kinds, tie, alias, least, relevant, join, same"
            ));
        }
    }
    Ok(())
}

fn count(count: &mut Count, left: &str, right: &str) -> Result<(), String> {
    let words: Vec<&str> = right.split([',', ' ']).map(str::trim).filter(|w| !w.is_empty()).collect();
    let number = || right.parse::<f64>().map_err(|_| format!("`{right}` is not a number"));
    match left {
        "relation" => count.relations = words.iter().map(|w| relation(w)).collect::<Result<_, _>>()?,
        "status" => count.statuses = words.iter().map(|w| status(w)).collect::<Result<_, _>>()?,
        "stage" => count.stages = words.iter().map(|w| (*w).to_owned()).collect(),
        "confidence" => count.confidence = number()?,
        "recent" => count.recent = Some(number()? as i64),
        "once" => count.once = right == "yes",
        "without" => count.without = right.split(',').map(|l| l.trim().to_owned()).collect(),
        _ => {
            return Err(format!(
                "`{left}` is not known in [count]; there are relation, status, stage, confidence, recent, once, without"
            ));
        }
    }
    Ok(())
}

fn relation(word: &str) -> Result<Relation, String> {
    let all = [Relation::Main, Relation::Related, Relation::Background];
    all.into_iter().find(|r| r.name() == word).ok_or_else(|| format!("`{word}` is no relation"))
}

fn status(word: &str) -> Result<Status, String> {
    let all = [Status::Reported, Status::Confirmed, Status::Alleged, Status::Denied, Status::Unknown];
    all.into_iter().find(|s| s.name() == word).ok_or_else(|| format!("`{word}` is no status"))
}

fn field(word: &str) -> Result<Field, String> {
    Field::ALL.into_iter().find(|f| f.name() == word).ok_or_else(|| format!("`{word}` is no field of the record"))
}

fn toll_field(word: &str) -> Result<Field, String> {
    let found = field(word)?;
    if TOLLS.contains(&found) { Ok(found) } else { Err(format!("`{word}` has no toll")) }
}

fn labels(text: &str) -> Result<Vec<String>, String> {
    let labels: Vec<String> = text.split('|').map(|l| l.trim().to_owned()).collect();
    if labels.iter().any(String::is_empty) { Err("an empty label".to_owned()) } else { Ok(labels) }
}

fn source(text: &str) -> Result<Source, String> {
    let text = text.trim();
    if text.len() > 1 && text.starts_with('"') && text.ends_with('"') {
        return Ok(Source::Constant(json!(text[1..text.len() - 1])));
    }
    if let Ok(number) = text.parse::<i64>() {
        return Ok(Source::Constant(json!(number)));
    }
    let (given, only) = split(text, " only ").unwrap_or((text, ""));
    let only: Vec<String> = only.split_whitespace().map(str::to_owned).collect();
    let words: Vec<&str> = given.split_whitespace().collect();
    let (first, rest) = words.split_first().ok_or("a column needs something after ` = `")?;
    let index = rest.first().and_then(|w| w.parse::<usize>().ok());
    let from_one = |n: Option<usize>| n.unwrap_or(1).checked_sub(1).ok_or("counting begins at 1");
    let fields = |names: &[&str]| -> Result<Vec<Field>, String> {
        if names.is_empty() {
            Err(format!("`{first}` needs the name of a field"))
        } else {
            names.iter().map(|n| field(n)).collect()
        }
    };
    let named = &rest[usize::from(index.is_some())..];
    match *first {
        "empty" => Ok(Source::Constant(Json::Array(Vec::new()))),
        "none" => Ok(Source::Constant(Json::Null)),
        "label" => Ok(Source::Label(from_one(index)?)),
        "report" => part(&REPORT_PARTS, rest, "report").map(Source::Report),
        "when" => part(&WHEN_PARTS, rest, "when").map(Source::When),
        "where" => part(&WHERE_PARTS, rest, "where").map(Source::Where),
        "toll" => {
            let name = rest.first().ok_or("`toll` needs a field such as killed")?;
            let of = if rest.len() > 1 { part(&TOLL_PARTS, &rest[1..], "toll")? } else { "best" };
            Ok(Source::Toll(toll_field(name)?, of, only))
        }
        "value" => match rest {
            [name] => Ok(Source::Value((*name).to_owned())),
            _ => Err("`value` needs the name of one value of [values]".to_owned()),
        },
        "pair" => match rest {
            [a, b] => Ok(Source::Pair((*a).to_owned(), (*b).to_owned())),
            _ => Err("`pair` needs the names of two values of [values]".to_owned()),
        },
        "rest" if rest.len() > 1 => Ok(Source::Rest(rest.iter().map(|w| (*w).to_owned()).collect())),
        "names" => Ok(Source::Names(fields(rest)?, only)),
        "name" => Ok(Source::Name(from_one(index)?, fields(named)?, only)),
        "joined" => Ok(Source::Joined(fields(rest)?, only)),
        word => {
            if let Some(part) = PARTY_PARTS.iter().find(|p| **p == word) {
                return Ok(Source::Of(part, from_one(index)?, fields(named)?, only));
            }
            part(&PARTS, &words, "a column").map(Source::Part).map_err(|_| {
                let more = "label, report, when, where, toll, names, name, joined, value, pair, rest, group, kind, country, harm, \
                            extent, stance, number";
                format!("`{word}` gives nothing; there are {more}, {}, a number, a \"text\"", PARTS.join(", "))
            })
        }
    }
}

/// The one word given, as one of the parts.
fn part(parts: &[&'static str], given: &[&str], of: &str) -> Result<&'static str, String> {
    let found = parts.iter().find(|p| given == [**p]);
    found.copied().ok_or_else(|| format!("`{}` is no part of {of}; there are {}", given.join(" "), parts.join(", ")))
}

/// The text before and after the first separator that stands outside quotation marks.
fn split<'t>(text: &'t str, separator: &str) -> Option<(&'t str, &'t str)> {
    let at = outside(text, separator)?;
    Some((text[..at].trim(), text[at + separator.len()..].trim()))
}

/// The pieces between separators that stand outside quotation marks.
fn pieces<'t>(mut text: &'t str, separator: &str) -> Vec<&'t str> {
    let mut found = Vec::new();
    while let Some((before, after)) = split(text, separator) {
        found.push(before);
        text = after;
    }
    found.push(text.trim());
    found
}

fn outside(text: &str, separator: &str) -> Option<usize> {
    let fits = |(at, _): &(usize, &str)| text[..*at].matches('"').count().is_multiple_of(2);
    text.match_indices(separator).find(fits).map(|(at, _)| at)
}
