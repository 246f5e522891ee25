//! The use-cases of categories: show, put, remove.

use super::category::{Category, Tree};
use super::category_store::{CategoryStore, Removed};
use super::slug::CategoryId;
use crate::platform::dynamo::back_off;
use crate::platform::error::{Error, Result};
use crate::platform::precondition::Precondition;
use crate::platform::wording::{self, Words};

/// How often a change is tried anew after others changed the tree.
const ATTEMPTS: u32 = 8;

/// What to put in a category.
#[derive(Clone, Debug)]
pub struct PutCategory {
    /// What shoppers read.
    pub name: String,
    /// The one it is part of.
    pub parent_id: Option<CategoryId>,
    /// Its place among its siblings.
    pub position: u32,
}

/// The categories.
#[derive(Clone, Debug)]
pub struct Categories {
    store: CategoryStore,
}

impl Categories {
    /// In this store.
    pub fn new(store: CategoryStore) -> Self {
        Self { store }
    }

    /// All of them.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn tree(&self) -> Result<Tree> {
        self.store.tree().await
    }

    /// Creates or changes a category; says whether it is new. Putting what is there already changes nothing.
    ///
    /// # Errors
    /// 400 for a parent that does not exist, lies below it, or is too deep; 412; or DynamoDB does not answer.
    pub async fn put(&self, id: CategoryId, put: PutCategory, precondition: &Precondition) -> Result<(Category, bool)> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let read = self.store.tree_to_change().await?;
            let current = read.tree.get(&id);
            precondition.check(current.map(|category| category.version))?;
            let version = current.map_or(0, |category| category.version);
            let PutCategory { name, parent_id, position } = put.clone();
            let name = wording::category_as_stored(id.as_str(), name);
            let mut category = Category { id: id.clone(), name, parent_id, position, version };
            if current == Some(&category) {
                return Ok((category, false));
            }
            category.version += 1;
            read.tree.check(&category)?;
            if self.store.put(&read, &category).await? {
                return Ok((category, current.is_none()));
            }
        }
        Err(Error::busy())
    }

    /// Removes a category that has neither categories nor products.
    ///
    /// # Errors
    /// 404; 409 `category_in_use`; 412; or DynamoDB does not answer.
    pub async fn remove(&self, id: &CategoryId, precondition: &Precondition) -> Result<()> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let read = self.store.tree_to_change().await?;
            let Some(current) = read.tree.get(id) else { return Err(Error::not_found()) };
            precondition.check(Some(current.version))?;
            if !read.tree.children(Some(id)).is_empty() {
                return Err(in_use(wording::catalog::category_has_categories()));
            }
            match self.store.remove(&read, id).await? {
                Removed::Done => return Ok(()),
                Removed::InUse => return Err(in_use(wording::catalog::category_has_products())),
                Removed::Moved => {}
            }
        }
        Err(Error::busy())
    }
}

fn in_use(detail: Words) -> Error {
    Error::conflict("category_in_use", detail)
}
