//! Takes what has expired out of what is available, every six hours.
//!
//! It goes through all products: what it changes is conditional on what it has read, so running twice or twice at once
//! changes nothing more, and a run that is cut short is finished by the next.

use super::units::{LotRef, LotStatus};
use crate::catalog::movement::{Move, What};
use crate::catalog::stock::{Stock, StockStore};
use crate::catalog::store::ProductStore;
use crate::platform::clock::{Clock, Date};
use crate::platform::dynamo::{Outcome, write};
use crate::platform::error::Result;
use crate::platform::zone::Zone;

/// How many products are read at once.
const PAGE: u16 = 100;
/// How often a lot is tried whose units move meanwhile.
const ATTEMPTS: u32 = 5;

/// Expires lots.
#[derive(Clone, Debug)]
pub struct Expiring {
    /// Where products are.
    pub products: ProductStore,
    /// Where units are.
    pub stock: StockStore,
    /// The time.
    pub clock: Clock,
    /// Where the days are those of the pharmacy.
    pub zone: Zone,
}

impl Expiring {
    /// Takes every lot whose last day has passed out of sale; how many they were.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn run(&self) -> Result<u32> {
        let today = self.zone.day(self.clock.now())?;
        let (mut expired, mut after) = (0, None);
        loop {
            let (products, next) = self.products.page(after.as_ref(), PAGE).await?;
            let ids: Vec<_> = products.iter().map(|(product, _)| product.id).collect();
            for stock in self.stock.get_many_plain(&ids).await? {
                expired += self.expire(stock, today).await?;
            }
            match next {
                Some(next) => after = Some(next),
                None => return Ok(expired),
            }
        }
    }

    async fn expire(&self, mut stock: Stock, today: Date) -> Result<u32> {
        let product = stock.offer.product_id;
        let (mut expired, mut tried) = (0, 0);
        loop {
            let lots = stock.housing.by_expiry();
            let due = lots.into_iter().find(|(_, lot)| lot.status == LotStatus::Sellable && lot.expires_on < today);
            let Some((id, lot)) = due.filter(|_| tried < ATTEMPTS) else { return Ok(expired) };
            let now = self.clock.now();
            let units = lot.free + lot.packed;
            let moved = Move::new(What::Expired, units, (LotRef::Lot(id), Some(lot.number.clone())), now);
            let change = self.stock.set_status(product, id, lot, LotStatus::Expired, &moved)?;
            match write(self.stock.table().client(), change).await? {
                Outcome::Done => expired += 1,
                Outcome::Refused(_) => tried += 1,
            }
            match self.stock.get(product).await? {
                Some(now) => stock = now,
                None => return Ok(expired),
            }
        }
    }
}
