//! The Lambda function `orders-resolve-hold`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&orders_resolve_hold::ENDPOINT)
}
