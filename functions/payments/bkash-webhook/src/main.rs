//! The Lambda function `payments-bkash-webhook`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&payments_bkash_webhook::ENDPOINT)
}
