//! Finding an order by the number that somebody reads from a parcel or over the telephone.

use futures_util::future::try_join_all;

use super::fulfilment::Orders;
use super::number::{OldNumber, SoughtNumber};
use super::order::Order;
use super::status::Status;
use super::store::Owner;
use crate::audit::{Action, Actor as Trace, Entry};
use crate::identity::{Caller, Permission, Scope};
use crate::platform::error::Result;

impl Orders {
    /// The orders with a number that the caller may see: one, none, or of an old number perhaps several. That somebody
    /// named the number of another's order is on the trail before they are told that there is none.
    ///
    /// # Errors
    /// 403 for a role that sees no orders; 503, also when the trail cannot be written.
    pub async fn find(&self, caller: &Caller, number: &SoughtNumber, trace: &Trace) -> Result<Vec<Order>> {
        let scopes = caller.require(Permission::ReadOrders)?;
        let found = match number {
            SoughtNumber::Number(number) => self.store.get(number.id()).await?.into_iter().collect(),
            SoughtNumber::Old(old) => self.once_numbered(caller, old).await?,
        };
        let sees = |order: &Order| {
            scopes.contains(&Scope::All)
                || (scopes.contains(&Scope::Own) && order.customer == caller.user)
                || (scopes.contains(&Scope::OwnLines) && order.sellers().contains(&caller.user))
        };
        let (visible, hidden): (Vec<_>, Vec<_>) = found.into_iter().partition(sees);
        if !hidden.is_empty() {
            let now = self.clock.now();
            let refused = |order: &Order| Entry::refused(trace, Action::ReadOrder, &order.customer, order.id, now);
            self.audit.append_all(&hidden.iter().map(refused).collect::<Vec<_>>()).await?;
        }
        self.shown(trace, &visible).await?;
        Ok(visible)
    }

    /// Old numbers are in no list of their own: they are looked for among the orders of their day.
    async fn once_numbered(&self, caller: &Caller, number: &OldNumber) -> Result<Vec<Order>> {
        let mut found = if caller.may_all(Permission::ReadOrders) {
            try_join_all(Status::ALL.map(|status| self.store.once_numbered_in(status, number))).await?
        } else {
            let lists = [Owner::Customer(&caller.user), Owner::Seller(&caller.user)];
            try_join_all(lists.map(|list| self.store.once_numbered(list, number))).await?
        }
        .concat();
        found.sort_by_key(|order| std::cmp::Reverse(order.id));
        found.dedup_by_key(|order| order.id);
        Ok(found)
    }
}
