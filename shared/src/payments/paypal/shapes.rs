//! The shapes of the answers. What is not asked for here is not read: who paid, and where they live.

use serde::Deserialize;

use crate::platform::config::Secret;

/// An order of PayPal's, with all that came of it.
#[derive(Clone, Debug, Deserialize)]
pub struct Order {
    /// Its id.
    pub id: String,
    pub(super) status: OrderStatus,
    pub(super) purchase_units: Vec<Unit>,
    #[serde(default)]
    pub(super) links: Vec<Link>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum OrderStatus {
    Created,
    Saved,
    Approved,
    Voided,
    Completed,
    PayerActionRequired,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Unit {
    pub(super) custom_id: Option<String>,
    pub(super) amount: Amount,
    #[serde(default)]
    pub(super) payments: Payments,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Payments {
    #[serde(default)]
    pub(super) authorizations: Vec<Authorization>,
    #[serde(default)]
    pub(super) captures: Vec<Capture>,
    #[serde(default)]
    pub(super) refunds: Vec<Refund>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Amount {
    pub(super) currency_code: String,
    pub(super) value: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Authorization {
    pub(super) id: String,
    pub(super) status: AuthorizationStatus,
    pub(super) amount: Amount,
    pub(super) expiration_time: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum AuthorizationStatus {
    Created,
    Captured,
    PartiallyCaptured,
    Denied,
    Voided,
    Expired,
    Pending,
}

/// A capture.
#[derive(Clone, Debug, Deserialize)]
pub struct Capture {
    pub(super) id: String,
    pub(super) status: CaptureStatus,
    pub(super) amount: Option<Amount>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum CaptureStatus {
    Completed,
    Pending,
    Declined,
    Failed,
    PartiallyRefunded,
    Refunded,
    Reversed,
}

/// A refund.
#[derive(Clone, Debug, Deserialize)]
pub struct Refund {
    pub(super) id: String,
    pub(super) status: RefundStatus,
    pub(super) amount: Option<Amount>,
    pub(super) invoice_id: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum RefundStatus {
    Completed,
    Pending,
    Failed,
    Cancelled,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Link {
    pub(super) href: String,
    pub(super) rel: String,
}

/// What one is let in by, for a while.
#[derive(Debug, Deserialize)]
pub(super) struct StoredToken {
    access_token: String,
    expires_in: u32,
}

/// Reads an order.
///
/// # Errors
/// It is none, or in a state that is not known.
pub fn order(body: &[u8]) -> Result<Order, serde_json::Error> {
    serde_json::from_slice(body)
}

/// Reads a capture.
///
/// # Errors
/// It is none.
pub fn capture(body: &[u8]) -> Result<Capture, serde_json::Error> {
    serde_json::from_slice(body)
}

/// Reads a refund.
///
/// # Errors
/// It is none.
pub fn refund(body: &[u8]) -> Result<Refund, serde_json::Error> {
    serde_json::from_slice(body)
}

/// Reads what one is let in by, and for how many seconds.
///
/// # Errors
/// It is none.
pub fn token(body: &[u8]) -> Result<(Secret, u32), serde_json::Error> {
    let StoredToken { access_token, expires_in } = serde_json::from_slice(body)?;
    Ok((Secret::new(access_token), expires_in))
}

/// Whether PayPal says that it has signed an event.
///
/// # Errors
/// It says neither yes nor no.
pub fn is_verified(body: &[u8]) -> Result<bool, serde_json::Error> {
    #[derive(Deserialize)]
    struct Said {
        verification_status: String,
    }
    let Said { verification_status } = serde_json::from_slice(body)?;
    Ok(verification_status == "SUCCESS")
}
