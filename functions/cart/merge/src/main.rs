//! The Lambda function `cart-merge`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&cart_merge::ENDPOINT)
}
