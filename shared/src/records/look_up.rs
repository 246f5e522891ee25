//! What a pharmacist has looked up of a name on record that no substance answers to: for which products it is of no matter. Pure.
//!
//! It is of a record as it was then: whatever changes of that, or a product that nobody has looked at, is to be looked up again. What
//! a product holds beside its substances is not known here, so no look-up is for all products.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::clock::Timestamp;
use crate::platform::ids::{ProductId, RecordId, UserId};

/// How many products are kept, those that were looked up last.
const MOST: usize = 200;

/// What was looked up of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RecordLookUp)]
pub struct LookUp {
    /// Of which record.
    #[schema(value_type = String)]
    pub record: RecordId,
    /// Of which version of it.
    pub version: u64,
    /// For which products.
    #[schema(value_type = Vec<String>)]
    pub products: Vec<ProductId>,
    /// What the pharmacist said last.
    pub reason: String,
    /// When that was.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who that was.
    #[schema(value_type = String)]
    pub by: UserId,
    /// Grows by one with every change.
    pub revision: u64,
}

impl LookUp {
    /// That a record was looked up for these products too; what was looked up of another version of it does not count any more.
    pub fn of(
        (record, version): (RecordId, u64),
        products: &[ProductId],
        before: Option<&Self>,
        (by, reason, at): (UserId, String, Timestamp),
    ) -> Self {
        let kept = before.filter(|before| before.version == version).map(|before| before.products.as_slice());
        let mut all: Vec<_> = kept.unwrap_or_default().iter().filter(|one| !products.contains(one)).copied().collect();
        all.extend_from_slice(products);
        let products = all.split_off(all.len().saturating_sub(MOST));
        let revision = before.map_or(0, |before| before.revision).saturating_add(1);
        Self { record, version, products, reason, at, by, revision }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_come_together_as_long_as_the_record_is_the_same() {
        let at = Timestamp::from_millis(1);
        let record = RecordId::generate(at);
        let products: Vec<_> = (0..=MOST).map(|_| ProductId::generate(at)).collect();
        let by = || (UserId::nobody(), "checked".to_owned(), at);
        let first = LookUp::of((record, 1), &products[..1], None, by());
        let both = LookUp::of((record, 1), &products[..2], Some(&first), by());
        assert_eq!((both.products.as_slice(), both.revision), (&products[..2], 2));
        let changed = LookUp::of((record, 2), &products[2..3], Some(&both), by());
        assert_eq!((changed.products.as_slice(), changed.revision), (&products[2..3], 3));
        let many = LookUp::of((record, 2), &products, Some(&changed), by());
        assert_eq!(many.products.as_slice(), &products[1..]);
        let text = serde_json::to_string(&both).unwrap();
        assert_eq!(serde_json::from_str::<LookUp>(&text).unwrap(), both);
    }
}
