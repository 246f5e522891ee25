//! `POST /v1/auth/register/resend`: sends another code to who registered.

use shared::accounts::{Email, Language};
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

/// Sends another code, if there is a registration to confirm; otherwise the mailbox is told why there is none.
///
/// # Errors
/// None that tells whether there is such an account; 429 `too_many_requests` after three in an hour; 503 where the mail cannot be
/// sent.
#[utoipa::path(post, path = "/v1/auth/register/resend", tag = "Auth", request_body = ResendCodeRequest,
    responses((status = 202, body = DeliveryView),
              (status = 429, description = "`too_many_requests`: this address or number got enough messages for now")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let Recipient(email) = request.json::<ResendCodeRequest, _>()?;
    app.registration(request.origin()).resend(&email, Language::accepted(request.header("accept-language"))).await?;
    accepted(&DeliveryView::from(&email))
}
