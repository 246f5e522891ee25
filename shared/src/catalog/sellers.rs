//! What sellers are called in the shop: said by them, and brought to all that they sell.
//!
//! - It is said twice: the second time nothing is written.
//! - Two at once: the version lets one through, the other reads again.
//! - It dies in the middle: the name stands or it does not. Bringing it to the products is done by the table's stream, which
//!   leaves alone what has the name. Of many products it brings it to some, and notes on the seller how far it came: that is a
//!   change of the seller, and the stream goes on with it.

use std::time::Duration;

use super::products::Products;
use super::seller::{DisplayName, SellerProfile};
use super::seller_store::SellerStore;
use crate::audit::{Action, Actor, Audit, Entry};
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::dynamo::back_off;
use crate::platform::error::{Error, Kind, Result};
use crate::platform::ids::UserId;
use crate::platform::wording;

const ATTEMPTS: u32 = 6;
/// How many products are read at once.
const PAGE: u16 = 100;
/// How often a seller may change their name within a day: it is brought to everything that they sell.
const MOST_A_DAY: usize = 10;
const DAY: Duration = Duration::from_hours(24);

/// The sellers' names.
#[derive(Clone, Debug)]
pub struct Sellers {
    /// Where they are.
    pub store: SellerStore,
    /// What is sold.
    pub products: Products,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
}

impl Sellers {
    /// What a seller is called.
    ///
    /// # Errors
    /// 404 who has not said; or DynamoDB does not answer.
    pub async fn get(&self, seller: &UserId) -> Result<SellerProfile> {
        self.store.get(seller).await?.ok_or_else(Error::not_found)
    }

    /// Calls the seller who asks by this name from now on.
    ///
    /// # Errors
    /// 429 `rate_limited` for who has changed it too often within a day; DynamoDB does not answer.
    pub async fn rename(&self, actor: &Actor, name: &DisplayName) -> Result<SellerProfile> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let before = self.store.get(&actor.user).await?;
            if let Some(same) = before.as_ref().filter(|before| before.display_name == *name) {
                return Ok(same.clone());
            }
            let now = self.clock.now();
            let renamed = counted(before.as_ref().map(|before| before.renamed.as_slice()).unwrap_or_default(), now)?;
            let version = before.map_or(0, |before| before.version) + 1;
            let (seller, display_name) = (actor.user.clone(), name.clone());
            let next = SellerProfile { seller, display_name, updated_at: now, renamed, reached: None, version };
            let entry = Entry::allowed(actor, Action::RenameSeller, &actor.user, &actor.user, now);
            if self.store.save(&next, self.audit.action(&entry)?).await? {
                return Ok(next);
            }
        }
        Err(Error::busy())
    }

    /// Writes what a seller is called now on the next `most` products that they sell, and notes how far it came where there
    /// may be more; how many did not have it. The name of who has left is taken off all of them: nothing is there to be noted on.
    ///
    /// # Errors
    /// DynamoDB does not answer; what was written stays, and the next time goes on.
    pub async fn follow(&self, seller: &UserId, most: u16) -> Result<u32> {
        let profile = self.store.get(seller).await?;
        let name = profile.as_ref().map(|profile| profile.display_name.clone());
        let (mut changed, mut seen, mut after) = (0, 0, profile.as_ref().and_then(|profile| profile.reached));
        loop {
            let limit = PAGE.min(most);
            let ids = self.products.store.sold_by(seller, after, limit).await?;
            let theirs = self.products.store.get_many(&ids).await?;
            for product in theirs.into_iter().filter(|product| product.seller_id.as_ref() == Some(seller)) {
                if product.seller_name != name {
                    let now = self.clock.now();
                    self.products.rewrite(product, |product| Ok(product.with_seller_name(name.clone(), now))).await?;
                    changed += 1;
                }
            }
            let Some(last) = ids.last().copied().filter(|_| ids.len() == usize::from(limit)) else {
                return Ok(changed);
            };
            (seen, after) = (seen + limit, Some(last));
            if let Some(profile) = profile.as_ref().filter(|_| seen >= most) {
                self.store.reach(profile, last).await?;
                return Ok(changed);
            }
        }
    }
}

/// The changes of the last day, with one at `now`.
fn counted(renamed: &[Timestamp], now: Timestamp) -> Result<Vec<Timestamp>> {
    let mut lately: Vec<_> = renamed.iter().copied().filter(|at| now.since(*at) < DAY).collect();
    if lately.len() >= MOST_A_DAY {
        let oldest = lately.iter().min().copied().unwrap_or(now);
        let wait = DAY.saturating_sub(now.since(oldest));
        let detail = wording::catalog::renamed_too_often(MOST_A_DAY);
        return Err(Error::new(Kind::TooMany, "rate_limited", detail).retry_after(wait));
    }
    lately.push(now);
    Ok(lately)
}
