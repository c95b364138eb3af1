//! Who vouches for a component.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test says what is wrong by failing

mod common;

use antigravity_registry::{PublicKey, SECTION, SignatureError, Signer, Trusted, sign, verify};
use common::{alice, append, component, mallory, read, trusting};
use proptest::prelude::*;

fn plain() -> Vec<u8> {
    component("acme", "1.0.0", b"x")
}

#[test]
fn what_alice_signed_is_hers() {
    let place = tempfile::tempdir().unwrap();
    let trusted = trusting(place.path());
    let signed = sign(&plain(), &alice()).unwrap();
    assert_eq!((&signed[..plain().len()], signed.len()), (&plain()[..], plain().len() + 121));
    let fingerprint = alice().public().fingerprint();
    // SHA-256 of the 32 bytes of the key, as `openssl pkey -pubout -outform DER | tail -c 32 | sha256sum` says.
    assert_eq!(fingerprint.to_string(), "34750f98bd59fcfc");
    for allow in [false, true] {
        let signer = verify(&signed, &trusted, allow).unwrap();
        assert_eq!(signer, Signer::Trusted { name: "alice".to_owned(), fingerprint });
    }
    assert_eq!(read(signed).contract().name(), "acme@1.0.0", "it is a component still");
}

#[test]
fn without_a_trusted_key_it_has_to_be_allowed() {
    let place = tempfile::tempdir().unwrap();
    let trusted = trusting(place.path());
    assert_eq!(verify(&plain(), &trusted, false), Err(SignatureError::Unsigned));
    assert_eq!(verify(&plain(), &trusted, true), Ok(Signer::Nobody));
    let signed = sign(&plain(), &mallory()).unwrap();
    let hers = mallory().public().fingerprint();
    assert_eq!(verify(&signed, &trusted, false), Err(SignatureError::Untrusted(hers)));
    assert_eq!(verify(&signed, &trusted, true), Ok(Signer::Untrusted(hers)));
    // What was trusted is no longer.
    let signed = sign(&plain(), &alice()).unwrap();
    Trusted::remove(place.path(), "alice").unwrap();
    let trusted = Trusted::read(place.path()).unwrap();
    let said = verify(&signed, &trusted, false);
    assert_eq!(said, Err(SignatureError::Untrusted(alice().public().fingerprint())));
}

#[test]
fn signing_again_takes_the_place_of_the_signature() {
    let (hers, his) = (sign(&plain(), &mallory()).unwrap(), sign(&plain(), &alice()).unwrap());
    assert_ne!(hers, his);
    assert_eq!(sign(&hers, &alice()).unwrap(), his);
    assert_eq!(sign(&his, &alice()).unwrap(), his);
}

/// The section's data, to be put where it does not belong.
fn data() -> Vec<u8> {
    let signed = sign(&plain(), &alice()).unwrap();
    signed[signed.len() - 97..].to_vec()
}

#[test]
fn one_signature_and_nothing_behind_it() {
    let place = tempfile::tempdir().unwrap();
    let trusted = trusting(place.path());
    let signed = || sign(&plain(), &alice()).unwrap();
    let check = |bytes: &[u8]| verify(bytes, &trusted, true);
    let mut added = signed();
    append(&mut added, "more", b"");
    assert_eq!(check(&added), Err(SignatureError::NotLast));
    assert_eq!(
        sign(&added, &alice()),
        Err(SignatureError::NotLast),
        "what was added is not vouched for by itself"
    );
    let mut twice = signed();
    append(&mut twice, SECTION, &data());
    assert_eq!(check(&twice), Err(SignatureError::Several));
    assert_eq!(sign(&twice, &alice()), Err(SignatureError::Several));
    let with = |data: &[u8]| {
        let mut bytes = plain();
        append(&mut bytes, SECTION, data);
        bytes
    };
    assert_eq!(check(&with(b"")), Err(SignatureError::Form));
    assert_eq!(check(&with(&data()[..96])), Err(SignatureError::Form));
    assert_eq!(check(&with(&[&data()[..], b"x"].concat())), Err(SignatureError::Form));
    let newer: Vec<u8> = std::iter::once(2).chain(data().into_iter().skip(1)).collect();
    assert_eq!(check(&with(&newer)), Err(SignatureError::Format(2)));
    let nothing: Vec<u8> = std::iter::once(1).chain([0; 96]).collect();
    assert_eq!(check(&with(&nothing)), Err(SignatureError::Wrong));
    // The length of the section, written in two bytes.
    let mut long = signed();
    let start = long.len() - 121;
    long.splice(start + 1..start + 2, [119 | 0x80, 0]);
    assert_eq!(check(&long), Err(SignatureError::Form));
}

/// The key of order 1: anybody can sign anything for it.
#[test]
fn a_key_that_everybody_can_sign_for_is_not_trusted() {
    let pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n-----END PUBLIC KEY-----\n";
    let said = PublicKey::from_pem(pem).unwrap_err().to_string();
    assert_eq!(said, "anybody could sign for it: a weak key");
}

#[test]
fn every_flipped_bit_is_noticed() {
    let place = tempfile::tempdir().unwrap();
    let trusted = trusting(place.path());
    let signed = sign(&plain(), &alice()).unwrap();
    for position in 0..signed.len() {
        for bit in 0..8 {
            let mut bytes = signed.clone();
            bytes[position] ^= 1 << bit;
            assert!(verify(&bytes, &trusted, false).is_err(), "byte {position}, bit {bit}");
        }
    }
}

proptest! {
    /// Whatever is done to a signed component, only itself is Alice's.
    #[test]
    fn any_change_is_noticed(
        noise in prop::collection::vec(any::<u8>(), 0..200),
        cut in any::<prop::sample::Index>(),
        put in prop::collection::vec(any::<u8>(), 0..5),
        gone in 0usize..5,
    ) {
        let place = tempfile::tempdir().unwrap();
        let trusted = trusting(place.path());
        let signed = sign(&component("acme", "1.0.0", &noise), &alice()).unwrap();
        let at = cut.index(signed.len());
        let mut bytes = signed.clone();
        bytes.splice(at..(at + gone).min(signed.len()), put);
        prop_assert_eq!(verify(&bytes, &trusted, false).is_ok(), bytes == signed);
    }
}
