//! `GET /v1/orders`: orders, the newest first.

use shared::api::prelude::*;
use shared::api::seal;
use shared::orders::holds::{HoldCode, NextActor, Sought};
use shared::orders::number::SoughtNumber;
use shared::orders::status::Status;
use shared::orders::view::OrderSummary;
use shared::orders::{ListOrders, Orders, Wanted};
use shared::platform::clock::Date;
use shared::platform::ids::OrderId;
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Which orders.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListOrdersQuery {
    /// Those in this state; given several times, in any of these.
    #[param(value_type = Option<Vec<Status>>)]
    status: Option<Field<Vec<String>>>,
    /// Those placed on this day of the pharmacy or later.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Field<String>>,
    /// Those placed on this day of the pharmacy or earlier.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Field<String>>,
    /// Those that wait for this, with what they wait for; where no `status` is named, among those that have not left the house.
    #[param(value_type = Option<HoldCode>)]
    hold: Option<Field<String>>,
    /// The same of those that wait for these to act.
    #[param(value_type = Option<NextActor>)]
    waiting_for: Option<Field<String>>,
    /// The one with this number, such as `AP-7K3M-9QXR-4TVW`, however it is written; not with `hold` or `waiting_for`.
    #[param(value_type = Option<String>)]
    number: Option<Field<String>>,
    /// 1 to 100, 20 by default.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<Field<String>>,
    /// `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Field<String>>,
}

/// A page of the caller's own orders; the staff sees all, a seller those with own products. By what they wait for, a page may
/// hold fewer than `limit` and still have a `next_cursor`. Only a list by what they wait for says it in `holds`.
///
/// # Errors
/// 400 for parameters that are not valid.
#[utoipa::path(get, path = "/v1/orders", tag = "Orders", params(ListOrdersQuery),
    responses((status = 200, body = Page<OrderSummary>)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let query: ListOrdersQuery = request.query_fields_with_lists(&["status"])?;
    let keys = app.signing_keys()?;
    let alone = by_number_alone(&query);
    let wanted = wanted(query.status, query.from, query.to);
    // A cursor goes on with the list it came from: the same person's, of the same orders.
    let which = wanted.as_ref().map(Wanted::name).unwrap_or_default();
    let sought = Sought::parse(query.hold, query.waiting_for);
    let waits =
        sought.as_ref().ok().copied().flatten().map_or_else(String::new, |sought| format!(" {}", sought.name()));
    let list = format!("{which} of {}{waits}", caller.user);
    let ((), wanted, sought, number, page) = all((
        alone,
        wanted,
        sought,
        query.number.parse_optional("number", |text| SoughtNumber::parse(&text)),
        PageQuery { limit: query.limit, cursor: query.cursor }.check(&list, &keys),
    ))?;
    let media = &app.config().media_base_url;
    let summary = |order: &_| OrderSummary::new(order, &Orders::viewer(order, caller), media);
    let listing = wanted.listing(&app.config().time_zone)?;
    if let Some(number) = number {
        let found = app.orders().find(caller, &number, &request.actor()?).await?;
        let fits = found.iter().filter(|order| listing.takes(order));
        return Ok(ok(&Page { items: fits.map(summary).collect(), next_cursor: None })?.private());
    }
    let after = page.after.as_deref().map(OrderId::parse).transpose().map_err(Error::internal)?;
    let asked = ListOrders { which: listing, limit: page.limit, after };
    if let Some(sought) = sought {
        let found = app.orders().list_held(caller, &asked, sought, &request.actor()?).await?;
        let held =
            |(order, holds): (_, _)| OrderSummary::with_holds(&order, holds, &Orders::viewer(&order, caller), media);
        let next_cursor = found.next.map(|id| seal(&id.to_string(), &list, &keys));
        return Ok(ok(&Page { items: found.orders.into_iter().map(held).collect::<Vec<_>>(), next_cursor })?.private());
    }
    let found = app.orders().list(caller, &asked, &request.actor()?).await?;
    let items = found.orders.iter().map(summary).collect();
    let next = found.next.map(|id| seal(&id.to_string(), &list, &keys));
    Ok(ok(&Page::<OrderSummary> { items, next_cursor: next })?.private())
}

/// What one order waits for is in the order itself: a number goes with no `hold` and no `waiting_for`.
fn by_number_alone(query: &ListOrdersQuery) -> Result<(), FieldErrors> {
    let beside = [("hold", query.hold.is_some()), ("waiting_for", query.waiting_for.is_some())];
    let beside = beside.into_iter().filter(|(_, given)| *given && query.number.is_some());
    let errors: FieldErrors = beside
        .map(|(name, _)| Invalid::new("not_combinable", wording::field::one_or_other("number", name)).at(name))
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn wanted(
    statuses: Option<Field<Vec<String>>>,
    from: Option<Field<String>>,
    to: Option<Field<String>>,
) -> Result<Wanted, FieldErrors> {
    let (statuses, from, to) = all((
        statuses.parse_optional("status", |texts| texts.into_iter().map(Status::parse).collect()),
        from.parse_optional("from", |day| Date::parse(&day)),
        to.parse_optional("to", |day| Date::parse(&day)),
    ))?;
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        return Err(vec![Invalid::new("out_of_range", wording::field::day_not_before_first()).at("to")]);
    }
    Ok(Wanted { statuses: statuses.unwrap_or_default(), from, to })
}
