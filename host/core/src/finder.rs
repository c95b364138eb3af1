//! The finder: which standing quotes together cannot lose.
