//! Feeds, each asked when it is due: what came of it, and when it is asked again.

use std::collections::HashMap;
use std::time::Duration;

use blotter_intake::{Content, Format, Known, Piece, pace, sniff};
use jiff::Timestamp;
use url::Url;

use super::Clock;
use super::fetch::{Answer, Failure, Validators, Web};
use super::robots::{Robots, Verdict};
use super::schedule;
use crate::cli::Follow;
use crate::clock::written;

/// No feed is longer.
const LONGEST: u64 = 16 << 20;
/// Waiting is done in parts, so that a machine that slept goes on soon after.
const PART: Duration = Duration::from_secs(30);

/// A feed that is followed.
struct Feed {
    /// The address as it was given: what messages call it.
    name: String,
    /// Where it is now.
    url: Url,
    known: Validators,
    /// How long to leave it alone: what it says itself, what its last answer said, what its host says.
    wishes: [Option<Duration>; 3],
    /// How often it failed, on end.
    failures: u32,
    next: Timestamp,
    /// Whether it is asked again.
    open: bool,
}

/// What was made of the items of a feed.
pub struct Taken {
    /// How many were new.
    pub fresh: usize,
    /// Whether more are wanted.
    pub more: bool,
}

/// How a visit ended.
enum Visit {
    /// Something came.
    Came(Piece),
    /// Nothing that is new.
    Same,
    /// The host is to be left alone until then.
    Later(Timestamp),
    /// Why nothing came, and how long the server wants to be left alone.
    Failed(String, Option<Duration>),
    /// Why it is not asked again.
    Ended(String),
}

/// Asks feeds.
pub struct Follower<'a> {
    web: Web,
    robots: Robots,
    feeds: Vec<Feed>,
    /// When each host that wants time between fetches may be asked again.
    free: HashMap<String, Timestamp>,
    every: Duration,
    once: bool,
    quiet: bool,
    clock: &'a dyn Clock,
    say: &'a dyn Fn(&str),
}

impl<'a> Follower<'a> {
    /// The feeds of the command line, all due now. What is to be told is told to `say`.
    pub fn new(options: &Follow, quiet: bool, clock: &'a dyn Clock, say: &'a dyn Fn(&str)) -> Follower<'a> {
        let now = clock.now();
        let mut feeds: Vec<Feed> = Vec::new();
        for url in &options.follow {
            if feeds.iter().all(|feed| feed.url != *url) {
                let (known, name) = (Validators::default(), url.to_string());
                feeds.push(Feed {
                    name,
                    url: url.clone(),
                    known,
                    wishes: [None; 3],
                    failures: 0,
                    next: now,
                    open: true,
                });
            }
        }
        let every = Duration::from_secs(u64::from(options.every) * 60);
        let (web, robots, free) = (Web::new(), Robots::default(), HashMap::new());
        Follower { web, robots, feeds, free, every, once: options.once, quiet, clock, say }
    }

    /// Asks each feed when it is due and hands what comes to `take`, until all have ended or no more is wanted. Gives how many
    /// failed at the last.
    ///
    /// # Errors
    /// Those of `take`.
    pub fn run<E>(&mut self, mut take: impl FnMut(usize, Piece) -> Result<Taken, E>) -> Result<usize, E> {
        let due = |feeds: &[Feed]| {
            let open = feeds.iter().enumerate().filter(|(_, feed)| feed.open);
            open.min_by_key(|(_, feed)| feed.next).map(|(index, feed)| (index, feed.next))
        };
        while let Some((index, next)) = due(&self.feeds) {
            self.wait(next);
            let now = self.clock.now();
            let taken = match self.visit(index, now) {
                Visit::Came(piece) => take(index, piece)?,
                Visit::Same => Taken { fresh: 0, more: true },
                Visit::Later(until) => {
                    self.feeds[index].next = until;
                    continue;
                }
                Visit::Failed(reason, wait) => {
                    self.failed(index, now, &reason, wait);
                    continue;
                }
                Visit::Ended(reason) => {
                    let feed = &mut self.feeds[index];
                    (feed.open, feed.failures) = (false, feed.failures + 1);
                    (self.say)(&format!("{}: {reason}; it is not followed", feed.name));
                    continue;
                }
            };
            let feed = &mut self.feeds[index];
            let wait = schedule::interval(self.every, feed.wishes);
            (feed.failures, feed.next, feed.open) = (0, schedule::later(now, wait), !self.once);
            if !taken.more {
                break;
            }
            if !self.quiet && !self.once {
                let new = if taken.fresh == 0 { "nothing".to_owned() } else { taken.fresh.to_string() };
                (self.say)(&format!("{}: {new} new; asked again in {}", feed.name, schedule::words(wait)));
            }
        }
        Ok(self.feeds.iter().filter(|feed| feed.failures > 0).count())
    }

    fn wait(&self, until: Timestamp) {
        while let Ok(left @ 1..) = u64::try_from(until.duration_since(self.clock.now()).as_millis()) {
            self.clock.sleep(Duration::from_millis(left).min(PART));
        }
    }

    fn failed(&mut self, index: usize, now: Timestamp, reason: &str, wait: Option<Duration>) {
        let feed = &mut self.feeds[index];
        feed.failures += 1;
        let interval = schedule::interval(self.every, feed.wishes);
        let wait = wait.map_or_else(|| schedule::backoff(interval, feed.failures), |wait| wait.max(interval));
        (feed.next, feed.open) = (schedule::later(now, wait), !self.once);
        let again = if self.once { String::new() } else { format!("; asked again in {}", schedule::words(wait)) };
        (self.say)(&format!("{}: {reason}{again}", feed.name));
    }

    /// One visit.
    fn visit(&mut self, index: usize, now: Timestamp) -> Visit {
        let (web, robots) = (&self.web, &mut self.robots);
        let feed = &mut self.feeds[index];
        match robots.verdict(web, &feed.url, now) {
            Verdict::Allowed(delay) => {
                feed.wishes[2] = delay;
                let host = feed.url.origin().ascii_serialization();
                if let Some(free) = self.free.get(&host).filter(|free| **free > now) {
                    return Visit::Later(*free);
                }
                if let Some(delay) = delay {
                    self.free.insert(host, schedule::later(now, delay));
                }
            }
            Verdict::Refused => {
                return Visit::Ended(format!("the robots.txt of {} does not allow it", feed.url.authority()));
            }
            Verdict::Unknown(reason, wait) => return Visit::Failed(reason, wait),
        }
        // A redirect may lead to another host, or to what its host refuses.
        let (mut barred, mut delay) = (Visit::Same, feed.wishes[2]);
        let may = |url: &Url| match robots.verdict(web, url, now) {
            Verdict::Allowed(wish) => {
                delay = delay.max(wish);
                true
            }
            Verdict::Refused => {
                let reason = format!("leads to {url}, which the robots.txt of its host does not allow");
                barred = Visit::Failed(reason, None);
                false
            }
            Verdict::Unknown(reason, wait) => {
                barred = Visit::Failed(format!("leads to {url}, and {reason}"), wait);
                false
            }
        };
        let answer = web.fetch(&feed.url, &feed.known, LONGEST, may);
        feed.wishes[2] = delay;
        let answer = match answer {
            Ok(answer) => answer,
            Err(Failure::Loop) => return Visit::Failed("leads from one address to the next".to_owned(), None),
            Err(Failure::Barred) => return barred,
            Err(Failure::Said(reason)) => return Visit::Failed(reason, None),
        };
        if let Some(moved) = answer.moved.clone().filter(|_| matches!(answer.status, 200..300 | 304 | 410)) {
            (self.say)(&format!("{}: has moved for good to {moved}", feed.name));
            feed.url = moved;
        }
        taken(feed, answer, now)
    }
}

/// What an answer says.
fn taken(feed: &mut Feed, answer: Answer, now: Timestamp) -> Visit {
    let max_age = answer.header("cache-control").and_then(schedule::max_age);
    match answer.status {
        200..300 => {
            if answer.cut {
                return Visit::Failed(format!("is longer than {} MiB", LONGEST >> 20), None);
            }
            let format = match format(&answer.body) {
                Ok(format) => format,
                Err(reason) => return Visit::Failed(reason, None),
            };
            feed.wishes[0] = pace(&answer.body).map(|minutes| Duration::from_secs(minutes.saturating_mul(60)));
            feed.wishes[1] = max_age;
            feed.known = answer.validators();
            let encoding = answer.encoding();
            let known =
                Known { url: Some(answer.url.to_string()), captured: Some(written(now)), encoding, ..Known::default() };
            let content = Content::Bytes { format, bytes: answer.body, known };
            Visit::Came(Piece { label: feed.name.clone(), content, unpicked: true })
        }
        304 => {
            feed.wishes[1] = max_age;
            Visit::Same
        }
        410 => Visit::Ended("is gone for good (410 Gone)".to_owned()),
        _ => {
            // Others may say it too, but mean it less.
            let asks = matches!(answer.status, 429 | 503);
            let wait = answer.header("retry-after").filter(|_| asks);
            let wait = wait.and_then(|value| schedule::retry_after(value, now));
            Visit::Failed(format!("answers {}", answer.told()), wait)
        }
    }
}

/// The kind of a feed; pages and all else are refused.
fn format(bytes: &[u8]) -> Result<Format, String> {
    match sniff("-", &bytes[..bytes.len().min(8192)])? {
        Format::Xml => Ok(Format::Xml),
        Format::Json | Format::Jsonl => Ok(Format::Json),
        Format::Html => Err("is a page and no feed".to_owned()),
        _ => Err("is no feed".to_owned()),
    }
}
