//! `POST /v1/prescriptions`: announces a prescription and says how to upload its files.

use shared::api::prelude::*;
use shared::platform::clock::Date;
use shared::platform::ids::PatientId;
use shared::platform::text;
use shared::platform::wording;
use shared::prescriptions::Submission;
use shared::prescriptions::document::{DocumentType, MAX_BYTES};
use shared::prescriptions::prescription::Prescriber;
use shared::prescriptions::submission::{Announced, AnnouncedFile, issued_on};
use shared::prescriptions::view::StartedPrescription;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// A prescription to be uploaded: either its `files`, or `content_type` and `size_bytes` of the only one.
#[derive(Deserialize, ToSchema)]
pub struct StartPrescriptionRequest {
    /// What the only file is.
    #[schema(value_type = Option<DocumentType>)]
    content_type: Option<Field<String>>,
    /// How large the only file is, in bytes, at most 10 MB.
    #[schema(value_type = Option<u64>, minimum = 1, maximum = 10_485_760)]
    size_bytes: Option<Field<u64>>,
    /// The files, in the order of the pages: 1 to 5.
    #[schema(value_type = Option<Vec<PrescriptionFileRequest>>, min_items = 1, max_items = 5)]
    files: Option<Field<Vec<PrescriptionFileRequest>>>,
    /// The day on it, at most six months ago.
    #[schema(value_type = String, format = Date)]
    issued_on: Field<String>,
    /// The patient's name on it.
    #[schema(value_type = String, max_length = 100)]
    patient_name: Field<String>,
    /// Who wrote it.
    #[schema(value_type = PrescriberRequest)]
    prescriber: Field<PrescriberRequest>,
    /// For whom it is, of the caller's patients; the caller where it is not given.
    patient_id: Option<Field<String>>,
}

/// A file of a prescription.
#[derive(Deserialize, ToSchema)]
pub struct PrescriptionFileRequest {
    /// What it is.
    #[schema(value_type = DocumentType)]
    content_type: Field<String>,
    /// How large it is, in bytes, at most 10 MB.
    #[schema(value_type = u64, minimum = 1, maximum = 10_485_760)]
    size_bytes: Field<u64>,
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
        let (files, issued_on, patient_name, prescriber, patient_id) = all((
            files(self.files, self.content_type, self.size_bytes),
            self.issued_on.parse("issued_on", |day| issued_on(&day, today)),
            self.patient_name.parse("patient_name", |name| text::line(&name, 100)),
            self.prescriber.nested("prescriber", PrescriberRequest::check),
            self.patient_id.parse_optional("patient_id", |text| PatientId::parse(&text)),
        ))?;
        Ok(Submission { files, issued_on, patient_name, prescriber, patient_id })
    }
}

/// The files of a list, or the only one.
fn files(
    list: Option<Field<Vec<PrescriptionFileRequest>>>,
    content_type: Option<Field<String>>,
    size_bytes: Option<Field<u64>>,
) -> Result<Announced, FieldErrors> {
    let Some(list) = list else {
        let (content_type, size_bytes) = (content_type.unwrap_or_default(), size_bytes.unwrap_or_default());
        return PrescriptionFileRequest { content_type, size_bytes }.check().map(Announced::from);
    };
    if content_type.is_some() || size_bytes.is_some() {
        let both = Invalid::new("exactly_one", wording::prescriptions::files_or_the_only_one());
        return Err(vec![both.at("files")]);
    }
    list.nested("files", |files| {
        let files = each(files, PrescriptionFileRequest::check)?;
        Announced::parse(files).map_err(|invalid| vec![invalid.at("")])
    })
}

impl PrescriptionFileRequest {
    fn check(self) -> Result<AnnouncedFile, FieldErrors> {
        let (content_type, size_bytes) = all((
            self.content_type.parse("content_type", |kind| DocumentType::parse(&kind)),
            self.size_bytes.parse("size_bytes", size),
        ))?;
        Ok(AnnouncedFile { content_type, size_bytes })
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
    if good { Ok(bytes) } else { Err(Invalid::new("out_of_range", wording::field::bytes_between(MAX_BYTES))) }
}

/// Announces a prescription of one to five files. POST each to the `url` of its form in `uploads` within five minutes; each
/// is checked, and when all are good a pharmacist reviews the prescription. One that is bad refuses the whole prescription,
/// and so does one that has not come after a day.
///
/// # Errors
/// 400 with the fields that are not valid; 429 `too_many_prescriptions` beyond twenty files on one day.
#[utoipa::path(post, path = "/v1/prescriptions", tag = "Prescriptions", request_body = StartPrescriptionRequest,
    responses((status = 201, body = StartedPrescription), (status = 429, description = "`too_many_prescriptions`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let body: StartPrescriptionRequest = request.body_fields()?;
    let submission = body.check(app.today()?)?;
    created(&app.prescriptions()?.start(&request.actor()?, submission).await?)
}
