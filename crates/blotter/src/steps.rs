//! Pieces of work → reports → what is made of each: on all cores, in input order, in bounded memory.
//!
//! Two steps run on other threads, taking a piece in and reading a report. Between them each report comes to the desk, in
//! order, which says whether it is to be read at all; after them comes what was made of it, in order again. Threads never wait
//! for the slowest report of a portion: new work begins as soon as what is ready at the front is given.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};

use crate::inputs::Works;
use crate::take::{Asked, Job};

/// Reports on their way at one time, a thread: enough to keep every thread busy beside a long report.
const TOGETHER: usize = 8;
/// Bytes on their way at one time, a thread, so that memory stays bounded by the longest report.
const TOGETHER_BYTES: usize = 1 << 20;

/// What is done with a report.
pub enum Choice<M> {
    /// It is read.
    Read(Box<Job>),
    /// It needs no reading.
    Made(M),
    /// It came before and is passed over unsaid.
    Passed,
}

/// Where reports come to on the caller's thread, in input order.
pub trait Desk {
    /// What reading makes of a report.
    type Made: Send;
    /// Why everything ends.
    type Stop;

    /// Whether a report is read.
    ///
    /// # Errors
    /// Everything ends.
    fn choose(&mut self, job: Job) -> Result<Choice<Self::Made>, Self::Stop>;

    /// Takes what was made of a report. `done` is how many bytes of the inputs are behind it.
    ///
    /// # Errors
    /// Everything ends.
    fn take(&mut self, made: Self::Made, done: u64) -> Result<(), Self::Stop>;
}

/// Something that is being made on another thread.
struct Coming<T> {
    from: Receiver<T>,
    /// Its size in memory.
    bytes: usize,
    /// How many bytes of the inputs lie before its end.
    done: u64,
}

/// Brings all reports that are wanted to the desk; `read` runs on the threads of `pool`. Gives how many were taken.
///
/// # Errors
/// The desk's own.
pub fn run<D: Desk>(
    works: &mut Works,
    asked: &Asked,
    pool: &rayon::ThreadPool,
    read: impl Fn(Job) -> D::Made + Sync,
    desk: &mut D,
) -> Result<usize, D::Stop> {
    let threads = pool.current_num_threads();
    let ended = AtomicBool::new(false);
    let (read, ended) = (&read, &ended);
    pool.in_place_scope_fifo(|scope| {
        let mut pieces: VecDeque<Coming<Vec<Job>>> = VecDeque::new();
        let mut reports: VecDeque<Coming<D::Made>> = VecDeque::new();
        let (mut left, mut more) = (asked.limit(), true);
        let result = loop {
            let bytes: usize = pieces.iter().map(|p| p.bytes).chain(reports.iter().map(|r| r.bytes)).sum();
            let room = pieces.len() + reports.len() < TOGETHER * threads && bytes < TOGETHER_BYTES * threads;
            if more && left > 0 && (room || pieces.is_empty() && reports.is_empty()) {
                let Some(piece) = works.next() else {
                    more = false;
                    continue;
                };
                let (to, from) = channel();
                pieces.push_back(Coming { from, bytes: piece.len(), done: works.done() });
                scope.spawn_fifo(move |_| {
                    if !ended.load(Ordering::Relaxed) {
                        let _ = to.send(asked.take_in(&piece));
                    }
                });
                continue;
            }
            // Reports are chosen early enough that no thread runs out of them.
            let next = if reports.len() < TOGETHER * threads / 2 { pieces.pop_front() } else { None };
            if let Some(piece) = next {
                let jobs = piece.from.recv().unwrap_or_default();
                let chosen = jobs.into_iter().try_for_each(|job| {
                    if left == 0 {
                        return Ok(());
                    }
                    let counts = usize::from(job.report.is_ok());
                    let bytes = job.report.as_ref().map_or(0, |r| r.text.len());
                    let (to, from) = channel();
                    match desk.choose(job)? {
                        Choice::Passed => return Ok(()),
                        // The other end is held until the line below.
                        Choice::Made(made) => drop(to.send(made)),
                        Choice::Read(job) => scope.spawn_fifo(move |_| {
                            if !ended.load(Ordering::Relaxed) {
                                let _ = to.send(read(*job));
                            }
                        }),
                    }
                    left -= counts;
                    reports.push_back(Coming { from, bytes, done: piece.done });
                    Ok(())
                });
                if let Err(stop) = chosen {
                    break Err(stop);
                }
                continue;
            }
            let Some(report) = reports.pop_front() else { break Ok(()) };
            if let Ok(made) = report.from.recv()
                && let Err(stop) = desk.take(made, report.done)
            {
                break Err(stop);
            }
        };
        ended.store(true, Ordering::Relaxed);
        result.map(|()| asked.limit() - left)
    })
}
