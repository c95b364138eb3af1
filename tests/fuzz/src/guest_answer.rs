//! What comes back from a guest: any answer is a fault or usable; a usable one leaves a board that
//! is the sum of its quote lines.

use antigravity_abi::codes::PeriodKind;
use antigravity_abi::rows::{EventRow, LineRow, PriceRow, op, write_scope, write_slot};
use antigravity_abi::{
    Decimal, Fate, Market, NO_TEXT, Period, PriceFormat, Reason, Selection, Side, Status, Verdict,
};
use antigravity_core::Timestamp;
use antigravity_core::answer::{AnswerLimits, Checker, Level, Log, RawAnswer};
use antigravity_core::board::{Board, Change, Changes, Origin, WorkerInfo};
use antigravity_core::contract::{Confirmation, HandicapBasis};
use antigravity_core::quote::QuoteLine;
use arbitrary::{Result, Unstructured};
use std::collections::BTreeMap;

/// Formats that the contract declares.
const FORMATS: [PriceFormat; 2] = [PriceFormat::Malay, PriceFormat::Decimal];

const LIMITS: AnswerLimits = AnswerLimits { rows: 600, text: 400, logs: 4, string: 40 };

pub fn check(data: &[u8]) {
    let mut bytes = Unstructured::new(data);
    let mut board = Board::default();
    let worker = board.worker(WorkerInfo {
        account: "A".into(),
        provider: "p".into(),
        adapter: "p@0.1.0".into(),
        confirms: Confirmation::ByQuote,
        stale_after_ms: 5000,
        handicap_basis: HandicapBasis::FromNow,
        currency: None,
        step: None,
    });
    let (mut checker, mut named) = (Checker::new(LIMITS, &FORMATS), Named::default());
    let mut told = Told::default();
    let mut seq = 0;
    // Where there are no more bytes, every choice is the first.
    while !bytes.is_empty() {
        let Ok((packets, raw)) = answer(&mut bytes, &mut named) else { break };
        let Ok(answer) = checker.check(packets, raw) else {
            // The instance is gone; a fresh one begins to name anew.
            (checker, named) = (Checker::new(LIMITS, &FORMATS), Named::default());
            board.forget_names(worker);
            continue;
        };
        assert_eq!(answer.packets().len(), packets);
        for reading in answer.packets() {
            seq += 1;
            let at = Timestamp::from_nanos(seq * 1_000_000_000);
            let origin = Origin { seq: seq as u64, at, connection: (seq % 3) as u32 };
            match reading.verdict.fate {
                Fate::Parsed if reading.all_bad() => {
                    board.distrust(worker, origin, &answer, reading, &mut told)
                }
                Fate::Parsed => board.apply(worker, origin, &answer, reading, &mut told),
                _ => board.learn_names(worker, origin, &answer, reading, &mut told),
            }
            match seq % 11 {
                7 => board.bar(worker, Some((seq % 3) as u32), origin, &mut told),
                8 => board.gap(worker, None, &mut told),
                9 => board.remove_all(worker, origin, &mut told),
                _ => {}
            }
        }
        for log in answer.logs() {
            assert!(answer.text(log.message).len() <= LIMITS.string);
        }
    }
    let now = Timestamp::from_nanos(seq * 1_000_000_000);
    let mut stands = BTreeMap::new();
    for line in board.board_lines(now) {
        let (key, value) = keyed(&line);
        assert!(stands.insert(key.clone(), value).is_none(), "{key} stands twice");
    }
    assert_eq!(stands, told.0, "the board is the sum of its quote lines");
}

/// What tells a quote from all others, and what is said of it.
fn keyed(line: &QuoteLine<'_>) -> (String, String) {
    let size = line.line.map(|line| line.normalized().to_string());
    let key = format!(
        "{:?} {:?} {} {} {size:?} {} {:?} {} {}",
        line.event_id,
        line.market_id,
        line.market,
        line.period,
        line.selection,
        line.runner,
        line.side,
        line.level
    );
    let price = line.price.map(|price| (price.0.format(), price.0.value().to_string()));
    if let Some((format, _)) = &price {
        let value = line.price.map(|price| price.0.value());
        assert!(FORMATS.contains(format) && value.is_some_and(|value| format.contains(value)), "{line:?}");
    }
    assert!(line.status != Status::Open || price.is_some(), "open without a price: {line:?}");
    assert!((1..=3).contains(&line.level));
    (key, format!("{} {price:?} {:?}", line.status, line.available.map(|size| size.to_string())))
}

/// What stands by the quote lines alone.
#[derive(Default)]
struct Told(BTreeMap<String, String>);

impl Changes for Told {
    fn changed(&mut self, board: &Board, change: Change) {
        let line = board.quote_line(change.quote);
        let (key, value) = keyed(&line);
        if line.status == Status::Removed {
            self.0.remove(&key);
        } else {
            self.0.insert(key, value);
        }
    }
}

/// What an instance has named so far, so that most rows are sound.
#[derive(Default)]
struct Named {
    events: u32,
    lines: Vec<Market>,
}

/// How many packets were handed over, and the answer.
fn answer(bytes: &mut Unstructured<'_>, named: &mut Named) -> Result<(usize, RawAnswer)> {
    let packets = bytes.int_in_range(1..=3)?;
    let mut raw = RawAnswer::default();
    for text in ["id", "a", "Ørn", ""] {
        raw.text.extend_from_slice(text.as_bytes());
        raw.ends.push(raw.text.len() as u32);
    }
    if bytes.ratio(1, 16)? {
        raw.text.extend(bytes.arbitrary::<Vec<u8>>()?);
        raw.ends.push(bytes.arbitrary()?);
    }
    for _ in 0..packets {
        for _ in 0..bytes.int_in_range(0..=12)? {
            row(bytes, named, &mut raw.rows)?;
        }
        let verdict = Verdict {
            fate: *bytes.choose(&[
                Fate::Parsed,
                Fate::Parsed,
                Fate::Parsed,
                Fate::Ignored,
                Fate::Rejected,
                Fate::NotMine,
            ])?,
            reason: Reason::None,
            detail: if bytes.ratio(1, 32)? { bytes.arbitrary()? } else { NO_TEXT },
            rows_end: if bytes.ratio(1, 64)? { bytes.arbitrary()? } else { raw.rows.len() as u32 },
            bad_rows: bytes.int_in_range(0..=1)?,
            snapshot_complete: bytes.arbitrary()?,
        };
        raw.verdicts.extend(verdict.words());
    }
    if bytes.ratio(1, 16)? {
        let (packet, message) = (bytes.int_in_range(0..=3)?, bytes.int_in_range(0..=5)?);
        raw.logs.push(Log { packet, level: Level::Info, message });
    }
    let lie = usize::from(bytes.ratio(1, 64)?);
    Ok((packets + lie, raw))
}

fn row(bytes: &mut Unstructured<'_>, named: &mut Named, out: &mut Vec<u64>) -> Result<()> {
    match bytes.int_in_range(0..=15)? {
        0 | 1 => event(bytes, named)?.write(out),
        2..=4 => line(bytes, named)?.write(out),
        5 => write_slot(op::REMOVE_LINE, slot(bytes, named.lines.len())?, out),
        6 => write_slot(op::REMOVE_EVENT, slot(bytes, named.events as usize)?, out),
        7 => write_scope(op::SNAPSHOT_BEGIN, bytes.int_in_range(0..=2)?, out),
        8 => write_scope(op::SNAPSHOT_END, bytes.int_in_range(0..=2)?, out),
        9 => match bytes.int_in_range(0..=7)? {
            0 => out.push(u64::from(op::REMOVE_ALL)),
            1 => write_scope(op::GAP, bytes.int_in_range(0..=2)?, out),
            2 => out.push(bytes.arbitrary()?),
            _ => price(bytes, named)?.write(out),
        },
        _ => price(bytes, named)?.write(out),
    }
    Ok(())
}

/// A number that was named, seldom another.
fn slot(bytes: &mut Unstructured<'_>, known: usize) -> Result<u32> {
    if known == 0 || bytes.ratio(1, 64)? {
        return bytes.int_in_range(0..=9);
    }
    Ok(bytes.int_in_range(0..=known - 1)? as u32)
}

fn text(bytes: &mut Unstructured<'_>) -> Result<Option<u32>> {
    Ok(if bytes.arbitrary()? { Some(bytes.int_in_range(0..=3)?) } else { None })
}

fn decimal(bytes: &mut Unstructured<'_>) -> Result<Option<Decimal>> {
    let (mantissa, scale) = (bytes.int_in_range(-400..=400)?, bytes.int_in_range(0..=2)?);
    Ok(if bytes.ratio(1, 8)? { None } else { Decimal::new(mantissa, scale) })
}

fn event(bytes: &mut Unstructured<'_>, named: &mut Named) -> Result<EventRow> {
    let slot = if bytes.ratio(1, 4)? { slot(bytes, named.events as usize)? } else { named.events };
    named.events = named.events.max(slot.saturating_add(1)).min(named.events + 1);
    Ok(EventRow {
        slot,
        id: bytes.int_in_range(0..=3)?,
        sport: text(bytes)?,
        competition: text(bytes)?,
        title: text(bytes)?,
        home: text(bytes)?,
        away: text(bytes)?,
        score: text(bytes)?,
        starts_at: bytes.arbitrary()?,
        in_play: bytes.arbitrary()?,
    })
}

fn line(bytes: &mut Unstructured<'_>, named: &mut Named) -> Result<LineRow> {
    let known = named.lines.len();
    let again = known > 0 && bytes.ratio(1, 4)?;
    let slot = if again { slot(bytes, known)? } else { known as u32 };
    let market = match named.lines.get(slot as usize) {
        Some(market) if !bytes.ratio(1, 32)? => *market,
        _ => *bytes.choose(Market::ALL)?,
    };
    if slot as usize == known {
        named.lines.push(market);
    }
    let kind = *bytes.choose(PeriodKind::ALL)?;
    let line = decimal(bytes)?;
    Ok(LineRow {
        slot,
        event: self::slot(bytes, named.events as usize)?,
        market,
        period: Period::new(kind, bytes.int_in_range(0..=2)?).unwrap_or(Period::FULL_TIME),
        market_id: bytes.int_in_range(0..=3)?,
        runner: text(bytes)?.filter(|_| matches!(market, Market::Winner | Market::Place | Market::Other)),
        other: if market == Market::Other { Some(bytes.int_in_range(0..=3)?) } else { None },
        currency: text(bytes)?,
        line: if market.needs_line() { line.or(Some(Decimal::ZERO)) } else { None },
        min_stake: decimal(bytes)?.map(Decimal::abs),
        max_stake: decimal(bytes)?.map(Decimal::abs),
        scope: bytes.int_in_range(0..=2)?,
    })
}

fn price(bytes: &mut Unstructured<'_>, named: &Named) -> Result<PriceRow> {
    let line = slot(bytes, named.lines.len())?;
    let selections = named.lines.get(line as usize).map_or(Selection::ALL, |market| market.selections());
    let format = *bytes.choose(&[
        PriceFormat::Malay,
        PriceFormat::Decimal,
        PriceFormat::Decimal,
        PriceFormat::American,
    ])?;
    Ok(PriceRow {
        line,
        selection: *bytes.choose(selections)?,
        side: *bytes.choose(Side::ALL)?,
        level: bytes.int_in_range(1..=3)?,
        status: *bytes.choose(Status::ALL)?,
        price: decimal(bytes)?.map(|value| (format, value)),
        size: decimal(bytes)?,
    })
}
