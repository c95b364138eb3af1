//! A packet: one captured response body, WebSocket frame or server-sent event.

use crate::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    Http,
    #[serde(rename = "websocket")]
    WebSocket,
    Sse,
}

impl Transport {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::WebSocket => "websocket",
            Self::Sse => "sse",
        }
    }
}

/// `Received`: from the provider; `Sent`: a frame that the page sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    Received,
    Sent,
}

impl Direction {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Sent => "sent",
        }
    }
}

/// What a packet carried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    Text(String),
    Bytes(Vec<u8>),
    /// Over the limit of `antigravity_core::packet::MAX_BODY`; only its length in bytes is kept.
    OverLimit(u64),
}

/// Largest body, and body of a request, that is looked into, in bytes.
pub const MAX_BODY: usize = 16 << 20;

impl Body {
    pub const fn empty() -> Self {
        Self::Text(String::new())
    }

    /// Length in bytes, also of a body that was not kept.
    pub const fn len(&self) -> u64 {
        match self {
            Self::Text(text) => text.len() as u64,
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::OverLimit(len) => *len,
        }
    }

    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// One captured body with its request's metadata. What repeats from packet to packet is shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// Rises by one within a capture.
    pub seq: u64,
    pub at: Timestamp,
    pub account: Arc<str>,
    /// Names one socket or page load.
    pub connection: Arc<str>,
    /// Address of the document that made the request.
    pub page: Option<Arc<str>>,
    pub transport: Transport,
    pub direction: Direction,
    pub method: Option<Arc<str>>,
    pub url: Arc<str>,
    pub status: Option<u16>,
    pub content_type: Option<Arc<str>>,
    pub request_body: Option<String>,
    /// Name of the server-sent event.
    pub event: Option<Arc<str>>,
    pub body: Body,
}

impl Packet {
    /// Bytes of what it holds.
    pub fn weight(&self) -> usize {
        let shared = [&self.page, &self.method, &self.content_type, &self.event].into_iter().flatten();
        let kept = match &self.body {
            Body::Text(text) => text.len(),
            Body::Bytes(bytes) => bytes.len(),
            Body::OverLimit(_) => 0,
        };
        let request = self.request_body.as_ref().map_or(0, String::len);
        kept + request + self.url.len() + self.connection.len() + shared.map(|text| text.len()).sum::<usize>()
    }
}
