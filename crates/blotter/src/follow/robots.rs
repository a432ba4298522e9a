//! What hosts allow: their robots.txt, read once a day (RFC 9309).

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use texting_robots::Robot;
use url::Url;

use super::fetch::{Failure, Validators, Web};
use super::schedule;

/// The name that a robots.txt may call the program by.
const NAME: &str = "blotter";
/// A robots.txt is read again after this time.
const FRESH: Duration = Duration::from_secs(24 * 60 * 60);
/// One that could be read before, and now cannot, is tried again after this time.
const AGAIN: Duration = Duration::from_secs(60 * 60);
/// More of a robots.txt is not looked at.
const LONGEST: u64 = 512 << 10;

/// What a host says of an address.
#[derive(Debug, PartialEq)]
pub enum Verdict {
    /// It may be fetched; between two fetches is to be so much time.
    Allowed(Option<Duration>),
    /// It may not.
    Refused,
    /// Nobody knows now: a sentence, and how long the host wants to be left alone.
    Unknown(String, Option<Duration>),
}

/// The robots.txt of all hosts that were asked.
#[derive(Default)]
pub struct Robots {
    hosts: HashMap<String, Host>,
}

/// What is known of a host.
struct Host {
    /// Nothing: everything is allowed.
    rules: Option<Robot>,
    until: Timestamp,
}

impl Robots {
    /// What the host of an address says of it.
    pub fn verdict(&mut self, web: &Web, url: &Url, now: Timestamp) -> Verdict {
        let name = url.origin().ascii_serialization();
        if self.hosts.get(&name).is_none_or(|host| host.until <= now) {
            match rules(web, url, now) {
                Ok(rules) => {
                    self.hosts.insert(name.clone(), Host { rules, until: schedule::later(now, FRESH) });
                }
                Err((reason, wait)) => match self.hosts.get_mut(&name) {
                    Some(host) => host.until = schedule::later(now, AGAIN),
                    None => return Verdict::Unknown(reason, wait),
                },
            }
        }
        match self.hosts.get(&name).and_then(|host| host.rules.as_ref()) {
            Some(rules) if !rules.allowed(url.as_str()) => Verdict::Refused,
            Some(rules) => Verdict::Allowed(rules.delay.and_then(delay)),
            None => Verdict::Allowed(None),
        }
    }
}

/// The rules of a host for this program; none where it has no robots.txt.
fn rules(web: &Web, url: &Url, now: Timestamp) -> Result<Option<Robot>, (String, Option<Duration>)> {
    let say = |reason: String| format!("the robots.txt of {} {reason}", url.authority());
    let place = url.join("/robots.txt").map_err(|e| (say(e.to_string()), None))?;
    let answer = match web.fetch(&place, &Validators::default(), LONGEST, |_| true) {
        Ok(answer) => answer,
        // As good as none.
        Err(Failure::Loop) => return Ok(None),
        Err(Failure::Barred) => return Err((say("was not fetched".to_owned()), None)),
        Err(Failure::Said(reason)) => return Err((say(reason), None)),
    };
    match answer.status {
        200..300 => {
            // A line that is cut off may forbid more than it was to.
            let whole = if answer.cut { answer.body.iter().rposition(|b| *b == b'\n') } else { None };
            let rules = Robot::new(NAME, &answer.body[..whole.unwrap_or(answer.body.len())]);
            rules.map(Some).map_err(|error| (say(format!("cannot be read ({error})")), None))
        }
        // Too many requests is a server's word about itself, not about what there is.
        400..500 if answer.status != 429 => Ok(None),
        _ => {
            let wait = answer.header("retry-after").and_then(|value| schedule::retry_after(value, now));
            Err((say(format!("answers {}", answer.told())), wait))
        }
    }
}

/// A delay in seconds, where it is one.
fn delay(seconds: f32) -> Option<Duration> {
    Duration::try_from_secs_f32(seconds).ok().filter(|time| !time.is_zero()).map(|time| time.min(schedule::LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_as_meant() {
        let allowed = |rules: &str, url: &str| Robot::new(NAME, rules.as_bytes()).is_ok_and(|r| r.allowed(url));
        let named = "User-agent: *\nDisallow: /\n\nUser-agent: Blotter\nDisallow: /private/\nAllow: /private/feed\nCrawl-delay: 90\n";
        assert!(allowed(named, "https://kesh.example/feed"));
        assert!(!allowed(named, "https://kesh.example/private/x"));
        assert!(allowed(named, "https://kesh.example/private/feed"));
        assert!(allowed("User-agent: *\nDisallow:\n", "https://kesh.example/feed"));
        assert!(!allowed("User-agent: *\nDisallow: /*.xml$\n", "https://kesh.example/feed.xml"));
        assert!(allowed("<html>Not here</html>", "https://kesh.example/feed"));
        let robot = Robot::new(NAME, named.as_bytes()).expect("rules");
        assert_eq!(robot.delay.and_then(delay), Some(Duration::from_secs(90)));
        assert_eq!((delay(f32::NAN), delay(-1.0), delay(f32::INFINITY)), (None, None, None));
        assert_eq!(delay(1e12), Some(schedule::LONGEST));
    }
}
