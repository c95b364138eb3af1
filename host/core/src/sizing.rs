//! Sizing: the stakes whose worst state pays most.
