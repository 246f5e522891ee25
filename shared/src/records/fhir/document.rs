//! A bundle as a whole: its resources, and the medicines among them that others refer to.

#![allow(clippy::indexing_slicing, reason = "what is not there is null in serde_json, and no panic")]

use std::collections::BTreeMap;

use serde_json::Value;

use crate::platform::error::{Error, Kind as Sort, Result};
use crate::platform::wording;

/// A bundle.
#[derive(Debug)]
pub struct Document<'b> {
    /// Its resources, in their order.
    pub resources: Vec<&'b Value>,
    /// Medicines by what refers to them; `None` where it may be either of two.
    medicines: BTreeMap<String, Option<&'b Value>>,
}

impl<'b> Document<'b> {
    /// The resources of a bundle, of which it has at most so many.
    ///
    /// # Errors
    /// 422 `not_a_bundle`, `too_many`.
    pub fn of(bundle: &'b Value, most: usize) -> Result<Self> {
        if bundle["resourceType"] != "Bundle" {
            return Err(Error::new(Sort::Unprocessable, "not_a_bundle", wording::records::not_a_bundle()));
        }
        let entries = || bundle["entry"].as_array().into_iter().flatten();
        let resources: Vec<_> = entries().map(|entry| &entry["resource"]).collect();
        if resources.len() > most {
            return Err(Error::new(Sort::Unprocessable, "too_many", wording::records::too_many_resources(most)));
        }
        let mut medicines: BTreeMap<String, Option<&'b Value>> = BTreeMap::new();
        for entry in entries().filter(|entry| entry["resource"]["resourceType"] == "Medication") {
            let resource = &entry["resource"];
            let by_id = resource["id"].as_str().map(|id| format!("Medication/{id}"));
            for place in entry["fullUrl"].as_str().map(str::to_owned).into_iter().chain(by_id) {
                let there = medicines.entry(place).or_insert(Some(resource));
                *there = there.filter(|there| *there == resource);
            }
        }
        Ok(Self { resources, medicines })
    }

    /// The medicine that a reference leads to: by the address of its entry, or by its type and id.
    pub(super) fn medicine(&self, reference: &str) -> Option<&'b Value> {
        let of_any_version = reference.split_once("/_history/").map_or(reference, |(reference, _)| reference);
        self.medicines.get(of_any_version).copied().flatten()
    }
}
