//! Names of fields that hold secrets, in JSON, forms, queries and headers.
//!
//! Names are compared without case, `_` and `-`: `Access-Token`, `access_token` and `accessToken`
//! are one.

/// What a name says about its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Opens an account or continues a session. A short number under such a name is a counter
    /// (Kalshi's `sid`), not a secret.
    Credential,
    /// Says who the person is or what they have: text and numbers alike.
    Personal,
    /// A secret only where the value looks like one: long, with letters and digits.
    Maybe,
    /// A secret but for a number of up to seven digits: a login's id in one place, a league's in another.
    Id,
}

/// Secret wherever they stand, with what stands in front of them.
const CREDENTIAL_ENDS: &[&[u8]] = &[
    b"accesstoken",
    b"apikey",
    b"apisecret",
    b"appkey",
    b"aspxauth",
    b"authtoken",
    b"authorization",
    b"authkey",
    b"bearertoken",
    b"clientsecret",
    b"cookie",
    b"cookies",
    b"csrftoken",
    b"idtoken",
    b"jwt",
    b"jwttoken",
    b"logintoken",
    b"passcode",
    b"passphrase",
    b"passwd",
    b"password",
    b"privatekey",
    b"refreshtoken",
    b"secretkey",
    b"securitytoken",
    b"sessid",
    b"sessionid",
    b"sessionkey",
    b"sessiontoken",
    b"sessiontkn",
    b"ssotoken",
    b"usertoken",
    b"usetoken",
    b"verificationtoken",
    b"wstoken",
    b"xsrftoken",
];

/// Secret where they are the whole name.
const CREDENTIALS: &[&[u8]] = &[
    b"auth",
    b"credential",
    b"credentials",
    b"otp",
    b"pwd",
    b"secret",
    b"session",
    b"sid",
    b"token",
    b"xtoken",
];

const PERSONAL_ENDS: &[&[u8]] = &[b"balance", b"balances", b"emailaddress", b"ipaddress", b"username"];

const PERSONAL: &[&[u8]] = &[
    b"accid",
    b"accno",
    b"account",
    b"accountid",
    b"accountno",
    b"accountnumber",
    b"balanceamount",
    b"betcredit",
    b"clientip",
    b"custid",
    b"customerid",
    b"email",
    b"ip",
    b"loginid",
    b"loginname",
    b"memberid",
    b"memberno",
    b"mobileno",
    b"mobilenumber",
    b"nickname",
    b"phone",
    b"phoneno",
    b"phonenumber",
    b"remoteip",
    b"userid",
];

/// Secret in a query or a form, but too common elsewhere.
const QUERY_CREDENTIALS: &[&[u8]] = &[b"k", b"pass"];
const QUERY_PERSONAL: &[&[u8]] = &[b"login", b"mail", b"mobile", b"user"];
const QUERY_MAYBE: &[&[u8]] =
    &[b"code", b"hash", b"key", b"nonce", b"sig", b"signature", b"st", b"state", b"ticket", b"uid"];
const QUERY_IDS: &[&[u8]] = &[b"lid"];

/// What [`class_in_json`] knows.
const LISTS: [&[&[u8]]; 4] = [CREDENTIAL_ENDS, CREDENTIALS, PERSONAL_ENDS, PERSONAL];

/// Longest name that is looked at, in bytes.
pub(super) const MAX_NAME: usize = 40;

/// One bit for the last three letters of each name of three letters or more. Of the names in odds
/// feeds some nine in ten end otherwise, and are done with after one look.
static ENDINGS: [u64; 512] = {
    let mut table = [0u64; 512];
    let mut list = 0;
    while list < LISTS.len() {
        let mut i = 0;
        while i < LISTS[list].len() {
            let name = LISTS[list][i];
            if name.len() >= 3 {
                let bit = ending(name);
                table[bit / 64] |= 1 << (bit % 64);
            }
            i += 1;
        }
        list += 1;
    }
    table
};

/// The last three letters as a number of 15 bits, without case.
const fn ending(name: &[u8]) -> usize {
    let n = name.len();
    ((name[n - 3] & 31) as usize) << 10 | ((name[n - 2] & 31) as usize) << 5 | (name[n - 1] & 31) as usize
}

/// Whether [`class_in_json`] needs to be asked.
#[inline]
pub(super) fn may_be_secret(name: &[u8]) -> bool {
    match name {
        [] | [_] => false,
        [a, b] => a.eq_ignore_ascii_case(&b'i') && b.eq_ignore_ascii_case(&b'p'),
        [.., a, b, c] => {
            let bit = ending(name);
            ENDINGS[bit / 64] & (1 << (bit % 64)) != 0
                || [a, b, c].iter().any(|byte| matches!(byte, b'_' | b'-'))
        }
    }
}

/// What the name of a JSON member, of a variable or of a header says.
pub(super) fn class_in_json(name: &[u8]) -> Option<Class> {
    if !may_be_secret(name) {
        return None;
    }
    let mut folded = [0; MAX_NAME];
    known(fold(name, &mut folded)?)
}

/// What the name of a field of a query or a form says.
pub(super) fn class_in_query(name: &[u8]) -> Option<Class> {
    let mut folded = [0; MAX_NAME];
    let name = fold(name, &mut folded)?;
    if QUERY_CREDENTIALS.contains(&name) {
        return Some(Class::Credential);
    }
    if QUERY_PERSONAL.contains(&name) {
        return Some(Class::Personal);
    }
    if QUERY_MAYBE.contains(&name) {
        return Some(Class::Maybe);
    }
    if QUERY_IDS.contains(&name) {
        return Some(Class::Id);
    }
    known(name)
}

fn known(name: &[u8]) -> Option<Class> {
    // The last byte first: it is another one for all but a few.
    let ends = |list: &[&[u8]]| list.iter().any(|end| end.last() == name.last() && name.ends_with(end));
    if CREDENTIALS.contains(&name) || ends(CREDENTIAL_ENDS) {
        return Some(Class::Credential);
    }
    (PERSONAL.contains(&name) || ends(PERSONAL_ENDS)).then_some(Class::Personal)
}

/// Without case and separators; `None` for a name that is too long to be one of ours.
fn fold<'a>(name: &[u8], folded: &'a mut [u8; MAX_NAME]) -> Option<&'a [u8]> {
    let mut len = 0;
    for byte in name.iter().filter(|byte| !matches!(byte, b'_' | b'-')) {
        *folded.get_mut(len)? = byte.to_ascii_lowercase();
        len += 1;
    }
    folded.get(..len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_passes_every_name() {
        for name in LISTS.iter().flat_map(|list| list.iter()) {
            assert!(class_in_json(name).is_some(), "{}", String::from_utf8_lossy(name));
            assert!(class_in_json(&name.to_ascii_uppercase()).is_some());
        }
    }

    #[test]
    fn names_of_odds_feeds_are_no_secrets() {
        for name in [
            "token_id",
            "clobTokenIds",
            "tokens",
            "asset_id",
            "id",
            "seq",
            "price",
            "market",
            "hash",
            "key",
            "k",
            "name",
            "oddsid",
            "matchid",
            "eventId",
            "event_id",
            "line",
            "sessionType",
            "side",
            "balanced",
            "eventTypeId",
            "selection",
            "handicap",
            "homeTeam",
            "status",
            "pass",
            "accType",
            "m_accType",
            "code",
        ] {
            assert_eq!(class_in_json(name.as_bytes()), None, "{name}");
        }
        assert_eq!(class_in_query(b"token_id"), None);
        assert_eq!(class_in_query(b"m_accType"), None);
    }

    #[test]
    fn spelling_does_not_matter() {
        for name in
            ["AccId", "acc_id", "ACC-ID", "Balance", "availableBalance", "userName", "ip", "X-Client_IP"]
        {
            let class = class_in_json(name.trim_start_matches("X-").as_bytes());
            assert_eq!(class, Some(Class::Personal), "{name}");
        }
        for name in
            ["sid", "X-Auth-Token", "__RequestVerificationToken", "PHPSESSID", "jsessionid", "Set-Cookie"]
        {
            assert_eq!(class_in_json(name.as_bytes()), Some(Class::Credential), "{name}");
        }
        assert_eq!(class_in_query(b"k"), Some(Class::Credential));
        assert_eq!(class_in_query(b"LID"), Some(Class::Id));
        assert_eq!(class_in_json(&[b'x'; 500]), None);
    }
}
