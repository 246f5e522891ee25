//! Products and deliveries as requests carry them. Tables that are imported go through the same, so that there is one set of
//! rules for what may be in the catalogue.

use serde::Deserialize;
use utoipa::ToSchema;

use super::alternatives::te_code;
use super::gs1::Gtin;
use super::ingredient::{self, IngredientInput};
use super::legal::LegalStatus;
use super::lots::{LotNumber, NewLot};
use super::product::{MAX_IMAGES, Medicine, NewProduct, ProductChange, ProductStatus};
use super::schedule_name::ScheduleName;
use super::slug::{CategoryId, Slug};
use crate::platform::clock::Date;
use crate::platform::fields::{Field, FieldErrors, Invalid, Optional, Patch, all, each};
use crate::platform::ids::ImageId;
use crate::platform::money::{Currency, Money, MoneyInput};
use crate::platform::text;
use crate::platform::wording;

/// The most units of one delivery.
const MAX_UNITS: i64 = 1_000_000;

/// A product to be.
#[derive(Deserialize, ToSchema)]
pub struct CreateProductRequest {
    /// Its name in URLs, for ever; made of the name where there is none.
    #[schema(value_type = Option<String>, max_length = 120, example = "ibuprofen-200-mg-20-tablets")]
    slug: Option<Field<String>>,
    /// What it is called.
    #[schema(value_type = String, max_length = 200)]
    name: Field<String>,
    /// The brand, if it has one.
    #[schema(value_type = Option<String>, max_length = 100)]
    brand: Option<Field<String>>,
    /// The active ingredients, 1 to 20.
    #[schema(value_type = Vec<IngredientInput>, min_items = 1, max_items = 20)]
    ingredients: Field<Vec<IngredientInput>>,
    /// The dosage form.
    #[schema(value_type = String, max_length = 60, example = "tablet")]
    dosage_form: Field<String>,
    /// The route of administration.
    #[schema(value_type = String, max_length = 60, example = "oral")]
    route: Field<String>,
    /// What one pack holds.
    #[schema(value_type = String, max_length = 60, example = "20 tablets")]
    pack_size: Field<String>,
    /// Where it stands in the shop.
    #[schema(value_type = String, example = "pain-and-fever")]
    category_id: Field<String>,
    /// What it is commonly for.
    #[schema(value_type = Option<String>, max_length = 2000)]
    description: Option<Field<String>>,
    /// For one pack.
    #[schema(value_type = MoneyInput)]
    price: Field<MoneyInput>,
    /// The GTIN in the code on its packs: 8, 12, 13 or 14 digits.
    #[schema(value_type = Option<String>, example = "09506000134352")]
    gtin: Option<Field<String>>,
    /// Its code of therapeutic equivalence in the Orange Book: `AB1`.
    #[schema(value_type = Option<String>, max_length = 3, example = "AB")]
    te_code: Option<Field<String>>,
    /// The schedule that the law puts it in: `CII`, `H1`. Without one the strictest rules of its legal status hold.
    #[schema(value_type = Option<String>, max_length = 8, example = "CII")]
    schedule: Option<Field<String>>,
    /// How it may be sold.
    #[schema(value_type = LegalStatus)]
    legal_status: Field<LegalStatus>,
    /// `active` or `draft`. Without it, what the staff creates is on sale at once, and what a seller creates is a draft
    /// that waits for the staff.
    #[schema(value_type = Option<ProductStatus>)]
    status: Option<Field<ProductStatus>>,
}

impl CreateProductRequest {
    /// The product, with the price that what is put in by hand must have.
    ///
    /// # Errors
    /// Every field at fault.
    pub fn check(self, currency: Currency) -> Result<NewProduct, FieldErrors> {
        self.checked(|price| price.nested("price", |price| price.price(currency)))
    }

    /// The product as a table has it, which may know no price: it is a draft then.
    ///
    /// # Errors
    /// Every field at fault.
    pub fn check_imported(self, currency: Currency) -> Result<NewProduct, FieldErrors> {
        self.checked(|price| match price {
            Field::Missing => Ok(Money::zero(currency)),
            price => price.nested("price", |price| price.price(currency)),
        })
    }

    fn checked(
        self,
        read_price: impl FnOnce(Field<MoneyInput>) -> Result<Money, FieldErrors>,
    ) -> Result<NewProduct, FieldErrors> {
        let short = |text: String| text::line(&text, 60);
        let te_code = self.te_code.parse_optional("te_code", |text| te_code(&text));
        let schedule = self.schedule.parse_optional("schedule", |text| ScheduleName::parse(&text));
        let (
            slug,
            name,
            brand,
            ingredients,
            dosage_form,
            route,
            pack_size,
            category_id,
            description,
            price,
            gtin,
            legal_status,
            (status, te_code, schedule),
        ) = all((
            self.slug.parse_optional("slug", |text| Slug::parse(&text)),
            self.name.parse("name", |text| text::line(&text, 200)),
            self.brand.parse_optional("brand", |text| text::line(&text, 100)),
            self.ingredients.nested("ingredients", ingredient::parse),
            self.dosage_form.parse("dosage_form", short),
            self.route.parse("route", short),
            self.pack_size.parse("pack_size", short),
            self.category_id.parse("category_id", |text| CategoryId::parse(&text)),
            self.description.parse_optional("description", |text| text::paragraph(&text, 2000)),
            read_price(self.price),
            self.gtin.parse_optional("gtin", |text| Gtin::parse(&text)),
            self.legal_status.value("legal_status"),
            all((self.status.parse_optional("status", not_retired), te_code, schedule)),
        ))?;
        let medicine = Medicine { name, brand, ingredients, dosage_form, route, pack_size, legal_status };
        Ok(NewProduct { slug, medicine, category_id, description, price, gtin, te_code, schedule, status })
    }
}

fn not_retired(status: ProductStatus) -> Result<ProductStatus, Invalid> {
    match status {
        ProductStatus::Retired => Err(Invalid::new("unknown_value", wording::field::one_of("draft, active"))),
        status => Ok(status),
    }
}

/// What to change; what is absent stays, and `null` clears the brand, the description or the GTIN.
#[derive(Deserialize, ToSchema)]
pub struct UpdateProductRequest {
    /// What it is called.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200)]
    name: Patch<String>,
    /// The brand.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100)]
    brand: Patch<String>,
    /// The active ingredients, all of them.
    #[serde(default)]
    #[schema(value_type = Option<Vec<IngredientInput>>, min_items = 1, max_items = 20)]
    ingredients: Patch<Vec<IngredientInput>>,
    /// The dosage form.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 60)]
    dosage_form: Patch<String>,
    /// The route of administration.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 60)]
    route: Patch<String>,
    /// What one pack holds.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 60)]
    pack_size: Patch<String>,
    /// Where it stands in the shop.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    category_id: Patch<String>,
    /// What it is commonly for.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2000)]
    description: Patch<String>,
    /// For one pack.
    #[serde(default)]
    #[schema(value_type = Option<MoneyInput>)]
    price: Patch<MoneyInput>,
    /// The GTIN in the code on its packs.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "09506000134352")]
    gtin: Patch<String>,
    /// Its code of therapeutic equivalence in the Orange Book.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 3, example = "AB")]
    te_code: Patch<String>,
    /// The schedule that the law puts it in.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 8, example = "CII")]
    schedule: Patch<String>,
    /// How it may be sold.
    #[serde(default)]
    #[schema(value_type = Option<LegalStatus>)]
    legal_status: Patch<LegalStatus>,
    /// Whether it is on sale. The staff alone puts a product on sale.
    #[serde(default)]
    #[schema(value_type = Option<ProductStatus>)]
    status: Patch<ProductStatus>,
    /// What pictures of it show; those that are not named stay as they are.
    #[serde(default)]
    #[schema(value_type = Option<Vec<ImageAltInput>>, min_items = 1, max_items = 8)]
    images: Patch<Vec<ImageAltInput>>,
}

/// What a picture shows.
#[derive(Clone, Deserialize, ToSchema)]
pub struct ImageAltInput {
    /// Which.
    #[schema(value_type = String)]
    id: Field<String>,
    /// What it shows, for who does not see it; absent or `null`: what the name of the product says.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200)]
    alt: Patch<String>,
}

type Alt = (ImageId, Option<String>);

fn alts(images: Vec<ImageAltInput>) -> Result<Vec<Alt>, FieldErrors> {
    if images.is_empty() || images.len() > MAX_IMAGES {
        return Err(vec![Invalid::new("wrong_count", wording::field::entries_between(MAX_IMAGES)).at("")]);
    }
    each(images, |image| {
        let (id, alt) = all((
            image.id.parse("id", |id| ImageId::parse(&id)),
            image.alt.parse("alt", |text| text::line(&text, 200)),
        ))?;
        Ok((id, alt.apply(None)))
    })
}

impl UpdateProductRequest {
    /// The change.
    ///
    /// # Errors
    /// Every field at fault.
    pub fn check(self, currency: Currency) -> Result<ProductChange, FieldErrors> {
        let short = |text: String| text::line(&text, 60);
        let alts = self.images.nested_required("images", alts);
        let codes = all((
            self.te_code.parse("te_code", |text| te_code(&text)),
            self.schedule.parse("schedule", |text| ScheduleName::parse(&text)),
        ));
        let words = all((
            self.name.parse_required("name", |text| text::line(&text, 200)),
            self.brand.parse("brand", |text| text::line(&text, 100)),
        ));
        let (
            (name, brand),
            ingredients,
            dosage_form,
            route,
            pack_size,
            category_id,
            description,
            price,
            gtin,
            (te_code, schedule),
            legal_status,
            status,
            alts,
        ) = all((
            words,
            self.ingredients.nested_required("ingredients", ingredient::parse),
            self.dosage_form.parse_required("dosage_form", short),
            self.route.parse_required("route", short),
            self.pack_size.parse_required("pack_size", short),
            self.category_id.parse_required("category_id", |text| CategoryId::parse(&text)),
            self.description.parse("description", |text| text::paragraph(&text, 2000)),
            self.price.nested_required("price", |price| price.price(currency)),
            self.gtin.parse("gtin", |text| Gtin::parse(&text)),
            codes,
            self.legal_status.parse_required("legal_status", Ok),
            self.status.parse_required("status", Ok),
            alts,
        ))?;
        Ok(ProductChange {
            name,
            brand,
            ingredients,
            dosage_form,
            route,
            pack_size,
            category_id,
            description,
            price,
            gtin,
            te_code,
            schedule,
            legal_status,
            status,
            alts: alts.unwrap_or_default(),
        })
    }
}

/// Units that come in.
#[derive(Deserialize, ToSchema)]
pub struct ReceiveLotRequest {
    /// The number on the packs: letters, digits and the signs of GS1 codes. The case of its letters counts.
    #[schema(value_type = String, min_length = 1, max_length = 20, example = "B2247A")]
    number: Field<String>,
    /// The last day on the packs.
    #[schema(value_type = String, format = Date, example = "2028-01-31")]
    expires_on: Field<String>,
    /// How many.
    #[schema(value_type = i64, minimum = 1, maximum = 1_000_000)]
    quantity: Field<i64>,
    /// From whom.
    #[schema(value_type = Option<String>, max_length = 200)]
    supplier: Option<Field<String>>,
    /// What a unit cost.
    #[schema(value_type = Option<MoneyInput>)]
    unit_cost: Option<Field<MoneyInput>>,
    /// The GTIN in the packs' code: 8, 12, 13 or 14 digits.
    #[schema(value_type = Option<String>, example = "09506000134352")]
    gtin: Option<Field<String>>,
}

impl ReceiveLotRequest {
    /// The delivery.
    ///
    /// # Errors
    /// Every field at fault.
    pub fn check(self, currency: Currency) -> Result<NewLot, FieldErrors> {
        let unit_cost = match self.unit_cost {
            None | Some(Field::Missing) => Ok(None),
            Some(cost) => cost.nested("unit_cost", |cost| cost.price(currency)).map(Some),
        };
        let (number, expires_on, quantity, supplier, unit_cost, gtin) = all((
            self.number.parse("number", |text| LotNumber::parse(&text)),
            self.expires_on.parse("expires_on", |text| Date::parse(&text)),
            self.quantity.parse("quantity", |units| match units {
                1..=MAX_UNITS => Ok(units),
                _ => Err(Invalid::new("out_of_range", wording::catalog::units_between(MAX_UNITS))),
            }),
            self.supplier.parse_optional("supplier", |text| text::line(&text, 200)),
            unit_cost,
            self.gtin.parse_optional("gtin", |text| Gtin::parse(&text)),
        ))?;
        Ok(NewLot { number, expires_on, quantity, supplier, unit_cost, gtin })
    }
}
