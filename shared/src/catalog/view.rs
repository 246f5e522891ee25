//! Products and categories as the API answers them.

use serde::Serialize;
use utoipa::ToSchema;

use super::availability::Availability;
use super::card::Card;
use super::category::{Category, Tree};
use super::facets::FacetCount;
use super::ingredient::Ingredient;
use super::legal::LegalStatus;
use super::product::{Image, Product, ProductStatus};
use super::slug::CategoryId;
use crate::platform::clock::Timestamp;
use crate::platform::ids::{ImageId, ProductId, UserId};
use crate::platform::money::Money;

/// A picture of a product.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImageView {
    /// Which.
    #[schema(value_type = String)]
    id: ImageId,
    /// Where it is; its content never changes.
    url: String,
    /// In pixels.
    width: u32,
    /// In pixels.
    height: u32,
}

/// A product.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductView {
    /// Which.
    #[schema(value_type = String)]
    id: ProductId,
    /// Its name in URLs; never changes.
    slug: String,
    /// What it is called.
    name: String,
    /// The brand; `null` for what is sold under its substance's name.
    brand: Option<String>,
    /// The active ingredients.
    ingredients: Vec<Ingredient>,
    /// `tablet`, `cream`, …
    dosage_form: String,
    /// `oral`, `topical`, …
    route: String,
    /// What one pack holds.
    pack_size: String,
    /// Where it stands in the shop.
    category_id: String,
    /// What it is commonly for.
    description: Option<String>,
    /// For one pack.
    price: Money,
    /// How it may be sold.
    legal_status: LegalStatus,
    /// Whether a prescription is needed to buy it.
    prescription_required: bool,
    /// Whether it can be had.
    availability: Availability,
    /// Its pictures.
    images: Vec<ImageView>,
    /// Who sells it; `null` is the pharmacy itself.
    #[schema(value_type = Option<String>)]
    seller_id: Option<UserId>,
    /// Whether it is on sale.
    status: ProductStatus,
    /// For `If-Match`.
    version: u64,
    /// When it was created.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When somebody last changed it.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// A product as a grid shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductCard {
    /// Which.
    #[schema(value_type = String)]
    id: ProductId,
    /// Its name in URLs.
    slug: String,
    /// What it is called.
    name: String,
    /// The brand.
    brand: Option<String>,
    /// The active ingredients.
    ingredients: Vec<Ingredient>,
    /// The dosage form.
    dosage_form: String,
    /// The pack.
    pack_size: String,
    /// Where it stands in the shop.
    category_id: String,
    /// For one pack.
    price: Money,
    /// How it may be sold.
    legal_status: LegalStatus,
    /// Whether a prescription is needed to buy it.
    prescription_required: bool,
    /// Whether it can be had.
    availability: Availability,
    /// Its first picture.
    image: Option<ImageView>,
}

/// A name, and how many products on sale have it.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NameCount {
    /// The name, as a filter takes it.
    name: String,
    /// In how many products.
    count: u64,
}

/// A page of names.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamePage {
    /// In the order of their names.
    pub items: Vec<NameCount>,
    /// What to send as `cursor` for the next page; `null` on the last.
    pub next_cursor: Option<String>,
}

/// A category.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryView {
    /// Which.
    id: String,
    /// What shoppers read.
    name: String,
    /// The one it is part of; `null` at the top.
    parent_id: Option<String>,
    /// Its place among its siblings.
    position: u32,
    /// For `If-Match`.
    version: u64,
}

/// A category with those below it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryNode {
    /// The category itself.
    #[serde(flatten)]
    category: CategoryView,
    /// Those directly below it, in the order in which they are shown.
    #[schema(no_recursion)]
    children: Vec<Self>,
}

impl ImageView {
    fn new(image: Image, media_base_url: &str) -> Self {
        let url = format!("{media_base_url}/{}", image.key);
        Self { id: image.id, url, width: image.width, height: image.height }
    }
}

impl ProductView {
    /// Of a product whose pictures are served from `media_base_url`.
    pub fn new(product: Product, media_base_url: &str) -> Self {
        let medicine = product.medicine;
        Self {
            id: product.id,
            slug: product.slug.to_string(),
            name: medicine.name,
            brand: medicine.brand,
            ingredients: medicine.ingredients,
            dosage_form: medicine.dosage_form,
            route: medicine.route,
            pack_size: medicine.pack_size,
            category_id: product.category_id.to_string(),
            description: product.description,
            price: product.price,
            legal_status: medicine.legal_status,
            prescription_required: medicine.legal_status.prescription_required(),
            availability: product.availability,
            images: product.images.into_iter().map(|image| ImageView::new(image, media_base_url)).collect(),
            seller_id: product.seller_id,
            status: product.status,
            version: product.version,
            created_at: product.created_at,
            updated_at: product.updated_at,
        }
    }
}

impl ProductCard {
    /// Of a card whose picture is served from `media_base_url`.
    pub fn new(card: &Card, media_base_url: &str) -> Self {
        Self {
            id: card.id,
            slug: card.slug.to_string(),
            name: card.name.to_string(),
            brand: card.brand.as_deref().map(str::to_owned),
            ingredients: card.ingredients.to_vec(),
            dosage_form: card.dosage_form.to_string(),
            pack_size: card.pack_size.to_string(),
            category_id: card.category_id.to_string(),
            price: card.price,
            legal_status: card.legal_status,
            prescription_required: card.legal_status.prescription_required(),
            availability: card.availability,
            image: card.image.clone().map(|image| ImageView::new(image, media_base_url)),
        }
    }
}

impl NamePage {
    /// At most `limit` names that come after the place `after`; and the place after which more come.
    pub fn of(
        names: impl Iterator<Item = (String, FacetCount)>,
        after: Option<&str>,
        limit: u16,
    ) -> (Self, Option<String>) {
        let limit = usize::from(limit);
        let rest = names.filter(|(place, _)| after.is_none_or(|after| place.as_str() > after));
        let mut page: Vec<_> = rest.take(limit + 1).collect();
        let more = page.len() > limit;
        page.truncate(limit);
        let next = if more { page.last().map(|(place, _)| place.clone()) } else { None };
        let items = page.into_iter().map(|(_, counted)| NameCount { name: counted.value, count: counted.count });
        (Self { items: items.collect(), next_cursor: None }, next)
    }
}

impl From<&Category> for CategoryView {
    fn from(category: &Category) -> Self {
        Self {
            id: category.id.to_string(),
            name: category.name.clone(),
            parent_id: category.parent_id.as_ref().map(ToString::to_string),
            position: category.position,
            version: category.version,
        }
    }
}

impl CategoryNode {
    /// Those directly below `parent`, or at the top, each with all below it.
    pub fn below(parent: Option<&CategoryId>, tree: &Tree) -> Vec<Self> {
        let node =
            |category: &Category| Self { category: category.into(), children: Self::below(Some(&category.id), tree) };
        tree.children(parent).into_iter().map(node).collect()
    }
}
