//! How well the kidneys work, by the two measures that labels use. They are not interchangeable: a limit on the one is
//! never checked with the other.

use super::decimal::{Decimal, plain};
use super::formula::{Computed, Sex, ckd_epi_2021, cockcroft_gault, schwartz};
use super::patient::Patient;

/// A measure of the kidneys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// Creatinine clearance in mL/min: Cockcroft-Gault.
    Clearance,
    /// Estimated filtration rate in mL/min/1.73 m²: CKD-EPI 2021, Schwartz for children.
    Filtration,
}

impl Metric {
    /// Reads `crcl` or `egfr`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "crcl" => Some(Self::Clearance),
            "egfr" => Some(Self::Filtration),
            _ => None,
        }
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Clearance => "creatinine clearance",
            Self::Filtration => "eGFR",
        }
    }
}

/// What can be computed of a patient's kidneys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kidneys {
    /// Creatinine clearance, of adults.
    pub clearance: Option<Computed>,
    /// Filtration rate.
    pub filtration: Option<Computed>,
    /// What is missing for the clearance: names of fields.
    pub clearance_lacks: Vec<&'static str>,
    /// What is missing for the filtration rate.
    pub filtration_lacks: Vec<&'static str>,
}

/// The age in years from which the formulas for adults hold.
pub const ADULT: u32 = 18;

impl Kidneys {
    /// Of a patient, as far as is known.
    pub fn of(patient: &Patient) -> Self {
        let mut kidneys = Self::default();
        let years = patient.age.map(super::patient::Age::years);
        let child = years.is_some_and(|years| years < ADULT);
        let missing = |known: bool, name: &'static str| (!known).then_some(name);
        let common = [missing(years.is_some(), "age"), missing(patient.creatinine.is_some(), "creatinine")];
        let mut lacks: Vec<&'static str> = common.into_iter().flatten().collect();
        kidneys.filtration_lacks.clone_from(&lacks);
        lacks.extend(missing(patient.sex.is_some(), "sex"));
        lacks.extend(missing(patient.weight.is_some(), "weight_kg"));
        kidneys.clearance_lacks = lacks;
        let other =
            if child { missing(patient.height.is_some(), "height_cm") } else { missing(patient.sex.is_some(), "sex") };
        kidneys.filtration_lacks.extend(other);
        if let (Some(years), Some(creatinine)) = (years, patient.creatinine) {
            if child {
                kidneys.filtration = patient.height.and_then(|height| schwartz(height, creatinine));
            } else if let Some(sex) = patient.sex {
                kidneys.filtration = ckd_epi_2021(years, creatinine, sex);
                kidneys.clearance = patient.weight.and_then(|weight| cockcroft_gault(years, weight, creatinine, sex));
            }
        }
        // What a laboratory has computed counts where nothing can be computed here.
        if let (None, Some(value)) = (&kidneys.filtration, patient.filtration) {
            let steps = vec![format!("eGFR as the laboratory reported it: {} mL/min/1.73 m²", plain(value))];
            let (unit, source) = ("mL/min/{1.73_m2}", "the laboratory that reported it");
            kidneys.filtration = Some(Computed { value, unit, steps, source });
            kidneys.filtration_lacks.clear();
        }
        kidneys
    }

    /// The value of a measure, if it can be computed.
    pub fn rate(&self, metric: Metric) -> Option<Decimal> {
        self.computed(metric).map(|computed| computed.value)
    }

    /// A measure with its steps.
    pub fn computed(&self, metric: Metric) -> Option<&Computed> {
        match metric {
            Metric::Clearance => self.clearance.as_ref(),
            Metric::Filtration => self.filtration.as_ref(),
        }
    }

    /// The fields of a patient that are missing for a measure.
    pub fn lacks(&self, metric: Metric) -> &[&'static str] {
        match metric {
            Metric::Clearance => &self.clearance_lacks,
            Metric::Filtration => &self.filtration_lacks,
        }
    }
}

/// Reads a sex: `female` or `male`.
pub fn sex(text: &str) -> Option<Sex> {
    match text {
        "female" => Some(Sex::Female),
        "male" => Some(Sex::Male),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::medicine::patient::Age;

    #[test]
    fn what_is_missing_is_named_and_nothing_is_assumed() {
        let nobody = Kidneys::of(&Patient::default());
        assert_eq!(nobody.lacks(Metric::Clearance), ["age", "creatinine", "sex", "weight_kg"]);
        assert_eq!(nobody.lacks(Metric::Filtration), ["age", "creatinine", "sex"]);
        assert_eq!(nobody.rate(Metric::Filtration), None);
    }

    #[test]
    fn what_a_laboratory_reported_counts_where_nothing_can_be_computed() {
        let reported = Patient { filtration: "25".parse().ok(), ..Patient::default() };
        assert_eq!(Kidneys::of(&reported).rate(Metric::Filtration), "25".parse().ok());
        assert_eq!(Kidneys::of(&reported).rate(Metric::Clearance), None, "the two are not interchangeable");
        let measured =
            Patient { age: Age::of_years(40), sex: Some(Sex::Male), creatinine: "0.9".parse().ok(), ..reported };
        assert!(Kidneys::of(&measured).rate(Metric::Filtration) > "90".parse().ok());
    }

    #[test]
    fn children_have_schwartz_and_no_clearance() {
        let child = Patient {
            age: Age::of_years(7),
            height: "120".parse().ok(),
            creatinine: "0.5".parse().ok(),
            weight: "23".parse().ok(),
            sex: Some(Sex::Male),
            ..Patient::default()
        };
        let kidneys = Kidneys::of(&child);
        assert_eq!(kidneys.rate(Metric::Filtration).map(|rate| rate.round_dp(1)), "99.1".parse().ok());
        assert_eq!(kidneys.rate(Metric::Clearance), None);
    }
}
