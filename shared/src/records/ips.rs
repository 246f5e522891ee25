//! What is on record about a patient as an International Patient Summary: a FHIR R4 document Bundle (HL7 FHIR IPS 2.0.1).
//!
//! Sections that must be there and have nothing say `unavailable`: nobody has asked, so nothing is known to be absent. Decimals keep
//! their precision. What was ruled out or taken away is left out of lists of facts, or says so.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::details::{
    Allergy, Certainty, Comparator, Condition, ConditionStatus, Details, Immunization, Lab, Medication, Procedure,
    Severity,
};
use super::flag::Flag;
use super::measurement::{Measurement, Quantity};
use super::record::Record;
use crate::accounts::Sex;
use crate::medicine::decimal::Number;
use crate::patients::Patient;
use crate::platform::clock::{Date, Timestamp};
use crate::platform::ids::{ProductId, RecordId};

const LOINC: &str = "http://loinc.org";
const ICD10CM: &str = "http://hl7.org/fhir/sid/icd-10-cm";
const CVX: &str = "http://hl7.org/fhir/sid/cvx";
const UCUM: &str = "http://unitsofmeasure.org";
/// Numbers stand between these until the document is written: JSON's own numbers would lose the zero of 6.80. No text that anybody
/// can put on record holds a control character.
const MARK: char = '\u{1}';

/// What stands for a reaction of which nobody has said what it was: how bad it was has no other place.
pub(super) const NOT_RECORDED: &str = "not recorded";

/// What medicine a product is, for who does not know our catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// What it is called.
    pub name: String,
    /// Its active ingredients.
    pub ingredients: Vec<String>,
}

impl Named {
    /// In one line: what it is called, and what is in it.
    pub fn line(&self) -> String {
        format!("{} ({})", self.name, self.ingredients.join(" + "))
    }
}

/// A summary.
#[derive(Debug)]
pub struct Summary<'a> {
    /// About whom.
    pub patient: &'a Patient,
    /// What is on record, as it is now.
    pub records: &'a [Record],
    /// What the products are that medications name; of those that are gone, nothing.
    pub products: &'a BTreeMap<ProductId, Named>,
    /// When it is put together.
    pub at: Timestamp,
    /// The day of that where the pharmacy is.
    pub today: Date,
    /// 128 bits that no other document has.
    pub id: u128,
}

fn uuid(bits: u128) -> String {
    let hex = format!("{bits:032x}");
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

fn urn(bits: u128) -> String {
    format!("urn:uuid:{}", uuid(bits))
}

fn of_record(id: RecordId) -> String {
    urn(id.ulid().0)
}

fn number(value: Number) -> Value {
    Value::String(format!("{MARK}{}{MARK}", value.0))
}

fn coding(system: &str, code: &str, display: Option<&str>) -> Value {
    let mut coding = Map::from_iter([("system".to_owned(), json!(system)), ("code".to_owned(), json!(code))]);
    if let Some(display) = display {
        coding.insert("display".to_owned(), json!(display));
    }
    Value::Object(coding)
}

fn concept(code: Option<(&str, &str)>, text: &str) -> Value {
    match code {
        Some((system, code)) => json!({"coding": [coding(system, code, None)], "text": text}),
        None => json!({"text": text}),
    }
}

fn status(system: &str, code: &str) -> Value {
    json!({"coding": [coding(&format!("http://terminology.hl7.org/CodeSystem/{system}"), code, None)]})
}

fn unknown() -> Value {
    json!({"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]})
}

/// A narrative: a list, of which every character is escaped.
fn narrative(lines: &[String]) -> Value {
    let escaped = |line: &String| {
        let line: String = line.chars().filter(|c| !c.is_control()).collect();
        line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
    };
    let items: String = lines.iter().map(|line| format!("<li>{}</li>", escaped(line))).collect();
    let body =
        if items.is_empty() { "<p>No information available.</p>".to_owned() } else { format!("<ul>{items}</ul>") };
    json!({"status": "generated", "div": format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{body}</div>")})
}

/// A section: its title, its code, whether it must be there, and its entries with a line for each.
struct Section {
    title: &'static str,
    code: &'static str,
    required: bool,
    entries: Vec<(String, String, Value)>,
}

impl Section {
    const fn new(title: &'static str, code: &'static str, required: bool) -> Self {
        Self { title, code, required, entries: Vec::new() }
    }

    fn written(&self) -> Option<Value> {
        if self.entries.is_empty() && !self.required {
            return None;
        }
        let lines: Vec<_> = self.entries.iter().map(|(_, line, _)| line.clone()).collect();
        let mut section = Map::new();
        section.insert("title".to_owned(), json!(self.title));
        section.insert("code".to_owned(), json!({"coding": [coding(LOINC, self.code, None)]}));
        section.insert("text".to_owned(), narrative(&lines));
        if self.entries.is_empty() {
            let system = "http://terminology.hl7.org/CodeSystem/list-empty-reason";
            section.insert("emptyReason".to_owned(), json!({"coding": [coding(system, "unavailable", None)]}));
        } else {
            let entries: Vec<_> = self.entries.iter().map(|(urn, ..)| json!({"reference": urn})).collect();
            section.insert("entry".to_owned(), json!(entries));
        }
        Some(Value::Object(section))
    }
}

impl Summary<'_> {
    /// The document, as JSON text.
    ///
    /// # Errors
    /// None in practice: what was made here can be written.
    pub fn written(&self) -> Result<String, serde_json::Error> {
        let text = serde_json::to_string_pretty(&self.bundle())?;
        let mark = "\\u0001";
        Ok(text.replace(&format!("\"{mark}"), "").replace(&format!("{mark}\""), ""))
    }

    fn bundle(&self) -> Value {
        let (patient, device) = (self.urn_of_patient(), urn(self.id ^ 1));
        let mut problems = Section::new("Problems", "11450-4", true);
        let mut past = Section::new("Past problems", "11348-0", false);
        let mut allergies = Section::new("Allergies and intolerances", "48765-2", true);
        let mut medications = Section::new("Medications", "10160-0", true);
        let mut immunizations = Section::new("Immunizations", "11369-6", false);
        let mut procedures = Section::new("Procedures", "47519-4", false);
        let mut results = Section::new("Results", "30954-2", false);
        let mut vitals = Section::new("Vital signs", "8716-3", false);
        for record in self.records {
            let place = of_record(record.id);
            match &record.details {
                Details::Allergies(it) => {
                    allergies.entries.push((place, allergy_line(it), allergy(it, record, &patient)))
                }
                Details::Conditions(it) if is_over(it) => {
                    past.entries.push((place, it.name.clone(), condition(it, record, &patient)))
                }
                Details::Conditions(it) => {
                    problems.entries.push((place, it.name.clone(), condition(it, record, &patient)))
                }
                Details::Medications(it) => {
                    medications.entries.push((place, self.medication_line(it), self.medication(it, record, &patient)))
                }
                Details::Labs(it) => results.entries.push((place, lab_line(it), lab(it, record, &patient))),
                Details::Measurements(it) if it.kind == Quantity::Glucose => {
                    results.entries.push((place, it.kind.as_str().to_owned(), measurement(it, record, &patient)));
                }
                Details::Measurements(it) => {
                    vitals.entries.push((place, it.kind.as_str().replace('_', " "), measurement(it, record, &patient)))
                }
                Details::Procedures(it) => {
                    procedures.entries.push((place, it.name.clone(), procedure(it, record, &patient)))
                }
                Details::Immunizations(it) => {
                    immunizations.entries.push((place, it.vaccine.clone(), immunization(it, record, &patient)))
                }
                // Reports and notes are no part of a summary.
                Details::Imaging(_) | Details::Notes(_) => {}
            }
        }
        let sections = [problems, allergies, medications, immunizations, procedures, results, vitals, past];
        let composition = json!({
            "resourceType": "Composition", "id": uuid(self.id ^ 2), "status": "final",
            "type": {"coding": [coding(LOINC, "60591-5", Some("Patient summary Document"))]},
            "subject": {"reference": patient}, "date": self.at, "author": [{"reference": device}],
            "title": "International Patient Summary",
            "section": sections.iter().filter_map(Section::written).collect::<Vec<_>>(),
        });
        let software = json!({"resourceType": "Device", "id": uuid(self.id ^ 1),
            "deviceName": [{"name": "Apothecary", "type": "other"}]});
        let mut entries = vec![
            json!({"fullUrl": urn(self.id ^ 2), "resource": composition}),
            json!({"fullUrl": patient, "resource": self.patient_resource()}),
            json!({"fullUrl": device, "resource": software}),
        ];
        for (urn, _, resource) in sections.iter().flat_map(|section| &section.entries) {
            entries.push(json!({"fullUrl": urn, "resource": resource}));
        }
        json!({"resourceType": "Bundle", "id": uuid(self.id), "type": "document",
            "identifier": {"system": "urn:ietf:rfc:3986", "value": urn(self.id)}, "timestamp": self.at, "entry": entries})
    }

    fn urn_of_patient(&self) -> String {
        urn(self.patient.id.ulid().0)
    }

    fn patient_resource(&self) -> Value {
        let gender = match self.patient.sex {
            Sex::Female => "female",
            Sex::Male => "male",
            Sex::Other => "other",
            Sex::Unknown => "unknown",
        };
        let name = match &self.patient.full_name {
            Some(name) => json!([{"text": name.as_str()}]),
            // A name must be there; that there is none is said in its place.
            None => json!([{"text": "unknown"}]),
        };
        let mut resource = Map::from_iter([
            ("resourceType".to_owned(), json!("Patient")),
            ("id".to_owned(), json!(uuid(self.patient.id.ulid().0))),
            ("name".to_owned(), name),
            ("gender".to_owned(), json!(gender)),
        ]);
        match self.patient.date_of_birth {
            Some(day) => resource.insert("birthDate".to_owned(), json!(day)),
            None => resource.insert("_birthDate".to_owned(), unknown()),
        };
        Value::Object(resource)
    }
}

/// A resource with its type and id, and about whom it is.
fn resource(kind: &str, record: &Record, about: (&str, &str), fields: Value) -> Value {
    let mut resource = Map::from_iter([
        ("resourceType".to_owned(), json!(kind)),
        ("id".to_owned(), json!(uuid(record.id.ulid().0))),
        (about.0.to_owned(), json!({"reference": about.1})),
    ]);
    if let Value::Object(fields) = fields {
        resource.extend(fields.into_iter().filter(|(_, value)| !value.is_null()));
    }
    Value::Object(resource)
}

/// People read the narrative, and not how certain the resource is.
fn allergy_line(it: &Allergy) -> String {
    match it.certainty {
        Certainty::Refuted => format!("{} (ruled out)", it.substance),
        Certainty::Unconfirmed | Certainty::Confirmed => it.substance.clone(),
    }
}

fn allergy(it: &Allergy, record: &Record, patient: &str) -> Value {
    let severity = match it.severity {
        Severity::Mild => "mild",
        Severity::Moderate => "moderate",
        Severity::Severe => "severe",
    };
    let verification = match it.certainty {
        Certainty::Unconfirmed => "unconfirmed",
        Certainty::Confirmed => "confirmed",
        Certainty::Refuted => "refuted",
    };
    // What was ruled out is no active allergy.
    let clinical = if it.certainty == Certainty::Refuted { "inactive" } else { "active" };
    let manifestation = it.reaction.as_deref().unwrap_or(NOT_RECORDED);
    let reaction = json!([{"manifestation": [{"text": manifestation}], "severity": severity}]);
    resource(
        "AllergyIntolerance",
        record,
        ("patient", patient),
        json!({
            "clinicalStatus": status("allergyintolerance-clinical", clinical),
            "verificationStatus": status("allergyintolerance-verification", verification),
            "code": concept(None, &it.substance), "reaction": reaction, "recordedDate": record.recorded_at,
        }),
    )
}

fn is_over(it: &Condition) -> bool {
    matches!(it.status, ConditionStatus::Resolved | ConditionStatus::Inactive | ConditionStatus::Remission)
}

fn condition(it: &Condition, record: &Record, patient: &str) -> Value {
    let clinical = match it.status {
        ConditionStatus::Active => "active",
        ConditionStatus::Recurrence => "recurrence",
        ConditionStatus::Remission => "remission",
        ConditionStatus::Inactive => "inactive",
        ConditionStatus::Resolved => "resolved",
    };
    resource(
        "Condition",
        record,
        ("subject", patient),
        json!({
            "clinicalStatus": status("condition-clinical", clinical),
            "category": [status("condition-category", "problem-list-item")],
            "code": concept(it.code.as_deref().map(|code| (ICD10CM, code)), &it.name),
            "onsetDateTime": it.onset, "abatementDateTime": it.resolved.as_ref().filter(|_| is_over(it)),
            "recordedDate": record.recorded_at,
        }),
    )
}

impl Summary<'_> {
    fn named(&self, it: &Medication) -> Option<&Named> {
        self.products.get(&it.product_id?)
    }

    /// What a medication is as a coded thing. A product of one ingredient is that substance, whatever it is called here.
    fn medicine(&self, it: &Medication) -> Value {
        match (self.named(it), &it.substance, it.product_id) {
            (Some(named), ..) => match named.ingredients.as_slice() {
                [substance] => json!({"coding": [{"display": named.name}], "text": substance}),
                _ => json!({"text": named.line()}),
            },
            (None, Some(substance), _) => json!({"text": substance}),
            (None, None, product) => json!({"text": product.map(|product| product.to_string()).unwrap_or_default()}),
        }
    }

    fn medication_line(&self, it: &Medication) -> String {
        let name = match self.named(it) {
            Some(named) => Some(named.line()),
            None => it.substance.clone().or_else(|| it.product_id.map(|product| product.to_string())),
        };
        let over = (!it.is_taken_on(self.today)).then(|| "no longer taken".to_owned());
        let parts = [name, it.dose.clone(), it.frequency.clone(), over];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    fn medication(&self, it: &Medication, record: &Record, patient: &str) -> Value {
        let dosage: Vec<_> = [&it.dose, &it.frequency].into_iter().flatten().cloned().collect();
        let mut fields = json!({
            "status": if it.is_taken_on(self.today) { "active" } else { "completed" },
            "medicationCodeableConcept": self.medicine(it),
            "dosage": (!dosage.is_empty()).then(|| json!([{"text": dosage.join(", ")}])),
            "dateAsserted": record.updated_at,
        });
        let effective = match (&it.since, &it.until) {
            (None, None) => ("_effectiveDateTime", unknown()),
            (since, until) => {
                let mut period = Map::new();
                period.extend(since.as_ref().map(|since| ("start".to_owned(), json!(since))));
                period.extend(until.as_ref().map(|until| ("end".to_owned(), json!(until))));
                ("effectivePeriod", Value::Object(period))
            }
        };
        if let Value::Object(fields) = &mut fields {
            fields.insert(effective.0.to_owned(), effective.1);
        }
        resource("MedicationStatement", record, ("subject", patient), fields)
    }
}

fn quantity(value: Number, unit: &str, comparator: Option<Comparator>) -> Value {
    let mut quantity = json!({"value": number(value), "unit": unit, "system": UCUM, "code": unit});
    if let (Value::Object(quantity), Some(comparator)) = (&mut quantity, comparator) {
        quantity.insert("comparator".to_owned(), json!(comparator));
    }
    quantity
}

fn lab_line(it: &Lab) -> String {
    let value = it.value.map(|value| value.0.to_string()).or_else(|| it.text.clone()).unwrap_or_default();
    format!("{}: {value} {}", it.name, it.unit.as_deref().unwrap_or_default()).trim().to_owned()
}

fn lab(it: &Lab, record: &Record, patient: &str) -> Value {
    let interpretation = match Flag::of(it) {
        Flag::Low => Some("L"),
        Flag::Normal => Some("N"),
        Flag::High => Some("H"),
        Flag::CriticalLow => Some("LL"),
        Flag::CriticalHigh => Some("HH"),
        Flag::NoRange => None,
    };
    let unit = it.unit.as_deref().unwrap_or("1");
    let range = it.range.map(|range| {
        let mut ends = Map::new();
        ends.extend(range.low.map(|low| ("low".to_owned(), quantity(low, unit, None))));
        ends.extend(range.high.map(|high| ("high".to_owned(), quantity(high, unit, None))));
        json!([ends])
    });
    resource(
        "Observation",
        record,
        ("subject", patient),
        json!({
            "status": "final",
            "category": [status("observation-category", "laboratory")],
            "code": concept(it.loinc.as_deref().map(|code| (LOINC, code)), &it.name),
            "effectiveDateTime": it.taken_at,
            "performer": [{"display": it.lab.as_deref().unwrap_or("unknown")}],
            "valueQuantity": it.value.map(|value| quantity(value, unit, it.comparator)),
            "valueString": it.text,
            "interpretation": interpretation.map(|code| json!([status("v3-ObservationInterpretation", code)])),
            "referenceRange": range,
        }),
    )
}

fn measurement(it: &Measurement, record: &Record, patient: &str) -> Value {
    let vital = it.kind != Quantity::Glucose;
    let part = |code: &str, text: &str, value: Option<Number>| {
        let value = value?;
        Some(json!({"code": concept(Some((LOINC, code)), text), "valueQuantity": quantity(value, &it.unit, None)}))
    };
    let components: Vec<_> = match it.kind {
        Quantity::BloodPressure => [
            part("8480-6", "Systolic blood pressure", it.systolic),
            part("8462-4", "Diastolic blood pressure", it.diastolic),
        ]
        .into_iter()
        .flatten()
        .collect(),
        _ => Vec::new(),
    };
    resource(
        "Observation",
        record,
        ("subject", patient),
        json!({
            "status": "final",
            "category": [status("observation-category", if vital { "vital-signs" } else { "laboratory" })],
            "code": concept(Some((LOINC, it.kind.loinc())), &it.kind.as_str().replace('_', " ")),
            "effectiveDateTime": it.taken_at,
            "performer": (!vital).then(|| json!([{"display": "unknown"}])),
            "valueQuantity": it.value.map(|value| quantity(value, &it.unit, None)),
            "component": (!components.is_empty()).then_some(components),
        }),
    )
}

fn procedure(it: &Procedure, record: &Record, patient: &str) -> Value {
    resource(
        "Procedure",
        record,
        ("subject", patient),
        json!({
            "status": "completed", "code": concept(None, &it.name), "performedDateTime": it.performed_on,
            "note": it.outcome.as_ref().map(|text| json!([{"text": text}])),
        }),
    )
}

fn immunization(it: &Immunization, record: &Record, patient: &str) -> Value {
    resource(
        "Immunization",
        record,
        ("patient", patient),
        json!({
            "status": "completed",
            "vaccineCode": concept(it.code.as_deref().map(|code| (CVX, code)), &it.vaccine),
            "occurrenceDateTime": it.given_on, "lotNumber": it.lot,
            "protocolApplied": it.dose_number.map(|dose| json!([{"doseNumberPositiveInt": dose}])),
        }),
    )
}

#[cfg(test)]
mod tests;
