//! The Lambda function `payments-confirm`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&payments_confirm::ENDPOINT)
}
