use super::{Board, EventFields, Reader, f64_of, number, text};
use antigravity_abi::{Decimal, PriceFormat};
use antigravity_core::{Packet, Timestamp};
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Default)]
pub struct Cmd368 {
    rows: BTreeMap<String, Vec<Value>>,
    cursor: i64,
    host: String,
    gap: bool,
    fresh: bool,
    year: String,
    starts: BTreeMap<String, Timestamp>,
}

impl Reader for Cmd368 {
    fn read(&mut self, packet: &Packet) {
        if !packet.url.to_lowercase().ends_with("/member/betsview/betlight/dataodds.ashx") {
            return;
        }
        let form = packet.request_body.as_deref().unwrap();
        let field =
            |name: &str| form.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}="))).unwrap();
        assert!(field("m_accType").contains("MY"));
        let fc: u32 = field("fc").parse().unwrap();
        let host = packet.url.split('/').nth(2).unwrap();
        if host != self.host {
            self.host = host.to_owned();
            self.fresh = true;
        }
        let Ok(reply) = serde_json::from_str::<Value>(text(packet)) else { return };
        let t: i64 = number(&reply["t"]).unwrap().parse().unwrap();
        if reply["a"] == Value::Bool(false) {
            self.gap = true;
            self.fresh = true;
            return;
        }
        let full = [1, 2, 4, 6].contains(&fc);
        if t <= self.cursor && !(full && self.fresh) {
            return;
        }
        self.cursor = t;
        self.year = packet.at.to_string()[..4].to_owned();
        let rows = ["data", "today"].into_iter().flat_map(|list| reply[list].as_array().unwrap());
        if full {
            (self.gap, self.fresh) = (false, false);
            self.rows.clear();
            for row in rows.map(|row| row.as_array().unwrap()).filter(|row| row.len() < 128) {
                assert_eq!(row.len(), 91);
                let id = number(&row[0]).unwrap();
                if row[25] == 0 {
                    self.starts.insert(id.clone(), self.kickoff(row));
                }
                self.rows.insert(id, row.clone());
            }
        } else {
            rows.for_each(|row| self.delta(row.as_array().unwrap()));
        }
    }

    fn board(&self) -> Board {
        let mut board = Board::new();
        for (id, row) in &self.rows {
            self.event(id, row, &mut board);
        }
        board
    }
}

impl Cmd368 {
    fn delta(&mut self, delta: &[Value]) {
        let Some(row) = self.rows.get_mut(&number(&delta[0]).unwrap()) else { return };
        let mut set = |places: &[usize]| {
            for (offset, place) in places.iter().enumerate() {
                row[*place] = delta[3 + offset].clone();
            }
        };
        match delta[2].as_u64().unwrap() {
            28 => set(&[10, 40, 41]),
            30 => set(&[40, 41]),
            33 => set(&[12, 42, 43]),
            35 => set(&[42, 43]),
            38 => set(&[14, 44, 45]),
            40 => set(&[44, 45]),
            43 => set(&[16, 46, 47]),
            45 => set(&[46, 47]),
            51 => set(&[17, 18, 19]),
            54 => set(&[20, 21, 22]),
            other => panic!("command {other}"),
        }
    }

    fn event(&self, id: &str, row: &[Value], board: &mut Board) {
        let running = row[25] == 1;
        let name = |place: usize| row[place].as_str().map(str::to_owned);
        let event = EventFields {
            id: id.to_owned(),
            competition: name(37),
            home: name(38),
            away: name(39),
            starts_at: self.starts.get(id).copied(),
            in_play: running,
            score: running.then(|| format!("{}-{}", row[7], row[8])),
            max_stake: None,
            gap: self.gap,
        };
        let price = |place: usize| -> Option<Decimal> {
            let text = number(&row[place])?;
            if text == "-999" { None } else { text.parse().ok() }
        };
        let gives = if row[24] == 1 { -1.0 } else { 1.0 };
        for (first, period) in [(0, "full-time"), (4, "first-half")] {
            let market = |name: &str| format!("{id}-{name}");
            if let Some(line) = f64_of(&row[10 + first]) {
                let prices = [("home", price(40 + first)), ("away", price(41 + first))];
                let key = (&*market("asian-handicap"), "asian-handicap", period);
                event.market(board, key, Some(gives * line), PriceFormat::Malay, &prices);
            }
            if let Some(line) = f64_of(&row[12 + first]) {
                let prices = [("over", price(42 + first)), ("under", price(43 + first))];
                event.market(
                    board,
                    (&market("total"), "total", period),
                    Some(line),
                    PriceFormat::Malay,
                    &prices,
                );
            }
            let three = 17 + 3 * usize::from(first > 0);
            if !row[three].is_null() && row[55] == 0 {
                // home, away, draw
                let prices = [("home", price(three)), ("away", price(three + 1)), ("draw", price(three + 2))];
                let key = (&*market("match-result"), "match-result", period);
                event.market(board, key, None, PriceFormat::Decimal, &prices);
            }
        }
        if !row[48].is_null() {
            let prices = [("odd", price(48)), ("even", price(49))];
            let key = (&*format!("{id}-odd-even"), "odd-even", "full-time");
            event.market(board, key, None, PriceFormat::Malay, &prices);
        }
    }

    fn kickoff(&self, row: &[Value]) -> Timestamp {
        let date = row[56].as_str().unwrap().replace('/', "-");
        format!("{}-{date}T{}:00+08:00", self.year, row[53].as_str().unwrap()).parse().unwrap()
    }
}
