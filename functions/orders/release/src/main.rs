//! The Lambda function `orders-release`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&orders_release::WORKER)
}
