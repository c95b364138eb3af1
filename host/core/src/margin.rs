//! Margin removal: fair probabilities from a bookmaker's odds.
