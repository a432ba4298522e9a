//! Who wrote a page: what the page shows as a byline, else what its markup says and the page shows too.
//!
//! Markup often names whoever entered the text into the site's system, or the firm that built it: a name that the page does
//! not show is not given.

use std::sync::LazyLock;

use regex::Regex;

use super::dom::{Dom, Id, squeeze};
use super::markup::Markup;
use super::runs::Run;
use super::title::letters;
use super::view::View;

/// A byline has no more characters.
const LONGEST: usize = 160;
/// So many runs after the title may hold the byline.
const NEAR: usize = 14;

/// Names of elements that hold a byline or the name in it.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[\s_-])(?:by-?line|authors?|autor(?:en|in)?|auteurs?|autores?|verfasser|redakteur|writer|reporter|journalist|posted-by|item-?poster|written-by|contributors?|creator|vcard|signature|full-name|author-?(?:bold|meta|name|names)|(?:post|tech|article|blog|story)-author)(?:\b|_|-|$)").expect("a valid pattern")
});
static NOT_NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:avatar|image|img|photo|bio|description|social|follow|count|box-?title|more-|role|job|position|twitter|mail|desc|comment)").expect("a valid pattern")
});

/// "By", "Von", "Text:" at the beginning of a line.
static BY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^(?:(?:written|posted|published|reported|submitted|words|story|article|geschrieben|verfasst|veröffentlicht|erstellt|publié|escrito|publicado|ein\ (?:beitrag|artikel|kommentar|gastbeitrag)|eine?\ (?:analyse|kolumne|rezension|reportage)|beitrag|kommentar|gastbeitrag|interview|analyse|essay|aufgezeichnet|text|kolumne|rezension)?\s{0,2}(?:by|von|par|por)\b:?
          |(?:text|autor(?:in|en)?|author|auteur|redaktion|verfasser(?:in)?|interview|words|foto\ und\ text|text\ und\ fotos?|text/fotos?|by|von|redattore|di|door|autor/in|autor:in)\s*[:|]
          )\s*(?P<rest>\p{Lu}.*|[@\w].{0,40})$",
    )
    .expect("a valid pattern")
});

/// Where the names of a byline end.
static END: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)\s*(?:[|•·/–—›»(\[\n]|\s-\s|,?\s\d{1,2}[.:/]\s?\d|,?\s\d{1,2}\.?\s\p{L}{3,}|,?\s\d{4}\b|\bam\s\d|\bon\s\p{Lu}|\bat\s\d|\b(?:veröffentlicht|aktualisiert|published|posted|updated|stand|erstellt|last\smodified|kommentare?|comments?|follow|uhr|min\.?\sread|lesezeit|lesedauer|minuten?\b|in:|datum|date|foto(?:s)?:|bild(?:er)?:|quelle:|e-mail|email|twitter|on:)
          |,?\s(?:januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|january|february|march|may|june|july|october|december|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|okt|nov|dec|dez)\.?\s\d
          |,?\s(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b).*$",
    )
    .expect("a valid pattern")
});

/// What is said in place of a name.
static NOBODY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:(?:fotos?|photos?|фото|symbolbild|bild(?:er)?|zvg|handout|paid|sponsored|anzeige)\b.*|red\.|admin(?:istrator)?|super ?user|user|guest|gast|anonym(?:ous|us)?|unknown|unbekannt|no author|null|undefined|webmaster|wordpress ?admin|editor|staff|author|autor(?:en)?|about|about the author|über den autor|more|mehr|name|image|foto|print|email|auteurs?|alle artikel|all posts|profil(?:e)?|share|kommentare?|comments?|www|home|impressum|contact|kontakt|weiterlesen|publiziert|alle beiträge|alle beiträge anzeigen|letzte aktualisierung|aktualisierung|updated|posted|published|veröffentlicht|google|by|von|facebook|twitter|instagram)$").expect("a valid pattern")
});

/// The names, as the page writes them.
pub fn read(view: &View<'_>, markup: &Markup, sites: &[String]) -> Vec<String> {
    let after_title = view.at.unwrap_or(0);
    let said = said(markup);
    // What the page shows and its markup says is sure.
    let both: Vec<String> = said.iter().filter(|n| view.shows(n)).filter_map(|n| view.as_shown(n)).collect();
    let is_site = |name: &str| {
        let plain = letters(name);
        sites.contains(&plain)
    };
    let surely = distinct(both.iter().filter(|n| !is_site(n)).cloned().collect());
    let mut shown = marked(view, after_title).or_else(|| line(view, after_title)).unwrap_or_default();
    // The site's own name is a byline only where the markup says so too.
    shown.retain(|n| !is_site(n) || both.iter().any(|b| letters(b) == letters(n)));
    if !shown.is_empty() {
        // Markup that agrees in part knows where a name ends.
        let within = |n: &String| shown.iter().any(|s| letters(s).contains(&letters(n)));
        let around = |n: &String| shown.iter().any(|s| letters(n).contains(&letters(s)));
        if !surely.is_empty() && (surely.iter().all(within) || surely.iter().any(around) && surely.len() >= shown.len())
        {
            return surely;
        }
        return shown;
    }
    surely
}

/// The names that markup gives, JSON-LD first.
fn said(markup: &Markup) -> Vec<String> {
    let linked = &markup.linked;
    let mut found: Vec<String> = if linked.people.is_empty() { linked.bodies.clone() } else { linked.people.clone() };
    if found.is_empty() {
        let keys = [
            "author",
            "article:author",
            "og:article:author",
            "dc.creator",
            "dcterms.creator",
            "dc.creator.personalname",
            "sailthru.author",
            "parsely-author",
            "byl",
            "cxenseparse:author",
            "creator",
            "citation_author",
            "dcsext.author",
            "article:author_name",
            "shareaholic:article_author_name",
            "vf:author",
            "twitter:data1",
        ];
        for key in keys {
            let all: Vec<&str> = markup.metas(key).filter(|v| !v.contains("://") && !v.starts_with('@')).collect();
            if !all.is_empty() {
                found = all.into_iter().flat_map(parts).collect();
                break;
            }
        }
    }
    found.into_iter().filter_map(|n| tidy(&n)).collect()
}

/// The byline in elements that are named so: the first after the title, else the last before it.
fn marked(view: &View<'_>, after: usize) -> Option<Vec<String>> {
    let dom = view.dom;
    let mut best: Option<(usize, bool, Option<Id>, Vec<String>)> = None;
    for id in dom.under(view.body) {
        let (from, to) = view.shown.under[id];
        let by_title = from.abs_diff(after) <= 2;
        if view.aside[id] && !by_title
            || dom.name(id).is_empty()
            || matches!(dom.name(id), "script" | "style" | "body" | "img")
        {
            continue;
        }
        let rel = dom.attribute(id, "rel").is_some_and(|r| r.split_whitespace().any(|r| r == "author"));
        let prop = dom
            .attribute(id, "itemprop")
            .is_some_and(|p| p.split_whitespace().any(|p| p == "author" || p == "creator"));
        let names = &view.names[id];
        let named = !names.is_empty() && NAMED.is_match(names) && !NOT_NAME.is_match(names);
        if !(rel || prop || named) {
            continue;
        }
        // The name inside, where the markup marks it.
        let inner =
            prop.then(|| dom.under(id).find(|n| dom.attribute(*n, "itemprop").is_some_and(|p| p == "name"))).flatten();
        let text = match dom.name(id) {
            "meta" => dom.attribute(id, "content").unwrap_or_default().to_owned(),
            _ => dom.text(inner.unwrap_or(id)),
        };
        if text.chars().count() > LONGEST || text.is_empty() {
            continue;
        }
        // In a longer line the links are the names.
        let links: Vec<String> = dom
            .named(id, &["a"])
            .filter(|a| *a != id && dom.attribute(*a, "href").is_some_and(|h| !h.starts_with("mailto")))
            .map(|a| dom.text(a))
            .filter(|t| like_name(t))
            .collect();
        let words = text.split_whitespace().count();
        let Some(names) = (if !links.is_empty() && words > 3 { names_of(&links.join("; ")) } else { names_of(&text) })
        else {
            continue;
        };
        let place = if from >= after { from - after } else { (after - from) * 2 };
        let weight = place + if rel || prop { 0 } else { 4 } + if to > from + 4 { 6 } else { 0 };
        match &mut best {
            // Several names marked alike, side by side.
            Some((_, true, beside, so_far)) if (rel || prop) && *beside == beside_of(dom, id) && place < 20 => {
                so_far.extend(names);
            }
            Some((w, ..)) if weight >= *w => {}
            _ => best = Some((weight, rel || prop, beside_of(dom, id), names)),
        }
    }
    best.map(|(.., names)| distinct(names))
}

/// The element that holds a marked name and those beside it: two steps up at most, as far as it holds little else.
fn beside_of(dom: &Dom, id: Id) -> Option<Id> {
    dom.above(id).take(2).last()
}

/// Each name once.
fn distinct(names: Vec<String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in names {
        if !found.iter().any(|n| letters(n) == letters(&name)) {
            found.push(name);
        }
    }
    found
}

/// A label that stands alone before the name.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:(?:written |posted )?by|von|par|por|autor(?:in|en)?|author|text|text (?:&|und) fotos?|auteur(?:\(s\))?|verfasser(?:in)?|herausgeber)\s*:?$").expect("a valid pattern")
});
/// "12.03.2024 - Jane Doe", "12 March 2024 by Jane Doe", "Jane Doe, 12.03.2024".
static BESIDE_DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:\d{4}|\d{2}:\d{2}(?: Uhr)?)\s*(?:[-–—|•·,]|\b(?:by|von|par|por|Redaktion:)\b)+\s*(?P<after>\p{Lu}[^\d|•·]{3,50})$|^(?P<before>\p{Lu}[\p{L}.’' -]{4,40}),\s\d{1,2}\.\s?\d{1,2}\.\s?\d{2,4}").expect("a valid pattern")
});
/// "... by Jane Doe" inside a short line.
static INSIDE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:\b(?:by|By|von|Von|par|Par|por|Por|vom)|(?:Autor(?:in)?|Text|Author):)\s(?P<rest>\p{Lu}.*)$")
        .expect("a valid pattern")
});
/// "Text: Jane Doe", "(Jane Doe)" at the end of a text.
static AT_END: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?P<word>Text(?: (?:&|und) Fotos?)?|Autor(?:in|en)?|Author|Von|By|Bericht|Words|Verfasst von|Written by)\s?:?\s(?P<rest>\p{Lu}.{3,80})$").expect("a valid pattern")
});

/// The byline in the lines after the title, or at the end of the text.
fn line(view: &View<'_>, after: usize) -> Option<Vec<String>> {
    let named = |text: &str| names_of(text).filter(|names| names.iter().all(|n| like_name(n)));
    let runs: Vec<&Run> = view.shown.all.iter().collect();
    let from = after.saturating_sub(5);
    for (i, run) in runs.iter().enumerate().skip(from).take(NEAR + 5) {
        if view.is_aside(i) {
            continue;
        }
        for l in run.text.lines().take(4).filter(|l| l.chars().count() <= LONGEST) {
            if let Some(names) = BY.captures(l).and_then(|c| named(&c["rest"])) {
                return Some(names);
            }
            let short = l.chars().count() <= 90;
            let below = || runs.get(i + 1).filter(|r| r.chars <= 60).and_then(|r| named(&r.text));
            if let Some(names) = (short && LABEL.is_match(l)).then(below).flatten() {
                return Some(names);
            }
            let beside = BESIDE_DATE.captures(l).filter(|_| short);
            if let Some(names) =
                beside.and_then(|c| c.name("after").or(c.name("before")).and_then(|m| named(m.as_str())))
            {
                return Some(names);
            }
            let inside = INSIDE.captures(l).filter(|_| short && i >= after && !l.ends_with('.'));
            if let Some(names) = inside.and_then(|c| named(&c["rest"])) {
                return Some(names);
            }
        }
    }
    // Below the text: a label anywhere, a bare "Von" or "By" only right after the last long run.
    let last = runs.iter().rposition(|run| !view.aside[run.owner] && run.chars >= 200 && run.link_density() < 0.3);
    runs.iter().enumerate().skip(after).filter(|(_, run)| !view.aside[run.owner] && run.chars <= 400).find_map(
        |(i, run)| {
            let close = last.is_some_and(|last| (last..last + 4).contains(&i));
            let lines = run.text.lines().filter(|l| l.chars().count() <= 100);
            lines
                .filter_map(|l| AT_END.captures(l))
                .filter(|c| close || !matches!(&c["word"], "Von" | "By"))
                .find_map(|c| named(&c["rest"]))
        },
    )
}

/// "Jane Doe, John Roe und Ann Poe | 12.3.2024" → the names; nothing if it holds none.
fn names_of(text: &str) -> Option<Vec<String>> {
    let text = squeeze(text);
    let text = BY.captures(&text).map_or(text.clone(), |c| c["rest"].to_owned());
    let text = END.replace(&text, "").into_owned();
    let names = distinct(parts(&text).into_iter().filter_map(|n| tidy(&n)).collect());
    (!names.is_empty() && names.len() <= 8).then_some(names)
}

/// Small words inside names.
const PARTICLES: [&str; 22] = [
    "de", "del", "della", "der", "den", "van", "von", "bin", "ibn", "al", "el", "la", "le", "da", "dos", "du", "di",
    "ter", "ten", "zu", "y", "vom",
];

/// Two to five words with capitals, no digits.
fn like_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    (2..=5).contains(&words.len())
        && !text.contains(|c: char| c.is_ascii_digit() || ":!?/@\"„“".contains(c))
        && words
            .iter()
            .all(|w| PARTICLES.contains(w) || w.starts_with(char::is_uppercase) || w.starts_with(['\'', '’', '‘']))
        && words.last().is_some_and(|w| w.starts_with(char::is_uppercase))
}

/// The parts of a list of names. A comma parts names where each part has two words.
fn parts(text: &str) -> Vec<String> {
    let mut found: Vec<String> = text.split(';').map(str::to_owned).collect();
    for mark in [" und ", " and ", " & ", " et ", " y ", " UND ", " AND "] {
        found = found
            .into_iter()
            .flat_map(|part| {
                let split: Vec<String> = part.split(mark).map(str::to_owned).collect();
                let full = split.iter().all(|p| p.split_whitespace().count() >= 2);
                if full { split } else { vec![part] }
            })
            .collect();
    }
    found
        .into_iter()
        .flat_map(|part| {
            let split: Vec<String> = part.split(',').map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()).collect();
            let full = split.iter().all(|p| (2..=4).contains(&p.split_whitespace().count()));
            // "Jane Doe, Port Kesh": what follows the only full name is a place or a role.
            if full { split } else { split.into_iter().take(1).collect() }
        })
        .collect()
}

/// What people are, where it follows their name.
static ROLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\s(?:chef|stellv|freie|leiter|redakteur|redaktion\b|reporter|korrespondent|volontär|autor|autorin|journalist|editor|staff|senior|contribut|correspondent|writer|columnist|director|attorney|software|professor\s|president|founder|geschäftsführ|pressesprecher|mitarbeiter|co-founder|ceo\b|special to|for the\b|of the\b|illustration|symbolbild|(?:titel)?bild\b|fotos?\b|photos?\b|aus\s|in\s\p{Lu}|im interview|über\s|mit\s\p{Lu})").expect("a valid pattern")
});

/// A name without what does not belong to it; nothing if it is none.
fn tidy(name: &str) -> Option<String> {
    let name = squeeze(name);
    let name = name.trim_matches(|c: char| c.is_whitespace() || ":,;|-–—•·*\"„“”/>".contains(c));
    let mut name = name.strip_suffix(" .").unwrap_or(name).trim();
    for end in [" am", " um", " on", " at", " vom", " in", " posted", " schreibt", " berichtet"] {
        name = name.strip_suffix(end).unwrap_or(name);
    }
    for start in [
        "View all posts by ",
        "Posts by ",
        "Posted by ",
        "Von ",
        "von ",
        "By ",
        "by ",
        "Artikel von ",
        "Beiträge von ",
        "Zeige alle Beiträge von ",
        "Beiträge von: ",
        "Rechtsanwalt ",
        "Author: ",
        "Autor: ",
        "Author ",
        "Author",
        "Autor ",
        "Artikel von: ",
        "Eingestellt von ",
        "Eingestellt durch ",
        "Ein Beitrag von ",
        "Pressemitteilung von ",
        "Publié par ",
        "Redaktion: ",
    ] {
        name = name.strip_prefix(start).unwrap_or(name);
    }
    let cut =
        ROLE.find(name).filter(|m| name[..m.start()].split_whitespace().count() >= 2).map_or(name.len(), |m| m.start());
    let mut words: Vec<&str> = name[..cut].split_whitespace().collect();
    if let Some(at) = words.iter().position(|w| w.contains('@')).filter(|at| *at > 0) {
        words.truncate(at);
    }
    // After two words with capitals the name ends with the capitals.
    let big = |w: &&str| w.starts_with(char::is_uppercase);
    if words.len() > 2 && words[..2].iter().all(big) {
        let end = words.iter().rposition(big).map_or(0, |p| p + 1);
        let first_small =
            words.iter().position(|w| !big(w) && !PARTICLES.contains(w) && !w.starts_with(['\'', '’', '(']));
        words.truncate(first_small.unwrap_or(end).max(2).min(end));
    }
    let name = words.join(" ");
    let name = name.trim_matches(|c: char| c.is_whitespace() || ":,;|-–—•·*\"„“”/>".contains(c)).to_owned();
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let odd = name.contains("://") || name.contains(['<', '{', '…', '@', '=']) || name.ends_with(['!', '?']);
    let figures = name.chars().filter(char::is_ascii_digit).count() > 4;
    (letters >= 3
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && words.len() <= 6
        && name.chars().count() <= 60
        && !odd
        && !figures
        && !NOBODY.is_match(&name))
    .then_some(name)
}
