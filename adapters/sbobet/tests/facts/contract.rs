//! What the adapter promises.

use antigravity_adapter_sbobet::Sbobet;
use antigravity_sdk::Adapter;
use antigravity_sdk::wit::{Confirmation, HandicapBasis, PriceFormat, Profile};
use serde_json::Value;

#[test]
fn the_contract_is_the_documented_one() {
    let contract = Sbobet::contract();
    assert_eq!((contract.provider.as_str(), contract.profile), ("sbobet", Profile::AutoPush));
    assert_eq!((contract.stale_after_ms, contract.confirms), (60_000, Confirmation::ByQuote));
    assert_eq!(contract.handicap_basis, HandicapBasis::FromNow);
    assert_eq!(contract.price_formats, [PriceFormat::Malay, PriceFormat::Decimal]);
    let [endpoint] = contract.endpoints.as_slice() else { panic!("one endpoint") };
    assert_eq!((endpoint.path.as_str(), endpoint.query.len()), ("**/api/v2/getEvent", 0));
    serde_json::from_str::<Value>(endpoint.schema.as_deref().unwrap()).unwrap();
}
