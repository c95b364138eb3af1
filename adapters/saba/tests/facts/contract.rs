//! What the adapter promises.

use antigravity_adapter_saba::Saba;
use antigravity_sdk::Adapter;
use antigravity_sdk::wit::{Confirmation, Content, HandicapBasis, PriceFormat, Profile, Transport};
use serde_json::Value;

#[test]
fn the_contract_is_the_documented_one() {
    let contract = Saba::contract();
    assert_eq!((contract.provider.as_str(), contract.profile), ("saba", Profile::AutoPush));
    assert_eq!((contract.stale_after_ms, contract.confirms), (60_000, Confirmation::ByConnection));
    assert_eq!(contract.handicap_basis, HandicapBasis::FromNow);
    assert_eq!(contract.price_formats, [PriceFormat::Malay, PriceFormat::Decimal]);
    assert_eq!(contract.endpoints[0].name, "rows");
    let streams: Vec<_> = contract.endpoints.iter().filter(|e| e.transport == Transport::Sse).collect();
    let names: Vec<_> = streams.iter().map(|e| (e.name.as_str(), e.content)).collect();
    assert_eq!(
        names,
        [
            ("keep-alive", Content::Heartbeat),
            ("markets", Content::Odds),
            ("events", Content::Odds),
            ("sports", Content::Session),
            ("leagues", Content::Session),
            ("outrights", Content::Session)
        ]
    );
    for schema in contract.endpoints.iter().filter_map(|e| e.schema.as_deref()) {
        serde_json::from_str::<Value>(schema).unwrap();
    }
}
