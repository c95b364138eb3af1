//! Running with packets and commands at places of the test's choice.

use antigravity_capture::{CaptureError, Line};
use antigravity_core::{Body, Direction, Packet, Timestamp, Transport};
use antigravity_engine::{
    Clock, Command, Commands, Emit, Fed, Feed, Inbox, Lines, Run, Stage, TrialLimits, commands, run,
};
use antigravity_runtime::Adapter;
use antigravity_tests::{component, loaded, sandbox, variant};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub const ACCOUNTS: [&str; 2] = ["A", "B"];

/// What happens in a run, in order.
pub enum Step {
    /// So many packets.
    Packets(usize),
    Tell(Command),
    /// Packets go on until a trial came to this stage, since something was told.
    Until(Stage),
}

/// A mood of `tests/moody`, as another version.
pub fn moody(version: &str, mood: &str) -> Arc<Adapter> {
    let sandbox = sandbox();
    let built = component(&sandbox, "tests/moody");
    loaded(&sandbox, variant(&built, version, Some(mood)))
}

/// The `n`-th packet of all: accounts in turn, seven events, prices that move.
fn packet(n: usize) -> Packet {
    let (account, event) = (ACCOUNTS[n % 2], n / 2 % 7);
    let price = |shift: usize| format!("{}.{:02}", 1 + (n + shift) % 3, (n * 7 + shift) % 100 + 1);
    let body = json!({"id": event.to_string(), "home": format!("Home {event}"), "away": format!("Away {event}"),
        "odds": [price(0), price(1)]});
    Packet {
        seq: n as u64 + 1,
        at: Timestamp::from_nanos(n as i64 * 1_000_000),
        account: account.into(),
        connection: "c1".into(),
        page: None,
        transport: Transport::Http,
        direction: Direction::Received,
        method: Some("GET".into()),
        url: "https://book.example/feed/moody/all".into(),
        status: Some(200),
        content_type: None,
        request_body: None,
        event: None,
        body: Body::Text(body.to_string()),
    }
}

/// Lines that are written; the feed looks which stages trials came to.
#[derive(Clone, Default)]
struct Out(Arc<Mutex<Written>>);

#[derive(Default)]
struct Written {
    lines: Vec<Value>,
    stages: Vec<Value>,
}

impl Out {
    fn stages(&self) -> usize {
        self.0.lock().unwrap().stages.len()
    }

    fn is_warming(&self) -> bool {
        self.0.lock().unwrap().stages.last().is_some_and(|stage| stage == "warming")
    }

    /// The last line of a trial.
    fn last(&self) -> Option<Value> {
        self.0.lock().unwrap().lines.iter().rfind(|line| line["type"] == "adapter").cloned()
    }

    fn has_come_to(&self, stage: Stage, since: usize) -> bool {
        self.0.lock().unwrap().stages[since..].contains(&serde_json::to_value(stage).unwrap())
    }
}

impl Write for Out {
    /// Whole lines, as they are written.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut written = self.0.lock().unwrap();
        for line in std::str::from_utf8(bytes).unwrap().lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            if line["type"] == "adapter" {
                written.stages.push(line["stage"].clone());
            }
            written.lines.push(line);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Script {
    steps: std::vec::IntoIter<Step>,
    now: Option<Step>,
    commands: Commands,
    out: Out,
    given: usize,
    /// Stages that trials had come to when the last command was given.
    since: usize,
    told_at: usize,
    /// Of a packet and two pauses.
    turn: u8,
}

impl Script {
    fn packet(&mut self) -> Fed {
        self.given += 1;
        Fed::Record(0, Line::Packet(packet(self.given - 1)).into())
    }
}

impl Feed for Script {
    fn next(&mut self) -> Result<Fed, CaptureError> {
        loop {
            match self.now.take().or_else(|| self.steps.next()) {
                None => return Ok(Fed::End),
                Some(Step::Packets(0)) => {}
                Some(Step::Packets(left)) => {
                    self.now = Some(Step::Packets(left - 1));
                    return Ok(self.packet());
                }
                Some(Step::Tell(command)) => {
                    (self.since, self.told_at) = (self.out.stages(), self.given);
                    assert!(self.commands.give(command));
                }
                Some(Step::Until(stage)) if self.out.has_come_to(stage, self.since) => {}
                Some(Step::Until(stage)) => {
                    assert!(
                        self.given < self.told_at + 5_000,
                        "no trial came to {stage:?}: {:#?}",
                        self.out.last()
                    );
                    self.now = Some(Step::Until(stage));
                    // A packet a chunk, so that what is decided is done soon: the first pause ends the chunk, the
                    // second waits.
                    self.turn = (self.turn + 1) % 3;
                    return Ok(if self.turn == 0 {
                        self.packet()
                    } else {
                        Fed::Due(Timestamp::from_nanos(0))
                    });
                }
            }
        }
    }

    fn redacted(&self) -> Vec<bool> {
        vec![true]
    }

    fn truncated(&self, _: usize) -> Option<u64> {
        None
    }
}

/// Time that goes on when it is waited for.
struct Virtual {
    now: AtomicI64,
    out: Out,
}

impl Clock for Virtual {
    fn now(&self) -> Timestamp {
        Timestamp::from_nanos(self.now.load(Ordering::SeqCst))
    }

    fn wait(&self, until: Timestamp, inbox: &Inbox) -> Option<Command> {
        self.now.fetch_max(until.nanos(), Ordering::SeqCst);
        // On a busy machine packets must not outrun the thread that brings a version up to date.
        if self.out.is_warming() { inbox.wait(Duration::from_millis(1)) } else { inbox.take() }
    }
}

pub struct Ran {
    pub lines: Vec<Value>,
    pub packets: usize,
}

impl Ran {
    pub fn of(&self, kind: &str) -> Vec<&Value> {
        self.lines.iter().filter(|line| line["type"] == kind).collect()
    }

    /// The stages that trials came to.
    pub fn stages(&self) -> Vec<&str> {
        self.of("adapter").iter().map(|line| line["stage"].as_str().unwrap()).collect()
    }

    pub fn reason(&self) -> &str {
        self.of("adapter").iter().rev().find_map(|line| line["reason"].as_str()).unwrap_or_default()
    }

    /// All that a person sees, but for which version said it.
    pub fn seen(&self) -> Vec<Value> {
        let all = self.lines.iter().filter(|line| line["type"] != "adapter");
        all.map(|line| {
            let mut line = line.clone();
            line.as_object_mut().unwrap().remove("adapter");
            line
        })
        .collect()
    }
}

/// Runs `first` for both accounts, with these steps.
pub fn ran(first: &Arc<Adapter>, steps: Vec<Step>, limits: TrialLimits, threads: usize) -> Ran {
    let (commands, inbox) = commands();
    let out = Out::default();
    let emit = Emit { quotes: true, board: true, ledger: true, adapters: true, ..Emit::default() };
    let mut lines = Lines::new(out.clone(), emit);
    let feed = Script {
        steps: steps.into_iter(),
        now: None,
        commands,
        out: out.clone(),
        given: 0,
        since: 0,
        told_at: 0,
        turn: 0,
    };
    let provider = &first.contract().provider;
    let bound: Vec<_> = ACCOUNTS.iter().map(|account| ((*account).to_owned(), provider.clone())).collect();
    let (merger, _) = run(
        Run {
            adapters: std::slice::from_ref(first),
            feed: Box::new(feed),
            bound: &bound,
            threads,
            limits,
            inbox,
            clock: Arc::new(Virtual { now: AtomicI64::new(0), out: out.clone() }),
        },
        &mut lines,
    )
    .unwrap();
    let packets = merger.ledger().captured() as usize;
    lines.finish(&merger).unwrap();
    let lines = std::mem::take(&mut out.0.lock().unwrap().lines);
    Ran { lines, packets }
}
