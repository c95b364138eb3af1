//! A guest that does what no adapter may do. The body of a packet says what.
//!
//! Between its misdeeds it counts: `count` quotes how many packets this instance has read, so a
//! test sees whether an instance was brought back as it was.

#![cfg(target_arch = "wasm32")]

use antigravity_abi::rows::{EventRow, LineRow, PriceRow};
use antigravity_abi::{
    Decimal, Fate, Market, NO_TEXT, PacketRow, Period, PriceFormat, Reason, Selection, Side, Status, Verdict,
};
use antigravity_sdk::wit::{Answer, Batch, Contract, Guest, Level, Log};
use antigravity_sdk::{Framing, Profile, contract, http};
use std::cell::Cell;

struct Evil;

thread_local! {
    static COUNT: Cell<i32> = const { Cell::new(0) };
    static NAMED: Cell<bool> = const { Cell::new(false) };
}

impl Guest for Evil {
    fn describe() -> Contract {
        contract("evil", "0.1.0", Profile::AutoPush)
            .prices(&[antigravity_sdk::PriceFormat::HongKong])
            .endpoint(http("deeds", "/deeds").framing(Framing::Raw))
            .endpoint(http("careless", "/careless"))
    }

    fn parse(input: Batch) -> Answer {
        let mut answer = Answer {
            verdicts: Vec::new(),
            rows: Vec::new(),
            text: b"evil".to_vec(),
            ends: vec![4],
            logs: Vec::new(),
        };
        for (words, index) in input.packets.as_chunks().0.iter().zip(0..) {
            let packet = PacketRow::read(words);
            let start = packet.body.start as usize;
            let body = &input.bytes[start..start + packet.body.len as usize];
            match packet.endpoint {
                0 => do_deed(std::str::from_utf8(body).unwrap_or(""), index, &mut answer),
                _ => read_carelessly(body, &mut answer),
            }
            COUNT.set(COUNT.get() + 1);
        }
        answer
    }
}

fn verdict(answer: &Answer) -> Verdict {
    Verdict {
        fate: Fate::Parsed,
        reason: Reason::None,
        detail: NO_TEXT,
        rows_end: answer.rows.len() as u32,
        bad_rows: 0,
        snapshot_complete: false,
    }
}

fn do_deed(deed: &str, index: u32, answer: &mut Answer) {
    match deed {
        "count" => count(answer),
        "place" => {
            COUNT.set(index as i32);
            count(answer);
        }
        "spin" => spin(),
        "allocate" => allocate(),
        "recurse" => drop(recurse(1)),
        "panic" => panic!("as told"),
        // An instance that has read five packets panics at the next.
        "panic-when-five" if COUNT.get() >= 5 => panic!("five"),
        "huge-rows" => answer.rows = vec![0; (1 << 20) + 1],
        "huge-text" => answer.text = vec![b'a'; 5 << 20],
        "huge-string" => {
            answer.text = vec![b'a'; 1 << 20];
            answer.ends = vec![1 << 20];
        }
        "bad-utf8" => answer.text = vec![0xc3, 0x28, 0xff, 0xfe],
        "bad-end" => answer.ends = vec![4000],
        "unknown-operation" => answer.rows.push(0xee),
        "cut-row" => answer.rows.push(3),
        "bad-line" => price(7, Selection::Home, answer),
        "bad-text" => event(9, answer),
        "flood" => {
            let log = Log { packet: index, level: Level::Warn, message: 0 };
            answer.logs = vec![log; 100_000];
        }
        "log-of-nobody" => answer.logs.push(Log { packet: 999, level: Level::Info, message: 0 }),
        "no-verdict" => return,
        "two-verdicts" => answer.verdicts.extend(verdict(answer).words()),
        "lying-end" => {
            answer.verdicts.extend(Verdict { rows_end: 12_345, ..verdict(answer) }.words());
            return;
        }
        // It forgets, so that nothing before is needed.
        "complete" => COUNT.set(0),
        _ => {}
    }
    let complete = deed == "complete";
    answer.verdicts.extend(Verdict { snapshot_complete: complete, ..verdict(answer) }.words());
}

/// Takes every body for its own, and every member of it for a price; has no room for long ones.
fn read_carelessly(body: &[u8], answer: &mut Answer) {
    let members = body.iter().filter(|byte| **byte == b':').count();
    assert!(body.len() < 100_000, "too long");
    COUNT.set(members as i32);
    count(answer);
    answer.verdicts.extend(verdict(answer).words());
}

fn event(id: u32, answer: &mut Answer) {
    let (sport, competition, title, home, away, score) = Default::default();
    EventRow { slot: 0, id, sport, competition, title, home, away, score, starts_at: None, in_play: false }
        .write(&mut answer.rows);
}

fn count(answer: &mut Answer) {
    if !NAMED.replace(true) {
        event(0, answer);
        let (runner, other, currency, line, min_stake, max_stake) = Default::default();
        let (market, period) = (Market::Moneyline, Period::FULL_TIME);
        LineRow {
            slot: 0,
            event: 0,
            market,
            period,
            market_id: 0,
            runner,
            other,
            currency,
            line,
            min_stake,
            max_stake,
            scope: 0,
        }
        .write(&mut answer.rows);
    }
    price(0, Selection::Home, answer);
}

fn price(line: u32, selection: Selection, answer: &mut Answer) {
    let value = Decimal::int(COUNT.get() + 1);
    let price = Some((PriceFormat::HongKong, value));
    PriceRow { line, selection, side: Side::Back, level: 1, status: Status::Open, price, size: None }
        .write(&mut answer.rows);
}

fn spin() {
    let mut x = 1u64;
    while x != 0 {
        x = std::hint::black_box(x.wrapping_mul(3) | 1);
    }
}

fn allocate() {
    let mut all = Vec::new();
    loop {
        // Not touched, so that memory runs out before fuel does.
        all.push(std::hint::black_box(Vec::<u8>::with_capacity(1 << 20)));
    }
}

fn recurse(depth: u64) -> [u64; 64] {
    let mut frame = [depth; 64];
    if std::hint::black_box(true) {
        frame = recurse(depth + 1);
        frame[0] += 1;
    }
    std::hint::black_box(frame)
}

const _: () = {
    antigravity_sdk::bindings::export_component!(Evil with_types_in antigravity_sdk::bindings);
};
