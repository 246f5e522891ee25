//! `GET /v1/profile/addresses`: the caller's address book.

use shared::accounts::address::Address;
use shared::api::prelude::*;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// The caller's addresses, oldest first; at most 20, so all of them on one page.
///
/// # Errors
/// None beyond those of every route.
#[utoipa::path(get, path = "/v1/profile/addresses", tag = "Profile",
    responses((status = 200, body = Page<Address>)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let items = app.address_book().list(&request.caller()?.user).await?;
    ok(&Page { items, next_cursor: None })
}
