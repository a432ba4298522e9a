//! Tells everybody at the desk what happens in the case file, also what other programs file.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use blotter_case::Event;
use tokio::sync::broadcast;

use crate::Desk;

/// How often the file is asked for its last row: a look at one number.
const PAUSE: Duration = Duration::from_millis(300);

/// So many rows are told one by one; who is further behind is told to look anew.
pub const MANY: usize = 200;

/// What happens, as it happens.
pub struct Watch {
    told: broadcast::Sender<Arc<Event>>,
    last: AtomicI64,
}

impl Watch {
    /// From a row of the ledger on.
    pub fn from(seq: i64) -> Watch {
        Watch { told: broadcast::channel(MANY).0, last: AtomicI64::new(seq) }
    }

    /// What happens from now on.
    pub fn listen(&self) -> broadcast::Receiver<Arc<Event>> {
        self.told.subscribe()
    }
}

/// Watches until the desk is closed.
pub fn run(desk: Desk) {
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(PAUSE).await;
            let last = desk.watch.last.load(Ordering::Relaxed);
            let look = move |case: &blotter_case::CaseFile| {
                let now = case.last()?;
                Ok((now, if now > last { case.after(last, MANY)? } else { Vec::new() }))
            };
            // A file that cannot be read for a moment is asked again.
            let Ok((now, events)) = desk.store.read(look).await else { continue };
            let reached = events.last().map_or(now, |e| e.seq);
            for event in events {
                // Nobody listens: nothing to tell.
                let _ = desk.watch.told.send(Arc::new(event));
            }
            desk.watch.last.store(reached, Ordering::Relaxed);
        }
    });
}
