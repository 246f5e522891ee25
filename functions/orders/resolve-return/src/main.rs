//! The Lambda function `orders-resolve-return`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&orders_resolve_return::ENDPOINT)
}
