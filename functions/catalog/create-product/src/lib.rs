//! `POST /v1/products`: creates a product with an empty stock.

use shared::api::prelude::*;
use shared::catalog::ingredient::{self, IngredientInput};
use shared::catalog::product::{Medicine, NewProduct};
use shared::catalog::view::ProductView;
use shared::catalog::{CategoryId, LegalStatus, Manager, ProductStatus, Slug};
use shared::platform::money::{Currency, MoneyInput};
use shared::platform::text;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

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
    /// How it may be sold.
    #[schema(value_type = LegalStatus)]
    legal_status: Field<LegalStatus>,
    /// `active` or `draft`. Without it, what the staff creates is on sale at once, and what a seller creates is a draft
    /// that waits for the staff.
    #[schema(value_type = Option<ProductStatus>)]
    status: Option<Field<ProductStatus>>,
}

impl CreateProductRequest {
    fn check(self, currency: Currency) -> Result<NewProduct, FieldErrors> {
        let short = |text: String| text::line(&text, 60);
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
            legal_status,
            status,
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
            self.price.nested("price", |price| price.price(currency)),
            self.legal_status.value("legal_status"),
            self.status.parse_optional("status", not_retired),
        ))?;
        let medicine = Medicine { name, brand, ingredients, dosage_form, route, pack_size, legal_status };
        Ok(NewProduct { slug, medicine, category_id, description, price, status })
    }
}

fn not_retired(status: ProductStatus) -> Result<ProductStatus, Invalid> {
    match status {
        ProductStatus::Retired => Err(Invalid::new("unknown_value", "expected draft or active")),
        status => Ok(status),
    }
}

/// Creates a product. The pharmacy's staff creates the pharmacy's own; a seller creates theirs, as a draft.
///
/// # Errors
/// 400 for an unknown category; 403 `approval_required`; 409 `slug_taken`.
#[utoipa::path(post, path = "/v1/products", tag = "Catalogue", request_body = CreateProductRequest,
    responses(
        (status = 201, body = ProductView),
        (status = 409, description = "`slug_taken`: another product has the slug")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let manager = Manager::of(request.caller()?, Permission::ManageProducts)?;
    let new = request.json_with(|body: CreateProductRequest| body.check(app.config().currency))?;
    let product = app.products().create(&manager, new).await?;
    let version = product.version;
    let location = format!("/v1/products/{}", product.id);
    let answer = created(&ProductView::new(product, &app.config().media_base_url))?;
    Ok(answer.version(version).location(&location))
}
