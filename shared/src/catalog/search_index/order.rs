//! In which order results come, and where a page ends.

use std::borrow::Cow;
use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use crate::platform::clock::Timestamp;
use crate::platform::error::Error;
use crate::platform::fields::Invalid;
use crate::platform::ids::ProductId;
use crate::platform::wording;

/// In which order results come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// The best match first.
    Relevance,
    /// The cheapest first.
    Price,
    /// The dearest first.
    PriceDown,
    /// By name.
    Name,
    /// The newest first.
    Newest,
}

impl Sort {
    /// Reads `relevance`, `price`, `-price`, `name` or `-created_at`.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "relevance" => Ok(Self::Relevance),
            "price" => Ok(Self::Price),
            "-price" => Ok(Self::PriceDown),
            "name" => Ok(Self::Name),
            "-created_at" => Ok(Self::Newest),
            _ => Err(Invalid::new(
                "unknown_value",
                wording::field::one_of("relevance, price, -price, name, -created_at"),
            )),
        }
    }
}

/// A place in a sorted list. It stays good when products come and go, even the one it was made of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position<'a>(pub(super) Rank<'a>, pub(super) ProductId);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Rank<'a> {
    Relevance(u32, Cow<'a, str>),
    Price(i64),
    PriceDown(Reverse<i64>),
    Name(Cow<'a, str>),
    Newest(Reverse<Timestamp>),
}

impl Position<'_> {
    /// As text, to be sealed into a cursor.
    ///
    /// # Errors
    /// None in practice: positions serialize.
    pub fn to_text(&self) -> Result<String, Error> {
        serde_json::to_string(self).map_err(Error::internal)
    }

    /// Reads the text of a position.
    ///
    /// # Errors
    /// 400: it is of an earlier version of this code.
    pub fn parse(text: &str) -> Result<Position<'static>, Error> {
        let too_old = || vec![Invalid::new("invalid_cursor", wording::field::old_cursor()).at("cursor")];
        serde_json::from_str(text).map_err(|_| Error::invalid_fields(too_old()))
    }
}
