//! What screening goes by of what is on record about a patient. Pure rules.
//!
//! A record says that something is there, and never that something is not: an empty list of conditions is no healthy person.
//!
//! This material contains content from LOINC (<https://loinc.org>), which is copyright © Regenstrief Institute, Inc. and
//! the LOINC Committee, and available at no cost under the license at <https://loinc.org/license>.

use super::condition_codes::{asked_about, is_pregnancy};
use super::details::{Certainty, Comparator, Details, Lab, Medication, Severity};
use super::kind::Kind;
use super::look_up::LookUp;
use super::measurement::{Measurement, Quantity};
use crate::medicine::condition::milligrams;
use crate::medicine::decimal::Decimal;
use crate::medicine::patient::{Allergy, Patient};
use crate::medicine::person::reported_creatinine;
use crate::medicine::substance::folded;
use crate::medicine::unit::Unit;
use crate::patients::{HEIGHT_MONTHS, Patient as Entry, WEIGHT_MONTHS};
use crate::platform::clock::{Date, Timestamp};
use crate::platform::ids::{ProductId, RecordId};

/// The kinds of records that screening goes by: who asks about a patient by them must be let see each.
pub const SCREENED_KINDS: [Kind; 5] =
    [Kind::Allergies, Kind::Conditions, Kind::Medications, Kind::Labs, Kind::Measurements];

/// For how many days a medication that is not taken any more counts: longer than the longest washout of a rule, which is five
/// weeks.
const REMEMBERED_DAYS: u32 = 60;
/// For how many months a result of the kidneys counts: an older one says nothing of how they are.
const KIDNEYS_MONTHS: u32 = 12;
/// How long ago a pregnancy may have begun that is still recorded as one.
const PREGNANCY_MONTHS: u32 = 10;

/// Creatinine in serum, plasma or blood.
const CREATININE: &[&str] = &["2160-0", "14682-9", "38483-4", "59826-8", "77140-2"];
const CREATININE_NAMES: &[&str] = &["creatinine", "serum creatinine", "creatinine serum", "plasma creatinine"];
/// Filtration rates of adults and children for 1.73 m², by whatever formula a laboratory goes.
const FILTRATION: &[&str] =
    &["33914-3", "48642-3", "48643-1", "50044-7", "62238-1", "69405-9", "77147-7", "88293-6", "88294-4", "98979-8"];
const FILTRATION_NAMES: &[&str] = &["egfr", "estimated gfr", "estimated glomerular filtration rate", "gfr"];

/// All that was read of the records of a patient for screening.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScreenedRecords {
    /// Allergies, conditions and medications.
    pub details: Vec<Details>,
    /// The latest results of laboratories.
    pub labs: Vec<Lab>,
    /// The latest measurements.
    pub measurements: Vec<Measurement>,
    /// Which record, and which version of it, each of `details` is.
    pub places: Vec<(RecordId, u64)>,
    /// What pharmacists have looked up of them.
    pub looked_up: Vec<LookUp>,
}

/// What a recorded medication is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named<'r> {
    /// A substance or brand.
    Substance(&'r str),
    /// A product of the catalogue.
    Product(ProductId),
}

/// A medication as screening sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Used<'r> {
    /// What.
    pub named: Named<'r>,
    /// How much at a time in mg, where the record says a mass.
    pub dose: Option<Decimal>,
    /// How many days ago its use ended; `None` for what is in use.
    pub ended_days_ago: Option<u32>,
    /// For which products a pharmacist has looked up what it is.
    pub looked_up_for: &'r [ProductId],
}

impl ScreenedRecords {
    /// Adds to what is known of a patient what the records say of them, whose entry is `whose`.
    pub fn add_to(&self, patient: &mut Patient, whose: &Entry, today: Date) {
        let mut allergies = Vec::new();
        for (at, details) in self.details.iter().enumerate() {
            match details {
                // What nobody has confirmed counts; what was ruled out does not.
                Details::Allergies(one) if one.certainty != Certainty::Refuted => {
                    let looked_up_for = self.looked_up_for(at).iter().map(ToString::to_string).collect();
                    let severe = one.severity == Severity::Severe;
                    allergies.push(Allergy { to: one.substance.clone(), severe, looked_up_for });
                }
                Details::Conditions(one) => {
                    patient.recorded_conditions.extend(asked_about(one).map(str::to_owned));
                    let begun = one.onset.as_ref();
                    let lately = begun.is_none_or(|onset| !onset.is_before(today.minus_months(PREGNANCY_MONTHS)));
                    if patient.pregnant.is_none() && is_pregnancy(one) && lately {
                        patient.pregnant = Some(true);
                    }
                }
                _ => {}
            }
        }
        patient.recorded_conditions.sort_unstable();
        patient.recorded_conditions.dedup();
        if !allergies.is_empty() {
            patient.allergies.get_or_insert_default().extend(allergies);
        }
        let since = today.minus_months(KIDNEYS_MONTHS).begins();
        let lately = || self.labs.iter().filter(|lab| lab.taken_at >= since);
        patient.creatinine = patient.creatinine.or(latest(lately(), creatinine));
        patient.filtration = patient.filtration.or(latest(lately(), filtration));
        let height = self.measured(Quantity::Height, whose.height_counts_since(today));
        patient.height = patient.height.or(height.map(|(_, height)| height));
        // Of a weight on record and that of the entry the later counts; one without a day is the older.
        if let Some((at, weight)) = self.measured(Quantity::Weight, whose.weight_counts_since(today))
            && (patient.weight.is_none() || whose.weighed_on.is_none_or(|on| at >= on.begins()))
        {
            patient.weight = Some(weight);
        }
    }

    /// The latest measurement of one sort, and when it was taken, in the unit that it is compared in; `None` where that was before
    /// it counts.
    fn measured(&self, quantity: Quantity, since: Date) -> Option<(Timestamp, Decimal)> {
        let of_it = self.measurements.iter().filter(|one| one.kind == quantity);
        let latest = of_it.max_by_key(|one| one.taken_at).filter(|one| one.taken_at >= since.begins())?;
        Some((latest.taken_at, latest.compared()?.0))
    }

    /// The medications that count on a day: those in use, and those that ended not long ago.
    pub fn used(&self, today: Date) -> Vec<Used<'_>> {
        let medications = self.details.iter().enumerate().filter_map(|(at, details)| match details {
            Details::Medications(one) => Some((at, one)),
            _ => None,
        });
        medications.filter_map(|(at, one)| used(one, self.looked_up_for(at), today)).collect()
    }

    /// For which products a pharmacist has looked up the record in this place, as it is now.
    fn looked_up_for(&self, at: usize) -> &[ProductId] {
        let place = self.places.get(at);
        let found = place.and_then(|(record, version)| {
            self.looked_up.iter().find(|one| one.record == *record && one.version == *version)
        });
        found.map(|found| found.products.as_slice()).unwrap_or_default()
    }

    /// The records that a name is from to which no substance answers, each with what was looked up of it before.
    pub fn of_name(&self, name: &str) -> Vec<((RecordId, u64), Option<&LookUp>)> {
        let is_named = |details: &Details| match details {
            Details::Allergies(one) => one.substance == name,
            Details::Medications(one) => match one.product_id {
                Some(product) => product.to_string() == name,
                None => one.substance.as_deref() == Some(name),
            },
            _ => false,
        };
        let places = self.details.iter().zip(&self.places).filter(|(details, _)| is_named(details));
        places.map(|(_, place)| (*place, self.looked_up.iter().find(|one| one.record == place.0))).collect()
    }

    /// The products that medications name, each once.
    pub fn products(&self) -> Vec<ProductId> {
        let product = |details: &Details| match details {
            Details::Medications(one) => one.product_id,
            _ => None,
        };
        let mut products: Vec<_> = self.details.iter().filter_map(product).collect();
        products.sort_unstable();
        products.dedup();
        products
    }
}

fn used<'r>(medication: &'r Medication, looked_up_for: &'r [ProductId], today: Date) -> Option<Used<'r>> {
    let named = match (medication.product_id, &medication.substance) {
        (Some(product), _) => Named::Product(product),
        (None, substance) => Named::Substance(substance.as_deref()?),
    };
    let ended_days_ago = match &medication.until {
        Some(until) if !medication.is_taken_on(today) => {
            let ended = u32::try_from(today.days_since(until.latest()?)).ok()?;
            Some(ended).filter(|days| *days <= REMEMBERED_DAYS).map(Some)?
        }
        _ => None,
    };
    Some(Used { named, dose: medication.dose.as_deref().and_then(milligrams), ended_days_ago, looked_up_for })
}

/// The latest of the results that say something.
fn latest<'l>(labs: impl Iterator<Item = &'l Lab>, read: impl Fn(&Lab) -> Option<Decimal>) -> Option<Decimal> {
    let read = labs.filter_map(|lab| Some((lab.taken_at, read(lab)?)));
    read.max_by_key(|(at, _)| *at).map(|(_, value)| value)
}

/// Whether a result is of one of these, by its code, or by its name where it has none.
fn is_of(lab: &Lab, codes: &[&str], names: &[&str]) -> bool {
    match lab.loinc.as_deref() {
        Some(code) => codes.contains(&code),
        None => names.contains(&folded(&lab.name).as_str()),
    }
}

fn creatinine(lab: &Lab) -> Option<Decimal> {
    let exact = is_of(lab, CREATININE, CREATININE_NAMES) && lab.comparator.is_none();
    reported_creatinine(lab.value.filter(|_| exact)?, lab.unit.as_deref()?)
}

/// "Less than 15" is at most 15; "more than 60" is no number.
fn filtration(lab: &Lab) -> Option<Decimal> {
    let at_most = matches!(lab.comparator, None | Some(Comparator::Less | Comparator::AtMost));
    let value = lab.value.filter(|_| at_most && is_of(lab, FILTRATION, FILTRATION_NAMES))?;
    let normalised = Unit::parse(lab.unit.as_deref()?).ok()?.code() == "mL/min/{1.73_m2}";
    Some(value.0).filter(|value| normalised && *value > Decimal::ZERO && *value <= Decimal::from(250))
}

/// A day on the safe side of the one so many months ago, wherever the pharmacy is.
fn months_ago(now: Timestamp, months: u32) -> Timestamp {
    now.date().minus_months(months).plus_days(-2).begins()
}

/// Whether results of laboratories that were read are enough, where those that were not read are of no later time than `unread`: the
/// latest that counts of each sort is among them.
pub(super) fn labs_do(read: &[Details], unread: Timestamp, now: Timestamp) -> bool {
    let latest = |says: fn(&Lab) -> Option<Decimal>| {
        let labs = read.iter().filter_map(|details| match details {
            Details::Labs(lab) => says(lab).map(|_| lab.taken_at),
            _ => None,
        });
        labs.max()
    };
    unread < months_ago(now, KIDNEYS_MONTHS)
        || (latest(creatinine) >= Some(unread) && latest(filtration) >= Some(unread))
}

/// The same of measurements.
pub(super) fn measurements_do(read: &[Details], unread: Timestamp, now: Timestamp) -> bool {
    let latest = |quantity: Quantity| {
        let measured = read.iter().filter_map(|details| match details {
            Details::Measurements(one) if one.kind == quantity => Some(one.taken_at),
            _ => None,
        });
        measured.max()
    };
    let wanted = [(Quantity::Weight, WEIGHT_MONTHS), (Quantity::Height, HEIGHT_MONTHS)];
    wanted.iter().all(|(quantity, months)| unread < months_ago(now, *months) || latest(*quantity) >= Some(unread))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn today() -> Date {
        Date::parse("2026-11-29").unwrap()
    }

    fn details(kind: &str, says: Value) -> Details {
        serde_json::from_value(json!({"of": kind, "is": says})).unwrap()
    }

    fn allergy(to: &str, severity: &str, certainty: &str) -> Details {
        details("allergies", json!({"substance": to, "reaction": null, "severity": severity, "certainty": certainty}))
    }

    fn condition(code: &str, onset: Option<&str>) -> Details {
        let says = json!({"code": code, "name": "x", "onset": onset, "resolved": null, "status": "active"});
        details("conditions", says)
    }

    fn medication(substance: &str, dose: Option<&str>, until: Option<&str>) -> Details {
        let says = json!({"substance": substance, "product_id": null, "dose": dose, "frequency": null, "since": null,
                          "until": until});
        details("medications", says)
    }

    fn lab(loinc: Option<&str>, name: &str, value: &str, unit: &str, taken_at: &str) -> Lab {
        let lab = json!({"loinc": loinc, "name": name, "value": value, "comparator": null, "text": null, "unit": unit,
                         "range": null, "taken_at": taken_at, "lab": null});
        serde_json::from_value(lab).unwrap()
    }

    fn known(details: Vec<Details>, labs: Vec<Lab>) -> Patient {
        let mut patient = Patient::default();
        ScreenedRecords { details, labs, ..ScreenedRecords::default() }.add_to(&mut patient, &whose(), today());
        patient
    }

    /// Of whom nothing is known.
    fn whose() -> Entry {
        serde_json::from_value(json!({"id": "pat_01JDH3J9V8A6M2Q4R5T6W7X8Y9", "full_name": null, "date_of_birth": null,
                                      "sex": "unknown", "relationship": "self", "weight_kg": null, "weighed_on": null,
                                      "pregnant": null, "breastfeeding": null, "closed_at": null, "version": 0}))
        .unwrap()
    }

    #[test]
    fn what_was_ruled_out_is_no_allergy_and_what_nobody_confirmed_is() {
        let all = [
            allergy("penicillin", "severe", "confirmed"),
            allergy("aspirin", "mild", "unconfirmed"),
            allergy("iodine", "severe", "refuted"),
        ];
        let allergies = known(all.to_vec(), Vec::new()).allergies.unwrap();
        let told: Vec<_> = allergies.iter().map(|one| (one.to.as_str(), one.severe)).collect();
        assert_eq!(told, [("penicillin", true), ("aspirin", false)]);
    }

    #[test]
    fn what_is_not_on_record_is_not_known() {
        let nothing = known(Vec::new(), Vec::new());
        assert_eq!(nothing, Patient::default());
        let asthma = known(vec![condition("J45.909", None)], Vec::new());
        assert_eq!((asthma.has("asthma"), asthma.has("gout"), asthma.conditions.as_ref()), (Some(true), None, None));
        assert_eq!(asthma.allergies, None);
    }

    #[test]
    fn a_pregnancy_on_record_counts_while_it_can_last_and_the_entry_says_nothing() {
        assert_eq!(known(vec![condition("Z33.1", Some("2026-06"))], Vec::new()).pregnant, Some(true));
        assert_eq!(known(vec![condition("Z33.1", None)], Vec::new()).pregnant, Some(true));
        assert_eq!(known(vec![condition("Z33.1", Some("2025-06"))], Vec::new()).pregnant, None);
        let mut said = Patient { pregnant: Some(false), ..Patient::default() };
        let records = ScreenedRecords { details: vec![condition("Z33.1", None)], ..ScreenedRecords::default() };
        records.add_to(&mut said, &whose(), today());
        assert_eq!(said.pregnant, Some(false));
    }

    #[test]
    fn a_medication_counts_while_it_is_taken_and_for_its_washout() {
        let all = [
            medication("warfarin", None, None),
            medication("fluoxetine", Some("20 mg"), Some("2026-11-09")),
            medication("phenelzine", Some("one in the morning"), Some("2026-10")),
            medication("aspirin", None, Some("2026-11")),
            medication("codeine", None, Some("2026-09")),
            medication("morphine", None, Some("2025")),
        ];
        let records = ScreenedRecords { details: all.to_vec(), ..ScreenedRecords::default() };
        let used: Vec<_> = records
            .used(today())
            .iter()
            .map(|one| {
                let name = match one.named {
                    Named::Substance(name) => name.to_owned(),
                    Named::Product(product) => product.to_string(),
                };
                (name, one.dose.map(|dose| dose.to_string()), one.ended_days_ago)
            })
            .collect();
        let expected = [
            ("warfarin", None, None),
            ("fluoxetine", Some("20"), Some(20)),
            // Some day of October: the last one is reckoned with.
            ("phenelzine", None, Some(29)),
            ("aspirin", None, None),
            ("codeine", None, Some(60)),
        ];
        assert_eq!(used, expected.map(|(name, dose, ended)| (name.to_owned(), dose.map(str::to_owned), ended)));
    }

    #[test]
    fn the_latest_creatinine_of_a_year_counts_in_whatever_unit() {
        let of = |labs: Vec<Lab>| known(Vec::new(), labs).creatinine.map(|value| value.round_dp(2).to_string());
        let old = lab(Some("2160-0"), "Creatinine", "4.0", "mg/dL", "2025-11-01T08:00:00Z");
        let before = lab(Some("2160-0"), "Creatinine", "1.1", "mg/dL", "2026-03-01T08:00:00Z");
        let after = lab(None, "Creatinine", "176.84", "umol/L", "2026-09-01T08:00:00Z");
        assert_eq!(of(vec![after.clone(), before.clone(), old.clone()]).as_deref(), Some("2.00"));
        assert_eq!(of(vec![old]), None);
        let urine = lab(Some("2161-8"), "Creatinine", "2.0", "mg/dL", "2026-09-02T08:00:00Z");
        let implausible = lab(Some("2160-0"), "Creatinine", "88", "mg/dL", "2026-09-03T08:00:00Z");
        let less = Lab { comparator: Some(Comparator::Less), taken_at: Timestamp::from_millis(0), ..before.clone() };
        assert_eq!(of(vec![urine, implausible, less, before]).as_deref(), Some("1.1"));
    }

    #[test]
    fn results_are_enough_once_no_later_one_can_be_left() {
        let now = Timestamp::parse("2026-11-29T10:00:00Z").unwrap();
        let at = |text: &str| Timestamp::parse(text).unwrap();
        let creatinine = Details::Labs(lab(Some("2160-0"), "Creatinine", "1.1", "mg/dL", "2026-09-01T08:00:00Z"));
        let egfr = Details::Labs(lab(Some("98979-8"), "eGFR", "25", "mL/min/{1.73_m2}", "2026-10-01T08:00:00Z"));
        let both = [creatinine, egfr];
        for (read, unread, enough) in [
            (&both[..], "2026-09-01T08:00:00Z", true),
            // One of the day after may be left, and be another.
            (&both[..], "2026-09-02T08:00:00Z", false),
            (&both[..1], "2026-06-01T08:00:00Z", false),
            (&both[1..], "2026-06-01T08:00:00Z", false),
            (&both[..0], "2025-11-28T08:00:00Z", false),
            (&both[..0], "2025-11-26T08:00:00Z", true),
        ] {
            assert_eq!(labs_do(read, at(unread), now), enough, "{unread} {read:?}");
        }
        let measured = |kind: &str, value: &str, unit: &str, at: &str| {
            let says = json!({"kind": kind, "value": value, "systolic": null, "diastolic": null, "unit": unit, "taken_at": at});
            details("measurements", says)
        };
        let height = measured("height", "168", "cm", "2026-03-01T08:00:00Z");
        let weight = measured("weight", "70", "kg", "2026-09-01T08:00:00Z");
        let both = [height, weight];
        for (read, unread, enough) in [
            (&both[..], "2026-03-01T08:00:00Z", true),
            (&both[..], "2026-04-01T08:00:00Z", false),
            (&both[..1], "2026-02-01T08:00:00Z", false),
            (&both[..1], "2025-02-01T08:00:00Z", true),
            (&both[1..], "2025-02-01T08:00:00Z", false),
            (&both[1..], "2016-02-01T08:00:00Z", true),
        ] {
            assert_eq!(measurements_do(read, at(unread), now), enough, "{unread} {read:?}");
        }
    }

    #[test]
    fn a_reported_filtration_rate_is_read_where_it_is_at_most_that() {
        let of = |comparator, unit: &str| {
            let egfr = lab(Some("98979-8"), "eGFR", "25", unit, "2026-09-01T08:00:00Z");
            known(Vec::new(), vec![Lab { comparator, ..egfr }]).filtration.map(|value| value.to_string())
        };
        let unit = "mL/min/{1.73_m2}";
        assert_eq!((of(None, unit).as_deref(), of(Some(Comparator::Less), unit).as_deref()), (Some("25"), Some("25")));
        assert_eq!((of(Some(Comparator::More), unit), of(None, "mL/min")), (None, None));
    }

    #[test]
    fn the_latest_height_and_weight_count_as_long_as_they_can() {
        let measured = |kind: &str, value: &str, unit: &str, at: &str| -> Measurement {
            let says = json!({"kind": kind, "value": value, "systolic": null, "diastolic": null, "unit": unit, "taken_at": at});
            serde_json::from_value(says).unwrap()
        };
        let of = |entry: &Entry, measurements: &[Measurement]| {
            let mut patient = entry.known(today());
            let records = ScreenedRecords { measurements: measurements.to_vec(), ..ScreenedRecords::default() };
            records.add_to(&mut patient, entry, today());
            [patient.height, patient.weight].map(|value| value.map(|value| value.normalize().to_string()))
        };
        let some = |height: &str, weight: &str| [height, weight].map(|text| Some(text.to_owned()));
        let all = [
            measured("height", "1.66", "m", "2020-03-01T08:00:00Z"),
            measured("height", "168", "cm", "2021-03-01T08:00:00Z"),
            measured("weight", "154", "[lb_av]", "2026-06-01T08:00:00Z"),
            measured("heart_rate", "72", "/min", "2026-11-01T08:00:00Z"),
        ];
        let grown = Entry { date_of_birth: Date::parse("1990-01-01").ok(), ..whose() };
        assert_eq!(of(&grown, &all), some("168", "69.85"));
        // What is of an earlier day than the entry's weight does not count, and what may be a child's is too old.
        let weighed = |on: &str| Entry {
            weight_kg: Some(crate::medicine::decimal::Number(Decimal::from(80))),
            weighed_on: Date::parse(on).ok(),
            ..grown.clone()
        };
        assert_eq!(of(&weighed("2026-06-02"), &all), some("168", "80"));
        assert_eq!(of(&weighed("2026-05-31"), &all), some("168", "69.85"));
        assert_eq!(of(&whose(), &all), [None, None]);
        assert_eq!(of(&whose(), &[measured("height", "110", "cm", "2026-11-01T08:00:00Z")])[0].as_deref(), Some("110"));
    }
}
