//! The Lambda function `payments-stripe-webhook`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&payments_stripe_webhook::ENDPOINT)
}
