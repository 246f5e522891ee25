//! `DELETE /v1/prescriptions/{id}/review`: takes back that one has approved a prescription.

use shared::api::prelude::*;
use shared::platform::ids::PrescriptionId;
use shared::prescriptions::view::PrescriptionView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Takes an approval back, within a minute and while nothing was dispensed on it. The prescription is pending then, and
/// claimed by the pharmacist who has approved it, as nobody else may take it back.
///
/// # Errors
/// 403 `not_reviewer`; 404; 409 `already_used`, `too_late` or `invalid_state`; 412.
#[utoipa::path(delete, path = "/v1/prescriptions/{id}/review", tag = "Prescriptions",
    params(("id" = String, Path, description = "The prescription"),
           ("If-Match" = Option<String>, Header, description = "The version that is meant")),
    responses((status = 200, body = PrescriptionView), (status = 403, description = "`not_reviewer`"),
              (status = 409, description = "`already_used`, `too_late` or `invalid_state`"),
              (status = 412, description = "`version_mismatch`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let id: PrescriptionId = request.path("id")?;
    let view = app.prescriptions()?.undo_review(&request.actor()?, id, &request.precondition()?).await?;
    let view = app.orders().with_waiting(view).await?;
    Ok(ok(&view)?.version(view.version))
}
