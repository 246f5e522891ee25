//! Records as requests carry them: read, checked, and refused where they cannot be true.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::code;
use super::details::{
    Allergy, Certainty, Comparator, Condition, ConditionStatus, Details, Imaging, Immunization, Lab, Medication,
    Modality, Note, Procedure, Range, Severity,
};
use super::kind::Kind;
use super::measurement::{Measurement, Quantity};
use super::partial_date::PartialDate;
use crate::medicine::decimal::{Decimal, Number};
use crate::platform::clock::{Date, Timestamp};
use crate::platform::error::{Error, Kind as Sort};
use crate::platform::fields::{self, Field, FieldErrors, Invalid, Optional, all};
use crate::platform::ids::ProductId;
use crate::platform::text;
use crate::platform::wording;

/// How far clocks differ: what was measured by another may lie so far ahead.
pub(super) const CLOCKS_DIFFER: Duration = Duration::from_mins(5);

/// When a record is written.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The time.
    pub now: Timestamp,
    /// The day where the pharmacy is.
    pub today: Date,
}

/// The refusal of a record: 422 where all that is wrong with it is that it cannot be true, otherwise 400.
pub fn refusal(errors: FieldErrors) -> Error {
    if errors.iter().all(|error| error.code == "implausible") {
        let detail = wording::records::implausible();
        return Error::new(Sort::Unprocessable, "implausible_value", detail).at_fields(errors);
    }
    Error::invalid_fields(errors)
}

/// Reads what a record of a kind says.
///
/// # Errors
/// Every field at fault.
pub fn read(kind: Kind, body: Value, moment: Moment) -> Result<Details, FieldErrors> {
    Ok(match kind {
        Kind::Allergies => Details::Allergies(fields::from_json::<AllergyInput>(body)?.check()?),
        Kind::Conditions => Details::Conditions(fields::from_json::<ConditionInput>(body)?.check(moment)?),
        Kind::Medications => Details::Medications(fields::from_json::<MedicationInput>(body)?.check(moment)?),
        Kind::Labs => Details::Labs(fields::from_json::<LabInput>(body)?.check(moment)?),
        Kind::Imaging => Details::Imaging(fields::from_json::<ImagingInput>(body)?.check(moment)?),
        Kind::Measurements => Details::Measurements(fields::from_json::<MeasurementInput>(body)?.check(moment)?),
        Kind::Procedures => Details::Procedures(fields::from_json::<ProcedureInput>(body)?.check(moment)?),
        Kind::Immunizations => Details::Immunizations(fields::from_json::<ImmunizationInput>(body)?.check(moment)?),
        Kind::Notes => Details::Notes(fields::from_json::<NoteInput>(body)?.check()?),
    })
}

/// Reads what a record says after a merge patch (RFC 7396).
///
/// # Errors
/// Every field at fault of what it would say.
pub fn patched(details: &Details, patch: Map<String, Value>, moment: Moment) -> Result<Details, FieldErrors> {
    let mut whole = match serde_json::to_value(super::details::RecordDetails::from(details.clone())) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    merge(&mut whole, patch);
    whole.retain(|_, value| !value.is_null());
    read(details.kind(), Value::Object(whole), moment)
}

fn merge(target: &mut Map<String, Value>, patch: Map<String, Value>) {
    for (name, value) in patch {
        if let (Some(Value::Object(inner)), Value::Object(more)) = (target.get_mut(&name), &value) {
            merge(inner, more.clone());
            continue;
        }
        match value {
            Value::Null => drop(target.remove(&name)),
            value => drop(target.insert(name, value)),
        }
    }
}

fn one_of<T: Copy>(text: &str, choices: &[(&str, T)]) -> Result<T, Invalid> {
    let found = choices.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
    found.ok_or_else(|| {
        let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
        Invalid::new("unknown_value", wording::field::one_of(&names.join(", ")))
    })
}

fn name(text: String) -> Result<String, Invalid> {
    text::line(&text, 200)
}

fn long(text: String) -> Result<String, Invalid> {
    text::paragraph(&text, 4000)
}

/// A moment that has come.
fn past(text: &str, now: Timestamp) -> Result<Timestamp, Invalid> {
    let at = Timestamp::parse(text)?;
    let earliest = Timestamp::from_millis(-2_208_988_800_000);
    let plausible = at <= now.plus(CLOCKS_DIFFER) && at >= earliest;
    if plausible { Ok(at) } else { Err(Invalid::new("implausible", wording::field::in_the_past_since_1900())) }
}

/// An allergy.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RecordAllergyInput)]
pub struct AllergyInput {
    /// A substance, brand or class, at most 200 characters.
    #[schema(value_type = String)]
    substance: Field<String>,
    /// What happened, at most 4,000 characters.
    reaction: Option<Field<String>>,
    /// `mild`, `moderate` or `severe`.
    #[schema(value_type = Severity)]
    severity: Field<String>,
    /// `unconfirmed`, `confirmed` or `refuted`.
    #[schema(value_type = Certainty)]
    certainty: Field<String>,
}

const SEVERITIES: &[(&str, Severity)] =
    &[("mild", Severity::Mild), ("moderate", Severity::Moderate), ("severe", Severity::Severe)];
const CERTAINTIES: &[(&str, Certainty)] =
    &[("unconfirmed", Certainty::Unconfirmed), ("confirmed", Certainty::Confirmed), ("refuted", Certainty::Refuted)];

impl AllergyInput {
    fn check(self) -> Result<Allergy, FieldErrors> {
        let (substance, reaction, severity, certainty) = all((
            self.substance.parse("substance", name),
            self.reaction.parse_optional("reaction", long),
            self.severity.parse("severity", |text| one_of(&text, SEVERITIES)),
            self.certainty.parse("certainty", |text| one_of(&text, CERTAINTIES)),
        ))?;
        Ok(Allergy { substance, reaction, severity, certainty })
    }
}

/// A condition.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RecordConditionInput)]
pub struct ConditionInput {
    /// ICD-10-CM.
    code: Option<Field<String>>,
    /// What it is called, at most 200 characters.
    #[schema(value_type = String)]
    name: Field<String>,
    /// A year, a month or a day in the past.
    onset: Option<Field<String>>,
    /// The same, not before `onset`.
    resolved: Option<Field<String>>,
    /// `active`, `recurrence`, `remission`, `inactive` or `resolved`.
    #[schema(value_type = ConditionStatus)]
    status: Field<String>,
}

const STATUSES: &[(&str, ConditionStatus)] = &[
    ("active", ConditionStatus::Active),
    ("recurrence", ConditionStatus::Recurrence),
    ("remission", ConditionStatus::Remission),
    ("inactive", ConditionStatus::Inactive),
    ("resolved", ConditionStatus::Resolved),
];

impl ConditionInput {
    fn check(self, Moment { today, .. }: Moment) -> Result<Condition, FieldErrors> {
        let (code, name, onset, resolved, status) = all((
            self.code.parse_optional("code", |text| code::icd10(&text)),
            self.name.parse("name", name),
            self.onset.parse_optional("onset", |text| PartialDate::past(&text, today)),
            self.resolved.parse_optional("resolved", |text| PartialDate::past(&text, today)),
            self.status.parse("status", |text| one_of(&text, STATUSES)),
        ))?;
        in_order(onset.as_ref(), resolved.as_ref(), "resolved")?;
        let over = matches!(status, ConditionStatus::Resolved | ConditionStatus::Remission | ConditionStatus::Inactive);
        if resolved.is_some() && !over {
            return Err(vec![Invalid::new("conflict", wording::records::over_is_not_active()).at("status")]);
        }
        Ok(Condition { code, name, onset, resolved, status })
    }
}

/// Whether an end does not lie before its beginning, as far as both are known.
fn in_order(from: Option<&PartialDate>, until: Option<&PartialDate>, field: &str) -> Result<(), FieldErrors> {
    let (Some(from), Some(until)) = (from, until) else { return Ok(()) };
    let shared = from.as_str().len().min(until.as_str().len());
    if until.as_str().get(..shared) < from.as_str().get(..shared) {
        return Err(vec![Invalid::new("implausible", wording::field::not_before_beginning()).at(field)]);
    }
    Ok(())
}

/// A medication.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RecordMedicationInput)]
pub struct MedicationInput {
    /// A substance or brand; or else `product_id`.
    substance: Option<Field<String>>,
    /// A product of the catalogue; or else `substance`.
    product_id: Option<Field<String>>,
    /// How much at a time, at most 100 characters.
    dose: Option<Field<String>>,
    /// How often, at most 100 characters.
    frequency: Option<Field<String>>,
    /// A year, a month or a day in the past.
    since: Option<Field<String>>,
    /// A year, a month or a day; not given: they still take it.
    until: Option<Field<String>>,
}

impl MedicationInput {
    fn check(self, Moment { today, .. }: Moment) -> Result<Medication, FieldErrors> {
        let (substance, product_id, dose, frequency, since, until) = all((
            self.substance.parse_optional("substance", name),
            self.product_id.parse_optional("product_id", |text| ProductId::parse(&text)),
            self.dose.parse_optional("dose", |text| text::line(&text, 100)),
            self.frequency.parse_optional("frequency", |text| text::line(&text, 100)),
            self.since.parse_optional("since", |text| PartialDate::past(&text, today)),
            self.until.parse_optional("until", |text| PartialDate::parse(&text)),
        ))?;
        in_order(since.as_ref(), until.as_ref(), "until")?;
        match (&substance, product_id) {
            (None, None) => Err(vec![
                Invalid::new("required", wording::field::one_is_needed("substance", "product_id")).at("substance"),
            ]),
            (Some(_), Some(_)) => Err(vec![
                Invalid::new("conflict", wording::field::one_or_other("substance", "product_id")).at("product_id"),
            ]),
            _ => Ok(Medication { substance, product_id, dose, frequency, since, until }),
        }
    }
}

/// A range.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RecordLabRangeInput)]
pub struct LabRangeInput {
    /// From.
    #[schema(value_type = Option<String>)]
    low: Option<Field<Number>>,
    /// To.
    #[schema(value_type = Option<String>)]
    high: Option<Field<Number>>,
}

/// A result of a laboratory.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RecordLabInput)]
pub struct LabInput {
    /// LOINC.
    loinc: Option<Field<String>>,
    /// What was measured, at most 200 characters.
    #[schema(value_type = String)]
    name: Field<String>,
    /// The value, better as text than as a number: `6.80` as a number is 6.8. Or else `text`.
    #[schema(value_type = Option<String>)]
    value: Option<Field<Number>>,
    /// `<`, `<=`, `>=` or `>`, where the value was not measured exactly.
    #[schema(value_type = Option<Comparator>)]
    comparator: Option<Field<String>>,
    /// A result that is no number, at most 200 characters.
    text: Option<Field<String>>,
    /// UCUM; required with a value.
    unit: Option<Field<String>>,
    /// The reporting laboratory's range.
    #[schema(value_type = Option<LabRangeInput>)]
    range: Option<Field<LabRangeInput>>,
    /// When the sample was taken.
    #[schema(value_type = String, format = DateTime)]
    taken_at: Field<String>,
    /// Which laboratory, at most 200 characters.
    lab: Option<Field<String>>,
}

const COMPARATORS: &[(&str, Comparator)] =
    &[("<", Comparator::Less), ("<=", Comparator::AtMost), (">=", Comparator::AtLeast), (">", Comparator::More)];

impl LabRangeInput {
    fn check(self) -> Result<Range, FieldErrors> {
        let (low, high) = all((self.low.optional("low"), self.high.optional("high")))?;
        match (low, high) {
            (None, None) => Err(vec![Invalid::new("required", wording::field::one_is_needed("low", "high")).at("low")]),
            (Some(low), Some(high)) if low > high => {
                Err(vec![Invalid::new("implausible", wording::records::no_less_than_low()).at("high")])
            }
            _ => Ok(Range { low, high }),
        }
    }
}

impl LabInput {
    fn check(self, Moment { now, .. }: Moment) -> Result<Lab, FieldErrors> {
        let range = match self.range {
            None | Some(Field::Missing) => Ok(None),
            Some(range) => range.nested("range", LabRangeInput::check).map(Some),
        };
        // No laboratory measures less than nothing, but for a base excess, which has its own code and is taken.
        let below_zero = |number: Number| number.0 < Decimal::from(-100) || number.0 > Decimal::from(1_000_000_000);
        let plausible = |number: Number| {
            if below_zero(number) {
                Err(Invalid::new("implausible", wording::records::a_laboratory_result()))
            } else {
                Ok(number)
            }
        };
        let (loinc, name, value, comparator, text, unit, range, taken_at, lab) = all((
            self.loinc.parse_optional("loinc", |text| code::loinc(&text)),
            self.name.parse("name", name),
            self.value.parse_optional("value", plausible),
            self.comparator.parse_optional("comparator", |text| one_of(&text, COMPARATORS)),
            self.text.parse_optional("text", |text| text::line(&text, 200)),
            self.unit.parse_optional("unit", |text| code::unit(&text)),
            range,
            self.taken_at.parse("taken_at", |text| past(&text, now)),
            self.lab.parse_optional("lab", name),
        ))?;
        match (value, &text, &unit) {
            (None, None, _) => {
                return Err(vec![Invalid::new("required", wording::field::one_is_needed("value", "text")).at("value")]);
            }
            (Some(_), Some(_), _) => {
                return Err(vec![Invalid::new("conflict", wording::field::one_or_other("value", "text")).at("text")]);
            }
            (Some(_), None, None) => {
                return Err(vec![Invalid::new("required", wording::records::a_value_needs_its_unit()).at("unit")]);
            }
            _ => {}
        }
        super::flag::plausible(loinc.as_deref(), value, unit.as_deref())?;
        Ok(Lab { loinc, name, value, comparator, text, unit, range, taken_at, lab })
    }
}

/// An examination by pictures.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RecordImagingInput)]
pub struct ImagingInput {
    /// `xray`, `ct`, `mri`, `ultrasound`, `mammography`, `ecg`, `endoscopy` or `other`.
    #[schema(value_type = Modality)]
    modality: Field<String>,
    /// Of which part of the body, at most 200 characters.
    body_site: Option<Field<String>>,
    /// A year, a month or a day in the past.
    #[schema(value_type = String)]
    performed_on: Field<String>,
    /// What the examiner wrote, at most 4,000 characters.
    report: Option<Field<String>>,
    /// Who examined, at most 200 characters.
    performer: Option<Field<String>>,
}

const MODALITIES: &[(&str, Modality)] = &[
    ("xray", Modality::Xray),
    ("ct", Modality::Ct),
    ("mri", Modality::Mri),
    ("ultrasound", Modality::Ultrasound),
    ("mammography", Modality::Mammography),
    ("ecg", Modality::Ecg),
    ("endoscopy", Modality::Endoscopy),
    ("other", Modality::Other),
];

impl ImagingInput {
    fn check(self, Moment { today, .. }: Moment) -> Result<Imaging, FieldErrors> {
        let (modality, body_site, performed_on, report, performer) = all((
            self.modality.parse("modality", |text| one_of(&text, MODALITIES)),
            self.body_site.parse_optional("body_site", name),
            self.performed_on.parse("performed_on", |text| PartialDate::past(&text, today)),
            self.report.parse_optional("report", long),
            self.performer.parse_optional("performer", name),
        ))?;
        Ok(Imaging { modality, body_site, performed_on, report, performer })
    }
}

/// A measurement.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RecordMeasurementInput)]
pub struct MeasurementInput {
    /// What is measured.
    #[schema(value_type = Quantity)]
    kind: Field<String>,
    /// The value; of a blood pressure, `systolic` and `diastolic` instead.
    #[schema(value_type = Option<String>)]
    value: Option<Field<Number>>,
    /// The upper value of a blood pressure.
    #[schema(value_type = Option<String>)]
    systolic: Option<Field<Number>>,
    /// The lower one.
    #[schema(value_type = Option<String>)]
    diastolic: Option<Field<Number>>,
    /// UCUM: `kg`, `mm[Hg]`, `Cel`, …
    #[schema(value_type = String)]
    unit: Field<String>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    taken_at: Field<String>,
}

impl MeasurementInput {
    fn check(self, Moment { now, .. }: Moment) -> Result<Measurement, FieldErrors> {
        let (kind, value, systolic, diastolic, unit, taken_at) = all((
            self.kind.parse("kind", |text| Quantity::parse(&text)),
            self.value.optional("value"),
            self.systolic.optional("systolic"),
            self.diastolic.optional("diastolic"),
            self.unit.parse("unit", |text| code::unit(&text)),
            self.taken_at.parse("taken_at", |text| past(&text, now)),
        ))?;
        let pressure = kind == Quantity::BloodPressure;
        let mut errors = FieldErrors::new();
        for (field, number, wanted) in
            [("value", value, !pressure), ("systolic", systolic, pressure), ("diastolic", diastolic, pressure)]
        {
            match (number, wanted) {
                (Some(number), true) => {
                    // A unit that does not measure this is said once, and at the unit.
                    match kind.plausible(number, &unit) {
                        Err(wrong) if wrong.code == "wrong_unit" => errors.push(wrong.at("unit")),
                        Err(wrong) => errors.push(wrong.at(field)),
                        Ok(_) => {}
                    }
                }
                (None, true) => errors.push(Invalid::new("required", wording::field::required()).at(field)),
                (Some(_), false) => {
                    errors.push(Invalid::new("conflict", wording::records::not_measured_so()).at(field))
                }
                (None, false) => {}
            }
        }
        errors.dedup_by(|one, other| one.field == "unit" && other.field == "unit");
        if systolic.is_some() && diastolic >= systolic && errors.is_empty() {
            errors.push(Invalid::new("implausible", wording::records::less_than_systolic()).at("diastolic"));
        }
        if errors.is_empty() {
            Ok(Measurement { kind, value, systolic, diastolic, unit, taken_at })
        } else {
            Err(errors)
        }
    }
}

/// A procedure.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RecordProcedureInput)]
pub struct ProcedureInput {
    /// What was done, at most 200 characters.
    #[schema(value_type = String)]
    name: Field<String>,
    /// A year, a month or a day in the past.
    #[schema(value_type = String)]
    performed_on: Field<String>,
    /// How it went, at most 4,000 characters.
    outcome: Option<Field<String>>,
}

impl ProcedureInput {
    fn check(self, Moment { today, .. }: Moment) -> Result<Procedure, FieldErrors> {
        let (name, performed_on, outcome) = all((
            self.name.parse("name", name),
            self.performed_on.parse("performed_on", |text| PartialDate::past(&text, today)),
            self.outcome.parse_optional("outcome", long),
        ))?;
        Ok(Procedure { name, performed_on, outcome })
    }
}

/// A vaccination.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RecordImmunizationInput)]
pub struct ImmunizationInput {
    /// Against what, or which vaccine, at most 200 characters.
    #[schema(value_type = String)]
    vaccine: Field<String>,
    /// CVX.
    code: Option<Field<String>>,
    /// A year, a month or a day in the past.
    #[schema(value_type = String)]
    given_on: Field<String>,
    /// Which dose of a series, 1 to 20.
    #[schema(value_type = Option<u8>)]
    dose_number: Option<Field<u64>>,
    /// The number of the lot, at most 20 characters.
    lot: Option<Field<String>>,
}

impl ImmunizationInput {
    fn check(self, Moment { today, .. }: Moment) -> Result<Immunization, FieldErrors> {
        let dose = |number: u64| match u8::try_from(number) {
            Ok(number @ 1..=20) => Ok(number),
            _ => Err(Invalid::new("out_of_range", wording::field::between(1, 20))),
        };
        let (vaccine, code, given_on, dose_number, lot) = all((
            self.vaccine.parse("vaccine", name),
            self.code.parse_optional("code", |text| code::cvx(&text)),
            self.given_on.parse("given_on", |text| PartialDate::past(&text, today)),
            self.dose_number.parse_optional("dose_number", dose),
            self.lot.parse_optional("lot", |text| text::line(&text, 20)),
        ))?;
        Ok(Immunization { vaccine, code, given_on, dose_number, lot })
    }
}

/// A note.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RecordNoteInput)]
pub struct NoteInput {
    /// In a few words, at most 200 characters.
    #[schema(value_type = String)]
    title: Field<String>,
    /// All of it, at most 4,000 characters.
    #[schema(value_type = String)]
    text: Field<String>,
}

impl NoteInput {
    fn check(self) -> Result<Note, FieldErrors> {
        let (title, text) = all((self.title.parse("title", name), self.text.parse("text", long)))?;
        Ok(Note { title, text })
    }
}

/// What a record of some kind says, for the description of the API.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, clippy::large_enum_variant, reason = "a body is read by its kind; this is its shape alone")]
pub enum RecordInput {
    /// Of `allergies`.
    #[schema(title = "allergy")]
    Allergy(AllergyInput),
    /// Of `conditions`.
    #[schema(title = "condition")]
    Condition(ConditionInput),
    /// Of `medications`.
    #[schema(title = "medication")]
    Medication(MedicationInput),
    /// Of `labs`.
    #[schema(title = "lab")]
    Lab(LabInput),
    /// Of `imaging`.
    #[schema(title = "imaging")]
    Imaging(ImagingInput),
    /// Of `measurements`.
    #[schema(title = "measurement")]
    Measurement(MeasurementInput),
    /// Of `procedures`.
    #[schema(title = "procedure")]
    Procedure(ProcedureInput),
    /// Of `immunizations`.
    #[schema(title = "immunization")]
    Immunization(ImmunizationInput),
    /// Of `notes`.
    #[schema(title = "note")]
    Note(NoteInput),
}

#[cfg(test)]
mod tests;
