//! `PUT /v1/profile/notifications`: sets how, about what and when the caller may be written to.

use shared::accounts::{Notifications, SetNotificationsRequest};
use shared::api::prelude::*;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Sets how, about what and when the caller may be written to, in place of what was set before; what is left out is as everybody
/// starts with. `GET /v1/profile` has it under `preferences.notifications`.
///
/// # Errors
/// 404 without a profile; 412 `version_mismatch`.
#[utoipa::path(put, path = "/v1/profile/notifications", tag = "Notifications",
    params(("If-Match" = Option<String>, Header, description = "The version of the profile that is meant")),
    request_body = SetNotificationsRequest,
    responses((status = 200, body = Notifications), (status = 404, description = "`not_found`, once the account is erased"),
              (status = 412, description = "`version_mismatch`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let settings: Notifications = request.json::<SetNotificationsRequest, _>()?;
    let profile =
        app.profiles().set_notifications(&caller.user, &request.precondition()?, |_| settings.clone()).await?;
    Ok(ok(&profile.preferences.notifications)?.version(profile.version))
}
