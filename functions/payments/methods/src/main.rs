//! The Lambda function `payments-methods`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&payments_methods::ENDPOINT)
}
