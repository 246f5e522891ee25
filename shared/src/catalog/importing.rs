//! What a row of an imported table makes of a product, through the rules that hold for everybody who changes products.
//!
//! - It runs twice: the row's product has an id that is made of the row's key, so it is found again, and what it says
//!   already is left as it is.
//! - It runs twice at once: the second is refused by what the first has written, and looks again.
//! - It dies in the middle: a product is written in one transaction, with the mark of the row that wrote it. Who does the row
//!   over finds the mark and counts what was done, not what is left to do.

use super::category::Tree;
use super::manager::Manager;
use super::product::{ImportMark, NewProduct, Product, ProductChange};
use super::products::{Products, gtin_taken, slug_taken, unknown_category};
use super::slug::{CategoryId, Slug};
use super::store::Saved;
use crate::platform::dynamo::back_off;
use crate::platform::error::{Error, Kind, Result};
use crate::platform::fields::{FieldErrors, Invalid};
use crate::platform::ids::ProductId;
use crate::platform::wording;

/// How often a product is tried that others change meanwhile.
const ATTEMPTS: u32 = 6;

/// What a row has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brought {
    /// It is new.
    Created,
    /// It was another before.
    Updated,
    /// It was so already.
    Unchanged,
}

/// A row that speaks of a product.
#[derive(Clone, Debug)]
pub struct ProductRow {
    /// Of which one: made of its key, or said.
    pub id: ProductId,
    /// Whether the product is there already, whatever becomes of the row: its id was said, not made of a key.
    pub must_exist: bool,
    /// What the pharmacy's own lists call it.
    pub sku: Option<String>,
    /// The name in URLs that the row asks for, which a product keeps for ever.
    pub slug: Option<Slug>,
    /// The product, where it is not there yet; or why it cannot be.
    pub new: std::result::Result<NewProduct, FieldErrors>,
    /// What to change of it, where it is; or why it cannot be.
    pub change: std::result::Result<ProductChange, FieldErrors>,
    /// Which row it is.
    pub mark: ImportMark,
}

impl ImportMark {
    /// What the row of `self` has done, where it wrote `last`.
    pub(super) fn done(self, last: Option<Self>) -> Brought {
        match last {
            Some(last) if last.is_of(self) && last.created => Brought::Created,
            Some(last) if last.is_of(self) => Brought::Updated,
            _ => Brought::Unchanged,
        }
    }

    /// The mark of this row on something that has `last`.
    pub(super) fn after(self, last: Option<Self>) -> Self {
        Self { created: last.is_some_and(|last| last.is_of(self) && last.created), ..self }
    }
}

impl Products {
    /// These products as the last writes left them, those that are there.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn latest_of(&self, ids: &[ProductId]) -> Result<Vec<Product>> {
        self.store.get_many(ids).await
    }

    /// Makes a product be what `row` says; `found` is it as it was read. With the categories in `only_try` nothing is
    /// written, and what would come of it is told.
    ///
    /// # Errors
    /// Those of creating and changing a product; 404 for one that is not there; or DynamoDB does not answer.
    pub async fn bring(
        &self,
        manager: &Manager,
        row: &ProductRow,
        found: Option<Product>,
        only_try: Option<&Tree>,
    ) -> Result<Brought> {
        let mut found = found;
        for attempt in 0..ATTEMPTS {
            if attempt > 0 {
                back_off(attempt).await;
                found = self.store.get_latest(row.id).await?;
            }
            let done = match found.take() {
                Some(before) => self.bring_on(manager, row, &before, only_try).await?,
                None => self.bring_in(manager, row, only_try).await?,
            };
            if let Some(done) = done {
                return Ok(done);
            }
        }
        Err(Error::busy())
    }

    /// Changes a product that is there; nothing where others have changed it meanwhile.
    async fn bring_on(
        &self,
        manager: &Manager,
        row: &ProductRow,
        before: &Product,
        only_try: Option<&Tree>,
    ) -> Result<Option<Brought>> {
        if !manager.manages_product(before) {
            return Err(Error::not_found());
        }
        if row.slug.as_ref().is_some_and(|slug| *slug != before.slug) {
            let message = wording::catalog::slug_for_ever(&before.slug);
            return Err(vec![Invalid::new("cannot_change", message).at("slug")].into());
        }
        if let Some(sku) = row.sku.as_ref().filter(|sku| before.sku.as_ref() != Some(*sku)) {
            let message = wording::catalog::sku_for_ever(sku);
            return Err(vec![Invalid::new("cannot_change", message).at("sku")].into());
        }
        let now = self.clock.now();
        let mut after = before.changed(row.change.clone()?, manager, now)?;
        if after == *before {
            return Ok(Some(row.mark.done(before.imported)));
        }
        let mark = row.mark.after(before.imported);
        let done = if mark.created { Brought::Created } else { Brought::Updated };
        after.imported = Some(mark);
        if let Some(tree) = only_try {
            self.release(before, &after).await?;
            if after.held_category() != before.held_category() {
                known(tree, after.held_category())?;
            }
            return Ok(Some(done));
        }
        match self.save(before, &after, now).await? {
            Saved::Done => Ok(Some(done)),
            Saved::UnknownCategory => Err(unknown_category()),
            Saved::GtinTaken => Err(gtin_taken()),
            Saved::Moved | Saved::SlugTaken => Ok(None),
        }
    }

    /// Creates a product that is not there; nothing where it is there by now.
    async fn bring_in(&self, manager: &Manager, row: &ProductRow, only_try: Option<&Tree>) -> Result<Option<Brought>> {
        if row.must_exist {
            return Err(Error::new(Kind::NotFound, "not_found", wording::catalog::no_such_product()));
        }
        let new = row.new.clone()?;
        let chosen = new.slug.is_some();
        let mut product = Product::create_as(row.id, new, manager, self.clock.now())?;
        product.sku.clone_from(&row.sku);
        product.imported = Some(ImportMark { created: true, ..row.mark });
        if let Some(tree) = only_try {
            known(tree, product.held_category())?;
            if chosen && self.store.get_by_slug(&product.slug).await?.is_some() {
                return Err(slug_taken());
            }
            return Ok(Some(Brought::Created));
        }
        let holds = self.sign(&mut product).await?;
        let mut saved = self.store.create(&product, holds.clone()).await?;
        if saved == Saved::SlugTaken && !chosen && self.store.get_latest(row.id).await?.is_none() {
            product.slug = product.slug.told_apart(product.id);
            saved = self.store.create(&product, holds).await?;
        }
        // Another run of the same row may have been quicker: then its product is there, and refuses ours.
        match saved {
            Saved::Done => Ok(Some(Brought::Created)),
            _ if self.store.get_latest(row.id).await?.is_some() => Ok(None),
            Saved::SlugTaken => Err(slug_taken()),
            Saved::GtinTaken => Err(gtin_taken()),
            Saved::UnknownCategory => Err(unknown_category()),
            Saved::Moved => Ok(None),
        }
    }
}

fn known(tree: &Tree, category: Option<&CategoryId>) -> Result<()> {
    match category {
        Some(id) if tree.get(id).is_none() => Err(unknown_category()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::Timestamp;
    use crate::platform::ids::ImportId;

    fn mark(import: i64, line: u64, created: bool) -> ImportMark {
        ImportMark { import: ImportId::first_at(Timestamp::from_millis(import)), line, created }
    }

    #[test]
    fn a_row_that_is_done_over_counts_what_it_has_done() {
        let row = mark(1, 7, false);
        assert_eq!(row.done(None), Brought::Unchanged);
        assert_eq!(row.done(Some(mark(1, 7, true))), Brought::Created);
        assert_eq!(row.done(Some(mark(1, 7, false))), Brought::Updated);
        assert_eq!(row.done(Some(mark(1, 8, true))), Brought::Unchanged, "another row");
        assert_eq!(row.done(Some(mark(2, 7, true))), Brought::Unchanged, "another import");
    }

    #[test]
    fn what_a_row_has_created_stays_created_by_it() {
        assert!(mark(1, 7, false).after(Some(mark(1, 7, true))).created);
        assert!(!mark(2, 7, false).after(Some(mark(1, 7, true))).created);
        assert!(!mark(1, 7, false).after(None).created);
    }
}
