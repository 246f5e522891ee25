//! A product: what it is, on which terms it is sold, and who may change which of it.
//!
//! The pharmacy vouches for what it sells, and the legal status decides whether a prescription is asked for. So a
//! seller's product is a draft until the staff puts it on sale, and when its seller changes which medicine it is, it is
//! a draft again.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::availability::Availability;
use super::fingerprint::Fingerprint;
use super::gs1::Gtin;
use super::ingredient::Ingredient;
use super::legal::LegalStatus;
use super::manager::Manager;
use super::offer::{Label, Offer, Shown};
use super::prices::PricePeriod;
use super::schedule_name::ScheduleName;
use super::seller::DisplayName;
use super::slug::{CategoryId, Slug};
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Kind, Result};
use crate::platform::fields::{Change, FieldErrors, Invalid};
use crate::platform::identity_key;
use crate::platform::ids::{ImageId, ImportId, ProductId, UserId};
use crate::platform::money::Money;
use crate::platform::source_set::{self, Source};
use crate::platform::wording;

/// The most pictures of one product.
pub const MAX_IMAGES: usize = 8;

/// Whether a product is on sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductStatus {
    /// Not yet, or not now; its seller and the staff alone see it.
    Draft,
    /// On sale.
    Active,
    /// No longer; kept for the orders that hold it.
    Retired,
}

/// A picture of a product, checked and stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Which.
    pub id: ImageId,
    /// Where the largest file lies that everybody reads, in the media bucket.
    pub key: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// All its files, that one among them; of a picture from before there were several, none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
    /// What it shows, for who does not see it; `None`: the product, which its name says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt: Option<String>,
}

impl Image {
    /// Where each of its files lies.
    pub fn keys(&self) -> Vec<String> {
        source_set::keys(&self.key, &self.sources)
    }
}

/// Which row of which import wrote something last, so that who does the row over again knows what it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportMark {
    /// Which import.
    pub import: ImportId,
    /// In which line of its file the row begins.
    pub line: u64,
    /// Whether the row created it.
    pub created: bool,
}

impl ImportMark {
    /// Whether it is of the same row as `other`.
    pub fn is_of(self, other: Self) -> bool {
        (self.import, self.line) == (other.import, other.line)
    }
}

/// Which medicine it is, as far as words can say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Medicine {
    /// What it is called in the shop.
    pub name: String,
    /// The brand; `None` for what is sold under its substance's name.
    pub brand: Option<String>,
    /// The active ingredients.
    pub ingredients: Vec<Ingredient>,
    /// `tablet`, `cream`, …
    pub dosage_form: String,
    /// `oral`, `topical`, …
    pub route: String,
    /// What one pack holds: `20 tablets`.
    pub pack_size: String,
    /// How it may be sold.
    pub legal_status: LegalStatus,
}

/// A product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Which.
    pub id: ProductId,
    /// Its name in URLs; never changes, never passes to another.
    pub slug: Slug,
    /// Which medicine it is.
    pub medicine: Medicine,
    /// Where it stands in the shop.
    pub category_id: CategoryId,
    /// What it is commonly for.
    pub description: Option<String>,
    /// For one pack; zero where a draft has none yet.
    pub price: Money,
    /// What the pharmacy's own lists call it; of what was imported alone, and for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// The row of an import that wrote it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imported: Option<ImportMark>,
    /// What the code on its packs says which product it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gtin: Option<Gtin>,
    /// Its code of therapeutic equivalence in the Orange Book: `AB1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub te_code: Option<String>,
    /// The schedule that the law puts it in, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<ScheduleName>,
    /// Since when the price is asked, or since when it is not; `None` where that never changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priced_at: Option<Timestamp>,
    /// Who sells it; `None` is the pharmacy itself.
    pub seller_id: Option<UserId>,
    /// What they are called; `None` where they have not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller_name: Option<DisplayName>,
    /// Whether it is on sale.
    pub status: ProductStatus,
    /// Its pictures, the first one first.
    pub images: Vec<Image>,
    /// What a shopper is told of the stock.
    pub availability: Availability,
    /// The version of the stock that said so.
    pub stock_version: u64,
    /// Grows by one with every change that somebody makes.
    pub version: u64,
    /// Grows by one whenever the terms of sale change: the version of [`Product::offer`].
    pub offer_version: u64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When somebody last changed it.
    pub updated_at: Timestamp,
}

/// A product to be created.
#[derive(Clone, Debug)]
pub struct NewProduct {
    /// Chosen, or else made of the name.
    pub slug: Option<Slug>,
    /// Which medicine it is.
    pub medicine: Medicine,
    /// Where it stands in the shop.
    pub category_id: CategoryId,
    /// What it is commonly for.
    pub description: Option<String>,
    /// For one pack; zero where it has none yet.
    pub price: Money,
    /// The number in the code on its packs.
    pub gtin: Option<Gtin>,
    /// Its code of therapeutic equivalence.
    pub te_code: Option<String>,
    /// The schedule that the law puts it in.
    pub schedule: Option<ScheduleName>,
    /// Whether it is on sale at once.
    pub status: Option<ProductStatus>,
}

/// What to change of a product.
#[derive(Clone, Debug, Default)]
pub struct ProductChange {
    /// What it is called.
    pub name: Option<String>,
    /// The brand.
    pub brand: Change<String>,
    /// The active ingredients, all of them.
    pub ingredients: Option<Vec<Ingredient>>,
    /// The dosage form.
    pub dosage_form: Option<String>,
    /// The route of administration.
    pub route: Option<String>,
    /// The pack.
    pub pack_size: Option<String>,
    /// The category.
    pub category_id: Option<CategoryId>,
    /// The description.
    pub description: Change<String>,
    /// The price.
    pub price: Option<Money>,
    /// The number in the code on its packs.
    pub gtin: Change<Gtin>,
    /// Its code of therapeutic equivalence.
    pub te_code: Change<String>,
    /// The schedule that the law puts it in.
    pub schedule: Change<ScheduleName>,
    /// The legal status.
    pub legal_status: Option<LegalStatus>,
    /// Whether it is on sale.
    pub status: Option<ProductStatus>,
    /// What these of its pictures show; `None`: what the product's name says.
    pub alts: Vec<(ImageId, Option<String>)>,
}

impl Product {
    /// A new product of `manager`: on sale when the staff creates it and does not say otherwise, a draft when a seller
    /// does, or when it has no price yet.
    ///
    /// # Errors
    /// 403 `approval_required` where a seller wants it on sale; 400 where it has no price to be sold at.
    pub fn create(new: NewProduct, manager: &Manager, now: Timestamp) -> Result<Self> {
        Self::create_as(ProductId::generate(now), new, manager, now)
    }

    /// The same with an id that is known before.
    ///
    /// # Errors
    /// As [`Self::create`].
    pub fn create_as(id: ProductId, new: NewProduct, manager: &Manager, now: Timestamp) -> Result<Self> {
        let priced = is_price(new.price);
        let status = match (new.status, manager.may_approve()) {
            (Some(ProductStatus::Active), _) if !priced => return Err(price_required()),
            (Some(ProductStatus::Active), false) => return Err(approval_required()),
            (Some(status), _) => status,
            (None, true) if priced => ProductStatus::Active,
            (None, _) => ProductStatus::Draft,
        };
        Ok(Self {
            id,
            slug: new.slug.unwrap_or_else(|| Slug::of_name(&new.medicine.name, id)),
            medicine: new.medicine,
            category_id: new.category_id,
            description: new.description,
            price: new.price,
            sku: None,
            imported: None,
            gtin: new.gtin,
            te_code: new.te_code,
            schedule: new.schedule,
            priced_at: None,
            seller_id: manager.seller_id(),
            seller_name: None,
            status,
            images: Vec::new(),
            availability: Availability::Out,
            stock_version: 0,
            version: 1,
            offer_version: 1,
            created_at: now,
            updated_at: now,
        })
    }

    /// The product after `manager` has changed it; the same where the change says nothing new.
    ///
    /// # Errors
    /// 400 at `images`, of pictures that it does not have, and where it has no price to be sold at; 403 `approval_required` where
    /// a seller wants something on sale that the staff has not seen.
    pub fn changed(&self, change: ProductChange, manager: &Manager, now: Timestamp) -> Result<Self> {
        let wants_active = change.status == Some(ProductStatus::Active);
        let mut next = self.clone();
        let medicine = &mut next.medicine;
        set(&mut medicine.name, change.name);
        medicine.brand = change.brand.apply(medicine.brand.take());
        set(&mut medicine.ingredients, change.ingredients);
        set(&mut medicine.dosage_form, change.dosage_form);
        set(&mut medicine.route, change.route);
        set(&mut medicine.pack_size, change.pack_size);
        set(&mut medicine.legal_status, change.legal_status);
        next.description = change.description.apply(next.description.take());
        set(&mut next.category_id, change.category_id);
        set(&mut next.price, change.price);
        next.gtin = change.gtin.apply(next.gtin.take());
        next.te_code = change.te_code.apply(next.te_code.take());
        next.schedule = change.schedule.apply(next.schedule.take());
        set(&mut next.status, change.status);
        let mut unknown = FieldErrors::new();
        for (place, (id, alt)) in change.alts.into_iter().enumerate() {
            match next.images.iter_mut().find(|image| image.id == id) {
                Some(image) => image.alt = alt,
                None => unknown.push(
                    Invalid::new("not_found", wording::catalog::no_such_picture()).at(format!("images[{place}].id")),
                ),
            }
        }
        if !unknown.is_empty() {
            return Err(unknown.into());
        }
        if next.status == ProductStatus::Active && !next.is_priced() {
            return Err(price_required());
        }
        // What the pharmacy says of equivalence and of the law it vouches for, as it does for which medicine it is.
        let same = (&next.medicine, &next.te_code, &next.schedule) == (&self.medicine, &self.te_code, &self.schedule);
        let unseen = self.status != ProductStatus::Active || !same;
        if next.status == ProductStatus::Active && unseen && !manager.may_approve() {
            if wants_active {
                return Err(approval_required());
            }
            next.status = ProductStatus::Draft;
        }
        Ok(self.succeeded_by(next, now))
    }

    /// Whether it has a price. What has none is a draft, or retired.
    pub const fn is_priced(&self) -> bool {
        is_price(self.price)
    }

    /// Whether anybody is asked its price.
    pub fn is_asked(&self) -> bool {
        self.status == ProductStatus::Active && self.is_priced()
    }

    /// One of its pictures.
    pub fn image(&self, id: ImageId) -> Option<&Image> {
        self.images.iter().find(|image| image.id == id)
    }

    /// The product with one more picture; `None` where it has [`MAX_IMAGES`] already.
    pub fn with_image(&self, image: Image, now: Timestamp) -> Option<Self> {
        if self.images.len() >= MAX_IMAGES {
            return None;
        }
        let mut next = self.clone();
        next.images.push(image);
        Some(self.succeeded_by(next, now))
    }

    /// The product without one of its pictures.
    #[must_use]
    pub fn without_image(&self, image: ImageId, now: Timestamp) -> Self {
        let mut next = self.clone();
        next.images.retain(|one| one.id != image);
        self.succeeded_by(next, now)
    }

    /// The product of a seller who is called that.
    #[must_use]
    pub fn with_seller_name(&self, name: Option<DisplayName>, now: Timestamp) -> Self {
        self.succeeded_by(Self { seller_name: name, ..self.clone() }, now)
    }

    /// Counts the versions on from this product to `next`, if they differ at all.
    fn succeeded_by(&self, mut next: Self, now: Timestamp) -> Self {
        if next == *self {
            return next;
        }
        if next.price != self.price || next.is_asked() != self.is_asked() {
            // Of those who change it at once none may have begun before another has ended.
            next.priced_at = Some(now.max(self.priced().from));
        }
        if !next.offer().has_terms_of(&self.offer()) {
            next.offer_version += 1;
        }
        next.version += 1;
        next.updated_at = now;
        next
    }

    /// The terms it is sold on.
    pub fn offer(&self) -> Offer {
        Offer {
            product_id: self.id,
            version: self.offer_version,
            name: self.medicine.name.clone(),
            price: self.price,
            legal_status: self.medicine.legal_status,
            schedule: self.schedule.clone(),
            ingredients: self.medicine.ingredients.iter().map(|one| identity_key::of(&one.name)).collect(),
            fingerprint: Some(Fingerprint::of(&self.medicine)),
            label: Some(Label::of(&self.medicine)),
            gtin: self.gtin,
            slug: Some(self.slug.clone()),
            seller_id: self.seller_id.clone(),
            shown: Some(Shown { picture: self.images.first().cloned(), seller_name: self.seller_name.clone() }),
            sellable: self.status == ProductStatus::Active,
        }
    }

    /// What it costs, since when.
    pub fn priced(&self) -> PricePeriod {
        PricePeriod { price: self.price, from: self.priced_at.unwrap_or(self.created_at), to: None }
    }

    /// The category that cannot be removed while this product stands in it; what is retired holds none.
    pub fn held_category(&self) -> Option<&CategoryId> {
        (self.status != ProductStatus::Retired).then_some(&self.category_id)
    }

    /// The GTIN that no other product of its seller has; what is retired holds none.
    pub fn held_gtin(&self) -> Option<Gtin> {
        self.gtin.filter(|_| self.status != ProductStatus::Retired)
    }

    /// Whether somebody may see it: what is on sale everybody, all else who manages it.
    pub fn visible_to(&self, manager: Option<&Manager>) -> bool {
        self.status == ProductStatus::Active || manager.is_some_and(|manager| manager.manages_product(self))
    }
}

fn set<T>(field: &mut T, change: Option<T>) {
    if let Some(value) = change {
        *field = value;
    }
}

const fn is_price(price: Money) -> bool {
    price.amount() > 0
}

fn price_required() -> Error {
    vec![Invalid::new("required", wording::catalog::price_needed()).at("price")].into()
}

fn approval_required() -> Error {
    let detail = wording::catalog::approval_required();
    Error::new(Kind::Forbidden, "approval_required", detail)
}

#[cfg(test)]
pub(crate) mod tests;
