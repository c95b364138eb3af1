//! Names of fields that hold secrets, in JSON, forms, queries and headers.
//!
//! Names are compared without case, `_` and `-`: `Access-Token`, `access_token` and `accessToken`
//! are one. So are `data-token` (an attribute), `x-token` (a header) and `token`.

/// What a name says about its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Opens an account or continues a session. A number of up to three digits under such a name is
    /// a counter (Kalshi's `sid`) or a switch, not a secret.
    Credential,
    /// Says who the person is or what they have: text and numbers alike.
    Personal,
    /// A secret only where the value looks like one: long, with letters and digits.
    Maybe,
    /// A secret but for a number of up to seven digits: a login's id in one place, a league's in another.
    Id,
}

impl Class {
    /// Whether a text under a name of this class is a secret.
    pub(super) fn hides(self, value: &[u8]) -> bool {
        match self {
            Self::Credential | Self::Personal => true,
            Self::Maybe => looks_secret(value),
            Self::Id => !(value.len() <= 7 && value.iter().all(u8::is_ascii_digit)),
        }
    }

    /// Whether a number of JSON under a name of this class is a secret.
    pub(super) fn hides_number(self, number: &[u8]) -> bool {
        let digits = number.iter().filter(|byte| byte.is_ascii_digit()).count();
        match self {
            Self::Credential => digits > 3,
            Self::Personal => digits > 0,
            Self::Maybe => false,
            Self::Id => digits > 7,
        }
    }

    /// Whether all that an object or array under such a name holds is a secret.
    pub(super) const fn hides_all(self) -> bool {
        matches!(self, Self::Credential | Self::Personal)
    }
}

/// 16 characters or more, letters and digits among them, and nothing that a token has not.
fn looks_secret(value: &[u8]) -> bool {
    let token = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-+/=.%~".contains(byte);
    value.len() >= 16
        && value.iter().any(u8::is_ascii_digit)
        && value.iter().any(u8::is_ascii_alphabetic)
        && value.iter().all(token)
}

/// Secret wherever they stand, with what stands in front of them. Not `token` itself: prediction
/// markets call the shares of an outcome so (`yesToken`, `clobTokenIds`).
const CREDENTIAL_ENDS: &[&[u8]] = &[
    b"accesstoken",
    b"apikey",
    b"apisecret",
    b"appkey",
    b"aspxauth",
    b"authcode",
    b"authkey",
    b"authorization",
    b"authtoken",
    b"bearertoken",
    b"clientsecret",
    b"clienttoken",
    b"connectiontoken",
    b"cookie",
    b"cookies",
    b"csrf",
    b"csrftoken",
    b"devicetoken",
    b"gametoken",
    b"idtoken",
    b"jwt",
    b"jwttoken",
    b"launchtoken",
    b"logintoken",
    b"membertoken",
    b"middlewaretoken",
    b"passcode",
    b"passphrase",
    b"passwd",
    b"password",
    b"playertoken",
    b"privatekey",
    b"recoveryphrase",
    b"refreshtoken",
    b"requesttoken",
    b"secretanswer",
    b"secretkey",
    b"securitytoken",
    b"seedphrase",
    b"sessid",
    b"sessionid",
    b"sessionkey",
    b"sessiontkn",
    b"sessiontoken",
    b"ssoid",
    b"ssotoken",
    b"userkey",
    b"usertoken",
    b"usetoken",
    b"verificationtoken",
    b"wstoken",
    b"xsrf",
    b"xsrftoken",
];

/// Secret where they are the whole name. `pin` only so: `spin`, `pinned` and `pingInterval` are none.
const CREDENTIALS: &[&[u8]] = &[
    b"auth",
    b"bearer",
    b"credential",
    b"credentials",
    b"creds",
    b"mnemonic",
    b"otp",
    b"pin",
    b"pincode",
    b"pwd",
    b"secret",
    b"session",
    b"sid",
    b"stoken",
    b"tkn",
    b"token",
    b"xtoken",
];

const PERSONAL_ENDS: &[&[u8]] =
    &[b"balance", b"balances", b"cardnumber", b"emailaddress", b"ipaddress", b"username", b"walletaddress"];

/// `address` is the person's, or that of a venue, which no odds need; `marketMakerAddress` and the
/// like are not it.
const PERSONAL: &[&[u8]] = &[
    b"accid",
    b"accno",
    b"account",
    b"accountid",
    b"accountno",
    b"accountnumber",
    b"address",
    b"balanceamount",
    b"betcredit",
    b"birthdate",
    b"cardno",
    b"clientip",
    b"custid",
    b"customerid",
    b"cvc",
    b"cvv",
    b"dateofbirth",
    b"deviceid",
    b"dob",
    b"email",
    b"firstname",
    b"fullname",
    b"iban",
    b"ip",
    b"lastname",
    b"login",
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
    b"proxywallet",
    b"remoteip",
    b"ssn",
    b"user",
    b"userid",
    b"wallet",
];

/// Names that odds feeds have too, for short or plain values: a player's seed is a small number, a
/// ticket's price a decimal one.
///
/// Not here, because values that odds need look like secrets under them: `hash` (of an order book),
/// `key` and `k` (what names a row), `st` (status, start time), `uuid` (of an event), `code`,
/// `state`. In a query, where no odds are, they are.
const MAYBE: &[&[u8]] = &[b"fingerprint", b"nonce", b"seed", b"sig", b"signature", b"ticket", b"tk"];

/// `"mobile":1` is a switch.
const IDS: &[&[u8]] = &[b"mobile"];

/// Secret in a query or a form, but too common elsewhere.
const QUERY_CREDENTIALS: &[&[u8]] = &[b"k", b"pass"];
const QUERY_PERSONAL: &[&[u8]] = &[b"mail", b"mobile"];
const QUERY_MAYBE: &[&[u8]] = &[b"code", b"hash", b"key", b"st", b"state", b"uid", b"uuid"];
const QUERY_IDS: &[&[u8]] = &[b"lid"];

/// What [`class_in_json`] knows.
const LISTS: [&[&[u8]]; 6] = [CREDENTIAL_ENDS, CREDENTIALS, PERSONAL_ENDS, PERSONAL, MAYBE, IDS];

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
        [a, b] => matches!([a | 32, b | 32], [b'i', b'p'] | [b't', b'k']),
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
    // Its end may have been another one with its separators.
    if !may_be_secret(name) {
        return None;
    }
    // The last byte first: it is another one for all but a few.
    let ends = |list: &[&[u8]]| list.iter().any(|end| end.last() == name.last() && name.ends_with(end));
    if CREDENTIALS.contains(&name) || ends(CREDENTIAL_ENDS) {
        return Some(Class::Credential);
    }
    if PERSONAL.contains(&name) || ends(PERSONAL_ENDS) {
        return Some(Class::Personal);
    }
    if MAYBE.contains(&name) {
        return Some(Class::Maybe);
    }
    IDS.contains(&name).then_some(Class::Id)
}

/// Without case, separators and the prefix of an attribute or a header; `None` for a name that is
/// too long to be one of ours.
fn fold<'a>(name: &[u8], folded: &'a mut [u8; MAX_NAME]) -> Option<&'a [u8]> {
    let prefixed = |prefix: &[u8]| name.get(..prefix.len()).is_some_and(|n| n.eq_ignore_ascii_case(prefix));
    let prefix = [b"data-".as_slice(), b"x-"].into_iter().find(|prefix| prefixed(prefix));
    let mut len = 0;
    for byte in
        name[prefix.map_or(0, |prefix| prefix.len())..].iter().filter(|byte| !matches!(byte, b'_' | b'-'))
    {
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
            "st",
            "uuid",
            "state",
            "pingInterval",
            "pinned",
            "spin",
            "yesToken",
            "marketMakerAddress",
            "users",
            "teamName",
            "shortName",
            "fullTime",
            "sigma",
            "seeds",
            "tkt",
            "signal",
            "design",
            "mobileView",
        ] {
            assert_eq!(class_in_json(name.as_bytes()), None, "{name}");
        }
        assert_eq!(class_in_query(b"token_id"), None);
        assert_eq!(class_in_query(b"m_accType"), None);
    }

    #[test]
    fn what_a_class_hides() {
        for (class, text, yes) in [
            (Class::Credential, "x", true),
            (Class::Maybe, "Zq7SEKRIT9xW3kPl0vB2", true),
            (Class::Maybe, "2.5", false),
            (Class::Maybe, "Team of the season 2026", false),
            (Class::Id, "1", false),
            (Class::Id, "+4915112345678", true),
        ] {
            assert_eq!(class.hides(text.as_bytes()), yes, "{class:?} {text}");
        }
        for (class, number, yes) in [
            (Class::Credential, "98761", true),
            (Class::Credential, "7", false),
            (Class::Personal, "123", true),
            (Class::Maybe, "12345678901234567890", false),
            (Class::Id, "1", false),
            (Class::Id, "4915112345678", true),
        ] {
            assert_eq!(class.hides_number(number.as_bytes()), yes, "{class:?} {number}");
        }
    }

    #[test]
    fn names_of_sessions_and_persons() {
        for name in [
            "ssoid",
            "SSOID",
            "csrf",
            "xsrf",
            "_csrf",
            "bearer",
            "pin",
            "PIN",
            "tkn",
            "sToken",
            "userKey",
            "secretAnswer",
            "creds",
            "mnemonic",
            "connectionToken",
            "data-token",
            "X-Token",
        ] {
            assert_eq!(class_in_json(name.as_bytes()), Some(Class::Credential), "{name}");
        }
        for name in [
            "cardNumber",
            "card_number",
            "cvv",
            "iban",
            "ssn",
            "dob",
            "firstName",
            "lastName",
            "fullName",
            "address",
            "wallet",
            "walletAddress",
            "proxyWallet",
            "deviceId",
            "user",
            "login",
        ] {
            assert_eq!(class_in_json(name.as_bytes()), Some(Class::Personal), "{name}");
        }
        for name in ["nonce", "signature", "sig", "ticket", "tk", "TK", "seed", "fingerprint"] {
            assert_eq!(class_in_json(name.as_bytes()), Some(Class::Maybe), "{name}");
        }
        for name in ["key", "st", "hash", "uuid"] {
            assert_eq!(class_in_query(name.as_bytes()), Some(Class::Maybe), "{name}");
        }
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
