use super::{Board, EventFields, Reader, f64_of, number, text};
use antigravity_abi::{Decimal, PriceFormat};
use antigravity_core::{Direction, Packet, Timestamp, Transport};
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Default)]
pub struct Afb88 {
    /// by list, then by odds id
    rows: BTreeMap<String, BTreeMap<String, Vec<Value>>>,
    leagues: BTreeMap<String, String>,
    starts: BTreeMap<String, Timestamp>,
}

impl Reader for Afb88 {
    fn read(&mut self, packet: &Packet) {
        if packet.transport != Transport::WebSocket || packet.direction != Direction::Received {
            return;
        }
        assert!(packet.url.contains("/fnOddsGen?") && packet.url.contains("accType=ID"));
        let frame: Value = serde_json::from_str(text(packet)).unwrap();
        let Some(frame) = frame.as_array() else { return };
        let list = frame[0][2].as_str().unwrap().to_owned();
        let rows = self.rows.entry(list).or_default();
        if frame[0][0] == 1 {
            rows.clear();
        }
        let part = |place: usize| frame.get(place).and_then(Value::as_array).into_iter().flatten();
        for id in part(2) {
            rows.remove(&number(id).unwrap());
        }
        for league in part(3) {
            let (head, added) = match &league[0] {
                Value::Array(head) => (head.as_slice(), &league[1]),
                _ => (league.as_array().unwrap().as_slice(), &league[4]),
            };
            self.leagues.insert(number(&head[0]).unwrap(), head[1].as_str().unwrap().to_owned());
            for row in added.as_array().unwrap() {
                rows.insert(number(&row[0]).unwrap(), row.as_array().unwrap().clone());
            }
        }
        for row in part(4) {
            rows.insert(number(&row[0]).unwrap(), row.as_array().unwrap().clone());
        }
        for patch in part(5) {
            let row = rows.get_mut(&number(&patch[0]).unwrap()).unwrap();
            for (place, value) in patch[1].as_array().unwrap().iter().zip(patch[2].as_array().unwrap()) {
                row[place.as_u64().unwrap() as usize] = value.clone();
            }
        }
        for row in rows.values() {
            let date = row[55].as_str().unwrap();
            if date.len() > 10 {
                let start = format!("{}+08:00", date.replace(' ', "T")).parse().unwrap();
                self.starts.insert(event_id(row), start);
            }
        }
    }

    fn board(&self) -> Board {
        let mut board = Board::new();
        for (list, rows) in &self.rows {
            for row in rows.values() {
                assert!([63, 64].contains(&row.len()));
                self.row(list == "r", row, rows.values(), &mut board);
            }
        }
        board
    }
}

fn event_id(row: &[Value]) -> String {
    assert!(row[62] == row[11] && row.get(63).is_none_or(|away| *away == row[12]));
    format!("{}_{}_{}", row[61], row[11], row[12])
}

/// The digits with the point one place further left.
fn scaled(value: &Value) -> Option<Decimal> {
    let text = number(value)?;
    if text == "0" { None } else { text.parse::<Decimal>().unwrap().shifted_left(1) }
}

impl Afb88 {
    fn row<'a>(
        &self,
        running: bool,
        row: &[Value],
        mut others: impl Iterator<Item = &'a Vec<Value>>,
        board: &mut Board,
    ) {
        let id = event_id(row);
        let named = others.find(|other| event_id(other) == id && other[13] != "").unwrap();
        let event = EventFields {
            starts_at: self.starts.get(&id).copied(),
            id,
            competition: self.leagues.get(&number(&row[61]).unwrap()).cloned(),
            home: named[13].as_str().map(str::to_owned),
            away: named[14].as_str().map(str::to_owned),
            in_play: running,
            score: running.then(|| format!("{}-{}", row[17], row[18])),
            ..EventFields::default()
        };
        let odds = number(&row[0]).unwrap();
        for (period, open, gives, lines, prices, odd, three) in
            [("full-time", 8, 9, 22, 24, 28, 30), ("first-half", 37, 38, 39, 41, 45, 47)]
        {
            let open = row[open] == 1;
            let price = |place: usize| scaled(&row[place]).filter(|_| open);
            let given = |places: std::ops::Range<usize>| places.into_iter().any(|place| row[place] != 0);
            let line = |place: usize| f64_of(&row[place]).unwrap();
            if line(lines) != 0.0 || given(prices..prices + 2) {
                let sign = if row[gives] == 1 { -1.0 } else { 1.0 };
                let two = [("home", price(prices)), ("away", price(prices + 1))];
                let key = (&*odds, "asian-handicap", period);
                event.market(board, key, Some(sign * line(lines)), PriceFormat::Indonesian, &two);
            }
            if line(lines + 1) != 0.0 || given(prices + 2..prices + 4) {
                let two = [("over", price(prices + 2)), ("under", price(prices + 3))];
                event.market(
                    board,
                    (&odds, "total", period),
                    Some(line(lines + 1)),
                    PriceFormat::Indonesian,
                    &two,
                );
            }
            if given(odd..odd + 2) {
                let two = [("odd", price(odd)), ("even", price(odd + 1))];
                event.market(board, (&odds, "odd-even", period), None, PriceFormat::Indonesian, &two);
            }
            if given(three..three + 3) {
                let plain =
                    |place: usize| number(&row[place]).filter(|_| open).map(|text| text.parse().unwrap());
                let prices = [("home", plain(three)), ("draw", plain(three + 1)), ("away", plain(three + 2))];
                event.market(board, (&odds, "match-result", period), None, PriceFormat::Decimal, &prices);
            }
        }
    }
}
