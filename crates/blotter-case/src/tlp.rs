//! With whom something may be shared: the Traffic Light Protocol, version 2.0 (FIRST, <https://www.first.org/tlp/>).

/// A level of the protocol; the later ones are stricter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tlp {
    /// No limit: whatever nobody has marked.
    #[default]
    Clear,
    /// The recipients' community.
    Green,
    /// The recipients' organization and its clients, who need to know.
    Amber,
    /// The recipients' organization alone.
    AmberStrict,
    /// The recipients' own eyes.
    Red,
}

impl Tlp {
    /// Every level, the least strict first.
    pub const ALL: [Tlp; 5] = [Tlp::Clear, Tlp::Green, Tlp::Amber, Tlp::AmberStrict, Tlp::Red];

    /// Its name: "clear", "green", "amber", "amber+strict", "red".
    pub fn name(self) -> &'static str {
        match self {
            Tlp::Clear => "clear",
            Tlp::Green => "green",
            Tlp::Amber => "amber",
            Tlp::AmberStrict => "amber+strict",
            Tlp::Red => "red",
        }
    }

    /// The level of a name.
    pub fn of(name: &str) -> Option<Tlp> {
        Tlp::ALL.into_iter().find(|level| level.name() == name)
    }
}
