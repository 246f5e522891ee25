//! What bKash tells of a payment. It is a knock on the door: what it says is only which order to ask about.

use serde::Deserialize;

use crate::payments::news::{Knock, News};
use crate::platform::ids::OrderId;
use crate::platform::payment_method::PaymentMethod;

/// What of it is read: neither the payer's telephone nor a sum.
#[derive(Deserialize)]
struct Told {
    #[serde(rename = "merchantInvoiceNumber", alias = "merchantInvoice")]
    invoice: Option<String>,
    #[serde(rename = "transactionStatus")]
    status: Option<String>,
}

/// Reads what the message of this id says; nothing where it is about no payment of ours.
pub(super) fn knock(id: &str, message: &str) -> Option<Knock> {
    let Told { invoice, status } = serde_json::from_str(message).ok()?;
    let (order, attempt) = of_invoice(&invoice?)?;
    let news = if status.as_deref() == Some("Completed") { News::Taken } else { News::Anything };
    Some(Knock {
        event: id.to_owned(),
        method: PaymentMethod::Bkash,
        reference: None,
        attempt: Some(attempt),
        order: Some(order),
        news,
    })
}

/// The order and the attempt that one of our invoice numbers names: `<order>-<attempt>-<nonce>`.
fn of_invoice(invoice: &str) -> Option<(String, u32)> {
    let mut parts = invoice.split('-');
    let (order, attempt, _, None) = (parts.next()?, parts.next()?, parts.next()?, parts.next()) else { return None };
    let order = OrderId::parse(&format!("{}{order}", OrderId::PREFIX)).ok()?;
    Some((order.to_string(), attempt.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const INVOICE: &str = "01J8ZQ4N8T6V5W3X2Y1Z0A9B8C-2-0123456789ab";

    fn told(invoice: &str, status: &str) -> Option<Knock> {
        let message = json!({"dateTime": "20261120100000", "debitMSISDN": "8801770618575", "amount": "14.99",
            "currency": "BDT", "trxID": "6H7801QFYM", "transactionStatus": status, "merchantInvoiceNumber": invoice});
        knock("22b80b92", &message.to_string())
    }

    #[test]
    fn an_event_names_the_order_and_the_attempt_and_nothing_else() {
        let told = told(INVOICE, "Completed").unwrap();
        assert_eq!((told.order.as_deref(), told.attempt), (Some("ord_01J8ZQ4N8T6V5W3X2Y1Z0A9B8C"), Some(2)));
        assert_eq!((told.event.as_str(), told.news, told.reference), ("22b80b92", News::Taken, None));
    }

    #[test]
    fn what_is_about_no_payment_of_ours_names_none() {
        assert_eq!(told(INVOICE, "Initiated").unwrap().news, News::Anything);
        for wrong in ["", "INV-1", "01J8ZQ4N8T6V5W3X2Y1Z0A9B8C", "01J8ZQ4N8T6V5W3X2Y1Z0A9B8C-x-1", "a-2-b", "a-2-b-c"] {
            assert_eq!(told(wrong, "Completed"), None, "{wrong}");
        }
        for odd in ["", "{}", "[]", "paid"] {
            assert_eq!(knock("1", odd), None, "{odd}");
        }
    }
}
