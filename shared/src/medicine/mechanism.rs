//! What lies behind an interaction, by kind: one sentence of why and one of what to do for each.

/// Why two medicines do not go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mechanism {
    /// The kind's stable name.
    pub kind: &'static str,
    /// What happens.
    pub what: &'static str,
    /// What to do.
    pub action: &'static str,
}

const fn kind(kind: &'static str, what: &'static str, action: &'static str) -> Mechanism {
    Mechanism { kind, what, action }
}

const KINDS: &[Mechanism] = &[
    kind(
        "torsades",
        "The heart's electrical recovery may slow (long QT), up to torsades de pointes.",
        "Look for an alternative; otherwise check the ECG and potassium and magnesium.",
    ),
    kind(
        "serotonin",
        "Serotonin may rise too high: agitation, sweating, tremor, fast pulse, confusion.",
        "Watch for these signs, above all at the start and when a dose is raised.",
    ),
    kind(
        "ergotism",
        "Vessels may narrow dangerously, with too little blood in fingers, toes or heart.",
        "Choose another medicine for one of the two.",
    ),
    kind(
        "rhabdomyolysis",
        "Muscle may be damaged (rhabdomyolysis), usually since more of a statin stays in the blood.",
        "Use another statin or a lower dose; report muscle pain or dark urine at once.",
    ),
    kind(
        "live_vaccine",
        "A live vaccine may cause the disease where the defences are weakened.",
        "Do not give live vaccines during the treatment and for the time that its label names.",
    ),
    kind(
        "lithium_rises",
        "Less lithium leaves through the kidneys, so its level may become toxic.",
        "Choose an alternative or check the lithium level and adjust the dose.",
    ),
    kind("lithium_falls", "More lithium leaves the body, so it may no longer work.", "Check the lithium level."),
    kind(
        "digoxin_rises",
        "The level of digoxin rises: nausea, disturbed vision, slow or irregular heartbeat.",
        "Lower the dose and check the digoxin level.",
    ),
    kind("digoxin_falls", "The level of digoxin falls, so it may no longer work.", "Check the digoxin level."),
    kind(
        "contraception_fails",
        "Hormonal contraception may fail.",
        "Use another, preferably mechanical, method during the treatment and for a cycle after it.",
    ),
    kind(
        "disulfiram",
        "A reaction as with disulfiram: flushing, vomiting, fast heartbeat.",
        "Avoid alcohol, also in other medicines, during the treatment and for days after it.",
    ),
    kind(
        "opioid_antagonism",
        "One blocks the other at the opioid receptor: less relief of pain, or withdrawal.",
        "Do not combine them; observe the interval when changing over.",
    ),
    kind(
        "respiratory_depression",
        "Breathing may become slow and shallow, up to coma and death.",
        "Avoid it; otherwise use the lowest doses for the shortest time and have somebody watch.",
    ),
    kind("sedation", "Drowsiness adds up, and attention suffers.", "Do not drive or use machines; avoid alcohol."),
    kind(
        "bleeding",
        "The risk of bleeding rises.",
        "Look for signs of bleeding and check clotting values where they apply.",
    ),
    kind(
        "hyperkalaemia",
        "Potassium in the blood may rise dangerously, above all where the kidneys are weak.",
        "Check potassium and kidney function.",
    ),
    kind("hypokalaemia", "Potassium in the blood may fall.", "Check potassium and correct it."),
    kind(
        "hyponatraemia",
        "Sodium in the blood may fall: confusion, unsteadiness.",
        "Check sodium, above all in older people.",
    ),
    kind("hypercalcaemia", "Calcium in the blood may rise.", "Check calcium."),
    kind(
        "hypoglycaemia",
        "Blood sugar may fall too low, or its warning signs may be hidden.",
        "Check blood sugar more often and adjust the dose.",
    ),
    kind("hyperglycaemia", "Blood sugar may rise.", "Check blood sugar more often and adjust the dose."),
    kind(
        "lactic_acidosis",
        "The blood may become acid.",
        "Stop in time before and restart only after the kidneys are checked.",
    ),
    kind("seizures", "The risk of seizures rises.", "Avoid it, above all in people who have had seizures."),
    kind(
        "angioedema",
        "Face, tongue or throat may swell (angioedema).",
        "Call for help at once at the first swelling; do not combine them again.",
    ),
    kind(
        "intracranial_pressure",
        "Pressure inside the skull may rise: headache, disturbed vision.",
        "Do not combine them.",
    ),
    kind("hypertension", "Blood pressure may rise sharply.", "Check blood pressure; choose an alternative."),
    kind("bradycardia", "The heart may beat too slowly or its conduction be blocked.", "Check pulse and ECG."),
    kind("cardiac_depression", "The heart's pumping may weaken.", "Watch for signs of heart failure."),
    kind("arrhythmia", "The heartbeat may become irregular.", "Check the ECG."),
    kind(
        "hypotension",
        "Blood pressure may fall too low: dizziness, fainting.",
        "Start with a low dose, rise slowly, check blood pressure.",
    ),
    kind("nephrotoxicity", "The kidneys may be harmed.", "Drink enough and check kidney function."),
    kind("ototoxicity", "Hearing may be harmed.", "Avoid it; otherwise check hearing."),
    kind("hepatotoxicity", "The liver may be harmed.", "Check liver values."),
    kind(
        "marrow_toxicity",
        "The bone marrow may be harmed: too few blood cells, infections.",
        "Check blood counts; report fever or sore throat at once.",
    ),
    kind("immunosuppression", "The body's defences may become too weak.", "Watch for infections."),
    kind(
        "anticholinergic",
        "Effects such as dry mouth, constipation, retained urine and confusion add up.",
        "Avoid it in older people; watch for these effects.",
    ),
    kind(
        "cholinergic_antagonism",
        "The two work against each other on acetylcholine.",
        "Check whether both are still needed.",
    ),
    kind(
        "neuromuscular_block",
        "Muscle weakness may become deeper or last longer.",
        "Watch breathing and muscle strength.",
    ),
    kind(
        "dopamine_antagonism",
        "The two work against each other on dopamine.",
        "Choose an alternative that leaves dopamine alone.",
    ),
    kind("neuropathy", "Nerves may be harmed.", "Report numbness or tingling."),
    kind("gut_ulcer", "Stomach and gut may ulcerate and bleed.", "Avoid it or protect the stomach."),
    kind(
        "methaemoglobinaemia",
        "The blood may carry less oxygen (methaemoglobin).",
        "Watch for blue lips and breathlessness.",
    ),
    kind(
        "hyperammonaemia",
        "Ammonia in the blood may rise, with confusion.",
        "Check ammonia where there is confusion or vomiting.",
    ),
    kind("hypothyroidism", "The thyroid may become underactive.", "Check thyroid values."),
    kind("contrast_reaction", "Reactions to contrast medium become more likely.", "Tell the radiology department."),
    kind("absorption_falls", "One keeps the other from being absorbed.", "Take them hours apart, as the label says."),
    kind(
        "exposure_rises",
        "The level or effect of one of them rises, and with it its side effects.",
        "Lower the dose or watch for side effects.",
    ),
    kind(
        "exposure_falls",
        "The level or effect of one of them falls, so it may no longer work.",
        "Check the effect and adjust the dose, also after the other is stopped.",
    ),
    kind("antagonism", "One weakens the effect of the other.", "Check whether both are needed."),
    kind(
        "prodrug_blocked",
        "One keeps the body from turning the other into what works.",
        "Choose an alternative for the one that blocks.",
    ),
    kind(
        "antiplatelet_blocked",
        "The protection by low-dose aspirin may be lost.",
        "Take ibuprofen at least 8 hours before or 30 minutes after plain aspirin.",
    ),
    kind(
        "bronchospasm",
        "The airways may narrow, and the inhaler may not open them.",
        "Use a cardioselective beta blocker or none.",
    ),
    kind("tendon_rupture", "Tendons may tear.", "Stop at the first pain in a tendon."),
    kind(
        "vitamin_a_excess",
        "Vitamin A and its relatives add up to a toxic level.",
        "Do not take vitamin A beside it.",
    ),
    kind("psychosis", "Confusion or psychosis may set in.", "Do not combine them."),
    kind("uterine_stimulation", "The womb may contract too strongly.", "Observe the interval that the label names."),
    kind("duplicate_effect", "Both do the same in the body.", "Use one of them."),
    kind(
        "other",
        "The source describes an interaction that none of our kinds names.",
        "Read the source's rule and ask a pharmacist.",
    ),
];

impl Mechanism {
    /// The kind of this name; that of `other` for a name that is not known.
    pub fn of(name: &str) -> Self {
        let other = kind("other", "The source describes an interaction.", "Ask a pharmacist.");
        KINDS.iter().find(|one| one.kind == name).or_else(|| KINDS.last()).copied().unwrap_or(other)
    }

    /// Whether there is a kind of this name.
    pub fn is_known(name: &str) -> bool {
        KINDS.iter().any(|one| one.kind == name)
    }

    /// All names, for those who write rules.
    pub fn names() -> impl Iterator<Item = &'static str> {
        KINDS.iter().map(|one| one.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_said_once_in_whole_sentences() {
        for one in KINDS {
            assert_eq!(KINDS.iter().filter(|other| other.kind == one.kind).count(), 1, "{}", one.kind);
            assert!(one.what.ends_with('.') && one.action.ends_with('.'), "{}", one.kind);
            assert_eq!(Mechanism::of(one.kind), *one);
        }
        assert_eq!(Mechanism::of("nonsense").kind, "other");
    }
}
