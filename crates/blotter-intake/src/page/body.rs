//! The main text of a page: the node whose runs weigh most, without what in it is not for reading.
//!
//! Every run has a weight, positive for prose and negative for links and labels. Among the nodes whose names or markup say
//! that they are the main text the surest kind is taken that holds enough of what weighs; else the node with the greatest
//! sum, which is the smallest that holds the prose and little else. Then the lead is put before it where it stands outside,
//! and lines that lead to other reports, credits and labels at either end are left out.

use std::sync::LazyLock;

use regex::Regex;

use super::dom::{Dom, Id, ROOT};
use super::runs::{Run, Runs, Strictness, says_main, signature};

/// Texts with fewer characters than this are looked for again with less left out.
const ENOUGH: usize = 400;
/// A label that is no main text has no more characters.
const LABEL: usize = 110;

/// The main text, one paragraph a run. `heading` is where the title stands.
pub fn read(dom: &Dom, heading: Option<Id>) -> Vec<String> {
    let body = dom.named(ROOT, &["body"]).next().unwrap_or(ROOT);
    let mut best: Vec<String> = Vec::new();
    let mut size = 0;
    for strictness in [Strictness::Names, Strictness::Roles, Strictness::Shown] {
        let runs = Runs::of(dom, body, strictness);
        let found = main_of(dom, body, heading, &runs);
        let chars = found.iter().map(|p| p.chars().count()).sum::<usize>();
        // Less strict is worse by nature: it must give much more.
        if best.is_empty() || chars * 2 > size * 5 {
            (best, size) = (found, chars);
        }
        if size >= ENOUGH {
            break;
        }
    }
    if best.is_empty() {
        best = Runs::of(dom, body, Strictness::Shown).all.into_iter().map(|run| run.text).collect();
    }
    best
}

fn is_heading(dom: &Dom, run: &Run) -> bool {
    matches!(dom.name(run.owner), "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// What a run weighs.
fn weight(dom: &Dom, run: &Run) -> f64 {
    let chars = run.chars as f64;
    let density = run.link_density();
    if density > 0.6 {
        return -chars.min(60.0);
    }
    if is_heading(dom, run) {
        return 0.0;
    }
    if chars >= 80.0 {
        return chars * (1.0 - density);
    }
    if run.sentence() && chars >= 20.0 {
        return chars * (1.0 - density) * 0.8;
    }
    -6.0
}

/// How surely a node says that it is the main text: 3 for marked bodies, 2 for articles, 1 for `main`.
fn said(dom: &Dom, id: Id) -> u8 {
    let name = dom.name(id);
    if dom.attribute(id, "itemprop").is_some_and(|p| p.contains("articleBody")) {
        return 3;
    }
    match name {
        "article" => 2,
        "main" => 1,
        "div" | "section" | "td" if says_main(&signature(dom, id)) => 3,
        _ => 0,
    }
}

fn main_of(dom: &Dom, body: Id, heading: Option<Id>, runs: &Runs) -> Vec<String> {
    let weights: Vec<f64> = runs.all.iter().map(|run| weight(dom, run)).collect();
    let mut sums = Vec::with_capacity(weights.len() + 1);
    sums.push(0.0);
    for weight in &weights {
        sums.push(sums[sums.len() - 1] + weight);
    }
    let sum = |id: Id| {
        let (from, to) = runs.under[id];
        if to > from { sums[to] - sums[from] } else { 0.0 }
    };
    // The smallest node with the greatest sum: later ones in the walk lie deeper, so an equal one wins.
    let mut top = (body, f64::MIN);
    let mut marked: [Option<(Id, f64)>; 4] = [None; 4];
    for id in dom.under(body) {
        if dom.name(id).is_empty() || runs.under[id].1 <= runs.under[id].0 {
            continue;
        }
        let value = sum(id);
        if value >= top.1 {
            top = (id, value);
        }
        let sure = usize::from(said(dom, id));
        // The deepest of nearly equal ones.
        if sure > 0 && marked[sure].is_none_or(|(_, best)| value >= best * 0.95 && value > 0.0) {
            marked[sure] = Some((id, value.max(marked[sure].map_or(0.0, |(_, best)| best * 0.95))));
        }
    }
    let enough = [0.0, 0.6, 0.6, 0.7];
    let chosen = [3, 2, 1].into_iter().find_map(|sure| marked[sure].filter(|(id, _)| sum(*id) >= enough[sure] * top.1));
    let chosen = chosen.map_or(top.0, |(id, _)| id);
    let (from, to) = runs.under[chosen];
    let mut kept: Vec<&Run> = lead(dom, heading, runs, from).into_iter().collect();
    kept.extend(kept_of(dom, &runs.all[from..to]));
    kept.iter().map(|run| run.text.clone()).collect()
}

/// The lead where it stands between the title and the main text.
fn lead<'r>(dom: &Dom, heading: Option<Id>, runs: &'r Runs, from: usize) -> Option<&'r Run> {
    static NAMES: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:^|[\s_-])(?:lead(?:er|-text)?|short-?info|epigraph|lede|intro|introduction|excerpt|standfirst|dek|sub-?headline|sub-?title|sub-?head|summary|abstract|bajada|vorspann|chapo|entradilla|teaser-?text|description|anriss|kurztext|deck|stand-?first)(?:\b|_|-)").expect("a valid pattern")
    });
    let start = runs.under[heading?].1;
    if start > from || from - start > 15 {
        return None;
    }
    runs.all[start..from].iter().find(|run| {
        run.chars >= 60
            && run.link_density() < 0.3
            && (run.chars >= 80
                && run.text.ends_with(['.', '!', '?'])
                && matches!(dom.name(run.owner), "p" | "h2" | "h3" | "strong" | "h4")
                || std::iter::once(run.owner)
                    .chain(dom.above(run.owner).take(2))
                    .any(|id| NAMES.is_match(&signature(dom, id))))
    })
}

/// Lines that lead to other reports.
static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^\W*(?:
          lesen\ sie\ (?:auch|hier|dazu|mehr|weiter)|lesetipp|auch\ interessant|das\ könnte\ (?:sie|dich|euch|ihnen|dir)|könnte\ (?:sie|dich)\ auch|mehr\ (?:zum\ thema|zu\ diesem|dazu|aus|von|artikel|news|infos?\b|über|lesen)
          |weitere\ (?:artikel|beiträge|informationen|infos|themen|nachrichten|meldungen|news|links)|weiterführende|weiterlesen|zum\ weiterlesen|ähnliche|verwandte|passend\ (?:dazu|zum)|zum\ thema\b|siehe\ auch|neueste|aktuellste|empfohlene|entdecke\ (?:weitere|mehr)|alle\ artikel|diese\ (?:artikel|beiträge)|noch\ mehr|aktuelle\ (?:artikel|beiträge|meldungen|news)|meistgelesen|beliebt|vorheriger|nächster|dieser\ (?:artikel|beitrag|text)\ (?:erschien|ist\ (?:zuerst|teil))
          |related|recommended|you\ (?:may|might)\ (?:also|like)|more\ (?:from|on|stories|about|news|in)|read\ (?:more|also|next|the\ full)|see\ also|also\ (?:read|see)|explore\ further|further\ reading|latest|popular|trending|most\ (?:read|popular)|up\ next|next\ (?:article|story)|previous|don['’]t\ miss|recent\ posts|continue\ reading|suggested|watch:|listen:|click\ here
          |contexto|à\ lire|lire\ aussi|sur\ le\ même|voir\ aussi|le\ puede\ interesar|lea\ también|leer\ también|te\ puede\ interesar|contenido\ relacionado|ver\ también|más\ información|mira\ también|relacionad|leggi\ anche|potrebbe\ interessarti|zobacz|czytaj|polecamy|lees\ ook|læs\ også|читайте
        )",
    )
    .expect("a valid pattern")
});

/// Credits, labels and calls that stand inside main texts.
static CALLS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^\W*(?:
          (?:foto|fotos|photo|photos|photograph|bild|bilder|bildquelle|bildnachweis|symbolbild|abbildung|abb\.|quellen?|quellenangaben?|quellenverzeichnis|source|sources|fuente|źródło|crédits?|credits?|image|images|titelbild|beitragsbild|video|picture|grafik|illustration|copyright|textquelle)(?:\s?\(?[^:]{0,25}\)?)?\s*[:©]
          |©|\(c\)|\(?(?:foto|photo|bild|symbolfoto|symbolbild|archivbild|archivfoto)\b.{0,40}\)?$|alle\ angaben\ ohne\ gewähr|anzeige\b|werbung\b|advertisement|sponsored|affiliate|story\ continues|article\ continues
          |share\b|teilen|seite\ teilen|artikel\ teilen|beitrag\ teilen|tweet|pin\ it|drucken|print|e-?mail\b|kommentare?\b|comments?\b|schreibe?\ (?:einen|uns)|leave\ a\ (?:reply|comment)|kommentar\ (?:schreiben|verfassen)|diskutieren|jetzt\ (?:kommentieren|abonnieren|lesen|bestellen|kaufen|anmelden)
          |bitte\ registrieren|diesen\ (?:artikel|beitrag)|s[ií]guenos|únete|submit\ your|never\ miss|gefällt\ (?:dir|ihnen|euch)|warning:|this\ (?:post|article)\ (?:contains|may)|for\ the\ latest|contact\ us|externer\ inhalt|um\ (?:kommentare|den|diesen|einen).{0,60}kommentieren|subscribe|sign\ up|newsletter|follow\ (?:us|me|the)|folge\ (?:uns|mir)|folgen\ sie|join\ (?:us|our)|download\ (?:our|the\ app)|abonnieren|get\ the|support\ (?:us|our)|unterstütze|spenden
          |tags?\s*:|tagged|schlagwor|schlagwört|stichwor|kategorien?\s*:|kategorie\b|categor(?:y|ies)\s*:|filed\ under|themen\s*:|topics?\s*:|keywords?\s*:|ressort\s*:|rubrik
          |(?:press)?kontakt\s*:?$|ansprechpartner|pressekontakt|(?:press|media)\ contact|telefon\s*:|tel\.?\s*:|phone\s*:|fax\s*:|e-?mail\s*:|web\s*:|internet\s*:|über\ den\ autor|über\ die\ autor|about\ the\ author|zur\ person|autor(?:in)?\s*:|author\s*:|text\s*:|von\s*:
          |permalink|permalien|release\ date|last\ updated|letzte\ änderung|zuletzt\ (?:geändert|aktualisiert)|stand\s*:|aktualisiert|veröffentlicht|erstellt\ am|erschienen|published|posted|updated|datum\s*:|date\s*:|lesezeit|lesedauer|reading\ time|\d+\s*(?:min|minuten|minutes)\b.{0,12}$
          |zurück|back\ to|nach\ oben|zur\ (?:startseite|übersicht)|home$|all\ rights|alle\ rechte|materiał\ chroniony|view\ (?:all|more)|show\ more|mehr\ anzeigen|alle\ anzeigen|login|anmelden|registrieren|inhalt(?:sverzeichnis|e)?\s*:?$|table\ of\ contents|auf\ einen\ blick$|vorschau
        )",
    )
    .expect("a valid pattern")
});

/// The runs of the main text that belong to it.
fn kept_of<'r>(dom: &Dom, runs: &'r [Run]) -> Vec<&'r Run> {
    let prose = |run: &Run| run.chars >= 120 && run.link_density() < 0.4;
    let first = runs.iter().position(prose);
    let last = runs.iter().rposition(prose);
    let mut kept: Vec<&Run> = Vec::new();
    let mut leading_away = false;
    for (i, run) in runs.iter().enumerate() {
        let density = run.link_density();
        let heading = is_heading(dom, run);
        if dom.name(run.owner) == "h1" || density > 0.85 && (heading || run.chars < 200) {
            continue;
        }
        let short = run.chars <= LABEL;
        if short
            && OTHERS.is_match(&run.text)
            && (heading || density > 0.3 || run.chars <= 60 || run.text.ends_with(':'))
        {
            leading_away = true;
            continue;
        }
        // What follows such a line is a list of other reports, until prose comes again.
        if leading_away {
            if prose(run) && last.is_some_and(|last| i <= last) && run.chars >= 160 {
                leading_away = false;
            } else if density > 0.3 || !run.sentence() || last.is_none_or(|last| i > last) {
                continue;
            } else {
                leading_away = false;
            }
        }
        if short && CALLS.is_match(&run.text) {
            continue;
        }
        // Labels before the first and after the last prose.
        let list = matches!(dom.name(run.owner), "li" | "td" | "th" | "dd" | "dt" | "pre" | "blockquote" | "tr");
        let ends = matches!((first, last), (Some(first), Some(last)) if i < first || i > last);
        if ends && !heading && !list && run.chars < 50 && !run.sentence() {
            continue;
        }
        kept.push(run);
    }
    // A heading with nothing below it leads to something that was left out.
    while kept.last().is_some_and(|run| is_heading(dom, run)) {
        kept.pop();
    }
    kept
}
