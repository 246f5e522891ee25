//! `GET /v1/prescriptions`: a patient's own prescriptions, or the queue of those who review them.

use shared::api::prelude::*;
use shared::orders::number::{OrderNumber, SoughtNumber};
use shared::platform::ids::PrescriptionId;
use shared::platform::wording;
use shared::prescriptions::view::{PrescriptionCount, PrescriptionPage};
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
    /// Those alone that nobody works on; for staff.
    #[param(value_type = Option<bool>)]
    unclaimed: Option<Field<String>>,
    /// Whether to say how many there are on all pages; for staff.
    #[param(value_type = Option<bool>)]
    count: Option<Field<String>>,
    /// Those that were given with the order of this number, such as `AP-7K3M-9QXR-4TVW`, however it is written.
    #[param(value_type = Option<String>)]
    number: Option<Field<String>>,
    /// 1 to 100, 20 by default.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<Field<String>>,
    /// `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Field<String>>,
}

/// The caller's own prescriptions, newest first; to staff everybody's in one state, oldest first. A page of a list with a
/// `status` or with `unclaimed` may hold fewer than `limit` and still have a `next_cursor`. By the number of an order all of
/// its prescriptions are answered at once, in any state but where `status` names one.
///
/// # Errors
/// 400 for parameters that are not valid.
#[utoipa::path(get, path = "/v1/prescriptions", tag = "Prescriptions", params(ListPrescriptionsQuery),
    responses((status = 200, body = PrescriptionPage)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let query: ListPrescriptionsQuery = request.query_fields()?;
    let status = query.status.parse_optional("status", |text| Status::parse(&text));
    let chosen = status.as_ref().ok().copied().flatten();
    let staff = caller.may_all(Permission::ReadPrescriptions);
    let unclaimed = query.unclaimed.parse_optional("unclaimed", |text| flag(&text, staff));
    let listing = if staff {
        let unclaimed = unclaimed.as_ref().ok().copied().flatten().unwrap_or(false);
        Listing::Queue { status: chosen.unwrap_or(Status::Pending), unclaimed }
    } else {
        Listing::Own { owner: caller.user.clone(), status: chosen }
    };
    let keys = app.signing_keys()?;
    let page = PageQuery { limit: query.limit, cursor: query.cursor }.check(&listing.name(), &keys);
    let (_, _, count, number, page) = all((
        status,
        unclaimed,
        query.count.parse_optional("count", |text| flag(&text, staff)),
        query.number.parse_optional("number", |text| OrderNumber::parse(&text)),
        page,
    ))?;
    let prescriptions = app.prescriptions()?;
    if let Some(number) = number {
        let orders = app.orders().find(caller, &SoughtNumber::Number(number), &request.actor()?).await?;
        let ids = orders.iter().flat_map(|order| order.prescription_ids.iter().copied()).collect();
        let items = prescriptions.list_these(&listing, chosen, ids).await?;
        let total = (count == Some(true)).then_some(PrescriptionCount { count: items.len(), more: false });
        return ok(&PrescriptionPage { items, next_cursor: None, total });
    }
    let after = page.after.as_deref().map(PrescriptionId::parse).transpose().map_err(Error::internal)?;
    let (items, next) = prescriptions.list(&listing, after, page.limit).await?;
    let total = if count == Some(true) { Some(prescriptions.count(&listing).await?) } else { None };
    let next_cursor = next.map(|id| seal(&id.to_string(), &listing.name(), &keys));
    ok(&PrescriptionPage { items, next_cursor, total })
}

/// Reads what staff alone may ask for.
fn flag(text: &str, staff: bool) -> Result<bool, Invalid> {
    match text {
        _ if !staff => Err(Invalid::new("not_allowed", wording::field::staff_only())),
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Invalid::new("unknown_value", wording::field::true_or_false())),
    }
}
