//! The Lambda function `payments-close-refund`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&payments_close_refund::ENDPOINT)
}
