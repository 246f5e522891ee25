//! The parameters of a safety report, read and checked.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use shared::medicine::item::{Named, NamedInput};
use shared::medicine::patient::Patient;
use shared::medicine::person::PatientInput;
use shared::platform::clock::Date;
use shared::platform::fields::{self, Field, FieldErrors, Invalid, Optional, all, each, nest};
use shared::platform::ids::{PatientId, ProductId};
use shared::platform::wording;

/// A product, and a patient as far as is known, or one by their id. Nothing of it is stored.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SafetyQuery {
    /// A product that is on sale.
    #[param(value_type = String)]
    product: Field<String>,
    /// A patient whose records the caller may look into, instead of the parameters that describe one: what is known of them and
    /// on record about them, and what they have.
    #[param(value_type = Option<String>)]
    patient_id: Option<Field<String>>,
    /// What the patient takes, by name, parted by commas; at most 30.
    #[param(value_type = Option<String>)]
    takes: Option<Field<String>>,
    /// In whole years.
    #[param(value_type = Option<u32>)]
    age: Option<Field<String>>,
    /// `female` or `male`.
    #[param(value_type = Option<String>, pattern = "^(female|male)$")]
    sex: Option<Field<String>>,
    /// 0.3 to 500.
    #[param(value_type = Option<String>)]
    weight_kg: Option<Field<String>>,
    /// 20 to 260.
    #[param(value_type = Option<String>)]
    height_cm: Option<Field<String>>,
    /// Creatinine in serum with its unit: `1.1 mg/dL`.
    #[param(value_type = Option<String>)]
    creatinine: Option<Field<String>>,
    /// `normal`, `mild`, `moderate` or `severe`.
    #[param(value_type = Option<String>, pattern = "^(normal|mild|moderate|severe)$")]
    hepatic: Option<Field<String>>,
    /// Whether they are pregnant.
    #[param(value_type = Option<bool>)]
    pregnant: Option<Field<String>>,
    /// Whether they breastfeed.
    #[param(value_type = Option<bool>)]
    breastfeeding: Option<Field<String>>,
    /// All that they have, parted by commas; `none` for nothing of it.
    #[param(value_type = Option<String>)]
    conditions: Option<Field<String>>,
    /// All that they are allergic to, parted by commas; `none` for nothing. Not told to be severe.
    #[param(value_type = Option<String>)]
    allergies: Option<Field<String>>,
}

/// What is asked.
pub(crate) struct Question {
    /// The product.
    pub product: ProductId,
    /// What the patient takes.
    pub takes: Vec<Named>,
    /// The patient.
    pub patient: Patient,
    /// Or else who.
    pub patient_id: Option<PatientId>,
}

impl SafetyQuery {
    pub(crate) fn check(self, today: Date) -> Result<Question, FieldErrors> {
        let whole = |text: String| {
            text.parse::<u32>().map_err(|_| Invalid::new("wrong_type", wording::medicine::whole_years()))
        };
        let truth = |text: String| {
            text.parse::<bool>().map_err(|_| Invalid::new("unknown_value", wording::field::true_or_false()))
        };
        let measured = |text: String| match text.split_once(' ') {
            Some((value, unit)) => Ok(json!({"value": value, "unit": unit})),
            None => Err(Invalid::new("wrong_type", wording::medicine::a_value_and_its_unit())),
        };
        let (product, takes, age, sex, weight, height, creatinine, hepatic, pregnant, breastfeeding) = all((
            self.product.parse("product", |id| ProductId::parse(&id)),
            takes(self.takes, today),
            self.age.parse_optional("age", whole),
            self.sex.optional("sex"),
            self.weight_kg.optional("weight_kg"),
            self.height_cm.optional("height_cm"),
            self.creatinine.parse_optional("creatinine", measured),
            self.hepatic.optional("hepatic"),
            self.pregnant.parse_optional("pregnant", truth),
            self.breastfeeding.parse_optional("breastfeeding", truth),
        ))?;
        let (conditions, allergies, patient_id) = all((
            self.conditions.optional("conditions"),
            self.allergies.optional("allergies"),
            self.patient_id.parse_optional("patient_id", |id| PatientId::parse(&id)),
        ))?;
        let allergies = allergies.map(|text| listed(&text).into_iter().map(|to| json!({"to": to})).collect::<Vec<_>>());
        let told = [
            ("age", age.map(Value::from)),
            ("sex", sex.map(Value::from)),
            ("weight_kg", weight.map(Value::from)),
            ("height_cm", height.map(Value::from)),
            ("creatinine", creatinine),
            ("hepatic", hepatic.map(Value::from)),
            ("pregnant", pregnant.map(Value::from)),
            ("breastfeeding", breastfeeding.map(Value::from)),
            ("conditions", conditions.map(|text| listed(&text).into())),
            ("allergies", allergies.map(Value::from)),
        ];
        let told: Map<String, Value> =
            told.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
        if patient_id.is_some() && !told.is_empty() {
            return Err(vec![
                Invalid::new("ambiguous", wording::field::one_or_other("patient", "patient_id")).at("patient_id"),
            ]);
        }
        let patient: PatientInput = fields::from_json(Value::Object(told))?;
        Ok(Question { product, takes, patient: patient.check(today)?, patient_id })
    }
}

fn takes(field: Option<Field<String>>, today: Date) -> Result<Vec<Named>, FieldErrors> {
    let Some(text) = field.optional("takes")? else { return Ok(Vec::new()) };
    let names = listed(&text);
    if names.len() > 30 {
        return Err(vec![Invalid::new("wrong_count", wording::field::entries_at_most(30)).at("takes")]);
    }
    each(names, |name| NamedInput::Name(name).check(today)).map_err(|errors| nest("takes", errors))
}

/// The parts of a list that commas join; `none` is an empty one.
fn listed(text: &str) -> Vec<String> {
    if text.trim() == "none" {
        return Vec::new();
    }
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
