//! `POST /v1/medicine/interactions`: checks medicines against each other and against a patient.

use futures_util::future::try_join;
use shared::api::prelude::*;
use shared::medicine::item::{Named, NamedInput, of_product};
use shared::medicine::patient::Patient;
use shared::medicine::person::{PatientInput, Told};
use shared::medicine::view::CheckView;
use shared::platform::clock::Date;
use shared::platform::ids::{PatientId, ProductId};
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// The most medicines of one check.
const MOST: usize = 50;

/// What to check. Nothing of it is stored.
#[derive(Deserialize, ToSchema)]
pub struct CheckInteractionsRequest {
    /// Products that are on sale, by id.
    #[schema(value_type = Option<Vec<String>>, max_items = 50)]
    products: Option<Field<Vec<String>>>,
    /// Substances, brands or codes by name; or with route, dose and the day its use ended.
    #[schema(value_type = Option<Vec<NamedInput>>, max_items = 50)]
    substances: Option<Field<Vec<NamedInput>>>,
    /// For whom, as far as is known.
    #[schema(value_type = Option<PatientInput>)]
    patient: Option<Field<PatientInput>>,
    /// One whose records the caller may look into: what is known of them and on record about them, and what they have, which is
    /// checked beside. The same as `patient.id`.
    #[schema(value_type = Option<String>)]
    patient_id: Option<Field<String>>,
}

struct Question {
    products: Vec<ProductId>,
    named: Vec<Named>,
    patient: Patient,
    patient_id: Option<PatientId>,
}

impl CheckInteractionsRequest {
    fn check(self, today: Date) -> Result<Question, FieldErrors> {
        let product = |id: String| ProductId::parse(&id).map_err(|invalid| vec![invalid.at("")]);
        let (products, named, patient, patient_id) = all((
            nested(self.products, "products", |ids| each(ids, product)),
            nested(self.substances, "substances", |names| each(names, |name| name.check(today))),
            nested(self.patient, "patient", |patient| patient.told(today)),
            self.patient_id.parse_optional("patient_id", |id| PatientId::parse(&id)),
        ))?;
        let Told { id, patient } = patient.unwrap_or_default();
        if id.is_some() && patient_id.is_some() {
            return Err(vec![Invalid::new("ambiguous", wording::medicine::say_once()).at("patient_id")]);
        }
        let (products, named) = (products.unwrap_or_default(), named.unwrap_or_default());
        let count = products.len() + named.len();
        if count == 0 || count > MOST {
            let expected = wording::medicine::together_between(MOST);
            return Err(vec![Invalid::new("wrong_count", expected).at("substances")]);
        }
        Ok(Question { products, named, patient, patient_id: patient_id.or(id) })
    }
}

fn nested<T, U>(
    field: Option<Field<T>>,
    name: &str,
    parse: impl FnOnce(T) -> Result<U, FieldErrors>,
) -> Result<Option<U>, FieldErrors> {
    match field {
        None | Some(Field::Missing) => Ok(None),
        Some(field) => field.nested(name, parse).map(Some),
    }
}

/// Checks every two medicines against each other, and each against the patient's allergies and conditions. A product is no
/// pair with itself. `unmapped` was not checked and is not safe for that; `not_covered` is known and has no rules.
///
/// With `patient_id` it is checked as an order for them would be screened, beside what is on record about them and what they
/// have; who asks and is not the owner of the account is on the trail first.
///
/// # Errors
/// 400 for fields that are not valid, or a product that is not on sale; 401 for a guest with `patient_id`; 404 for a patient
/// whose records are not the caller's to see; 503 `not_reviewed` where no pharmacist has reviewed any rule.
#[utoipa::path(post, path = "/v1/medicine/interactions", tag = "Medicine", request_body = CheckInteractionsRequest,
    responses((status = 200, body = CheckView),
              (status = 404, description = "`not_found`: the patient's records are not the caller's to see"),
              (status = 503, description = "`not_reviewed`: no pharmacist has reviewed the rules")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let today = app.today()?;
    let question = request.json_with(|body: CheckInteractionsRequest| body.check(today))?;
    let mut named = Vec::with_capacity(question.products.len() + question.named.len());
    let (browsing, medicines) = (app.browsing(), app.medicines());
    let index = async { if question.products.is_empty() { Ok(None) } else { browsing.index().await.map(Some) } };
    let (index, knowledge) = try_join(index, medicines.knowledge()).await?;
    if let Some(index) = index {
        named = each(question.products, |id| match index.get(id) {
            Some(card) => Ok(of_product(&id.to_string(), &card.ingredients, &card.route)),
            None => Err(vec![Invalid::new("unknown_product", wording::medicine::on_sale()).at("")]),
        })
        .map_err(|errors| Error::invalid_fields(shared::platform::fields::nest("products", errors)))?;
    }
    named.extend(question.named);
    let Some(patient) = question.patient_id else { return ok(&knowledge.check(&named, &question.patient)?) };
    let person = app.screened_person(&request, patient).await?;
    ok(&knowledge.check_beside(&named, &person.taken, &question.patient.over(person.patient))?)
}
