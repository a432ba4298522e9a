//! A page as its readers see it: everything that is shown, in order, with what is known of each node. Title, byline and dates
//! are looked for here.

use std::sync::LazyLock;

use regex::Regex;

use super::dom::{Dom, Id, Kind, ROOT, Step};
use super::runs::{Run, Runs, Strictness, signature};

/// What is shown, and what the nodes are called.
#[derive(Debug)]
pub struct View<'d> {
    /// The tree.
    pub dom: &'d Dom,
    /// The node of all that is shown.
    pub body: Id,
    /// Everything that is shown.
    pub shown: Runs,
    /// Node → its names in small letters (empty for texts).
    pub names: Vec<String>,
    /// Node → whether it lies in other reports, comments, menus or the foot.
    pub aside: Vec<bool>,
    /// The first run after the title, or where the text begins if the title is not shown.
    pub at: Option<usize>,
    /// All shown text in small letters, white space squeezed.
    pub small: String,
}

/// Names of what holds other reports or what readers say.
static ASIDE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)(?:^|[\s_-])(?:
          comments?(?:\b|_|-?(?:list|area|section|body|author|meta|form))|commentlist|kommentar(?:e|liste|bereich)|disqus|respond\b
          |related|similar|recommend|recirc|outbrain|taboola|yarpp|crp_related|jp-relatedposts|most-?(?:read|popular|viewed)|meistgelesen|popular|trending
          |latest|recent-?(?:posts|articles|news|comments)?|side-?bar|widget|rail\b|footer|site-?footer|teasers?\b|teaser-?(?:list|box|item|group)
          |aehnlich|verwandt|weitere|mehr-zum|more-?(?:from|news|stories|articles|posts)|next-?(?:post|article)|prev(?:ious)?-?(?:post|article)|post-?navigation
          |nav|navigation|menu|newsletter|card-?(?:list|grid)|archive-?list|search|cookie|consent|copyright|impressum|calendar|event-?list)(?:\b|_|-|s\b|$)",
    )
    .expect("a valid pattern")
});

impl<'d> View<'d> {
    /// Looks at a page whose title is `title` and stands in `heading`.
    pub fn of(dom: &'d Dom, title: &str, heading: Option<Id>) -> View<'d> {
        let body = dom.named(ROOT, &["body"]).next().unwrap_or(ROOT);
        let shown = Runs::of(dom, body, Strictness::Shown);
        let total = shown.all.iter().map(|r| r.chars).sum::<usize>().max(1);
        let mut names = vec![String::new(); dom.nodes.len()];
        let mut aside = vec![false; dom.nodes.len()];
        // What holds the title holds the article, whatever its names say of the page's columns.
        let mut holds_title = vec![false; dom.nodes.len()];
        for id in heading.into_iter().flat_map(|id| dom.above(id)) {
            holds_title[id] = true;
        }
        let mut starts = vec![false; dom.nodes.len()];
        let mut articles = 0usize;
        let mut depth = 0usize;
        for step in dom.walk(body) {
            let (id, open) = match step {
                Step::Open(id) => (id, true),
                Step::Close(id) => (id, false),
            };
            if !matches!(dom.nodes[id].kind, Kind::Element { .. }) {
                continue;
            }
            if open {
                names[id] = signature(dom, id);
            }
            let tag = dom.name(id);
            let (from, to) = shown.under[id];
            let late = from * 10 > shown.all.len() * 6;
            // Inside an article its foot and its margin tell of it.
            let by_tag = tag == "nav" || (matches!(tag, "footer" | "aside") && (articles == 0 || late));
            let by_name = || {
                ASIDE
                    .find(&names[id])
                    .is_some_and(|m| !m.as_str().contains("footer") || late || articles == 0 && to > from + 12)
            };
            let own = !holds_title[id] && !matches!(tag, "body" | "main" | "html" | "h1") && (by_tag || by_name()) && {
                let size: usize = if to > from { shown.all[from..to].iter().map(|r| r.chars).sum() } else { 0 };
                size * 10 < total * 4
            };
            if matches!(tag, "article" | "main") {
                articles = if open { articles + 1 } else { articles.saturating_sub(1) };
            }
            if open {
                starts[id] = own;
                depth += usize::from(own);
                aside[id] = depth > 0;
            } else {
                depth -= usize::from(starts[id]);
            }
        }
        let mut small = String::new();
        for run in &shown.all {
            small.push(' ');
            small.extend(run.text.chars().flat_map(char::to_lowercase).map(|c| if c == '\n' { ' ' } else { c }));
        }
        let plain = super::title::letters(title);
        let like_title = |run: &Run| run.chars < 400 && !plain.is_empty() && super::title::letters(&run.text) == plain;
        let prose = |run: &Run| run.chars >= 200 && run.link_density() < 0.3;
        let at = heading.map(|id| shown.under[id].1);
        let at = at
            .or_else(|| shown.all.iter().position(like_title).map(|at| at + 1))
            .or_else(|| shown.all.iter().position(prose));
        View { dom, body, shown, names, aside, at, small }
    }

    /// Whether a run tells of something else; what stands right by the title never does.
    pub fn is_aside(&self, run: usize) -> bool {
        self.aside[self.shown.all[run].owner] && self.at.is_none_or(|at| run + 2 < at || run > at + 2)
    }

    /// Whether the page shows these words.
    pub fn shows(&self, words: &str) -> bool {
        let words = super::dom::squeeze(&words.to_lowercase());
        !words.is_empty() && self.small.contains(&words)
    }

    /// The words as the page shows them, capitals and all, near the beginning of a line or anywhere.
    pub fn as_shown(&self, words: &str) -> Option<String> {
        if self.shown.all.iter().any(|run| run.text.contains(words)) {
            return Some(words.to_owned());
        }
        let small = words.to_lowercase();
        self.shown.all.iter().find_map(|run| {
            let lower = run.text.to_lowercase();
            // Offsets agree only where small letters have the same bytes.
            let at = (lower.len() == run.text.len()).then(|| lower.find(&small)).flatten()?;
            run.text.get(at..at + small.len()).map(str::to_owned)
        })
    }
}
