//! Lists of orders by what they wait for. That is computed and stands in no index: orders are read in their order and held
//! against what they stand on, some at a time, until the page is full or enough were looked at.

use futures_util::future::try_join_all;

use super::fulfilment::{ListOrders, Orders};
use super::holds::{Hold, Sought};
use super::order::Order;
use super::status::Status;
use crate::audit::Actor as Trace;
use crate::identity::{Caller, Permission, Scope};
use crate::platform::error::Result;
use crate::platform::ids::OrderId;

/// How many orders are looked at at once.
const AT_ONCE: u16 = 20;
/// How many times, for one page. What is left comes with the next, which is why a page may be short and still not be the last.
const MOST_BATCHES: usize = 5;
/// The states that are looked through where none is named: what has not left the house.
const OPEN: [Status; 3] = [Status::Placed, Status::Verified, Status::Packed];

/// A page of orders with what each waits for.
#[derive(Clone, Debug)]
pub struct HeldPage {
    /// The orders.
    pub orders: Vec<(Order, Vec<Hold>)>,
    /// Where the next page goes on, if there may be one.
    pub next: Option<OrderId>,
}

impl Orders {
    /// A page of the orders that the caller may see and that wait for what is sought, the newest first. Each of them that is
    /// another's is on the trail before it is shown.
    ///
    /// # Errors
    /// 403 for a role that sees none; 503, also when the trail cannot be written.
    pub async fn list_held(
        &self,
        caller: &Caller,
        list: &ListOrders,
        sought: Sought,
        trace: &Trace,
    ) -> Result<HeldPage> {
        let scopes = caller.require(Permission::ReadOrders)?;
        let all = scopes.contains(&Scope::All);
        let (mut found, mut next) = (Vec::new(), list.after);
        let mut more = true;
        for _ in 0..MOST_BATCHES {
            let batch = ListOrders { which: list.which.clone(), limit: AT_ONCE, after: next };
            let (orders, last) = if all { self.open(&batch).await? } else { self.own_open(caller, &batch).await? };
            let held = try_join_all(orders.iter().map(|order| self.holds(order))).await?;
            more = last.is_some();
            for (order, holds) in orders.into_iter().zip(held) {
                if found.len() == usize::from(list.limit) {
                    more = true;
                    break;
                }
                next = Some(order.id);
                if sought.finds(&holds) {
                    found.push((order, holds));
                }
            }
            if found.len() == usize::from(list.limit) {
                break;
            }
            match last {
                // Of one's own, whole pages may be of other states.
                Some(last) => next = Some(next.map_or(last, |next| next.min(last))),
                None => break,
            }
        }
        let orders: Vec<_> = found.iter().map(|(order, _)| order.clone()).collect();
        self.shown(trace, &orders).await?;
        Ok(HeldPage { orders: found, next: next.filter(|_| more) })
    }

    /// Some of everybody's, and where they go on.
    async fn open(&self, list: &ListOrders) -> Result<(Vec<Order>, Option<OrderId>)> {
        let (states, start) = (list.which.states(&OPEN), list.which.start(list.after));
        // One more than asked for tells whether there is more.
        let limit = list.limit.saturating_add(1);
        let read = states.into_iter().map(|status| self.store.in_status(status, limit, start));
        let mut orders: Vec<_> = try_join_all(read).await?.into_iter().flatten().collect();
        orders.sort_by_key(|order| std::cmp::Reverse(order.id));
        // It may have moved from one state to another between the reads.
        orders.dedup_by_key(|order| order.id);
        orders.retain(|order| !list.which.ends_before(order.id));
        let more = orders.len() > usize::from(list.limit);
        orders.truncate(usize::from(list.limit));
        let next = orders.last().filter(|_| more).map(|order| order.id);
        Ok((orders, next))
    }

    /// The same of the caller's own and those with their products.
    async fn own_open(&self, caller: &Caller, list: &ListOrders) -> Result<(Vec<Order>, Option<OrderId>)> {
        let scopes = caller.require(Permission::ReadOrders)?;
        let page = self.list_own(caller, &scopes, list).await?;
        let wanted = |order: &Order| list.which.names_states() || OPEN.contains(&order.status);
        Ok((page.orders.into_iter().filter(wanted).collect(), page.next))
    }
}
