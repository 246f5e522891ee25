//! What all shoppers share: what is sold, who works there, and what is noted.

use std::sync::Arc;

use e2e::{PASSWORD, Product, STAFF_PASSWORD, Shop, Stack, new_email, product_body, search_caught_up};
use serde_json::json;

use super::book::Book;
use super::caller::Caller;
use super::tally::Ledger;

/// How many products are sold without a prescription; the catalogue that is searched holds others too.
const SHELVES: usize = 12;
/// Enough that nobody is refused.
const UNITS: i64 = 100_000;
/// Of one product there are so few that they run out.
const FEW: i64 = 60;

/// The code of a coupon, of what nobody else has.
fn code(unique: &str) -> String {
    let letters = unique.to_uppercase().replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
    format!("LOAD-{letters}").chars().take(32).collect()
}

/// The market.
#[derive(Debug)]
pub struct Market {
    /// The stack.
    pub shop: Arc<Shop>,
    /// Where the stand-ins for the payment providers are.
    pub payments_url: String,
    /// What is sold without a prescription. Of the first there are few.
    pub shelves: Vec<Product>,
    /// What needs one; the second half is controlled.
    pub prescribed: Vec<Product>,
    /// The code of a coupon that everybody may use.
    pub coupon: String,
    /// Who reviews and packs.
    pub pharmacist: Arc<Caller>,
    /// Who answers.
    pub doctor: Arc<Caller>,
    /// Who administers.
    pub admin: Arc<Caller>,
    /// How requests ended.
    pub ledger: Arc<Ledger>,
    /// What was told.
    pub book: Arc<Book>,
}

impl Market {
    /// Makes the products, and lets the staff in.
    ///
    /// # Panics
    /// Where the stack does not answer, lets nobody in, or takes no coupon.
    pub async fn open() -> Self {
        let (shop, ledger, book) = (Arc::new(Shop::open()), Arc::new(Ledger::default()), Arc::new(Book::default()));
        println!("{SHELVES} products are made, and four that need a prescription");
        let mut shelves = Vec::new();
        for turn in 0..SHELVES {
            let units = if turn == 0 { FEW } else { UNITS };
            shelves.push(shop.product("otc", 300 + 50 * i64::try_from(turn).unwrap_or_default(), units).await);
        }
        let mut prescribed = Vec::new();
        for legal_status in ["prescription", "prescription", "controlled", "controlled"] {
            prescribed.push(shop.product_of(product_body(legal_status, 1250), UNITS).await);
        }
        search_caught_up().await;
        let staff = async |name: &str| {
            let email = format!("{name}@apothecary.test");
            let caller = Caller::sign_in((&shop, &ledger, &book), &email, STAFF_PASSWORD).await;
            caller.unwrap_or_else(|| panic!("{name} cannot sign in"))
        };
        let (pharmacist, doctor, admin) = (staff("pharmacist").await, staff("doctor").await, staff("admin").await);
        let coupon = code(&e2e::unique());
        let terms = json!({"kind": "percent", "value": 10});
        let made = pharmacist.ask("coupon put", |client| client.put(&format!("/v1/coupons/{coupon}"), &terms)).await;
        // A repetition finds it made.
        assert!(matches!(made.status, 200 | 201), "a coupon could not be made: {made:?}");
        let payments_url = Stack::read().payments_url.expect("the stack has stand-ins for the providers");
        Self { shop, payments_url, shelves, prescribed, coupon, pharmacist, doctor, admin, ledger, book }
    }

    /// A new customer.
    ///
    /// # Panics
    /// Where one after the other cannot sign in.
    pub async fn customer(&self) -> Arc<Caller> {
        for _ in 0..5 {
            let email = new_email();
            self.shop.aws.create_user(&email, PASSWORD, "customer").await;
            let caller = Caller::sign_in((&self.shop, &self.ledger, &self.book), &email, PASSWORD).await;
            if let Some(caller) = caller {
                return caller;
            }
        }
        panic!("no customer can sign in")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_one_that_coupons_may_have() {
        let code = code(&e2e::unique());
        assert!((3..=32).contains(&code.len()), "{code}");
        assert!(code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-'), "{code}");
    }
}
