//! Stand-ins for payment providers, true to their protocols: strict where they are strict, with a ledger of what was really
//! done, and with everything going wrong that can, on demand.
//!
//! In no deployed binary. What keeps them true: the providers' own clients drive them (`make peers-check`).

pub mod fault;
pub mod serve;
pub mod stripe;
pub mod webhook;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use fault::Faults;
use stripe::Stripe;

/// All peers, as one server has them.
#[derive(Clone, Debug, Default)]
pub struct Peers {
    state: Arc<Mutex<State>>,
}

/// What they know.
#[derive(Debug, Default)]
pub struct State {
    /// Stripe.
    pub stripe: Stripe,
    /// What is to go wrong.
    pub faults: Faults,
}

impl Peers {
    /// The state, to look into and to arrange.
    pub fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
