//! `GET /v1/patients`: the patients of the caller's account.

use shared::api::prelude::*;
use shared::patients::Patient;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// The patients of the caller's account: the caller themselves first, as the profile has them, then those that they care
/// for, oldest first, closed ones too. All of them on one page.
///
/// # Errors
/// None beyond those of every route.
#[utoipa::path(get, path = "/v1/patients", tag = "Patients",
    responses((status = 200, body = Page<Patient>)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let items = app.patients().list(&request.caller()?.user).await?;
    ok(&Page { items, next_cursor: None })
}
