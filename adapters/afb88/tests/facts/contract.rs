//! What the adapter promises.

use antigravity_adapter_afb88::Afb88;
use antigravity_sdk::Adapter;
use antigravity_sdk::wit::{Activation, Confirmation, Content, Direction, Profile};
use serde_json::Value;

#[test]
fn the_contract_is_the_documented_one() {
    let contract = Afb88::contract();
    assert_eq!((contract.provider.as_str(), contract.profile), ("afb88", Profile::EventDriven));
    assert_eq!((contract.stale_after_ms, contract.confirms), (75_000, Confirmation::ByConnection));
    assert_eq!(contract.price_formats.len(), 4);
    assert!(matches!(contract.activation, Activation::Navigate(_)));
    assert!(contract.secrets.contains(&"odds: /0/1".to_owned()), "a full's header holds a session id");
    let noise = |name: &str| {
        let endpoint = contract.endpoints.iter().find(|e| e.name == name).unwrap();
        (
            endpoint.content,
            endpoint.direction,
            endpoint.texts.join(" "),
            endpoint.prefix.clone().unwrap_or_default(),
        )
    };
    let text = str::to_owned;
    assert_eq!(noise("heartbeat"), (Content::Heartbeat, Direction::Sent, text("1"), text("")));
    assert_eq!(noise("heartbeat-reply"), (Content::Heartbeat, Direction::Received, text("3"), text("")));
    assert_eq!(noise("subscribe"), (Content::Session, Direction::Sent, text(""), text("01")));
    for schema in contract.endpoints.iter().filter_map(|e| e.schema.as_deref()) {
        serde_json::from_str::<Value>(schema).unwrap();
    }
}
