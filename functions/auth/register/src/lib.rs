//! `POST /v1/auth/register`: makes an account and sends a code to its address.

use shared::accounts::{Email, FullName, Language};
use shared::api::prelude::*;
use shared::identity::{DeliveryView, NewAccount, Password};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Who wants an account.
#[derive(Deserialize, ToSchema)]
pub struct RegisterRequest {
    /// At most 254 characters.
    #[schema(value_type = String, format = Email)]
    email: Field<String>,
    /// 12 to 128 characters; none of the common ones, and not about its owner.
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 128)]
    password: Field<String>,
    /// At most 100 characters.
    #[schema(value_type = String, max_length = 100)]
    full_name: Field<String>,
}

struct Register(NewAccount);

impl TryFrom<RegisterRequest> for Register {
    type Error = FieldErrors;

    fn try_from(body: RegisterRequest) -> Result<Self, FieldErrors> {
        let email = body.email.parse("email", |text| Email::parse(&text));
        let full_name = body.full_name.parse("full_name", |text| FullName::parse(&text));
        let (owner, name) = (email.as_ref().ok(), full_name.as_ref().ok());
        let password = body.password.parse("password", |text| Password::parse(&text, owner, name));
        let (email, password, full_name) = all((email, password, full_name))?;
        Ok(Self(NewAccount { email, password, full_name }))
    }
}

/// Makes an account and sends a code to its address. The answer is the same when the address is taken; its mailbox is told.
///
/// # Errors
/// 429 `too_many_requests` after three in an hour; 503 while the same address is being registered or confirmed, or where the mail
/// cannot be sent.
#[utoipa::path(post, path = "/v1/auth/register", tag = "Auth", request_body = RegisterRequest,
    responses((status = 202, body = DeliveryView),
              (status = 429, description = "`too_many_requests`: this address or number got enough messages for now")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let Register(account) = request.json::<RegisterRequest, _>()?;
    app.registration(request.origin())
        .register(&account, Language::accepted(request.header("accept-language")))
        .await?;
    accepted(&DeliveryView::from(&account.email))
}
