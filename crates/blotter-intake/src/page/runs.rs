//! The runs of a page: stretches of text that stand in one block, in order, without what is plainly not for reading.

use std::sync::LazyLock;

use regex::Regex;

use super::dom::{Dom, Id, Kind, Step, inline, squeeze};

/// A stretch of text in one block.
#[derive(Debug)]
pub struct Run {
    /// Its text, white space squeezed, `<br>` as a line end.
    pub text: String,
    /// Characters of it.
    pub chars: usize,
    /// Characters of it that lie in links.
    pub linked: usize,
    /// The block that holds it.
    pub owner: Id,
}

impl Run {
    /// The share of its characters that lie in links, 0 to 1.
    pub fn link_density(&self) -> f64 {
        if self.chars == 0 { 0.0 } else { self.linked.min(self.chars) as f64 / self.chars as f64 }
    }

    /// Whether it ends or reads like a sentence.
    pub fn sentence(&self) -> bool {
        self.text.contains(". ")
            || self.text.ends_with(['.', '!', '?', '”', '“', '"', '»', '«', ':', '…', ')', ';', '。'])
    }
}

/// How much is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strictness {
    /// Only what is not shown.
    Shown,
    /// And what elements and roles say is no main text.
    Roles,
    /// And what class names say is no main text.
    Names,
}

/// The runs of a page, and which of them lie under each node.
#[derive(Debug)]
pub struct Runs {
    /// In order.
    pub all: Vec<Run>,
    /// Node → first run, one past the last.
    pub under: Vec<(usize, usize)>,
}

/// What is never shown as text.
const SILENT: [&str; 24] = [
    "script", "style", "noscript", "template", "head", "svg", "select", "iframe", "object", "embed", "canvas", "audio",
    "video", "map", "math", "progress", "meter", "datalist", "input", "textarea", "button", "source", "track",
    "frameset",
];
/// Elements that hold no main text. (`header` is not among them: leads stand in it.)
const OUTSIDE: [&str; 6] = ["nav", "footer", "aside", "menu", "dialog", "figure"];

/// Roles that hold no main text.
const ROLES: [&str; 12] = [
    "navigation",
    "complementary",
    "banner",
    "contentinfo",
    "search",
    "dialog",
    "alertdialog",
    "menu",
    "menubar",
    "toolbar",
    "tablist",
    "alert",
];

/// Beginnings of words in class names and ids that tell of anything but main text.
static OTHER: LazyLock<Regex> = LazyLock::new(|| {
    let words = [
        // what readers say
        r"comments?\b(?:-|_|$)",
        r"comment(?:s|list|area|form|section|container|thread|respond)",
        r"kommentar",
        r"disqus",
        r"respond\b",
        r"reply\b",
        r"leserbrief",
        // passing it on
        r"shar(?:e|es|ing|ed)(?:\b|_|bar|box|tools|buttons|daddy|ing)",
        r"shariff",
        r"social",
        r"soziale",
        r"addtoany",
        r"addthis",
        r"a2a\b",
        r"follow\b",
        r"teilen",
        r"sharedaddy",
        r"sd-(?:sharing|social|like)",
        r"bookmark",
        r"twitter-share",
        r"fb-like",
        r"whatsapp",
        r"ssba",
        r"twitter-tweet",
        r"instagram-media",
        r"fb-(?:page|post)",
        // other reports
        r"related",
        r"relates",
        r"similar",
        r"recommend",
        r"recirc",
        r"more-?(?:from|on|news|stories|articles|posts|links|info)\b",
        r"read-?(?:more|next|also|on)\b",
        r"also-?read",
        r"further",
        r"see-?also",
        r"weiter(?:e|er|es|lesen|fuehrend|führend)",
        r"mehr-zum",
        r"aehnlich",
        r"ähnlich",
        r"verwandt",
        r"(?:most|meist)-?(?:read|popular|viewed|gelesen)",
        r"popular",
        r"trending",
        r"latest",
        r"recent-?(?:posts|articles|comments)?",
        r"outbrain",
        r"taboola",
        r"plista",
        r"yarpp",
        r"jp-relatedposts",
        r"crp-",
        r"next-?(?:post|article|prev)",
        r"prev(?:ious)?-?(?:post|article|next)",
        r"post-?nav",
        r"up-?next",
        r"teaser(?:list|s|box|-list|-box)",
        r"linklist",
        r"link-?(?:list|box)",
        r"itemlist",
        r"upprev",
        r"nextpage",
        r"lesen-sie",
        r"top-?stories",
        // advertisements and offers
        r"ads?\b",
        r"ad-?(?:slot|container|wrapper|box|banner|unit|label|space|block|area|placeholder)",
        r"advert",
        r"adsense",
        r"adsby",
        r"anzeige",
        r"werbung",
        r"sponsor",
        r"promo",
        r"banner",
        r"newsletter",
        r"subscri",
        r"abo-?(?:box|teaser|hinweis)",
        r"abonn",
        r"sign-?up",
        r"signin",
        r"login",
        r"log-in",
        r"register",
        r"paywall",
        r"piano-",
        r"donat",
        r"spenden",
        r"affiliate",
        r"shop(?:ping)?-?(?:box|widget|teaser)",
        r"cta\b",
        r"call-to-action",
        r"offer",
        r"commercial",
        r"mailchimp",
        r"marketing",
        // the site
        r"cookie",
        r"consent",
        r"gdpr",
        r"dsgvo",
        r"privacy",
        r"modal",
        r"popup",
        r"pop-up",
        r"overlay",
        r"lightbox",
        r"tooltip",
        r"dropdown",
        r"bread-?crumb",
        r"crumb",
        r"pagination",
        r"paging",
        r"pager",
        r"page-?(?:nav|links|numbers)",
        r"nav",
        r"navi",
        r"navbar",
        r"menu",
        r"sub-?menu",
        r"side-?(?:bar|col|column|box|nav)",
        r"sidebar",
        r"rail\b",
        r"right-?(?:col|column|rail|bar|side)",
        r"left-?(?:col|nav|rail|bar)",
        r"margin(?:al|alie|alspalte)",
        r"widget",
        r"foot(?:er|note-links)?\b",
        r"footer",
        r"site-?(?:header|info|title|branding|footer)",
        r"page-?(?:header|footer)",
        r"mast-?head",
        r"top-?(?:bar|nav|links)",
        r"head-?(?:bar|nav|er-top)",
        r"global-?(?:nav|header)",
        r"skip",
        r"search",
        r"suche",
        r"tool-?(?:bar|s|box)\b",
        r"print",
        r"drucken",
        r"rating",
        r"ratings",
        r"vote",
        r"like-?(?:button|box)",
        r"sprungmarke",
        r"lang(?:uage)?-?(?:switch|select|nav|chooser)",
        r"sitemap",
        r"back-?to-?top",
        r"impressum",
        r"copyright",
        r"disclaimer",
        r"legal",
        r"imprint",
        r"service-?(?:box|links|nav|bar)",
        r"quick-?links",
        r"error",
        r"warning-?(?:box|message)",
        r"noprint",
        r"no-print",
        r"hidden-?(?:print)?",
        r"visually-?hidden",
        r"sr-only",
        r"screen-?reader",
        r"assistive",
        r"invisible",
        r"akismet",
        r"feedback",
        r"survey",
        r"poll\b",
        r"quiz",
        // about the report
        r"by-?line",
        r"author",
        r"autor(?:en)?\b",
        r"autor(?:en)?-?(?:box|info|name|zeile|kasten)",
        r"vcard",
        r"bio\b",
        r"biography",
        r"contributor",
        r"profile",
        r"(?:post|entry|article|story|content|blog|item)-?(?:meta|footer|info|utility|tools|tags|author|date|byline|categor(?:y|ies)|bottom|foot|actions|header-meta|details-meta)",
        r"meta(?:data|info|-info|-data|-line|-bar)?\b",
        r"date(?:line|time)?\b",
        r"datum",
        r"time-?stamp",
        r"posted-?(?:on|by|in)",
        r"publish(?:ed|-date|-info)",
        r"pub-?date",
        r"updated",
        r"tags?\b",
        r"tag-?(?:s|list|cloud|links)",
        r"tagcloud",
        r"schlagw",
        r"keywords?",
        r"topics?\b",
        r"categor(?:y|ies)(?:\b|list|-list|-links)",
        r"cat-links",
        r"rubrik",
        r"kicker",
        r"dachzeile",
        r"spitzmarke",
        r"read(?:ing)?-?time",
        r"lesezeit",
        r"views?-?count",
        r"permalink",
        r"edit-?(?:link|section)",
        r"editsection",
        // pictures and sound
        r"caption",
        r"wp-caption",
        r"bildunterschrift",
        r"bu-?(?:text)",
        r"photo-?(?:credit|caption)",
        r"image-?(?:credit|caption|source|copyright|legend)",
        r"credits?\b",
        r"image-?description",
        r"bild-?beschreibung",
        r"legende?\b",
        r"img-?(?:text|caption)",
        r"gallery",
        r"galerie",
        r"slide(?:r|show|s)?\b",
        r"slick",
        r"carousel",
        r"swiper",
        r"video-?(?:player|js|wrapper|caption|container|info)",
        r"player",
        r"podcast-?(?:player|box)",
        r"audio",
        r"thumb(?:nail)?s?\b",
        r"lightbox",
        r"media-?(?:caption|credit|info|object)",
        r"bildnachweis",
        r"quelle\b",
        // structure
        r"toc\b",
        r"table-of-contents",
        r"inhaltsverzeichnis",
        r"ez-toc",
        r"navbox",
        r"reflist",
        r"references",
        r"mw-(?:jump|indicator|editsection)",
        r"catlinks",
        r"printfooter",
        r"hatnote",
        r"sister-?project",
        r"infobox-?(?:ad)?",
        r"accordion-?(?:nav)",
        r"tabs?-?(?:nav|list|menu)",
    ];
    Regex::new(&format!(r"(?:^|[\s_-])(?:{})", words.join("|"))).expect("a valid pattern")
});

/// Class names and ids that tell of main text: what they hold is never left out by name.
static MAIN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)(?:^|[\s_-])(?:
          (?:article|story|post|entry|news|blog|content|page|main|node|text|beitrag|artikel)-{0,2}_{0,2}(?:body|content|text|copy|main|inhalt)
          | article(?:body|text|content)? (?:\s|$) | hentry | h-entry | e-content | main(?:-?content|-?text)? (?:\s|$)
          | post-?entry | entry (?:\s|$) | news-?(?:text|entry|body) | beschreibung | body-?(?:text|copy|content) | rich-?text | field-?body | story (?:\s|$) | post (?:\s|$) | mw-content-text | artikel (?:\s|$) | beitrag (?:\s|$)
          | single-?(?:post|content) | artikeltext | meldung | fliesstext | transcript )",
    )
    .expect("a valid pattern")
});

/// "articleBody is-wide" + "main" → "article-body is-wide main": the names of an element, in small letters, parts of
/// compounds parted.
pub fn signature(dom: &Dom, id: Id) -> String {
    let mut found = String::new();
    for name in ["class", "id"] {
        let Some(value) = dom.attribute(id, name) else { continue };
        if !found.is_empty() {
            found.push(' ');
        }
        let mut small = false;
        for c in value.chars().take(300) {
            if c.is_uppercase() && small {
                found.push('-');
            }
            small = c.is_lowercase();
            found.extend(c.to_lowercase());
        }
    }
    found
}

/// Whether names tell of main text.
pub fn says_main(signature: &str) -> bool {
    !signature.is_empty() && MAIN.is_match(signature)
}

/// Whether names tell of anything else.
pub fn says_other(signature: &str) -> bool {
    !signature.is_empty() && OTHER.is_match(signature)
}

/// Whether an element is not shown, as far as its own attributes tell.
fn unseen(dom: &Dom, id: Id) -> bool {
    let style = || {
        dom.attribute(id, "style").is_some_and(|style| {
            let style: String =
                style.chars().take(400).filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
            style.contains("display:none") || style.contains("visibility:hidden")
        })
    };
    dom.attribute(id, "hidden").is_some_and(|v| v != "until-found") || style()
}

/// Whether a subtree is left out.
fn left_out(dom: &Dom, id: Id, strictness: Strictness, share: impl Fn(Id) -> f64) -> bool {
    let name = dom.name(id);
    if SILENT.contains(&name) {
        return true;
    }
    if matches!(name, "" | "html" | "body") {
        return false;
    }
    if unseen(dom, id) {
        return share(id) < 0.4;
    }
    if strictness == Strictness::Shown {
        return false;
    }
    if OUTSIDE.contains(&name) || dom.attribute(id, "role").is_some_and(|role| ROLES.contains(&role)) {
        return share(id) < 0.4;
    }
    if strictness == Strictness::Roles || matches!(name, "article" | "main" | "h1") {
        return false;
    }
    if name == "form" {
        return share(id) < 0.3;
    }
    let signature = signature(dom, id);
    says_other(&signature) && !says_main(&signature) && share(id) < 0.3
}

impl Runs {
    /// Cuts a page into runs.
    pub fn of(dom: &Dom, root: Id, strictness: Strictness) -> Runs {
        // How much text each node holds, all counted.
        let mut size = vec![0usize; dom.nodes.len()];
        let mut silent = 0usize;
        for step in dom.walk(root) {
            match step {
                Step::Open(id) => match &dom.nodes[id].kind {
                    Kind::Text(text) if silent == 0 => size[id] = text.split_whitespace().map(str::len).sum(),
                    Kind::Element { name, .. } if SILENT.contains(&&*name.local) => silent += 1,
                    _ => {}
                },
                Step::Close(id) => {
                    if SILENT.contains(&dom.name(id)) {
                        silent -= 1;
                    }
                    if let Some(parent) = dom.nodes[id].parent.filter(|_| id != root) {
                        size[parent] += size[id];
                    }
                }
            }
        }
        let whole = size[root].max(1) as f64;
        let share = |id: Id| size[id] as f64 / whole;

        let mut runs = Runs { all: Vec::new(), under: vec![(0, 0); dom.nodes.len()] };
        let mut open = Open::default();
        let mut gone: Option<Id> = None;
        for step in dom.walk(root) {
            match step {
                Step::Open(id) => {
                    if gone.is_some() {
                        continue;
                    }
                    match &dom.nodes[id].kind {
                        Kind::Text(text) => open.push(text),
                        Kind::Element { name, .. } => {
                            let name = &*name.local;
                            if left_out(dom, id, strictness, share) {
                                gone = Some(id);
                                if !inline(name) {
                                    open.flush(&mut runs.all);
                                }
                                continue;
                            }
                            match name {
                                "br" => open.line(&mut runs.all),
                                "a" => open.links += 1,
                                "td" | "th" => {
                                    open.push(" ");
                                    open.owner.get_or_insert(id);
                                }
                                _ if !inline(name) => {
                                    open.flush(&mut runs.all);
                                    open.owner = Some(id);
                                }
                                _ => {}
                            }
                        }
                        Kind::Other => {}
                    }
                    runs.under[id].0 = runs.all.len();
                }
                Step::Close(id) => {
                    match gone {
                        Some(at) if at == id => {
                            gone = None;
                            runs.under[id] = (runs.all.len(), runs.all.len());
                            continue;
                        }
                        Some(_) => continue,
                        None => {}
                    }
                    match dom.name(id) {
                        "a" => open.links = open.links.saturating_sub(1),
                        "br" => {}
                        name if !inline(name) && !matches!(name, "td" | "th") => {
                            open.flush(&mut runs.all);
                            open.owner = dom.nodes[id].parent;
                        }
                        _ => {}
                    }
                    runs.under[id].1 = runs.all.len();
                }
            }
        }
        open.flush(&mut runs.all);
        runs
    }
}

/// A run that is being gathered.
#[derive(Default)]
struct Open {
    text: String,
    linked: usize,
    links: usize,
    owner: Option<Id>,
}

impl Open {
    fn push(&mut self, text: &str) {
        if self.links > 0 {
            self.linked += text.split_whitespace().map(|w| w.chars().count() + 1).sum::<usize>();
        }
        self.text.extend(text.chars().map(|c| match c {
            '\0' | '\u{1}' => ' ',
            '\n' | '\r' => ' ',
            c => c,
        }));
    }

    /// One `<br>` ends a line, two end a paragraph.
    fn line(&mut self, into: &mut Vec<Run>) {
        if self.text.trim_end_matches(|c: char| c.is_whitespace() && c != '\u{1}').ends_with('\u{1}') {
            let (links, owner) = (self.links, self.owner);
            self.flush(into);
            (self.links, self.owner) = (links, owner);
        } else {
            self.text.push('\u{1}');
        }
    }

    fn flush(&mut self, into: &mut Vec<Run>) {
        let lines: Vec<String> = self.text.split('\u{1}').map(squeeze).filter(|l| !l.is_empty()).collect();
        if !lines.is_empty() {
            let text = lines.join("\n");
            let chars = text.chars().count();
            into.push(Run { text, chars, linked: self.linked, owner: self.owner.unwrap_or(super::dom::ROOT) });
        }
        self.text.clear();
        self.linked = 0;
    }
}
