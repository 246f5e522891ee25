//! Adjusting stock by hand: adjust stock, once for each `Idempotency-Key`; see what has moved.

use serde::Serialize;

use super::adjustment::{Delta, StockLevels};
use super::disposal::{Adjusted, Disposal, DisposalStatus, witness};
use super::disposal_store::DisposalStore;
use super::lots::{LotRef, Planned, Refused};
use super::manager::Manager;
use super::movement::{Move, Movement, Reason, What};
use super::movement_store::MovementStore;
use super::stock::{Stock, StockStore};
use crate::identity::{Directory, Permission, Scope, scope};
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::dynamo::{Outcome, Table, back_off, transact_within};
use crate::platform::error::{Error, Result};
use crate::platform::fields::Invalid;
use crate::platform::idempotency::{Answered, Attempt, Idempotency, Taken};
use crate::platform::ids::{MovementId, ProductId, UserId};
use crate::platform::jurisdiction::Jurisdiction;
use crate::platform::wording::{self, Words};

/// How often an adjustment is tried anew that was refused by what is no more so.
const ATTEMPTS: u32 = 6;
/// How often it is tried when it meets others at the same stock: DynamoDB lets one transaction at a time have an item, so
/// that of fifty at once the last waits for a second or two.
const ENCOUNTERS: u32 = 16;

/// Adjusts stock by hand, and shows what has moved.
#[derive(Clone, Debug)]
pub struct StockAdjustments {
    table: Table,
    stock: StockStore,
    movements: MovementStore,
    disposals: DisposalStore,
    clock: Clock,
}

/// What to adjust, and why.
#[derive(Clone, Debug)]
pub struct Adjustment {
    /// By how many units.
    pub delta: Delta,
    /// Of which lot; where none is named units go from the one that expires first.
    pub lot: Option<LotRef>,
    /// Why.
    pub reason: Reason,
    /// For whoever looks into the numbers later.
    pub note: Option<String>,
    /// Who confirms that a controlled medicine was destroyed.
    pub witness: Option<UserId>,
}

/// Why an adjustment was refused, for a machine.
#[derive(Serialize)]
struct Shortage {
    product_id: ProductId,
    code: &'static str,
    available: i64,
}

impl StockAdjustments {
    /// In the catalogue's table; `place` says whose law says what is registered.
    pub fn new(table: Table, place: Jurisdiction, clock: Clock) -> Self {
        Self {
            stock: StockStore::new(table.clone()),
            movements: MovementStore::new(table.clone(), place),
            disposals: DisposalStore::new(table.clone()),
            table,
            clock,
        }
    }

    /// Adds units to a lot of a product or takes them away, or announces that a controlled medicine is destroyed; the same request once more gets the same answer and changes
    /// nothing.
    ///
    /// # Errors
    /// 400 for an increase without a lot, for a lot that the product does not have, and for the disposal of a controlled
    /// medicine without a witness, or with one who may not confirm it; 404 for another's product; 409
    /// `insufficient_stock`; 422 `idempotency_key_reused`; or DynamoDB or Cognito does not answer.
    pub async fn adjust(
        &self,
        manager: &Manager,
        product: ProductId,
        adjustment: &Adjustment,
        idempotency: &Idempotency,
        directory: &Directory,
    ) -> Result<Answered<Adjusted>> {
        let attempt = Attempt::new(manager.user(), &format!("catalog-adjust-stock {product}"), idempotency);
        for tried in 0..ATTEMPTS {
            back_off(tried).await;
            let now = self.clock.now();
            let stock = self.managed(manager, product).await?;
            let planned = match stock.plan(adjustment.delta, adjustment.lot, adjustment.reason) {
                Ok(planned) => planned,
                // A repetition is answered as it was, whatever would be said today.
                Err(refused) => match attempt.find(&self.table, now).await? {
                    Some(taken) => return self.replayed(taken, product, &attempt).await,
                    None => return Err(refusal(product, refused)),
                },
            };
            let by = manager.user();
            let witness = witness(&stock.offer, adjustment.reason, by, adjustment.witness.as_ref())?;
            let (announced, actions) = match witness {
                Some(witness) => {
                    if !may_confirm(directory, &witness).await? {
                        return match attempt.find(&self.table, now).await? {
                            Some(taken) => self.replayed(taken, product, &attempt).await,
                            None => Err(no_witness()),
                        };
                    }
                    let disposal = Disposal {
                        id: MovementId::generate(now),
                        product_id: product,
                        delta: adjustment.delta,
                        lot: adjustment.lot,
                        note: adjustment.note.clone(),
                        by: by.clone(),
                        witness,
                        at: now,
                        status: DisposalStatus::AwaitingWitness,
                    };
                    let answer = Adjusted::Awaiting((&disposal).into());
                    let taken = attempt.take_with(&self.table, &answer, now)?;
                    (Some(answer), vec![taken, self.disposals.announce(&disposal)?])
                }
                None => {
                    let moved = Move {
                        reason: Some(adjustment.reason),
                        note: adjustment.note.clone(),
                        by: Some(by.clone()),
                        ..moved(&stock, planned, adjustment.delta, now)
                    };
                    let write = self.stock.adjust(&stock, planned, manager.seller_id().as_ref(), &moved)?;
                    (None, vec![attempt.take(&self.table, now)?, write])
                }
            };
            let Outcome::Refused(refusals) = transact_within(self.table.client(), actions, ENCOUNTERS).await? else {
                return Ok(Answered::now(match announced {
                    Some(answer) => answer,
                    None => self.answer(product, &attempt).await?,
                }));
            };
            let record = refusals.into_iter().find(|refusal| refusal.index == 0).and_then(|refusal| refusal.current);
            if let Some(taken) = record.map(|item| attempt.taken(item, now)).transpose()?.flatten() {
                return self.replayed(taken, product, &attempt).await;
            }
        }
        Err(Error::busy())
    }

    /// The stock of a product that `manager` may manage.
    ///
    /// # Errors
    /// 404; or DynamoDB does not answer.
    async fn managed(&self, manager: &Manager, product: ProductId) -> Result<Stock> {
        let stock = self.stock.get(product).await?;
        stock.filter(|stock| manager.manages(stock.offer.seller_id.as_ref())).ok_or_else(Error::not_found)
    }

    async fn replayed(
        &self,
        taken: Taken<Adjusted>,
        product: ProductId,
        attempt: &Attempt,
    ) -> Result<Answered<Adjusted>> {
        let answer = match taken {
            Taken::Answered(answer) => answer,
            Taken::Unanswered => self.answer(product, attempt).await?,
        };
        Ok(Answered { answer, replayed: true })
    }

    /// The levels after the adjustment: read once it is done, and the same for everybody who repeats it.
    async fn answer(&self, product: ProductId, attempt: &Attempt) -> Result<Adjusted> {
        attempt.answer(&self.table, Adjusted::Done(self.levels(product).await?)).await
    }

    async fn levels(&self, product: ProductId) -> Result<StockLevels> {
        let stock = self.stock.get(product).await?;
        Ok(stock.ok_or_else(|| Error::internal("stock that was adjusted is gone"))?.levels())
    }

    /// Confirms the disposal of a controlled medicine, which counts from then on; once more changes nothing.
    ///
    /// # Errors
    /// 403 `own_disposal`; 404 for who is not its witness; 409 `insufficient_stock` where the units are gone meanwhile; or
    /// DynamoDB does not answer.
    pub async fn confirm(&self, manager: &Manager, id: MovementId) -> Result<StockLevels> {
        for tried in 0..ATTEMPTS {
            back_off(tried).await;
            let disposal = self.disposals.get(id).await?.ok_or_else(Error::not_found)?;
            disposal.confirmed_by(manager.user())?;
            let product = disposal.product_id;
            let stock = self.managed(manager, product).await?;
            if disposal.status == DisposalStatus::Confirmed {
                return Ok(stock.levels());
            }
            let planned = stock.plan(disposal.delta, disposal.lot, Reason::Disposal);
            let planned = planned.map_err(|refused| refusal(product, refused))?;
            let moved = Move {
                id,
                reason: Some(Reason::Disposal),
                note: disposal.note.clone(),
                by: Some(disposal.by.clone()),
                witness: Some(disposal.witness.clone()),
                ..moved(&stock, planned, disposal.delta, self.clock.now())
            };
            let actions = vec![
                self.disposals.confirm(id)?,
                self.stock.adjust(&stock, planned, manager.seller_id().as_ref(), &moved)?,
            ];
            if let Outcome::Done = transact_within(self.table.client(), actions, ENCOUNTERS).await? {
                return self.levels(product).await;
            }
        }
        Err(Error::busy())
    }

    /// Writes down what has moved of a product and is not written down yet.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn write_down(&self, product: ProductId) -> Result<()> {
        self.movements.write_down(product).await
    }

    /// Up to `limit` movements of a product that `manager` may manage, the newest first, and the place after which more
    /// come. All that has moved by now is among them.
    ///
    /// # Errors
    /// 404 for another's product; or DynamoDB does not answer.
    pub async fn movements(
        &self,
        manager: &Manager,
        product: ProductId,
        limit: u16,
        after: Option<&str>,
    ) -> Result<(Vec<Movement>, Option<String>)> {
        let stock = self.managed(manager, product).await?;
        if !stock.housing.moves.is_empty() {
            self.movements.write_down(product).await?;
        }
        self.movements.page(product, limit, after).await
    }
}

/// Whether somebody could confirm that a medicine was destroyed: one of the staff, who may sign in.
async fn may_confirm(directory: &Directory, witness: &UserId) -> Result<bool> {
    let manages_all = |role| scope(role, Permission::ManageStock) == Some(Scope::All);
    let found = directory.get(witness).await?;
    Ok(found.is_some_and(|person| person.enabled && person.roles.into_iter().any(manages_all)))
}

fn no_witness() -> Error {
    vec![Invalid::new("no_witness", wording::catalog::no_witness()).at("witness_id")].into()
}

/// What an adjustment moves.
fn moved(stock: &Stock, planned: Planned, delta: Delta, now: Timestamp) -> Move {
    let number = match planned.lot {
        LotRef::Lot(id) => stock.housing.lot(id).map(|units| units.number.clone()),
        LotRef::Unlotted => None,
    };
    Move::new(What::Adjusted, delta.units(), (planned.lot, number), now)
}

fn refusal(product_id: ProductId, refused: Refused) -> Error {
    let field = |code, message: Words, field: &str| -> Error { vec![Invalid::new(code, message).at(field)].into() };
    match refused {
        Refused::Insufficient { available } => {
            let problem = Shortage { product_id, code: "insufficient_stock", available };
            let detail = wording::catalog::only_so_many_units(available);
            Error::conflict("insufficient_stock", detail).with_problems(&[problem])
        }
        Refused::TooMany => field("out_of_range", wording::catalog::too_many_units(), "delta"),
        Refused::NeedsLot => field("required", wording::catalog::needs_lot(), "lot_id"),
        Refused::NoSuchLot => field("not_found", wording::catalog::no_such_lot(), "lot_id"),
        Refused::OnlyTakes => field("unknown_value", wording::catalog::only_takes(), "reason"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortage_says_what_there_is() {
        let product = ProductId::generate(Timestamp::from_millis(1));
        let error = refusal(product, Refused::Insufficient { available: 3 });
        assert_eq!(error.code(), "insufficient_stock");
        assert_eq!(error.problems().unwrap()[0]["available"], 3);
    }
}
