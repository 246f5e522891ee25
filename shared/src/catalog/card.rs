//! A product as a grid of search results shows it.

use super::availability::Availability;
use super::ingredient::Ingredient;
use super::legal::LegalStatus;
use super::product::{Image, Product};
use super::slug::{CategoryId, Slug};
use crate::platform::clock::Timestamp;
use crate::platform::ids::ProductId;
use crate::platform::money::Money;

/// What the shelf keeps of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Which.
    pub id: ProductId,
    /// Its name in URLs.
    pub slug: Slug,
    /// What it is called.
    pub name: String,
    /// The brand.
    pub brand: Option<String>,
    /// The active ingredients.
    pub ingredients: Vec<Ingredient>,
    /// The dosage form.
    pub dosage_form: String,
    /// The pack.
    pub pack_size: String,
    /// Where it stands in the shop.
    pub category_id: CategoryId,
    /// For one pack.
    pub price: Money,
    /// How it may be sold.
    pub legal_status: LegalStatus,
    /// What a shopper is told of the stock.
    pub availability: Availability,
    /// Its first picture.
    pub image: Option<Image>,
    /// When it was created.
    pub created_at: Timestamp,
}

impl From<Product> for Card {
    fn from(product: Product) -> Self {
        let medicine = product.medicine;
        Self {
            id: product.id,
            slug: product.slug,
            name: medicine.name,
            brand: medicine.brand,
            ingredients: medicine.ingredients,
            dosage_form: medicine.dosage_form,
            pack_size: medicine.pack_size,
            category_id: product.category_id,
            price: product.price,
            legal_status: medicine.legal_status,
            availability: product.availability,
            image: product.images.into_iter().next(),
            created_at: product.created_at,
        }
    }
}
