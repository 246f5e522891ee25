//! The Lambda function `cart-set-coupon`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&cart_set_coupon::ENDPOINT)
}
