//! All that one person watches: so little that it is read and written as a whole. Pure.

use serde::{Deserialize, Serialize};

use super::watch::{Terms, Watch};
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};
use crate::platform::ids::ProductId;
use crate::platform::wording;

/// How many products a person watches at a time.
pub const MAX_WATCHES: usize = 50;

/// What a person watches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchBook {
    /// The latest first.
    pub watches: Vec<Watch>,
    /// Grows by one with every change; zero: nothing was ever watched.
    pub version: u64,
}

impl WatchBook {
    /// How they watch a product.
    pub fn get(&self, product: ProductId) -> Option<&Watch> {
        self.watches.iter().find(|watch| watch.product_id == product)
    }

    /// The book in which a product is watched like this, in place of how it was watched before; the same book where nothing is
    /// new.
    ///
    /// # Errors
    /// 409 `too_many_watches`.
    pub fn with(&self, product: ProductId, terms: Terms, now: Timestamp) -> Result<Self> {
        if self.get(product).is_some_and(|watch| watch.terms == terms) {
            return Ok(self.clone());
        }
        let mut next = self.without(product);
        if next.watches.len() >= MAX_WATCHES {
            let detail = wording::catalog::too_many_watches(MAX_WATCHES);
            return Err(Error::conflict("too_many_watches", detail));
        }
        next.watches.insert(0, Watch { product_id: product, terms, since: now });
        Ok(next)
    }

    /// The book without a product.
    #[must_use]
    pub fn without(&self, product: ProductId) -> Self {
        let mut next = self.clone();
        next.watches.retain(|watch| watch.product_id != product);
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(n: i64) -> Timestamp {
        Timestamp::from_millis(n)
    }

    const BACK: Terms = Terms { below: None, back_in_stock: true };

    #[test]
    fn a_product_is_watched_once_and_the_same_terms_change_nothing() {
        let product = ProductId::generate(at(0));
        let book = WatchBook::default().with(product, BACK, at(1)).unwrap();
        assert_eq!(book.with(product, BACK, at(2)).unwrap(), book);
        let price = crate::platform::money::Money::new(5, crate::platform::money::Currency::parse("USD").unwrap());
        let other = Terms { below: Some(price), back_in_stock: false };
        let changed = book.with(product, other, at(3)).unwrap();
        assert_eq!((changed.watches.len(), changed.get(product).unwrap().terms), (1, other));
        assert_eq!(changed.without(product).watches, []);
        assert_eq!(book.without(ProductId::generate(at(9))), book);
    }

    #[test]
    fn there_are_so_many_and_one_of_them_can_still_be_changed() {
        let mut book = WatchBook::default();
        for n in 0..MAX_WATCHES {
            book = book.with(ProductId::generate(at(i64::try_from(n).unwrap())), BACK, at(1)).unwrap();
        }
        let one_more = book.with(ProductId::generate(at(999)), BACK, at(2));
        assert_eq!(one_more.unwrap_err().code(), "too_many_watches");
        let price = crate::platform::money::Money::new(5, crate::platform::money::Currency::parse("USD").unwrap());
        let first = book.watches[0].product_id;
        assert!(book.with(first, Terms { below: Some(price), back_in_stock: true }, at(3)).is_ok());
    }
}
