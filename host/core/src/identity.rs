//! Identity: which names and events of several providers are one.
