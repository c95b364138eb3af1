//! Whose page it is.
//!
//! The same push serves pages with and without a session in their path; those with one are ISPORT's.

/// Whether a socket belongs to a page with a session in its path, or to a page that is not stated.
pub fn is_own(page: &str, socket: &str) -> bool {
    page.is_empty() || has_session(page) || has_session(socket)
}

/// ASP.NET's cookieless session: a segment of the path such as `(S(token))` or `(A(x)S(y)F(z))`,
/// letters of any case, brackets perhaps percent-encoded. One in the query or fragment does not count.
fn has_session(url: &str) -> bool {
    let address = url.split(['?', '#']).next().unwrap_or("");
    let path = address.split_once("://").map_or(address, |(_, rest)| rest);
    path.split('/').any(|segment| {
        let inner = opened(segment).and_then(closed).and_then(closed).unwrap_or("");
        let named = inner.starts_with(['S', 's', 'A', 'a', 'F', 'f']);
        named && inner.get(1..).and_then(opened).is_some_and(|token| !token.is_empty())
    })
}

fn opened(text: &str) -> Option<&str> {
    text.strip_prefix('(').or_else(|| text.strip_prefix("%28"))
}

fn closed(text: &str) -> Option<&str> {
    text.strip_suffix(')').or_else(|| text.strip_suffix("%29"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_in_the_path() {
        for path in ["(S(k3y))/EntryIndex", "app/(s(S1))/x", "(A(x)S(y)F(z))", "%28S%28k%29%29/a"] {
            assert!(has_session(&format!("https://h.example/{path}")), "{path}");
        }
        for path in ["", "(S())", "S(k)", "(S(k)", "((k))", "(B(k))", "frame?back=/(S(k))/x", "#/(S(k))/"] {
            assert!(!has_session(&format!("https://h.example/{path}")), "{path}");
        }
    }

    #[test]
    fn a_page_that_is_not_stated_is_ours() {
        assert!(is_own("", "wss://push.example/socket.io/"));
        assert!(!is_own("https://h.example/Sports", "wss://push.example/socket.io/"));
        assert!(is_own("https://h.example/Sports", "wss://push.example/(S(S1))/socket.io/"));
    }
}
