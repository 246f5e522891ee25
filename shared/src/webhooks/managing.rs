//! Setting addresses, taking them away, and looking at what was posted there.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::delivery::{Attempt, Delivery, State};
use super::event::EventType;
use super::secrets::Sealing;
use super::signature::SigningSecret;
use super::store::WebhookStore;
use super::webhook::{MOST, Wanted, Webhook, WebhookView};
use crate::audit::{Action, Actor, Audit, Entry};
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::dynamo::back_off;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{DeliveryId, WebhookName};
use crate::platform::precondition::Precondition;
use crate::platform::wording;

/// How often a change is tried that others keep overtaking.
const ATTEMPTS: u32 = 5;

/// Manages webhooks.
#[derive(Clone, Debug)]
pub struct Webhooks {
    /// Where they are.
    pub store: WebhookStore,
    /// Seals their secrets.
    pub sealing: Sealing,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
}

/// A delivery, as who manages webhooks sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookDeliveryView {
    /// `webhook-id` of every try.
    #[schema(value_type = String)]
    id: DeliveryId,
    event: EventType,
    /// What was posted.
    body: String,
    state: State,
    attempts: Vec<Attempt>,
    /// When the next try is due.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_at: Option<Timestamp>,
}

impl From<Delivery> for WebhookDeliveryView {
    fn from(delivery: Delivery) -> Self {
        Self {
            id: delivery.id,
            event: delivery.event,
            body: delivery.body,
            state: delivery.state,
            attempts: delivery.attempts,
            next_at: delivery.next_at,
        }
    }
}

impl Webhooks {
    /// Makes an address, or changes it; whether it is new. Its secret is shown where it is new, and never again.
    ///
    /// # Errors
    /// 409 `too_many_webhooks`; 412; DynamoDB does not answer.
    pub async fn put(
        &self,
        actor: &Actor,
        name: &WebhookName,
        wanted: &Wanted,
        precondition: &Precondition,
    ) -> Result<(WebhookView, bool)> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let now = self.clock.now();
            let all = self.store.all().await?;
            let before = all.iter().find(|one| one.name == *name).cloned();
            precondition.check(before.as_ref().map(|before| before.version))?;
            if before.is_none() && all.len() >= MOST {
                let detail = wording::webhooks::too_many(MOST);
                return Err(Error::conflict("too_many_webhooks", detail));
            }
            let secret = (before.is_none() || wanted.rotate).then(SigningSecret::generate);
            let sealed = secret.as_ref().map(|secret| self.sealing.seal(name, secret)).transpose()?;
            let is_new = before.is_none();
            let webhook = match (before, sealed) {
                (Some(before), sealed) => {
                    let changed = before.changed(wanted, sealed, &actor.user, now);
                    if changed == before {
                        return Ok((WebhookView::of(before, None), false));
                    }
                    Webhook { version: before.version + 1, ..changed }
                }
                (None, Some(secret)) => {
                    let (created_at, version, by) = (now, 1, actor.user.clone());
                    let (url, events) = (wanted.url.clone(), BTreeSet::new());
                    let blank = Webhook {
                        name: name.clone(),
                        url,
                        events,
                        off: None,
                        secret,
                        former: None,
                        by,
                        created_at,
                        version,
                    };
                    Webhook { version: 1, ..blank.changed(wanted, None, &actor.user, now) }
                }
                (None, None) => return Err(Error::internal("a new webhook without a secret")),
            };
            // The address stands on the trail: where the pharmacy's events went must be known later.
            let detail = format!("url={} events={}", webhook.url.origin(), webhook.events.len());
            let entry = Entry::allowed(actor, Action::PutWebhook, &actor.user, name, now).detail(detail);
            if self.store.save(&webhook, Some(self.audit.action(&entry)?)).await? {
                let shown = secret.map(|secret| secret.show().as_str().to_owned());
                return Ok((WebhookView::of(webhook, shown), is_new));
            }
        }
        Err(Error::busy())
    }

    /// All of them, by name.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn list(&self) -> Result<Vec<WebhookView>> {
        Ok(self.store.all().await?.into_iter().map(|webhook| WebhookView::of(webhook, None)).collect())
    }

    /// Takes an address away. What is under way there is given up; one that is gone stays so.
    ///
    /// # Errors
    /// 412; DynamoDB does not answer.
    pub async fn remove(&self, actor: &Actor, name: &WebhookName, precondition: &Precondition) -> Result<()> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let before = self.store.get(name).await?;
            precondition.check(before.as_ref().map(|before| before.version))?;
            let Some(before) = before else { return Ok(()) };
            let entry = Entry::allowed(actor, Action::RemoveWebhook, &actor.user, name, self.clock.now());
            if self.store.remove(&before, self.audit.action(&entry)?).await? {
                return Ok(());
            }
        }
        Err(Error::busy())
    }

    /// A page of what was posted to an address, the newest first, and where the next begins.
    ///
    /// # Errors
    /// 404; DynamoDB does not answer.
    pub async fn deliveries(
        &self,
        name: &WebhookName,
        before: Option<DeliveryId>,
        limit: u16,
    ) -> Result<(Vec<WebhookDeliveryView>, Option<DeliveryId>)> {
        self.store.get(name).await?.ok_or_else(Error::not_found)?;
        let (found, more) = self.store.deliveries(name, before, limit).await?;
        let next = found.last().map(|last| last.id).filter(|_| more);
        Ok((found.into_iter().map(Into::into).collect(), next))
    }

    /// Has something posted once more, whatever became of it; one that is under way is tried at once.
    ///
    /// # Errors
    /// 404; 409 `webhook_disabled`; DynamoDB does not answer.
    pub async fn redeliver(&self, actor: &Actor, name: &WebhookName, id: DeliveryId) -> Result<WebhookDeliveryView> {
        let webhook = self.store.get(name).await?.ok_or_else(Error::not_found)?;
        if webhook.off.is_some() {
            return Err(Error::conflict("webhook_disabled", wording::webhooks::disabled()));
        }
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let before = self.store.delivery(name, id).await?.ok_or_else(Error::not_found)?;
            let now = self.clock.now();
            let after = before.anew(now);
            if self.store.replace(&before, &after).await? {
                let entry =
                    Entry::allowed(actor, Action::RedeliverWebhook, &actor.user, id, now).detail(name.to_string());
                self.audit.append(&entry).await?;
                return Ok(after.into());
            }
        }
        Err(Error::busy())
    }
}
