//! `GET /v1/records/export`: everything on record about a patient, in a form for other systems.

use http::StatusCode;
use http::header::CONTENT_DISPOSITION;
use shared::api::ApiResponse;
use shared::api::prelude::*;
use shared::platform::ids::PatientId;
use shared::platform::wording;
use shared::records::Kind;
use shared::records::exchange::{ExportedRecords, Format, MOST_IN_AN_ANSWER};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Which records, in which form.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportRecordsQuery {
    /// Of this patient; of the caller where none is named.
    #[param(value_type = Option<String>)]
    patient_id: Option<Field<String>>,
    /// `fhir-ips` (an International Patient Summary, the default), `json` or `csv`.
    #[param(value_type = Option<String>, pattern = "^(fhir-ips|json|csv)$")]
    format: Option<Field<String>>,
}

/// Records as they are now. A document of more than 3 MB is stored for a day, whatever its form, and the answer is
/// `{download_url, expires_at, size_bytes}` in JSON. Who takes a copy and is not the owner is on the trail first.
///
/// # Errors
/// 400 for parameters that are not valid; 404; 503 where the trail cannot be written.
#[utoipa::path(get, path = "/v1/records/export", tag = "Records", params(ExportRecordsQuery),
    responses((status = 200, content((serde_json::Value = "application/fhir+json"), (serde_json::Value = "application/json"),
                                      (String = "text/csv")))))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let query: ExportRecordsQuery = request.query_fields()?;
    let format = |text: String| match text.as_str() {
        "fhir-ips" => Ok(Format::Ips),
        "json" => Ok(Format::Json),
        "csv" => Ok(Format::Csv),
        _ => Err(Invalid::new("unknown_value", wording::field::one_of("fhir-ips, json, csv"))),
    };
    let (patient, format) = all((
        query.patient_id.parse_optional("patient_id", |id| PatientId::parse(&id)),
        query.format.parse_optional("format", format),
    ))?;
    let format = format.unwrap_or(Format::Ips);
    let sight = app.sights()?.of(request.caller()?, &request.actor()?, patient, &Kind::ALL).await?;
    match app.records()?.export(&sight, format, &app.product_store(), MOST_IN_AN_ANSWER).await? {
        ExportedRecords::Document(document) => {
            let disposition = format!("attachment; filename=\"{}\"", format.filename());
            let answer = ApiResponse::new(StatusCode::OK, format.content_type(), document);
            Ok(answer.header(CONTENT_DISPOSITION, &disposition))
        }
        ExportedRecords::Link(link) => ok(&link),
    }
}
