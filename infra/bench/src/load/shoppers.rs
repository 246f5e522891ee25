//! Customers who shop at once.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use e2e::{Person, Product, Shop, order_body, search_caught_up, unique};
use futures_util::future::join_all;
use serde_json::json;

use super::dice::Dice;
use super::mix::Operation;
use super::tally::Tally;

/// How many products are bought; the catalogue that is searched holds others too.
const PRODUCTS: usize = 12;
/// Enough that nobody is refused: what happens when units run out is the race's question.
const UNITS: i64 = 100_000;
/// A customer who has placed this many orders only looks at them: fifty are the most in a day.
const ORDERS: usize = 45;
/// How often it is said how far the run is.
const NEWS: Duration = Duration::from_secs(5);
/// What is searched for: names of the starter catalogue, beginnings, a misspelling, and what everything is called.
const SEARCHES: [&str; 8] =
    ["amoxicillin", "ibuprofen", "para", "metf", "ibuprofin", "vitamin", "medicine", "tablet 500"];

/// Has as many customers shop for so long.
///
/// # Panics
/// Where the stack does not answer, or lets nobody in.
pub async fn run(shop: &Shop, count: usize, duration: Duration) -> Tally {
    println!("{count} customers register, {PRODUCTS} products are made");
    let mut products = Vec::new();
    for turn in 0..PRODUCTS {
        products.push(shop.product("otc", 300 + 50 * i64::try_from(turn).unwrap_or_default(), UNITS).await);
    }
    let mut people = Vec::new();
    for _ in 0..count {
        people.push(shop.quick_customer().await);
    }
    search_caught_up().await;
    let (products, tally) = (Arc::new(products), Arc::new(Mutex::new(Tally::default())));
    let start = Instant::now();
    let news = tokio::spawn(tell(Arc::clone(&tally), start));
    let shoppers = people.into_iter().enumerate().map(|(number, person)| {
        let shopper = Shopper { person, dice: Dice::of(number), in_cart: false, orders: 0 };
        tokio::spawn(shopper.shop(Arc::clone(&products), Arc::clone(&tally), start + duration))
    });
    for shopper in join_all(shoppers).await {
        shopper.expect("a shopper who came to the end");
    }
    news.abort();
    tally.lock().unwrap_or_else(PoisonError::into_inner).clone().lasting(start.elapsed())
}

/// Says every few seconds how far the run is.
async fn tell(tally: Arc<Mutex<Tally>>, start: Instant) {
    let mut before = 0;
    loop {
        tokio::time::sleep(NEWS).await;
        let all = tally.lock().unwrap_or_else(PoisonError::into_inner).all();
        let rate = (all.count() - before) as f64 / NEWS.as_secs_f64();
        let (limited, errors) = (all.with(|status| status == 429), all.errors());
        let at = start.elapsed().as_secs();
        println!("{at:>5} s  {:>6} requests  {rate:>6.1}/s  429: {limited}  errors: {errors:?}", all.count());
        before = all.count();
    }
}

/// One customer.
struct Shopper {
    person: Person,
    dice: Dice,
    in_cart: bool,
    orders: usize,
}

impl Shopper {
    /// Sends one request after the other until the end.
    async fn shop(mut self, products: Arc<Vec<Product>>, tally: Arc<Mutex<Tally>>, end: Instant) {
        while Instant::now() < end {
            let wanted = Operation::next(&mut self.dice);
            let operation = self.possible(wanted);
            let start = Instant::now();
            let status = self.perform(operation, &products).await;
            tally.lock().unwrap_or_else(PoisonError::into_inner).note(operation, status, start.elapsed());
        }
    }

    /// What can be done instead of what cannot: an empty cart is filled before it is ordered.
    fn possible(&self, wanted: Operation) -> Operation {
        match wanted {
            Operation::Checkout if self.orders >= ORDERS => Operation::Orders,
            Operation::Checkout if !self.in_cart => Operation::CartPut,
            _ => wanted,
        }
    }

    /// Sends the request; gives the status.
    async fn perform(&mut self, operation: Operation, products: &[Product]) -> u16 {
        let (dice, person) = (&mut self.dice, &self.person);
        let product = dice.one_of(products);
        match operation {
            Operation::Search => {
                let query = [("query", *dice.one_of(&SEARCHES)), ("limit", "24")];
                person.search("/v1/products", &query).await.status
            }
            Operation::Page => person.get("/v1/products?limit=24&sort=-created_at").await.status,
            Operation::Product => person.get(&product.path()).await.status,
            Operation::CartPut => {
                let path = format!("/v1/cart/items/{}", product.id);
                let status = person.put(&path, &json!({"quantity": 1 + dice.below(3)})).await.status;
                self.in_cart |= status == 200;
                status
            }
            Operation::CartGet => person.get("/v1/cart").await.status,
            Operation::Checkout => {
                let status = person.post("/v1/orders", &order_body(&[])).key(&unique()).await.status;
                if status == 201 {
                    (self.in_cart, self.orders) = (false, self.orders + 1);
                }
                status
            }
            Operation::Orders => person.get("/v1/orders").await.status,
        }
    }
}
