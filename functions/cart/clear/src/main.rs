//! The Lambda function `cart-clear`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&cart_clear::ENDPOINT)
}
