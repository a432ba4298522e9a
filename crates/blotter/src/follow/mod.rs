//! Feeds that are asked again and again: off unless `--follow` names one, and the only part of the program that touches the
//! network. What comes goes the way of a feed file; what came before in this run is passed over.

mod fetch;
mod poll;
mod robots;
mod schedule;
mod seen;
#[cfg(test)]
mod tests;

use std::time::Duration;

use jiff::Timestamp;

use crate::cli::Follow;
use crate::inputs::Works;
use crate::steps::{self, Choice};
use crate::take::{Asked, Job};
use poll::{Follower, Taken};
use seen::Seen;

pub use fetch::address;

/// The time, so that a schedule can be tried without waiting for it.
pub trait Clock {
    /// The time now.
    fn now(&self) -> Timestamp;
    /// Waits.
    fn sleep(&self, time: Duration);
}

/// The machine's own.
struct System;

impl Clock for System {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep(&self, time: Duration) {
        std::thread::sleep(time);
    }
}

/// Follows feeds until each has ended, or as many reports came as are wanted; with `--once` each is asked once. Gives how many
/// failed.
///
/// # Errors
/// The desk's own.
pub fn run<D: steps::Desk>(
    options: &Follow,
    quiet: bool,
    mut asked: Asked,
    pool: &rayon::ThreadPool,
    read: impl Fn(Job) -> D::Made + Sync,
    desk: &mut D,
) -> Result<usize, D::Stop> {
    if options.follow.is_empty() || asked.limit() == 0 {
        return Ok(0);
    }
    let say = |words: &str| eprintln!("blotter: {words}");
    let mut follower = Follower::new(options, quiet, &System, &say);
    let mut fresh = Fresh { desk, seen: Seen::default() };
    follower.run(|feed, piece| {
        fresh.seen.begin(feed);
        let taken = steps::run(&mut Works::of(piece), &asked, pool, &read, &mut fresh)?;
        asked.fewer(taken);
        Ok(Taken { fresh: fresh.seen.fresh(), more: asked.limit() > 0 })
    })
}

/// A desk to which only comes what did not come before.
struct Fresh<'a, D> {
    desk: &'a mut D,
    seen: Seen,
}

impl<D: steps::Desk> steps::Desk for Fresh<'_, D> {
    type Made = D::Made;
    type Stop = D::Stop;

    fn choose(&mut self, job: Job) -> Result<Choice<D::Made>, D::Stop> {
        if self.seen.knows(&job) { Ok(Choice::Passed) } else { self.desk.choose(job) }
    }

    fn take(&mut self, made: D::Made, done: u64) -> Result<(), D::Stop> {
        self.desk.take(made, done)
    }
}
