//! The disposal of a controlled medicine: it counts when a second member of the staff has confirmed it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::adjustment::{Delta, StockLevels};
use super::legal::LegalStatus;
use super::lots::LotRef;
use super::movement::Reason;
use super::offer::Offer;
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Kind, Result};
use crate::platform::fields::{FieldErrors, Invalid};
use crate::platform::ids::{MovementId, ProductId, UserId};
use crate::platform::wording::{self, Words};

/// How far a disposal has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DisposalStatus {
    /// The witness has not confirmed it: nothing has changed yet.
    AwaitingWitness,
    /// It counts.
    Confirmed,
}

/// A disposal that one person has announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disposal {
    /// Which; the id of the movement that it becomes.
    pub id: MovementId,
    /// Of which product.
    pub product_id: ProductId,
    /// How many units go.
    pub delta: Delta,
    /// Of which lot; `None` is the one that expires first.
    pub lot: Option<LotRef>,
    /// What was noted.
    pub note: Option<String>,
    /// Who has announced it.
    pub by: UserId,
    /// Who has to confirm it.
    pub witness: UserId,
    /// When it was announced.
    pub at: Timestamp,
    /// How far it has come.
    pub status: DisposalStatus,
}

/// A disposal that waits for its witness.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AwaitingWitness {
    /// What the witness confirms: `POST /v1/stock-movements/{id}/confirm`.
    #[schema(value_type = String)]
    pub movement_id: MovementId,
    /// Who has to confirm it.
    #[schema(value_type = String)]
    pub witness_id: UserId,
    /// Nothing has changed yet.
    pub status: DisposalStatus,
}

/// What came of an adjustment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Adjusted {
    /// It is done; the levels after it.
    Done(StockLevels),
    /// It waits for its witness.
    Awaiting(AwaitingWitness),
}

impl From<&Disposal> for AwaitingWitness {
    fn from(disposal: &Disposal) -> Self {
        Self { movement_id: disposal.id, witness_id: disposal.witness.clone(), status: disposal.status }
    }
}

/// The witness that an adjustment needs: another person, where a controlled medicine is destroyed, and nobody else.
///
/// # Errors
/// None is named where one is needed, or one where none is; or it is the person themselves.
pub fn witness(
    offer: &Offer,
    reason: Reason,
    by: &UserId,
    named: Option<&UserId>,
) -> Result<Option<UserId>, FieldErrors> {
    let needed = offer.legal_status == LegalStatus::Controlled && reason == Reason::Disposal;
    let refuse = |code, message: Words| Err(vec![Invalid::new(code, message).at("witness_id")]);
    match named {
        None if needed => refuse("required", wording::catalog::witness_needed()),
        None => Ok(None),
        Some(_) if !needed => refuse("not_here", wording::catalog::witness_not_here()),
        Some(witness) if witness == by => refuse("same_person", wording::catalog::witness_is_another()),
        Some(witness) => Ok(Some(witness.clone())),
    }
}

impl Disposal {
    /// Whether `user` may confirm it.
    ///
    /// # Errors
    /// 403 `own_disposal` for who has announced it; 404 for others.
    pub fn confirmed_by(&self, user: &UserId) -> Result<()> {
        if self.witness == *user {
            return Ok(());
        }
        if self.by == *user {
            let detail = wording::catalog::own_disposal();
            return Err(Error::new(Kind::Forbidden, "own_disposal", detail));
        }
        Err(Error::not_found())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::product::tests::new_product;

    fn user(n: u8) -> UserId {
        UserId::parse(&format!("0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c1{n}")).unwrap()
    }

    #[test]
    fn a_controlled_medicine_is_destroyed_before_another_person() {
        let otc = new_product().offer();
        let controlled = Offer { legal_status: LegalStatus::Controlled, ..otc.clone() };
        let of = |offer: &Offer, reason, named: Option<u8>| {
            let named = named.map(user);
            witness(offer, reason, &user(1), named.as_ref()).map_err(|errors| errors[0].code)
        };
        assert_eq!(of(&controlled, Reason::Disposal, Some(2)), Ok(Some(user(2))));
        assert_eq!(of(&controlled, Reason::Disposal, Some(1)), Err("same_person"));
        assert_eq!(of(&controlled, Reason::Disposal, None), Err("required"));
        assert_eq!(of(&controlled, Reason::Count, None), Ok(None));
        assert_eq!(of(&controlled, Reason::Count, Some(2)), Err("not_here"));
        assert_eq!(of(&otc, Reason::Disposal, None), Ok(None));
        assert_eq!(of(&otc, Reason::Disposal, Some(2)), Err("not_here"));
    }

    #[test]
    fn what_came_of_an_adjustment_is_read_as_it_was_written() {
        let at = Timestamp::from_millis(1);
        let awaiting = AwaitingWitness {
            movement_id: MovementId::generate(at),
            witness_id: user(2),
            status: DisposalStatus::AwaitingWitness,
        };
        let done = StockLevels { on_hand: 3, reserved: 1, available: 2, version: 4 };
        for adjusted in [Adjusted::Awaiting(awaiting), Adjusted::Done(done)] {
            let text = serde_json::to_string(&adjusted).unwrap();
            assert_eq!(serde_json::from_str::<Adjusted>(&text).unwrap(), adjusted);
        }
    }
}
