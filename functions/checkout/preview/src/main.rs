//! The Lambda function `checkout-preview`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&checkout_preview::ENDPOINT)
}
