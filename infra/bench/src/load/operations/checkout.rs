//! Places an order of the cart, to be paid at the door.

use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    if who.has.in_cart {
        who.place(name, "cod", &[]).await;
    } else {
        super::cart_put::run(who, "cart put").await;
    }
}
