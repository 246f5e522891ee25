//! `POST /v1/prescriptions/{id}/review`: approves or rejects a prescription that one has claimed.

use shared::api::prelude::*;
use shared::platform::ids::PrescriptionId;
use shared::prescriptions::on_sale::OnSale;
use shared::prescriptions::request::ReviewPrescriptionRequest;
use shared::prescriptions::review::Decision;
use shared::prescriptions::view::PrescriptionView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Decides on a prescription: what may be dispensed, how often and until when, or why nothing may.
///
/// # Errors
/// 400 with the fields that are not valid, allow more than they may or anybody takes, or name what no product has; 403
/// `own_prescription`; 404; 409 `not_claimed` or `invalid_state`; 412.
#[utoipa::path(post, path = "/v1/prescriptions/{id}/review", tag = "Prescriptions",
    params(("id" = String, Path, description = "The prescription"),
           ("If-Match" = Option<String>, Header, description = "The version that is meant")),
    request_body = ReviewPrescriptionRequest,
    responses((status = 200, body = PrescriptionView), (status = 403, description = "`own_prescription`"),
              (status = 409, description = "`not_claimed` or `invalid_state`"),
              (status = 412, description = "`version_mismatch`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let id: PrescriptionId = request.path("id")?;
    let body: ReviewPrescriptionRequest = request.body_fields()?;
    let decision = body.check(app.today()?)?;
    let on_sale = match &decision {
        // What was put on sale a moment ago may be what is prescribed.
        Decision::Approve(approval) if !approval.ingredients().is_empty() => {
            OnSale::of(&*app.browsing().index_now().await?, &approval.ingredients())
        }
        _ => OnSale::default(),
    };
    let (actor, precondition) = (request.actor()?, request.precondition()?);
    let view = app.prescriptions()?.review(&actor, id, &precondition, decision, &on_sale).await?;
    let view = app.orders().with_waiting(view).await?;
    Ok(ok(&view)?.version(view.version))
}
