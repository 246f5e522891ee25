//! The Lambda function `cart-remove-coupon`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&cart_remove_coupon::ENDPOINT)
}
