//! How results spread, in the form of the version that is asked for.

use serde::Serialize;
use shared::api::ApiVersion;
use shared::catalog::facets::{FacetCount, Facets, PrescriptionFacet, PriceRange};
use utoipa::ToSchema;

/// How the results spread, over all pages; the most frequent values, at most twenty of each. Each facet is counted as if its
/// own filter were not there, so that it shows what else could be chosen.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Facets)]
pub struct SearchFacets {
    /// By id.
    categories: Vec<FacetCount>,
    /// By name.
    brands: Vec<FacetCount>,
    /// By name.
    ingredients: Vec<FacetCount>,
    /// By need of a prescription. From `Apothecary-Version: 2026-12-01` on a list, as the others are.
    prescription_required: PrescriptionCounts,
    /// What they cost; `null` where there are none.
    #[schema(required)]
    price: Option<PriceRange>,
}

/// How many products with and without the need of a prescription.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum PrescriptionCounts {
    /// From `Apothecary-Version: 2026-12-01` on: `true` and `false` as the filter takes them, the more frequent first.
    List(Vec<FacetCount>),
    /// Before it; deprecated.
    ByNeed(PrescriptionFacet),
}

impl SearchFacets {
    /// In the form of `version`.
    pub fn new(facets: Facets, version: ApiVersion) -> Self {
        Self {
            categories: facets.categories,
            brands: facets.brands,
            ingredients: facets.ingredients,
            prescription_required: PrescriptionCounts::new(facets.prescription_required, version),
            price: facets.price,
        }
    }
}

impl PrescriptionCounts {
    fn new(need: PrescriptionFacet, version: ApiVersion) -> Self {
        if version < ApiVersion::V2026_12_01 { Self::ByNeed(need) } else { Self::List(need.counts()) }
    }
}
