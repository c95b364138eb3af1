//! SABA's push: a Socket.IO socket, one frame of rows at a time.
//!
//! ```text
//! 42["m","b14",[
//!   ["c","c0","43a7…"],                                            a cursor, skipped
//!   ["f",0,["type","bettype","matchid","oddsid","oddsstatus",…]],  the field table
//!   [0,"reset"],                                                   a snapshot begins
//!   [0,"l",20,77,21,"Some League"],                                flat index, value pairs
//!   [0,"m",2,5001,20,77,22,"Home FC",23,"Away FC",24,1790000000,25,"T"],
//!   [0,"o",3,9001,2,5001,1,1,4,"running",11,0.95,12,-0.99,13,0.25,14,0],
//!   [0,"done"]                                                     and is whole
//! ],"CrRG"]
//! ```
//!
//! Which number stands for which field is learned from the stream ([`table`]); channels, sockets and
//! snapshots are in [`state`], records in [`record`], what they show in [`book`]. Which page carried the
//! socket is the adapters' to say: `isport` reads it behind a session in the path, `saba` elsewhere.

pub mod book;
pub mod record;
pub mod socket;
pub mod state;
pub mod table;

pub use state::Push;
