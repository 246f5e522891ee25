//! The use-cases of lots: units come in; which lots there are.

use futures_util::future::try_join;

use super::housing::MAX_LOTS;
use super::number::LotNumber;
use super::store::{Lot, LotStore};
use super::units::{LotRef, LotStatus, LotUnits};
use super::view::{LotList, LotView};
use crate::catalog::gs1::Gtin;
use crate::catalog::importing::Brought;
use crate::catalog::manager::Manager;
use crate::catalog::movement::{Move, What};
use crate::catalog::product::ImportMark;
use crate::catalog::stock::{Stock, StockStore};
use crate::platform::clock::{Clock, Date};
use crate::platform::dynamo::{Outcome, Table, Write, back_off, transact_within};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::idempotency::{Answered, Attempt, Idempotency, Taken};
use crate::platform::ids::{LotId, ProductId};
use crate::platform::money::Money;
use crate::platform::wording;
use crate::platform::zone::Zone;

const ATTEMPTS: u32 = 6;
/// From how many lots on those of which nothing is left are taken out of the stock item.
const PRUNED_FROM: usize = 12;
/// How often a delivery is tried when it meets others at the same stock.
const ENCOUNTERS: u32 = 16;

/// Looks after lots.
#[derive(Clone, Debug)]
pub struct Receiving {
    /// The catalogue's table, where keys of requests are taken.
    pub table: Table,
    /// Where units are.
    pub stock: StockStore,
    /// Where lots are.
    pub lots: LotStore,
    /// The time.
    pub clock: Clock,
    /// Where the days are those of the pharmacy.
    pub zone: Zone,
}

/// Units that come in.
#[derive(Clone, Debug)]
pub struct NewLot {
    /// The number on the packs.
    pub number: LotNumber,
    /// The last day on the packs.
    pub expires_on: Date,
    /// How many; above zero.
    pub quantity: i64,
    /// From whom.
    pub supplier: Option<String>,
    /// What a unit cost.
    pub unit_cost: Option<Money>,
    /// What the packs say which product it is.
    pub gtin: Option<Gtin>,
}

impl Receiving {
    /// Takes units into the house. The same number again adds to the lot; the same request again changes nothing.
    ///
    /// # Errors
    /// 404 for another's product; 409 `lot_conflict`, `lot_not_sellable`, `too_many_lots`; 422 `lot_expired`,
    /// `idempotency_key_reused`; or DynamoDB does not answer.
    pub async fn receive(
        &self,
        manager: &Manager,
        product: ProductId,
        new: &NewLot,
        idempotency: &Idempotency,
    ) -> Result<Answered<LotView>> {
        let attempt = Attempt::new(manager.user(), &format!("catalog-receive-lot {product}"), idempotency);
        for tried in 0..ATTEMPTS {
            back_off(tried).await;
            let now = self.clock.now();
            let (stock, lot) = try_join(self.stock.get(product), self.lots.numbered(product, &new.number)).await?;
            let stock = stock.filter(|stock| manager.manages(stock.offer.seller_id.as_ref()));
            let stock = stock.ok_or_else(Error::not_found)?;
            let stock = self.pruned(stock).await?;
            let writes = match self.writes(manager, new, &stock, lot, None) {
                Ok(writes) => writes,
                // A repetition is answered as it was, whatever would be said today.
                Err(refusal) => match attempt.find(&self.table, now).await? {
                    Some(taken) => return self.replayed(taken, product, new, &attempt).await,
                    None => return Err(refusal),
                },
            };
            let mut actions = vec![attempt.take(&self.table, now)?];
            actions.extend(writes);
            match transact_within(self.table.client(), actions, ENCOUNTERS).await? {
                Outcome::Done => return Ok(Answered::now(self.answer(product, new, &attempt).await?)),
                Outcome::Refused(refusals) => {
                    let key = refusals.into_iter().find(|refusal| refusal.index == 0).and_then(|one| one.current);
                    if let Some(taken) = key.map(|item| attempt.taken(item, now)).transpose()?.flatten() {
                        return self.replayed(taken, product, new, &attempt).await;
                    }
                }
            }
        }
        Err(Error::busy())
    }

    /// Takes in what is missing until deliveries have brought `new.quantity` units of its lot altogether, which is what a table
    /// says: what a count has found beside them is none of these. `only_try` tells what would come of it and writes nothing.
    ///
    /// Twice is once, since nothing is missing then. Two at once, or beside a delivery: the lot's version lets one through,
    /// and the other looks again at what is missing. The units come in with the mark of the row that brought them, in one
    /// transaction, so that who does the row over after a kill knows what it did.
    ///
    /// # Errors
    /// 404 for another's product; 409 `lot_has_more`, `lot_conflict`, `lot_not_sellable`, `too_many_lots`; 422
    /// `lot_expired`; or DynamoDB does not answer.
    pub async fn bring(
        &self,
        manager: &Manager,
        product: ProductId,
        new: &NewLot,
        mark: ImportMark,
        only_try: bool,
    ) -> Result<Brought> {
        for tried in 0..ATTEMPTS {
            back_off(tried).await;
            let (stock, lot) = try_join(self.stock.get(product), self.lots.numbered(product, &new.number)).await?;
            let stock = stock.filter(|stock| manager.manages(stock.offer.seller_id.as_ref()));
            let stock = stock.ok_or_else(Error::not_found)?;
            let stock = if only_try { stock } else { self.pruned(stock).await? };
            let last = lot.as_ref().and_then(|lot| lot.imported);
            let units = lot.as_ref().and_then(|lot| stock.housing.lot(lot.id).or(lot.spent.as_ref()));
            let received = units.map_or(0, LotUnits::delivered);
            if let Some(lot) = &lot {
                agrees(lot, new)?;
            }
            match new.quantity - received {
                0 => return Ok(mark.done(last)),
                ..0 => {
                    let detail = wording::catalog::lot_has_more(received);
                    return Err(Error::conflict("lot_has_more", detail));
                }
                missing => {
                    let mark = match lot {
                        None => ImportMark { created: true, ..mark },
                        Some(_) => mark.after(last),
                    };
                    let done = if mark.created { Brought::Created } else { Brought::Updated };
                    let missing = NewLot { quantity: missing, ..new.clone() };
                    let writes = self.writes(manager, &missing, &stock, lot, Some(mark))?;
                    if only_try {
                        return Ok(done);
                    }
                    if let Outcome::Done = transact_within(self.table.client(), writes, ENCOUNTERS).await? {
                        return Ok(done);
                    }
                }
            }
        }
        Err(Error::busy())
    }

    /// The stock without a lot of which nothing is left, where it keeps many: what became of that lot is kept beside it.
    async fn pruned(&self, stock: Stock) -> Result<Stock> {
        let spent = stock.housing.by_expiry().into_iter().find(|(_, units)| units.in_house() == 0);
        let many = stock.housing.lots.as_ref().is_some_and(|lots| lots.len() >= PRUNED_FROM);
        let Some((id, units)) = spent.filter(|_| many) else { return Ok(stock) };
        let product = stock.offer.product_id;
        let Some(lot) = self.lots.numbered(product, &units.number).await? else { return Ok(stock) };
        let lot = Lot { spent: Some(units.clone()), ..lot };
        let writes = vec![self.lots.save(&lot)?, self.stock.forget_lot(product, id, units)?];
        transact_within(self.table.client(), writes, ENCOUNTERS).await?;
        self.stock.get(product).await?.ok_or_else(Error::not_found)
    }

    fn writes(
        &self,
        manager: &Manager,
        new: &NewLot,
        stock: &Stock,
        lot: Option<Lot>,
        mark: Option<ImportMark>,
    ) -> Result<Vec<Write>> {
        let now = self.clock.now();
        if new.expires_on < self.zone.day(now)? {
            return Err(Error::new(Kind::Unprocessable, "lot_expired", wording::catalog::lot_expired()));
        }
        if let Some(lot) = &lot {
            agrees(lot, new)?;
        }
        let id = lot.as_ref().map_or_else(|| LotId::generate(now), |lot| lot.id);
        let mut moved = Move::new(What::Received, new.quantity, (LotRef::Lot(id), Some(new.number.clone())), now);
        moved.by = Some(manager.user().clone());
        moved.note = new.supplier.clone();
        let full = stock.housing.lots.as_ref().is_some_and(|lots| lots.len() >= MAX_LOTS);
        let kept = stock.housing.lot(id).or_else(|| lot.as_ref().and_then(|lot| lot.spent.as_ref()));
        if kept.is_some_and(|units| units.status != LotStatus::Sellable) {
            let detail = wording::catalog::lot_not_sellable();
            return Err(Error::conflict("lot_not_sellable", detail));
        }
        if full && stock.housing.lot(id).is_none() {
            let detail = wording::catalog::too_many_lots(MAX_LOTS);
            return Err(Error::conflict("too_many_lots", detail));
        }
        let units = || match kept {
            Some(units) => {
                let (received, free) = (units.received + new.quantity, units.free + new.quantity);
                LotUnits { received, free, ..units.clone() }
            }
            None => LotUnits::of(new.number.clone(), new.expires_on, new.quantity),
        };
        let product = stock.offer.product_id;
        let stock_write = match stock.housing.lot(id) {
            Some(_) => self.stock.receive_more(product, id, &moved)?,
            None => self.stock.receive_new(stock, id, &units(), &moved)?,
        };
        let lot_writes = match lot {
            Some(lot) => {
                let next = Lot {
                    supplier: new.supplier.clone().or(lot.supplier),
                    unit_cost: new.unit_cost.or(lot.unit_cost),
                    gtin: new.gtin.or(lot.gtin),
                    spent: None,
                    imported: mark.or(lot.imported),
                    ..lot
                };
                vec![self.lots.save(&next)?]
            }
            None => self.lots.create(&Lot {
                id,
                product_id: product,
                number: new.number.clone(),
                expires_on: new.expires_on,
                received_at: now,
                supplier: new.supplier.clone(),
                unit_cost: new.unit_cost,
                gtin: new.gtin,
                spent: None,
                imported: mark,
                recall: None,
                version: 1,
            })?,
        };
        Ok(std::iter::once(stock_write).chain(lot_writes).collect())
    }

    async fn replayed(
        &self,
        taken: Taken<LotView>,
        product: ProductId,
        new: &NewLot,
        attempt: &Attempt,
    ) -> Result<Answered<LotView>> {
        let answer = match taken {
            Taken::Answered(answer) => answer,
            Taken::Unanswered => self.answer(product, new, attempt).await?,
        };
        Ok(Answered { answer, replayed: true })
    }

    /// The lot after its units came in: read once they have, and the same for everybody who repeats it.
    async fn answer(&self, product: ProductId, new: &NewLot, attempt: &Attempt) -> Result<LotView> {
        let (stock, lot) = try_join(self.stock.get(product), self.lots.numbered(product, &new.number)).await?;
        let gone = || Error::internal("a lot that came in is gone");
        let view = LotView::new(lot.ok_or_else(gone)?, &stock.ok_or_else(gone)?);
        attempt.answer(&self.table, view).await
    }

    /// All lots of a product that `manager` may manage, the first to expire first.
    ///
    /// # Errors
    /// 404 for another's product; or DynamoDB does not answer.
    pub async fn list(&self, manager: &Manager, product: ProductId) -> Result<LotList> {
        let (stock, lots) = try_join(self.stock.get(product), self.lots.of_product(product)).await?;
        let stock = stock.filter(|stock| manager.manages(stock.offer.seller_id.as_ref()));
        Ok(LotList::new(lots, &stock.ok_or_else(Error::not_found)?))
    }
}

/// That a delivery says the same of its lot as is known of it.
fn agrees(lot: &Lot, new: &NewLot) -> Result<()> {
    if lot.expires_on != new.expires_on || differ(lot.gtin, new.gtin) {
        let detail = wording::catalog::lot_conflict();
        return Err(Error::conflict("lot_conflict", detail));
    }
    Ok(())
}

fn differ(known: Option<Gtin>, given: Option<Gtin>) -> bool {
    known.zip(given).is_some_and(|(known, given)| known != given)
}
