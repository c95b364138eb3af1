use super::{Board, Quote, Reader, number, text};
use antigravity_abi::{Decimal, PriceFormat, Status};
use antigravity_core::Packet;
use serde_json::Value;
use std::collections::BTreeMap;

/// By price, or by level: price and size.
type Levels = BTreeMap<Decimal, (Decimal, Decimal)>;

#[derive(Default)]
struct Market {
    definition: Value,
    /// by runner and field
    depth: BTreeMap<(String, String), Levels>,
}

#[derive(Default)]
pub struct Betfair {
    markets: BTreeMap<String, Market>,
}

fn decimal(value: &Value) -> Decimal {
    number(value).unwrap().parse().unwrap()
}

impl Reader for Betfair {
    fn read(&mut self, packet: &Packet) {
        for line in text(packet).split("\r\n").filter(|line| !line.is_empty()) {
            let message: Value = serde_json::from_str(line).unwrap();
            assert_eq!(message["op"], "mcm");
            for change in message["mc"].as_array().into_iter().flatten() {
                self.change(change);
            }
        }
    }

    fn board(&self) -> Board {
        let mut board = Board::new();
        for (id, market) in &self.markets {
            market.quotes(id, &mut board);
        }
        board
    }
}

impl Betfair {
    fn change(&mut self, change: &Value) {
        let market = self.markets.entry(change["id"].as_str().unwrap().to_owned()).or_default();
        if change["img"] == true {
            market.depth.clear();
        }
        if !change["marketDefinition"].is_null() {
            market.definition = change["marketDefinition"].clone();
        }
        for runner in change["rc"].as_array().into_iter().flatten() {
            for field in ["atb", "atl", "batb", "batl", "bdatb", "bdatl"] {
                let levels =
                    market.depth.entry((number(&runner["id"]).unwrap(), field.to_owned())).or_default();
                for entry in runner[field].as_array().into_iter().flatten() {
                    let values: Vec<Decimal> = entry.as_array().unwrap().iter().map(decimal).collect();
                    let (key, price, size) = match values[..] {
                        [price, size] => (price, price, size),
                        [level, price, size] => (level, price, size),
                        _ => panic!("{entry}"),
                    };
                    if size.is_zero() {
                        levels.remove(&key)
                    } else {
                        levels.insert(key, (price, size))
                    };
                }
            }
        }
    }
}

impl Market {
    fn quotes(&self, id: &str, board: &mut Board) {
        let definition = &self.definition;
        let status = match definition["status"].as_str().unwrap() {
            "OPEN" => Status::Open,
            "SUSPENDED" => Status::Suspended,
            _ => return,
        };
        for runner in definition["runners"].as_array().unwrap().iter().filter(|r| r["status"] == "ACTIVE") {
            let runner = number(&runner["id"]).unwrap();
            for (side, fields) in [("back", ["atb", "bdatb", "batb"]), ("lay", ["atl", "bdatl", "batl"])] {
                let standing = |field: &&str| {
                    self.depth.get(&(runner.clone(), (*field).to_owned())).filter(|l| !l.is_empty())
                };
                let Some(field) = fields.iter().find(|field| standing(field).is_some()) else { continue };
                let mut levels: Vec<_> = standing(field).unwrap().values().copied().collect();
                if *field == "atb" {
                    levels.reverse();
                }
                for ((price, size), level) in levels.into_iter().take(3).zip(1..) {
                    let open = status == Status::Open;
                    let market = match definition["marketType"].as_str().unwrap() {
                        "WIN" => "winner".to_owned(),
                        "PLACE" => "place".to_owned(),
                        other => format!("other:{other}"),
                    };
                    let key = (
                        definition["eventId"].as_str().unwrap().to_owned(),
                        id.to_owned(),
                        market,
                        "match".to_owned(),
                        String::new(),
                        "runner".to_owned(),
                        runner.clone(),
                        side.to_owned(),
                        level,
                    );
                    let quote = Quote {
                        status,
                        price: open.then_some((PriceFormat::Decimal, price)),
                        competition: None,
                        home: None,
                        away: None,
                        starts_at: definition["marketTime"].as_str().unwrap().parse().ok(),
                        in_play: definition["inPlay"] == true,
                        score: None,
                        available: open.then_some(size),
                        max_stake: None,
                        gap: false,
                    };
                    board.insert(key, quote);
                }
            }
        }
    }
}
