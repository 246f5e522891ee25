//! Which conditions on record are those that rules of medicine ask about: by ICD-10-CM, or by what they are called. What is
//! not here says nothing to any rule.

use super::details::{Condition, ConditionStatus};
use crate::medicine::substance::folded;

/// A condition that rules ask about, and how it is recorded.
struct Known {
    /// As rules name it.
    id: &'static str,
    /// What its codes of ICD-10-CM begin with, without the dot.
    codes: &'static [&'static str],
    /// What it is called, in the form that names are compared in.
    names: &'static [&'static str],
    /// Whether it counts once it is over too: `a stroke, now or before`.
    ever: bool,
}

const fn now(id: &'static str, codes: &'static [&'static str], names: &'static [&'static str]) -> Known {
    Known { id, codes, names, ever: false }
}

const fn ever(id: &'static str, codes: &'static [&'static str], names: &'static [&'static str]) -> Known {
    Known { id, codes, names, ever: true }
}

/// Where a code is wider than the condition (a chronic kidney disease of no stage), it counts: a pharmacist can tell.
const KNOWN: &[Known] = &[
    now(
        "acute-coronary-syndrome",
        &["I200", "I21", "I22", "I248", "I249"],
        &["acute coronary syndrome", "unstable angina"],
    ),
    now("alcohol-dependence", &["F102"], &["alcohol dependence", "alcoholism"]),
    now("asthma", &["J45"], &["asthma", "bronchial asthma"]),
    now(
        "bleeding-disorder",
        &[
            "D65", "D66", "D67", "D680", "D681", "D682", "D683", "D684", "D688", "D689", "D691", "D693", "D694",
            "D695", "D696", "I60", "I61", "I62", "K920", "K921", "K922",
        ],
        &[
            "bleeding disorder",
            "haemophilia",
            "hemophilia",
            "thrombocytopenia",
            "von willebrand disease",
            "gastrointestinal bleeding",
        ],
    ),
    now(
        "bradycardia-or-heart-block",
        &["I441", "I442", "I443", "I495", "R001"],
        &["bradycardia", "heart block", "sick sinus syndrome", "av block"],
    ),
    now("contraception", &["Z304", "Z793"], &["contraception"]),
    now("copd", &["J43", "J44"], &["copd", "chronic obstructive pulmonary disease", "emphysema"]),
    now(
        "diabetes",
        &["E08", "E09", "E10", "E11", "E13"],
        &[
            "diabetes",
            "diabetes mellitus",
            "type 1 diabetes",
            "type 2 diabetes",
            "type 1 diabetes mellitus",
            "type 2 diabetes mellitus",
        ],
    ),
    now("diabetic-ketoacidosis", &["E081", "E091", "E101", "E111", "E131"], &["diabetic ketoacidosis", "ketoacidosis"]),
    now("epilepsy", &["G40", "R561", "R569"], &["epilepsy", "seizures", "seizure disorder"]),
    now("g6pd-deficiency", &["D550"], &["g6pd deficiency", "favism"]),
    now(
        "glaucoma-narrow-angle",
        &["H402", "H4003", "H4006"],
        &["narrow angle glaucoma", "angle closure glaucoma", "closed angle glaucoma"],
    ),
    now("gout", &["M10", "M1A"], &["gout"]),
    now(
        "heart-failure",
        &["I50", "I110", "I130", "I132", "I0981"],
        &["heart failure", "congestive heart failure", "chronic heart failure"],
    ),
    now(
        "hepatic-impairment",
        &["K703", "K704", "K711", "K72", "K744", "K745", "K746", "K766", "K767", "K7682"],
        &[
            "cirrhosis",
            "liver cirrhosis",
            "cirrhosis of liver",
            "liver failure",
            "hepatic failure",
            "hepatic impairment",
        ],
    ),
    now("hyperkalaemia", &["E875"], &["hyperkalaemia", "hyperkalemia", "high potassium"]),
    now(
        "hypertension-uncontrolled",
        &["I16", "I1A"],
        &[
            "uncontrolled hypertension",
            "resistant hypertension",
            "hypertensive crisis",
            "uncontrolled high blood pressure",
        ],
    ),
    now(
        "inflammatory-bowel-disease",
        &["K50", "K51"],
        &["inflammatory bowel disease", "crohns disease", "ulcerative colitis"],
    ),
    ever(
        "ischaemic-heart-disease",
        &["I20", "I21", "I22", "I23", "I24", "I25"],
        &[
            "ischaemic heart disease",
            "ischemic heart disease",
            "coronary artery disease",
            "coronary heart disease",
            "angina",
            "angina pectoris",
            "heart attack",
            "myocardial infarction",
        ],
    ),
    now(
        "left-ventricular-dysfunction",
        &["I501", "I502", "I504", "I420"],
        &["left ventricular dysfunction", "left ventricular failure", "dilated cardiomyopathy"],
    ),
    now("long-qt", &["I4581"], &["long qt", "long qt syndrome"]),
    ever("meningioma", &["D32", "C70"], &["meningioma"]),
    now("migraine-with-aura", &["G431", "G434", "G435", "G436"], &["migraine with aura"]),
    now("myasthenia-gravis", &["G700"], &["myasthenia gravis", "myasthenia"]),
    now("parkinsons-disease", &["G20"], &["parkinsons disease", "parkinson disease"]),
    ever(
        "peptic-ulcer-history",
        &["K25", "K26", "K27", "K28", "Z8711"],
        &["peptic ulcer", "gastric ulcer", "stomach ulcer", "duodenal ulcer"],
    ),
    now("phaeochromocytoma", &["C741", "E275"], &["phaeochromocytoma", "pheochromocytoma"]),
    now("porphyria", &["E802"], &["acute porphyria", "acute intermittent porphyria", "porphyria"]),
    now(
        "renal-impairment",
        &["I120", "N17", "N183", "N184", "N185", "N186", "N189", "N19", "Z992"],
        &[
            "chronic kidney disease",
            "chronic renal failure",
            "kidney failure",
            "renal failure",
            "renal impairment",
            "renal insufficiency",
        ],
    ),
    ever(
        "stroke",
        &["G450", "G451", "G452", "G453", "G458", "G459", "I60", "I61", "I62", "I63", "I69", "Z8673"],
        &[
            "stroke",
            "ischaemic stroke",
            "ischemic stroke",
            "transient ischaemic attack",
            "transient ischemic attack",
            "tia",
        ],
    ),
    ever(
        "thrombosis",
        &["I26", "I801", "I802", "I803", "I82", "O223", "Z86711", "Z86718"],
        &["deep vein thrombosis", "dvt", "pulmonary embolism", "venous thrombosis", "thrombosis"],
    ),
    now(
        "urinary-retention",
        &["N40", "R33"],
        &["urinary retention", "enlarged prostate", "benign prostatic hyperplasia", "bph"],
    ),
];

/// What a pregnancy is recorded as: that it is there, that it is looked after, that it is one of risk.
const PREGNANCY: Known = now("pregnancy", &["O09", "Z331", "Z34"], &["pregnancy", "pregnant"]);

impl Known {
    fn is(&self, condition: &Condition) -> bool {
        let code = condition.code.as_deref().map(|code| code.replace('.', ""));
        let coded = code.is_some_and(|code| self.codes.iter().any(|begin| code.starts_with(begin)));
        let name = folded(&condition.name);
        (coded || self.names.contains(&name.as_str())) && (self.ever || is_there(condition.status))
    }
}

/// Whether it is there: what is quiet may come back.
const fn is_there(status: ConditionStatus) -> bool {
    matches!(status, ConditionStatus::Active | ConditionStatus::Recurrence | ConditionStatus::Remission)
}

/// The conditions that rules ask about and that this one is.
pub fn asked_about(condition: &Condition) -> impl Iterator<Item = &'static str> {
    KNOWN.iter().filter(|known| known.is(condition)).map(|known| known.id)
}

/// Whether it is a pregnancy.
pub fn is_pregnancy(condition: &Condition) -> bool {
    PREGNANCY.is(condition)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::medicine::patient::{CONDITIONS, condition_name};

    fn recorded(code: Option<&str>, name: &str, status: ConditionStatus) -> Condition {
        let (code, name) = (code.map(str::to_owned), name.to_owned());
        Condition { code, name, onset: None, resolved: None, status }
    }

    fn asked(code: Option<&str>, name: &str, status: ConditionStatus) -> Vec<&'static str> {
        asked_about(&recorded(code, name, status)).collect()
    }

    #[test]
    fn every_condition_that_rules_ask_about_is_recorded_somehow() {
        // There is no code of ICD-10-CM for it, and nobody has a name for it.
        let without = ["integrase-inhibitor-resistance"];
        for (id, _) in CONDITIONS.iter().filter(|(id, _)| !without.contains(id)) {
            assert!(KNOWN.iter().any(|known| known.id == *id), "{id}");
        }
        for known in KNOWN {
            assert!(condition_name(known.id).is_some(), "{}", known.id);
            assert!(known.names.iter().all(|name| folded(name) == **name), "{}", known.id);
            let plain = |code: &&str| code.len() >= 3 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
            assert!(known.codes.iter().all(plain), "{}", known.id);
        }
    }

    #[test]
    fn a_code_or_a_name_is_enough() {
        use ConditionStatus::Active;
        assert_eq!(asked(Some("J45.909"), "wheezing", Active), ["asthma"]);
        assert_eq!(asked(None, "Crohn's disease", Active), ["inflammatory-bowel-disease"]);
        assert_eq!(asked(None, "  ASTHMA ", Active), ["asthma"]);
        assert_eq!(asked(Some("E11.10"), "x", Active), ["diabetes", "diabetic-ketoacidosis"]);
        assert_eq!(asked(Some("D68.51"), "factor V Leiden", Active), [""; 0], "it clots, and does not bleed");
        assert_eq!(asked(Some("I10"), "hypertension", Active), [""; 0], "not said to be uncontrolled");
        assert_eq!(asked(None, "no asthma", Active), [""; 0], "a part of a name is none");
    }

    #[test]
    fn what_is_over_counts_where_rules_ask_for_now_or_before() {
        use ConditionStatus::{Inactive, Recurrence, Remission, Resolved};
        for over in [Resolved, Inactive] {
            assert_eq!(asked(Some("J45.909"), "asthma", over), [""; 0]);
            assert_eq!(asked(Some("K25.9"), "ulcer", over), ["peptic-ulcer-history"]);
        }
        for there in [Recurrence, Remission] {
            assert_eq!(asked(None, "asthma", there), ["asthma"]);
        }
    }

    #[test]
    fn a_pregnancy_is_one() {
        assert!(is_pregnancy(&recorded(Some("Z33.1"), "x", ConditionStatus::Active)));
        assert!(is_pregnancy(&recorded(None, "Pregnancy", ConditionStatus::Active)));
        assert!(!is_pregnancy(&recorded(Some("Z33.1"), "x", ConditionStatus::Resolved)));
        assert!(!is_pregnancy(&recorded(Some("O80"), "delivery", ConditionStatus::Active)));
    }
}
