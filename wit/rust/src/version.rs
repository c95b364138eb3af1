//! Versions of the interface.

/// A published version: the WIT package's without its patch number. The words are laid out the same in all of
/// them; they differ in what a contract can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    V0_1,
    /// A contract may tell the step of stakes.
    V0_2,
}

/// Those that the host loads, oldest first; the SDK builds the last.
pub const VERSIONS: [Version; 2] = [Version::V0_1, Version::V0_2];

impl Version {
    pub const fn name(self) -> &'static str {
        match self {
            Self::V0_1 => "0.1",
            Self::V0_2 => "0.2",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        VERSIONS.into_iter().find(|version| version.name() == name)
    }

    /// All of them for a message: `0.1, 0.2`.
    pub fn names() -> String {
        VERSIONS.map(Self::name).join(", ")
    }
}

impl core::fmt::Display for Version {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_folder_and_its_package() {
        let texts = [include_str!("../../0.1/adapter.wit"), include_str!("../../0.2/adapter.wit")];
        for (version, text) in VERSIONS.into_iter().zip(texts) {
            assert!(text.contains(&format!("\npackage antigravity:adapter@{version}.0;\n")), "{version}");
            assert_eq!(Version::from_name(version.name()), Some(version));
        }
        assert_eq!(Version::from_name("0.3"), None);
        assert!(VERSIONS.is_sorted());
    }
}
