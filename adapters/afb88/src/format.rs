//! The format of prices: the connection's address says it, the rows do not.

use antigravity_sdk::prelude::*;

/// # Errors
/// Where `accType` is missing or none of MY, HK, EU, ID, and where the address names another sport
/// than soccer (`g` 1), whose rows these are.
pub fn of_connection(packet: &Packet<'_>) -> Result<PriceFormat, Rejection> {
    if let Some(sport) = packet.query("g")
        && sport != "1"
    {
        return Err(reject(Reason::WrongFormat, "g is not 1"));
    }
    let account = packet.query("accType").ok_or_else(|| reject(Reason::WrongFormat, "no accType"))?;
    match account.to_ascii_uppercase().as_str() {
        "ID" => Ok(PriceFormat::Indonesian),
        "MY" => Ok(PriceFormat::Malay),
        "HK" => Ok(PriceFormat::HongKong),
        "EU" => Ok(PriceFormat::Decimal),
        _ => Err(reject(Reason::WrongFormat, "accType is none of MY, HK, EU, ID")),
    }
}
