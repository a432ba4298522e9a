//! Which words of a text name places, by rules: names of the gazetteer and of our lists, weighed by what stands around
//! them. Weights are log-odds by hand, set on LGL, GeoWebNews and GeoVirus together.

use std::collections::HashSet;

use super::gazetteer::Kind;
use super::lexicon::Atlas;
use super::people::People;
use super::tokens::{Gap, Shape, Word};
use crate::text::Span;

/// Names longer than this many words are not looked up.
const LONGEST: usize = 6;
/// A mention of this score speaks for others of the same name.
const SURE: f32 = 2.0;
/// What it gives them.
const CONFIRMED: f32 = 1.5;

/// A place that a name may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Number in the atlas.
    pub place: u32,
    /// The name is only an alternative one.
    pub alternate: bool,
}

/// What sort of name it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A name of the gazetteer or of our lists.
    Name,
    /// "Fla.", "UAE".
    Abbreviation,
    /// "Russian".
    Demonym,
    /// "Loudon County": an administrative word follows.
    Division,
    /// A street or natural feature called by its kind.
    Site,
    /// A name that only its surroundings or the model give away.
    Unknown,
}

/// A stretch of text taken for the name of a place.
#[derive(Clone, Debug)]
pub struct Mention {
    /// Where it stands.
    pub span: Span,
    /// First word.
    pub first: usize,
    /// Last word.
    pub last: usize,
    /// The normalised name.
    pub key: String,
    /// What it may mean.
    pub hits: Vec<Hit>,
    /// What sort of name it is.
    pub sort: Sort,
    /// Log-odds that it is the name of a place.
    pub score: f32,
    /// What spoke for it.
    pub rule: &'static str,
}

/// How a text uses capitals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// As usual.
    Normal,
    /// All capitals: a capital says nothing.
    Caps,
    /// No capitals.
    Lower,
}

/// The text under detection.
pub struct Detector<'a> {
    /// Gazetteer and lists.
    pub atlas: &'a Atlas,
    /// The text.
    pub text: &'a str,
    /// Its words.
    pub words: &'a [Word],
    /// Names of people in it.
    pub people: &'a People,
    /// How it uses capitals.
    pub case: Case,
    /// Names that stand for places elsewhere in it.
    pub confirmed: HashSet<String>,
}

/// How the words are written, taken together.
pub fn case(words: &[Word]) -> Case {
    let count = |shape| words.iter().filter(|w| w.shape == shape).count();
    let (lower, capital, upper) = (count(Shape::Lower), count(Shape::Capital), count(Shape::Upper));
    let all = lower + capital + upper;
    if upper * 10 > all * 7 {
        Case::Caps
    } else if all >= 8 && (capital + upper) * 100 < all {
        Case::Lower
    } else {
        Case::Normal
    }
}

impl Detector<'_> {
    /// The likeliest mentions, in order, without overlap; those below `floor` left out.
    pub fn mentions(&self, floor: f32) -> Vec<Mention> {
        let mut found: Vec<Mention> = Vec::new();
        let mut at = 0;
        while at < self.words.len() {
            match self.at(at, found.last(), floor) {
                Some(mention) => {
                    at = mention.last + 1;
                    found.push(mention);
                }
                None => at += 1,
            }
        }
        found
    }

    /// Takes the names of sure mentions for places wherever they stand.
    pub fn confirm(&mut self) {
        let sure = self.mentions(SURE).into_iter().filter(|m| matches!(m.sort, Sort::Name | Sort::Division));
        self.confirmed = sure.map(|m| m.key).collect();
    }

    /// The longest good mention that begins with the word, or a good one behind it that it belongs to.
    fn at(&self, first: usize, before: Option<&Mention>, floor: f32) -> Option<Mention> {
        if !self.may_begin(first) {
            return None;
        }
        let end = self.reach(first);
        (first..=end)
            .rev()
            .filter_map(|last| self.named(first, last))
            .map(|mention| self.weigh(mention, before))
            .find(|mention| mention.score >= floor)
            .or_else(|| self.site(first).map(|m| self.weigh(m, before)).filter(|m| m.score >= floor))
            .or_else(|| self.unknown(first))
    }

    /// "the village of Kesh", "Kesh district": a name that no list has, but whose surroundings say what it is.
    fn unknown(&self, first: usize) -> Option<Mention> {
        if self.case != Case::Normal || self.words[first].shape != Shape::Capital || self.words[first].first {
            return None;
        }
        let plain = |word: &Word| {
            ["common", "title", "institution", "site", "month"].iter().any(|s| self.atlas.is(s, &word.key))
                || self.people.has(&word.key)
                || !self.atlas.demonym(&word.key).is_empty()
        };
        let last = (first..=self.reach(first)).take_while(|n| self.words[*n].capital()).last()?;
        let settled = |n: usize| !self.words[n].capital() && self.atlas.is("settled", &self.words[n].key);
        let before = first >= 2 && self.words[first - 1].key == "of" && settled(first - 2);
        let behind = self.words.get(last + 1).is_some_and(|w| w.gap == Gap::Space) && settled(last + 1);
        let known = first == last && self.named(first, last).is_some();
        if last - first > 2 || known && !before || !(before || behind) || self.words[first..=last].iter().any(plain) {
            return None;
        }
        let (span, key) = (self.span(first, last), self.key(first, last));
        let hits = self.hits(&key);
        Some(Mention { span, first, last, key, hits, sort: Sort::Unknown, score: 0.5, rule: "unknown name" })
    }

    fn may_begin(&self, at: usize) -> bool {
        let word = &self.words[at];
        match self.case {
            Case::Lower => word.shape != Shape::Other,
            _ => word.capital(),
        }
    }

    /// The last word that a name which begins at `first` can take in.
    fn reach(&self, first: usize) -> usize {
        let words = &self.words[first + 1..self.words.len().min(first + LONGEST)];
        let joined = words.iter().take_while(|w| matches!(w.gap, Gap::Space | Gap::Hyphen | Gap::Dot)).count();
        // A possessive ends a name.
        let whole = self.words[first..=first + joined].iter().position(|w| w.possessive).unwrap_or(joined);
        first + whole
    }

    fn span(&self, first: usize, last: usize) -> Span {
        Span::new(self.words[first].start, self.words[last].end)
    }

    /// The name from `first` to `last`, if gazetteer or lists have it.
    pub fn named(&self, first: usize, last: usize) -> Option<Mention> {
        let mention =
            |sort, hits, key, span, rule| Some(Mention { span, first, last, key, hits, sort, score: 0.0, rule });
        if let Some((span, hit)) = self.abbreviation(first, last) {
            return mention(Sort::Abbreviation, vec![hit], normal_key(span.of(self.text)), span, "abbreviation");
        }
        if last > first && !self.may_begin(last) {
            return None;
        }
        let key = self.key(first, last);
        if key.len() < 2 {
            return None;
        }
        let span = self.span(first, last);
        let demonym = self.atlas.demonym(&key);
        if !demonym.is_empty() {
            let hits = demonym.iter().map(|place| Hit { place: *place, alternate: false }).collect();
            return mention(Sort::Demonym, hits, key, span, "demonym");
        }
        let mut hits = self.hits(&key);
        if let Some(whole) = unabbreviated(&key) {
            let more = self.hits(&whole);
            hits.extend(more.into_iter().filter(|m| !hits.iter().any(|h| h.place == m.place)).collect::<Vec<_>>());
        }
        // "The City" begins a sentence more often than it names one.
        let article = key.starts_with("the ")
            && !hits.iter().any(|h| self.atlas.place(h.place).is_some_and(|p| p.population > 20_000.0));
        if hits.is_empty() || article { None } else { mention(Sort::Name, hits, key, span, "name") }
    }

    /// The normalised words from `first` to `last` as one key.
    pub fn key(&self, first: usize, last: usize) -> String {
        let mut key = String::new();
        for word in &self.words[first..=last] {
            if !key.is_empty() {
                key.push(' ');
            }
            key.push_str(&word.key);
        }
        key
    }

    /// What the lists and the gazetteer have under a key, the lists' own first.
    pub fn hits(&self, key: &str) -> Vec<Hit> {
        let mut hits: Vec<Hit> =
            self.atlas.listed(key).iter().map(|place| Hit { place: *place, alternate: false }).collect();
        for (place, alternate) in self.atlas.entry(key).into_iter().flat_map(|e| e.hits()) {
            if !hits.iter().any(|h| h.place == place) {
                hits.push(Hit { place, alternate });
            }
        }
        hits
    }

    fn abbreviation(&self, first: usize, last: usize) -> Option<(Span, Hit)> {
        if last > first + 1 {
            return None;
        }
        let (start, word) = (self.words[first].start, &self.words[last]);
        [word.dotted, word.end].into_iter().find_map(|end| {
            let span = Span::new(start, end);
            let short = self.atlas.abbreviation(span.of(self.text))?;
            let place = self.atlas.place(short.place)?;
            let before = first.checked_sub(1).map(|n| &self.words[n]);
            let behind = before.is_some_and(|b| match self.words[first].gap {
                Gap::Comma => b.capital(),
                Gap::Space if span.len() > 3 => self.atlas.is("area", &b.key) || self.atlas.is("inside", &b.key),
                _ => false,
            });
            // "US" in a text of capitals is a pronoun as likely as not, "IN" a preposition.
            let plain = !span.of(self.text).contains('.');
            let caps = self.case == Case::Caps && plain && (place.kind == Kind::Country || is_word(span.of(self.text)));
            // "US$5", "US-24"
            let sum = self.text[end..].starts_with(['$', '€', '£'])
                || self.text[end..]
                    .strip_prefix('-')
                    .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
            ((!short.behind || behind) && !caps && !sum).then_some((span, Hit { place: short.place, alternate: false }))
        })
    }

    /// "Pine Needle Drive", "Lake Vermont", "Interstate 64": a site called by its kind.
    fn site(&self, first: usize) -> Option<Mention> {
        if self.case != Case::Normal {
            return None;
        }
        let plain = |word: &Word| {
            ["inside", "before", "title"].iter().any(|section| self.atlas.is(section, &word.key))
                || word.first && self.atlas.is("common", &word.key)
        };
        if plain(&self.words[first]) && !self.atlas.is("sitebefore", &self.words[first].key) {
            return None;
        }
        let numbered = |word: &Word| matches!(word.key.as_str(), "highway" | "interstate" | "route");
        let end = self.reach(first);
        let run = (first..=end).take_while(|n| self.words[*n].capital()).last()?;
        let digits = self.words.get(run + 1).is_some_and(|w| w.gap == Gap::Space && w.shape == Shape::Other);
        let last = if digits && numbered(&self.words[run]) {
            Some(run + 1)
        } else {
            (first + 1..=run).rev().find(|n| {
                let key = &self.words[*n].key;
                self.atlas.is("street", key) || self.atlas.is("site", key)
            })
        };
        let last =
            last.or_else(|| (run > first && self.atlas.is("sitebefore", &self.words[first].key)).then_some(first + 1))?;
        let generic = |word: &Word| {
            ["common", "institution", "site", "street", "division", "area"].iter().any(|s| self.atlas.is(s, &word.key))
        };
        if last - first > 3 || self.words[first..=last].iter().all(generic) {
            return None;
        }
        let span = self.span(first, last);
        let key = self.key(first, last);
        Some(Mention { span, first, last, key, hits: Vec::new(), sort: Sort::Site, score: 0.0, rule: "site" })
    }

    /// Takes in the administrative word behind a name and the direction before it, then scores.
    pub fn weigh(&self, mut mention: Mention, before: Option<&Mention>) -> Mention {
        self.extend(&mut mention);
        let (base, rule) = self.base(&mention);
        mention.rule = rule;
        mention.score = base + self.left(&mention, before) + self.right(&mention) + self.word(&mention);
        mention
    }

    /// "Clarke, Madison and Oconee counties": the kind of division that a list of names ends in.
    fn listed_division(&self, mention: &Mention) -> Option<&str> {
        let behind = &self.words[mention.last + 1..self.words.len().min(mention.last + 10)];
        let end = behind.iter().position(|w| !(w.capital() || w.key == "and") || w.gap == Gap::Break)?;
        let word = &behind[end];
        let kind = match word.key.as_str() {
            "counties" => "county",
            "parishes" => "parish",
            "townships" => "township",
            _ => return None,
        };
        (word.gap == Gap::Space).then_some(kind)
    }

    fn extend(&self, mention: &mut Mention) {
        if mention.sort != Sort::Name {
            return;
        }
        if let Some(kind) = self.listed_division(mention) {
            let key = format!("{} {kind}", mention.key);
            let hits = self.hits(&key);
            if !hits.is_empty() {
                (mention.hits, mention.sort, mention.key) = (hits, Sort::Division, key);
            }
            return;
        }
        let Some(next) = self.words.get(mention.last + 1).filter(|w| w.gap == Gap::Space) else { return };
        let county = matches!(next.key.as_str(), "county" | "co" | "parish" | "township" | "borough" | "shire");
        if county && next.shape == Shape::Capital && !self.words[mention.last].possessive {
            mention.last += 1;
            let end = if next.key == "co" { next.dotted } else { next.end };
            mention.span.end = end;
            mention.sort = Sort::Division;
            let key = format!("{} {}", mention.key, if next.key == "co" { "county" } else { &next.key });
            let hits = self.hits(&key);
            if !hits.is_empty() {
                mention.hits = hits;
            }
            mention.key = key;
        }
    }

    /// What sort of name it is, and how often such names are places.
    fn base(&self, mention: &Mention) -> (f32, &'static str) {
        let wordy: f32 = if mention.last > mention.first { 0.8 } else { 0.0 };
        match mention.sort {
            Sort::Abbreviation => return (3.0, "abbreviation"),
            Sort::Demonym => return (2.5, "demonym"),
            Sort::Division => return (2.5, "division"),
            Sort::Site => return (0.6, "site"),
            Sort::Unknown => return (-1.5, "unknown name"),
            Sort::Name => {}
        }
        mention
            .hits
            .iter()
            .filter_map(|hit| {
                let place = self.atlas.place(hit.place)?;
                let other = if hit.alternate { 0.6 } else { 0.0 };
                Some(match place.kind {
                    Kind::Country => (3.0 - 2.5 * other, "country"),
                    Kind::Continent | Kind::Region => (2.5, "region"),
                    Kind::Site => (1.5, "site"),
                    Kind::Admin1 => {
                        let known = matches!(self.atlas.country_code(&place), "US" | "CA" | "GB" | "AU");
                        (if known { 2.5 } else { 1.0 } - 1.5 * other + wordy / 2.0, "division")
                    }
                    Kind::Admin2 => {
                        (if mention.key.ends_with("county") { 2.5 } else { 0.0 } - other + wordy, "division")
                    }
                    Kind::Settlement => {
                        let size = 0.35 * ((place.population + 1.0).ln() as f32 - 9.2);
                        (size.max(-1.2) - other + wordy, "settlement")
                    }
                })
            })
            .fold((-3.0, "name"), |best, this| if this.0 > best.0 { this } else { best })
    }

    /// What stands before it.
    fn left(&self, mention: &Mention, before: Option<&Mention>) -> f32 {
        let Some(word) = mention.first.checked_sub(1).map(|n| &self.words[n]) else { return 0.0 };
        let own = &self.words[mention.first];
        let is = |section: &str| self.atlas.is(section, &word.key);
        match own.gap {
            Gap::Comma => {
                // "Jane Doe, 41, Dover, was hurt."
                let age = word.shape == Shape::Other && word.key.len() <= 2;
                let listed = before.is_some_and(|b| b.last + 1 == mention.first);
                return if listed || age { 1.0 } else { 0.0 };
            }
            Gap::Break | Gap::Hyphen => return 0.0,
            Gap::Space | Gap::Dot => {}
        }
        let name_before = word.capital() && self.case == Case::Normal && !word.first;
        if is("inside") {
            return 2.2;
        }
        if is("before") && !word.capital() {
            return 0.8;
        }
        if word.key == "of" {
            let whole = mention.first >= 2 && self.atlas.is("of", &self.words[mention.first - 2].key);
            return if whole { 1.8 } else { 0.4 };
        }
        if is("area") {
            return 1.0;
        }
        if is("title") && word.capital() {
            return if mention.sort == Sort::Demonym { 0.0 } else { -4.0 };
        }
        let placed = before.is_some_and(|b| b.last + 1 == mention.first);
        if mention.sort == Sort::Demonym && name_before && self.atlas.first_name(&word.key) == 2 {
            return -4.0;
        }
        if placed || mention.sort == Sort::Demonym {
            return 0.0;
        }
        if name_before && mention.sort != Sort::Site {
            return if self.atlas.first_name(&word.key) > 0 { -3.5 } else { -2.0 };
        }
        0.0
    }

    /// What stands behind it.
    fn right(&self, mention: &Mention) -> f32 {
        let Some(next) = self.words.get(mention.last + 1) else { return 0.0 };
        let demonym = mention.sort == Sort::Demonym;
        if self.words[mention.last].possessive {
            // "St. Patrick's Day"
            return if mention.key.starts_with("st ") { -2.0 } else { 0.3 };
        }
        match next.gap {
            Gap::Comma => {
                if demonym {
                    0.0
                } else {
                    self.behind(mention)
                }
            }
            Gap::Space => {
                let is = |section: &str| self.atlas.is(section, &next.key);
                if is("person") && mention.sort == Sort::Name {
                    return -0.8;
                }
                if !next.capital() || self.case != Case::Normal {
                    return if !demonym && !next.capital() && is("follows") { 1.2 } else { 0.0 };
                }
                if demonym {
                    let named = (mention.last + 1..=self.reach(mention.last + 1).min(mention.last + 3))
                        .any(|n| self.words[n].capital() && self.atlas.is("association", &self.words[n].key));
                    return if named || self.site(mention.first).is_some() { -4.0 } else { 0.0 };
                }
                if is("organisation") {
                    return -2.5;
                }
                // "South Orange Blossom Trail" as well.
                let street = (mention.last + 1..=self.reach(mention.last + 1).min(mention.last + 3))
                    .take_while(|n| self.words[*n].capital())
                    .any(|n| self.atlas.is("street", &self.words[n].key));
                if street && mention.sort == Sort::Name {
                    return -3.0;
                }
                if is("institution") || is("division") || is("title") || is("site") {
                    return 0.0;
                }
                if self.named(mention.last + 1, mention.last + 1).is_some_and(|m| m.sort == Sort::Abbreviation) {
                    return 1.5;
                }
                // "Chad Walker"
                let person = mention.first == mention.last && self.atlas.first_name(&mention.key) > 0;
                if person { -3.5 } else { -1.2 }
            }
            Gap::Break if self.dateline(mention) => 2.0,
            _ => 0.0,
        }
    }

    /// "DOVER —" at the beginning.
    fn dateline(&self, mention: &Mention) -> bool {
        let word = &self.words[mention.first];
        let rest = self.text[mention.span.end..].trim_start();
        word.first && word.shape == Shape::Upper && rest.starts_with(['—', '–', '-', '('])
    }

    /// ", Texas" or ", France" behind a name.
    fn behind(&self, mention: &Mention) -> f32 {
        let next = mention.last + 1;
        let larger = (next..=self.reach(next)).rev().filter_map(|last| self.named(next, last)).any(|m| {
            matches!(m.sort, Sort::Name | Sort::Abbreviation)
                && m.hits.iter().any(|hit| {
                    self.atlas
                        .place(hit.place)
                        .is_some_and(|place| !hit.alternate && matches!(place.kind, Kind::Country | Kind::Admin1))
                })
        });
        if larger { 3.0 } else { 0.2 }
    }

    /// "in Spanish", "speaks Arabic": a language.
    fn language(&self, mention: &Mention) -> bool {
        let before = mention.first.checked_sub(1).map(|n| &self.words[n]);
        let named = |next: &Word| next.gap == Gap::Space && (next.capital() || next.key.ends_with('s'));
        self.atlas.is("language", &mention.key)
            && before.is_some_and(|b| self.atlas.is("speak", &b.key))
            && !self.words.get(mention.last + 1).is_some_and(named)
    }

    /// What the word itself is otherwise: an English word, a surname, a first name.
    fn word(&self, mention: &Mention) -> f32 {
        if mention.sort == Sort::Demonym {
            return if self.language(mention) { -4.0 } else { 0.0 };
        }
        let confirmed = mention.sort == Sort::Name && self.confirmed.contains(&mention.key);
        self.other_senses(mention) + if confirmed { CONFIRMED } else { 0.0 }
    }

    fn other_senses(&self, mention: &Mention) -> f32 {
        if mention.sort != Sort::Name || mention.last > mention.first {
            return if mention.sort == Sort::Name && self.case != Case::Normal { -0.5 } else { 0.0 };
        }
        let word = &self.words[mention.first];
        let sure = self
            .atlas
            .listed(&mention.key)
            .iter()
            .any(|n| self.atlas.place(*n).is_some_and(|p| matches!(p.kind, Kind::Country | Kind::Continent)));
        let Some(entry) = self.atlas.entry(&mention.key).filter(|_| !sure) else { return 0.0 };
        let mut score = -[0.0, 0.3, 0.7, 1.0][usize::from(entry.surname())]
            - [0.0, 0.4, 1.5][usize::from(entry.first_name().min(2))];
        let weak_capital = word.first || self.case != Case::Normal;
        score -= [0.0, 0.5, 1.0, 1.6][usize::from(entry.word())] * if weak_capital { 2.5 } else { 1.0 };
        if self.atlas.is("common", &mention.key) {
            score -= if weak_capital { 5.0 } else { 2.5 };
        }
        if self.people.has(&mention.key) {
            score -= 2.5;
        }
        if self.case != Case::Normal {
            score -= 1.5;
        }
        if word.shape == Shape::Upper && self.case == Case::Normal && word.key.len() <= 4 {
            score -= 2.0;
        }
        score
    }
}

fn normal_key(words: &str) -> String {
    super::tokens::normalize(words)
}

/// "ft worth" → "fort worth", "mt hood" → "mount hood", "st petersburg" → "saint petersburg".
/// Short forms of states that are words too: in a text of capitals "IN" is seldom Indiana.
fn is_word(short: &str) -> bool {
    matches!(short, "IN" | "ON" | "OR" | "ME" | "OH" | "HI" | "OK" | "LA" | "DE" | "AL" | "AS" | "MA" | "PA")
}

fn unabbreviated(key: &str) -> Option<String> {
    let (first, rest) = key.split_once(' ')?;
    let whole = match first {
        "ft" => "fort",
        "mt" => "mount",
        "st" => "saint",
        "saint" => "st",
        _ => return None,
    };
    Some(format!("{whole} {rest}"))
}
