//! The use-case of the stockroom: adjust stock, once for each `Idempotency-Key`.

use futures_util::future::try_join;
use serde::Serialize;

use super::adjustment::{Delta, Movement, Refused, StockLevels};
use super::manager::Manager;
use super::stock::StockStore;
use crate::platform::clock::Clock;
use crate::platform::dynamo::{Item, Outcome, Refusal, Table, back_off, transact};
use crate::platform::error::{Error, Result};
use crate::platform::fields::Invalid;
use crate::platform::idempotency::{Answered, Attempt, Idempotency};
use crate::platform::ids::ProductId;

/// How often an adjustment is tried anew after others moved the same stock.
const ATTEMPTS: u32 = 8;

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
        let (answered, stock) = try_join(attempt.find(&self.table, now), self.stock.get(product)).await?;
        let mut stock = stock.filter(|stock| manager.manages(stock.offer.seller_id.as_ref()));
        if let Some(answered) = answered {
            return Ok(answered);
        }
        let movement = Movement { delta, reason, by: manager.user().clone(), at: now };
        for tried in 0..ATTEMPTS {
            back_off(tried).await;
            let seen = stock.ok_or_else(Error::not_found)?;
            let levels = seen.adjusted(delta).map_err(|refused| refusal(product, refused))?;
            let actions = vec![
                attempt.store(&self.table, &levels, now)?,
                self.stock.adjust(product, seen.version, levels.available)?,
                self.stock.write_down(product, &movement)?,
            ];
            let Outcome::Refused(refusals) = transact(self.table.client(), actions).await? else {
                return Ok(Answered::now(levels));
            };
            let record = current(&refusals, 0);
            if let Some(answered) = record.map(|item| attempt.replay(item, now)).transpose()?.flatten() {
                return Ok(answered);
            }
            stock = current(&refusals, 1).map(StockStore::from_item).transpose()?.or(Some(seen));
        }
        Err(Error::busy())
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
