//! The providers that this function knows.

use super::bkash::Bkash;
use super::esewa::Esewa;
use super::expected::Expected;
use super::observed::{Did, Observed};
use super::opening::{Handover, Opened, Opening};
use super::paypal::PayPal;
use super::plan::Op;
use super::stripe::Stripe;
use crate::platform::error::{Error, Result};
use crate::platform::payment_method::PaymentMethod;

/// The providers. Those whose secrets the function was deployed without are missing.
#[derive(Debug, Default)]
pub struct Providers {
    /// For cards.
    pub stripe: Option<Stripe>,
    /// For PayPal.
    pub paypal: Option<PayPal>,
    /// For eSewa.
    pub esewa: Option<Esewa>,
    /// For bKash.
    pub bkash: Option<Bkash>,
}

/// One provider: what all of them can do, each in its own words.
#[derive(Clone, Copy, Debug)]
pub enum Provider<'a> {
    /// Cards.
    Stripe(&'a Stripe),
    /// PayPal.
    PayPal(&'a PayPal),
    /// eSewa.
    Esewa(&'a Esewa),
    /// bKash.
    Bkash(&'a Bkash),
}

impl Providers {
    /// Who has the money of an order that is paid by `method`.
    ///
    /// # Errors
    /// Nobody has, or not here.
    pub fn of(&self, method: PaymentMethod) -> Result<Provider<'_>> {
        let provider = match method {
            PaymentMethod::Card => self.stripe.as_ref().map(Provider::Stripe),
            PaymentMethod::Paypal => self.paypal.as_ref().map(Provider::PayPal),
            PaymentMethod::Esewa => self.esewa.as_ref().map(Provider::Esewa),
            PaymentMethod::Bkash => self.bkash.as_ref().map(Provider::Bkash),
            PaymentMethod::Cod => None,
        };
        let missing = || Error::internal(format!("{} has no provider here: its secret is missing", method.as_str()));
        provider.ok_or_else(missing)
    }
}

impl Provider<'_> {
    /// Opens an attempt. Whoever opens it again under the same key, before its reference was stored, gets one that is as good.
    ///
    /// # Errors
    /// 503 `provider_unavailable`; 500 where it was opened otherwise than it was meant.
    pub async fn open(self, opening: Opening<'_>) -> Result<Opened> {
        match self {
            Self::Stripe(stripe) => stripe.open(opening).await,
            Self::PayPal(paypal) => paypal.open(opening).await,
            Self::Esewa(esewa) => esewa.open(opening),
            Self::Bkash(bkash) => bkash.open(opening).await,
        }
    }

    /// How an attempt stands, where that was asked, and what the customer goes on with; nothing where they cannot.
    ///
    /// # Errors
    /// 503 `provider_unavailable`.
    pub async fn resume(
        self,
        expected: Expected<'_>,
        return_url: &str,
    ) -> Result<(Option<Observed>, Option<Handover>)> {
        match self {
            Self::Stripe(stripe) => stripe.resume(expected).await.map(|(seen, handover)| (Some(seen), handover)),
            Self::PayPal(paypal) => paypal.resume(expected).await.map(|(seen, handover)| (Some(seen), handover)),
            Self::Esewa(esewa) => esewa.resume(expected, return_url).await,
            Self::Bkash(bkash) => bkash.resume(expected).await.map(|seen| (Some(seen), None)),
        }
    }

    /// How an attempt stands.
    ///
    /// # Errors
    /// 503 `provider_unavailable`.
    pub async fn observe(self, expected: Expected<'_>) -> Result<Observed> {
        match self {
            Self::Stripe(stripe) => stripe.resume(expected).await.map(|(seen, _)| seen),
            Self::PayPal(paypal) => paypal.resume(expected).await.map(|(seen, _)| seen),
            Self::Esewa(esewa) => esewa.observe(expected).await,
            Self::Bkash(bkash) => bkash.observe(expected).await,
        }
    }

    /// The order that an attempt was opened for, by the provider's own notes; none where it knows of no such attempt.
    ///
    /// # Errors
    /// 503 `provider_unavailable`.
    pub async fn order_of(self, reference: &str) -> Result<Option<String>> {
        match self {
            Self::Stripe(stripe) => stripe.order_of(reference).await,
            Self::PayPal(paypal) => paypal.order_of(reference).await,
            Self::Esewa(_) => Ok(super::esewa::order_of(reference).map(|order| order.to_string())),
            // Its events name our order.
            Self::Bkash(_) => Ok(None),
        }
    }

    /// Does what was written down.
    pub async fn act(self, op: &Op, expected: Expected<'_>, key: String) -> Did {
        match self {
            Self::Stripe(stripe) => stripe.act(op, expected, key).await,
            Self::PayPal(paypal) => paypal.act(op, expected, key).await,
            Self::Esewa(esewa) => esewa.act(op, expected).await,
            Self::Bkash(bkash) => bkash.act(op, expected).await,
        }
    }
}
