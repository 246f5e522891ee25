//! `POST /v1/products/{id}/stock`: adds units to the stock of a product, or takes them away.

use shared::api::prelude::*;
use shared::catalog::Manager;
use shared::catalog::adjustment::{Delta, StockLevels};
use shared::platform::ids::ProductId;
use shared::platform::text;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// By how much, and why.
#[derive(Deserialize, ToSchema)]
pub struct AdjustStockRequest {
    /// Units that come in, or go out where it is negative; not zero.
    #[schema(value_type = i64, minimum = -1_000_000, maximum = 1_000_000)]
    delta: Field<i64>,
    /// Why, for whoever looks into the numbers later.
    #[schema(value_type = String, max_length = 200)]
    reason: Field<String>,
}

struct AdjustStock {
    delta: Delta,
    reason: String,
}

impl TryFrom<AdjustStockRequest> for AdjustStock {
    type Error = FieldErrors;

    fn try_from(body: AdjustStockRequest) -> Result<Self, FieldErrors> {
        let (delta, reason) = all((
            body.delta.parse("delta", Delta::parse),
            body.reason.parse("reason", |reason| text::line(&reason, 200)),
        ))?;
        Ok(Self { delta, reason })
    }
}

/// Adjusts stock, once for each `Idempotency-Key`. Units that are promised to orders cannot be taken away.
///
/// # Errors
/// 404 for another's product; 409 `insufficient_stock`; 422 `idempotency_key_reused`.
#[utoipa::path(post, path = "/v1/products/{id}/stock", tag = "Catalogue",
    params(("id" = String, Path, description = "The product's id"),
        ("Idempotency-Key" = String, Header, description = "New for each adjustment, the same when it is repeated")),
    request_body = AdjustStockRequest,
    responses(
        (status = 200, body = StockLevels),
        (status = 409, description = "`insufficient_stock`; `problems` says how much is available"),
        (status = 422, description = "`idempotency_key_reused`: the key came with another body")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let manager = Manager::of(request.caller()?, Permission::ManageStock)?;
    let product: ProductId = request.path("id")?;
    let idempotency = request.idempotency()?;
    let AdjustStock { delta, reason } = request.json::<AdjustStockRequest, _>()?;
    let answered = app.stockroom().adjust(&manager, product, delta, reason, &idempotency).await?;
    Ok(ok(&answered.answer)?.replayed(answered.replayed))
}
