//! The use-cases of products: find, create, change, retire.

use std::str::FromStr;

use futures_util::future::try_join;

use super::availability::Availability;
use super::manager::Manager;
use super::prices::{LOWEST_DAYS, PriceHistory, earlier, first_page, lowest};
use super::product::{NewProduct, Product, ProductChange, ProductStatus};
use super::schedule;
use super::slug::Slug;
use super::stock::Stock;
use super::store::{ProductStore, Saved};
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::dynamo::{Write, back_off};
use crate::platform::error::{Error, Result};
use crate::platform::fields::Invalid;
use crate::platform::ids::ProductId;
use crate::platform::jurisdiction::Jurisdiction;
use crate::platform::precondition::Precondition;
use crate::platform::wording;

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
    pub(super) store: ProductStore,
    pub(super) clock: Clock,
    /// Whose law says what is registered.
    place: Jurisdiction,
}

impl Products {
    /// In this store, under the law of a place.
    pub fn new(store: ProductStore, place: Jurisdiction, clock: Clock) -> Self {
        Self { store, clock, place }
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
    /// 409 `slug_taken`, `gtin_taken`; 400 for an unknown category; 403 `approval_required`; or DynamoDB does not answer.
    pub async fn create(&self, manager: &Manager, new: NewProduct) -> Result<Product> {
        let chosen = new.slug.is_some();
        let mut product = Product::create(new, manager, self.clock.now())?;
        let mut apart = false;
        for attempt in 0..ATTEMPTS {
            back_off(attempt.saturating_sub(u32::from(apart))).await;
            let holds = self.sign(&mut product).await?;
            match self.store.create(&product, holds).await? {
                // Its seller is called something else meanwhile.
                Saved::Moved => {}
                Saved::SlugTaken if !chosen && !apart => {
                    product.slug = product.slug.told_apart(product.id);
                    apart = true;
                }
                saved => return written(saved, product),
            }
        }
        Err(Error::busy())
    }

    /// Writes on a new product what its seller is called, and gives what must still hold when it is written: whoever brings
    /// another name to all that the seller sells may have gone past it.
    pub(super) async fn sign(&self, product: &mut Product) -> Result<Option<Write>> {
        let Some(seller) = &product.seller_id else { return Ok(None) };
        let sellers = self.store.sellers();
        let profile = sellers.get(seller).await?;
        let holds = sellers.still_called(seller, profile.as_ref().map_or(0, |profile| profile.version))?;
        product.seller_name = profile.map(|profile| profile.display_name);
        Ok(Some(holds))
    }

    /// Changes a product, where `precondition` holds.
    ///
    /// # Errors
    /// 404; 412; 400 for an unknown category; 403 `approval_required`; 409 `controlled_stock`, `gtin_taken`; or DynamoDB does not answer.
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

    /// What a product has cost that `viewer` may see: up to `limit` prices, the latest first, which begin with today's; and the
    /// place after which more come.
    ///
    /// # Errors
    /// 404; or DynamoDB does not answer.
    pub async fn prices(
        &self,
        which: &ProductRef,
        viewer: Option<&Manager>,
        limit: u16,
        after: Option<&str>,
    ) -> Result<(PriceHistory, Option<String>)> {
        let product = self.find(which, viewer).await?;
        let month = std::time::Duration::from_hours(24 * LOWEST_DAYS);
        let since = self.clock.now().minus(month);
        let store = self.store.prices();
        let (lately, (mut items, mut next)) =
            try_join(store.since(product.id, since), store.page(product.id, earlier(limit, after), after)).await?;
        if after.is_none() {
            (items, next) = first_page(product.priced(), items, next, limit);
        }
        Ok((PriceHistory { items, next_cursor: None, lowest_30_days: lowest(product.price, &lately) }, next))
    }

    /// Any product, whoever asks.
    pub(super) async fn latest(&self, id: ProductId) -> Result<Option<Product>> {
        self.store.get_latest(id).await
    }

    /// Writes `after` in place of `before`, where it may.
    ///
    /// # Errors
    /// 409 `controlled_stock`; or DynamoDB does not answer.
    pub(super) async fn save(&self, before: &Product, after: &Product, now: Timestamp) -> Result<Saved> {
        match self.release(before, after).await? {
            Release::None => self.store.save(before, after, now, None).await,
            Release::At(stock) => self.store.save(before, after, now, Some(stock)).await,
            Release::NotYet => Ok(Saved::Moved),
        }
    }

    /// Whether a change takes a product out of the register, and may: not while units of it are in the house, which one person
    /// could destroy then. What goes out of the register is held to the stock that was read, so that nothing comes in meanwhile.
    ///
    /// # Errors
    /// 409 `controlled_stock`; or DynamoDB does not answer.
    pub(super) async fn release(&self, before: &Product, after: &Product) -> Result<Release> {
        let registered = |product: &Product| schedule::is_registered(self.place, &product.offer());
        if !registered(before) || registered(after) {
            return Ok(Release::None);
        }
        match self.store.stock().get(before.id).await? {
            None => Ok(Release::NotYet),
            Some(stock) => Release::of(&stock),
        }
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
            match self.save(&before, &after, self.clock.now()).await? {
                Saved::Moved => {}
                saved => return written(saved, after),
            }
        }
        Err(Error::busy())
    }
}

/// How a change stands to the register of controlled medicines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Release {
    /// It takes nothing out of it.
    None,
    /// It does, and nothing is in the house at this version of the stock.
    At(u64),
    /// It does, and movements are still to be entered in it.
    NotYet,
}

impl Release {
    /// Of a product with this stock that leaves the register.
    ///
    /// # Errors
    /// 409 `controlled_stock`.
    fn of(stock: &Stock) -> Result<Self> {
        if stock.in_house() != 0 || stock.reserved != 0 {
            return Err(Error::conflict("controlled_stock", wording::catalog::controlled_stock()));
        }
        Ok(if stock.housing.moves.is_empty() { Self::At(stock.version) } else { Self::NotYet })
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
        Saved::SlugTaken => Err(slug_taken()),
        Saved::GtinTaken => Err(gtin_taken()),
        Saved::UnknownCategory => Err(unknown_category()),
    }
}

/// The refusal of a slug that is another product's.
pub(super) fn slug_taken() -> Error {
    Error::conflict("slug_taken", wording::catalog::slug_taken())
}

/// The refusal of a GTIN that is another product's.
pub(super) fn gtin_taken() -> Error {
    Error::conflict("gtin_taken", wording::catalog::gtin_taken())
}

/// The refusal of a product in a category that there is not.
pub(super) fn unknown_category() -> Error {
    vec![Invalid::new("unknown_category", wording::catalog::no_such_category()).at("category_id")].into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::lots::{Housing, LotRef};
    use crate::catalog::movement::{Move, What};
    use crate::catalog::product::tests::new_product;

    #[test]
    fn what_is_in_the_house_stays_in_the_register() {
        let stock = |available, reserved, housing| {
            let offer = new_product().offer();
            Stock { offer, available, reserved, sold: 3, version: 7, housing }
        };
        assert_eq!(Release::of(&stock(0, 0, Housing::empty())).unwrap(), Release::At(7));
        let aside = Housing { loose_aside: 1, ..Housing::empty() };
        for held in [stock(1, 0, Housing::default()), stock(0, 1, Housing::empty()), stock(0, 0, aside)] {
            assert_eq!(Release::of(&held).unwrap_err().code(), "controlled_stock", "{held:?}");
        }
        let moved = Move::new(What::Shipped, -1, (LotRef::Unlotted, None), Timestamp::from_millis(1));
        let unwritten = Housing { moves: vec![moved], ..Housing::empty() };
        assert_eq!(Release::of(&stock(0, 0, unwritten)).unwrap(), Release::NotYet, "it is to be registered first");
    }

    #[test]
    fn a_path_names_a_product_by_id_or_by_slug() {
        assert!(matches!("prd_01J9Z3NDEKTSV4RRFFQ69G5FAV".parse(), Ok(ProductRef::Id(_))));
        assert!(matches!("ibuprofen-200-mg".parse(), Ok(ProductRef::Slug(_))));
        assert!("prd_1".parse::<ProductRef>().is_err() && "..".parse::<ProductRef>().is_err());
    }
}
