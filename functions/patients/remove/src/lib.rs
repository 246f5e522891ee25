//! `DELETE /v1/patients/{id}`: removes a patient from those that the caller cares for.

use shared::api::prelude::*;
use shared::platform::ids::PatientId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Removes a patient. Whom a prescription or an order names is closed instead: they stay in the list with `closed_at`,
/// and nothing new can be had for them.
///
/// # Errors
/// 404; 409 `owner_stays`: the caller themselves; 412 `version_mismatch`.
#[utoipa::path(delete, path = "/v1/patients/{id}", tag = "Patients",
    params(("id" = String, Path, description = "The patient"),
           ("If-Match" = Option<String>, Header, description = "The version that is meant")),
    responses((status = 204), (status = 409, description = "`owner_stays`"),
              (status = 412, description = "`version_mismatch`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let actor = request.actor()?;
    app.patients().remove(&actor, request.path::<PatientId>("id")?, &request.precondition()?).await?;
    no_content()
}
