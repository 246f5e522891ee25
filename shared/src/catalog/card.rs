//! A product as a grid of search results shows it.

use std::sync::Arc;

use serde::Deserialize;

use super::availability::Availability;
use super::ingredient::Ingredient;
use super::legal::LegalStatus;
use super::product::{Image, Medicine, Product, ProductStatus};
use super::seller::{DisplayName, Seller};
use super::slug::{CategoryId, Slug};
use crate::platform::clock::Timestamp;
use crate::platform::ids::{ProductId, UserId};
use crate::platform::money::Money;

/// What the search index keeps of a product. What many products have in common can be shared among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Which.
    pub id: ProductId,
    /// Its name in URLs.
    pub slug: Slug,
    /// What it is called.
    pub name: Box<str>,
    /// The brand.
    pub brand: Option<Arc<str>>,
    /// The active ingredients.
    pub ingredients: Arc<[Ingredient]>,
    /// The dosage form.
    pub dosage_form: Arc<str>,
    /// The route of administration.
    pub route: Arc<str>,
    /// The pack.
    pub pack_size: Arc<str>,
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
    /// Its code of therapeutic equivalence.
    pub te_code: Option<Arc<str>>,
    /// Who sells it; `None` is the pharmacy itself.
    pub seller: Option<Arc<Seller>>,
    /// When it was created.
    pub created_at: Timestamp,
}

impl Product {
    /// Its card, where it is on sale.
    pub fn card(self) -> Option<Card> {
        Listed {
            id: self.id,
            slug: self.slug,
            medicine: self.medicine,
            category_id: self.category_id,
            price: self.price,
            status: self.status,
            images: self.images,
            te_code: self.te_code.map(Arc::from),
            availability: self.availability,
            seller_id: self.seller_id,
            seller_name: self.seller_name,
            created_at: self.created_at,
        }
        .on_sale()
    }
}

/// A product as the list of changes has it: what a card is made of, and whether it is on sale.
#[derive(Clone, Debug, Deserialize)]
pub struct Listed {
    /// Which.
    pub id: ProductId,
    slug: Slug,
    medicine: Medicine,
    category_id: CategoryId,
    price: Money,
    status: ProductStatus,
    #[serde(default)]
    images: Vec<Image>,
    #[serde(default)]
    te_code: Option<Arc<str>>,
    availability: Availability,
    #[serde(default)]
    seller_id: Option<UserId>,
    #[serde(default)]
    seller_name: Option<DisplayName>,
    created_at: Timestamp,
}

impl Listed {
    /// The attributes that it is read from, as a projection of DynamoDB; `#status` stands for a reserved word.
    pub const ATTRIBUTES: &str = "id, slug, medicine, category_id, price, #status, images[0], te_code, availability, \
                                  seller_id, seller_name, created_at";

    /// Its card, where it is on sale.
    pub fn on_sale(self) -> Option<Card> {
        let medicine = self.medicine;
        (self.status == ProductStatus::Active).then(|| Card {
            id: self.id,
            slug: self.slug,
            name: medicine.name.into(),
            brand: medicine.brand.map(Arc::from),
            ingredients: medicine.ingredients.into(),
            dosage_form: medicine.dosage_form.into(),
            route: medicine.route.into(),
            pack_size: medicine.pack_size.into(),
            category_id: self.category_id,
            price: self.price,
            legal_status: medicine.legal_status,
            availability: self.availability,
            image: self.images.into_iter().next(),
            te_code: self.te_code,
            seller: self.seller_id.map(|id| Arc::new(Seller { id, name: self.seller_name })),
            created_at: self.created_at,
        })
    }
}
