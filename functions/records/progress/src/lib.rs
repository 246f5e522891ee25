//! `GET /v1/records/progress`: how what was measured went on, as numbers or as a picture.

use http::StatusCode;
use shared::api::ApiResponse;
use shared::api::prelude::*;
use shared::platform::clock::Timestamp;
use shared::platform::ids::PatientId;
use shared::records::exchange::ProgressQuery;
use shared::records::progress::{Bucket, Progress, Series};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Which values.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RecordsProgressQuery {
    /// Of this patient; of the caller where none is named.
    #[param(value_type = Option<String>)]
    patient_id: Option<Field<String>>,
    /// Up to eight, joined by commas: `weight`, `blood_pressure`, `loinc:4548-4`, …
    #[param(value_type = String, example = "weight,loinc:4548-4")]
    series: Field<String>,
    /// From this moment on.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Field<String>>,
    /// Before this moment.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Field<String>>,
    /// `day`, `week` or `month`: the mean of each, with its least and most. Without it every value comes.
    #[param(value_type = Option<String>, pattern = "^(day|week|month)$")]
    bucket: Option<Field<String>>,
}

/// Series of measurements and results, oldest first, each in one unit. With `Accept: image/svg+xml` they are drawn. Who looks and
/// is not the owner is on the trail first.
///
/// # Errors
/// 400 for parameters that are not valid; 404; 503 where the trail cannot be written.
#[utoipa::path(get, path = "/v1/records/progress", tag = "Records", params(RecordsProgressQuery),
    responses((status = 200, content((Progress = "application/json"), (String = "image/svg+xml")))))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let query: RecordsProgressQuery = request.query_fields()?;
    let (patient, series, from, to, bucket) = all((
        query.patient_id.parse_optional("patient_id", |id| PatientId::parse(&id)),
        query.series.parse("series", |text| Series::parse_all(&text)),
        query.from.parse_optional("from", |text| Timestamp::parse(&text)),
        query.to.parse_optional("to", |text| Timestamp::parse(&text)),
        query.bucket.parse_optional("bucket", |text| Bucket::parse(&text)),
    ))?;
    let query = ProgressQuery { series, from, to, bucket };
    let sight = app.sights()?.of(request.caller()?, &request.actor()?, patient, &query.kinds()).await?;
    let records = app.records()?;
    if request.header("accept").is_some_and(|accept| accept.contains("image/svg+xml")) {
        let picture = records.progress_picture(&sight, &query).await?;
        return Ok(ApiResponse::new(StatusCode::OK, "image/svg+xml", picture.into_bytes()));
    }
    ok(&records.progress(&sight, &query).await?)
}
