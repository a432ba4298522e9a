//! One address → one answer: the only place of the program that touches the network.

use std::io::Read;
use std::time::{Duration, Instant};

use ureq::http::HeaderMap;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, Error};
use url::Url;

/// A server that takes longer to accept a connection is down.
const CONNECT: Duration = Duration::from_secs(10);
/// A fetch takes no longer, redirects and all.
const WHOLE: Duration = Duration::from_secs(60);
/// So many redirects are followed.
const REDIRECTS: usize = 5;
/// What is wanted.
const ACCEPT: &str = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, \
                      text/xml;q=0.9, application/json;q=0.9, */*;q=0.1";

/// The address of a feed: http or https.
///
/// # Errors
/// A sentence.
pub fn address(words: &str) -> Result<Url, String> {
    let mut url = Url::parse(words.trim()).map_err(|e| format!("is no address ({e})"))?;
    if !is_web(&url) {
        return Err("only http and https addresses are followed".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("an address with a name or password in it is not followed".to_owned());
    }
    url.set_fragment(None);
    Ok(url)
}

/// Whether it is an address of the web.
fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}

/// What a server said of a feed's state, given back so that it need not send again what is known.
#[derive(Clone, Debug, Default)]
pub struct Validators {
    /// Of which address.
    url: Option<Url>,
    etag: Option<String>,
    modified: Option<String>,
}

/// What a server answered.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    headers: HeaderMap,
    /// What came; of a success alone.
    pub body: Vec<u8>,
    /// Whether more would have come than was wanted.
    pub cut: bool,
    /// Where it came from, after all redirects.
    pub url: Url,
    /// Where the address has moved for good.
    pub moved: Option<Url>,
}

impl Answer {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// What makes the next request conditional.
    pub fn validators(&self) -> Validators {
        let header = |name: &str| self.header(name).map(str::to_owned);
        Validators { url: Some(self.url.clone()), etag: header("etag"), modified: header("last-modified") }
    }

    /// The encoding that its media type names.
    pub fn encoding(&self) -> Option<String> {
        let mut parameters = self.header("content-type")?.split(';').skip(1).filter_map(|part| part.split_once('='));
        let (_, label) = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
        Some(label.trim().trim_matches('"').to_owned())
    }

    /// The status for people: "404 Not Found".
    pub fn told(&self) -> String {
        let known = ureq::http::StatusCode::from_u16(self.status).ok();
        let reason = known.and_then(|status| status.canonical_reason()).unwrap_or_default();
        format!("{} {reason}", self.status).trim_end().to_owned()
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Failure {
    /// It leads from one address to the next.
    Loop,
    /// An address on the way is not to be fetched now, or never: what the caller said of it.
    Barred,
    /// A sentence.
    Said(String),
}

/// Fetches addresses.
pub struct Web {
    agent: Agent,
}

impl Web {
    /// Nothing is fetched yet.
    pub fn new() -> Web {
        let config = Agent::config_builder()
            .user_agent(agent())
            .accept(ACCEPT)
            // Tests ask this machine, which no proxy reaches.
            .proxy(if cfg!(test) { None } else { ureq::Proxy::try_from_env() })
            // Redirects are followed here, each after a look at the robots.txt of where it leads.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_connect(Some(CONNECT))
            .timeout_resolve(Some(CONNECT))
            .tls_config(TlsConfig::builder().root_certs(trusted()).build())
            .build();
        Web { agent: Agent::new_with_config(config) }
    }

    /// Fetches an address, wherever it leads. `limit` is how many bytes are taken; `may` is asked about each address before it
    /// is fetched.
    ///
    /// # Errors
    /// No answer came, or one that cannot be taken.
    pub fn fetch(
        &self,
        url: &Url,
        known: &Validators,
        limit: u64,
        mut may: impl FnMut(&Url) -> bool,
    ) -> Result<Answer, Failure> {
        let until = Instant::now() + WHOLE;
        let (mut url, mut for_good, mut moved) = (url.clone(), true, None);
        for _ in 0..=REDIRECTS {
            if !may(&url) {
                return Err(Failure::Barred);
            }
            let mut answer = self.get(url, known, limit, until).map_err(Failure::Said)?;
            let leads = matches!(answer.status, 301 | 302 | 303 | 307 | 308);
            let Some(to) = answer.header("location").filter(|_| leads).map(str::to_owned) else {
                answer.moved = moved;
                return Ok(answer);
            };
            let to = answer.url.join(to.trim()).ok().filter(is_web);
            let mut to = to.ok_or_else(|| Failure::Said("leads to what is no http or https address".to_owned()))?;
            to.set_fragment(None);
            for_good &= matches!(answer.status, 301 | 308);
            if for_good {
                moved = Some(to.clone());
            }
            url = to;
        }
        Err(Failure::Loop)
    }

    /// One request.
    fn get(&self, url: Url, known: &Validators, limit: u64, until: Instant) -> Result<Answer, String> {
        let left = until.saturating_duration_since(Instant::now());
        let mut request = self.agent.get(url.as_str()).config().timeout_global(Some(left)).build();
        if known.url.as_ref() == Some(&url) {
            let headers = [("if-none-match", &known.etag), ("if-modified-since", &known.modified)];
            for (name, value) in headers.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?))) {
                request = request.header(name, value);
            }
        }
        let (head, mut body) = request.call().map_err(plain)?.into_parts();
        let mut bytes = Vec::new();
        if head.status.is_success() {
            let read = body.as_reader().take(limit + 1).read_to_end(&mut bytes);
            read.map_err(|error| plain(Error::from(error)))?;
        }
        let cut = bytes.len() as u64 > limit;
        bytes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(Answer { status: head.status.as_u16(), headers: head.headers, body: bytes, cut, url, moved: None })
    }
}

/// The certificates by which a server is known: those that the system trusts (or of the file that `SSL_CERT_FILE` names), so that the
/// authority of a house is known there, too; Mozilla's where the system has none.
fn trusted() -> RootCerts {
    let found = rustls_native_certs::load_native_certs().certs;
    if found.is_empty() {
        return RootCerts::WebPki;
    }
    RootCerts::new_with_certs(&found.iter().map(|one| Certificate::from_der(one).to_owned()).collect::<Vec<_>>())
}

/// How the program names itself.
fn agent() -> String {
    let home = option_env!("CARGO_PKG_REPOSITORY").filter(|url| !url.is_empty());
    let home = home.map(|url| format!(" (+{url})")).unwrap_or_default();
    format!("{}/{}{home}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
}

/// An error as people say it.
fn plain(error: Error) -> String {
    match error {
        Error::Timeout(_) => "did not answer in time".to_owned(),
        Error::HostNotFound => "its host is not known".to_owned(),
        Error::Io(error) => match error.kind() {
            std::io::ErrorKind::ConnectionRefused => "refused the connection".to_owned(),
            std::io::ErrorKind::TimedOut => "did not answer in time".to_owned(),
            _ => blotter_intake::plain(&error),
        },
        Error::ConnectionFailed => "could not be reached".to_owned(),
        error => format!("could not be fetched ({error})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        assert_eq!(
            address("https://kesh.example/feed#top").map(String::from),
            Ok("https://kesh.example/feed".to_owned())
        );
        for bad in
            ["ftp://kesh.example/feed", "file:///etc/passwd", "feed.xml", "http://", "http://ann:x@kesh.example/"]
        {
            assert!(address(bad).is_err(), "{bad}");
        }
        assert!(agent().starts_with("blotter/"), "{}", agent());
    }
}
