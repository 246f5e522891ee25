//! `DELETE /v1/profile/addresses/{id}`: removes an address from the caller's address book.

use shared::api::prelude::*;
use shared::platform::ids::AddressId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Removes an address. Where it was the default, the oldest that remains becomes it.
///
/// # Errors
/// 404; 412 `version_mismatch`.
#[utoipa::path(delete, path = "/v1/profile/addresses/{id}", tag = "Profile",
    params(("id" = String, Path, description = "The address"),
           ("If-Match" = Option<String>, Header, description = "The version that is meant")),
    responses((status = 204), (status = 412, description = "`version_mismatch`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    app.address_book().remove(&caller.user, request.path::<AddressId>("id")?, &request.precondition()?).await?;
    no_content()
}
