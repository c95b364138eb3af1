//! Channels, sockets and snapshots: which rows count, and when they show.
//!
//! - A channel's rows count from the first snapshot that its socket completes. What a new socket says
//!   of a channel before that is ignored; the quotes of the old socket stand until then.
//! - `reset` (or `empty`) begins a snapshot, `done` ends it, frames later perhaps. Until then nothing
//!   shows: neither the rows within, nor that the old ones are gone. The host is told of both when they
//!   come, since it alone knows whether a frame in between was lost.
//! - The same revision twice in a row is the same frame twice. Within a snapshot revisions say nothing.

use crate::book::{Book, Change};
use crate::record::Bad;
use crate::socket::Message;
use crate::table::{Decoded, Entry, Field, Record, Table, has_table};
use antigravity_sdk::prelude::*;
use antigravity_sdk::scope_of;

/// Channels that are kept; beyond that the one longest silent goes, with its quotes. A page uses a
/// handful, and a new socket may name them anew.
const MAX_CHANNELS: usize = 64;

/// Sockets of one channel that are kept while none has completed a snapshot since the one that counts.
const MAX_FEEDS: usize = 4;

/// Everything SABA's push has said.
#[derive(Debug, Default)]
pub struct Push {
    channels: Vec<Channel>,
    /// Frames read, to tell which channel has been silent longest.
    frames: u64,
}

#[derive(Debug)]
struct Channel {
    name: Box<str>,
    scope: u64,
    feeds: Vec<Feed>,
    /// The socket whose snapshot is shown.
    live: Option<u32>,
    /// The socket that began the snapshot which the host holds open: the last one that began one.
    opened_by: Option<u32>,
    book: Book,
    last_frame: u64,
}

/// One socket's view of a channel.
#[derive(Debug, Default)]
struct Feed {
    connection: u32,
    table: Table,
    revision: Option<Box<str>>,
    pending: Option<Snapshot>,
}

/// A snapshot that is under way.
#[derive(Debug, Default)]
struct Snapshot {
    book: Book,
    /// Rows that could not be read: they are counted where the good ones show.
    bad: Vec<Bad>,
}

/// Where a row goes.
enum Target<'c> {
    /// Into the snapshot under way: nothing shows yet.
    Pending(&'c mut Snapshot),
    /// Into what is shown.
    Live(&'c mut Book),
    /// Nowhere: the socket has not completed a snapshot.
    Early,
}

impl Push {
    /// Whether nothing was read yet.
    pub const fn is_empty(&self) -> bool {
        self.channels.is_empty()
    }

    /// Reads one frame. `alone`: the adapter knows nothing but what this push has said.
    ///
    /// # Errors
    /// Where the frame is no message of rows, or uses a place that its field table does not have.
    /// Nothing is changed then.
    pub fn read(
        &mut self,
        packet: &Packet<'_>,
        alone: bool,
        sheet: &mut Sheet,
    ) -> Result<Outcome, Rejection> {
        let message = Message::read(packet)?;
        let connection = packet.connection();
        let known = self.channels.iter().position(|channel| *channel.name == *message.channel);
        let feed = known.and_then(|at| self.channels[at].feed(connection));
        if feed.is_some_and(|feed| feed.has_read(&message)) {
            return Ok(Outcome::Ignored(Reason::Duplicate));
        }
        let none = Table::default();
        let table = feed.map_or(&none, |feed| &feed.table);
        if table.is_empty() && !has_table(message.rows) {
            // Before the socket's first table, so before its snapshot too: unreadable, and not wanted.
            return Ok(Outcome::Ignored(Reason::StaleCursor));
        }
        let mut decoded = Decoded::read(table, message.rows)?;
        let at = known.unwrap_or_else(|| self.add(&message.channel, sheet));
        self.frames += 1;
        self.channels[at].last_frame = self.frames;
        let table = decoded.table.take();
        let learned = table.is_some();
        self.channels[at].learn(connection, table);
        let used = self.apply(at, connection, &decoded, sheet);
        if used {
            self.channels[at].note_revision(connection, message.revision.as_deref());
        }
        let only = self.channels.len() == 1 && self.channels[at].feeds.len() == 1;
        if decoded.self_contained && only && alone {
            sheet.snapshot_complete();
        }
        let counts = used || learned || decoded.entries.is_empty();
        Ok(if counts { Outcome::Parsed } else { Outcome::Ignored(Reason::StaleCursor) })
    }

    /// Applies a frame's rows; `false` where all came before the socket's snapshot.
    fn apply(&mut self, at: usize, connection: u32, decoded: &Decoded<'_>, sheet: &mut Sheet) -> bool {
        let mut used = false;
        for entry in &decoded.entries {
            if *entry == Entry::Reset {
                self.channels[at].begin(connection, sheet);
            } else if matches!(self.channels[at].target(connection), Target::Early) {
                continue;
            }
            used = true;
            match entry {
                Entry::Reset | Entry::Foreign => {}
                Entry::Done => self.publish(at, connection, sheet),
                Entry::Put(record, range) => self.put(at, connection, *record, decoded.fields(range), sheet),
                Entry::Delete(record, range) => {
                    let fields = decoded.fields(range);
                    let deleted = match self.channels[at].target(connection) {
                        Target::Pending(snapshot) => snapshot.book.delete(*record, fields, sheet),
                        Target::Live(book) => book.delete(*record, fields, sheet),
                        Target::Early => Ok(()),
                    };
                    if let Err(why) = deleted {
                        self.channels[at].count_bad(connection, why, sheet);
                    }
                }
                Entry::Bad(why) => self.channels[at].count_bad(connection, why, sheet),
            }
        }
        used
    }

    fn put(
        &mut self,
        at: usize,
        connection: u32,
        record: Record,
        fields: &[(Field, Value<'_>)],
        sheet: &mut Sheet,
    ) {
        let (book, live) = match self.channels[at].target(connection) {
            Target::Pending(snapshot) => (&mut snapshot.book, false),
            Target::Live(book) => (book, true),
            Target::Early => return,
        };
        let change = match book.put(record, fields, sheet) {
            Ok(change) => Some(change),
            Err(fault) => {
                self.channels[at].count_bad(connection, fault.why, sheet);
                fault.change
            }
        };
        let Some(change) = change.filter(|_| live) else { return };
        if let Change::Odds { id, fresh: true } = change {
            self.take_over(at, id, sheet);
        }
        let channel = &mut self.channels[at];
        channel.book.show(change, channel.scope, sheet);
    }

    /// Shows the snapshot that is now whole in place of what was shown of the channel. From here on
    /// this socket's rows count, and no other's. A snapshot of which nothing can be read is dropped.
    fn publish(&mut self, at: usize, connection: u32, sheet: &mut Sheet) {
        let channel = &mut self.channels[at];
        let feed = channel.feeds.iter_mut().find(|feed| feed.connection == connection);
        let Some(snapshot) = feed.and_then(|feed| feed.pending.take()) else {
            sheet.bad_row("`done` without `reset`");
            return;
        };
        let shows = snapshot.book.shows();
        let mut bad = snapshot.bad;
        bad.extend(shows.as_ref().err().into_iter().flatten());
        bad.iter().for_each(|why| sheet.bad_row(why));
        if shows.is_err() && !bad.is_empty() {
            return;
        }
        let mut old = std::mem::replace(&mut channel.book, snapshot.book);
        channel.live = Some(connection);
        channel.feeds.retain(|feed| feed.connection == connection);
        for id in self.channels[at].book.offers().filter(|id| !old.has_offer(*id)).collect::<Vec<_>>() {
            self.take_over(at, id, sheet);
        }
        let channel = &mut self.channels[at];
        channel.book.show_all(&mut old, channel.scope, sheet);
        if channel.opened_by.take() == Some(connection) {
            old.withdraw_late(sheet);
            sheet.snapshot_end(channel.scope);
        } else {
            // Another socket began one since, which the host holds open: by that it cannot tell whether
            // a frame of this one was lost.
            old.withdraw_all(sheet);
        }
    }

    /// An offer belongs to one channel, the one that named it last: a match that goes live is told by
    /// another channel than before, and a new socket may name its channels anew.
    fn take_over(&mut self, at: usize, id: u64, sheet: &mut Sheet) {
        for other in 0..self.channels.len() {
            if let Ok([channel, other]) = self.channels.get_disjoint_mut([at, other]) {
                channel.book.take_over(id, &mut other.book, sheet);
            }
        }
    }

    fn add(&mut self, name: &str, sheet: &mut Sheet) -> usize {
        if self.channels.len() == MAX_CHANNELS {
            let silent = self.channels.iter().enumerate().min_by_key(|(_, channel)| channel.last_frame);
            if let Some((at, _)) = silent {
                self.channels.remove(at).book.withdraw_all(sheet);
            }
        }
        self.channels.push(Channel {
            name: name.into(),
            scope: scope_of(name),
            feeds: Vec::new(),
            live: None,
            opened_by: None,
            book: Book::default(),
            last_frame: 0,
        });
        self.channels.len() - 1
    }
}

impl Channel {
    fn feed(&self, connection: u32) -> Option<&Feed> {
        self.feeds.iter().find(|feed| feed.connection == connection)
    }

    /// Keeps the socket's table, and the socket itself where it is new.
    fn learn(&mut self, connection: u32, table: Option<Table>) {
        let known = self.feeds.iter().position(|feed| feed.connection == connection);
        let at = known.unwrap_or_else(|| {
            if self.feeds.len() == MAX_FEEDS
                && let Some(oldest) = self.feeds.iter().position(|feed| Some(feed.connection) != self.live)
            {
                self.feeds.remove(oldest);
            }
            self.feeds.push(Feed { connection, ..Feed::default() });
            self.feeds.len() - 1
        });
        if let Some(table) = table {
            self.feeds[at].table = table;
        }
    }

    /// A frame without rows that count has no revision: its table may come in one frame and the rows
    /// for it, under the same revision, in the next.
    fn note_revision(&mut self, connection: u32, revision: Option<&str>) {
        let feed = self.feeds.iter_mut().find(|feed| feed.connection == connection);
        if let (Some(feed), Some(revision)) = (feed, revision) {
            feed.revision = Some(revision.into());
        }
    }

    /// Begins a snapshot; one that was under way is dropped.
    fn begin(&mut self, connection: u32, sheet: &mut Sheet) {
        if let Some(feed) = self.feeds.iter_mut().find(|feed| feed.connection == connection) {
            feed.pending = Some(Snapshot::default());
            self.opened_by = Some(connection);
            self.book.ending = true;
            sheet.snapshot_begin(self.scope);
        }
    }

    /// Counts a row that could not be read.
    fn count_bad(&mut self, connection: u32, why: Bad, sheet: &mut Sheet) {
        match self.target(connection) {
            Target::Pending(snapshot) => snapshot.bad.push(why),
            _ => sheet.bad_row(why),
        }
    }

    fn target(&mut self, connection: u32) -> Target<'_> {
        let feed = self.feeds.iter_mut().find(|feed| feed.connection == connection);
        match feed.and_then(|feed| feed.pending.as_mut()) {
            Some(pending) => Target::Pending(pending),
            None if self.live == Some(connection) => Target::Live(&mut self.book),
            None => Target::Early,
        }
    }
}

impl Feed {
    /// Whether this is the frame that was read last. Frames of one snapshot may all have one revision.
    fn has_read(&self, message: &Message<'_>) -> bool {
        self.pending.is_none()
            && message.revision.is_some()
            && self.revision.as_deref() == message.revision.as_deref()
    }
}
