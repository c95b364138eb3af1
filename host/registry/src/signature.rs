//! Who vouches for a component: a signature as its last section.
//!
//! The section is custom, named `antigravity:signature`, and holds a format byte (1), the 32 bytes of
//! an ed25519 public key, and its 64-byte signature of the SHA-256 of `antigravity:signature:1` followed by
//! all bytes in front of the section. It stands once, in one way of writing only, and nothing follows
//! it: so no byte of a signed file can change.

use crate::key::{Fingerprint, PrivateKey, PublicKey};
use crate::trusted::Trusted;
use sha2::{Digest, Sha256};
use wasmparser::{Parser, Payload};

/// Name of the section.
pub const SECTION: &str = "antigravity:signature";

const FORMAT: u8 = 1;
const DOMAIN: &[u8] = b"antigravity:signature:1";

/// Identifier (custom), length of what follows, length of the name. All lengths take one byte.
const HEAD: [u8; 3] = [0, (1 + SECTION.len() + DATA) as u8, SECTION.len() as u8];
const DATA: usize = 1 + 32 + 64;
const WHOLE: usize = HEAD.len() + SECTION.len() + DATA;

/// Who vouches for a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signer {
    /// A key that the person trusts, by its name there.
    Trusted { name: String, fingerprint: Fingerprint },
    /// Its signature is right, but nobody trusts its key.
    Untrusted(Fingerprint),
    /// It has no signature.
    Nobody,
}

impl Signer {
    /// The key that signed, if one did.
    pub const fn fingerprint(&self) -> Option<Fingerprint> {
        match self {
            Self::Trusted { fingerprint, .. } | Self::Untrusted(fingerprint) => Some(*fingerprint),
            Self::Nobody => None,
        }
    }
}

/// Why nobody vouches for a component, or why its signature cannot be what it seems.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    #[error("it is not signed")]
    Unsigned,
    #[error("it is signed by {0}, a key that is not trusted")]
    Untrusted(Fingerprint),
    #[error("its signature does not fit: it was changed after it was signed")]
    Wrong,
    #[error("it has more than one section `{SECTION}`")]
    Several,
    #[error("its section `{SECTION}` is not the last: something was added after it was signed")]
    NotLast,
    #[error("its section `{SECTION}` is not as it is written by `antigravity adapter sign`")]
    Form,
    #[error("its section `{SECTION}` is of format {0}, and this program knows {FORMAT} only")]
    Format(u8),
    #[error("not a WebAssembly component: {0}")]
    NotAComponent(String),
}

/// Who vouches for a component. With `allow_unsigned` it needs no trusted key; a signature that does
/// not fit is refused also then, because such a file was changed.
///
/// # Errors
/// [`SignatureError`]; never for a reason in `trusted`, where a key that cannot be read counts as not
/// being there.
pub fn verify(bytes: &[u8], trusted: &Trusted, allow_unsigned: bool) -> Result<Signer, SignatureError> {
    let (signed, Some(data)) = split(bytes)? else {
        return if allow_unsigned { Ok(Signer::Nobody) } else { Err(SignatureError::Unsigned) };
    };
    let (key, signature) = (first::<32>(&data[1..])?, first::<64>(&data[33..])?);
    let key = PublicKey::from_bytes(&key).ok_or(SignatureError::Wrong)?;
    if !key.signed(&message(signed), &signature) {
        return Err(SignatureError::Wrong);
    }
    let fingerprint = key.fingerprint();
    match trusted.find(&key) {
        Some(known) => Ok(Signer::Trusted { name: known.name.clone(), fingerprint }),
        None if allow_unsigned => Ok(Signer::Untrusted(fingerprint)),
        None => Err(SignatureError::Untrusted(fingerprint)),
    }
}

/// The component with this key's signature, in place of one that it has.
///
/// # Errors
/// [`SignatureError`] where it is no component, or has a section of this name that is no signature.
pub fn sign(bytes: &[u8], key: &PrivateKey) -> Result<Vec<u8>, SignatureError> {
    let (unsigned, _) = split(bytes)?;
    let mut out = Vec::with_capacity(unsigned.len() + WHOLE);
    out.extend_from_slice(unsigned);
    out.extend_from_slice(&HEAD);
    out.extend_from_slice(SECTION.as_bytes());
    out.push(FORMAT);
    out.extend_from_slice(key.public().as_bytes());
    out.extend_from_slice(&key.sign(&message(unsigned)));
    Ok(out)
}

fn message(signed: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(DOMAIN).chain_update(signed).finalize().into()
}

fn first<const N: usize>(data: &[u8]) -> Result<[u8; N], SignatureError> {
    data.first_chunk().copied().ok_or(SignatureError::Form)
}

/// What is signed, and the signature section's data where there is one.
fn split(bytes: &[u8]) -> Result<(&[u8], Option<&[u8]>), SignatureError> {
    let Some(end) = only_section(bytes)? else { return Ok((bytes, None)) };
    if end != bytes.len() as u64 {
        return Err(SignatureError::NotLast);
    }
    let start = bytes.len().checked_sub(WHOLE).ok_or(SignatureError::Form)?;
    let (signed, section) = bytes.split_at(start);
    let data = section.strip_prefix(&HEAD).and_then(|rest| rest.strip_prefix(SECTION.as_bytes()));
    match data {
        Some(data) if data.first() == Some(&FORMAT) => Ok((signed, Some(data))),
        Some([format, ..]) => Err(SignatureError::Format(*format)),
        _ => Err(SignatureError::Form),
    }
}

/// Where the one section of the name ends, of those that are the component's own.
fn only_section(bytes: &[u8]) -> Result<Option<u64>, SignatureError> {
    let mut ends = Vec::new();
    let mut depth = 0usize;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(|error| SignatureError::NotAComponent(error.to_string()))? {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::CustomSection(section) if depth == 1 && section.name() == SECTION => {
                ends.push(section.range().end);
            }
            _ => {}
        }
    }
    match ends[..] {
        [] => Ok(None),
        [end] => Ok(Some(end)),
        _ => Err(SignatureError::Several),
    }
}
