//! The Lambda function `checkout-place-order`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&checkout_place_order::ENDPOINT)
}
