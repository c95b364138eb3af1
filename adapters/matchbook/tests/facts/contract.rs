//! What the adapter promises.

use antigravity_adapter_matchbook::Matchbook;
use antigravity_sdk::Adapter;
use antigravity_sdk::wit::{Confirmation, Content, HandicapBasis, PriceFormat, Profile};
use serde_json::Value;

#[test]
fn the_contract_is_the_documented_one() {
    let contract = Matchbook::contract();
    assert_eq!((contract.provider.as_str(), contract.profile), ("matchbook", Profile::AutoPush));
    assert_eq!((contract.stale_after_ms, contract.confirms), (15_000, Confirmation::ByQuote));
    assert_eq!(contract.handicap_basis, HandicapBasis::FromKickOff);
    assert_eq!(contract.price_formats, [PriceFormat::Decimal]);
    let read: Vec<_> = contract.endpoints.iter().filter(|e| e.content == Content::Odds).collect();
    assert_eq!(
        read.iter().map(|e| e.name.as_str()).collect::<Vec<_>>(),
        ["events", "event", "markets", "market"]
    );
    assert!(read.iter().all(|endpoint| endpoint.schema.is_some() && endpoint.methods == ["GET"]));
    for schema in contract.endpoints.iter().filter_map(|e| e.schema.as_deref()) {
        serde_json::from_str::<Value>(schema).unwrap();
    }
}
