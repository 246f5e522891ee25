//! `GET /v1/consultations`: a patient's own consultations, those that a doctor has, or everybody's for the staff.

use shared::api::prelude::*;
use shared::consultations::Listing;
use shared::consultations::consultation::Status;
use shared::consultations::view::ConsultationView;
use shared::identity::Role;
use shared::platform::ids::ConsultationId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Which consultations.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListConsultationsQuery {
    /// Those in this state alone.
    #[param(value_type = Option<Status>)]
    status: Option<Field<String>>,
    /// 1 to 100, 20 by default.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<Field<String>>,
    /// `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Field<String>>,
}

/// The newest first: a patient's own, those that a doctor has, or everybody's for the staff. What is shown of others is put on the
/// audit trail first. A page of a list with a `status` may hold fewer than `limit` and still have a `next_cursor`.
///
/// # Errors
/// 400 for parameters that are not valid.
#[utoipa::path(get, path = "/v1/consultations", tag = "Consultations", params(ListConsultationsQuery),
    responses((status = 200, body = Page<ConsultationView>)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let query: ListConsultationsQuery = request.query_fields()?;
    let status = query.status.parse_optional("status", |text| Status::parse(&text));
    let chosen = status.as_ref().ok().copied().flatten();
    let user = caller.user.clone();
    let listing = if caller.may_all(Permission::ReadConsultations) {
        Listing::All(chosen)
    } else if caller.roles.contains(&Role::Doctor) {
        Listing::Assigned(user, chosen)
    } else {
        Listing::Own(user, chosen)
    };
    let keys = app.signing_keys()?;
    let page = PageQuery { limit: query.limit, cursor: query.cursor }.check(&listing.name(), &keys);
    let (_, page) = all((status, page))?;
    let after = page.after.as_deref().map(ConsultationId::parse).transpose().map_err(Error::internal)?;
    let (items, next) = app.consultations()?.list(&request.actor()?, &listing, after, page.limit).await?;
    let next_cursor = next.map(|id| seal(&id.to_string(), &listing.name(), &keys));
    ok(&Page::<ConsultationView> { items, next_cursor })
}
