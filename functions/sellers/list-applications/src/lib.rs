//! `GET /v1/sellers/applications`: who wants to sell here.

use serde::Serialize;
use shared::api::prelude::*;
use shared::platform::ids::SellerApplicationId;
use shared::sellers::ApplicationView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

const LIST: &str = "seller applications";

/// Which page.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListApplicationsQuery {
    /// 1 to 100, 20 by default.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<Field<String>>,
    /// `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Field<String>>,
}

/// A page of applications.
#[derive(Serialize, ToSchema)]
pub struct ApplicationPage {
    /// Those that are open, the oldest first.
    items: Vec<ApplicationView>,
    /// What to send as `cursor` for the next page; `null` on the last.
    next_cursor: Option<String>,
}

/// The open applications, the oldest first. Each that is shown is on the trail.
///
/// # Errors
/// 400 for parameters that are not valid.
#[utoipa::path(get, path = "/v1/sellers/applications", tag = "Sellers", params(ListApplicationsQuery),
    responses((status = 200, body = ApplicationPage)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let query: ListApplicationsQuery = request.query_fields()?;
    let keys = app.signing_keys()?;
    let page = PageQuery { limit: query.limit, cursor: query.cursor }.check(LIST, &keys)?;
    let after = page.after.as_deref().and_then(|after| SellerApplicationId::parse(after).ok());
    let (found, next) = app.seller_desk().list(&request.actor()?, after, page.limit).await?;
    let next_cursor = next.map(|next| seal(&next.to_string(), LIST, &keys));
    ok(&ApplicationPage { items: found.iter().map(ApplicationView::from).collect(), next_cursor })
}
