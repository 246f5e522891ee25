//! `POST /v1/products/{id}/lots`: takes units into the house, as a lot.

use shared::api::prelude::*;
use shared::catalog::Manager;
use shared::catalog::input::ReceiveLotRequest;
use shared::catalog::lots::LotView;
use shared::platform::ids::ProductId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Takes units into the house, once for each `Idempotency-Key`. The same number again adds to the lot.
///
/// # Errors
/// 404 for another's product; 409 `lot_conflict`, `lot_not_sellable`, `too_many_lots`; 422 `lot_expired`,
/// `idempotency_key_reused`.
#[utoipa::path(post, path = "/v1/products/{id}/lots", tag = "Catalogue",
    params(("id" = String, Path, description = "The product's id"),
        ("Idempotency-Key" = String, Header, description = "New for each delivery, the same when it is repeated")),
    request_body = ReceiveLotRequest,
    responses(
        (status = 201, body = LotView),
        (status = 409, description = "`lot_conflict`: there is a lot of this number with another last day or GTIN; `lot_not_sellable`: it is recalled, expired or set aside; `too_many_lots`"),
        (status = 422, description = "`lot_expired`; `idempotency_key_reused`: the key came with another body")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let manager = Manager::of(request.caller()?, Permission::ManageStock)?;
    let product: ProductId = request.path("id")?;
    let idempotency = request.idempotency()?;
    let new = request.json_with(|body: ReceiveLotRequest| body.check(app.config().currency))?;
    let answered = app.receiving().receive(&manager, product, &new, &idempotency).await?;
    Ok(created(&answered.answer)?.replayed(answered.replayed))
}
