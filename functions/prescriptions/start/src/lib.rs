//! `POST /v1/prescriptions`: announces a prescription and says how to upload its file.

use shared::api::prelude::*;
use shared::platform::clock::Date;
use shared::platform::text;
use shared::prescriptions::Submission;
use shared::prescriptions::document::{DocumentType, MAX_BYTES};
use shared::prescriptions::prescription::Prescriber;
use shared::prescriptions::submission::issued_on;
use shared::prescriptions::view::StartedPrescription;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// A prescription to be uploaded.
#[derive(Deserialize, ToSchema)]
pub struct StartPrescriptionRequest {
    /// What the file is.
    #[schema(value_type = DocumentType)]
    content_type: Field<String>,
    /// How large it is, in bytes, at most 10 MB.
    #[schema(value_type = u64, minimum = 1, maximum = 10_485_760)]
    size_bytes: Field<u64>,
    /// The day on it, at most six months ago.
    #[schema(value_type = String, format = Date)]
    issued_on: Field<String>,
    /// The patient's name on it.
    #[schema(value_type = String, max_length = 100)]
    patient_name: Field<String>,
    /// Who wrote it.
    #[schema(value_type = PrescriberRequest)]
    prescriber: Field<PrescriberRequest>,
}

/// Who wrote a prescription.
#[derive(Deserialize, ToSchema)]
pub struct PrescriberRequest {
    /// The name.
    #[schema(value_type = String, max_length = 100)]
    name: Field<String>,
    /// The number in the register of the prescriber's jurisdiction.
    #[schema(value_type = String, max_length = 40)]
    registration_number: Field<String>,
}

impl StartPrescriptionRequest {
    fn check(self, today: Date) -> Result<Submission, FieldErrors> {
        let (content_type, size_bytes, issued_on, patient_name, prescriber) = all((
            self.content_type.parse("content_type", |kind| DocumentType::parse(&kind)),
            self.size_bytes.parse("size_bytes", size),
            self.issued_on.parse("issued_on", |day| issued_on(&day, today)),
            self.patient_name.parse("patient_name", |name| text::line(&name, 100)),
            self.prescriber.nested("prescriber", PrescriberRequest::check),
        ))?;
        Ok(Submission { content_type, size_bytes, issued_on, patient_name, prescriber })
    }
}

impl PrescriberRequest {
    fn check(self) -> Result<Prescriber, FieldErrors> {
        let (name, registration_number) = all((
            self.name.parse("name", |name| text::line(&name, 100)),
            self.registration_number.parse("registration_number", |number| text::line(&number, 40)),
        ))?;
        Ok(Prescriber { name, registration_number })
    }
}

fn size(bytes: u64) -> Result<u64, Invalid> {
    let good = (1..=MAX_BYTES).contains(&bytes);
    if good { Ok(bytes) } else { Err(Invalid::new("out_of_range", format!("expected 1 to {MAX_BYTES} bytes"))) }
}

/// Announces a prescription. POST the file to `upload.url` as a form within five minutes; it is checked, then a
/// pharmacist reviews it.
///
/// # Errors
/// 400 with the fields that are not valid; 429 `too_many_prescriptions` beyond twenty on one day.
#[utoipa::path(post, path = "/v1/prescriptions", tag = "Prescriptions", request_body = StartPrescriptionRequest,
    responses((status = 201, body = StartedPrescription), (status = 429, description = "`too_many_prescriptions`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let body: StartPrescriptionRequest = request.body_fields()?;
    let submission = body.check(app.today()?)?;
    created(&app.prescriptions()?.start(&request.actor()?, submission).await?)
}
