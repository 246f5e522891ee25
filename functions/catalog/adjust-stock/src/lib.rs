//! `POST /v1/products/{id}/stock`: adds units to the stock of a product, or takes them away.

use shared::api::prelude::*;
use shared::catalog::adjustment::{Delta, StockLevels};
use shared::catalog::disposal::{Adjusted, AwaitingWitness};
use shared::catalog::lots::LotRef;
use shared::catalog::movement::Reason;
use shared::catalog::{Adjustment, Manager};
use shared::platform::ids::{ProductId, UserId};
use shared::platform::text;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// By how much, of which lot, and why.
#[derive(Deserialize, ToSchema)]
pub struct AdjustStockRequest {
    /// Units that come in, or go out where it is negative; not zero. A delivery is received as a lot instead.
    #[schema(value_type = i64, minimum = -1_000_000, maximum = 1_000_000)]
    delta: Field<i64>,
    /// The lot. Units come in with one alone; where none is named they go from the one that expires first. `unlotted` is
    /// what came in before lots were written down.
    #[schema(value_type = Option<String>, example = "lot_01JD4Z8QK0000000000000000A")]
    lot_id: Option<Field<String>>,
    /// Why. Units come in by `count` or `correction` alone.
    #[schema(value_type = Reason)]
    reason: Field<String>,
    /// For whoever looks into the numbers later.
    #[schema(value_type = Option<String>, max_length = 200)]
    note: Option<Field<String>>,
    /// Who confirms it, where a controlled medicine is destroyed: another member of the staff. Nothing changes before that.
    #[schema(value_type = Option<String>)]
    witness_id: Option<Field<String>>,
}

struct AdjustStock(Adjustment);

impl TryFrom<AdjustStockRequest> for AdjustStock {
    type Error = FieldErrors;

    fn try_from(body: AdjustStockRequest) -> Result<Self, FieldErrors> {
        let (delta, lot, reason, note, witness) = all((
            body.delta.parse("delta", Delta::parse),
            body.lot_id.parse_optional("lot_id", |text| LotRef::parse(&text)),
            body.reason.parse("reason", Reason::parse),
            body.note.parse_optional("note", |note| text::line(&note, 200)),
            body.witness_id.parse_optional("witness_id", |id| UserId::parse(&id)),
        ))?;
        Ok(Self(Adjustment { delta, lot, reason, note, witness }))
    }
}

/// Adjusts stock, once for each `Idempotency-Key`. Units that are promised to orders cannot be taken away.
///
/// # Errors
/// 400 for an increase without a lot, and for a witness who is none of the staff; 404 for another's product; 409 `insufficient_stock`; 422 `idempotency_key_reused`.
#[utoipa::path(post, path = "/v1/products/{id}/stock", tag = "Catalogue",
    params(("id" = String, Path, description = "The product's id"),
        ("Idempotency-Key" = String, Header, description = "New for each adjustment, the same when it is repeated")),
    request_body = AdjustStockRequest,
    responses(
        (status = 200, body = StockLevels),
        (status = 202, body = AwaitingWitness, description = "A controlled medicine is to be destroyed: it counts when its witness has confirmed it"),
        (status = 409, description = "`insufficient_stock`; `problems` says how much is available"),
        (status = 422, description = "`idempotency_key_reused`: the key came with another body")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let manager = Manager::of(request.caller()?, Permission::ManageStock)?;
    let product: ProductId = request.path("id")?;
    let idempotency = request.idempotency()?;
    let AdjustStock(adjustment) = request.json::<AdjustStockRequest, _>()?;
    let answered =
        app.stock_adjustments().adjust(&manager, product, &adjustment, &idempotency, &app.directory()).await?;
    let answer = match &answered.answer {
        Adjusted::Done(levels) => ok(levels)?,
        Adjusted::Awaiting(awaiting) => accepted(awaiting)?,
    };
    Ok(answer.replayed(answered.replayed))
}
