//! `POST /v1/auth/password/forgot`: sends a code that resets the password.

use shared::accounts::Language;
use shared::api::prelude::*;
use shared::identity::{DeliveryView, Identifier};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// To whom: exactly one of `email` and `phone`.
#[derive(Deserialize, ToSchema)]
pub struct ForgotPasswordRequest {
    /// The address of the account.
    #[schema(value_type = Option<String>, format = Email)]
    email: Option<Field<String>>,
    /// The number of the account.
    #[schema(value_type = Option<String>, example = "+9779812345678")]
    phone: Option<Field<String>>,
}

struct Recipient(Identifier);

impl TryFrom<ForgotPasswordRequest> for Recipient {
    type Error = FieldErrors;

    fn try_from(body: ForgotPasswordRequest) -> Result<Self, FieldErrors> {
        Identifier::parse(body.email, body.phone).map(Self)
    }
}

/// Sends a code that resets the password, if there is somebody to send it to.
///
/// # Errors
/// None that tells whether there is such an account; 429 `too_many_requests` after three in an hour; 503 where the message cannot be
/// sent.
#[utoipa::path(post, path = "/v1/auth/password/forgot", tag = "Auth", request_body = ForgotPasswordRequest,
    responses((status = 202, body = DeliveryView),
              (status = 429, description = "`too_many_requests`: this address or number got enough messages for now")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let Recipient(who) = request.json::<ForgotPasswordRequest, _>()?;
    app.credentials().forgot(&who, Language::accepted(request.header("accept-language"))).await?;
    accepted(&DeliveryView::from(&who))
}
