//! Tests of the finder.

mod doubt;
mod life;
mod limits;
mod property;
mod reasons;
mod runners;
mod shapes;
mod world;
