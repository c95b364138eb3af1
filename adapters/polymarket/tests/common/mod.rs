//! Bodies in the provider's shapes, and what stands as short lines.

#![allow(dead_code)] // each test uses its part

use antigravity_adapter_polymarket::Polymarket;
use antigravity_sdk::Decimal;
use antigravity_sdk::testing::{Input, Reading, Session};

pub fn feed(session: &mut Session<Polymarket>, endpoint: &str, body: &str) -> Reading {
    session.feed(Input { endpoint, url: "https://x.example/", body, ..Input::default() })
}

/// `market [line] selection|runner side level status price@size`, with `!` where it is stale.
pub fn shown(session: &Session<Polymarket>) -> Vec<String> {
    let number = |d: Option<Decimal>| d.map_or("-".to_owned(), |d| d.to_string());
    let line = |q: antigravity_sdk::testing::Quote| {
        let of = q.line.map_or(String::new(), |line| format!(" {line}"));
        let what = q.runner.unwrap_or_else(|| q.selection.to_string());
        let stale = if q.stale { "!" } else { "" };
        let (price, size) = (number(q.price), number(q.size));
        format!("{}{of} {what} {} {} {} {price}@{size}{stale}", q.market, q.side, q.level, q.status)
    };
    session.quotes().map(line).collect()
}

/// A Gamma answer of one event.
pub fn event(id: &str, markets: &str) -> String {
    format!(r#"[{{"id":"{id}","title":"Will it rain?","slug":"rain","markets":[{markets}]}}]"#)
}

/// A Gamma market; `outcomes` is a JSON list, sent within a string as Gamma does.
pub fn market(condition: &str, outcomes: &str, tokens: &[&str], more: &str) -> String {
    let tokens: Vec<_> = tokens.iter().map(|token| format!("\"{token}\"")).collect();
    let quoted = |list: &str| serde_json::Value::from(list).to_string();
    let (outcomes, tokens) = (quoted(outcomes), quoted(&format!("[{}]", tokens.join(", "))));
    format!(
        r#"{{"conditionId":"{condition}","question":"?","outcomes":{outcomes},"clobTokenIds":{tokens}{more}}}"#
    )
}

pub fn book(token: &str, bids: &[(&str, &str)], asks: &[(&str, &str)], at: &str) -> String {
    let side = |levels: &[(&str, &str)]| {
        let levels: Vec<_> =
            levels.iter().map(|(p, s)| format!(r#"{{"price":"{p}","size":"{s}"}}"#)).collect();
        levels.join(",")
    };
    format!(
        r#"{{"event_type":"book","market":"0xaa","asset_id":"{token}","timestamp":"{at}","hash":"h0","bids":[{}],"asks":[{}]}}"#,
        side(bids),
        side(asks)
    )
}

/// A change of one level; `stated` is its hash with the best prices beside it.
pub fn change(
    token: &str,
    side: &str,
    price: &str,
    size: &str,
    stated: Option<(&str, &str, &str)>,
) -> String {
    let stated = stated.map_or(String::new(), |(hash, bid, ask)| {
        format!(r#","hash":"{hash}","best_bid":"{bid}","best_ask":"{ask}""#)
    });
    format!(
        r#"{{"event_type":"price_change","market":"0xaa","timestamp":"101","price_changes":[{{"asset_id":"{token}","price":"{price}","size":"{size}","side":"{side}"{stated}}}]}}"#
    )
}
