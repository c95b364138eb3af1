//! What the adapter promises.

use antigravity_adapter_cmd368::Cmd368;
use antigravity_sdk::Adapter;
use antigravity_sdk::wit::{Confirmation, Content, PriceFormat, Profile};
use serde_json::Value;

#[test]
fn the_contract_is_the_documented_one() {
    let contract = Cmd368::contract();
    assert_eq!((contract.provider.as_str(), contract.profile), ("cmd368", Profile::AutoPush));
    assert_eq!((contract.stale_after_ms, contract.confirms), (90_000, Confirmation::ByQuote));
    assert_eq!(contract.price_formats, [PriceFormat::Malay, PriceFormat::Decimal]);
    let noise = |name: &str| contract.endpoints.iter().find(|e| e.name == name).map(|e| e.content);
    assert_eq!(noise("league-filter"), Some(Content::Session));
    assert_eq!(noise("settings"), Some(Content::Session));
    assert_eq!(noise("balance"), Some(Content::Balance));
    assert_eq!(contract.endpoints[1].name, "login");
    for schema in contract.endpoints.iter().filter_map(|e| e.schema.as_deref()) {
        serde_json::from_str::<Value>(schema).unwrap();
    }
}
