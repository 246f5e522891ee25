//! `POST /v1/medicine/dose`: calculates a dose by a reviewed rule, with every step.

mod answer;

use shared::api::prelude::*;
use shared::medicine::dataset::{Side, Vocabulary};
use shared::medicine::dose::Asked;
use shared::medicine::person::{PatientInput, Told};
use shared::medicine::route::Route;
use shared::medicine::strength::Strength;
use shared::platform::clock::Date;
use shared::platform::text;
use shared::platform::wording;

pub use answer::{DoseAnswer, DoseCode};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What is asked. Nothing of it is stored.
#[derive(Deserialize, ToSchema)]
pub struct CalculateDoseRequest {
    /// A substance, by name, code or id.
    #[schema(value_type = String, max_length = 100, example = "paracetamol")]
    substance: Field<String>,
    /// The route.
    #[schema(value_type = Route)]
    route: Field<Route>,
    /// What it is for; needed where the dose depends on it.
    #[schema(value_type = Option<String>, max_length = 100)]
    indication: Option<Field<String>>,
    /// For whom.
    #[schema(value_type = PatientInput)]
    patient: Field<PatientInput>,
    /// Whether the treatment begins now; not known counts as a beginning.
    #[schema(value_type = Option<bool>)]
    new_start: Option<Field<bool>>,
    /// The strength of a product, as labelled (`500 mg`, `160 mg/5 mL`), to have the dose in its units too.
    #[schema(value_type = Option<String>, max_length = 60)]
    strength: Option<Field<String>>,
}

struct Question {
    substance: Side,
    route: Route,
    indication: Option<String>,
    told: Told,
    new_start: Option<bool>,
    strength: Option<Strength>,
}

impl CalculateDoseRequest {
    fn check(self, today: Date) -> Result<Question, FieldErrors> {
        let (substance, route, indication, told, new_start, strength) = all((
            self.substance.parse("substance", |name| substance(&name)),
            self.route.value("route"),
            self.indication.parse_optional("indication", |text| text::line(&text, 100)),
            self.patient.nested("patient", |patient| patient.told(today)),
            self.new_start.optional("new_start"),
            self.strength.parse_optional("strength", |text| {
                let unknown = || Invalid::new("invalid_strength", wording::medicine::a_strength());
                Strength::parse(&text).ok_or_else(unknown)
            }),
        ))?;
        Ok(Question { substance, route, indication, told, new_start, strength })
    }
}

fn substance(name: &str) -> Result<Side, Invalid> {
    match Vocabulary::get().find(name).as_slice() {
        [one] => Ok(*one),
        [] => Err(Invalid::new("unknown_substance", wording::medicine::no_substance())),
        _ => Err(Invalid::new("several_substances", wording::medicine::several_substances())),
    }
}

/// The dose for a patient by the one reviewed rule for substance, route, indication, age and weight, or `no_rule`. Nothing is
/// interpolated, and no child's dose is made of an adult's. With `patient.id` what is known of them counts where the request
/// says nothing else; who asks and is not the owner of the account is on the trail first.
///
/// # Errors
/// 400 for fields that are not valid, and for what the rule needs to know of the patient and is missing; 401 for a guest with
/// `patient.id`; 404 for a patient whose records are not the caller's to see.
#[utoipa::path(post, path = "/v1/medicine/dose", tag = "Medicine", request_body = CalculateDoseRequest,
    responses((status = 200, body = DoseAnswer),
              (status = 404, description = "`not_found`: the patient's records are not the caller's to see")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let today = app.today()?;
    let question = request.json_with(|body: CalculateDoseRequest| body.check(today))?;
    let knowledge = app.medicines().knowledge().await?;
    let Told { id, patient } = question.told;
    let patient = match id {
        Some(id) => patient.over(app.screened_person(&request, id).await?.patient),
        None => patient,
    };
    let asked = Asked {
        substance: question.substance,
        route: question.route,
        indication: question.indication.as_deref(),
        patient: &patient,
        new_start: question.new_start,
    };
    let outcome = knowledge.dose(&asked).map_err(answer::missing)?;
    ok(&DoseAnswer::of(&outcome, question.strength.as_ref(), &knowledge))
}
