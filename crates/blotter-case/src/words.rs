//! Search by words: which words an incident is found by, and the condition that finds it.
//!
//! SQLite has its own index for it (FTS5), which folds case and accents and takes what is neither letter nor digit for the end of
//! a word. For PostgreSQL the same words are made here and put down as they are, so that what is found does not depend on the
//! server's language or dictionaries.

use std::fmt::Write;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::Error;
use crate::db::{Connection, params};

/// The last place of a word that PostgreSQL can tell from the one after it.
const PLACES: usize = 16_383;
/// The longest word that it takes, in bytes.
const LONGEST: usize = 2_046;

/// Puts down the words by which an incident is found.
///
/// # Errors
/// The database refused.
pub fn put(db: &Connection, incident: i64, text: &str) -> Result<(), Error> {
    if db.sqlite().is_some() {
        db.prepare("INSERT INTO words (rowid, text) VALUES (?, ?)")?.execute(params![incident, text])?;
        return Ok(());
    }
    let mut vector = String::new();
    for (place, word) in folded(text).enumerate() {
        // Writing to a string does not fail.
        let _ = write!(vector, "'{word}':{} ", (place + 1).min(PLACES));
    }
    let sql = "INSERT INTO words (incident, text) VALUES (?, CAST(CAST(? AS TEXT) AS TSVECTOR))";
    db.prepare(sql)?.execute(params![incident, vector])?;
    Ok(())
}

/// Takes an incident's words out.
///
/// # Errors
/// The database refused.
pub fn take_out(db: &Connection, incident: i64) -> Result<(), Error> {
    let sql = db.either("DELETE FROM words WHERE rowid = ?", "DELETE FROM words WHERE incident = ?");
    db.prepare(sql)?.execute([incident])?;
    Ok(())
}

/// The condition under which COLUMN, an incident, has all words that are asked for, and what its question mark stands for.
/// What stands together without a space is found together ("M23-backed").
pub fn condition(db: &Connection, asked: &str) -> (&'static str, String) {
    if db.sqlite().is_some() {
        let quoted: Vec<String> = asked.split_whitespace().map(|w| format!("\"{}\"", w.replace('"', "\"\""))).collect();
        return ("COLUMN IN (SELECT rowid FROM words WHERE words MATCH ?)", quoted.join(" "));
    }
    let together = |word: &str| folded(word).map(|w| format!("'{w}'")).collect::<Vec<_>>().join(" <-> ");
    let parts: Vec<String> = asked.split_whitespace().map(together).filter(|part| !part.is_empty()).collect();
    ("COLUMN IN (SELECT incident FROM words WHERE text @@ CAST(CAST(? AS TEXT) AS TSQUERY))", parts.join(" & "))
}

/// The words of a text, without case and accents.
fn folded(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c))
        .map(|word| word.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect::<String>())
        .filter(|word| !word.is_empty() && word.len() <= LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded() {
        let words: Vec<String> = folded("Two Guards, in São-Tomé's u.s.").collect();
        assert_eq!(words, ["two", "guards", "in", "sao", "tome", "s", "u", "s"]);
    }
}
