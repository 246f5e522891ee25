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

    /// The payment providers, whose secrets are fetched once.
    ///
    /// # Errors
    /// Secrets Manager does not answer, or what it has is no secret of theirs.
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
        let wrong = |provider: &str, wrong: &str| Error::internal(format!("{provider}'s secret: {wrong}"));
        let (stripe, paypal, esewa, bkash) = futures_util::future::try_join4(
            self.secret_of(self.config.stripe_secret_arn.as_deref()),
            self.secret_of(self.config.paypal_secret_arn.as_deref()),
            self.secret_of(self.config.esewa_secret_arn.as_deref()),
            self.secret_of(self.config.bkash_secret_arn.as_deref()),
        )
        .await?;
        let stripe = stripe.map(|secret| StripeKeys::parse(secret.expose())).transpose();
        let paypal = paypal.map(|secret| PayPalKeys::parse(secret.expose())).transpose();
        let esewa = esewa.map(|secret| EsewaKeys::parse(secret.expose())).transpose();
        let bkash = bkash.map(|secret| BkashKeys::parse(secret.expose())).transpose();
        let config = &self.config;
        Ok(Providers {
            bkash: bkash.map_err(|why| wrong("bKash", why))?.map(|keys| {
                let store = TokenStore::new(self.guard_table(), self.dynamo().clone());
                Bkash::new(config.bkash_url.as_deref(), keys, store, (&outside, &self.sdk), self.clock.clone())
            }),
            esewa: esewa.map_err(|why| wrong("eSewa", why))?.map(|keys| {
                let (url, form_url) = (config.esewa_url.as_deref(), config.esewa_form_url.as_deref());
                Esewa::new(url, form_url, keys, &outside, self.clock.clone())
            }),
            stripe: stripe.map_err(|why| wrong("Stripe", why))?.map(|keys| {
                let url = self.config.stripe_url.as_deref().unwrap_or("https://api.stripe.com");
                Stripe::new(url, keys, &outside, self.clock.clone())
            }),
            paypal: paypal
                .map_err(|why| wrong("PayPal", why))?
                .map(|keys| PayPal::new(self.config.paypal_url.as_deref(), keys, &outside, self.clock.clone())),
        })
    }

    pub(super) async fn secret_of(&self, arn: Option<&str>) -> Result<Option<Secret>> {
        let Some(arn) = arn else { return Ok(None) };
        StoredSecret::new(&self.sdk, &self.config, arn).get().await.cloned().map(Some)
    }
}
