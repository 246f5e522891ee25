//! The calls.

use serde_json::{Value, json};

use super::keys::BkashKeys;
use crate::payments::expected::Expected;
use crate::payments::opening::Opening;
use crate::platform::config::Secret;
use crate::platform::ids::{OrderId, RefundId};
use crate::platform::money::Money;

/// Below which payments are made.
const CHECKOUT: &str = "/v1.2.0-beta/tokenized/checkout";
/// Below which money goes back.
const REFUND: &str = "/v2/tokenized-checkout/refund/payment";

/// One call, as it is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The path.
    pub path: String,
    /// The body.
    pub body: Value,
}

fn checkout(path: &str, body: Value) -> Call {
    Call { path: format!("{CHECKOUT}/{path}"), body }
}

/// Whether a text has the form of a payment's id.
pub fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// What begins the number that we give each payment: nobody else's does.
pub fn invoice_of(order: &str) -> String {
    format!("{}-", order.strip_prefix(OrderId::PREFIX).unwrap_or(order))
}

/// Asks for a token.
pub fn grant(keys: &BkashKeys) -> Call {
    checkout("token/grant", json!({"app_key": keys.app_key, "app_secret": keys.app_secret.expose()}))
}

/// Asks for another token, by the one that was given for that.
pub fn refresh(keys: &BkashKeys, refresh: &Secret) -> Call {
    let (key, secret) = (keys.app_key.as_str(), keys.app_secret.expose());
    checkout("token/refresh", json!({"app_key": key, "app_secret": secret, "refresh_token": refresh.expose()}))
}

/// Opens an attempt. bKash refuses a number that it knows, so each call has one of its own: `nonce` ends it.
pub fn open(opening: Opening<'_>, nonce: &str) -> Call {
    let Opening { amount, order, n, return_url, .. } = opening;
    let invoice = format!("{}{n}-{nonce}", invoice_of(order));
    checkout(
        "create",
        json!({
            "mode": "0011", "payerReference": invoice_of(order).trim_end_matches('-'), "callbackURL": return_url,
            "amount": amount.to_decimal(), "currency": amount.currency().as_str(), "intent": "sale",
            "merchantInvoiceNumber": invoice,
        }),
    )
}

/// Accepts what the customer has agreed to: the money is taken.
pub fn execute(reference: &str) -> Call {
    checkout("execute", json!({"paymentID": reference}))
}

/// Asks how a payment stands.
pub fn status(reference: &str) -> Call {
    checkout("payment/status", json!({"paymentID": reference}))
}

/// Gives back `amount` of what was taken by `transaction`.
pub fn refund(expected: Expected<'_>, transaction: &str, amount: Money, refund: RefundId) -> Call {
    let body = json!({
        "paymentId": expected.reference, "trxId": transaction, "refundAmount": amount.to_decimal(),
        "sku": refund.to_string(), "reason": "refund",
    });
    Call { path: format!("{REFUND}/transaction"), body }
}

/// Asks what has gone back.
pub fn refunds(reference: &str, transaction: &str) -> Call {
    Call { path: format!("{REFUND}/status"), body: json!({"paymentId": reference, "trxId": transaction}) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::money::Currency;

    #[test]
    fn a_payment_is_opened_with_exact_decimals_and_a_number_of_its_own() {
        let opening = Opening {
            amount: Money::new(149_900, Currency::parse("BDT").unwrap()),
            order: "ord_01J8ZQ4N8T6V5W3X2Y1Z0A9B8C",
            payment: "pay_1",
            n: 2,
            key: "pay_1:open:2",
            return_url: "https://shop.example/orders",
        };
        let Call { path, body } = open(opening, "abc");
        assert_eq!(path, "/v1.2.0-beta/tokenized/checkout/create");
        assert_eq!(
            (&body["amount"], &body["currency"], &body["intent"]),
            (&json!("1499.00"), &json!("BDT"), &json!("sale"))
        );
        assert_eq!(body["merchantInvoiceNumber"], "01J8ZQ4N8T6V5W3X2Y1Z0A9B8C-2-abc");
    }

    #[test]
    fn only_an_id_is_one() {
        assert!(is_id("TR0011ON1565154754797"));
        for wrong in ["", "TR/1", "TR 1", "é"] {
            assert!(!is_id(wrong), "{wrong}");
        }
    }
}
