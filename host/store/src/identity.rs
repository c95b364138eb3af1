//! Names and events: what a person confirmed and rejected, and what the last run saw.

mod answers;
mod rejections;
mod seen;

pub use answers::Confirmed;
pub use rejections::Rejected;
pub use seen::KeptProposal;

use crate::schema::Table;

/// The tables of version 1. Times are RFC 3339, names in normal form as they are printed, providers in
/// lower case; `suggestion` is the number of the suggestion that was answered, null where the answer was
/// given in words.
pub(crate) const TABLES: &[Table] = &[
    // A provider's name and the one it stands for.
    Table {
        name: "identity_alias",
        key: &[("provider", "TEXT NOT NULL"), ("kind", "TEXT NOT NULL"), ("from_text", "TEXT NOT NULL")],
        columns: &[
            ("to_text", "TEXT NOT NULL DEFAULT ''"),
            ("confirmed_at", "TEXT NOT NULL DEFAULT ''"),
            ("suggestion", "INTEGER"),
        ],
        constraints: "PRIMARY KEY (provider, kind, from_text)",
    },
    // Two providers' events that are one, the smaller first.
    Table {
        name: "identity_link",
        key: PAIR,
        columns: &[("confirmed_at", "TEXT NOT NULL DEFAULT ''"), ("suggestion", "INTEGER")],
        constraints: "PRIMARY KEY (provider_a, event_a, provider_b, event_b)",
    },
    // Two providers' names (`kind` says of what) or events (`kind` is `event`) that are not one, the
    // smaller first. An empty `provider_a`: whichever provider.
    Table {
        name: "identity_rejected",
        key: &[
            ("kind", "TEXT NOT NULL"),
            ("provider_a", "TEXT NOT NULL"),
            ("a", "TEXT NOT NULL"),
            ("provider_b", "TEXT NOT NULL"),
            ("b", "TEXT NOT NULL"),
        ],
        columns: &[("rejected_at", "TEXT NOT NULL DEFAULT ''")],
        constraints: "PRIMARY KEY (kind, provider_a, a, provider_b, b)",
    },
    // All events of the last run. `unpaired`: why it pairs with none, null where it pairs.
    Table {
        name: "identity_event",
        key: &[("provider", "TEXT NOT NULL"), ("event_id", "TEXT NOT NULL")],
        columns: &[
            ("sport", "TEXT"),
            ("competition", "TEXT"),
            ("home", "TEXT"),
            ("away", "TEXT"),
            ("title", "TEXT"),
            ("starts_at", "TEXT"),
            ("in_play", "INTEGER NOT NULL DEFAULT 0"),
            ("unpaired", "TEXT"),
            ("seen_at", "TEXT NOT NULL DEFAULT ''"),
        ],
        constraints: "PRIMARY KEY (provider, event_id)",
    },
    // `current` is 1 where the last run made it; the others keep the number for the pair. `names` is
    // JSON, `[["team", name of a, name of b]]`, and so is `agrees`, `["kick-off"]`.
    Table {
        name: "identity_suggestion",
        key: &[
            ("id", "INTEGER PRIMARY KEY AUTOINCREMENT"),
            ("provider_a", "TEXT NOT NULL"),
            ("event_a", "TEXT NOT NULL"),
            ("provider_b", "TEXT NOT NULL"),
            ("event_b", "TEXT NOT NULL"),
        ],
        columns: &[
            ("names", "TEXT NOT NULL DEFAULT '[]'"),
            ("score", "INTEGER NOT NULL DEFAULT 0"),
            ("margin", "INTEGER NOT NULL DEFAULT 0"),
            ("agrees", "TEXT NOT NULL DEFAULT '[]'"),
            ("by_link", "INTEGER NOT NULL DEFAULT 0"),
            ("current", "INTEGER NOT NULL DEFAULT 0"),
            ("seen_at", "TEXT NOT NULL DEFAULT ''"),
        ],
        constraints: "UNIQUE (provider_a, event_a, provider_b, event_b)",
    },
];

/// The table that version 2 adds.
pub(crate) const PROVIDERS: &[Table] = &[
    // Every provider that a run ever saw an event of.
    Table {
        name: "identity_provider",
        key: &[("provider", "TEXT NOT NULL")],
        columns: &[("seen_at", "TEXT NOT NULL DEFAULT ''")],
        constraints: "PRIMARY KEY (provider)",
    },
];

/// Two events.
const PAIR: &[(&str, &str)] = &[
    ("provider_a", "TEXT NOT NULL"),
    ("event_a", "TEXT NOT NULL"),
    ("provider_b", "TEXT NOT NULL"),
    ("event_b", "TEXT NOT NULL"),
];
