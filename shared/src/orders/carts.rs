//! The use-cases of a cart.

use futures_util::future::try_join;

use super::cart::{Cart, Quantity};
use super::pricing::DeliveryRule;
use super::store::{OrderStore, SavedCart};
use super::view::CartView;
use crate::catalog::{Stock, StockStore};
use crate::platform::clock::Clock;
use crate::platform::dynamo::back_off;
use crate::platform::error::{Error, Result};
use crate::platform::fields::Invalid;
use crate::platform::ids::{ProductId, UserId};
use crate::platform::precondition::Precondition;

/// How often a write that lost a race is tried. Fifty at once at one cart need this many to come through nearly all.
const ATTEMPTS: u32 = 12;

/// What a request demands of the cart before it is changed, or of the line of one product, whose version is the cart's.
#[derive(Clone, Copy, Debug)]
struct Expected<'a> {
    precondition: &'a Precondition,
    of: Option<ProductId>,
}

impl Expected<'_> {
    fn check(&self, cart: &Cart) -> Result<()> {
        let exists = self.of.is_none_or(|product| cart.lines.iter().any(|line| line.offer.product_id == product));
        self.precondition.check_part(exists, Some(cart.version))
    }
}

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
    /// 404 for a product that is not on sale, 422 when the cart is full, 412 where `precondition` does not hold.
    pub async fn put(
        &self,
        user: &UserId,
        product: ProductId,
        quantity: Quantity,
        precondition: &Precondition,
    ) -> Result<CartView> {
        let (stock, cart) = try_join(self.stock.get(product), self.store.cart(user)).await?;
        let stock = stock.filter(|stock| stock.offer.sellable).ok_or_else(Error::not_found)?;
        let offer = stock.offer.clone();
        let expected = Expected { precondition, of: Some(product) };
        self.change(user, cart, expected, vec![stock], |cart| cart.put(offer.clone(), quantity)).await
    }

    /// Takes a product out; one that is not in the cart is already out.
    ///
    /// # Errors
    /// 412 where `precondition` does not hold.
    pub async fn remove(&self, user: &UserId, product: ProductId, precondition: &Precondition) -> Result<CartView> {
        let take_out = |cart: &mut Cart| {
            cart.remove(product);
            Ok(())
        };
        let cart = self.store.cart(user).await?;
        self.change(user, cart, Expected { precondition, of: Some(product) }, Vec::new(), take_out).await
    }

    /// Takes everything out.
    ///
    /// # Errors
    /// 412 where `precondition` does not hold.
    pub async fn clear(&self, user: &UserId, precondition: &Precondition) -> Result<()> {
        let empty = |cart: &mut Cart| {
            cart.lines.clear();
            Ok(())
        };
        let cart = self.store.cart(user).await?;
        self.change(user, cart, Expected { precondition, of: None }, Vec::new(), empty).await.map(|_| ())
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
        let expected = Expected { precondition: &Precondition::default(), of: None };
        self.change(user, cart, expected, stocks, add).await
    }

    /// Applies a change to the cart as it was read, again when somebody else was quicker, and writes nothing when nothing
    /// changed. `change` sets, it does not add: doing it twice is doing it once.
    async fn change(
        &self,
        user: &UserId,
        read: Cart,
        expected: Expected<'_>,
        known: Vec<Stock>,
        change: impl Fn(&mut Cart) -> Result<()>,
    ) -> Result<CartView> {
        let mut cart = read;
        for attempt in 0..ATTEMPTS {
            if attempt > 1 {
                // Many are at it: they part in time, and each looks again just before it writes.
                back_off(attempt).await;
                cart = self.store.cart(user).await?;
            }
            expected.check(&cart)?;
            let mut changed = cart.clone();
            change(&mut changed)?;
            let stocks = self.stocks(&changed, known.clone());
            if changed == cart {
                return CartView::new(&cart, &stocks.await?, &self.delivery);
            }
            let saved = self.store.save_cart(user, &changed, self.clock.now());
            match try_join(saved, stocks).await? {
                (SavedCart::Done(saved), stocks) => return CartView::new(&saved, &stocks, &self.delivery),
                // Mostly there are two: the second goes on at once from what the first has left.
                (SavedCart::Moved(current), _) => cart = current,
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
