//! The wiring of payments and their providers.

use super::App;
use crate::orders::{CursorStore, Listening, Paying, Refunding, Settling};
use crate::payments::Providers;
use crate::payments::bkash::{Bkash, BkashKeys, TokenStore};
use crate::payments::esewa::{Esewa, EsewaKeys};
use crate::payments::paypal::{PayPal, PayPalKeys};
use crate::payments::stripe::{Stripe, StripeKeys};
use crate::platform::aws;
use crate::platform::config::Secret;
use crate::platform::error::{Error, Result};
use crate::platform::secrets::StoredSecret;

impl App {
    /// Paying for orders.
    ///
    /// # Errors
    /// The secrets of the providers cannot be had.
    pub async fn paying(&self) -> Result<Paying<'_>> {
        Ok(Paying {
            store: self.order_store(),
            audit: self.audit(),
            clock: self.clock.clone(),
            dynamo: self.dynamo().clone(),
            providers: self.providers().await?,
        })
    }

    /// Settling payments.
    ///
    /// # Errors
    /// The secrets of the providers cannot be had.
    pub async fn settling(&self) -> Result<Settling<'_>> {
        Ok(Settling { paying: self.paying().await?, orders: self.orders() })
    }

    /// Listening to providers.
    ///
    /// # Errors
    /// The secrets of the providers cannot be had.
    pub async fn listening(&self) -> Result<Listening<'_>> {
        let cursors = CursorStore::new(self.table(&self.config.tables.orders));
        Ok(Listening { paying: self.paying().await?, cursors })
    }

    /// Giving money back.
    pub fn refunding(&self) -> Refunding {
        Refunding {
            store: self.order_store(),
            audit: self.audit(),
            clock: self.clock.clone(),
            dynamo: self.dynamo().clone(),
        }
    }

    /// The payment providers, whose secrets are fetched once. One whose secret cannot be read is left out, so that the others go
    /// on: its orders are answered 500 until the function starts anew.
    ///
    /// # Errors
    /// Secrets Manager does not answer.
    pub async fn providers(&self) -> Result<&Providers> {
        self.providers.get_or_try_init(|| self.meet_providers()).await
    }

    /// The same, as something to wait for while a function starts.
    ///
    /// # Errors
    /// As [`Self::providers`].
    pub async fn prepare_providers(&self) -> Result<()> {
        self.providers().await.map(|_| ())
    }

    pub(super) async fn meet_providers(&self) -> Result<Providers> {
        let outside = aws::outside_config(&self.config, &self.sdk).map_err(Error::internal)?;
        let (stripe, paypal, esewa, bkash) = futures_util::future::try_join4(
            self.secret_of(self.config.stripe_secret_arn.as_deref()),
            self.secret_of(self.config.paypal_secret_arn.as_deref()),
            self.secret_of(self.config.esewa_secret_arn.as_deref()),
            self.secret_of(self.config.bkash_secret_arn.as_deref()),
        )
        .await?;
        let stripe = keys("Stripe", stripe, StripeKeys::parse);
        let paypal = keys("PayPal", paypal, PayPalKeys::parse);
        let esewa = keys("eSewa", esewa, EsewaKeys::parse);
        let bkash = keys("bKash", bkash, BkashKeys::parse);
        let config = &self.config;
        Ok(Providers {
            bkash: bkash.map(|keys| {
                let store = TokenStore::new(self.guard_table(), self.dynamo().clone());
                Bkash::new(config.bkash_url.as_deref(), keys, store, (&outside, &self.sdk), self.clock.clone())
            }),
            esewa: esewa.map(|keys| {
                let (url, form_url) = (config.esewa_url.as_deref(), config.esewa_form_url.as_deref());
                Esewa::new(url, form_url, keys, &outside, self.clock.clone())
            }),
            stripe: stripe.map(|keys| {
                let url = self.config.stripe_url.as_deref().unwrap_or("https://api.stripe.com");
                Stripe::new(url, keys, &outside, self.clock.clone())
            }),
            paypal: paypal
                .map(|keys| PayPal::new(self.config.paypal_url.as_deref(), keys, &outside, self.clock.clone())),
        })
    }

    pub(super) async fn secret_of(&self, arn: Option<&str>) -> Result<Option<Secret>> {
        let Some(arn) = arn else { return Ok(None) };
        StoredSecret::new(&self.sdk, &self.config, arn).get().await.cloned().map(Some)
    }
}

/// A provider's keys, where it has a secret that is one of its own.
fn keys<K>(provider: &str, secret: Option<Secret>, parse: fn(&str) -> Result<K, &'static str>) -> Option<K> {
    let parsed = parse(secret?.expose());
    parsed
        .inspect_err(|why| tracing::error!(payment.provider = provider, error.cause = why, "a secret is not one"))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_is_none_stops_its_own_provider_alone() {
        let secret = |text: &str| Some(Secret::new(text.to_owned()));
        let good = r#"{"product_code": "EPAYTEST", "secret_key": "8gBm/:&EnhH.1/q"}"#;
        assert!(keys("eSewa", secret(good), EsewaKeys::parse).is_some());
        assert!(keys("eSewa", secret("{}"), EsewaKeys::parse).is_none());
        assert!(keys("eSewa", None, EsewaKeys::parse).is_none());
    }
}
