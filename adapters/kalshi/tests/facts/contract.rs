//! What the contract says to the host.

use antigravity_adapter_kalshi::Kalshi;
use antigravity_sdk::Adapter;
use antigravity_sdk::wit::Confirmation;

#[test]
fn hosts_are_not_named_and_schemas_are_json() {
    let contract = Kalshi::contract();
    assert_eq!((contract.provider.as_str(), contract.stale_after_ms), ("kalshi", 30_000));
    assert_eq!(contract.confirms, Confirmation::ByConnection);
    for endpoint in &contract.endpoints {
        let schema: serde_json::Value = serde_json::from_str(endpoint.schema.as_deref().unwrap()).unwrap();
        assert!(schema.is_object(), "{}", endpoint.name);
        assert!(endpoint.path.starts_with("**/"), "{}", endpoint.name);
    }
}
