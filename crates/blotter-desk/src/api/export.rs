//! An export of what a filter shows, sent as it is made.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use blotter_case::{Tlp, times};
use blotter_export::{Error, Options, Policy, Redaction, Selection, Writer};
use serde::Deserialize;
use tokio::sync::mpsc;

use super::Asked;
use super::incidents::Listed;
use crate::Desk;
use crate::problem::Problem;

/// So much is sent at once, and so many pieces wait for a slow reader.
const PIECE: usize = 64 << 10;
const WAITING: usize = 8;
/// Whoever takes nothing for so long has gone: others wait for the place.
const PATIENCE: Duration = Duration::from_secs(120);

/// What `blotter export` takes beside the filters.
#[derive(Deserialize)]
pub struct Exported {
    format: String,
    as_of: Option<String>,
    tlp: Option<String>,
    redact: Option<String>,
    new_since: Option<String>,
    table: Option<String>,
    zip: Option<bool>,
}

type Piece = Result<Vec<u8>, Error>;

/// Gives what is written to whoever reads the answer; where nobody does any more, writing fails.
struct Sent {
    pieces: mpsc::Sender<Piece>,
    waiting: Vec<u8>,
}

impl Sent {
    fn send(&mut self) -> io::Result<()> {
        let piece = std::mem::take(&mut self.waiting);
        let taken = tokio::time::timeout(PATIENCE, self.pieces.send(Ok(piece)));
        match tokio::runtime::Handle::current().block_on(taken) {
            Ok(Ok(())) => Ok(()),
            _ => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }
}

impl Write for Sent {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= PIECE {
            self.send()?;
        }
        Ok(bytes.len())
    }

    /// Nothing: a format says when it is done, and what is left goes with that.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The export. Where it fails on the way, the connection is broken off, so that half of it does not look whole.
pub async fn export(
    State(desk): State<Desk>,
    Asked(listed): Asked<Listed>,
    Asked(asked): Asked<Exported>,
) -> Result<Response, Problem> {
    let given = |words: &Option<String>| words.clone().filter(|w| !w.trim().is_empty());
    let format = blotter_export::format(&asked.format)
        .ok_or_else(|| Problem::bad(format!("format: there is no {} (the session names all)", asked.format)))?;
    let tlp = given(&asked.tlp).map(|words| {
        Tlp::of(&words)
            .ok_or_else(|| Problem::bad(format!("tlp: {words} is none (clear, green, amber, amber+strict, red)")))
    });
    let redact = given(&asked.redact).unwrap_or_default();
    let redact = redact.split(',').filter(|w| !w.is_empty()).map(|words| {
        let known = Redaction::ALL.into_iter().find(|r| r.name() == words);
        known.ok_or_else(|| Problem::bad(format!("redact: {words} is none (victims, addresses)")))
    });
    let policy = Policy { tlp: tlp.transpose()?, redact: redact.collect::<Result<_, _>>()? };
    let options = Options {
        table: given(&asked.table),
        zip: asked.zip.unwrap_or(false) && matches!(format.writer, Writer::Tables(_)),
        new_since: super::time("new_since", &asked.new_since, times::moment)?,
        made: Some((desk.clock)()),
        ..Options::default()
    };
    let filter = listed.filter()?;
    let as_of = super::time("as_of", &asked.as_of, times::end_of)?;
    let (media_type, extension) = format.written(&options);
    let place = Arc::clone(&desk.exports).try_acquire_owned();
    let place = place.map_err(|_| Problem::busy("other exports are being made: ask again in a moment"))?;
    let (pieces, mut made) = mpsc::channel::<Piece>(WAITING);
    let store = desk.store.clone();
    tokio::spawn(async move {
        let failed = pieces.clone();
        let done = store.read(move |case| {
            // Free again once the work has ended, whether anybody waits for it or not.
            let _place = place;
            let mut out = Sent { pieces: pieces.clone(), waiting: Vec::new() };
            let selection = Selection::under(case.snapshot(as_of.as_deref())?, filter, policy);
            let done = format.write(&selection, &options, &mut out).and_then(|()| Ok(out.send()?));
            if let Err(error) = done {
                // Whoever stopped reading is not told why.
                let _ = pieces.try_send(Err(error));
            }
            Ok(())
        });
        if let Err(error) = done.await {
            let _ = failed.send(Err(error.into())).await;
        }
    });
    // What fails at once is told as all problems are.
    let first = match made.recv().await {
        Some(Ok(piece)) => piece,
        Some(Err(Error::Case(error))) => return Err(error.into()),
        Some(Err(error)) => return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "refused", error.to_string())),
        None => Vec::new(),
    };
    let rest = futures_util::stream::unfold((Some(first), made), |(first, mut made)| async move {
        let piece = match first {
            Some(first) => Some(Ok(first)),
            None => made.recv().await,
        };
        piece.map(|piece| (piece, (None, made)))
    });
    let name = format!("attachment; filename=\"blotter-{}.{extension}\"", format.name);
    let mut response = Body::from_stream(rest).into_response();
    let set = response.headers_mut();
    set.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Ok(name) = HeaderValue::from_str(&name) {
        set.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}
