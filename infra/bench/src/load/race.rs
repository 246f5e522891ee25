//! Many customers check out the last units of one product at the same moment.

use std::time::{Duration, Instant};

use e2e::{Answer, Person, Shop, order_body, unique};
use futures_util::future::join_all;
use futures_util::stream::{StreamExt, iter};
use serde_json::{Value, json};

use super::tally::Ends;

/// How many prepare at once; preparing is not measured.
const IN_PEACE: usize = 6;
/// How often a customer tries again who has no answer, or is told to come back.
const TRIES: usize = 30;

/// How the race went.
#[derive(Clone, Debug)]
pub struct Race {
    /// How many units there were.
    pub units: usize,
    /// How many customers wanted one.
    pub buyers: usize,
    /// Who was told that their order is placed.
    pub placed: usize,
    /// Who was told that there is none left.
    pub refused: usize,
    /// The units that are promised to orders in the end, as the stock says.
    pub reserved: i64,
    /// The units that are free in the end.
    pub available: i64,
    /// Every answer on the way, those to tries again included, and how long it took.
    pub answers: Ends,
    /// From the first request to the last answer.
    pub during: Duration,
}

impl Race {
    /// How many units were sold that there were not: to customers, or by the stock's own account.
    pub fn oversold(&self) -> usize {
        let promised = usize::try_from(self.reserved).unwrap_or_default();
        let missing = usize::try_from(-self.available.min(0)).unwrap_or_default();
        self.placed.max(promised).saturating_sub(self.units) + missing
    }

    /// How many units are neither free nor promised to a customer who knows of it.
    pub fn unaccounted(&self) -> i64 {
        let count = |count| i64::try_from(count).unwrap_or(i64::MAX);
        (count(self.units) - self.available - count(self.placed)).abs() + (self.reserved - count(self.placed)).abs()
    }

    /// How many checkouts there were for each one that succeeded. How many transactions each of them took cannot be seen
    /// from outside.
    pub fn checkouts_for_each_success(&self) -> f64 {
        self.answers.count() as f64 / self.placed.max(1) as f64
    }

    /// All of it.
    pub fn json(&self) -> Value {
        json!({
            "units": self.units,
            "buyers": self.buyers,
            "placed": self.placed,
            "refused": self.refused,
            "oversold": self.oversold(),
            "unaccounted": self.unaccounted(),
            "checkouts_for_each_success": self.checkouts_for_each_success(),
            "seconds": self.during.as_secs_f64(),
            "answers": self.answers.json(self.during),
        })
    }
}

/// Has `buyers` race for `units`.
///
/// # Panics
/// Where the stack does not answer, lets nobody in, or never answers one of them with an order or a refusal.
pub async fn run(shop: &Shop, units: usize, buyers: usize) -> Race {
    println!("{buyers} customers fill their carts with one of the last {units} units");
    let product = shop.product("otc", 450, i64::try_from(units).expect("a count of units")).await;
    let ready = (0..buyers).map(|_| async {
        let person = shop.quick_customer().await;
        person.fill_cart(&[(&product, 1)]).await;
        person
    });
    let people: Vec<Person> = iter(ready).buffer_unordered(IN_PEACE).collect().await;
    let start = Instant::now();
    let ended = join_all(people.iter().map(buy)).await;
    let during = start.elapsed();
    let mut answers = Ends::default();
    ended.iter().for_each(|(_, on_the_way)| answers.add(on_the_way));
    let told = |like: fn(&Answer) -> bool| ended.iter().filter(|(last, _)| like(last)).count();
    let stock = shop.stock(&product).await;
    let level = |name: &str| stock[name].as_i64().expect("a level of the stock");
    Race {
        units,
        buyers,
        placed: told(|last| last.status == 201),
        refused: told(sold_out),
        reserved: level("reserved"),
        available: level("available"),
        answers,
        during,
    }
}

/// Whether an order was refused for want of stock.
fn sold_out(answer: &Answer) -> bool {
    answer.status == 422
        && answer.json()["problems"].as_array().is_some_and(|problems| {
            !problems.is_empty() && problems.iter().all(|problem| problem["code"] == "out_of_stock")
        })
}

/// Places an order under one key until it is placed or refused; gives the last answer, and all there were.
async fn buy(person: &Person) -> (Answer, Ends) {
    let (key, body, mut answers) = (unique(), order_body(&[]), Ends::default());
    for _ in 0..TRIES {
        let start = Instant::now();
        let answer = person.post("/v1/orders", &body).key(&key).await;
        answers.note(answer.status, start.elapsed());
        if answer.status < 500 {
            return (answer, answers);
        }
    }
    panic!("no answer in {TRIES} tries")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn race(placed: usize, reserved: i64, available: i64) -> Race {
        let (answers, during) = (Ends::default(), Duration::from_secs(1));
        Race { units: 20, buyers: 64, placed, refused: 64 - placed, reserved, available, answers, during }
    }

    #[test]
    fn twenty_of_twenty_is_right() {
        let right = race(20, 20, 0);
        assert_eq!((right.oversold(), right.unaccounted()), (0, 0));
        let fewer = race(18, 18, 2);
        assert_eq!((fewer.oversold(), fewer.unaccounted()), (0, 0));
    }

    #[test]
    fn a_unit_too_much_is_seen_wherever_it_is() {
        assert_eq!(race(21, 20, 0).oversold(), 1, "a customer was told so");
        assert_eq!(race(20, 21, 0).oversold(), 1, "the stock says so");
        assert_eq!(race(20, 20, -1).oversold(), 1, "the stock is below nothing");
    }

    #[test]
    fn a_unit_that_is_lost_is_seen() {
        assert_eq!(race(19, 20, 0).unaccounted(), 2, "reserved for nobody");
        assert_eq!(race(20, 20, 1).unaccounted(), 1, "sold and still there");
    }
}
