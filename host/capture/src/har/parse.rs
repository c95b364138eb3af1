//! Reading a HAR file entry by entry.

use super::collector::{Collector, Entry, is_socket};
use super::entry::{Answered, Asked, PageLoad, SocketMessage, StreamEvent};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::io::Read;

/// Reads a whole HAR file into `collector`.
pub(super) fn read(input: impl Read, collector: &mut Collector) -> serde_json::Result<()> {
    let mut deserializer = serde_json::Deserializer::from_reader(input);
    let found = Root(collector).deserialize(&mut deserializer)?;
    deserializer.end()?;
    if found { Ok(()) } else { Err(serde_json::Error::custom("log.entries is missing")) }
}

/// Reads one object member by member: `$body` sees each key as `$key`.
macro_rules! object_seed {
    ($name:ident, $expects:literal, $value:ty, |$this:ident, $map:ident| $body:block) => {
        impl<'de> DeserializeSeed<'de> for $name<'_> {
            type Value = $value;
            fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<$value, D::Error> {
                deserializer.deserialize_map(self)
            }
        }
        impl<'de> Visitor<'de> for $name<'_> {
            type Value = $value;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($expects)
            }
            fn visit_map<A: MapAccess<'de>>(self, mut $map: A) -> Result<$value, A::Error> {
                let $this = self;
                $body
            }
        }
    };
}

/// Reads one list item by item through `$item`; `null` is an empty list.
macro_rules! list_seed {
    ($name:ident, $expects:literal, |$this:ident, $seq:ident| $body:block) => {
        impl<'de> DeserializeSeed<'de> for $name<'_> {
            type Value = ();
            fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
                deserializer.deserialize_any(self)
            }
        }
        impl<'de> Visitor<'de> for $name<'_> {
            type Value = ();
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($expects)
            }
            fn visit_unit<E>(self) -> Result<(), E> {
                Ok(())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut $seq: A) -> Result<(), A::Error> {
                let $this = self;
                $body
            }
        }
    };
}

struct Root<'a>(&'a mut Collector);
object_seed!(Root, "an object with `log`", bool, |this, map| {
    let mut found = false;
    while let Some(key) = map.next_key::<String>()? {
        if key == "log" {
            found = map.next_value_seed(Log(&mut *this.0))?;
        } else {
            map.next_value::<IgnoredAny>()?;
        }
    }
    Ok(found)
});

struct Log<'a>(&'a mut Collector);
object_seed!(Log, "a log with `entries`", bool, |this, map| {
    let mut found = false;
    while let Some(key) = map.next_key::<String>()? {
        match key.as_str() {
            "entries" => {
                map.next_value_seed(Entries(&mut *this.0))?;
                found = true;
            }
            "pages" => map.next_value_seed(Pages(&mut *this.0))?,
            _ => drop(map.next_value::<IgnoredAny>()?),
        }
    }
    Ok(found)
});

struct Pages<'a>(&'a mut Collector);
list_seed!(Pages, "a list of pages", |this, seq| {
    while let Some(load) = seq.next_element::<PageLoad>()? {
        this.0.load(load);
    }
    Ok(())
});

struct Entries<'a>(&'a mut Collector);
list_seed!(Entries, "a list of entries", |this, seq| {
    while seq.next_element_seed(EntrySeed(&mut *this.0))?.is_some() {}
    Ok(())
});

#[derive(Deserialize)]
#[serde(field_identifier)]
enum EntryKey {
    #[serde(rename = "startedDateTime")]
    Started,
    #[serde(rename = "time")]
    Time,
    #[serde(rename = "request")]
    Request,
    #[serde(rename = "response")]
    Response,
    #[serde(rename = "pageref")]
    Page,
    #[serde(rename = "_resourceType")]
    ResourceType,
    #[serde(rename = "_webSocketMessages")]
    Frames,
    #[serde(rename = "_eventSourceMessages")]
    Events,
    #[serde(other)]
    Other,
}

struct EntrySeed<'a>(&'a mut Collector);
object_seed!(EntrySeed, "an entry", (), |this, map| {
    let collector = this.0;
    collector.begin_entry();
    let (mut started, mut time, mut request, mut response, mut page) = (None, None, None, None, None);
    let mut stream = false;
    while let Some(key) = map.next_key::<EntryKey>()? {
        match key {
            EntryKey::Started => started = Some(map.next_value::<String>()?),
            EntryKey::Time => time = map.next_value::<Option<f64>>()?,
            EntryKey::Request => request = Some(map.next_value::<Asked>()?),
            EntryKey::Response => response = map.next_value::<Option<Answered>>()?,
            EntryKey::Page => page = map.next_value::<Option<String>>()?,
            EntryKey::ResourceType => {
                stream |= map.next_value::<Option<String>>()?.as_deref() == Some("websocket");
            }
            EntryKey::Frames => {
                map.next_value_seed(Frames(&mut *collector))?;
                stream = true;
            }
            EntryKey::Events => map.next_value_seed(Events(&mut *collector))?,
            EntryKey::Other => drop(map.next_value::<IgnoredAny>()?),
        }
    }
    let request: Asked = request.ok_or_else(|| A::Error::missing_field("request"))?;
    let started = started.ok_or_else(|| A::Error::missing_field("startedDateTime"))?;
    stream |= is_socket(&request.url);
    collector.entry(Entry { started, time, request, response, page, stream })
});

struct Frames<'a>(&'a mut Collector);
list_seed!(Frames, "a list of WebSocket messages", |this, seq| {
    let mut part = 0;
    while let Some(frame) = seq.next_element::<SocketMessage>()? {
        this.0.frame(part, frame)?;
        part += 1;
    }
    Ok(())
});

struct Events<'a>(&'a mut Collector);
list_seed!(Events, "a list of server-sent events", |this, seq| {
    let mut part = 0;
    while let Some(event) = seq.next_element::<StreamEvent>()? {
        this.0.event(part, event)?;
        part += 1;
    }
    Ok(())
});
