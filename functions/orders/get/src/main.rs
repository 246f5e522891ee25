//! The Lambda function `orders-get`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&orders_get::ENDPOINT)
}
