//! Formulas of the clinic, each with the steps that lead to its value and with its source.

use super::decimal::{Decimal, plain, power, root, rounded};

/// Sex, where a formula or a limit asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// What came out of a formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Computed {
    /// Unrounded; show no more than one or two digits of it.
    pub value: Decimal,
    /// The UCUM code of its unit.
    pub unit: &'static str,
    /// How it was computed, a line for each step.
    pub steps: Vec<String>,
    /// Where the formula is from.
    pub source: &'static str,
}

fn thousandth(value: i64) -> Decimal {
    Decimal::new(value, 3)
}

/// Creatinine clearance: (140 − age) · kg / (72 · creatinine in mg/dL), times 0.85 for women. For adults; `None` where
/// a number leaves the exact range or the age is beyond the formula's.
pub fn cockcroft_gault(age: u32, kilograms: Decimal, creatinine: Decimal, sex: Sex) -> Option<Computed> {
    let years = Decimal::from(140_u32.checked_sub(age)?);
    let male = years.checked_mul(kilograms)?.checked_div(Decimal::from(72).checked_mul(creatinine)?)?;
    let value = match sex {
        Sex::Male => male,
        Sex::Female => male.checked_mul(thousandth(850))?,
    };
    let by_sex = if sex == Sex::Female { " × 0.85" } else { "" };
    let line = format!("(140 − {age}) × {kilograms} kg / (72 × {creatinine} mg/dL){by_sex}");
    Some(Computed {
        value,
        unit: "mL/min",
        steps: vec![format!("creatinine clearance (Cockcroft-Gault) = {line} = {} mL/min", rounded(value, 1))],
        source: "Cockcroft and Gault, Nephron 1976;16:31-41",
    })
}

/// Glomerular filtration rate by CKD-EPI 2021: 142 · min(S/κ, 1)^α · max(S/κ, 1)^−1.2 · 0.9938^age, times 1.012 for
/// women; κ 0.7 or 0.9, α −0.241 or −0.302 for women and men; S in mg/dL. For adults.
pub fn ckd_epi_2021(age: u32, creatinine: Decimal, sex: Sex) -> Option<Computed> {
    let (kappa, alpha, factor) = match sex {
        Sex::Female => (thousandth(700), thousandth(-241), thousandth(1012)),
        Sex::Male => (thousandth(900), thousandth(-302), Decimal::ONE),
    };
    let ratio = creatinine.checked_div(kappa)?;
    let low = power(ratio.min(Decimal::ONE), alpha)?;
    let high = power(ratio.max(Decimal::ONE), thousandth(-1200))?;
    let aged = power(Decimal::new(9938, 4), Decimal::from(age))?;
    let value = Decimal::from(142).checked_mul(low)?.checked_mul(high)?.checked_mul(aged)?.checked_mul(factor)?;
    let by_sex = if sex == Sex::Female { " × 1.012" } else { "" };
    let line = format!(
        "142 × min({creatinine}/{}, 1)^{} × max({creatinine}/{}, 1)^−1.2 × 0.9938^{age}{by_sex}",
        plain(kappa),
        plain(alpha),
        plain(kappa)
    );
    Some(Computed {
        value,
        unit: "mL/min/{1.73_m2}",
        steps: vec![format!("eGFR (CKD-EPI 2021) = {line} = {} mL/min/1.73 m²", rounded(value, 1))],
        source: "Inker et al., N Engl J Med 2021;385:1737-1749",
    })
}

/// Glomerular filtration rate of a child by the bedside Schwartz formula of 2009: 0.413 · cm / creatinine in mg/dL.
pub fn schwartz(centimetres: Decimal, creatinine: Decimal) -> Option<Computed> {
    let value = thousandth(413).checked_mul(centimetres)?.checked_div(creatinine)?;
    let line = format!("0.413 × {centimetres} cm / {creatinine} mg/dL");
    Some(Computed {
        value,
        unit: "mL/min/{1.73_m2}",
        steps: vec![format!("eGFR (bedside Schwartz) = {line} = {} mL/min/1.73 m²", rounded(value, 1))],
        source: "Schwartz et al., J Am Soc Nephrol 2009;20:629-637",
    })
}

/// Body surface by Mosteller: √(cm · kg / 3600), in m².
pub fn mosteller(centimetres: Decimal, kilograms: Decimal) -> Option<Computed> {
    let value = root(centimetres.checked_mul(kilograms)?.checked_div(Decimal::from(3600))?)?;
    let line = format!("√({centimetres} cm × {kilograms} kg / 3600)");
    Some(Computed {
        value,
        unit: "m2",
        steps: vec![format!("body surface (Mosteller) = {line} = {} m²", rounded(value, 2))],
        source: "Mosteller, N Engl J Med 1987;317:1098",
    })
}

/// Ideal body weight by Devine: 50 kg for men, 45.5 kg for women, and 2.3 kg for each inch above 60.
pub fn devine(inches: Decimal, sex: Sex) -> Option<Computed> {
    let base = match sex {
        Sex::Female => Decimal::new(455, 1),
        Sex::Male => Decimal::from(50),
    };
    let above = inches.checked_sub(Decimal::from(60))?.max(Decimal::ZERO);
    let value = base.checked_add(Decimal::new(23, 1).checked_mul(above)?)?;
    Some(Computed {
        value,
        unit: "kg",
        steps: vec![format!("ideal body weight (Devine) = {base} kg + 2.3 kg × {above} = {} kg", rounded(value, 1))],
        source: "Devine, Drug Intell Clin Pharm 1974;8:650-655",
    })
}

/// Adjusted body weight: ideal + factor · (actual − ideal).
pub fn adjusted_weight(ideal: Decimal, actual: Decimal, factor: Decimal) -> Option<Computed> {
    let value = ideal.checked_add(factor.checked_mul(actual.checked_sub(ideal)?)?)?;
    let line = format!("{ideal} kg + {factor} × ({actual} kg − {ideal} kg)");
    Some(Computed {
        value,
        unit: "kg",
        steps: vec![format!("adjusted body weight = {line} = {} kg", rounded(value, 1))],
        source: "Bauer, Applied Clinical Pharmacokinetics: factor 0.4",
    })
}

/// How much of a liquid holds a dose: dose / concentration, both in the same unit of what is dosed.
pub fn volume(dose: Decimal, per_millilitre: Decimal) -> Option<Computed> {
    let value = dose.checked_div(per_millilitre)?;
    Some(Computed {
        value,
        unit: "mL",
        steps: vec![format!("{dose} / {per_millilitre} per mL = {} mL", plain(rounded(value, 3)))],
        source: "arithmetic",
    })
}

/// A dose by body weight: mg/kg · kg, and no more than `most` where a limit is given.
pub fn by_weight(per_kilogram: Decimal, kilograms: Decimal, most: Option<Decimal>) -> Option<Computed> {
    let full = per_kilogram.checked_mul(kilograms)?;
    let mut steps = vec![format!("{per_kilogram} mg/kg × {kilograms} kg = {} mg", plain(full))];
    let value = most.map_or(full, |most| full.min(most));
    if value < full {
        steps.push(format!("no more than {value} mg at a time"));
    }
    Some(Computed { value, unit: "mg", steps, source: "arithmetic" })
}

#[cfg(test)]
mod vectors;
