//! The streams that a page has opened.

use antigravity_sdk::prelude::*;

/// Streams that are kept; beyond that the one longest silent goes, with what it alone carries. A page opens
/// a stream for each of its views.
const MAX_STREAMS: usize = 64;

#[derive(Debug, Default)]
pub struct Stream {
    name: String,
    pub number: u64,
    connection: u32,
    /// Its beginning came on this connection.
    pub began_here: bool,
    /// Its beginning was seen, and nothing was missed since.
    pub sound: bool,
}

impl Stream {
    /// What it said cannot be trusted until it has begun anew.
    pub const fn begin_anew(&mut self) {
        (self.sound, self.began_here) = (false, false);
    }
}

#[derive(Debug, Default)]
pub struct Streams {
    /// The one that is being read.
    current: Stream,
    /// The others; the one that was silent longest first.
    others: Vec<Stream>,
    opened: u64,
}

impl Streams {
    pub const fn is_empty(&self) -> bool {
        self.opened == 0
    }

    /// Whether there is one only.
    pub const fn is_one(&self) -> bool {
        self.opened > 0 && self.others.is_empty()
    }

    pub const fn current(&mut self) -> &mut Stream {
        &mut self.current
    }

    /// Makes the packet's stream the current one. Whether it was on another connection before, and the
    /// number of the stream that had to go.
    pub fn take(&mut self, packet: &Packet<'_>) -> (bool, Option<u64>) {
        let (name, connection) = (name_of(packet.url()), packet.connection());
        let mut silent = None;
        if self.opened == 0 || self.current.name != name {
            let known = self.others.iter().position(|stream| stream.name == name);
            let next = known.map(|at| self.others.remove(at)).unwrap_or_else(|| {
                self.opened += 1;
                Stream { name, number: self.opened, connection, ..Stream::default() }
            });
            let before = std::mem::replace(&mut self.current, next);
            if before.number > 0 {
                self.others.push(before);
            }
            if self.others.len() == MAX_STREAMS {
                silent = Some(self.others.remove(0).number);
            }
        }
        let moved = self.current.connection != connection;
        if moved {
            (self.current.connection, self.current.began_here) = (connection, false);
        }
        (moved, silent)
    }
}

/// The address without its host and its token: what a stream carries.
fn name_of(url: &str) -> String {
    let address = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = address.split_once('/').map_or("", |(_, path)| path);
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut name = path.to_owned();
    for field in query.split('&').filter(|field| !field.to_ascii_lowercase().starts_with("token=")) {
        name.push('&');
        name.push_str(field);
    }
    name
}
