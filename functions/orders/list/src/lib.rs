//! `GET /v1/orders`: orders, the newest first.

use shared::api::prelude::*;
use shared::api::seal;
use shared::orders::number::SoughtNumber;
use shared::orders::status::Status;
use shared::orders::view::OrderSummary;
use shared::orders::{ListOrders, Orders};
use shared::platform::ids::OrderId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Which orders.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListOrdersQuery {
    /// Those in this state alone.
    #[param(value_type = Option<Status>)]
    status: Option<Field<String>>,
    /// The one with this number, such as `AP-7K3M-9QXR-4TVW`, however it is written.
    #[param(value_type = Option<String>)]
    number: Option<Field<String>>,
    /// 1 to 100, 20 by default.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<Field<String>>,
    /// `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Field<String>>,
}

/// A page of the caller's own orders; the staff sees all, a seller those with own products.
///
/// # Errors
/// 400 for parameters that are not valid.
#[utoipa::path(get, path = "/v1/orders", tag = "Orders", params(ListOrdersQuery),
    responses((status = 200, body = Page<OrderSummary>)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let query: ListOrdersQuery = request.query_fields()?;
    let keys = app.signing_keys()?;
    let status = query.status.parse_optional("status", Status::parse);
    // A cursor goes on with the list it came from: the same person's, in the same state.
    let state = status.as_ref().ok().copied().flatten().map_or("any", Status::as_str);
    let list = format!("{state} orders of {}", caller.user);
    let (status, number, page) = all((
        status,
        query.number.parse_optional("number", |text| SoughtNumber::parse(&text)),
        PageQuery { limit: query.limit, cursor: query.cursor }.check(&list, &keys),
    ))?;
    let summary = |order: &_| OrderSummary::new(order, &Orders::viewer(order, caller));
    if let Some(number) = number {
        let found = app.orders().find(caller, &number, &request.actor()?).await?;
        let fits = found.iter().filter(|order| status.is_none_or(|status| order.status == status));
        return ok(&Page { items: fits.map(summary).collect(), next_cursor: None });
    }
    let after = page.after.as_deref().map(OrderId::parse).transpose().map_err(Error::internal)?;
    let asked = ListOrders { status, limit: page.limit, after };
    let found = app.orders().list(caller, &asked, &request.actor()?).await?;
    let items = found.orders.iter().map(summary).collect();
    let next = found.next.map(|id| seal(&id.to_string(), &list, &keys));
    ok(&Page::<OrderSummary> { items, next_cursor: next })
}
