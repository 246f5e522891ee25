//! The use-cases of a cart.

use futures_util::future::{try_join, try_join3};

use super::cart::{CART_FULL, Cart, Quantity};
use super::order::Order;
use super::pricing::DeliveryRule;
use super::problem::coupon_refused;
use super::store::{OrderStore, SavedCart};
use super::view::{CartView, LeftOut, MergedCart, NotAdded};
use crate::catalog::{Offer, Stock, StockStore};
use crate::coupons::{CouponCode, CouponStore, Standing};
use crate::patients::{Patients, of_owner};
use crate::platform::clock::Clock;
use crate::platform::dynamo::back_off;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PatientId, ProductId, UserId};
use crate::platform::precondition::Precondition;

/// How often a write that lost a race is tried. Fifty at once at one cart need this many to come through nearly all.
const ATTEMPTS: u32 = 12;

/// What a request names: a cart, or a part of it, whose version is the cart's.
#[derive(Clone, Copy, Debug)]
enum Part {
    /// The whole cart, which everybody has.
    Whole,
    /// The line of a product.
    Line(ProductId),
    /// Its coupon.
    Coupon,
}

/// What a request demands of what it names before that is changed.
#[derive(Clone, Copy, Debug)]
struct Expected<'a> {
    precondition: &'a Precondition,
    of: Part,
}

impl Expected<'_> {
    fn check(&self, cart: &Cart) -> Result<()> {
        let exists = match self.of {
            Part::Whole => true,
            Part::Line(product) => cart.lines.iter().any(|line| line.offer.product_id == product),
            Part::Coupon => cart.coupon.is_some(),
        };
        self.precondition.check_part(exists, Some(cart.version))
    }
}

/// What is put beside the lines of a cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Which product.
    pub product: ProductId,
    /// How many.
    pub quantity: Quantity,
    /// For whom; `None`: whose cart it is.
    pub patient: Option<PatientId>,
}

/// For whom lines are that are added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whom {
    /// For whom they say.
    AsSaid,
    /// For whom the cart has them: a guest knows no patients.
    Whoever,
}

/// Reads and changes carts.
#[derive(Clone, Debug)]
pub struct Carts {
    /// Where carts are.
    pub store: OrderStore,
    /// Where offers are.
    pub stock: StockStore,
    /// Whom lines are for.
    pub patients: Patients,
    /// Where coupons are.
    pub coupons: CouponStore,
    /// What delivery costs.
    pub delivery: DeliveryRule,
    /// The time.
    pub clock: Clock,
    /// Where pictures are served from.
    pub media_base_url: String,
}

impl Carts {
    /// A customer's cart at today's prices. Two round trips: the cart, then the offers of its products.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn view(&self, user: &UserId) -> Result<CartView> {
        let cart = self.store.cart(user).await?;
        let beside =
            try_join3(self.stocks(&cart, Vec::new()), self.coupon(user, &cart), self.whom(user, &cart)).await?;
        self.shown((user, &cart), &beside)
    }

    /// Sets how many of a product there are and for whom, under today's offer. Two round trips: the offer beside the cart, then the
    /// cart's new state beside the offers of its other lines.
    ///
    /// # Errors
    /// 400 at `patient_id`, 404 for a product that is not on sale, 422 when the cart is full, 412 where `precondition` does not hold.
    pub async fn put(
        &self,
        user: &UserId,
        product: ProductId,
        quantity: Quantity,
        patient: Option<PatientId>,
        precondition: &Precondition,
    ) -> Result<CartView> {
        let read = try_join3(self.stock.get(product), self.store.cart(user), self.patients.chosen(user, patient));
        let (stock, cart, patient) = read.await?;
        let stock = stock.filter(|stock| stock.offer.sellable).ok_or_else(Error::not_found)?;
        let known = self.stock.completed(vec![stock]).await?;
        let offer = known.first().ok_or_else(Error::not_found)?.offer.clone();
        let expected = Expected { precondition, of: Part::Line(product) };
        self.change(user, cart, expected, known, |cart| cart.put(offer.clone(), quantity, patient)).await
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
        self.change(user, cart, Expected { precondition, of: Part::Line(product) }, Vec::new(), take_out).await
    }

    /// Takes everything out.
    ///
    /// # Errors
    /// 412 where `precondition` does not hold.
    pub async fn clear(&self, user: &UserId, precondition: &Precondition) -> Result<()> {
        let empty = |cart: &mut Cart| {
            (cart.lines, cart.coupon) = (Vec::new(), None);
            Ok(())
        };
        let cart = self.store.cart(user).await?;
        self.change(user, cart, Expected { precondition, of: Part::Whole }, Vec::new(), empty).await.map(|_| ())
    }

    /// Sets a coupon, on its terms of today. Two round trips, as [`Self::put`].
    ///
    /// # Errors
    /// 412 where `precondition` does not hold; 422 `coupon_invalid`, `coupon_spent`.
    pub async fn set_coupon(&self, user: &UserId, code: &CouponCode, precondition: &Precondition) -> Result<CartView> {
        let (standing, cart) = try_join(self.coupons.standing(code, user), self.store.cart(user)).await?;
        let agreed = standing.usable(self.clock.now()).map_err(|refusal| coupon_refused(&refusal))?.agreed();
        let set = |cart: &mut Cart| {
            cart.coupon = Some(agreed.clone());
            Ok(())
        };
        self.change(user, cart, Expected { precondition, of: Part::Coupon }, Vec::new(), set).await
    }

    /// Takes the coupon off; where there is none, that is so already.
    ///
    /// # Errors
    /// 412 where `precondition` does not hold.
    pub async fn remove_coupon(&self, user: &UserId, precondition: &Precondition) -> Result<CartView> {
        let take_off = |cart: &mut Cart| {
            cart.coupon = None;
            Ok(())
        };
        let cart = self.store.cart(user).await?;
        self.change(user, cart, Expected { precondition, of: Part::Coupon }, Vec::new(), take_off).await
    }

    /// Adds lines that were put together elsewhere; of a product that is in both, the larger quantity stays. What is not on
    /// sale, or has no room any more, is left out and told.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn merge(&self, user: &UserId, items: &[Item]) -> Result<MergedCart> {
        self.add(user, items, Whom::Whoever, Offer::clone).await
    }

    /// Adds what an order held, as [`Self::merge`] does. What is another medicine by now comes in as the one that was ordered,
    /// so that the cart shows what has changed ([`OrderLine::again`](super::order::OrderLine::again)). What the cart has for
    /// somebody else stays theirs alone, and is told.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn reorder(&self, user: &UserId, order: &Order) -> Result<MergedCart> {
        let again = |today: &Offer| {
            let line = order.lines.iter().find(|line| line.offer.product_id == today.product_id);
            line.map_or_else(|| today.clone(), |line| line.again(today))
        };
        self.add(user, &order.items(), Whom::AsSaid, again).await
    }

    /// Adds lines, each on the `terms` that are made of those of today.
    async fn add(
        &self,
        user: &UserId,
        items: &[Item],
        whom: Whom,
        terms: impl Fn(&Offer) -> Offer,
    ) -> Result<MergedCart> {
        let products: Vec<_> = items.iter().map(|item| item.product).collect();
        let (stocks, cart) = try_join(self.stock.get_many(&products), self.store.cart(user)).await?;
        let offer = |product: ProductId| {
            stocks.iter().map(|stock| &stock.offer).find(|offer| offer.product_id == product && offer.sellable)
        };
        let line = |item: &Item| offer(item.product).map(|today| (terms(today), *item));
        let lines: Vec<_> = items.iter().filter_map(line).collect();
        let add = |cart: &mut Cart| {
            for (offer, item) in &lines {
                if whom == Whom::AsSaid && cart.is_for_another(item.product, item.patient) {
                    continue;
                }
                match cart.merge(offer.clone(), item.quantity, item.patient) {
                    // The next one may be there already, and need no room.
                    Err(error) if error.code() == CART_FULL => {}
                    merged => merged?,
                }
            }
            Ok(())
        };
        let expected = Expected { precondition: &Precondition::default(), of: Part::Whole };
        let cart = self.change(user, cart, expected, stocks.clone(), add).await?;
        let left_out = |item: &Item| {
            let patient = item.patient.unwrap_or_else(|| of_owner(user));
            let code = match cart.items.iter().find(|line| line.product_id == item.product) {
                Some(line) if whom == Whom::AsSaid && line.patient_id != patient => NotAdded::ForSomebodyElse,
                Some(_) => return None,
                None if offer(item.product).is_some() => NotAdded::CartFull,
                None => NotAdded::NotOnSale,
            };
            Some(LeftOut { product_id: item.product, code })
        };
        let not_added = items.iter().filter_map(left_out).collect();
        Ok(MergedCart { cart, not_added })
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
            let (stocks, coupon) = (self.stocks(&changed, known.clone()), self.coupon(user, &changed));
            let beside = try_join3(stocks, coupon, self.whom(user, &changed));
            if changed == cart {
                return self.shown((user, &cart), &beside.await?);
            }
            let saved = self.store.save_cart(user, &changed, self.clock.now());
            match try_join(saved, beside).await? {
                (SavedCart::Done(saved), beside) => return self.shown((user, &saved), &beside),
                // Mostly there are two: the second goes on at once from what the first has left.
                (SavedCart::Moved(current), _) => cart = current,
            }
        }
        Err(Error::busy())
    }

    fn shown(&self, cart: (&UserId, &Cart), beside: &(Vec<Stock>, Standing, Vec<PatientId>)) -> Result<CartView> {
        let (stocks, coupon, whom) = beside;
        let at = (self.clock.now(), self.media_base_url.as_str());
        CartView::new(cart, (stocks, whom), &self.delivery, coupon, at)
    }

    /// Whom the lines of a cart may be for. Where no line names anybody, nobody is read.
    async fn whom(&self, user: &UserId, cart: &Cart) -> Result<Vec<PatientId>> {
        if cart.lines.iter().all(|line| line.patient.is_none()) {
            return Ok(Vec::new());
        }
        let patients = self.patients.list(user).await?.into_iter();
        Ok(patients.filter(|patient| patient.closed_at.is_none()).map(|patient| patient.id).collect())
    }

    /// How it stands with the coupon of a cart.
    async fn coupon(&self, user: &UserId, cart: &Cart) -> Result<Standing> {
        match &cart.coupon {
            Some(agreed) => self.coupons.standing(&agreed.code, user).await,
            None => Ok(Standing::default()),
        }
    }

    /// The stock of a cart's products, of which some may be at hand already.
    async fn stocks(&self, cart: &Cart, mut known: Vec<Stock>) -> Result<Vec<Stock>> {
        let products = cart.lines.iter().map(|line| line.offer.product_id);
        let missing: Vec<_> = products.filter(|id| !known.iter().any(|stock| stock.offer.product_id == *id)).collect();
        known.extend(self.stock.get_many(&missing).await?);
        Ok(known)
    }
}
