//! What four accounts hear of CMD368: whole lists now and then, and between them a few changes a packet.

use antigravity_core::{Body, Direction, Packet, Timestamp, Transport};
use fastrand::Rng;
use std::fmt::Write;
use std::sync::Arc;

pub const ACCOUNTS: [&str; 4] = ["A", "B", "C", "D"];
pub const START: Timestamp = Timestamp::from_nanos(1_788_865_200_000_000_000);
/// 20,000 packets a second, over all accounts.
pub const APART: i64 = 50_000;
/// Matches of an account: of seven markets each, 960 quotes.
pub const MATCHES: usize = 60;
/// Of an account's packets each of this many is a full of all matches.
pub const FULL_EVERY: usize = 128;
/// Packets of an account until the bodies come again: then all prices are as at the beginning.
const PERIOD: usize = 2048;
/// Commands of a delta.
const COMMANDS: usize = 6;
const ODD_EVEN: usize = 6;

/// Bodies of each account, without their cursors.
#[derive(Debug)]
pub struct Traffic {
    names: Vec<(Arc<str>, Arc<str>)>,
    bodies: Vec<Vec<(bool, String)>>,
    apart: i64,
}

impl Traffic {
    /// Packets that are so many nanoseconds apart.
    pub fn new(apart: i64) -> Self {
        let names = ACCOUNTS.iter().map(|account| ((*account).into(), format!("{account}-cmd368").into()));
        let bodies = (0..ACCOUNTS.len() as u64).map(|seed| bodies(MATCHES, PERIOD, seed));
        Self { names: names.collect(), bodies: bodies.collect(), apart }
    }

    /// When the `n`-th packet is due, from 0.
    pub const fn due(&self, n: u64) -> Timestamp {
        Timestamp::from_nanos(START.nanos() + n as i64 * self.apart)
    }

    /// The `n`-th packet, from 0: accounts in turn, cursors that rise.
    pub fn packet(&self, n: u64) -> Packet {
        let (turn, of) = ((n / 4) as usize, (n % 4) as usize);
        let (full, body) = &self.bodies[of][turn % PERIOD];
        let (account, connection) = &self.names[of];
        packet((account, connection), self.due(n), (*full, turn, body), n + 1)
    }

    pub fn mean_bytes(&self) -> usize {
        self.bodies.iter().flatten().map(|(_, body)| body.len() + CURSOR.len()).sum::<usize>()
            / (PERIOD * ACCOUNTS.len())
    }
}

const CURSOR: &str = "{\"t\":1000000000";

fn packet(
    (account, connection): (&Arc<str>, &Arc<str>),
    at: Timestamp,
    (full, turn, body): (bool, usize, &str),
    seq: u64,
) -> Packet {
    let asked = if full { 1 } else { 3 };
    Packet {
        seq,
        at,
        account: account.clone(),
        connection: connection.clone(),
        page: Some("https://p12.example.com/Member/Index.aspx".into()),
        transport: Transport::Http,
        direction: Direction::Received,
        method: Some("POST".into()),
        url: "https://p12.example.com/Member/BetsView/BetLight/DataOdds.ashx".into(),
        status: Some(200),
        content_type: Some("application/json; charset=utf-8".into()),
        request_body: Some(format!(
            "fc={asked}&m_accType=MY+MR&TimeFilter=0&m_gameType=S_&SystemLanguage=en-US&c=1"
        )),
        event: None,
        body: Body::Text(format!("{{\"t\":{}{body}", 1_000_000_000 + turn)),
    }
}

/// One full of so many matches, as an account hears it first.
pub fn full(matches: usize, turn: usize) -> Arc<Packet> {
    let body = &bodies(matches, 1, 0)[0].1;
    Arc::new(packet((&"A".into(), &"A-cmd368".into()), START, (true, turn, body), turn as u64 + 1))
}

/// Half of the changes are drawn; the other half undoes them.
fn bodies(matches: usize, period: usize, seed: u64) -> Vec<(bool, String)> {
    let mut rng = Rng::with_seed(seed);
    let mut all: Vec<Match> = (0..matches).map(|row| Match::new(row, &mut rng)).collect();
    let mut undo: Vec<(usize, usize, Shown)> = Vec::new();
    let mut bodies = Vec::with_capacity(period);
    for turn in 0..period {
        if turn % FULL_EVERY == 0 {
            let rows: Vec<String> = all.iter().map(Match::row).collect();
            bodies.push((true, format!(",\"a\":true,\"data\":[{}],\"today\":[],\"f\":[]}}", rows.join(","))));
            continue;
        }
        let mut commands = Vec::with_capacity(COMMANDS);
        for _ in 0..COMMANDS {
            let (of, market, shown) = if turn < period / 2 {
                let (of, market) = (rng.usize(0..matches), rng.usize(0..ODD_EVEN));
                (of, market, all[of].markets[market].moved(market, &mut rng))
            } else {
                match undo.pop() {
                    Some(change) => change,
                    None => continue,
                }
            };
            commands.push(all[of].command(market, &shown));
            let before = std::mem::replace(&mut all[of].markets[market], shown);
            if turn < period / 2 {
                undo.push((of, market, before));
            }
        }
        bodies
            .push((false, format!(",\"a\":true,\"data\":[{}],\"today\":[],\"f\":[]}}", commands.join(","))));
    }
    bodies
}

/// A market as it is shown: quarters of its line, hundredths of its prices.
#[derive(Clone, Debug)]
struct Shown {
    quarters: u32,
    prices: [i32; 3],
}

impl Shown {
    /// Prices move; one time in sixteen the line of a total does.
    fn moved(&self, market: usize, rng: &mut Rng) -> Self {
        let quarters =
            if matches!(market, 1 | 3) && rng.u8(0..16) == 0 { rng.u32(4..16) } else { self.quarters };
        Self { quarters, prices: prices(market, rng) }
    }

    fn prices(&self, market: usize) -> impl Iterator<Item = String> {
        let count = if is_result(market) { 3 } else { 2 };
        self.prices.into_iter().take(count).map(|hundredths| {
            let sign = if hundredths < 0 { "-" } else { "" };
            format!("{sign}{}.{:02}", hundredths.abs() / 100, hundredths.abs() % 100)
        })
    }

    fn line(&self) -> String {
        format!("{}.{:02}", self.quarters / 4, self.quarters % 4 * 25)
    }
}

const fn is_result(market: usize) -> bool {
    matches!(market, 4 | 5)
}

fn prices(market: usize, rng: &mut Rng) -> [i32; 3] {
    [(); 3].map(|()| {
        if is_result(market) {
            rng.i32(150..900)
        } else {
            let malay = rng.i32(60..=100);
            if rng.bool() { malay } else { -malay }
        }
    })
}

#[derive(Debug)]
struct Match {
    row: usize,
    /// Handicap, total, the same of the first half, match result, of the first half, odd or even.
    markets: [Shown; 7],
}

impl Match {
    fn new(row: usize, rng: &mut Rng) -> Self {
        let shown = |market: usize, rng: &mut Rng| {
            let quarters = if matches!(market, 1 | 3) { rng.u32(4..16) } else { rng.u32(0..6) };
            Shown { quarters, prices: prices(market, rng) }
        };
        Self { row, markets: std::array::from_fn(|market| shown(market, rng)) }
    }

    const fn id(&self) -> usize {
        25_403_104 + 211 * self.row
    }

    fn command(&self, market: usize, to: &Shown) -> String {
        const PRICES: [u32; 6] = [30, 35, 40, 45, 51, 54];
        let values = to.prices(market).collect::<Vec<_>>().join(",");
        if to.quarters == self.markets[market].quarters {
            format!("[{},1,{},{values},1,1,\"S\"]", self.id(), PRICES[market])
        } else {
            format!("[{},1,{},{},{values},1,1,\"S\"]", self.id(), PRICES[market] - 2, to.line())
        }
    }

    /// The 91 positions of a full.
    fn row(&self) -> String {
        const LINES: [usize; 4] = [10, 12, 14, 16];
        const PRICES: [usize; 7] = [40, 42, 44, 46, 17, 20, 48];
        let mut cells: Vec<String> = vec!["0".to_owned(); 91];
        let row = self.row;
        for (place, text) in [
            (0, self.id().to_string()),
            (3, "16497".to_owned()),
            (7, (row % 3).to_string()),
            (8, (row % 2).to_string()),
            (24, "1".to_owned()),
            (25, "1".to_owned()),
            (34, format!("\"fa97fe7b-13d3-4b03-96db-68aca62dd{row:03}\"")),
            (37, format!("\"KOREA K LEAGUE {}\"", row / 6)),
            (38, format!("\"Home City {row}\"")),
            (39, format!("\"Away Rovers {row}\"")),
            (53, "\"1H 4\"".to_owned()),
            (56, "\"09/08\"".to_owned()),
        ] {
            cells[place] = text;
        }
        for (market, shown) in self.markets.iter().enumerate() {
            if let Some(place) = LINES.get(market) {
                cells[*place] = shown.line();
            }
            for (place, price) in (PRICES[market]..).zip(shown.prices(market)) {
                cells[place] = price;
            }
        }
        (84..=86).for_each(|place| cells[place] = "-999".to_owned());
        let mut out = String::with_capacity(400);
        let _ = write!(out, "[{}]", cells.join(","));
        out
    }
}
