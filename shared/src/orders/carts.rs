//! The use-cases of a cart.

use futures_util::future::try_join;

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
        let stocks = self.stocks(&cart, Vec::new()).await?;
        CartView::new(&cart, &stocks, &self.delivery)
    }

    /// Sets how many of a product there are, under today's offer. Two round trips: the offer beside the cart, then the
    /// cart's new state beside the offers of its other lines.
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
        let (stock, cart) = try_join(self.stock.get(product), self.store.cart(user)).await?;
        let stock = stock.filter(|stock| stock.offer.sellable).ok_or_else(Error::not_found)?;
        let known = self.stock.completed(vec![stock]).await?;
        let offer = known.first().ok_or_else(Error::not_found)?.offer.clone();
        self.change(user, cart, if_match, known, |cart| cart.put(offer.clone(), quantity)).await
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
        let cart = self.store.cart(user).await?;
        self.change(user, cart, if_match, Vec::new(), take_out).await
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
        let cart = self.store.cart(user).await?;
        self.change(user, cart, if_match, Vec::new(), empty).await.map(|_| ())
    }

    /// Adds a guest's lines; of a product that is in both, the larger quantity stays.
    ///
    /// # Errors
    /// 400 for a product that is not on sale, 422 when the cart is full.
    pub async fn merge(&self, user: &UserId, items: &[(ProductId, Quantity)]) -> Result<CartView> {
        let products: Vec<_> = items.iter().map(|(product, _)| *product).collect();
        let (stocks, cart) = try_join(self.stock.get_many(&products), self.store.cart(user)).await?;
        let offer = |product: ProductId| {
            stocks.iter().map(|stock| &stock.offer).find(|offer| offer.product_id == product && offer.sellable)
        };
        let mut lines = Vec::with_capacity(items.len());
        let mut unknown = Vec::new();
        for (index, (product, quantity)) in items.iter().enumerate() {
            match offer(*product) {
                Some(offer) => lines.push((offer.clone(), *quantity)),
                None => unknown.push(
                    Invalid::new("not_found", "there is no such product on sale")
                        .at(format!("items[{index}].product_id")),
                ),
            }
        }
        if !unknown.is_empty() {
            return Err(unknown.into());
        }
        let add = |cart: &mut Cart| lines.iter().try_for_each(|(offer, quantity)| cart.merge(offer.clone(), *quantity));
        self.change(user, cart, None, stocks, add).await
    }

    /// Applies a change to the cart as it was read, again when somebody else was quicker, and writes nothing when nothing
    /// changed. `change` sets, it does not add: doing it twice is doing it once.
    async fn change(
        &self,
        user: &UserId,
        read: Cart,
        if_match: Option<u64>,
        known: Vec<Stock>,
        change: impl Fn(&mut Cart) -> Result<()>,
    ) -> Result<CartView> {
        let mut cart = read;
        for attempt in 0..ATTEMPTS {
            if attempt > 0 {
                back_off(attempt).await;
                cart = self.store.cart(user).await?;
            }
            if if_match.is_some_and(|version| version != cart.version) {
                return Err(Error::version_mismatch());
            }
            let mut changed = cart.clone();
            change(&mut changed)?;
            let stocks = self.stocks(&changed, known.clone());
            if changed == cart {
                return CartView::new(&cart, &stocks.await?, &self.delivery);
            }
            let saved = self.store.save_cart(user, &changed, self.clock.now());
            if let (Some(saved), stocks) = try_join(saved, stocks).await? {
                return CartView::new(&saved, &stocks, &self.delivery);
            }
        }
        Err(Error::busy())
    }

    /// The stock of a cart's products, of which some may be at hand already.
    async fn stocks(&self, cart: &Cart, mut known: Vec<Stock>) -> Result<Vec<Stock>> {
        let products = cart.lines.iter().map(|line| line.offer.product_id);
        let missing: Vec<_> = products.filter(|id| !known.iter().any(|stock| stock.offer.product_id == *id)).collect();
        known.extend(self.stock.get_many(&missing).await?);
        Ok(known)
    }
}
