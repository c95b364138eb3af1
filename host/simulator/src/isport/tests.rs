use super::*;
use crate::fixtures::DEMO;
use antigravity_core::{Body, Direction, Transport};

fn world() -> World {
    World::new(1, "2026-09-08T11:00:00Z".parse().unwrap(), DEMO, 1.0)
}

fn frames(book: &mut Isport, world: &mut World, millis: i64) -> Vec<Traffic> {
    let end = after(world.now(), millis);
    let mut all = Vec::new();
    while book.due() <= end {
        world.advance(book.due());
        all.extend(book.step(world));
    }
    all
}

fn text(traffic: &Traffic) -> &str {
    let Body::Text(text) = &traffic.packet.body else { panic!() };
    text
}

#[test]
fn nothing_stands_before_a_snapshot_is_done() {
    let mut world = world();
    let mut book = Isport::new(&"A".into(), 3, &world, &Plan::default());
    let mut done = 0;
    while done < 2 {
        world.advance(book.due());
        let Some(traffic) = book.step(&world) else { continue };
        let quotes = book.expected(&world).len();
        if text(&traffic).contains("[0,\"done\"]") && !text(&traffic).contains("b872") {
            done += 1;
            assert!(quotes > 0);
        } else if done == 0 {
            assert_eq!(quotes, 0);
        }
    }
}

#[test]
fn each_channel_and_connection_has_its_own_table() {
    let plan = Plan(vec![crate::Switch {
        account: "A".to_owned(),
        provider: Provider::Isport,
        trap: Trap::SocketChange,
        when: crate::When::At(5_000),
    }]);
    let mut world = world();
    let mut book = Isport::new(&"A".into(), 3, &world, &plan);
    let all = frames(&mut book, &mut world, 15_000);
    let declared = |traffic: &Traffic| -> Option<String> {
        let text = text(traffic);
        let start = text.find("[\"f\",0,[\"type\",").filter(|_| !text.contains("b872"))?;
        text[start..].split(']').next().map(str::to_owned)
    };
    let tables: Vec<String> = all.iter().filter_map(declared).collect();
    assert_eq!(tables.len(), 4);
    assert!(tables.iter().enumerate().all(|(n, table)| !tables[..n].contains(table)));
}

#[test]
fn a_rotated_token_withdraws_at_once_and_the_old_one_is_never_seen_again() {
    let mut world = world();
    let mut book = Isport::new(&"B".into(), 3, &world, &Plan::demo());
    let (mut tokens, mut empty) = (Vec::new(), 0);
    let end = after(world.now(), 90_000);
    while book.due() <= end {
        world.advance(book.due());
        let before = book.expected(&world).len();
        let Some(traffic) = book.step(&world) else { continue };
        let socket = traffic.packet.transport == Transport::WebSocket;
        let address = if socket { traffic.packet.page.clone().unwrap() } else { traffic.packet.url.clone() };
        let Some(token) = address.split('?').next().and_then(|path| path.split("/(s(").nth(1)) else {
            continue;
        };
        let token = token.split(')').next().unwrap().to_owned();
        if tokens.last() != Some(&token) {
            assert!(!tokens.contains(&token));
            empty += usize::from(before > 0 && book.expected(&world).is_empty());
            tokens.push(token);
        }
    }
    assert_eq!((tokens.len(), empty), (2, 1));
    assert!(!book.expected(&world).is_empty());
}

#[test]
fn a_new_socket_leaves_the_old_quotes_until_its_snapshot() {
    let mut world = world();
    let mut book = Isport::new(&"A".into(), 3, &world, &Plan::demo());
    frames(&mut book, &mut world, 60_000);
    let mut early = 0;
    for traffic in frames(&mut book, &mut world, 30_000) {
        early += usize::from(traffic.traps.contains(&Trap::SocketChange));
        assert!(!book.expected(&world).is_empty());
    }
    assert_eq!(early, 2);
}

#[test]
fn heartbeats_are_answered() {
    let mut world = world();
    let mut book = Isport::new(&"A".into(), 3, &world, &Plan::default());
    let all = frames(&mut book, &mut world, 120_000);
    let count = |body: &str, direction| {
        all.iter().filter(|t| text(t) == body && t.packet.direction == direction).count()
    };
    assert_eq!((count("2", Direction::Received), count("3", Direction::Sent)), (4, 4));
}
