//! Counts requests in the guard table: `LIMIT#<route>#<digest of who>` / `<window>`.
//!
//! One conditional write adds to the count of a window or is refused, so a thousand requests at once are counted like a
//! thousand in a row. Wide limits are counted in leases: a function takes several requests out of the window by one write
//! and serves them from memory. A caller who is known to have used up a window is refused from memory until it ends.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use tokio::sync::Mutex;

use crate::identity::caller::Caller;
use crate::identity::limits::limit::{Limit, Per, Quota};
use crate::platform::clock::Timestamp;
use crate::platform::crypto;
use crate::platform::dynamo::{Key, Table};
use crate::platform::error::{Allowance, Error, Kind, Result};
use crate::platform::signing::SigningKeys;
use crate::platform::wording;

/// How many callers a function keeps in mind; beyond that it starts over.
const REMEMBERED: usize = 4096;

/// What this function knows of a caller's window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Lease {
    /// Which window, counted from 1970.
    window: i64,
    /// How many requests this function took out of it the last time.
    taken: u32,
    /// How many of them are left.
    held: u32,
    /// How many nobody had taken when that was last asked.
    beyond: u32,
}

/// A request that is to be counted.
#[derive(Clone, Copy, Debug)]
pub struct Counted<'a> {
    /// The function that answers it.
    pub function: &'static str,
    /// Its limit.
    pub limit: Limit,
    /// Who calls.
    pub caller: Option<&'a Caller>,
    /// From where, as API Gateway saw it.
    pub source_ip: Option<&'a str>,
    /// The session that is refreshed.
    pub session: Option<&'a str>,
}

impl Counted<'_> {
    /// The caller, where it is them who is counted and not their address.
    fn person(&self) -> Option<&Caller> {
        self.caller.filter(|_| self.limit.quota().per == Per::Caller)
    }

    fn subject(&self) -> String {
        match (self.person(), self.session) {
            (Some(caller), _) => format!("user {}", caller.user),
            (None, Some(session)) => format!("session {session}"),
            (None, None) => format!("address {}", self.source_ip.map_or_else(String::new, network)),
        }
    }

    /// By what the limit is multiplied.
    fn factor(&self, of_addresses: u32) -> u32 {
        match (self.person(), self.session) {
            (None, None) => of_addresses,
            _ => 1,
        }
    }
}

/// The address of a household: IPv4 as it is, of IPv6 the first 64 bits.
fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
        _ => address.to_owned(),
    }
}

/// Where requests are counted, and by what.
#[derive(Clone, Debug)]
pub struct Counters<'a> {
    /// The guard table.
    pub guard: Table,
    /// Keys the digests of who calls.
    pub keys: &'a SigningKeys,
    /// Multiplies the limits per address, where a whole office or test bench shares one.
    pub address_factor: u32,
}

impl Counters<'_> {
    /// The numbers of a limit in this deployment.
    fn quota(&self, request: &Counted<'_>) -> Quota {
        let quota = request.limit.quota();
        Quota { most: quota.most.saturating_mul(request.factor(self.address_factor)), ..quota }
    }

    fn key(&self, request: &Counted<'_>) -> Result<String> {
        // By the key that does not change: a counter lives for a window, but all instances must count in the same one.
        let digest = self.keys.ring()?.lasting(format!("limit\0{}", request.subject()).as_bytes());
        Ok(format!("LIMIT#{}#{}", request.function, crypto::fingerprint(&digest)))
    }

    /// Takes `lease` requests out of a window: what nobody has taken yet, or nothing where too little is left.
    async fn take(&self, key: &str, window: i64, quota: &Quota, lease: u32, now: Timestamp) -> Result<Option<u32>> {
        let key = Key::new(key, window.to_string());
        let taken = self.guard.count(&key, lease, quota.most, now.plus(quota.window * 2)).await?;
        Ok(taken.map(|taken| quota.most.saturating_sub(taken)))
    }
}

/// What memory says to one more request.
#[derive(Debug, PartialEq, Eq)]
enum Spent {
    /// It may pass.
    One(Lease),
    /// The window is used up.
    Nothing,
    /// Only the counter knows; it is to be asked for so many.
    Unknown(u32),
}

impl Lease {
    fn spend(&mut self, window: i64, quota: &Quota) -> Spent {
        if self.window != window {
            return Spent::Unknown(1);
        }
        match self.held.checked_sub(1) {
            Some(held) => {
                self.held = held;
                Spent::One(*self)
            }
            None if self.beyond == 0 => Spent::Nothing,
            // Twice as much as the last time: a burst over many instances takes little each, a busy one asks seldom.
            None => Spent::Unknown(self.taken.saturating_mul(2).min(quota.lease).min(self.beyond)),
        }
    }

    /// Adds what was taken now. Where requests run side by side, another may have taken some meanwhile that are not used yet.
    fn join(&mut self, new: Self) {
        *self = if self.window == new.window {
            Self { held: self.held.saturating_add(new.held), beyond: self.beyond.min(new.beyond), ..new }
        } else {
            new
        };
    }
}

/// This function's memory of its callers.
#[derive(Debug, Default)]
pub struct Limiter {
    leases: Mutex<HashMap<String, Lease>>,
}

impl Limiter {
    /// Counts a request.
    ///
    /// # Errors
    /// 429 `rate_limited`; 503 where DynamoDB does not answer and the limit guards a secret. Wide limits let through then:
    /// they protect against load, and nobody is served better by an outage of the counters.
    pub async fn count(&self, request: Counted<'_>, by: &Counters<'_>, now: Timestamp) -> Result<Option<Allowance>> {
        let quota = by.quota(&request);
        let factor = request.factor(by.address_factor);
        let window = window(&quota, now);
        let key = by.key(&request)?;
        let lease = match self.spend(&key, window, &quota).await {
            Spent::One(lease) => return Ok(Some(allowance(&quota, factor, lease, now))),
            Spent::Nothing => return Err(refusal(&quota, factor, now)),
            Spent::Unknown(lease) => lease,
        };
        let taken = match by.take(&key, window, &quota, lease, now).await {
            // Others took what was left meanwhile, but perhaps not the last one.
            Ok(None) if lease > 1 => by.take(&key, window, &quota, 1, now).await.map(|beyond| (1, beyond)),
            asked => asked.map(|beyond| (lease, beyond)),
        };
        match taken {
            Ok((taken, Some(beyond))) => {
                let lease = Lease { window, taken, held: taken - 1, beyond };
                self.remember(key, lease).await;
                Ok(Some(allowance(&quota, factor, lease, now)))
            }
            Ok((_, None)) => {
                self.remember(key, Lease { window, taken: 0, held: 0, beyond: 0 }).await;
                Err(refusal(&quota, factor, now))
            }
            Err(error) if quota.lease > 1 => {
                tracing::warn!(limit.name = quota.name, error.cause = error.cause(), "a request was not counted");
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    async fn spend(&self, key: &str, window: i64, quota: &Quota) -> Spent {
        let mut leases = self.leases.lock().await;
        leases.get_mut(key).map_or(Spent::Unknown(1), |lease| lease.spend(window, quota))
    }

    async fn remember(&self, key: String, lease: Lease) {
        let mut leases = self.leases.lock().await;
        if let Some(known) = leases.get_mut(&key) {
            known.join(lease);
            return;
        }
        if leases.len() >= REMEMBERED {
            leases.clear();
        }
        leases.insert(key, lease);
    }
}

fn window(quota: &Quota, now: Timestamp) -> i64 {
    let length = i64::try_from(quota.window.as_secs()).unwrap_or(i64::MAX).max(1);
    now.seconds().div_euclid(length)
}

fn resets_in(quota: &Quota, now: Timestamp) -> Duration {
    let length = quota.window.as_secs().max(1);
    let gone = u64::try_from(now.seconds()).unwrap_or_default() % length;
    Duration::from_secs(length - gone)
}

/// How it stands, as it would where nobody shares an address: a client that is built behind a factor is to see the limit
/// that it will meet.
fn allowance(quota: &Quota, factor: u32, lease: Lease, now: Timestamp) -> Allowance {
    let used = quota.most.saturating_sub(lease.held.saturating_add(lease.beyond));
    let most = quota.most.checked_div(factor).unwrap_or(quota.most);
    Allowance {
        name: quota.name,
        most,
        window: quota.window,
        left: most.saturating_sub(used),
        resets_in: resets_in(quota, now),
    }
}

fn refusal(quota: &Quota, factor: u32, now: Timestamp) -> Error {
    let wait = resets_in(quota, now);
    let allowance = allowance(quota, factor, Lease { window: 0, taken: 0, held: 0, beyond: 0 }, now);
    Error::new(Kind::TooMany, "rate_limited", wording::edge::rate_limited()).retry_after(wait).limited(allowance)
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUOTA: Quota = Quota { lease: 5, ..Limit::Search.quota() };

    #[test]
    fn a_household_is_one_address() {
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2::9"));
        assert_ne!(network("2001:db8:1:2::9"), network("2001:db8:1:3::9"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
    }

    #[test]
    fn who_shares_an_address_sees_the_limit_of_one() {
        let now = Timestamp::parse("2026-11-20T10:00:42Z").unwrap();
        let most = QUOTA.most * 1000;
        let state = |used: u32| {
            let lease = Lease { window: 0, taken: 1, held: 0, beyond: most - used };
            let allowance = allowance(&Quota { most, ..QUOTA }, 1000, lease, now);
            (allowance.most, allowance.left)
        };
        assert_eq!((state(1), state(QUOTA.most + 7)), ((QUOTA.most, QUOTA.most - 1), (QUOTA.most, 0)));
    }

    #[test]
    fn a_session_is_counted_wherever_it_comes_from() {
        let counted = |session, source_ip| Counted {
            function: "auth-refresh",
            limit: Limit::Refresh,
            caller: None,
            source_ip: Some(source_ip),
            session: Some(session),
        };
        assert_eq!(counted("s", "192.0.2.1").subject(), counted("s", "192.0.2.2").subject());
        assert_ne!(counted("s", "192.0.2.1").subject(), counted("t", "192.0.2.1").subject());
        assert_eq!(counted("s", "192.0.2.1").factor(1000), 1);
    }

    #[test]
    fn what_was_taken_side_by_side_is_all_used() {
        let mut lease = Lease { window: 7, taken: 2, held: 2, beyond: 50 };
        lease.join(Lease { window: 7, taken: 4, held: 3, beyond: 46 });
        assert_eq!(lease, Lease { window: 7, taken: 4, held: 5, beyond: 46 });
        lease.join(Lease { window: 7, taken: 0, held: 0, beyond: 0 });
        assert_eq!(lease.spend(7, &QUOTA), Spent::One(Lease { held: 4, taken: 0, beyond: 0, window: 7 }));
        let next = Lease { window: 8, taken: 1, held: 0, beyond: 99 };
        lease.join(next);
        assert_eq!(lease, next, "of the window before nothing is left");
    }

    #[test]
    fn a_lease_serves_its_window_alone() {
        let mut lease = Lease { window: 7, taken: 2, held: 1, beyond: 50 };
        assert_eq!(lease.spend(8, &QUOTA), Spent::Unknown(1));
        assert_eq!(lease.spend(7, &QUOTA), Spent::One(Lease { held: 0, ..lease }));
        assert_eq!(lease.spend(7, &QUOTA), Spent::Unknown(4));
    }

    #[test]
    fn leases_grow_up_to_their_most_and_to_what_is_left() {
        let asks = |taken, beyond| Lease { window: 7, taken, held: 0, beyond }.spend(7, &QUOTA);
        assert_eq!((asks(1, 50), asks(4, 50), asks(5, 3)), (Spent::Unknown(2), Spent::Unknown(5), Spent::Unknown(3)));
    }

    #[test]
    fn who_has_used_up_a_window_is_refused_from_memory() {
        let mut lease = Lease { window: 7, taken: 5, held: 0, beyond: 0 };
        assert_eq!(lease.spend(7, &QUOTA), Spent::Nothing);
    }

    #[test]
    fn a_window_ends_at_a_whole_multiple() {
        let quota = Limit::SignIn.quota();
        let now = Timestamp::parse("2026-11-20T10:00:42Z").unwrap();
        assert_eq!(resets_in(&quota, now), Duration::from_secs(18));
        assert_eq!(window(&quota, now) + 1, window(&quota, now.plus(Duration::from_secs(18))));
    }
}
