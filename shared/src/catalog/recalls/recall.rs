//! A recall: which lot was called back, why, and what has come of it. Pure rules.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

use crate::catalog::lots::LotNumber;
use crate::platform::clock::Timestamp;
use crate::platform::fields::Invalid;
use crate::platform::ids::{LotId, ProductId, RecallId, UserId};
use crate::platform::wording;

/// How grave it is, as authorities count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecallClass {
    /// 1: it may kill, or harm for good.
    Grave,
    /// 2: it may harm for a time.
    Passing,
    /// 3: it will hardly harm anybody.
    Slight,
}

impl RecallClass {
    /// The number.
    pub const fn number(self) -> u8 {
        match self {
            Self::Grave => 1,
            Self::Passing => 2,
            Self::Slight => 3,
        }
    }

    /// Reads a number.
    ///
    /// # Errors
    /// Another than 1, 2 or 3.
    pub fn parse(number: i64) -> Result<Self, Invalid> {
        match number {
            1 => Ok(Self::Grave),
            2 => Ok(Self::Passing),
            3 => Ok(Self::Slight),
            _ => Err(Invalid::new("out_of_range", wording::field::one_of("1, 2, 3"))),
        }
    }
}

impl Serialize for RecallClass {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.number())
    }
}

impl<'de> Deserialize<'de> for RecallClass {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(i64::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// How far a recall has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecallStatus {
    /// The lot is out of sale; its orders are being looked for.
    Running,
    /// Every order with units of it was found.
    Finished,
}

/// What somebody says of a lot that they call back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRecall {
    /// Why, for whoever has it at home.
    pub reason: String,
    /// By which number its maker or the authority calls it.
    pub reference: String,
    /// How grave it is.
    pub class: RecallClass,
}

/// What has come of it among the orders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Followed {
    /// Orders that had it in their parcel and had not left the house.
    pub orders_held: u32,
    /// People who had got it and were told.
    pub people_told: u32,
    /// Orders that it left the house with, of people whose accounts were erased before: nobody is left to be told.
    pub orders_of_nobody: u32,
}

/// A recall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recall {
    /// Its id.
    pub id: RecallId,
    /// Of which lot.
    pub lot: LotId,
    /// Its number.
    pub number: LotNumber,
    /// Of which product.
    pub product_id: ProductId,
    /// Why, for whoever has it at home.
    pub reason: String,
    /// By which number its maker or the authority calls it.
    pub reference: String,
    /// How grave it is.
    pub class: RecallClass,
    /// Who has called it back.
    pub by: UserId,
    /// When.
    pub started_at: Timestamp,
    /// When every order with units of it was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
    /// What has come of it so far.
    pub followed: Followed,
    /// Grows by one with every change.
    pub version: u64,
}

impl Recall {
    /// How far it has come.
    pub const fn status(&self) -> RecallStatus {
        match self.finished_at {
            None => RecallStatus::Running,
            Some(_) => RecallStatus::Finished,
        }
    }

    /// The recall once so much of it is known; `None` where that is no more than was known. Whoever begins anew counts from
    /// the beginning, and takes nothing back meanwhile.
    #[must_use]
    pub fn further(&self, followed: Followed) -> Option<Self> {
        let known = self.followed;
        let further = Followed {
            orders_held: known.orders_held.max(followed.orders_held),
            people_told: known.people_told.max(followed.people_told),
            orders_of_nobody: known.orders_of_nobody.max(followed.orders_of_nobody),
        };
        (further != known && self.finished_at.is_none()).then(|| Self { followed: further, ..self.clone() })
    }

    /// The recall once every order was found; as many as there are.
    #[must_use]
    pub fn finished(&self, followed: Followed, at: Timestamp) -> Self {
        Self { followed, finished_at: Some(at), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recall() -> Recall {
        let at = Timestamp::from_millis(1_795_168_800_000);
        Recall {
            id: RecallId::first_at(at),
            lot: LotId::first_at(at),
            number: LotNumber::parse("B2247A").unwrap(),
            product_id: ProductId::first_at(at),
            reason: "Some tablets are too strong.".to_owned(),
            reference: "D-0123-2027".to_owned(),
            class: RecallClass::Grave,
            by: UserId::nobody(),
            started_at: at,
            finished_at: None,
            followed: Followed::default(),
            version: 1,
        }
    }

    fn followed(orders_held: u32, people_told: u32) -> Followed {
        Followed { orders_held, people_told, orders_of_nobody: 0 }
    }

    #[test]
    fn a_class_is_one_of_three_numbers() {
        for number in 1..=3 {
            let class = RecallClass::parse(number).unwrap();
            assert_eq!(serde_json::to_value(class).unwrap(), number);
            assert_eq!(serde_json::from_value::<RecallClass>(number.into()).unwrap(), class);
        }
        for wrong in [i64::MIN, -1, 0, 4] {
            assert_eq!(RecallClass::parse(wrong).unwrap_err().code, "out_of_range", "{wrong}");
        }
    }

    #[test]
    fn whoever_begins_anew_takes_nothing_back() {
        let at = Timestamp::from_millis(9);
        let first = recall();
        assert_eq!(first.further(followed(0, 0)), None);
        let further = first.further(followed(2, 3)).unwrap();
        assert_eq!((further.followed, further.status()), (followed(2, 3), RecallStatus::Running));
        assert_eq!(further.further(followed(1, 2)), None);
        assert_eq!(further.further(followed(1, 4)).unwrap().followed, followed(2, 4));
        let finished = further.finished(followed(2, 5), at);
        assert_eq!((finished.followed, finished.status()), (followed(2, 5), RecallStatus::Finished));
        assert_eq!(finished.further(followed(9, 9)), None);
    }
}
