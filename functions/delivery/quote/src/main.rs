//! The Lambda function `delivery-quote`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&delivery_quote::ENDPOINT)
}
