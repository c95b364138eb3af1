//! Kelly stakes.
