//! Keys, and which of them are trusted.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test says what is wrong by failing

mod common;

use antigravity_registry::{Added, PrivateKey, PublicKey, Trusted};
use common::{ALICE, alice, mallory};

fn public() -> String {
    alice().public().to_pem().unwrap()
}

#[test]
fn a_key_is_read_as_it_is_written() {
    assert_eq!(PublicKey::from_pem(&public()).unwrap(), alice().public());
    let windows = format!("\n{}", public().replace('\n', "\r\n"));
    assert_eq!(PublicKey::from_pem(&windows).unwrap(), alice().public());
    assert!(!format!("{:?}", alice()).contains("AQEB"), "nothing of the key");
}

/// What each of them says is where to go on.
#[test]
fn what_is_no_such_key_is_refused() {
    let private = |pem: &str| PrivateKey::from_pem(pem).map(|_| ()).unwrap_err().to_string();
    let read = |pem: &str| PublicKey::from_pem(pem).map(|_| ()).unwrap_err().to_string();
    for text in ["", "key", "-----BEGIN", "\0\0"] {
        assert_eq!((private(text), read(text)), ("not a PEM file".to_owned(), "not a PEM file".to_owned()));
    }
    assert!(
        read(ALICE).starts_with("it is a private key; give its public one: `openssl pkey"),
        "{}",
        read(ALICE)
    );
    assert!(private(&public()).starts_with("it is a public key"));
    let encrypted = ALICE.replace("PRIVATE", "ENCRYPTED PRIVATE");
    assert!(private(&encrypted).starts_with("it is encrypted"));
    assert!(read(&encrypted).starts_with("it is a private key"));
    let certificate = ALICE.replace("PRIVATE KEY", "CERTIFICATE");
    for said in [private(&certificate), read(&certificate)] {
        assert_eq!(said, "not an ed25519 key: CERTIFICATE");
    }
    // On P-256, cut, cut, and on Ed448.
    let p256 = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEr4LIL5XOakq+GMuwJDi+H8Oz1IP5
UbBHBg/Dxn7lE+KxTu+OOlEzGi0RGX8tRnmTGZp5q5bMs2N+fO+M+XJCDA==
-----END PUBLIC KEY-----
";
    let short = public().replace("MCow", "MCo");
    for pem in [p256, &short, &public()[..60], &public().replace("K2Vw", "K2Vx")] {
        assert!(read(pem).starts_with("not an ed25519 key: "), "{pem}: {}", read(pem));
    }
}

#[test]
fn one_file_a_key() {
    let place = tempfile::tempdir().unwrap();
    let directory = place.path().join("data/trusted");
    assert!(Trusted::read(&directory).unwrap().keys.is_empty());
    assert_eq!(Trusted::add(&directory, "alice", &alice().public()).unwrap(), Added::Now);
    let path = directory.join("alice.pem");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), public());
    // The same key has one name, and a name one key.
    let again = Trusted::add(&directory, "al", &alice().public()).unwrap();
    assert_eq!(again, Added::Before("alice".to_owned()));
    let said = Trusted::add(&directory, "alice", &mallory().public()).unwrap_err().to_string();
    assert!(said.starts_with("another key is trusted as `alice` (34750f98bd59fcfc)"), "{said}");
    for name in ["", ".hidden", "-x", "a/b", "..", "a b", "é", &"x".repeat(65)] {
        let said = Trusted::add(&directory, name, &mallory().public()).unwrap_err().to_string();
        assert!(said.starts_with(&format!("`{name}`: a key's name is ")), "{said}");
    }
    assert_eq!(Trusted::add(&directory, "M.2_x-y", &mallory().public()).unwrap(), Added::Now);
    let trusted = Trusted::read(&directory).unwrap();
    let names: Vec<_> = trusted.keys.iter().map(|key| (&*key.name, key.fingerprint())).collect();
    assert_eq!(
        names,
        [("M.2_x-y", mallory().public().fingerprint()), ("alice", alice().public().fingerprint())]
    );
    assert_eq!(Trusted::remove(&directory, "alice").unwrap(), path);
    assert!(!path.exists());
    let said = Trusted::remove(&directory, "alice").unwrap_err().to_string();
    assert_eq!(said, "no key `alice` is trusted");
}

#[cfg(unix)]
#[test]
fn what_is_no_key_vouches_for_nothing() {
    let place = tempfile::tempdir().unwrap();
    Trusted::add(place.path(), "alice", &alice().public()).unwrap();
    std::fs::write(place.path().join("notes.txt"), "not looked at").unwrap();
    std::fs::write(place.path().join("private.pem"), ALICE).unwrap();
    std::fs::write(place.path().join("large.pem"), vec![b'x'; 1 << 20]).unwrap();
    std::fs::create_dir(place.path().join("folder.pem")).unwrap();
    std::os::unix::fs::symlink("loop.pem", place.path().join("loop.pem")).unwrap();
    let pipe = std::process::Command::new("mkfifo").arg(place.path().join("pipe.pem")).status();
    assert!(pipe.unwrap().success());
    let trusted = Trusted::read(place.path()).unwrap();
    assert_eq!(trusted.keys.len(), 1);
    let broken: Vec<_> = trusted.broken.iter().map(ToString::to_string).collect();
    let names = ["folder.pem", "large.pem", "loop.pem", "pipe.pem", "private.pem"];
    assert_eq!(broken.len(), names.len(), "{broken:?}");
    for (said, name) in broken.iter().zip(names) {
        assert!(said.starts_with(&format!("trusted key {}: ", place.path().join(name).display())), "{said}");
    }
}
