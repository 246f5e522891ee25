//! `DELETE /v1/prescriptions/{id}`: takes a prescription back that nothing was dispensed on.

use shared::api::prelude::*;
use shared::platform::ids::PrescriptionId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Takes a prescription back and deletes its file. Taking it back again changes nothing.
///
/// # Errors
/// 404 for what does not exist or is another's; 409 `already_used` or `invalid_state`; 412.
#[utoipa::path(delete, path = "/v1/prescriptions/{id}", tag = "Prescriptions",
    params(("id" = String, Path, description = "The prescription"),
           ("If-Match" = Option<String>, Header, description = "The version that is meant")),
    responses((status = 204), (status = 409, description = "`already_used` or `invalid_state`"),
              (status = 412, description = "`version_mismatch`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let id: PrescriptionId = request.path("id")?;
    app.prescriptions()?.withdraw(&request.actor()?, id, &request.precondition()?).await?;
    no_content()
}
