//! Watching products, and giving them up.
//!
//! - Twice: the second changes nothing, and writes nothing.
//! - At once: the book is written at the version that was read; who was slower reads it anew. So there are never too many.
//! - Killed: book and watcher are written in one transaction, or neither is.
//! - A price that changes just now: the answer shows the product as it is once the watch is there. Whatever it does after that is
//!   in the stream when the watch is in the table, and is told.

use std::collections::HashMap;

use super::book::WatchBook;
use super::store::WatchStore;
use super::view::{WatchList, WatchView};
use super::watch::{Terms, Watch};
use crate::catalog::{Product, ProductStatus, ProductStore};
use crate::platform::clock::Clock;
use crate::platform::dynamo::back_off;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{ProductId, UserId};

/// How often a book is written anew that others write too.
const ATTEMPTS: u32 = 8;

/// What people watch.
#[derive(Clone, Debug)]
pub struct Watches {
    /// The watches.
    pub store: WatchStore,
    /// The products.
    pub products: ProductStore,
    /// Where the pictures of products are.
    pub media_base_url: String,
    /// The time.
    pub clock: Clock,
}

impl Watches {
    /// Watches a product that is on sale, or was when they began to; in place of how they watched it before.
    ///
    /// # Errors
    /// 404; 409 `too_many_watches`; DynamoDB does not answer.
    pub async fn watch(&self, user: &UserId, product: ProductId, terms: Terms) -> Result<WatchView> {
        let found = self.products.get(product).await?.ok_or_else(Error::not_found)?;
        let watch = self
            .rewrite(user, product, |book| match found.status == ProductStatus::Active || book.get(product).is_some() {
                true => book.with(product, terms, self.clock.now()),
                false => Err(Error::not_found()),
            })
            .await?
            .get(product)
            .copied()
            .ok_or_else(|| Error::internal("a watch that is none"))?;
        Ok(self.view(watch, self.products.get_latest(product).await?))
    }

    /// Gives up watching a product; what is not watched is given up already.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn unwatch(&self, user: &UserId, product: ProductId) -> Result<()> {
        self.rewrite(user, product, |book| Ok(book.without(product))).await.map(|_| ())
    }

    /// All that a person watches, the latest first.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn list(&self, user: &UserId) -> Result<WatchList> {
        let book = self.store.book(user).await?;
        let ids: Vec<_> = book.watches.iter().map(|watch| watch.product_id).collect();
        let products = if ids.is_empty() { Vec::new() } else { self.products.get_many(&ids).await? };
        let mut products: HashMap<_, _> = products.into_iter().map(|product| (product.id, product)).collect();
        let items = book.watches.into_iter().map(|watch| {
            let product = products.remove(&watch.product_id);
            self.view(watch, product)
        });
        Ok(WatchList { items: items.collect() })
    }

    async fn rewrite(
        &self,
        user: &UserId,
        product: ProductId,
        next: impl Fn(&WatchBook) -> Result<WatchBook>,
    ) -> Result<WatchBook> {
        for attempt in 0..ATTEMPTS {
            if attempt > 0 {
                back_off(attempt).await;
            }
            let before = self.store.book(user).await?;
            let after = next(&before)?;
            if after == before || self.store.save(user, &after, product).await? {
                return Ok(after);
            }
        }
        Err(Error::busy())
    }

    fn view(&self, watch: Watch, product: Option<Product>) -> WatchView {
        WatchView::new(watch, product, &self.media_base_url)
    }
}
