//! `PATCH /v1/products/{id}`: changes a product.

use shared::api::prelude::*;
use shared::catalog::ingredient::{self, IngredientInput};
use shared::catalog::product::ProductChange;
use shared::catalog::view::ProductView;
use shared::catalog::{CategoryId, LegalStatus, Manager, ProductStatus};
use shared::platform::ids::ProductId;
use shared::platform::money::{Currency, MoneyInput};
use shared::platform::text;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What to change; what is absent stays, and `null` clears the brand or the description.
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
    /// How it may be sold.
    #[serde(default)]
    #[schema(value_type = Option<LegalStatus>)]
    legal_status: Patch<LegalStatus>,
    /// Whether it is on sale. The staff alone puts a product on sale.
    #[serde(default)]
    #[schema(value_type = Option<ProductStatus>)]
    status: Patch<ProductStatus>,
}

impl UpdateProductRequest {
    fn check(self, currency: Currency) -> Result<ProductChange, FieldErrors> {
        let short = |text: String| text::line(&text, 60);
        let (
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
            self.name.parse_required("name", |text| text::line(&text, 200)),
            self.brand.parse("brand", |text| text::line(&text, 100)),
            self.ingredients.nested_required("ingredients", ingredient::parse),
            self.dosage_form.parse_required("dosage_form", short),
            self.route.parse_required("route", short),
            self.pack_size.parse_required("pack_size", short),
            self.category_id.parse_required("category_id", |text| CategoryId::parse(&text)),
            self.description.parse("description", |text| text::paragraph(&text, 2000)),
            self.price.nested_required("price", |price| price.price(currency)),
            self.legal_status.parse_required("legal_status", Ok),
            self.status.parse_required("status", Ok),
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
            legal_status,
            status,
        })
    }
}

/// Changes a product. What a seller changes about which medicine it is takes it off sale until the staff has seen it;
/// price, category and description do not.
///
/// # Errors
/// 400; 403 `approval_required`; 404 for another's; 412.
#[utoipa::path(patch, path = "/v1/products/{id}", tag = "Catalogue",
    params(("id" = String, Path, description = "The product's id"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    request_body = UpdateProductRequest,
    responses(
        (status = 200, body = ProductView),
        (status = 412, description = "`version_mismatch`: it has changed since")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let manager = Manager::of(request.caller()?, Permission::ManageProducts)?;
    let id: ProductId = request.path("id")?;
    let precondition = request.precondition()?;
    let change = request.json_with(|body: UpdateProductRequest| body.check(app.config().currency))?;
    let product = app.products().update(&manager, id, &precondition, change).await?;
    let version = product.version;
    Ok(ok(&ProductView::new(product, &app.config().media_base_url))?.version(version))
}
