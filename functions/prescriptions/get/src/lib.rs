//! `GET /v1/prescriptions/{id}`: one prescription, to its owner or to staff.

use shared::api::prelude::*;
use shared::platform::ids::PrescriptionId;
use shared::prescriptions::view::PrescriptionView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// One prescription. What staff read is put on the audit trail first.
///
/// # Errors
/// 404 for what does not exist or is another's; 503 where the trail cannot be written.
#[utoipa::path(get, path = "/v1/prescriptions/{id}", tag = "Prescriptions",
    params(("id" = String, Path, description = "The prescription")),
    responses((status = 200, body = PrescriptionView)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let staff = request.caller()?.may_all(Permission::ReadPrescriptions);
    let id: PrescriptionId = request.path("id")?;
    let view = app.prescriptions()?.get(&request.actor()?, staff, id).await?;
    let view = app.orders().with_waiting(view).await?;
    // What waits for it, who has claimed it and until when change while it does not: the tag is of all that is said.
    Ok(ok(&view)?.private_version(view.version))
}
