//! The Lambda function `cart-get`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&cart_get::ENDPOINT)
}
