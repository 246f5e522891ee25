//! What eSewa sends back through the customer's browser: a knock on the door, like an event. It is signed, and yet nothing in
//! it is believed but which attempt to ask about.

use serde::Serialize;
use utoipa::ToSchema;

use super::paying::{ATTEMPTS, Paying, Through, change};
use crate::audit::Origin;
use crate::payments::esewa::order_of;
use crate::payments::{Observed, PaymentStatus};
use crate::platform::dynamo::back_off;
use crate::platform::error::{Error, Result};
use crate::platform::ids::OrderId;
use crate::platform::money::Money;
use crate::platform::payment_method::PaymentMethod;
use crate::platform::wording;

/// How the payment stands that the customer came back from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EsewaReturned {
    /// The order.
    #[schema(value_type = String)]
    pub order_id: OrderId,
    /// How its payment stands, as eSewa's status endpoint says.
    pub status: PaymentStatus,
}

impl Paying<'_> {
    /// Takes what came back as `data`.
    ///
    /// # Errors
    /// 400 `invalid_signature`: eSewa has not signed it, or not all of it, or for another sum; 404 for no attempt of ours, and
    /// where eSewa is not taken; 503.
    pub async fn came_back_from_esewa(&self, data: &str, origin: &Origin) -> Result<EsewaReturned> {
        let Some(esewa) = &self.providers.esewa else { return Err(Error::not_found()) };
        let refused = || Error::invalid("invalid_signature", wording::payments::not_signed_by_esewa());
        let returned = esewa.returned(data).ok_or_else(refused)?;
        let id = order_of(&returned.reference).ok_or_else(Error::not_found)?;
        let mut asked: Option<Observed> = None;
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let order = self.store.get(id).await?.filter(|order| order.payment.method() == PaymentMethod::Esewa);
            let order = order.ok_or_else(Error::not_found)?;
            let online = order.payment.online().ok_or_else(Error::not_found)?;
            let ours = online.attempts.iter().find(|one| one.reference == returned.reference);
            let ours = ours.ok_or_else(Error::not_found)?;
            let total = Money::from_decimal(&returned.total, online.due.currency()).map_err(|_| refused())?;
            if total.amount() != ours.amount {
                return Err(refused());
            }
            let n = ours.n;
            let seen = match asked.take() {
                Some(seen) => seen,
                None => self.look(&order, n).await?,
            };
            let now = self.clock.now();
            let mut next = order.clone();
            change(&mut next, |online| {
                online.absorb(n, &seen, now);
                online.touch(now);
            });
            if let Some(saved) = self.save(&order, next, &Through::Request(origin)).await? {
                return Ok(EsewaReturned { order_id: id, status: saved.payment.status() });
            }
            asked = Some(seen);
        }
        Err(Error::busy())
    }
}
