//! The use-cases of products: find, create, change, retire.

use std::str::FromStr;

use super::availability::Availability;
use super::manager::Manager;
use super::product::{NewProduct, Product, ProductChange, ProductStatus};
use super::slug::Slug;
use super::store::{ProductStore, Saved};
use crate::platform::clock::Clock;
use crate::platform::dynamo::back_off;
use crate::platform::error::{Error, Result};
use crate::platform::fields::Invalid;
use crate::platform::ids::ProductId;
use crate::platform::precondition::Precondition;

/// How often a change is tried anew after others changed the same product.
const ATTEMPTS: u32 = 5;

/// A product as a path names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProductRef {
    /// By its id.
    Id(ProductId),
    /// By its slug.
    Slug(Slug),
}

impl FromStr for ProductRef {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        ProductId::parse(text).map(Self::Id).or_else(|_| Slug::parse(text).map(Self::Slug))
    }
}

/// The products.
#[derive(Clone, Debug)]
pub struct Products {
    store: ProductStore,
    clock: Clock,
}

impl Products {
    /// In this store.
    pub fn new(store: ProductStore, clock: Clock) -> Self {
        Self { store, clock }
    }

    /// A product that `viewer` may see: what is on sale everybody, all else who manages it.
    ///
    /// # Errors
    /// 404; or DynamoDB does not answer.
    pub async fn find(&self, which: &ProductRef, viewer: Option<&Manager>) -> Result<Product> {
        let found = match which {
            // Who changes products reads their own writes.
            ProductRef::Id(id) if viewer.is_some() => self.store.get_latest(*id).await?,
            ProductRef::Id(id) => self.store.get(*id).await?,
            ProductRef::Slug(slug) => self.store.get_by_slug(slug).await?,
        };
        found.filter(|product| product.visible_to(viewer)).ok_or_else(Error::not_found)
    }

    /// A product that `manager` may change.
    ///
    /// # Errors
    /// 404 for another's; or DynamoDB does not answer.
    pub async fn find_managed(&self, manager: &Manager, id: ProductId) -> Result<Product> {
        let found = self.store.get_latest(id).await?;
        found.filter(|product| manager.manages_product(product)).ok_or_else(Error::not_found)
    }

    /// Creates a product with an empty stock. A slug that is made of the name gives way to one that is taken; a slug that
    /// was chosen does not.
    ///
    /// # Errors
    /// 409 `slug_taken`; 400 for an unknown category; 403 `approval_required`; or DynamoDB does not answer.
    pub async fn create(&self, manager: &Manager, new: NewProduct) -> Result<Product> {
        let chosen = new.slug.is_some();
        let product = Product::create(new, manager, self.clock.now())?;
        match self.store.create(&product).await? {
            Saved::SlugTaken if !chosen => {
                let product = Product { slug: product.slug.told_apart(product.id), ..product };
                written(self.store.create(&product).await?, product)
            }
            saved => written(saved, product),
        }
    }

    /// Changes a product, where `precondition` holds.
    ///
    /// # Errors
    /// 404; 412; 400 for an unknown category; 403 `approval_required`; or DynamoDB does not answer.
    pub async fn update(
        &self,
        manager: &Manager,
        id: ProductId,
        precondition: &Precondition,
        change: ProductChange,
    ) -> Result<Product> {
        let found = self.store.get_latest(id).await?.ok_or_else(Error::not_found)?;
        let now = self.clock.now();
        self.rewrite(found, |product| {
            let product = managed_at(product, manager, precondition)?;
            product.changed(change.clone(), manager, now)
        })
        .await
    }

    /// Takes a product off sale for good; once more changes nothing.
    ///
    /// # Errors
    /// 404; 412; or DynamoDB does not answer.
    pub async fn retire(&self, manager: &Manager, id: ProductId, precondition: &Precondition) -> Result<Product> {
        let change = ProductChange { status: Some(ProductStatus::Retired), ..ProductChange::default() };
        self.update(manager, id, precondition, change).await
    }

    /// Notes what the stock of version `stock_version` means for shoppers; late and repeated notes change nothing.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn follow_stock(&self, id: ProductId, availability: Availability, stock_version: u64) -> Result<()> {
        self.store.follow_stock(id, availability, stock_version, self.clock.now()).await
    }

    /// Any product, whoever asks.
    pub(super) async fn latest(&self, id: ProductId) -> Result<Option<Product>> {
        self.store.get_latest(id).await
    }

    /// Writes what `next` makes of the product, which was just read; anew when others wrote in between.
    pub(super) async fn rewrite(&self, found: Product, next: impl Fn(&Product) -> Result<Product>) -> Result<Product> {
        let mut before = found;
        for attempt in 0..ATTEMPTS {
            if attempt > 0 {
                back_off(attempt).await;
                before = self.store.get_latest(before.id).await?.ok_or_else(Error::not_found)?;
            }
            let after = next(&before)?;
            if after == before {
                return Ok(after);
            }
            match self.store.save(&before, &after, self.clock.now()).await? {
                Saved::Moved => {}
                saved => return written(saved, after),
            }
        }
        Err(Error::busy())
    }
}

/// The product where `manager` may change it and its version is the one they have read.
///
/// # Errors
/// 404 or 412.
pub(super) fn managed_at<'a>(
    product: &'a Product,
    manager: &Manager,
    precondition: &Precondition,
) -> Result<&'a Product> {
    if !manager.manages_product(product) {
        return Err(Error::not_found());
    }
    precondition.check(Some(product.version))?;
    Ok(product)
}

fn written(saved: Saved, product: Product) -> Result<Product> {
    match saved {
        Saved::Done => Ok(product),
        Saved::Moved => Err(Error::busy()),
        Saved::SlugTaken => Err(Error::conflict("slug_taken", "Another product has this slug.")),
        Saved::UnknownCategory => {
            Err(vec![Invalid::new("unknown_category", "there is no such category").at("category_id")].into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_a_product_by_id_or_by_slug() {
        assert!(matches!("prd_01J9Z3NDEKTSV4RRFFQ69G5FAV".parse(), Ok(ProductRef::Id(_))));
        assert!(matches!("ibuprofen-200-mg".parse(), Ok(ProductRef::Slug(_))));
        assert!("prd_1".parse::<ProductRef>().is_err() && "..".parse::<ProductRef>().is_err());
    }
}
