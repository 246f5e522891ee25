//! Places an order of the cart, to be paid at the door; every third with the coupon.

use serde_json::json;

use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    if who.has.in_cart {
        if who.dice.below(3) == 0 {
            let body = json!({"code": who.market.coupon});
            who.ask("coupon set", |client| client.put("/v1/cart/coupon", &body)).await;
        }
        who.place(name, "cod", &[]).await;
    } else {
        super::cart_put::run(who, "cart put").await;
    }
}
