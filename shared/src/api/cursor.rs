//! Paging: opaque cursors that nobody can make or alter, and the `limit` and `cursor` parameters.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::platform::crypto;
use crate::platform::error::{Error, Result};
use crate::platform::fields::{Field, FieldErrors, Invalid, Optional, all};
use crate::platform::signing::KeyRing;
use crate::platform::wording;

/// How many items a page has when the client does not say.
pub const DEFAULT_LIMIT: u16 = 20;

/// The paging parameters of every list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// 1 to 100, 20 by default.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    pub limit: Option<Field<String>>,
    /// `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    pub cursor: Option<Field<String>>,
}

/// Where a list goes on: how many, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// 1 to 100.
    pub limit: u16,
    /// The position that the store gave with the page before.
    pub after: Option<String>,
}

impl PageQuery {
    /// Checks both parameters; `list` names the list and its filters, so that a cursor serves that list alone.
    ///
    /// # Errors
    /// A limit outside 1-100, or a cursor that we did not make for this list.
    pub fn check(self, list: &str, keys: &KeyRing) -> Result<Cursor, FieldErrors> {
        let (limit, after) = all((
            self.limit.parse_optional("limit", |text| {
                let limit = text.parse().ok().filter(|limit| (1..=100).contains(limit));
                limit.ok_or_else(|| Invalid::new("out_of_range", wording::field::between(1, 100)))
            }),
            self.cursor.parse_optional("cursor", |text| open(&text, list, keys)),
        ))?;
        Ok(Cursor { limit: limit.unwrap_or(DEFAULT_LIMIT), after })
    }
}

/// Seals a position of `list` into a cursor.
pub fn seal(position: &str, list: &str, keys: &KeyRing) -> String {
    let mut sealed = keys.sign(signed(position, list).as_bytes());
    sealed.truncate(TAG_BYTES);
    sealed.extend_from_slice(position.as_bytes());
    URL_SAFE_NO_PAD.encode(sealed)
}

fn open(cursor: &str, list: &str, keys: &KeyRing) -> Result<String, Invalid> {
    let invalid = || Invalid::new("invalid_cursor", wording::field::not_a_cursor());
    let sealed = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| invalid())?;
    let (mac, position) = sealed.split_at_checked(TAG_BYTES).ok_or_else(invalid)?;
    let position = std::str::from_utf8(position).map_err(|_| invalid())?;
    let text = signed(position, list);
    let ours = |tag: Vec<u8>| tag.get(..TAG_BYTES).is_some_and(|tag| crypto::equal(mac, tag));
    if keys.signatures(text.as_bytes()).any(ours) { Ok(position.to_owned()) } else { Err(invalid()) }
}

const TAG_BYTES: usize = 16;

fn signed(position: &str, list: &str) -> String {
    format!("cursor\0{list}\0{position}")
}

impl From<FieldErrors> for Error {
    fn from(errors: FieldErrors) -> Self {
        Self::invalid_fields(errors)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::platform::clock::Timestamp;
    use crate::platform::config::Secret;
    use crate::platform::signing::SigningKey;

    /// The ring of keys that began to sign one after the other; the last signs.
    fn ring(keys: &[&str]) -> KeyRing {
        let keys: Vec<_> = (0..).zip(keys).map(|(at, key)| (at, Secret::new(*key))).collect();
        let keys: Vec<_> =
            keys.into_iter().map(|(at, secret)| SigningKey { secret, from: Timestamp::from_millis(at) }).collect();
        KeyRing::new(&keys, Secret::new("lasting"), Timestamp::from_millis(1000)).unwrap()
    }

    #[test]
    fn a_cursor_survives_a_change_of_keys_while_its_own_is_accepted() {
        let cursor = seal("ord_1", "l", &ring(&["old"]));
        let query = || PageQuery { limit: None, cursor: Some(Field::Present(cursor.clone())) };
        assert!(query().check("l", &ring(&["old", "new"])).is_ok());
        assert!(query().check("l", &ring(&["new"])).is_err());
    }

    fn check(cursor: &str, list: &str) -> Result<Cursor, FieldErrors> {
        let query = PageQuery { limit: None, cursor: Some(Field::Present(cursor.to_owned())) };
        query.check(list, &ring(&["key"]))
    }

    #[test]
    fn a_cursor_serves_its_own_list_alone() {
        let cursor = seal("ord_1", "orders of a", &ring(&["key"]));
        assert_eq!(check(&cursor, "orders of a").unwrap().after.as_deref(), Some("ord_1"));
        assert_eq!(check(&cursor, "orders of b").unwrap_err()[0].code, "invalid_cursor");
    }

    #[test]
    fn limits_are_held() {
        for (text, good) in [("1", true), ("100", true), ("0", false), ("101", false), ("-1", false), ("x", false)] {
            let query = PageQuery { limit: Some(Field::Present(text.to_owned())), cursor: None };
            assert_eq!(query.check("l", &ring(&["key"])).is_ok(), good, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_altered_cursor_is_taken(position in "[a-z0-9_]{1,30}", at in 0usize..40, flip in 1u8..64) {
            let key = ring(&["key"]);
            let mut bytes = URL_SAFE_NO_PAD.decode(seal(&position, "list", &key)).unwrap();
            let at = at % bytes.len();
            bytes[at] ^= flip;
            prop_assert!(check(&URL_SAFE_NO_PAD.encode(bytes), "list").is_err());
        }
    }
}
