//! When a page was published and updated, and how that is known.
//!
//! The ladder: JSON-LD of the article, metadata of articles, the date that stands by the title, a line that says when the page
//! was published, the address; last what markup says of the page rather than the article, if the page shows it too. Where
//! markup and the shown date are a day apart the shown one is right: markup is often in UTC, the shown date is the place's.

use std::sync::LazyLock;

use blotter_core::text::{DateSource, ReportDate};
use jiff::civil::Date;
use regex::Regex;

use super::markup::Markup;
use super::view::View;
use super::written::{self, all, any};

/// What the page's markup, lines and address say.
#[derive(Debug, Default)]
pub struct PageDates {
    /// When it was published.
    pub published: Option<ReportDate>,
    /// When it was last updated.
    pub updated: Option<ReportDate>,
}

/// Metadata that articles alone have, the surest first.
const PUBLISHED: [&str; 23] = [
    "article:published_time",
    "article:published",
    "og:published_time",
    "og:article:published_time",
    "datepublished",
    "article.published",
    "published_time",
    "publish-date",
    "publish_date",
    "publishdate",
    "pubdate",
    "publication_date",
    "publicationdate",
    "sailthru.date",
    "parsely-pub-date",
    "dcterms.issued",
    "dc.date.issued",
    "citation_publication_date",
    "citation_date",
    "cxenseparse:recs:publishtime",
    "article_date_original",
    "rnews:datepublished",
    "shareaholic:article_published_time",
];
/// Metadata that any page may have.
const OF_PAGE: [&str; 8] = [
    "date",
    "dc.date",
    "dcterms.date",
    "dc.date.created",
    "dcterms.created",
    "created",
    "published",
    "originalpublicationdate",
];
const UPDATED: [&str; 8] = [
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "modified",
    "dcterms.modified",
    "last-modified",
    "revised",
    "article:modified",
];
/// So many runs before and after the title may hold the date.
const NEAR: (usize, usize) = (8, 14);
/// A shown date with less weight than this wins against the markup (4 to 10 did equally well on pages of many sites).
const BY_TITLE: usize = 6;
/// So many days after the day in its address a page does not say it was published.
const MOVED: i32 = 180;
/// A line with a date that tells of the page has no more characters.
const LONGEST: usize = 160;

static UPDATE_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:updated?|aktualisiert|aktualisierung|geändert|bearbeitet|überarbeitet|modified|revised|edited|mise? à jour|actualizad[oa]|aggiornat[oa]|zuletzt|last (?:changed|edit)|letzte änderung)\b").expect("a valid pattern")
});
static PUBLISH_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:publi(?:shed|cation|é|cado|cato|kacja)\w*|posted|publiziert|written|wurde am|mise en ligne|veröffentlicht|erstellt|erschienen|eingestellt|geschrieben|datum|date|stand|artikel vom|beitrag vom|meldung vom|(?:presse)?mitteilung vom|vom|opublikowano|data)\b").expect("a valid pattern")
});
/// What else dates tell of.
static OTHER_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:copyright|©|\(c\)|joined|registriert|mitglied seit|member since|expires|gültig|termin|geboren|born|deadline|bis zum|seit dem|veranstaltung|zugriff|abgerufen|accessed|retrieved|heute ist|today is)").expect("a valid pattern")
});
/// Names of elements that hold a date of the page.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[\s_-])(?:date(?:line|time)?|datum|time|time-?stamp|pub-?date|publish(?:ed)?|published-?(?:on|at|date)?|posted-?(?:on|at)?|post-?date|entry-?date|article-?date|meta(?:data|info)?|by-?line|fecha|created|erstellt|stand|article-?info|article-?meta|post-?meta|entry-?meta|details?|info|submitted|author)(?:\b|_|-|$)").expect("a valid pattern")
});

/// Reads the dates of a page.
pub fn read(view: &View<'_>, markup: &Markup, url: Option<&str>) -> PageDates {
    let language = markup.language.as_deref().unwrap_or_default().to_lowercase();
    let month_first = match language.as_str() {
        "en-us" | "en_us" => Some(true),
        l if l.is_empty() || l == "en" => None,
        _ => Some(false),
    };
    let shown = shown(view, month_first);
    let meta = |names: &[&str]| names.iter().find_map(|name| markup.metas(name).find_map(any));
    let linked = markup.linked.published.as_deref().and_then(any);
    let address = url.and_then(in_address);
    let day = |date: &str| date.get(..10).map(str::to_owned);
    let confirmed = |date: &String| {
        address.as_deref().is_some_and(|a| Some(a) == date.get(..10))
            || shown.every.iter().any(|s| apart(s, date).is_some_and(|days| days <= 1))
    };
    let of_meta = meta(&PUBLISHED);
    // Some sites write the day of the last change as that of publication too; metadata may know better.
    let changed = markup.linked.updated.as_deref().and_then(any);
    let same_day = |a: &str, b: &Option<String>| b.as_ref().and_then(|b| apart(a, b)) == Some(0);
    let rewritten = |date: &String| {
        same_day(date, &changed) && of_meta.as_deref().is_some_and(|meta| meta.get(..10) < date.get(..10))
    };
    let of_article = linked.clone().filter(|date| markup.linked.article && !rewritten(date));
    let of_markup = of_article.or(of_meta).or_else(|| shown.machine.clone());
    let as_markup = |value: String| ReportDate { value, source: DateSource::Meta };
    let as_line = |value: String| ReportDate { value, source: DateSource::Byline };
    let published = match (&of_markup, &shown.published) {
        // What stands by the title as its date, or is a day from what the markup says.
        (Some(markup), Some(seen))
            if apart(markup, seen)
                .is_some_and(|days| days == 1 && !is_local(markup) || days > 1 && shown.weight < BY_TITLE) =>
        {
            Some(as_line(seen.clone()))
        }
        (Some(markup), _) => Some(as_markup(markup.clone())),
        (None, Some(seen)) => Some(as_line(seen.clone())),
        (None, None) => None,
    };
    // A page that moved house tells of the move; its address keeps the day.
    let moved = |date: &ReportDate| {
        let earlier = |a: &&String| a.as_str() < date.value.as_str();
        let long = |a: &&String| apart(a, &date.value).is_some_and(|days| days > MOVED);
        address.as_ref().filter(earlier).filter(long).is_some()
    };
    let published = published
        .filter(|date| !moved(date))
        .or_else(|| address.clone().map(|value| ReportDate { value, source: DateSource::Url }))
        .or_else(|| linked.filter(confirmed).or_else(|| meta(&OF_PAGE)).map(as_markup))
        .or_else(|| markup.scripted.as_deref().and_then(any).map(as_markup))
        // A page that tells only of its last change: as it stands it was published then.
        .or_else(|| shown.updated.clone().map(|value| ReportDate { value, source: DateSource::UpdateLine }));
    let updated = markup.linked.updated.as_deref().and_then(any).or_else(|| meta(&UPDATED)).map(as_markup);
    let updated =
        updated.or_else(|| shown.updated.clone().map(|value| ReportDate { value, source: DateSource::UpdateLine }));
    let updated = updated.filter(|u| published.as_ref().is_none_or(|p| day(&u.value) >= day(&p.value)));
    PageDates { published, updated }
}

/// Whether a date lies more than a day after another.
pub fn is_after(date: &str, bound: &str) -> bool {
    let day = |text: &str| text.get(..10).and_then(|d| d.parse::<Date>().ok());
    matches!((day(date), day(bound)), (Some(date), Some(bound)) if bound.tomorrow().is_ok_and(|next| date > next))
}

/// Whether a date-time is told in the time of its place, with an offset other than UTC's.
fn is_local(date: &str) -> bool {
    let zone = date.get(11..).and_then(|time| time.find(['+', '-']).map(|at| &time[at + 1..]));
    zone.is_some_and(|zone| zone.bytes().any(|b| matches!(b, b'1'..=b'9')))
}

/// Days between two dates.
fn apart(a: &str, b: &str) -> Option<i32> {
    let date = |text: &str| text.get(..10).and_then(|d| d.parse::<Date>().ok());
    date(a)?.until(date(b)?).ok().map(|span| span.get_days().abs())
}

/// What the page shows.
#[derive(Debug, Default)]
struct ShownDates {
    /// A `<time>` or an itemprop of the article itself.
    machine: Option<String>,
    published: Option<String>,
    /// How far that is from being plainly the date of the page; 0 is best.
    weight: usize,
    updated: Option<String>,
    /// Every full date outside other reports.
    every: Vec<String>,
}

fn shown(view: &View<'_>, month_first: Option<bool>) -> ShownDates {
    let mut found = ShownDates::default();
    let dom = view.dom;
    let at = view.at;
    // Marked by elements.
    let mut machine: Option<(usize, String)> = None;
    for id in dom.under(view.body) {
        let tag = dom.name(id);
        let start = view.shown.under[id].0;
        let by_title = at.is_some_and(|at| start.abs_diff(at) <= 2 || tag == "time" && (at..at + 8).contains(&start));
        if tag.is_empty() || view.aside[id] && !by_title {
            continue;
        }
        let prop = dom.attribute(id, "itemprop").or(dom.attribute(id, "property")).unwrap_or_default();
        let is_published = prop
            .split_whitespace()
            .any(|p| matches!(p.rsplit(':').next().unwrap_or(p), "datePublished" | "dateCreated"))
            || (tag == "abbr" && view.names[id].split(' ').any(|n| n == "published"));
        if prop.contains("dateModified") && !is_published {
            let value = dom
                .attribute(id, "datetime")
                .or(dom.attribute(id, "content"))
                .map(str::to_owned)
                .unwrap_or_else(|| dom.text(id));
            found.updated = found.updated.take().or_else(|| any(&value));
            continue;
        }
        if tag != "time" && !is_published {
            continue;
        }
        let text = dom.text(id);
        if UPDATE_WORDS.is_match(&view.names[id]) || view.names[id].contains("updated") {
            continue;
        }
        let value =
            dom.attribute(id, "datetime").or(dom.attribute(id, "content")).or(dom.attribute(id, "title")).and_then(any);
        let Some(value) = value.or_else(|| all(&text, month_first).into_iter().next().map(|s| s.value)) else {
            continue;
        };
        let place = view.shown.under[id].0;
        let far = match at {
            Some(at) if place >= at => place - at,
            Some(at) => (at - place) * 2,
            None => place,
        };
        let weight =
            far + if is_published { 0 } else { 20 } + if dom.attribute(id, "pubdate").is_some() { 0 } else { 2 };
        if far <= 60 && machine.as_ref().is_none_or(|(w, _)| weight < *w) || is_published && machine.is_none() {
            machine = Some((weight, value));
        }
    }
    found.machine = machine.map(|(_, value)| value);

    let mut best: Option<(usize, String)> = None;
    for (i, run) in view.shown.all.iter().enumerate() {
        if view.is_aside(i) || run.chars > 2000 {
            continue;
        }
        let named = NAMED.is_match(&view.names[run.owner])
            || dom.above(run.owner).take(2).any(|a| NAMED.is_match(&view.names[a]));
        for line in run.text.lines() {
            let dates = all(line, month_first);
            if dates.is_empty() {
                continue;
            }
            found.every.extend(dates.iter().map(|d| d.value.clone()));
            let chars = line.chars().count();
            if chars <= LONGEST && OTHER_WORDS.is_match(line) {
                continue;
            }
            for date in &dates {
                let before: String =
                    line[..date.start].chars().rev().take(40).collect::<Vec<_>>().into_iter().rev().collect();
                if UPDATE_WORDS.is_match(&before) && !PUBLISH_WORDS.is_match(&before) {
                    found.updated = found.updated.take().or(Some(date.value.clone()));
                    continue;
                }
                // The word may stand alone in the run before.
                let label = i.checked_sub(1).map(|i| &view.shown.all[i]).filter(|r| date.start < 3 && r.chars <= 30);
                let said = PUBLISH_WORDS.is_match(&before) || label.is_some_and(|r| PUBLISH_WORDS.is_match(&r.text));
                // A paragraph may begin with its date, as datelines do.
                let begins = date.start < if said { 40 } else { 6 };
                if chars > LONGEST && !begins {
                    continue;
                }
                let near = at.is_some_and(|at| i + NEAR.0 >= at && i <= at + NEAR.1);
                let far = at.map_or(i, |at| i.abs_diff(at));
                // Alone in its line or nearly so, in an element named after dates, or introduced by a word.
                let alone = chars <= 45;
                let weight = match (near, said, named, alone) {
                    (true, true, _, _) | (true, _, true, true) => far,
                    (true, _, true, _) => 6 + far,
                    (true, _, _, true) => 10 + far,
                    (true, ..) if begins => 15 + far,
                    (true, ..) if far <= 4 => 20 + far,
                    (false, true, true, _) => 40 + far.min(100),
                    (false, _, true, true) if i < 40 && dates.len() == 1 => 50 + far.min(100),
                    (false, true, _, _) if chars <= LONGEST => 60 + far.min(100),
                    (false, _, true, true) if at.is_none() => 80 + far.min(100),
                    _ => continue,
                };
                if best.as_ref().is_none_or(|(w, _)| weight < *w) {
                    best = Some((weight, date.value.clone()));
                }
            }
        }
    }
    found.weight = best.as_ref().map_or(usize::MAX, |(w, _)| *w);
    found.published = best.map(|(_, value)| value);
    found
}

/// "/2024/03/12/", "/2024-03-12-", "/20240312/", "/2024/mar/12/", "/29-10-2024" in an address; a day and a month that may be
/// either are no date.
fn in_address(url: &str) -> Option<String> {
    static SHAPES: LazyLock<[Regex; 2]> = LazyLock::new(|| {
        [
            r"[/_-](?P<year>(?:19|20)\d{2})(?:[/_-](?P<month>\d{1,2}|[a-z]{3})[/_-](?P<day>\d{1,2})|(?P<mm>\d{2})(?P<dd>\d{2}))(?:[/_.?-]|$)",
            r"[/_-](?P<day>1[3-9]|2\d|3[01])-(?P<month>\d{1,2})-(?P<year>(?:19|20)\d{2})(?:[/_.?-]|$)",
        ]
        .map(|shape| Regex::new(shape).expect("a valid pattern"))
    });
    SHAPES.iter().find_map(|shape| {
        let c = shape.captures(url)?;
        let part = |a: &str, b: &str| c.name(a).or(c.name(b)).map(|m| m.as_str());
        let (year, month, day) = (part("year", "year")?, part("month", "mm")?, part("day", "dd")?);
        let date = match month.parse::<u8>() {
            Ok(_) => format!("{year}-{month:0>2}-{day:0>2}"),
            Err(_) => format!("{day} {month} {year}"),
        };
        any(&date).filter(|d| written::sound(d))
    })
}

#[cfg(test)]
mod tests {
    use super::super::dom::Dom;
    use super::*;

    fn published(html: &str, url: Option<&str>) -> Option<(String, DateSource)> {
        let dom = Dom::parse(html);
        let title = dom.named(0, &["h1"]).next();
        let (view, markup) = (View::of(&dom, "", title), Markup::of(&dom));
        read(&view, &markup, url).published.map(|d| (d.value, d.source))
    }

    #[test]
    fn the_ladder() {
        let json = r#"<script type="application/ld+json">[{"@type":"WebSite","datePublished":"2001-01-01"},
            {"@type":["NewsArticle"],"datePublished":"2024-03-12T08:00:00Z"}]</script>"#;
        let meta = r#"<meta property="article:published_time" content="2024-03-11">"#;
        let time = r#"<article><h1>Quay fire</h1><time datetime="2024-03-07">7 March</time></article>"#;
        let line = r#"<h1>Quay fire</h1><p>Published 6 March 2024</p>"#;
        let url = Some("https://gazette.example/news/2024/3/9/fire");
        let both = |s: &str, source| Some((s.to_owned(), source));
        assert_eq!(published(&format!("{json}{meta}{time}"), url), both("2024-03-12T08:00:00Z", DateSource::Meta));
        assert_eq!(published(&format!("{meta}{time}"), url), both("2024-03-11", DateSource::Meta));
        assert_eq!(published(time, url), both("2024-03-07", DateSource::Meta));
        assert_eq!(published(line, url), both("2024-03-06", DateSource::Byline));
        assert_eq!(published("", url), both("2024-03-09", DateSource::Url));
        assert_eq!(published("<meta name=date content='1970-01-01'>", None), None);
    }

    #[test]
    fn the_day_of_the_place() {
        let meta = r#"<meta property="article:published_time" content="2024-03-11T23:10:00Z">"#;
        let line = "<h1>Quay fire</h1><p>Published 12 March 2024</p>";
        assert_eq!(published(&format!("{meta}{line}"), None).map(|d| d.0).as_deref(), Some("2024-03-12"));
        let local = r#"<meta property="article:published_time" content="2024-03-11T23:10:00-03:00">"#;
        let told = published(&format!("{local}{line}"), None).map(|d| d.0);
        assert_eq!(told.as_deref(), Some("2024-03-11T23:10:00-03:00"));
    }

    #[test]
    fn a_change_told_as_the_publication() {
        let json = r#"<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2024-03-12",
            "dateModified":"2024-03-12"}</script>"#;
        let meta = r#"<meta property="article:published_time" content="2021-03-11">"#;
        assert_eq!(published(&format!("{json}{meta}"), None).map(|d| d.0).as_deref(), Some("2021-03-11"));
    }

    #[test]
    fn what_is_left_where_no_line_says_it() {
        let both = |s: &str, source| Some((s.to_owned(), source));
        let changed = "<h1>Quay fire</h1><p>It burned.</p><p class=info>Last updated: 12 March 2024</p>";
        assert_eq!(published(changed, None), both("2024-03-12", DateSource::UpdateLine));
        let script = r#"<script>var page = {"publishedDate":"2024-03-11T20:37:27Z","updated":"2024-04-01"}</script>"#;
        assert_eq!(published(&format!("{changed}{script}"), None), both("2024-03-11", DateSource::Meta));
        let escaped = r#"<script>load("{\"published_at\":\"2024-03-11\",\"n\":1}")</script>"#;
        assert_eq!(published(escaped, None), both("2024-03-11", DateSource::Meta));
        let teasers = r#"<script>[{"published_at":"2024-03-11"},{"published_at":"2024-03-10"}]</script>"#;
        assert_eq!(published(teasers, None), None);
    }

    #[test]
    fn pages_that_moved_keep_the_day_of_their_address() {
        let meta = r#"<meta property="article:published_time" content="2024-03-11">"#;
        let day = |url| published(meta, Some(url)).map(|d| d.0);
        assert_eq!(day("https://a.example/2017/7/12/fire").as_deref(), Some("2017-07-12"));
        assert_eq!(day("https://a.example/2024/2/12/fire").as_deref(), Some("2024-03-11"));
        assert_eq!(day("https://a.example/2025/2/12/fire").as_deref(), Some("2024-03-11"));
    }

    #[test]
    fn addresses() {
        assert_eq!(in_address("https://a.example/20240312/x").as_deref(), Some("2024-03-12"));
        assert_eq!(in_address("https://a.example/2024-03-12-fire.html").as_deref(), Some("2024-03-12"));
        assert_eq!(in_address("https://a.example/2024/mar/12/fire").as_deref(), Some("2024-03-12"));
        assert_eq!(in_address("https://a.example/news/29-10-2024").as_deref(), Some("2024-10-29"));
        assert_eq!(in_address("https://a.example/news/03-04-2024"), None);
        assert_eq!(in_address("https://a.example/article-20241399"), None);
        assert_eq!(in_address("https://a.example/12345678901"), None);
    }
}
