//! The Lambda function `orders-list-returns`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&orders_list_returns::ENDPOINT)
}
