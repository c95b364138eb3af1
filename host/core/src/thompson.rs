//! Thompson sampling.
