mod aliases;
mod events;
mod names;
mod pairs;
mod proposals;
mod suggestions;

use super::*;

fn team(raw: &str) -> Name {
    normalise(Kind::Team, raw).unwrap()
}
