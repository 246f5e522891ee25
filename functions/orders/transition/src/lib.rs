//! `POST /v1/orders/{id}/transitions`: the staff moves an order along.

use shared::api::prelude::*;
use shared::orders::status::Status;
use shared::orders::view::OrderView;
use shared::orders::{Orders, Transition};
use shared::platform::ids::OrderId;
use shared::platform::text;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// A step.
#[derive(Deserialize, ToSchema)]
pub struct TransitionRequest {
    /// The state that the order shall come to.
    #[schema(value_type = Status)]
    to: Field<String>,
    /// For the history, at most 500 characters.
    note: Option<Field<String>>,
    /// The carrier's number or link, at most 200 characters.
    tracking: Option<Field<String>>,
}

struct Step(Transition);

impl TryFrom<TransitionRequest> for Step {
    type Error = FieldErrors;

    fn try_from(body: TransitionRequest) -> Result<Self, FieldErrors> {
        let (to, note, tracking) = all((
            body.to.parse("to", Status::parse),
            body.note.parse_optional("note", |note| text::paragraph(&note, 500)),
            body.tracking.parse_optional("tracking", |tracking| text::line(&tracking, 200)),
        ))?;
        Ok(Self(Transition { to, note, tracking }))
    }
}

/// Moves an order along. At `verified` and `packed` every prescription medicine in it must be covered by an approved,
/// unexpired prescription.
///
/// # Errors
/// 404; 409 `invalid_transition`; 422 `dispensing_refused` with a typed problem for every line.
#[utoipa::path(post, path = "/v1/orders/{id}/transitions", tag = "Orders",
    params(("id" = String, Path, description = "The order"),
           ("If-Match" = Option<String>, Header, description = "The version that is meant")),
    request_body = TransitionRequest,
    responses((status = 200, body = OrderView), (status = 409, description = "`invalid_transition`"),
              (status = 412, description = "`version_mismatch`"), (status = 422, description = "`dispensing_refused`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let id: OrderId = request.path("id")?;
    let Step(transition) = request.json::<TransitionRequest, _>()?;
    let order = app.orders().step(caller, id, &transition, &request.precondition()?, &request.actor()?).await?;
    let holds = app.orders().holds(&order).await?;
    Ok(ok(&OrderView::new(&order, holds, &Orders::viewer(&order, caller)))?.version(order.version))
}
