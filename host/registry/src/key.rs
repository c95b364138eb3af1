//! ed25519 keys, as `openssl` writes them.

use crate::disk;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePublicKey};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use std::fmt::{self, Display};
use std::path::Path;
use std::str::FromStr;

/// Largest file of a key that is read, in bytes: a key has 120.
const LARGEST: usize = 64 << 10;

/// Short name of a public key: the first eight bytes of its SHA-256, 16 digits in hexadecimal. It is
/// for people; keys are compared whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint([u8; 8]);

impl Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Fingerprint {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let number = u64::from_str_radix(text, 16).ok().filter(|_| digits);
        number.map(|number| Self(number.to_be_bytes())).ok_or("must be 16 digits of 0–9 and a–f")
    }
}

impl serde::Serialize for Fingerprint {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Fingerprint {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Why a file is not the key that is wanted.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error("more than {LARGEST} bytes: not a key")]
    TooLarge,
    #[error("not a PEM file")]
    NotPem,
    #[error("it is a private key; give its public one: `openssl pkey -in KEY.pem -pubout`")]
    Private,
    #[error("it is a public key; signing takes the private one")]
    Public,
    #[error("it is encrypted; `openssl pkey -in KEY.pem` writes it open")]
    Encrypted,
    #[error("not an ed25519 key: {0}")]
    Other(String),
    #[error("anybody could sign for it: a weak key")]
    Weak,
}

/// A key that signatures are verified with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Reads a PEM file (`BEGIN PUBLIC KEY`).
    ///
    /// # Errors
    /// [`KeyError`] where it cannot be read or is something else.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        Self::from_pem(&text(path)?)
    }

    /// As [`read`](Self::read), from the file's text.
    ///
    /// # Errors
    /// [`KeyError`] where it is something else.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        match label(pem) {
            Some("PUBLIC KEY") => {}
            Some(label) if label.ends_with("PRIVATE KEY") => return Err(KeyError::Private),
            Some(label) => return Err(KeyError::Other(label.to_owned())),
            None => return Err(KeyError::NotPem),
        }
        let key = VerifyingKey::from_public_key_pem(pem.trim_start());
        let key = key.map_err(|error| KeyError::Other(error.to_string()))?;
        if key.is_weak() { Err(KeyError::Weak) } else { Ok(Self(key)) }
    }

    pub(crate) fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        VerifyingKey::from_bytes(bytes).ok().map(Self)
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The key as a PEM file, the same text for the same key.
    ///
    /// # Errors
    /// [`KeyError::Other`] where the key has no such form; every ed25519 key has one.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        self.0.to_public_key_pem(LineEnding::LF).map_err(|error| KeyError::Other(error.to_string()))
    }

    pub fn fingerprint(&self) -> Fingerprint {
        let digest: [u8; 32] = Sha256::digest(self.as_bytes()).into();
        let [a, b, c, d, e, f, g, h, ..] = digest;
        Fingerprint([a, b, c, d, e, f, g, h])
    }

    /// Strictly: of each message a key has one signature that counts.
    pub(crate) fn signed(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.0.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }
}

/// A key that components are signed with; wiped from memory when it is dropped.
pub struct PrivateKey(SigningKey);

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PrivateKey").field(&self.public().fingerprint()).finish()
    }
}

impl PrivateKey {
    /// Reads a PEM file (`BEGIN PRIVATE KEY`, PKCS #8).
    ///
    /// # Errors
    /// [`KeyError`] where it cannot be read or is something else.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        Self::from_pem(&text(path)?)
    }

    /// As [`read`](Self::read), from the file's text.
    ///
    /// # Errors
    /// [`KeyError`] where it is something else.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        match label(pem) {
            Some("PRIVATE KEY") => {}
            Some("ENCRYPTED PRIVATE KEY") => return Err(KeyError::Encrypted),
            Some("PUBLIC KEY") => return Err(KeyError::Public),
            Some(label) => return Err(KeyError::Other(label.to_owned())),
            None => return Err(KeyError::NotPem),
        }
        let key = SigningKey::from_pkcs8_pem(pem.trim_start());
        key.map(Self).map_err(|error| KeyError::Other(error.to_string()))
    }

    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

/// What a PEM file says that it holds.
fn label(pem: &str) -> Option<&str> {
    let first = pem.trim_start().lines().next()?;
    first.trim_end().strip_prefix("-----BEGIN ")?.strip_suffix("-----")
}

fn text(path: &Path) -> Result<String, KeyError> {
    let bytes = disk::read(path, LARGEST)?.ok_or(KeyError::TooLarge)?;
    String::from_utf8(bytes).map_err(|_| KeyError::NotPem)
}
