//! `DELETE /v1/prescriptions/{id}/claim`: gives a prescription back that one has claimed.

use shared::api::prelude::*;
use shared::platform::ids::PrescriptionId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Gives a prescription back, for others to take. One that nobody works on stays as it is.
///
/// # Errors
/// 403 `own_prescription`; 404; 409 `already_claimed` by another, or `invalid_state`.
#[utoipa::path(delete, path = "/v1/prescriptions/{id}/claim", tag = "Prescriptions",
    params(("id" = String, Path, description = "The prescription")),
    responses((status = 204, description = "Nobody works on it"), (status = 403, description = "`own_prescription`"),
              (status = 409, description = "`already_claimed` or `invalid_state`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let id: PrescriptionId = request.path("id")?;
    app.prescriptions()?.release(&request.actor()?, id).await?;
    no_content()
}
