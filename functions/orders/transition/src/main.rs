//! The Lambda function `orders-transition`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&orders_transition::ENDPOINT)
}
