//! Versions are tried on live traffic: good ones take over and nobody sees a difference, bad ones never reach
//! the board, and what turns bad later is taken back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test says what is wrong by failing

mod support;

use antigravity_engine::{Command, Stage, TrialLimits};
use serde_json::Value;
use support::{Ran, Step, moody, ran};

/// A script of one trial: what it sees is fixed only by how many packets there were.
fn tried(mood: &str, end: Stage, threads: usize) -> Ran {
    let steady = moody("0.1.0", "steady");
    let steps = vec![
        Step::Packets(50),
        Step::Tell(Command::Try(moody("0.1.1", mood))),
        Step::Until(end),
        Step::Packets(40),
    ];
    ran(&steady, steps, TrialLimits::default(), threads)
}

/// The same packets without a trial.
fn alone(packets: usize) -> Ran {
    let ran = ran(&moody("0.1.0", "steady"), vec![Step::Packets(packets)], TrialLimits::default(), 1);
    assert_eq!(ran.packets, packets);
    ran
}

#[test]
fn a_good_version_takes_over_and_nobody_sees_a_difference() {
    for threads in [1, 3] {
        let ran = tried("steady", Stage::Settled, threads);
        assert_eq!(ran.stages(), ["warming", "shadow", "live", "settled"]);
        assert!(ran.packets > 1_000, "two stages of 500 packets");
        assert_eq!(ran.seen(), alone(ran.packets).seen());
        let adapters: Vec<_> = ran.of("quote").iter().map(|line| line["adapter"].clone()).collect();
        let change = adapters.iter().position(|adapter| adapter == "moody@0.1.1").unwrap();
        assert!(adapters[..change].iter().all(|adapter| adapter == "moody@0.1.0"));
        assert!(adapters[change..].iter().all(|adapter| adapter == "moody@0.1.1"));
        let live = ran.of("adapter")[2];
        assert_eq!((&live["from"], &live["to"]), (&"moody@0.1.0".into(), &"moody@0.1.1".into()));
    }
}

#[test]
fn a_bad_version_never_reaches_the_board() {
    for (mood, reason) in [
        ("traps", "it failed on "),
        ("refuses", "rejected packets: "),
        ("passes", "packets that it says are not its own: "),
        ("drops", "lost coverage: "),
        ("jumps", "price jumps: "),
        ("swaps", "price jumps: "),
    ] {
        let ran = tried(mood, Stage::Refused, 2);
        assert_eq!(ran.stages().last(), Some(&"refused"), "{mood}");
        assert!(ran.reason().starts_with(reason), "{mood}: {}", ran.reason());
        assert_eq!(ran.seen(), alone(ran.packets).seen(), "{mood}");
    }
}

#[test]
fn what_turns_bad_later_is_taken_back() {
    for (mood, reason) in [("breaks", "failed packets: "), ("drifts", "price jumps: ")] {
        let ran = tried(mood, Stage::RolledBack, 2);
        assert_eq!(ran.stages(), ["warming", "shadow", "live", "rolled-back"], "{mood}");
        assert!(ran.reason().starts_with(reason), "{mood}: {}", ran.reason());
        // What stands at the end is as if it had never been; the ledger counts what failed meanwhile.
        let board = |ran: &Ran| -> Vec<Value> {
            let mut lines = ran.seen();
            lines.retain(|line| line["type"] == "board");
            for line in lines.iter_mut().filter_map(Value::as_object_mut) {
                line.retain(|member, _| !["seq", "at", "age_ms"].contains(&member.as_str()));
            }
            lines
        };
        assert_eq!(board(&ran), board(&alone(ran.packets)), "{mood}");
    }
}

#[test]
fn a_hundred_swaps_lose_and_double_nothing() {
    let versions = [moody("0.1.0", "steady"), moody("0.1.1", "steady")];
    let mut steps = vec![Step::Packets(30)];
    for n in 0..100 {
        steps.push(Step::Tell(Command::Try(versions[(n + 1) % 2].clone())));
        steps.push(Step::Until(Stage::Settled));
        steps.push(Step::Packets(n % 5));
    }
    let limits = TrialLimits { packets: 40, ..TrialLimits::default() };
    let ran = ran(&versions[0], steps, limits, 2);
    let live = ran.stages().iter().filter(|stage| **stage == "live").count();
    assert_eq!(live, 100);
    assert_eq!(ran.seen(), alone(ran.packets).seen());
    let ledger = ran.of("ledger")[0];
    assert_eq!((&ledger["captured"], &ledger["parsed"]), (&ran.packets.into(), &ran.packets.into()));
}

#[test]
fn a_swap_during_a_swap_lets_the_first_go() {
    let steady = moody("0.1.0", "steady");
    let steps = vec![
        Step::Packets(50),
        Step::Tell(Command::Try(moody("0.1.1", "steady"))),
        Step::Packets(100),
        Step::Tell(Command::Try(moody("0.1.2", "steady"))),
        Step::Until(Stage::Settled),
    ];
    let ran = ran(&steady, steps, TrialLimits::default(), 2);
    let settled = *ran.of("adapter").last().unwrap();
    assert_eq!((&settled["from"], &settled["to"]), (&"moody@0.1.0".into(), &"moody@0.1.2".into()));
    assert!(ran.stages().contains(&"refused"));
    assert_eq!(ran.seen(), alone(ran.packets).seen());
}
