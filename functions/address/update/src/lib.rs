//! `PATCH /v1/profile/addresses/{id}`: changes what is given of an address; `null` clears what is optional.

use shared::accounts::address::{Address, AddressChange, UpdateAddressRequest};
use shared::api::prelude::*;
use shared::platform::ids::AddressId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Changes an address of the caller (JSON merge patch, RFC 7396). Orders that went there before keep it as it was.
///
/// # Errors
/// 404; 412 `version_mismatch`.
#[utoipa::path(patch, path = "/v1/profile/addresses/{id}", tag = "Profile",
    params(("id" = String, Path, description = "The address"),
           ("If-Match" = Option<String>, Header, description = "The version that is meant")),
    request_body = UpdateAddressRequest,
    responses((status = 200, body = Address), (status = 412, description = "`version_mismatch`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let id: AddressId = request.path("id")?;
    let change: AddressChange = request.json::<UpdateAddressRequest, _>()?;
    let address = app.address_book().change(&caller.user, id, &request.precondition()?, change).await?;
    Ok(ok(&address)?.version(address.version))
}
