//! The Lambda function `payments-refund`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&payments_refund::ENDPOINT)
}
