//! Bodies as text: compression undone, UTF-8 checked.

use antigravity_core::Body;
use antigravity_core::packet::MAX_BODY;
use base64::prelude::{BASE64_STANDARD_NO_PAD, Engine as _};
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use std::io::Read;

/// Why a body cannot be turned into text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeProblem {
    #[error("compressed data that does not decompress")]
    Compression,
    #[error("not UTF-8")]
    Charset,
    #[error("not base64")]
    Base64,
}

impl DecodeProblem {
    /// A fixed word, for counting.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compression => "compression",
            Self::Charset => "charset",
            Self::Base64 => "base64",
        }
    }
}

const GZIP: [u8; 2] = [0x1f, 0x8b];

const MARK: char = '\u{feff}';

/// Compression within compression that is undone. Real traffic has one layer; data that decompresses
/// to itself exists.
const LAYERS: usize = 4;

/// The body as text. Undoes gzip and zlib, also gzip in base64 (text that begins with `H4sI`, in lines
/// or in one, padded or not);
/// what comes out over [`MAX_BODY`] is [`Body::OverLimit`] with the bytes read until then. A byte
/// order mark is taken off.
///
/// # Errors
/// [`DecodeProblem`] where it does not decompress or is not UTF-8.
pub fn readable(mut body: Body) -> Result<Body, DecodeProblem> {
    for _ in 0..LAYERS {
        body = match body {
            Body::Text(text) if text.trim_ascii_start().starts_with("H4sI") => match unpacked(&text) {
                Some(bytes) => inflated(MultiGzDecoder::new(&*bytes))?,
                // Text that only begins like compressed data.
                None => return Ok(Body::Text(text)),
            },
            Body::Text(text) if text.starts_with(MARK) => Body::Text(unmarked(text)),
            Body::Bytes(bytes) if is_gzip(&bytes) => inflated(MultiGzDecoder::new(&*bytes))?,
            Body::Bytes(bytes) if is_zlib(&bytes) => match inflated(ZlibDecoder::new(&*bytes)) {
                // `x^` begins zlib data, and ordinary text too.
                Err(problem) => text(bytes).map_err(|_| problem)?,
                Ok(body) => body,
            },
            Body::Bytes(bytes) => text(bytes)?,
            done @ (Body::Text(_) | Body::OverLimit(_)) => return Ok(done),
        };
    }
    Err(DecodeProblem::Compression)
}

/// What base64 stands for, in lines or in one, with its padding or without.
fn unpacked(text: &str) -> Option<Vec<u8>> {
    let letters: Vec<u8> = text.trim_ascii().bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    let padding = letters.iter().rev().take(2).take_while(|&&byte| byte == b'=').count();
    BASE64_STANDARD_NO_PAD.decode(&letters[..letters.len() - padding]).ok()
}

pub(crate) fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&GZIP)
}

pub(crate) fn is_compressed(bytes: &[u8]) -> bool {
    is_gzip(bytes) || is_zlib(bytes)
}

/// RFC 1950: deflate with a window of 32 KiB, and a header whose check holds.
fn is_zlib(bytes: &[u8]) -> bool {
    matches!(bytes, [0x78, flags, ..] if (0x78 * 256 + u32::from(*flags)) % 31 == 0)
}

fn inflated(decoder: impl Read) -> Result<Body, DecodeProblem> {
    let mut bytes = Vec::new();
    let limit = MAX_BODY as u64 + 1;
    decoder.take(limit).read_to_end(&mut bytes).map_err(|_| DecodeProblem::Compression)?;
    if bytes.len() > MAX_BODY { Ok(Body::OverLimit(bytes.len() as u64)) } else { text(bytes) }
}

fn text(bytes: Vec<u8>) -> Result<Body, DecodeProblem> {
    String::from_utf8(bytes).map(Body::Text).map_err(|_| DecodeProblem::Charset)
}

/// Without its byte order marks: however many there are, reading again finds none.
fn unmarked(text: String) -> String {
    text.trim_start_matches(MARK).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::prelude::BASE64_STANDARD;
    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};
    use std::io::Write;

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(data: &[u8], level: u32) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(level));
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn undoes_every_compression() {
        let text = Ok(Body::Text("[1,\"ä\"]".to_owned()));
        let data = "[1,\"ä\"]".as_bytes();
        assert_eq!(readable(Body::Bytes(data.to_vec())), text);
        assert_eq!(readable(Body::Bytes(gzip(data))), text);
        assert_eq!(readable(Body::Text(BASE64_STANDARD.encode(gzip(data)))), text);
        let encoded = BASE64_STANDARD.encode(gzip(data));
        let lines: Vec<_> = encoded.as_bytes().chunks(20).map(|line| String::from_utf8_lossy(line)).collect();
        for packed in [format!(" {encoded}\n"), encoded.trim_end_matches('=').to_owned(), lines.join("\r\n")]
        {
            assert_eq!(readable(Body::Text(packed)), text);
        }
        for level in [0, 1, 6, 9] {
            assert_eq!(readable(Body::Bytes(zlib(data, level))), text, "level {level}");
        }
        let marked = [b"\xef\xbb\xbf", data].concat();
        assert_eq!(readable(Body::Bytes(marked)), text);
        let two = [gzip(&data[..3]), gzip(&data[3..])].concat();
        assert_eq!(readable(Body::Bytes(two)), text);
    }

    #[test]
    fn a_second_time_there_is_nothing_to_undo() {
        let encoded = BASE64_STANDARD.encode(gzip(b"[1]"));
        let done = Ok(Body::Text("[1]".to_owned()));
        assert_eq!(readable(Body::Bytes(encoded.clone().into_bytes())), done, "encoded text as bytes");
        assert_eq!(readable(Body::Bytes(gzip(encoded.as_bytes()))), done);
        assert_eq!(readable(Body::Bytes("\u{feff}\u{feff}[1]".as_bytes().to_vec())), done);
        let mut layers = encoded;
        for _ in 0..LAYERS {
            layers = BASE64_STANDARD.encode(gzip(layers.as_bytes()));
        }
        assert_eq!(readable(Body::Text(layers)), Err(DecodeProblem::Compression));
    }

    #[test]
    fn text_that_begins_like_compressed_data_stays() {
        for text in ["x^2+1", "x\u{1}", "H4sI is how gzip begins in base64"] {
            let body = Body::Bytes(text.as_bytes().to_vec());
            assert_eq!(readable(body), Ok(Body::Text(text.to_owned())));
        }
    }

    #[test]
    fn names_what_is_wrong() {
        let mut broken = gzip(b"some text that is long enough to be compressed");
        broken.truncate(broken.len() - 9);
        assert_eq!(readable(Body::Text(BASE64_STANDARD.encode(&broken))), Err(DecodeProblem::Compression));
        assert_eq!(readable(Body::Bytes(broken)), Err(DecodeProblem::Compression));
        assert_eq!(readable(Body::Bytes(gzip(b"\xc3\x28"))), Err(DecodeProblem::Charset));
        assert_eq!(readable(Body::Bytes(b"caf\xe9".to_vec())), Err(DecodeProblem::Charset));
        assert_eq!(readable(Body::Bytes(vec![0x78, 0x9c, 0xff])), Err(DecodeProblem::Compression));
    }

    #[test]
    fn a_bomb_is_cut_at_the_limit() {
        let bomb = gzip(&vec![b' '; MAX_BODY + 10]);
        assert_eq!(readable(Body::Bytes(bomb)), Ok(Body::OverLimit(MAX_BODY as u64 + 1)));
        let most = gzip(&vec![b' '; MAX_BODY]);
        assert_eq!(readable(Body::Bytes(most)).map(|body| body.len()), Ok(MAX_BODY as u64));
    }
}
