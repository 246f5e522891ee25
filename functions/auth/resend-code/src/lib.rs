//! `POST /v1/auth/register/resend`: sends the code of a registration again.

use shared::accounts::Email;
use shared::api::prelude::*;
use shared::identity::DeliveryView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// To whom.
#[derive(Deserialize, ToSchema)]
pub struct ResendCodeRequest {
    /// The address of the account.
    #[schema(value_type = String, format = Email)]
    email: Field<String>,
}

struct Recipient(Email);

impl TryFrom<ResendCodeRequest> for Recipient {
    type Error = FieldErrors;

    fn try_from(body: ResendCodeRequest) -> Result<Self, FieldErrors> {
        let (email,) = all((body.email.parse("email", |text| Email::parse(&text)),))?;
        Ok(Self(email))
    }
}

/// Sends the code of a registration again, if there is one to confirm.
///
/// # Errors
/// None that tells whether there is such an account.
#[utoipa::path(post, path = "/v1/auth/register/resend", tag = "Auth", request_body = ResendCodeRequest,
    responses((status = 202, body = DeliveryView)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let Recipient(email) = request.json::<ResendCodeRequest, _>()?;
    app.registration(request.origin()).resend(&email).await?;
    accepted(&DeliveryView::from(&email))
}
