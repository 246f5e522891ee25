//! `POST /v1/payments/esewa/return`: the customer has come back from eSewa.

use shared::api::prelude::*;
use shared::orders::EsewaReturned;
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle).knows_providers();

/// The longest that is read.
const MAX_DATA: usize = 4096;

/// What eSewa has sent back through the browser.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CameBack {
    /// The parameter `data`, as it is.
    #[schema(value_type = String)]
    data: Field<String>,
}

fn check(body: CameBack) -> Result<String, FieldErrors> {
    let (data,) = all((body.data.parse("data", |data: String| {
        let good = (1..=MAX_DATA).contains(&data.len()) && data.bytes().all(|byte| byte.is_ascii_graphic());
        if good { Ok(data) } else { Err(Invalid::new("invalid_data", wording::payments::what_esewa_sent())) }
    }),))?;
    Ok(data)
}

/// Takes what eSewa has sent back to `return_url`. Its signature is checked over exactly the fields that it has to sign; then
/// eSewa's status endpoint is asked, which alone decides. Whoever has it may send it, any number of times.
///
/// # Errors
/// 400 `invalid_signature`; 404 for no payment of ours; 503 `provider_unavailable`.
#[utoipa::path(post, path = "/v1/payments/esewa/return", tag = "Payments", request_body = CameBack,
    responses((status = 200, body = EsewaReturned), (status = 400, description = "`invalid_signature`"),
              (status = 404, description = "`not_found`"), (status = 503, description = "`provider_unavailable`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let data = request.json_with(check)?;
    ok(&app.paying().await?.came_back_from_esewa(&data, &request.origin()).await?)
}
