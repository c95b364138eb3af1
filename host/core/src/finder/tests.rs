//! Tests of the finder.

mod shapes;
mod world;
