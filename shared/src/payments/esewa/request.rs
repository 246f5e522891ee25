//! What is sent: a form by the customer's browser, and the question how it stands by us.

use super::keys::EsewaKeys;
use super::signature::sign;
use crate::platform::form;
use crate::platform::ids::OrderId;
use crate::platform::money::Money;

/// What eSewa calls an attempt: letters, digits and hyphens, and new for every try. It names the order, so that what comes
/// back through a browser is found.
pub fn reference(order: OrderId, n: u32) -> String {
    format!("{}-{n}", order.ulid())
}

/// The order that an attempt was opened for, by its name alone.
pub fn order_of(reference: &str) -> Option<OrderId> {
    let (ulid, n) = reference.split_once('-')?;
    let is_number = (1..=10).contains(&n.len()) && n.bytes().all(|byte| byte.is_ascii_digit());
    OrderId::parse(&format!("{}{ulid}", OrderId::PREFIX)).ok().filter(|_| is_number)
}

/// The fields of the form that pays `amount`, in their order.
pub fn fields(keys: &EsewaKeys, reference: &str, amount: Money, return_url: &str) -> Vec<(String, String)> {
    let (total, code) = (amount.to_decimal(), keys.product_code.as_str());
    let signed = [("total_amount", total.as_str()), ("transaction_uuid", reference), ("product_code", code)];
    let signature = sign(&keys.secret_key, &signed);
    let fields = [
        ("amount", total.as_str()),
        ("tax_amount", "0"),
        ("product_service_charge", "0"),
        ("product_delivery_charge", "0"),
        ("total_amount", &total),
        ("transaction_uuid", reference),
        ("product_code", code),
        ("success_url", return_url),
        ("failure_url", return_url),
        ("signed_field_names", "total_amount,transaction_uuid,product_code"),
        ("signature", &signature),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The path that asks how an attempt stands.
pub fn status(keys: &EsewaKeys, reference: &str, amount: Money) -> String {
    let total = amount.to_decimal();
    let query =
        [("product_code", keys.product_code.as_str()), ("total_amount", &total), ("transaction_uuid", reference)];
    format!("/api/epay/transaction/status/?{}", form::encoded(&query))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::Timestamp;
    use crate::platform::money::Currency;

    #[test]
    fn an_attempt_names_its_order() {
        let order = OrderId::generate(Timestamp::from_millis(1_700_000_000_000));
        let name = reference(order, 3);
        assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'));
        assert_eq!(order_of(&name), Some(order));
        for wrong in ["", "241028", "241028-1", "01J8ZQ4N8T6V5W3X2Y1Z0A9B8C-", "01J8ZQ4N8T6V5W3X2Y1Z0A9B8C-x"] {
            assert_eq!(order_of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_field_is_there_and_the_sum_is_the_sum() {
        let keys = EsewaKeys::parse(r#"{"product_code": "EPAYTEST", "secret_key": "8gBm/:&EnhH.1/q"}"#).unwrap();
        let amount = Money::new(110_050, Currency::parse("NPR").unwrap());
        let fields = fields(&keys, "01J8ZQ4N8T6V5W3X2Y1Z0A9B8C-1", amount, "https://shop.example/paid");
        assert_eq!(fields.len(), 11);
        assert!(fields.iter().all(|(_, value)| !value.is_empty()));
        let field = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
        assert_eq!((field("amount"), field("total_amount")), (Some("1100.50"), Some("1100.50")));
        let path = status(&keys, "x-1", amount);
        assert!(path.ends_with("product_code=EPAYTEST&total_amount=1100.50&transaction_uuid=x-1"), "{path}");
    }
}
