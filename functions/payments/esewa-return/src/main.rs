//! The Lambda function `payments-esewa-return`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&payments_esewa_return::ENDPOINT)
}
