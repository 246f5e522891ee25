//! `POST /v1/orders/{id}/holds/{hold_id}/resolve`: a pharmacist decides about what screening holds an order for.

use shared::api::prelude::*;
use shared::orders::view::OrderView;
use shared::orders::{Decision, Orders, ReasonCode, Resolution};
use shared::platform::ids::{OrderId, ProductId};
use shared::platform::text;
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle).knows_rules();

/// A decision.
#[derive(Deserialize, ToSchema)]
pub struct ResolveHoldRequest {
    /// What is done.
    #[schema(value_type = Decision)]
    decision: Field<Decision>,
    /// With `remove_line`: which line, where the hold concerns several.
    #[schema(value_type = Option<String>)]
    product_id: Option<Field<String>>,
    /// Why.
    #[schema(value_type = ReasonCode)]
    reason_code: Field<ReasonCode>,
    /// The same in words, at most 500 characters.
    #[schema(value_type = String, min_length = 1, max_length = 500)]
    reason: Field<String>,
}

struct Command(Resolution);

impl TryFrom<ResolveHoldRequest> for Command {
    type Error = FieldErrors;

    fn try_from(body: ResolveHoldRequest) -> Result<Self, FieldErrors> {
        let (decision, product, reason_code, reason) = all((
            body.decision.value("decision"),
            body.product_id.parse_optional("product_id", |id| ProductId::parse(&id)),
            body.reason_code.value("reason_code"),
            body.reason.parse("reason", |reason| text::paragraph(&reason, 500)),
        ))?;
        if product.is_some() && decision == Decision::Override {
            // What a finding concerns is passed over as a whole: who means one line alone is told.
            let invalid = Invalid::new("not_allowed", wording::orders::override_is_whole());
            return Err(vec![invalid.at("product_id")]);
        }
        Ok(Self(Resolution { decision, product, reason_code, reason }))
    }
}

/// Decides about what screening holds an order for: passes over it, leaves a line out and verifies the rest, or calls the
/// order off. What is contraindicated goes on
/// only once a second pharmacist has sent the same.
///
/// # Errors
/// 400 at `product_id`; 403 `own_order`, `second_pharmacist_required`; 404 for an order or a hold that is not there; 409 `not_resolvable` for a
/// hold of another sort, `invalid_transition`; 412.
#[utoipa::path(post, path = "/v1/orders/{id}/holds/{hold_id}/resolve", tag = "Orders",
    params(("id" = String, Path, description = "The order"), ("hold_id" = String, Path, description = "The hold's `id`"),
           ("If-Match" = Option<String>, Header, description = "The version that is meant")),
    request_body = ResolveHoldRequest,
    responses((status = 200, body = OrderView),
              (status = 403, description = "`own_order`, `second_pharmacist_required`"),
              (status = 409, description = "`not_resolvable`, `invalid_transition`"),
              (status = 412, description = "`version_mismatch`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let id: OrderId = request.path("id")?;
    let hold: String = request.path("hold_id")?;
    let Command(resolution) = request.json::<ResolveHoldRequest, _>()?;
    let (precondition, actor) = (request.precondition()?, request.actor()?);
    let (order, holds) = app.orders().resolve(caller, (id, &hold), &resolution, &precondition, &actor).await?;
    Ok(ok(&OrderView::new(&order, holds, &Orders::viewer(&order, caller), &app.config().media_base_url))?
        .version(order.version))
}
