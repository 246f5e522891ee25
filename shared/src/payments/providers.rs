//! The providers that this function knows.

use super::stripe::Stripe;
use crate::platform::error::{Error, Result};
use crate::platform::payment_method::PaymentMethod;

/// The providers.
#[derive(Debug, Default)]
pub struct Providers {
    /// For cards.
    pub stripe: Option<Stripe>,
}

impl Providers {
    /// Whom cards go through.
    ///
    /// # Errors
    /// Cards are not taken here: the function was deployed without the secret.
    pub fn stripe(&self) -> Result<&Stripe> {
        self.stripe.as_ref().ok_or_else(|| Error::internal("cards are not taken here: the secret of Stripe is missing"))
    }

    /// Who has the money of an order that is paid by `method`.
    ///
    /// # Errors
    /// Nobody has, or not here.
    pub fn of(&self, method: PaymentMethod) -> Result<&Stripe> {
        match method {
            PaymentMethod::Card => self.stripe(),
            PaymentMethod::Cod => Err(Error::internal("cash has no provider")),
        }
    }
}
