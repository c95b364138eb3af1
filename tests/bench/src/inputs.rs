//! Bodies to measure with, made from a seed.

use antigravity_core::{Body, Direction, Packet, Timestamp, Transport};
use antigravity_simulator::{BetfairStream, Shape};
use fastrand::Rng;
use std::fmt::Write;
use std::sync::Arc;

/// Bodies of one kind, with where they come from.
pub struct Input {
    pub name: &'static str,
    pub packets: Vec<Arc<Packet>>,
}

fn packet(seq: u64, url: &str, request: Option<&str>, transport: Transport, body: String) -> Arc<Packet> {
    Arc::new(Packet {
        seq,
        at: Timestamp::from_nanos(1_788_865_200_000_000_000 + seq as i64 * 1_000_000),
        account: "A".into(),
        connection: "c1".into(),
        page: Some("https://book.example/".into()),
        transport,
        direction: Direction::Received,
        method: Some("POST".into()),
        url: url.into(),
        status: Some(200),
        content_type: Some("application/json".into()),
        request_body: request.map(str::to_owned),
        event: None,
        body: Body::Text(body),
    })
}

/// A plain feed with this many odds; each body has other prices.
pub fn feed(name: &'static str, odds: usize, bodies: usize) -> Input {
    let mut rng = Rng::with_seed(7);
    let packets = (0..bodies).map(|n| {
        packet(n as u64, "https://book.example/feed", None, Transport::Http, feed_body(odds, &mut rng))
    });
    Input { name, packets: packets.collect() }
}

fn feed_body(odds: usize, rng: &mut Rng) -> String {
    let mut out = String::from("{\"status\":\"ok\",\"ts\":1788865200123,\"events\":[");
    // Four odds a market pair, eight an event.
    for event in 0..odds.div_ceil(8) {
        let comma = if event > 0 { "," } else { "" };
        let _ = write!(
            out,
            "{comma}{{\"id\":{},\"league\":\"Premier League {}\",\"home\":\"Home Club {event}\",\"away\":\"Away United {event}\",\"start\":\"2026-09-08T18:30:00Z\",\"markets\":[",
            25_000_000 + event,
            event % 5
        );
        for market in 0..4 {
            let (kind, sides) =
                if market % 2 == 0 { ("ah", ["home", "away"]) } else { ("ou", ["over", "under"]) };
            let comma = if market > 0 { "," } else { "" };
            let _ = write!(
                out,
                "{comma}{{\"id\":{},\"type\":\"{kind}\",\"line\":{}.{},\"odds\":[",
                event * 10 + market,
                market,
                [0, 25, 5, 75][market]
            );
            for (i, side) in sides.iter().enumerate() {
                let comma = if i > 0 { "," } else { "" };
                let price = rng.u32(120..450);
                let _ = write!(
                    out,
                    "{comma}{{\"side\":\"{side}\",\"price\":{}.{:02},\"max\":{},\"status\":\"open\",\"oid\":\"s{:09}\",\"updated\":1788865{:06}}}",
                    price / 100,
                    price % 100,
                    rng.u32(100..5000),
                    rng.u32(0..1_000_000_000),
                    rng.u32(0..1_000_000)
                );
            }
            out.push_str("]}");
        }
        out.push_str("]}");
    }
    out.push_str("]}");
    out
}

/// CMD368 fulls of this many rows of 91 positions, with rising cursors.
pub fn cmd368(name: &'static str, rows: usize, bodies: usize) -> Input {
    let mut rng = Rng::with_seed(11);
    let url = "https://p12.example.com/Member/BetsView/BetLight/DataOdds.ashx";
    let request = "fc=1&m_accType=MY+MR&TimeFilter=0&m_gameType=S_&SystemLanguage=en&c=1";
    let packets = (0..bodies).map(|n| {
        let mut out = format!("{{\"t\":{},\"a\":true,\"data\":[", 8_281_247 + n);
        for row in 0..rows {
            if row > 0 {
                out.push(',');
            }
            cmd368_row(row, &mut rng, &mut out);
        }
        out.push_str("],\"today\":[],\"f\":[]}");
        packet(n as u64, url, Some(request), Transport::Http, out)
    });
    Input { name, packets: packets.collect() }
}

fn cmd368_row(row: usize, rng: &mut Rng, out: &mut String) {
    let malay = |rng: &mut Rng| {
        let n = rng.i32(60..=100);
        if rng.bool() {
            format!("{}.{:02}", n / 100, n % 100)
        } else {
            format!("-{}.{:02}", n / 100, n % 100)
        }
    };
    out.push('[');
    for position in 0..91 {
        if position > 0 {
            out.push(',');
        }
        let _ = match position {
            0 => write!(out, "{}", 25_403_104 + row),
            3 => write!(out, "16497"),
            7 | 8 => write!(out, "{}", (row + position) % 3),
            10 | 14 => write!(out, "0.25"),
            12 => write!(out, "2.5"),
            16 => write!(out, "1.25"),
            17..=22 => write!(out, "{}.{:02}", rng.u8(1..9), rng.u8(1..100)),
            24 | 25 => write!(out, "1"),
            34 => write!(out, "\"fa97fe7b-13d3-4b03-96db-68aca62dd7{row:02}\""),
            37 => write!(out, "\"KOREA K LEAGUE {}\"", row / 6),
            38 => write!(out, "\"Home City {row}\""),
            39 => write!(out, "\"Away Rovers {row}\""),
            40..=49 => write!(out, "{}", malay(rng)),
            53 => write!(out, "\"1H 4\""),
            56 => write!(out, "\"09/08\""),
            79 => write!(out, "0"),
            84..=86 => write!(out, "-999"),
            _ => write!(out, "0"),
        };
    }
    out.push(']');
}

/// A Betfair stream whose messages are this long on average, one a frame.
pub fn betfair(name: &'static str, mean_size: usize, messages: u64) -> Input {
    let start = Timestamp::from_nanos(1_788_865_200_000_000_000);
    let shape = Shape { markets: 2, runners: 8, messages, mean_size };
    let frames = BetfairStream::new(3, start, shape);
    let packets = frames.zip(1..).map(|(message, seq)| {
        packet(seq, "wss://stream.example.com/exchange", None, Transport::WebSocket, format!("{message}\r\n"))
    });
    Input { name, packets: packets.collect() }
}
