//! The Lambda function `orders-follow-recalls`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&orders_follow_recalls::WORKER)
}
