//! Packed bytes that may be damaged or a bomb.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::{Arc, Mutex};

use flate2::bufread::GzDecoder;

use crate::piece::Piece;

/// More than this may come out ...
const FREE: u64 = 1 << 30;
/// ... only if it is no more than so many times what went in. Text rarely packs twenty times; gzip can pack a thousand.
const RATIO: u64 = 200;

/// The faults that unpacking met.
#[derive(Clone, Debug, Default)]
pub struct Damage(Arc<Mutex<Vec<String>>>);

impl Damage {
    fn add(&self, reason: String) {
        if let Ok(mut faults) = self.0.lock() {
            faults.push(reason);
        }
    }

    /// The faults so far, as pieces; they are told once.
    pub fn told(&self, label: &str) -> Vec<Piece> {
        let faults = self.0.lock().map(|mut f| std::mem::take(&mut *f)).unwrap_or_default();
        faults.into_iter().map(|reason| Piece::fault(label, reason)).collect()
    }
}

/// The members of a gzip file, one after the other, as one stream. After a broken member it goes on with the next.
pub struct Members {
    state: State,
    damage: Damage,
    member: usize,
    given: u64,
    taken: Arc<Mutex<u64>>,
}

type Packed = BufReader<Counted>;

enum State {
    Between(Packed),
    In(Box<GzDecoder<Packed>>),
    Done,
}

/// Counts what is read.
struct Counted {
    inner: Box<dyn Read + Send>,
    count: Arc<Mutex<u64>>,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        if let Ok(mut count) = self.count.lock() {
            *count += read as u64;
        }
        Ok(read)
    }
}

impl Members {
    /// Unpacks a stream.
    pub fn new(stream: Box<dyn Read + Send>) -> Members {
        let taken = Arc::new(Mutex::new(0));
        let packed = BufReader::new(Counted { inner: stream, count: taken.clone() });
        Members { state: State::Between(packed), damage: Damage::default(), member: 0, given: 0, taken }
    }

    /// Where faults are told.
    pub fn damage(&self) -> Damage {
        self.damage.clone()
    }

    /// Goes to the next member; whether there is one. Bytes before it that belong to none are passed over.
    fn next(&mut self, mut packed: Packed) -> io::Result<bool> {
        let mut passed = 0usize;
        loop {
            let buffer = packed.fill_buf()?;
            if buffer.is_empty() {
                if passed > 0 && self.member == 0 {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, "is no gzip file"));
                }
                return Ok(false);
            }
            let at = buffer.windows(3).position(|w| w == [0x1F, 0x8B, 8]);
            let skip = at.unwrap_or(buffer.len().saturating_sub(2).max(1));
            let zeros = buffer[..skip].iter().all(|b| *b == 0);
            passed += if zeros { 0 } else { skip };
            packed.consume(skip);
            if at.is_some() {
                break;
            }
        }
        self.member += 1;
        self.state = State::In(Box::new(GzDecoder::new(packed)));
        Ok(true)
    }
}

impl Read for Members {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            match std::mem::replace(&mut self.state, State::Done) {
                State::Done => return Ok(0),
                State::Between(packed) => {
                    if !self.next(packed)? {
                        return Ok(0);
                    }
                }
                State::In(mut member) => match member.read(into) {
                    Ok(0) => self.state = State::Between(member.into_inner()),
                    Ok(read) => {
                        self.state = State::In(member);
                        self.given += read as u64;
                        let taken = self.taken.lock().map(|t| *t).unwrap_or(u64::MAX);
                        if self.given > FREE && self.given / RATIO > taken {
                            self.state = State::Done;
                            self.damage
                                .add(format!("unpacks to more than {RATIO} times its size; the rest is not read"));
                            return Ok(0);
                        }
                        return Ok(read);
                    }
                    Err(error) => {
                        let reason = super::plain(&error);
                        self.damage
                            .add(format!("gzip member {} is broken ({reason}); what follows it is read", self.member));
                        self.state = State::Between(member.into_inner());
                    }
                },
            }
        }
    }
}
