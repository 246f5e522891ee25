//! `POST /v1/auth/password/forgot`: sends a code that resets the password.

use shared::accounts::Email;
use shared::api::prelude::*;
use shared::identity::DeliveryView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// To whom.
#[derive(Deserialize, ToSchema)]
pub struct ForgotPasswordRequest {
    /// The address of the account.
    #[schema(value_type = String, format = Email)]
    email: Field<String>,
}

struct Recipient(Email);

impl TryFrom<ForgotPasswordRequest> for Recipient {
    type Error = FieldErrors;

    fn try_from(body: ForgotPasswordRequest) -> Result<Self, FieldErrors> {
        let (email,) = all((body.email.parse("email", |text| Email::parse(&text)),))?;
        Ok(Self(email))
    }
}

/// Sends a code that resets the password, if there is somebody to send it to.
///
/// # Errors
/// None that tells whether there is such an account.
#[utoipa::path(post, path = "/v1/auth/password/forgot", tag = "Auth", request_body = ForgotPasswordRequest,
    responses((status = 202, body = DeliveryView)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let Recipient(email) = request.json::<ForgotPasswordRequest, _>()?;
    app.credentials().forgot(&email).await?;
    accepted(&DeliveryView::from(&email))
}
