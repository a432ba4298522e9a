//! Readings for people. A view prints what is in the Reading and derives no new fact.

pub mod case;
mod layout;
pub mod marked;
pub mod text;
mod words;

#[cfg(test)]
mod fixture;

use anstyle::Style;

/// How output looks.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Columns.
    pub width: usize,
    /// Whether colour may be used.
    pub color: bool,
    /// Whether confidence and why are wanted.
    pub verbose: bool,
    /// Whether it goes to a terminal: what changes from run to run is shown only there.
    pub terminal: bool,
}

impl Look {
    /// The words in a style, where colour may be used.
    fn paint(&self, style: Style, words: &str) -> String {
        if self.color && !words.is_empty() { format!("{style}{words}{style:#}") } else { words.to_owned() }
    }
}

/// The narrowest output.
const NARROWEST: usize = 80;
/// The width where nothing tells.
const USUAL: usize = 116;

/// Columns: COLUMNS, else the terminal's, else 116; never fewer than 80.
pub fn width() -> usize {
    let set = std::env::var("COLUMNS").ok().and_then(|c| c.trim().parse::<usize>().ok());
    let terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    set.or_else(terminal).unwrap_or(USUAL).clamp(NARROWEST, 240)
}
