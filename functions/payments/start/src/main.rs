//! The Lambda function `payments-start`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&payments_start::ENDPOINT)
}
