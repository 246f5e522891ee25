//! The Lambda function `orders-cancel`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&orders_cancel::ENDPOINT)
}
