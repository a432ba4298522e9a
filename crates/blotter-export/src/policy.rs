//! With whom an export may be shared, and what is left out of it.

use blotter_case::Tlp;

/// What is withheld from an export, whatever its format.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The level at which it is handed out: incidents marked above it are left out. Without one, nothing is left out, and the
    /// output is marked as the strictest of its incidents.
    pub tlp: Option<Tlp>,
    /// What is made unrecognisable.
    pub redact: Vec<Redaction>,
}

/// A kind of thing that is made unrecognisable, on the record, before any format sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redaction {
    /// Names and ages of the people who were harmed or aimed at.
    Victims,
    /// Places finer than a settlement.
    Addresses,
}

/// What stands for one who was harmed or aimed at, and for several.
pub const VICTIM: [&str; 2] = ["a victim", "victims"];

impl Redaction {
    /// Every kind.
    pub const ALL: [Redaction; 2] = [Redaction::Victims, Redaction::Addresses];

    /// Its name: "victims", "addresses".
    pub fn name(self) -> &'static str {
        match self {
            Redaction::Victims => "victims",
            Redaction::Addresses => "addresses",
        }
    }
}

impl Policy {
    /// Whether a kind of thing is made unrecognisable.
    pub fn hides(&self, kind: Redaction) -> bool {
        self.redact.contains(&kind)
    }
}
