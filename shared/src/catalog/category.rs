//! Categories: a tree, a few levels deep.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::slug::CategoryId;
use crate::platform::fields::{FieldErrors, Invalid};
use crate::platform::wording::{self, Words};

/// How many levels the tree has at most.
pub const MAX_DEPTH: usize = 4;
/// How many categories there are at most: a tree that is read whole stays small.
pub const MAX_CATEGORIES: usize = 1000;

/// A category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Which.
    pub id: CategoryId,
    /// What shoppers read.
    pub name: String,
    /// The one it is part of; `None` at the top.
    pub parent_id: Option<CategoryId>,
    /// Its place among its siblings, ascending.
    pub position: u32,
    /// Grows by one with every change.
    pub version: u64,
}

/// All the categories.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    categories: BTreeMap<CategoryId, Category>,
}

impl FromIterator<Category> for Tree {
    fn from_iter<I: IntoIterator<Item = Category>>(categories: I) -> Self {
        Self { categories: categories.into_iter().map(|category| (category.id.clone(), category)).collect() }
    }
}

impl Tree {
    /// One of them.
    pub fn get(&self, id: &CategoryId) -> Option<&Category> {
        self.categories.get(id)
    }

    /// All of them, in the order of their ids.
    pub fn all(&self) -> impl Iterator<Item = &Category> {
        self.categories.values()
    }

    /// Those directly below `parent`, or at the top, in the order in which they are shown.
    pub fn children(&self, parent: Option<&CategoryId>) -> Vec<&Category> {
        let of_parent = |category: &&Category| category.parent_id.as_ref() == parent;
        let mut children: Vec<_> = self.categories.values().filter(of_parent).collect();
        children.sort_by(|a, b| (a.position, &a.name, &a.id).cmp(&(b.position, &b.name, &b.id)));
        children
    }

    /// A category and all below it.
    pub fn with_descendants(&self, id: &CategoryId) -> BTreeSet<CategoryId> {
        let mut found = BTreeSet::new();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            if self.categories.contains_key(id) && found.insert(id.clone()) {
                open.extend(self.children(Some(id)).into_iter().map(|child| &child.id));
            }
        }
        found
    }

    /// Whether `changed` may take its place in the tree.
    ///
    /// # Errors
    /// Of `parent_id`: it does not exist, lies below the category itself, or the tree would become too deep. Of `id`:
    /// there are [`MAX_CATEGORIES`] already.
    pub fn check(&self, changed: &Category) -> Result<(), FieldErrors> {
        let refuse = |field: &str, code, message: Words| Err(vec![Invalid::new(code, message).at(field)]);
        if self.get(&changed.id).is_none() && self.categories.len() >= MAX_CATEGORIES {
            return refuse("id", "too_many", wording::catalog::categories_full());
        }
        let Some(parent) = &changed.parent_id else { return self.check_depth(changed, 0) };
        if *parent == changed.id || self.with_descendants(&changed.id).contains(parent) {
            return refuse("parent_id", "cycle", wording::catalog::category_cycle());
        }
        match self.level(parent) {
            None => refuse("parent_id", "unknown_category", wording::catalog::no_such_category()),
            Some(level) => self.check_depth(changed, level),
        }
    }

    fn check_depth(&self, changed: &Category, above: usize) -> Result<(), FieldErrors> {
        if above + self.height(&changed.id) > MAX_DEPTH {
            let message = wording::catalog::category_too_deep(MAX_DEPTH);
            return Err(vec![Invalid::new("too_deep", message).at("parent_id")]);
        }
        Ok(())
    }

    /// How many levels down it stands; 1 at the top.
    fn level(&self, id: &CategoryId) -> Option<usize> {
        let mut category = self.get(id)?;
        let mut level = 1;
        while let Some(parent) = category.parent_id.as_ref().and_then(|parent| self.get(parent)) {
            category = parent;
            level += 1;
        }
        Some(level)
    }

    /// How many levels it and what is below it take; 1 also for one that is to come.
    fn height(&self, id: &CategoryId) -> usize {
        1 + self.children(Some(id)).into_iter().map(|child| self.height(&child.id)).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(text: &str) -> CategoryId {
        CategoryId::parse(text).unwrap()
    }

    fn category(name: &str, parent: Option<&str>) -> Category {
        Category { id: id(name), name: name.to_owned(), parent_id: parent.map(id), position: 0, version: 1 }
    }

    fn tree() -> Tree {
        [category("a", None), category("b", Some("a")), category("c", Some("b")), category("d", None)]
            .into_iter()
            .collect()
    }

    fn refusal(category: &Category) -> Option<&'static str> {
        tree().check(category).err().map(|errors| errors[0].code)
    }

    #[test]
    fn a_parent_must_exist() {
        assert_eq!(refusal(&category("e", Some("nowhere"))), Some("unknown_category"));
        assert_eq!(refusal(&category("e", Some("c"))), None);
    }

    #[test]
    fn nothing_is_part_of_itself() {
        assert_eq!(refusal(&category("a", Some("a"))), Some("cycle"));
        assert_eq!(refusal(&category("a", Some("c"))), Some("cycle"));
        assert_eq!(refusal(&category("e", Some("e"))), Some("cycle"));
    }

    #[test]
    fn what_is_moved_takes_its_own_levels_along() {
        assert_eq!(refusal(&category("a", Some("d"))), None);
        let deeper: Tree = tree().categories.into_values().chain([category("e", Some("c"))]).collect();
        assert_eq!(deeper.check(&category("a", Some("d"))).unwrap_err()[0].code, "too_deep");
        assert_eq!(deeper.check(&category("f", Some("e"))).unwrap_err()[0].code, "too_deep");
    }

    #[test]
    fn a_category_is_searched_with_all_below_it() {
        assert_eq!(tree().with_descendants(&id("b")), BTreeSet::from([id("b"), id("c")]));
        assert_eq!(tree().with_descendants(&id("nowhere")), BTreeSet::new());
    }

    proptest! {
        #[test]
        fn whatever_is_put_the_tree_stays_a_tree(moves in proptest::collection::vec((0u8..8, 0u8..9), 0..60)) {
            let mut tree = Tree::default();
            for (child, parent) in moves {
                let parent = (parent < 8).then(|| format!("c{parent}"));
                let category = category(&format!("c{child}"), parent.as_deref());
                if tree.check(&category).is_ok() {
                    tree.categories.insert(category.id.clone(), category);
                }
            }
            let reached: usize = tree.children(None).iter().map(|top| tree.with_descendants(&top.id).len()).sum();
            prop_assert_eq!(reached, tree.categories.len());
            for top in tree.children(None) {
                prop_assert!(tree.height(&top.id) <= MAX_DEPTH);
            }
        }
    }
}
