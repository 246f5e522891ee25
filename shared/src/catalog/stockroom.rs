//! The use-case of the stockroom: adjust stock, once for each `Idempotency-Key`.

use serde::Serialize;

use super::adjustment::{Delta, Movement, Refused, StockLevels};
use super::manager::Manager;
use super::stock::StockStore;
use crate::platform::clock::Clock;
use crate::platform::dynamo::{Item, Outcome, Refusal, Table, back_off, transact_within};
use crate::platform::error::{Error, Result};
use crate::platform::fields::Invalid;
use crate::platform::idempotency::{Answered, Attempt, Idempotency, Taken};
use crate::platform::ids::ProductId;

/// How often an adjustment is tried anew that was refused by what is no more so.
const ATTEMPTS: u32 = 3;
/// How often it is tried when it meets others at the same stock: DynamoDB lets one transaction at a time have an item, so
/// that of fifty at once the last waits for a second or two.
const ENCOUNTERS: u32 = 16;

/// The stockroom.
#[derive(Clone, Debug)]
pub struct Stockroom {
    table: Table,
    stock: StockStore,
    clock: Clock,
}

/// Why an adjustment was refused, for a machine.
#[derive(Serialize)]
struct Shortage {
    product_id: ProductId,
    code: &'static str,
    available: i64,
}

impl Stockroom {
    /// In the catalogue's table.
    pub fn new(table: Table, clock: Clock) -> Self {
        Self { stock: StockStore::new(table.clone()), table, clock }
    }

    /// Adds units to the stock of a product or takes them away; the same request once more gets the same answer and
    /// changes nothing.
    ///
    /// # Errors
    /// 404 for another's product; 409 `insufficient_stock`; 422 `idempotency_key_reused`; or DynamoDB does not answer.
    pub async fn adjust(
        &self,
        manager: &Manager,
        product: ProductId,
        delta: Delta,
        reason: String,
        idempotency: &Idempotency,
    ) -> Result<Answered<StockLevels>> {
        let now = self.clock.now();
        let attempt = Attempt::new(manager.user(), &format!("catalog-adjust-stock {product}"), idempotency);
        let movement = Movement { delta, reason, by: manager.user().clone(), at: now };
        let actions = vec![
            attempt.take(&self.table, now)?,
            self.stock.adjust(product, delta, manager.seller_id().as_ref())?,
            self.stock.write_down(product, &movement)?,
        ];
        for tried in 0..ATTEMPTS {
            back_off(tried).await;
            let Outcome::Refused(refusals) = transact_within(self.table.client(), actions.clone(), ENCOUNTERS).await?
            else {
                return Ok(Answered::now(self.answer(product, &attempt).await?));
            };
            let record = current(&refusals, 0).map(|item| attempt.taken(item, now)).transpose()?.flatten();
            match record {
                Some(Taken::Answered(answer)) => return Ok(Answered { answer, replayed: true }),
                Some(Taken::Unanswered) => {
                    return Ok(Answered { answer: self.answer(product, &attempt).await?, replayed: true });
                }
                None => {}
            }
            let Some(refused) = refusals.into_iter().find(|refusal| refusal.index == 1) else { continue };
            let stock = refused.current.map(StockStore::from_item).transpose()?;
            let stock = stock.filter(|stock| manager.manages(stock.offer.seller_id.as_ref()));
            if let Some(refused) = stock.ok_or_else(Error::not_found)?.refuses(delta) {
                return Err(refusal(product, refused));
            }
        }
        Err(Error::busy())
    }

    /// The levels after the adjustment: read once it is done, and the same for everybody who repeats it.
    async fn answer(&self, product: ProductId, attempt: &Attempt) -> Result<StockLevels> {
        let stock = self.stock.get(product).await?;
        let stock = stock.ok_or_else(|| Error::internal("stock that was adjusted is gone"))?;
        attempt.answer(&self.table, stock.levels()).await
    }
}

fn current(refusals: &[Refusal], index: usize) -> Option<Item> {
    refusals.iter().find(|refusal| refusal.index == index)?.current.clone()
}

fn refusal(product_id: ProductId, refused: Refused) -> Error {
    match refused {
        Refused::Insufficient { available } => {
            let problem = Shortage { product_id, code: "insufficient_stock", available };
            let detail = format!("Only {available} units can be taken away.");
            Error::conflict("insufficient_stock", detail).with_problems(&[problem])
        }
        Refused::TooMany => {
            vec![Invalid::new("out_of_range", "there would be more units than the stock can hold").at("delta")].into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::Timestamp;

    #[test]
    fn a_shortage_says_what_there_is() {
        let product = ProductId::generate(Timestamp::from_millis(1));
        let error = refusal(product, Refused::Insufficient { available: 3 });
        assert_eq!(error.code(), "insufficient_stock");
        assert_eq!(error.problems().unwrap()[0]["available"], 3);
    }
}
