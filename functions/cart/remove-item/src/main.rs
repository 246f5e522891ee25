//! The Lambda function `cart-remove-item`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&cart_remove_item::ENDPOINT)
}
