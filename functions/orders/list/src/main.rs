//! The Lambda function `orders-list`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&orders_list::ENDPOINT)
}
