//! What the contract says to the host.

use antigravity_adapter_forecastex::ForecastEx;
use antigravity_sdk::Adapter;
use antigravity_sdk::wit::Framing;

#[test]
fn files_are_known_by_their_address_and_read_as_text() {
    let contract = ForecastEx::contract();
    assert_eq!((contract.provider.as_str(), contract.stale_after_ms), ("forecastex", 86_400_000));
    for endpoint in &contract.endpoints {
        assert_eq!((endpoint.path.as_str(), endpoint.framing), ("**/api/download", Framing::Raw));
        assert_eq!(endpoint.query[0].value.as_deref(), Some(endpoint.name.as_str()));
    }
}
