//! Products and categories as the API answers them.

use serde::Serialize;
use utoipa::ToSchema;

use super::availability::Availability;
use super::card::Card;
use super::category::{Category, Tree};
use super::facets::FacetCount;
use super::gs1::Gtin;
use super::ingredient::Ingredient;
use super::legal::LegalStatus;
use super::product::{Image, Product, ProductStatus};
use super::schedule_name::ScheduleName;
use super::seller::{DisplayName, SellerProfile};
use super::slug::CategoryId;
use crate::accounts::Language;
use crate::platform::clock::Timestamp;
use crate::platform::ids::{ImageId, ProductId, UserId};
use crate::platform::money::Money;
use crate::platform::source_set::ImageSource;
use crate::platform::wording::{self, Words};

/// A picture of a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
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
    /// The same in other sizes and formats: WebP first, from small to large.
    sources: Vec<ImageSource>,
    /// What it shows, for who does not see it: what was said of it, or the name of the product.
    alt: String,
}

/// Who sells something in the shop beside the pharmacy itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Seller)]
pub struct SellerView {
    /// Who.
    #[schema(value_type = String)]
    id: UserId,
    /// What they are called; `null` where they have not said.
    display_name: Option<String>,
}

impl SellerView {
    /// Of a seller with their name.
    pub fn new(id: UserId, name: Option<&DisplayName>) -> Self {
        Self { id, display_name: name.map(ToString::to_string) }
    }
}

/// What a seller says of themselves to shoppers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SellerProfile)]
pub struct SellerProfileView {
    /// What they are called.
    pub display_name: String,
    /// When that was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Grows by one with every change.
    pub version: u64,
}

impl From<SellerProfile> for SellerProfileView {
    fn from(profile: SellerProfile) -> Self {
        let SellerProfile { display_name, updated_at, version, .. } = profile;
        Self { display_name: display_name.to_string(), updated_at, version }
    }
}

/// A leaflet that is published about a product: read it by `GET /v1/pages/{slug}?locale=`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LeafletLink {
    /// Its name in URLs.
    pub slug: String,
    /// In which language.
    pub locale: Language,
    /// Its heading.
    pub title: String,
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
    /// For one pack; 0 where a draft has none yet.
    price: Money,
    /// What the pharmacy's own lists call it, where it was imported.
    #[serde(skip_serializing_if = "Option::is_none")]
    sku: Option<String>,
    /// The GTIN in the code on its packs, filled up to 14 digits.
    #[schema(value_type = Option<String>)]
    gtin: Option<Gtin>,
    /// Its code of therapeutic equivalence in the Orange Book.
    te_code: Option<String>,
    /// The schedule that the law puts it in: `CII`, `H1`; `null` where that is not known.
    #[schema(value_type = Option<String>)]
    schedule: Option<ScheduleName>,
    /// How it may be sold.
    legal_status: LegalStatus,
    /// Whether a prescription is needed to buy it.
    prescription_required: bool,
    /// Whether it can be had.
    availability: Availability,
    /// Its pictures.
    images: Vec<ImageView>,
    /// The leaflets that are shown on it now, in every language that they are published in; where one product is asked for,
    /// and absent while nobody can say.
    #[serde(skip_serializing_if = "Option::is_none")]
    leaflets: Option<Vec<LeafletLink>>,
    /// Who sells it; `null` is the pharmacy itself.
    #[schema(value_type = Option<String>)]
    seller_id: Option<UserId>,
    /// The same with what they are called; `null` is the pharmacy itself.
    seller: Option<SellerView>,
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
    /// Who sells it; `null` is the pharmacy itself.
    seller: Option<SellerView>,
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
    /// What shoppers read; of a category of the starter catalogue in their language.
    #[schema(value_type = String)]
    name: Words,
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
    /// Of a picture of this product, served from `media_base_url`.
    pub fn new(image: Image, product: &str, media_base_url: &str) -> Self {
        let url = format!("{media_base_url}/{}", image.key);
        let sources = ImageSource::all(&image.key, (image.width, image.height), &image.sources, media_base_url);
        let alt = image.alt.unwrap_or_else(|| product.to_owned());
        Self { id: image.id, url, width: image.width, height: image.height, sources, alt }
    }
}

impl ProductView {
    /// Of a product whose pictures are served from `media_base_url`.
    pub fn new(product: Product, media_base_url: &str) -> Self {
        let medicine = product.medicine;
        let image = |image| ImageView::new(image, &medicine.name, media_base_url);
        let images = product.images.into_iter().map(image).collect();
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
            sku: product.sku,
            gtin: product.gtin,
            te_code: product.te_code,
            schedule: product.schedule,
            legal_status: medicine.legal_status,
            prescription_required: medicine.legal_status.prescription_required(),
            availability: product.availability,
            images,
            seller: product.seller_id.clone().map(|id| SellerView::new(id, product.seller_name.as_ref())),
            leaflets: None,
            seller_id: product.seller_id,
            status: product.status,
            version: product.version,
            created_at: product.created_at,
            updated_at: product.updated_at,
        }
    }

    /// The same with the leaflets that are shown on it.
    #[must_use]
    pub fn with_leaflets(self, leaflets: Vec<LeafletLink>) -> Self {
        Self { leaflets: Some(leaflets), ..self }
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
            image: card.image.clone().map(|image| ImageView::new(image, &card.name, media_base_url)),
            seller: card.seller.as_ref().map(|seller| SellerView::new(seller.id.clone(), seller.name.as_ref())),
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
            name: wording::category(category.id.as_str(), &category.name),
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
