//! Stand-ins for payment providers, true to their protocols: strict where they are strict, with a ledger of what was really
//! done, and with everything going wrong that can, on demand.
//!
//! In no deployed binary. What keeps them true: the providers' own clients drive them (`make peers-check`).

pub mod bkash;
pub mod call;
pub mod certificates;
pub mod esewa;
pub mod fault;
mod pages;
pub mod paypal;
pub mod serve;
pub mod stripe;
pub mod webhook;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bkash::Bkash;
use esewa::Esewa;
use fault::Faults;
use paypal::PayPal;
use serde_json::Value;
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
    /// PayPal.
    pub paypal: PayPal,
    /// eSewa.
    pub esewa: Esewa,
    /// bKash.
    pub bkash: Bkash,
    /// What is to go wrong.
    pub faults: Faults,
    /// Events that hold one of these texts are never sent.
    pub lost: Vec<String>,
    /// How often somebody has asked for a certificate, whether there is such a one or not.
    pub certificates_asked: usize,
}

impl Peers {
    /// The state, to look into and to arrange.
    pub fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// All events that ever were and hold this text, as `/_events?about=` shows them.
    pub fn told(&self, about: &str) -> Vec<Value> {
        let all = self.stripe.told().iter().chain(self.paypal.told());
        all.filter(|event| event.to_string().contains(about)).cloned().collect()
    }

    /// Sets the time of all of them, in seconds since 1970.
    pub fn set_now(&mut self, seconds: i64) {
        self.stripe.set_now(seconds);
        self.paypal.set_now(seconds);
        self.esewa.set_now(seconds);
        self.bkash.set_now(seconds);
    }
}
