//! Orders what a prescription allows, with whatever else is in the cart.

use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    let Some((id, place)) = who.has.approved.clone() else {
        return super::upload::run(who, "prescription upload").await;
    };
    let product = who.market.prescribed[place].id.clone();
    if who.put("cart put", &product, 1).await && who.place(name, "cod", &[&id]).await.is_none() {
        // Its fills may be used up.
        who.has.approved = None;
    }
}
