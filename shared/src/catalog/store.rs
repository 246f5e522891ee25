//! Products in DynamoDB.
//!
//! `PRODUCT#<id>` holds the product (`PRODUCT`), its stock (`STOCK`) and its stock movements (`MOVE#…`); `SLUG#<slug>`
//! keeps a slug from being given twice, and `GTIN#<gtin>` one from being that of two products of a seller. The index `by_slug` finds
//! a product by its slug in one read; `by_change` has all products in the order of their last change, in a few partitions, for
//! the search index to follow; `by_seller` has the keys of what each seller sells.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::try_join_all;

use super::availability::Availability;
use super::card::Listed;
use super::category_store::{enter, leave};
use super::gs1::Gtin;
use super::lots::Housing;
use super::price_store::PriceStore;
use super::prices::PricePeriod;
use super::product::{Product, ProductStatus};
use super::seller_store::SellerStore;
use super::slug::Slug;
use super::stock::{Stock, StockStore, product_key as key};
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{
    Expression, Item, Key, Outcome, Table, Write, failure, from_item, s, to_item, transact, transact_within, value,
};
use crate::platform::error::Result;
use crate::platform::ids::{ProductId, UserId};

/// Into how many partitions the index of changes is parted. Each is a query whenever a search index looks for changes, which costs
/// half a unit even where nothing has changed; two take as many changes a second as no catalogue has.
const SHARDS: u8 = 2;

/// Into how many the products were parted by earlier deployments. A product that lies in one of the further ones moves when
/// it is written next, by whatever writes it; until then a search index finds it there when it reads everything, and each time it
/// sweeps, so that nothing is missing after a deployment or while an older function still writes.
const EVER: u8 = 4;

/// What the keys of products begin with.
const PREFIX: &str = "PRODUCT#";

/// How often a new product is written that meets others in its category.
const ENCOUNTERS: u32 = 16;

/// The table of products.
#[derive(Clone, Debug)]
pub struct ProductStore {
    table: Table,
    stock: StockStore,
}

/// Which changes are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changes {
    /// All products, whenever they changed.
    All,
    /// Since then, wherever a product was ever written.
    Everywhere(Timestamp),
    /// Since then, where products are written now.
    Since(Timestamp),
}

impl Changes {
    fn since(self) -> Option<Timestamp> {
        match self {
            Self::All => None,
            Self::Everywhere(since) | Self::Since(since) => Some(since),
        }
    }

    fn shards(self) -> u8 {
        match self {
            Self::All | Self::Everywhere(_) => EVER,
            Self::Since(_) => SHARDS,
        }
    }
}

/// A place among all products, in the order of their last change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    shard: u8,
    after: String,
}

impl Place {
    /// Reads what [`Self::to_string`](ToString::to_string) wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let (shard, after) = text.split_once('/')?;
        let shard = shard.parse().ok().filter(|shard| *shard < EVER)?;
        Some(Self { shard, after: after.to_owned() })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.shard, self.after)
    }
}

/// How a write ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is written.
    Done,
    /// The product has changed since it was read.
    Moved,
    /// The slug is another product's.
    SlugTaken,
    /// The GTIN is that of another product of the seller.
    GtinTaken,
    /// There is no such category.
    UnknownCategory,
}

/// Which product an item is of.
fn named(item: &Item) -> Option<ProductId> {
    let key = item.get("pk").and_then(|pk| pk.as_s().ok())?;
    ProductId::parse(key.strip_prefix(PREFIX)?).ok()
}

fn slug_key(slug: &Slug) -> Key {
    Key::new(format!("SLUG#{slug}"), "SLUG")
}

/// Several sellers may sell the same packs, and so may the pharmacy: each has a place of their own.
fn gtin_key(gtin: Gtin, seller: Option<&UserId>) -> Key {
    Key::new(format!("GTIN#{gtin}"), seller.map_or_else(|| "PHARMACY".to_owned(), ToString::to_string))
}

/// Holds a GTIN for a product, unless another has it.
fn hold_gtin(table: &Table, product: &Product, gtin: Gtin) -> Result<Write> {
    let mut item = gtin_key(gtin, product.seller_id.as_ref()).attributes();
    item.insert("product_id".to_owned(), value(product.id)?);
    let free = Expression::new("attribute_not_exists(product_id) OR product_id = :id").value(":id", value(product.id)?);
    table.replace(item, free)
}

/// Lets a GTIN go. That it once was somebody's stays, without whose.
fn free_gtin(table: &Table, product: &Product, gtin: Gtin) -> Result<Write> {
    let whoever = Expression::new("attribute_exists(pk) OR attribute_not_exists(pk)");
    table.replace(gtin_key(gtin, product.seller_id.as_ref()).attributes(), whoever)
}

fn feed(shard: u8) -> AttributeValue {
    s(format!("F{shard}"))
}

fn shard(id: ProductId) -> u8 {
    let last = id.ulid().to_bytes().last().copied().unwrap_or_default();
    last % SHARDS
}

/// The place in the index of changes; the id keeps changes of the same millisecond apart.
fn changed_at(id: ProductId, now: Timestamp) -> AttributeValue {
    s(format!("{now}#{id}"))
}

fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

fn product_item(product: &Product, now: Timestamp) -> Result<Item> {
    let mut item = to_item(&key(product.id), product)?;
    item.insert("feed".to_owned(), feed(shard(product.id)));
    item.insert("changed_at".to_owned(), changed_at(product.id, now));
    // Not `seller_id`, which is null of what the pharmacy sells itself: what an index goes by is a text or absent.
    item.extend(product.seller_id.as_ref().map(|seller| ("sold_by".to_owned(), s(seller))));
    Ok(item)
}

impl ProductStore {
    /// In the catalogue's table.
    pub fn new(table: Table) -> Self {
        Self { stock: StockStore::new(table.clone()), table }
    }

    /// One product; a moment old at worst.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn get(&self, id: ProductId) -> Result<Option<Product>> {
        self.table.get(&key(id)).await?.map(from_item).transpose()
    }

    /// One product as the last write left it.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn get_latest(&self, id: ProductId) -> Result<Option<Product>> {
        self.table.get_latest(&key(id)).await?.map(from_item).transpose()
    }

    /// These products as the last writes left them, in any order; those that do not exist are absent.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn get_many(&self, ids: &[ProductId]) -> Result<Vec<Product>> {
        let keys: Vec<_> = ids.iter().map(|id| key(*id)).collect();
        self.table.get_many(&keys).await?.into_iter().map(from_item).collect()
    }

    /// The product with this slug; a moment old at worst.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn get_by_slug(&self, slug: &Slug) -> Result<Option<Product>> {
        let request = self.table.client().query().table_name(self.table.name()).index_name("by_slug").limit(1);
        let request = request.key_condition_expression("slug = :slug").expression_attribute_values(":slug", s(slug));
        let found = request.send().await.map_err(failure)?.items.unwrap_or_default();
        found.into_iter().next().map(from_item).transpose()
    }

    /// Up to `limit` of the products of a seller, after the product `after`, in the order of their ids; a moment old.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn sold_by(&self, seller: &UserId, after: Option<ProductId>, limit: u16) -> Result<Vec<ProductId>> {
        let after = after.map_or_else(|| PREFIX.to_owned(), |after| format!("{PREFIX}{after}"));
        let query = self.table.client().query().table_name(self.table.name()).index_name("by_seller");
        let answer = query
            .key_condition_expression("sold_by = :seller AND pk > :after")
            .expression_attribute_values(":seller", s(seller))
            .expression_attribute_values(":after", s(after))
            .limit(i32::from(limit))
            .send()
            .await
            .map_err(failure)?;
        Ok(answer.items.unwrap_or_default().iter().filter_map(named).collect())
    }

    /// Writes a new product with an empty stock, where `holds` does.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn create(&self, product: &Product, holds: Option<Write>) -> Result<Saved> {
        let stock =
            Stock { offer: product.offer(), available: 0, reserved: 0, sold: 0, version: 1, housing: Housing::empty() };
        let mut slug = slug_key(&product.slug).attributes();
        slug.insert("product_id".to_owned(), value(product.id)?);
        let mut actions = vec![
            self.table.create(slug)?,
            self.table.create(product_item(product, product.created_at)?)?,
            self.table.create(StockStore::to_item(&stock)?)?,
        ];
        if let Some(category) = product.held_category() {
            actions.push(enter(&self.table, category)?);
        }
        let held = holds.as_ref().map(|_| actions.len());
        actions.extend(holds);
        let gtin = product.held_gtin().map(|gtin| hold_gtin(&self.table, product, gtin)).transpose()?;
        let claimed = gtin.as_ref().map(|_| actions.len());
        actions.extend(gtin);
        // An import creates many in one category, which counts them in one item.
        let refusals = match transact_within(self.table.client(), actions, ENCOUNTERS).await? {
            Outcome::Done => return Ok(Saved::Done),
            Outcome::Refused(refusals) => refusals,
        };
        let refused = |index| refusals.iter().any(|refusal| refusal.index == index);
        Ok(match held {
            _ if refused(0) => Saved::SlugTaken,
            Some(held) if refused(held) => Saved::Moved,
            _ if claimed.is_some_and(refused) => Saved::GtinTaken,
            _ => Saved::UnknownCategory,
        })
    }

    /// Writes `after` in place of `before`, and with it what hangs on it: the offer beside the stock, and the count of
    /// products in its category. With `stock`, only where nothing of it has moved since that version of its stock.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn save(&self, before: &Product, after: &Product, now: Timestamp, stock: Option<u64>) -> Result<Saved> {
        // The stock's version too: what the stock's worker wrote meanwhile must not be lost.
        let unmoved = Expression::new("version = :version AND stock_version = :stock_version")
            .value(":version", number(before.version))
            .value(":stock_version", number(before.stock_version));
        let mut actions = vec![self.table.replace(product_item(after, now)?, unmoved)?];
        if after.offer() != before.offer() {
            actions.push(self.stock.change_offer(before.offer_version, &after.offer(), stock)?);
        }
        let mut entered = None;
        if after.held_category() != before.held_category() {
            if let Some(category) = before.held_category() {
                actions.push(leave(&self.table, category)?);
            }
            if let Some(category) = after.held_category() {
                entered = Some(actions.len());
                actions.push(enter(&self.table, category)?);
            }
        }
        let mut claimed = None;
        if after.held_gtin() != before.held_gtin() {
            if let Some(gtin) = before.held_gtin() {
                actions.push(free_gtin(&self.table, before, gtin)?);
            }
            if let Some(gtin) = after.held_gtin() {
                claimed = Some(actions.len());
                actions.push(hold_gtin(&self.table, after, gtin)?);
            }
        }
        if before.is_asked() && (after.price != before.price || !after.is_asked()) {
            let at = after.priced().from;
            let ended = PricePeriod { to: Some(at), ..before.priced() };
            actions.push(self.prices().write_down(before.id, ended, at, before.version)?);
        }
        let refusals = match transact(self.table.client(), actions).await? {
            Outcome::Done => return Ok(Saved::Done),
            Outcome::Refused(refusals) => refusals,
        };
        let alone = |action| refusals.iter().all(|refusal| Some(refusal.index) == action);
        if alone(claimed) {
            return Ok(Saved::GtinTaken);
        }
        Ok(if alone(entered) { Saved::UnknownCategory } else { Saved::Moved })
    }

    /// Writes what the stock of version `stock_version` means for shoppers, unless a later version already has.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn follow_stock(
        &self,
        id: ProductId,
        availability: Availability,
        stock_version: u64,
        now: Timestamp,
    ) -> Result<()> {
        let request = self.table.client().update_item().table_name(self.table.name());
        let request = request
            .set_key(Some(key(id).attributes()))
            .update_expression(
                "SET availability = :availability, stock_version = :version, feed = :feed, changed_at = :now",
            )
            .condition_expression("stock_version < :version")
            .expression_attribute_values(":feed", feed(shard(id)))
            .expression_attribute_values(":availability", value(availability)?)
            .expression_attribute_values(":version", number(stock_version))
            .expression_attribute_values(":now", changed_at(id, now));
        match request.send().await {
            Err(SdkError::ServiceError(error)) if error.err().is_conditional_check_failed_exception() => Ok(()),
            other => other.map(|_| ()).map_err(failure),
        }
    }

    /// Where it is written what sellers are called.
    pub(super) fn sellers(&self) -> SellerStore {
        SellerStore::new(self.table.clone())
    }

    /// Where the stock lies.
    pub(super) const fn stock(&self) -> &StockStore {
        &self.stock
    }

    /// Where the prices are that were asked.
    pub(super) fn prices(&self) -> PriceStore {
        PriceStore::new(self.table.clone())
    }

    /// Hands over the products that changed, one after the other as they come: a large catalogue is never in memory twice. Drafts
    /// that nobody has changed since they were made were never on sale, and are left out.
    ///
    /// # Errors
    /// DynamoDB does not answer; some may have been handed over by then.
    pub async fn changed(&self, changes: Changes, take: &(dyn Fn(Listed) + Sync)) -> Result<()> {
        try_join_all((0..changes.shards()).map(|shard| self.changed_in(shard, changes.since(), take))).await?;
        Ok(())
    }

    /// Up to `limit` products after the place `after`, in the order of their last change; each with its place, and the place
    /// after which more may come. Who goes through all of them meets one twice that changes meanwhile, and misses none.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn page(&self, after: Option<&Place>, limit: u16) -> Result<(Vec<(Product, Place)>, Option<Place>)> {
        let start = after.cloned().unwrap_or_default();
        let query = self.table.client().query().table_name(self.table.name()).index_name("by_change");
        let answer = query
            .key_condition_expression("feed = :feed AND changed_at > :after")
            .expression_attribute_values(":feed", feed(start.shard))
            .expression_attribute_values(":after", s(if start.after.is_empty() { " " } else { &start.after }))
            .limit(i32::from(limit))
            .send()
            .await
            .map_err(failure)?;
        let more = answer.last_evaluated_key.is_some();
        let mut found = Vec::new();
        for item in answer.items.unwrap_or_default() {
            let changed_at = item.get("changed_at").and_then(|at| at.as_s().ok()).cloned().unwrap_or_default();
            found.push((from_item(item)?, Place { shard: start.shard, after: changed_at }));
        }
        let next = match found.last() {
            Some((_, place)) if more => Some(place.clone()),
            _ => (start.shard + 1 < EVER).then(|| Place { shard: start.shard + 1, after: String::new() }),
        };
        Ok((found, next))
    }

    async fn changed_in(&self, shard: u8, since: Option<Timestamp>, take: &(dyn Fn(Listed) + Sync)) -> Result<()> {
        let request = self.table.client().query().table_name(self.table.name()).index_name("by_change");
        let request = request
            .projection_expression(Listed::ATTRIBUTES)
            // After an import there are tens of thousands of these, of which no search index knows.
            .filter_expression("#status <> :draft OR version > :first")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":draft", value(ProductStatus::Draft)?)
            .expression_attribute_values(":first", number(1))
            .expression_attribute_values(":feed", feed(shard));
        let request = match since {
            None => request.key_condition_expression("feed = :feed"),
            Some(since) => request
                .key_condition_expression("feed = :feed AND changed_at >= :since")
                .expression_attribute_values(":since", s(since)),
        };
        let mut items = request.into_paginator().items().send();
        while let Some(item) = items.next().await {
            take(from_item(item.map_err(failure)?)?);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::product::tests::new_product;
    use super::*;

    #[test]
    fn a_product_reads_what_it_wrote() {
        let product = new_product();
        let item = product_item(&product, product.created_at).unwrap();
        assert_eq!(Key::of(&item), Some(key(product.id)));
        assert_eq!(from_item::<Product>(item).unwrap(), product);
    }

    #[test]
    fn what_a_seller_sells_is_in_their_index_and_what_the_pharmacy_sells_in_none() {
        let seller = UserId::parse("0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c11").unwrap();
        let (house, theirs) = (new_product(), Product { seller_id: Some(seller.clone()), ..new_product() });
        let item = |product: &Product| product_item(product, product.created_at).unwrap();
        assert_eq!(item(&theirs).get("sold_by"), Some(&s(&seller)));
        assert_eq!(item(&house).get("sold_by"), None);
        assert_eq!(named(&item(&theirs)), Some(theirs.id));
        assert_eq!(named(&slug_key(&house.slug).attributes()), None);
    }

    #[test]
    fn a_place_reads_what_it_wrote() {
        let place = Place { shard: 1, after: "2026-11-20T10:00:00.000Z#prd_1".to_owned() };
        assert_eq!(Place::parse(&place.to_string()), Some(place));
        for wrong in ["", "4/x", "x/1", "1"] {
            assert_eq!(Place::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_product_is_in_a_shard_that_is_read() {
        let now = Timestamp::from_millis(1_795_168_800_000);
        let shards: std::collections::BTreeSet<u8> = (0..200).map(|_| shard(ProductId::generate(now))).collect();
        assert_eq!(shards.into_iter().collect::<Vec<_>>(), (0..SHARDS).collect::<Vec<_>>());
    }

    #[test]
    fn what_earlier_deployments_wrote_is_read_by_all_but_the_quick_look() {
        let now = Timestamp::from_millis(1_795_168_800_000);
        let shards = [Changes::All, Changes::Everywhere(now), Changes::Since(now)].map(Changes::shards);
        assert_eq!(shards, [EVER, EVER, SHARDS]);
    }
}
