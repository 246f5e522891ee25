//! `GET /v1/auth/social/{provider}`: leads a browser to another provider's sign-in.

use shared::api::prelude::*;
use shared::api::{Cookie, found};
use shared::identity::social::{COOKIE, Provider, StartSocial};
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Where the browser is to come back to.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StartSocialQuery {
    /// A page of the client, one of those that the deployment lists, byte for byte.
    #[param(value_type = String)]
    redirect_uri: Field<String>,
}

impl StartSocialQuery {
    /// The address, if codes may be sent there.
    fn check(self, social: &StartSocial<'_>) -> Result<String, FieldErrors> {
        let listed = |uri: String| {
            let not_listed = Invalid::new("not_allowed", wording::identity::return_address());
            if social.may_return_to(&uri) { Ok(uri) } else { Err(not_listed) }
        };
        let (redirect_uri,) = all((self.redirect_uri.parse("redirect_uri", listed),))?;
        Ok(redirect_uri)
    }
}

/// Leads a browser to another provider's sign-in, by way of Cognito. It comes back to `redirect_uri` with `code` and
/// `state`, or with `error` and `state`.
///
/// # Errors
/// 400 for an address that is not listed; 404 for a provider that there is not, or that is not set up.
#[utoipa::path(get, path = "/v1/auth/social/{provider}", tag = "Auth",
    params(("provider" = String, Path, description = "`google` or `facebook`"), StartSocialQuery),
    responses((status = 302, description = "To the provider",
                  headers(("Location" = String, description = "Cognito's hosted UI"),
                          ("Set-Cookie" = String, description = "`__Host-social`, to be brought back to the callback"))),
              (status = 404, description = "`not_found`, `provider_unavailable`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let provider: Provider = request.path("provider")?;
    let social = app.start_social();
    let redirect_uri = request.query_with(|query: StartSocialQuery| query.check(&social))?;
    let started = social.start(provider, &redirect_uri).await?;
    let (name, seconds) = COOKIE;
    Ok(Cookie::cross_site(name, seconds).set(found(&started.location)?, started.binding.expose()))
}
