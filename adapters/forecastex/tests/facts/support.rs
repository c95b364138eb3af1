//! Files in the exchange's shape, and what stands as short lines.

use antigravity_adapter_forecastex::ForecastEx;
use antigravity_sdk::testing::{Input, Quote, Reading, Session};
use antigravity_sdk::{Decimal, time};

pub const PRICES: &str = "event_contract,subtype,expiration_date,date,start_price,high_price,low_price,end_price,settlement_price,pair_quantity,open_interest,vwap";
pub const PAIRS: &str = "pair_id,event_contract,expiration_date,quantity,yes_price,no_price,pair_time";

/// A page that downloads files.
#[derive(Debug, Default)]
pub struct Page {
    session: Session<ForecastEx>,
}

impl Page {
    /// A file that was downloaded on 2026-05-08.
    pub fn file(&mut self, kind: &str, date: &str, body: &str) -> Reading {
        self.file_at("2026-05-08T06:00:00Z", kind, date, body)
    }

    pub fn file_at(&mut self, at: &str, kind: &str, date: &str, body: &str) -> Reading {
        let url = format!("https://x.example/api/download?type={kind}&date={date}");
        let at = time::rfc3339(at).unwrap();
        self.session.feed(Input { endpoint: kind, url: &url, body, at, ..Input::default() })
    }

    /// The prices of 2026-05-07.
    pub fn prices(&mut self, rows: &[String]) -> Reading {
        self.file("prices", "20260507", &file(PRICES, rows))
    }

    pub fn pairs(&mut self, rows: &[String]) -> Reading {
        self.file("pairs", "20260507", &file(PAIRS, rows))
    }

    /// `contract selection side level status price@size`.
    pub fn shown(&self) -> Vec<String> {
        let number = |d: Option<Decimal>| d.map_or("-".to_owned(), |d| d.to_string());
        let line = |q: Quote| {
            let (price, size) = (number(q.price), number(q.size));
            format!("{} {} {} {} {} {price}@{size}", q.market_id, q.selection, q.side, q.level, q.status)
        };
        self.session.quotes().map(line).collect()
    }
}

pub fn file(names: &str, rows: &[String]) -> String {
    let rows: Vec<&str> = std::iter::once(names).chain(rows.iter().map(String::as_str)).collect();
    rows.join("\n") + "\n"
}

/// A row of the prices of 2026-05-07, of a contract that expires at the end of the month.
pub fn price(contract: &str, side: &str, end: &str) -> String {
    price_of(contract, side, end, "12", "2026-05-07", "2026-05-31T15:00:00-05:00")
}

pub fn price_of(contract: &str, side: &str, end: &str, quantity: &str, date: &str, expires: &str) -> String {
    format!("{contract},{side},{expires},{date},0.30,0.90,0.10,{end},,{quantity},50100,0.32")
}

pub fn pair(contract: &str, yes: &str, no: &str, time: &str) -> String {
    format!("PX1,{contract},2026-05-31T15:00:00-05:00,100,{yes},{no},{time}")
}
