//! The staff's desk for coupons: making, changing, removing, listing.

use super::code::CouponCode;
use super::coupon::Coupon;
use super::store::CouponStore;
use super::terms::Terms;
use crate::audit::{Action, Actor, Audit, Entry, Outcome};
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::dynamo::back_off;
use crate::platform::error::{Error, Result};
use crate::platform::precondition::Precondition;

const ATTEMPTS: u32 = 6;

/// Makes and changes coupons.
#[derive(Debug)]
pub struct CouponDesk {
    /// Where coupons are.
    pub store: CouponStore,
    /// The trail: every change is on it.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
}

fn entry(actor: &Actor, action: Action, code: &CouponCode, version: u64, now: Timestamp) -> Entry {
    Entry::new(&actor.origin, action, Outcome::Allowed, code, now).by(actor).detail(format!("version {version}"))
}

impl CouponDesk {
    /// A page of the coupons by their codes, and the code that the next page comes after.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn list(&self, after: Option<&CouponCode>, limit: u16) -> Result<(Vec<Coupon>, Option<CouponCode>)> {
        self.store.list(after, limit).await
    }

    /// Makes a coupon or changes its terms; says whether it is new. Carts that have it set must set it again. Putting what is
    /// there already changes nothing.
    ///
    /// # Errors
    /// 412; 503.
    pub async fn put(
        &self,
        actor: &Actor,
        code: &CouponCode,
        terms: &Terms,
        precondition: &Precondition,
    ) -> Result<(Coupon, bool)> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let before = self.store.get(code).await?;
            let there = before.as_ref().filter(|coupon| coupon.removed_at.is_none());
            precondition.check(there.map(|coupon| coupon.version))?;
            if let Some(there) = there.filter(|coupon| coupon.terms == *terms) {
                return Ok((there.clone(), false));
            }
            let (version, uses) = before.as_ref().map_or((0, 0), |coupon| (coupon.version, coupon.uses));
            let new = there.is_none();
            let entry = entry(actor, Action::PutCoupon, code, version + 1, self.clock.now());
            if self.store.put(code, terms, version, self.audit.action(&entry)?).await? {
                let (code, terms) = (code.clone(), terms.clone());
                return Ok((Coupon { code, terms, uses, version: version + 1, removed_at: None }, new));
            }
        }
        Err(Error::busy())
    }

    /// Removes a coupon: nobody can use it any more. Orders that were placed with it keep what it took off.
    ///
    /// # Errors
    /// 404; 412; 503.
    pub async fn remove(&self, actor: &Actor, code: &CouponCode, precondition: &Precondition) -> Result<()> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let there = self.store.get(code).await?.filter(|coupon| coupon.removed_at.is_none());
            let there = there.ok_or_else(Error::not_found)?;
            precondition.check(Some(there.version))?;
            let now = self.clock.now();
            let entry = entry(actor, Action::RemoveCoupon, code, there.version + 1, now);
            if self.store.remove(code, there.version, now, self.audit.action(&entry)?).await? {
                return Ok(());
            }
        }
        Err(Error::busy())
    }
}
