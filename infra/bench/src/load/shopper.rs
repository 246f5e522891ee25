//! One customer, with what is theirs so far.

use std::sync::Arc;

use e2e::{Answer, Call, Client, address};
use serde_json::{Value, json};

use super::caller::Caller;
use super::dice::Dice;
use super::market::Market;

/// After so many orders somebody else comes: fifty are the most in a day.
const ORDERS: usize = 40;
/// After so many files somebody else comes: twenty are the most in a day.
pub const UPLOADS: usize = 15;

/// A customer.
#[derive(Debug)]
pub struct Shopper {
    /// What all share.
    pub market: Arc<Market>,
    /// Who it is.
    pub me: Arc<Caller>,
    /// What comes next.
    pub dice: Dice,
    /// What they have.
    pub has: Belongings,
}

/// What a customer has so far.
#[derive(Debug, Default)]
pub struct Belongings {
    /// Whether something is in the cart.
    pub in_cart: bool,
    /// How many orders were placed.
    pub orders: usize,
    /// The orders that are on their way.
    pub open: Vec<String>,
    /// Orders that were delivered, each with a product of it.
    pub delivered: Vec<(String, String)>,
    /// How many files were uploaded.
    pub uploads: usize,
    /// A prescription that is to be reviewed.
    pub pending: Option<String>,
    /// One that was approved, and the place of its product among those that need one.
    pub approved: Option<(String, usize)>,
    /// An address of the book.
    pub address: Option<String>,
    /// A consultation that is open.
    pub consultation: Option<String>,
}

impl Shopper {
    /// Somebody new.
    pub async fn new(market: Arc<Market>, dice: Dice) -> Self {
        let me = market.customer().await;
        Self { market, me, dice, has: Belongings::default() }
    }

    /// Lets somebody else come where this one has done all that one may on one day.
    pub async fn make_room(&mut self) {
        if self.has.orders >= ORDERS || (self.has.uploads >= UPLOADS && self.has.approved.is_none()) {
            self.me = self.market.customer().await;
            self.has = Belongings::default();
        }
    }

    /// Sends a call of one's own.
    pub async fn ask(&self, name: &'static str, make: impl Fn(&Client) -> Call + Send + Sync) -> Answer {
        self.me.ask(name, make).await
    }

    /// Puts a product into the cart. Whether it is there.
    pub async fn put(&mut self, name: &'static str, product: &str, quantity: usize) -> bool {
        let (path, body) = (format!("/v1/cart/items/{product}"), json!({"quantity": quantity}));
        let status = self.ask(name, |client| client.put(&path, &body)).await.status;
        self.has.in_cart |= status == 200;
        status == 200
    }

    /// Places an order of the cart; the order, where there is one. What cannot be ordered is taken out of the cart.
    pub async fn place(&mut self, name: &'static str, method: &str, prescriptions: &[&str]) -> Option<Value> {
        let body = json!({"address": address(), "payment_method": method, "prescription_ids": prescriptions});
        let answer = self.me.post_once(name, "/v1/orders", &body).await;
        if answer.status == 201 {
            return Some(self.placed(&answer));
        }
        if answer.status < 500 && answer.status != 429 {
            self.ask("cart clear", |client| client.delete("/v1/cart")).await;
            self.has.in_cart = false;
        }
        None
    }

    /// Notes an order that was placed.
    pub fn placed(&mut self, answer: &Answer) -> Value {
        let order = answer.json();
        let id = order["id"].as_str().unwrap_or_default().to_owned();
        self.market.book.placed(&self.me.id, &id);
        self.has.open.push(id);
        (self.has.in_cart, self.has.orders) = (false, self.has.orders + 1);
        order
    }

    /// One of the orders that are on their way.
    pub fn open_order(&mut self) -> Option<String> {
        (!self.has.open.is_empty()).then(|| self.dice.one_of(&self.has.open).clone())
    }

    /// An order has come to its end.
    pub fn closed(&mut self, order: &str) {
        self.has.open.retain(|one| one != order);
    }
}
