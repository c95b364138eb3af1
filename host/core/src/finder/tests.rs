//! Tests of the finder.

mod life;
mod property;
mod reasons;
mod runners;
mod shapes;
mod speed;
mod world;
