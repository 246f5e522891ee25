//! `POST /v1/lots/{id}/recall`: calls a lot back.

use shared::api::prelude::*;
use shared::catalog::recalls::{NewRecall, RecallClass, RecallView};
use shared::platform::ids::LotId;
use shared::platform::text;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Why a lot is called back.
#[derive(Deserialize, ToSchema)]
pub struct RecallLotRequest {
    /// Why, as those are told who have it: what is wrong, and what they are to do with it.
    #[schema(value_type = String, min_length = 1, max_length = 500)]
    reason: Field<String>,
    /// By which number its maker or the authority calls it.
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "D-0123-2027")]
    reference: Field<String>,
    /// How grave it is, as authorities count it: 1 is the gravest.
    #[schema(value_type = u8, minimum = 1, maximum = 3)]
    class: Field<i64>,
}

struct RecallLot(NewRecall);

impl TryFrom<RecallLotRequest> for RecallLot {
    type Error = FieldErrors;

    fn try_from(body: RecallLotRequest) -> Result<Self, FieldErrors> {
        let (reason, reference, class) = all((
            body.reason.parse("reason", |text| text::paragraph(&text, 500)),
            body.reference.parse("reference", |text| text::line(&text, 100)),
            body.class.parse("class", RecallClass::parse),
        ))?;
        Ok(Self(NewRecall { reason, reference, class }))
    }
}

/// Calls a lot back, once for each `Idempotency-Key`. From then on none of it is sold, packed or shipped. A worker finds every
/// order that has units of it: those in the house are held, and who has got some is told. How far that has come is told by
/// `GET /v1/recalls/{id}`.
///
/// # Errors
/// 404 for a lot that there is not; 409 `already_recalled`; 422 `idempotency_key_reused`.
#[utoipa::path(post, path = "/v1/lots/{id}/recall", tag = "Catalogue",
    params(("id" = String, Path, description = "The lot's id"),
        ("Idempotency-Key" = String, Header, description = "New for each recall, the same when it is repeated")),
    request_body = RecallLotRequest,
    responses(
        (status = 202, body = RecallView),
        (status = 409, description = "`already_recalled`; `problems[0].recall_id` says by which recall"),
        (status = 422, description = "`idempotency_key_reused`: the key came with another body")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let lot: LotId = request.path("id")?;
    let idempotency = request.idempotency()?;
    let RecallLot(new) = request.json::<RecallLotRequest, _>()?;
    let answered = app.recalling().recall(&request.actor()?, lot, &new, &idempotency).await?;
    Ok(accepted(&answered.answer)?.replayed(answered.replayed))
}
