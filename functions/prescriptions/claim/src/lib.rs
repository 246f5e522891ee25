//! `POST /v1/prescriptions/{id}/claim`: takes a pending prescription to review it.

use shared::api::prelude::*;
use shared::platform::ids::PrescriptionId;
use shared::prescriptions::view::PrescriptionView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Takes a prescription for half an hour, to the exclusion of others; one's own claim is renewed.
///
/// # Errors
/// 403 `own_prescription`; 404; 409 `already_claimed` or `invalid_state`.
#[utoipa::path(post, path = "/v1/prescriptions/{id}/claim", tag = "Prescriptions",
    params(("id" = String, Path, description = "The prescription")),
    responses((status = 200, body = PrescriptionView), (status = 403, description = "`own_prescription`"),
              (status = 409, description = "`already_claimed` or `invalid_state`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let id: PrescriptionId = request.path("id")?;
    let view = app.prescriptions()?.claim(&request.actor()?, id).await?;
    let view = app.orders().with_waiting(view).await?;
    Ok(ok(&view)?.version(view.version))
}
