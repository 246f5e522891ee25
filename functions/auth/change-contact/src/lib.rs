//! `POST /v1/auth/contact`: sends a code to a new address or number, and word to where the caller is reached now.

use shared::accounts::Language;
use shared::api::prelude::*;
use shared::identity::{DeliveryView, Identifier, PasswordClaim};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// How the caller wants to be reached: exactly one of `email` and `phone`.
#[derive(Deserialize, ToSchema)]
pub struct ChangeContactRequest {
    /// The new address.
    #[schema(value_type = Option<String>, format = Email)]
    email: Option<Field<String>>,
    /// The new number, in E.164.
    #[schema(value_type = Option<String>, example = "+9779812345678")]
    phone: Option<Field<String>>,
    /// The password of the account. Who has neither address nor number has none, and must have signed in just now.
    #[schema(value_type = Option<String>, format = Password)]
    password: Option<Field<String>>,
}

struct ChangeContact {
    new: Identifier,
    password: Option<PasswordClaim>,
}

impl TryFrom<ChangeContactRequest> for ChangeContact {
    type Error = FieldErrors;

    fn try_from(body: ChangeContactRequest) -> Result<Self, FieldErrors> {
        let (new, password) = all((
            Identifier::parse(body.email, body.phone),
            body.password.parse_optional("password", |text| PasswordClaim::parse(&text)),
        ))?;
        Ok(Self { new, password })
    }
}

/// Sends a code to the new address or number. The answer is the same when it has an account.
///
/// # Errors
/// 400 `wrong_password` at `password`, which counts as a wrong password at sign-in, or `unchanged`; 401
/// `insufficient_user_authentication` for who has no password and signed in more than ten minutes ago; 423
/// `account_locked`; 429 `too_many_requests` within a minute of the last message to it, or after three in an hour.
#[utoipa::path(post, path = "/v1/auth/contact", tag = "Auth", request_body = ChangeContactRequest,
    responses((status = 202, body = DeliveryView), (status = 401, description = "`insufficient_user_authentication`"),
              (status = 429, description = "`too_many_requests`: this address or number got enough messages for now"),
              (status = 423, description = "`account_locked`; Retry-After says for how long")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let ChangeContact { new, password } = request.json::<ChangeContactRequest, _>()?;
    let language = Language::accepted(request.header("accept-language"));
    app.contact_change().request(caller, &request.actor()?, &new, password.as_ref(), language).await?;
    accepted(&DeliveryView::from(&new))
}
