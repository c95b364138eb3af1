//! Fixtures within a component, so that it carries its own proof: a custom section with a JSON array
//! of `{"name","packets","expected"}`, compressed with zstd. Anything may be in a component's file:
//! what is read is bounded.

use crate::fixtures::{FixtureCase, Fixtures};
use serde::{Deserialize, Serialize};
use std::io::Read;
use std::path::Path;
use wasm_encoder::{ComponentSection, CustomSection};
use wasmparser::{Parser, Payload};

/// Name of the section.
pub(crate) const SECTION: &str = "antigravity:fixtures";

/// Most bytes of the section.
const COMPRESSED: usize = 1 << 20;
/// Most bytes that it may stand for.
const PLAIN: usize = 32 << 20;
/// Most cases.
const CASES: usize = 1000;
/// Longest name of a case, in bytes.
const NAME: usize = 255;
/// Most memory that decompressing looks back into, as a power of two.
const WINDOW_LOG: u32 = 25;

#[derive(Serialize, Deserialize)]
struct Bundled {
    name: String,
    packets: String,
    expected: String,
}

/// Writes the cases that have an expectation into a component. The same cases give the same bytes.
///
/// # Errors
/// Why they are left out: too many, too large, or not text.
pub(crate) fn write(component: &mut Vec<u8>, fixtures: &Fixtures) -> Result<usize, String> {
    let mut cases = Vec::new();
    for case in &fixtures.cases {
        let Some(expected) = &case.expected else { continue };
        let packets = std::str::from_utf8(&case.packets);
        let packets = packets.map_err(|_| format!("case `{}`: its packets are not text", case.name))?;
        let (name, packets, expected) = (case.name.clone(), packets.to_owned(), expected.clone());
        cases.push(Bundled { name, packets, expected });
    }
    if cases.len() > CASES {
        return Err(format!("{} cases; the limit is {CASES}", cases.len()));
    }
    let json = serde_json::to_vec(&cases).map_err(|e| e.to_string())?;
    if json.len() > PLAIN {
        return Err(format!("{} bytes; the limit is {PLAIN}", json.len()));
    }
    let data = zstd::bulk::compress(&json, 19).map_err(|e| e.to_string())?;
    if data.len() > COMPRESSED {
        return Err(format!("{} bytes compressed; the limit is {COMPRESSED}", data.len()));
    }
    CustomSection { name: SECTION.into(), data: data.into() }.append_to_component(component);
    Ok(cases.len())
}

/// The cases in a component's file, in their order; none where it has no such section.
///
/// # Errors
/// What is wrong with the section.
pub(crate) fn read(component: &[u8]) -> Result<Vec<FixtureCase>, String> {
    let Some(data) = section(component)? else { return Ok(Vec::new()) };
    if data.len() > COMPRESSED {
        return Err(format!("{} bytes; the limit is {COMPRESSED}", data.len()));
    }
    let cases: Vec<Bundled> =
        serde_json::from_slice(&plain(data)?).map_err(|e| format!("not a list of cases: {e}"))?;
    if cases.len() > CASES {
        return Err(format!("{} cases; the limit is {CASES}", cases.len()));
    }
    let mut names = std::collections::BTreeSet::new();
    for case in &cases {
        if case.name.is_empty() || case.name.len() > NAME {
            return Err(format!("the name of a case must have 1 to {NAME} bytes"));
        }
        if !names.insert(&case.name) {
            return Err(format!("two cases are named `{}`", case.name));
        }
    }
    Ok(cases.into_iter().map(unpacked).collect())
}

fn unpacked(Bundled { name, packets, expected }: Bundled) -> FixtureCase {
    let place = Path::new(SECTION).join(&name);
    FixtureCase { name, packets: packets.into_bytes().into(), expected: Some(expected), place }
}

fn section(component: &[u8]) -> Result<Option<&[u8]>, String> {
    let (mut depth, mut found) = (0usize, Vec::new());
    for payload in Parser::new(0).parse_all(component) {
        match payload.map_err(|e| e.to_string())? {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::CustomSection(section) if depth == 1 && section.name() == SECTION => {
                found.push(section.data());
            }
            _ => {}
        }
    }
    match found.as_slice() {
        [] => Ok(None),
        [data] => Ok(Some(data)),
        _ => Err("stands there more than once".to_owned()),
    }
}

fn plain(data: &[u8]) -> Result<Vec<u8>, String> {
    let broken = |e: std::io::Error| format!("not zstd: {e}");
    let mut decoder = zstd::Decoder::with_buffer(data).map_err(broken)?;
    decoder.window_log_max(WINDOW_LOG).map_err(broken)?;
    let mut plain = Vec::new();
    let size = decoder.take(PLAIN as u64 + 1).read_to_end(&mut plain).map_err(broken)?;
    if size > PLAIN {
        return Err(format!("more than {PLAIN} bytes when decompressed"));
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(name: &str, expected: Option<&str>) -> FixtureCase {
        let expected = expected.map(str::to_owned);
        FixtureCase {
            name: name.to_owned(),
            packets: b"{}\n".as_slice().into(),
            expected,
            place: name.into(),
        }
    }

    fn empty() -> Vec<u8> {
        wasm_encoder::Component::new().finish()
    }

    /// A component whose section holds these bytes.
    fn holding(data: &[u8]) -> Vec<u8> {
        let mut component = empty();
        CustomSection { name: SECTION.into(), data: data.into() }.append_to_component(&mut component);
        component
    }

    fn packed(json: &str) -> Vec<u8> {
        holding(&zstd::bulk::compress(json.as_bytes(), 1).unwrap())
    }

    #[test]
    fn what_is_written_is_read() {
        let cases = vec![case("a", Some("x\n")), case("b", None), case("ü", Some(""))];
        let (mut one, mut two) = (empty(), empty());
        let fixtures = Fixtures { cases };
        assert_eq!(write(&mut one, &fixtures), Ok(2), "a case without an expectation proves nothing");
        assert_eq!(write(&mut two, &fixtures), Ok(2));
        assert_eq!(one, two);
        let read = read(&one).unwrap();
        let read: Vec<_> = read.iter().map(|c| (&*c.name, &*c.packets, c.expected.as_deref())).collect();
        assert_eq!(read, [("a", &b"{}\n"[..], Some("x\n")), ("ü", &b"{}\n"[..], Some(""))]);
        assert!(super::read(&empty()).unwrap().is_empty());
    }

    #[test]
    fn what_no_build_writes_is_refused() {
        let bomb = zstd::bulk::compress(&vec![b' '; PLAIN + 1], 1).unwrap();
        let twice = {
            let mut component = packed("[]");
            CustomSection { name: SECTION.into(), data: (&b""[..]).into() }
                .append_to_component(&mut component);
            component
        };
        let one = r#"{"name":"a","packets":"","expected":""}"#;
        for (component, problem) in [
            (holding(b"x"), "not zstd"),
            (holding(&vec![0; COMPRESSED + 1]), "1048577 bytes; the limit is 1048576"),
            (holding(&bomb), "more than 33554432 bytes when decompressed"),
            (packed("{}"), "not a list of cases"),
            (packed(r#"[{"name":"","packets":"","expected":""}]"#), "the name of a case must have 1 to 255"),
            (packed(&format!("[{one},{one}]")), "two cases are named `a`"),
            (twice, "stands there more than once"),
            (packed("[]")[..30].to_vec(), "unexpected end"),
        ] {
            let said = read(&component).unwrap_err();
            assert!(said.contains(problem), "{said}");
        }
    }

    #[test]
    fn what_is_too_large_is_left_out() {
        let mut noise = 1u64;
        let mut large = String::new();
        while large.len() < 3 << 20 {
            noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            large.push_str(&format!("{noise:x}"));
        }
        let mut component = empty();
        let said = write(&mut component, &Fixtures { cases: vec![case("a", Some(&large))] }).unwrap_err();
        assert!(said.ends_with("compressed; the limit is 1048576"), "{said}");
        assert_eq!(component, empty());
    }
}
