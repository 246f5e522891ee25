//! What the end-to-end tests share: a client of a deployed stack, people who use it, and the things they make.
//!
//! A test opens the [`Shop`], takes the people it needs and makes products of its own, so that tests never meet:
//!
//! ```ignore
//! let shop = Shop::open();
//! let (anna, syrup) = (shop.customer().await, shop.product("otc", 450, 10).await);
//! anna.fill_cart(&[(&syrup, 2)]).await;
//! anna.place().await.expect(201);
//! ```

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what a test cannot set up or read must stop the test"
)]

mod answer;
mod authenticator;
mod aws;
mod client;
pub mod contract;
mod elsewhere;
pub mod files;
mod messages;
mod orders;
mod people;
mod prescriptions;
mod products;
mod promised;
mod shop;
mod socket;
mod stack;
mod upload;
mod wait;

pub use answer::Answer;
pub use authenticator::Authenticator;
pub use aws::Aws;
pub use client::{Call, Client, Http};
pub use elsewhere::{CameBack, REDIRECT_URI};
pub use orders::{address, order_body};
pub use people::{PASSWORD, Person, REGISTRATION_CODE, RESET_CODE, STAFF_PASSWORD, new_email, new_phone};
pub use prescriptions::{announcement, approval, day, line, rejection};
pub use products::{CATEGORY, Product, lot_body, product_body};
pub use shop::Shop;
pub use socket::{Socket, uuid};
pub use stack::Stack;
pub use upload::upload;
pub use wait::{eventually, in_seconds, search_caught_up, settled};

/// Says which functions a test covers. A name that is no function does not compile.
#[macro_export]
macro_rules! covers {
    ($($function:literal),+ $(,)?) => {
        $(const _: () = assert!($crate::contract::is_function($function), "there is no such function");)+
    };
}

/// A text that no other test and no other run has made: lower-case letters and digits.
pub fn unique() -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::{SystemTime, UNIX_EPOCH};

    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_nanos();
    format!("{nanos:x}{:x}", COUNTER.fetch_add(1, Ordering::Relaxed))
}
