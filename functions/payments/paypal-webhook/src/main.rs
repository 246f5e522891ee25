//! The Lambda function `payments-paypal-webhook`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&payments_paypal_webhook::ENDPOINT)
}
