//! The use-cases of a cart.

use super::cart::{Cart, Quantity};
use super::pricing::DeliveryRule;
use super::store::OrderStore;
use super::view::CartView;
use crate::catalog::{Stock, StockStore};
use crate::platform::clock::Clock;
use crate::platform::dynamo::back_off;
use crate::platform::error::{Error, Result};
use crate::platform::fields::Invalid;
use crate::platform::ids::{ProductId, UserId};

/// How often a write that lost a race is tried.
const ATTEMPTS: u32 = 5;

/// Reads and changes carts.
#[derive(Clone, Debug)]
pub struct Carts {
    /// Where carts are.
    pub store: OrderStore,
    /// Where offers are.
    pub stock: StockStore,
    /// What delivery costs.
    pub delivery: DeliveryRule,
    /// The time.
    pub clock: Clock,
}

impl Carts {
    /// A customer's cart at today's prices. Two round trips: the cart, then the offers of its products.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn view(&self, user: &UserId) -> Result<CartView> {
        let cart = self.store.cart(user).await?;
        self.render(&cart, Vec::new()).await
    }

    /// Sets how many of a product there are, under today's offer.
    ///
    /// # Errors
    /// 404 for a product that is not on sale, 422 when the cart is full, 412 for another version than `if_match`.
    pub async fn put(
        &self,
        user: &UserId,
        product: ProductId,
        quantity: Quantity,
        if_match: Option<u64>,
    ) -> Result<CartView> {
        let stock = self.stock.get(product).await?.filter(|stock| stock.offer.sellable).ok_or_else(Error::not_found)?;
        let cart = self.change(user, if_match, |cart| cart.put(stock.offer.clone(), quantity)).await?;
        self.render(&cart, vec![stock]).await
    }

    /// Takes a product out; one that is not in the cart is already out.
    ///
    /// # Errors
    /// 412 for another version than `if_match`.
    pub async fn remove(&self, user: &UserId, product: ProductId, if_match: Option<u64>) -> Result<CartView> {
        let take_out = |cart: &mut Cart| {
            cart.remove(product);
            Ok(())
        };
        let cart = self.change(user, if_match, take_out).await?;
        self.render(&cart, Vec::new()).await
    }

    /// Takes everything out.
    ///
    /// # Errors
    /// 412 for another version than `if_match`.
    pub async fn clear(&self, user: &UserId, if_match: Option<u64>) -> Result<()> {
        let empty = |cart: &mut Cart| {
            cart.lines.clear();
            Ok(())
        };
        self.change(user, if_match, empty).await.map(|_| ())
    }

    /// Adds a guest's lines; of a product that is in both, the larger quantity stays.
    ///
    /// # Errors
    /// 400 for a product that is not on sale, 422 when the cart is full.
    pub async fn merge(&self, user: &UserId, items: &[(ProductId, Quantity)]) -> Result<CartView> {
        let products: Vec<_> = items.iter().map(|(product, _)| *product).collect();
        let stocks = self.stock.get_many(&products).await?;
        let offer = |product: ProductId| {
            stocks.iter().map(|stock| &stock.offer).find(|offer| offer.product_id == product && offer.sellable)
        };
        let mut lines = Vec::with_capacity(items.len());
        let mut unknown = Vec::new();
        for (index, (product, quantity)) in items.iter().enumerate() {
            match offer(*product) {
                Some(offer) => lines.push((offer, *quantity)),
                None => unknown.push(
                    Invalid::new("not_found", "there is no such product on sale")
                        .at(format!("items[{index}].product_id")),
                ),
            }
        }
        if !unknown.is_empty() {
            return Err(unknown.into());
        }
        let add =
            |cart: &mut Cart| lines.iter().try_for_each(|(offer, quantity)| cart.merge((*offer).clone(), *quantity));
        let cart = self.change(user, None, add).await?;
        self.render(&cart, stocks).await
    }

    /// Applies a change to the cart as it is, again when somebody else was quicker, and writes nothing when nothing
    /// changed. `change` sets, it does not add: doing it twice is doing it once.
    async fn change(
        &self,
        user: &UserId,
        if_match: Option<u64>,
        change: impl Fn(&mut Cart) -> Result<()>,
    ) -> Result<Cart> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let cart = self.store.cart(user).await?;
            if if_match.is_some_and(|version| version != cart.version) {
                return Err(Error::version_mismatch());
            }
            let mut changed = cart.clone();
            change(&mut changed)?;
            if changed == cart {
                return Ok(cart);
            }
            if let Some(saved) = self.store.save_cart(user, &changed, self.clock.now()).await? {
                return Ok(saved);
            }
        }
        Err(Error::busy())
    }

    /// The cart beside the stock of its products, of which some may be at hand already.
    async fn render(&self, cart: &Cart, mut known: Vec<Stock>) -> Result<CartView> {
        let products = cart.lines.iter().map(|line| line.offer.product_id);
        let missing: Vec<_> = products.filter(|id| !known.iter().any(|stock| stock.offer.product_id == *id)).collect();
        known.extend(self.stock.get_many(&missing).await?);
        CartView::new(cart, &known, &self.delivery)
    }
}
