//! `GET /v1/prescriptions`: a patient's own prescriptions, or the queue of those who review them.

use shared::api::prelude::*;
use shared::platform::ids::PrescriptionId;
use shared::prescriptions::view::PrescriptionSummary;
use shared::prescriptions::{Listing, Status};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Which prescriptions.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListPrescriptionsQuery {
    /// Those in this state alone; staff see those that are `pending` by default.
    #[param(value_type = Option<Status>)]
    status: Option<Field<String>>,
    /// 1 to 100, 20 by default.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<Field<String>>,
    /// `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Field<String>>,
}

/// The caller's own prescriptions, newest first; to staff everybody's in one state, oldest first. A page of a list with a
/// `status` may hold fewer than `limit` and still have a `next_cursor`.
///
/// # Errors
/// 400 for parameters that are not valid.
#[utoipa::path(get, path = "/v1/prescriptions", tag = "Prescriptions", params(ListPrescriptionsQuery),
    responses((status = 200, body = Page<PrescriptionSummary>)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let query: ListPrescriptionsQuery = request.query_fields()?;
    let status = query.status.parse_optional("status", |text| Status::parse(&text));
    let chosen = status.as_ref().ok().copied().flatten();
    let listing = if caller.may_all(Permission::ReadPrescriptions) {
        Listing::Queue { status: chosen.unwrap_or(Status::Pending) }
    } else {
        Listing::Own { owner: caller.user.clone(), status: chosen }
    };
    let keys = app.signing_keys()?;
    let page = PageQuery { limit: query.limit, cursor: query.cursor }.check(&listing.name(), &keys);
    let (_, page) = all((status, page))?;
    let after = page.after.as_deref().map(PrescriptionId::parse).transpose().map_err(Error::internal)?;
    let (items, next) = app.prescriptions()?.list(&listing, after, page.limit).await?;
    let next_cursor = next.map(|id| seal(&id.to_string(), &listing.name(), &keys));
    ok(&Page::<PrescriptionSummary> { items, next_cursor })
}
