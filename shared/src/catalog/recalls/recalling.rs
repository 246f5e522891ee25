//! The use-cases of recalls: a lot is called back; what has come of it.
//!
//! - It runs twice: what was answered is kept under its `Idempotency-Key`, in the transaction that calls back. With another key
//!   the lot says by which recall it was called back already.
//! - It runs twice at once, or while units of the lot move: the lot's version lets one through, and its units must be where
//!   they were read. Whoever packs or ships needs the lot to be sellable, so they come before it, or not at all.
//! - It dies in the middle: stock, lot, recall, trail and key are one transaction.

use futures_util::future::try_join;
use serde::Serialize;

use super::recall::{Followed, NewRecall, Recall};
use super::store::RecallStore;
use super::view::RecallView;
use crate::audit::{Action, Actor as Trace, Audit, Entry, Outcome as Ended};
use crate::catalog::lots::{Lot, LotRef, LotStatus, LotStore, LotUnits};
use crate::catalog::movement::{Move, What};
use crate::catalog::stock::StockStore;
use crate::platform::clock::Clock;
use crate::platform::dynamo::{Outcome, Table, back_off, transact_within};
use crate::platform::error::{Error, Result};
use crate::platform::idempotency::{Answered, Attempt, Idempotency, Taken};
use crate::platform::ids::{LotId, RecallId};
use crate::platform::wording;

/// How often a lot is tried whose units move meanwhile.
const ATTEMPTS: u32 = 12;
/// How often it is tried when it meets others at the same stock.
const ENCOUNTERS: u32 = 16;

/// Calls lots back.
#[derive(Clone, Debug)]
pub struct Recalling {
    /// The catalogue's table, where keys of requests are taken.
    pub table: Table,
    /// Where units are.
    pub stock: StockStore,
    /// Where lots are.
    pub lots: LotStore,
    /// Where recalls are.
    pub recalls: RecallStore,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
}

/// By which recall a lot was called back already, for a machine.
#[derive(Serialize)]
struct Earlier {
    code: &'static str,
    recall_id: RecallId,
}

impl Recalling {
    /// Calls a lot back: from now on none of it is sold, packed or shipped. The same request again changes nothing.
    ///
    /// # Errors
    /// 404 for a lot that there is not; 409 `already_recalled`, which names the recall; 422 `idempotency_key_reused`; or
    /// DynamoDB does not answer.
    pub async fn recall(
        &self,
        trace: &Trace,
        id: LotId,
        new: &NewRecall,
        idempotency: &Idempotency,
    ) -> Result<Answered<RecallView>> {
        let attempt = Attempt::new(&trace.user, &format!("catalog-recall-lot {id}"), idempotency);
        for tried in 0..ATTEMPTS {
            back_off(tried).await;
            let now = self.clock.now();
            let lot = self.lots.find(id).await?.ok_or_else(Error::not_found)?;
            if let Some(earlier) = lot.recall {
                // A repetition is answered as it was, whatever would be said today.
                return match attempt.find(&self.table, now).await? {
                    Some(Taken::Answered(answer)) => Ok(Answered { answer, replayed: true }),
                    Some(Taken::Unanswered) | None => Err(already(earlier)),
                };
            }
            let product = lot.product_id;
            let stock = self.stock.get(product).await?.ok_or_else(|| Error::internal("a lot of no product"))?;
            let housed = stock.housing.lot(id);
            let recall = Recall {
                id: RecallId::generate(now),
                lot: id,
                number: lot.number.clone(),
                product_id: product,
                reason: new.reason.clone(),
                reference: new.reference.clone(),
                class: new.class,
                by: trace.user.clone(),
                started_at: now,
                finished_at: None,
                followed: Followed::default(),
                version: 1,
            };
            let called = |units: &LotUnits| LotUnits { status: LotStatus::Recalled, ..units.clone() };
            // What the stock does not keep any more comes back to it as it is kept here.
            let spent = lot.spent.as_ref().map(called);
            let view = RecallView::new(recall.clone(), housed.map(called).as_ref().or(spent.as_ref()));
            let class = recall.class.number();
            let entry = Entry::new(&trace.origin, Action::RecallLot, Ended::Allowed, id, now).by(trace);
            let mut actions = vec![
                attempt.take_with(&self.table, &view, now)?,
                self.lots.save(&Lot { spent, recall: Some(recall.id), ..lot })?,
                self.audit.action(&entry.detail(format!("{} class {class}", recall.id)))?,
            ];
            actions.extend(self.recalls.begin(&recall)?);
            if let Some(read) = housed {
                let of = (LotRef::Lot(id), Some(read.number.clone()));
                let moved = Move {
                    by: Some(trace.user.clone()),
                    note: Some(new.reference.clone()),
                    ..Move::new(What::Recalled, read.in_house(), of, now)
                };
                actions.push(self.stock.set_status(product, id, read, LotStatus::Recalled, &moved)?);
            }
            match transact_within(self.table.client(), actions, ENCOUNTERS).await? {
                Outcome::Done => return Ok(Answered::now(view)),
                Outcome::Refused(refusals) => {
                    let key = refusals.into_iter().find(|refusal| refusal.index == 0).and_then(|one| one.current);
                    if let Some(Taken::Answered(answer)) =
                        key.map(|item| attempt.taken(item, now)).transpose()?.flatten()
                    {
                        return Ok(Answered { answer, replayed: true });
                    }
                }
            }
        }
        Err(Error::busy())
    }

    /// A recall, and where the units of its lot are now.
    ///
    /// # Errors
    /// 404 for what does not exist; or DynamoDB does not answer.
    pub async fn get(&self, id: RecallId) -> Result<RecallView> {
        let recall = self.recalls.get(id).await?.ok_or_else(Error::not_found)?;
        let reads = try_join(self.stock.get(recall.product_id), self.lots.numbered(recall.product_id, &recall.number));
        let (stock, lot) = reads.await?;
        let housed = stock.as_ref().and_then(|stock| stock.housing.lot(recall.lot));
        let spent = lot.as_ref().and_then(|lot| lot.spent.as_ref());
        Ok(RecallView::new(recall, housed.or(spent)))
    }
}

fn already(recall_id: RecallId) -> Error {
    let problem = Earlier { code: "already_recalled", recall_id };
    let detail = wording::catalog::already_recalled(recall_id);
    Error::conflict("already_recalled", detail).with_problems(&[problem])
}
