//! The checker of certificates: recomputes everything with arithmetic of its own.
