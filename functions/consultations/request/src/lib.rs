//! `POST /v1/consultations`: requests a consultation.

use shared::accounts::Language;
use shared::api::prelude::*;
use shared::consultations::consultation::{About, MAX_TOPIC};
use shared::consultations::message::message_text;
use shared::consultations::view::{ConsultationSubject, ConsultationView};
use shared::consultations::{ConsultationRequest, Requested};
use shared::platform::ids::{OrderId, PatientId, PrescriptionId, TriageId};
use shared::platform::text;
use shared::platform::wording;
use shared::red_flags::Emergency;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// A question to a doctor.
#[derive(Deserialize, ToSchema)]
pub struct RequestConsultationRequest {
    /// In a few words, what it is about.
    #[schema(value_type = String, max_length = 120)]
    topic: Field<String>,
    /// The question: the first message.
    #[schema(value_type = String, max_length = 4000)]
    text: Field<String>,
    /// What the patient writes in; where they do not say, what their letters say, or their profile.
    #[schema(value_type = Option<Language>)]
    language: Option<Field<Language>>,
    /// An order, a prescription or a triage of the patient that it is about.
    #[schema(value_type = Option<ConsultationSubject>)]
    about: Option<Field<AboutRequest>>,
    /// For whom, of the caller's patients; the caller where it is not given.
    #[schema(value_type = Option<String>)]
    patient_id: Option<Field<String>>,
}

/// What a consultation is about: one of the three.
#[derive(Deserialize, ToSchema)]
pub struct AboutRequest {
    /// An order.
    #[schema(value_type = Option<String>)]
    order_id: Option<Field<String>>,
    /// A prescription.
    #[schema(value_type = Option<String>)]
    prescription_id: Option<Field<String>>,
    /// A triage, of the patient that is named.
    #[schema(value_type = Option<String>)]
    triage_id: Option<Field<String>>,
}

impl AboutRequest {
    fn check(self) -> Result<About, FieldErrors> {
        let (order, prescription, triage) = all((
            self.order_id.parse_optional("order_id", |id| OrderId::parse(&id)),
            self.prescription_id.parse_optional("prescription_id", |id| PrescriptionId::parse(&id)),
            self.triage_id.parse_optional("triage_id", |id| TriageId::parse(&id)),
        ))?;
        match (order, prescription, triage) {
            (Some(order), None, None) => Ok(About::OrderId(order)),
            (None, Some(prescription), None) => Ok(About::PrescriptionId(prescription)),
            (None, None, Some(triage)) => Ok(About::TriageId(triage)),
            _ => Err(vec![Invalid::new("one_of", wording::consultations::name_one()).at("order_id")]),
        }
    }
}

impl TryFrom<RequestConsultationRequest> for ConsultationRequest {
    type Error = FieldErrors;

    fn try_from(body: RequestConsultationRequest) -> Result<Self, FieldErrors> {
        let about = |field: Option<Field<AboutRequest>>| match field {
            None | Some(Field::Missing) => Ok(None),
            Some(field) => field.nested("about", AboutRequest::check).map(Some),
        };
        let (topic, text, language, about, for_patient) = all((
            body.topic.parse("topic", |topic| text::line(&topic, MAX_TOPIC)),
            body.text.parse("text", |text| message_text(&text)),
            body.language.optional("language"),
            about(body.about),
            body.patient_id.parse_optional("patient_id", |id| PatientId::parse(&id)),
        ))?;
        Ok(Self { topic, text, language, about, for_patient })
    }
}

/// Requests a consultation; it waits for a doctor. Words that speak of an emergency are answered at once, with 200 and
/// `{"kind": "emergency"}`: what to do and whom to call. Nothing of them is stored.
///
/// # Errors
/// 400 with the fields that are not valid; 409 `too_many_open` beyond three open ones; 422 `idempotency_key_reused`.
#[utoipa::path(post, path = "/v1/consultations", tag = "Consultations", request_body = RequestConsultationRequest,
    params(("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters")),
    responses((status = 201, body = ConsultationView),
        (status = 200, body = Emergency, description = "This cannot wait for a doctor here"),
        (status = 409, description = "`too_many_open`"), (status = 422, description = "`idempotency_key_reused`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let idempotency = request.idempotency()?;
    let command: ConsultationRequest = request.json::<RequestConsultationRequest, _>()?;
    let subjects = app.consultation_subjects();
    match app.consultations()?.request(&request.actor()?, &idempotency, command, &subjects).await? {
        Requested::Emergency(emergency) => ok(&emergency),
        Requested::Consultation(answered) => {
            let view = &answered.answer;
            let location = format!("/v1/consultations/{}", view.id);
            Ok(created(view)?.location(&location).version(view.version).replayed(answered.replayed))
        }
    }
}
