//! The Lambda function `cart-put-item`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&cart_put_item::ENDPOINT)
}
