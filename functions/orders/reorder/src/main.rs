//! The Lambda function `orders-reorder`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&orders_reorder::ENDPOINT)
}
