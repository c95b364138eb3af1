//! ForecastEx: the exchange's daily files, CSV with a line of names.
//!
//! `…/api/download?type=prices&date=20260507`: every contract of the day, YES and NO in rows of their own. 0.00
//! with a quantity of 0 is no trade and no price; the settlement is often blank.
//! ```csv
//! event_contract,subtype,expiration_date,date,start_price,high_price,low_price,end_price,settlement_price,pair_quantity,open_interest,vwap
//! RAIN_0526_12,YES,2026-05-31T15:00:00-05:00,2026-05-07,0.30,0.34,0.30,0.33,0.33,1200,50100,0.32
//! ```
//! `…/api/download?type=pairs&date=20260507`: what was matched, in no order; the fraction of a second has any length.
//! ```csv
//! pair_id,event_contract,expiration_date,quantity,yes_price,no_price,pair_time
//! PX0000000001,RAIN_0526_12,2026-05-31T15:00:00-05:00,100,0.33,0.67,2026-05-07T08:15:30.14906612-05:00
//! ```
//! An error comes with status 200: `{"statusCode":400,"body":…}`.

mod adapter;
mod contracts;
mod csv;
mod files;

pub use adapter::ForecastEx;

antigravity_sdk::export!(ForecastEx);
