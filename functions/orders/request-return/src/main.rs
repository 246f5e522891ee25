//! The Lambda function `orders-request-return`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&orders_request_return::ENDPOINT)
}
