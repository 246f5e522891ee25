//! The sorts of emergency, and where it is written that they are emergencies.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A sort of emergency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RedFlagKind)]
pub enum Kind {
    /// Pain or pressure in the chest. Source: American Heart Association, "Warning Signs of a Heart Attack"
    /// (<https://www.heart.org/en/health-topics/heart-attack/warning-signs-of-a-heart-attack>).
    ChestPain,
    /// Not getting air. Source: NHS, "When to call 999"
    /// (<https://www.nhs.uk/nhs-services/urgent-and-emergency-care-services/when-to-call-999/>).
    Breathing,
    /// A drooping face, a weak arm, slurred speech, the worst headache. Source: CDC, "Signs and Symptoms of Stroke"
    /// (<https://www.cdc.gov/stroke/signs-symptoms/index.html>).
    Stroke,
    /// Swelling of tongue, lips or throat after food, a sting or a medicine. Source: NHS, "Anaphylaxis"
    /// (<https://www.nhs.uk/conditions/anaphylaxis/>).
    Anaphylaxis,
    /// Too much of a medicine, or something that is none. Source: NHS, "Poisoning"
    /// (<https://www.nhs.uk/conditions/poisoning/>).
    Poisoning,
    /// Thoughts of ending one's life, or of harming oneself. Source: WHO, "Suicide" fact sheet
    /// (<https://www.who.int/news-room/fact-sheets/detail/suicide>); 988 Lifeline, "Warning signs".
    Suicide,
    /// Bleeding while pregnant. Source: NHS, "Vaginal bleeding in pregnancy"
    /// (<https://www.nhs.uk/pregnancy/related-conditions/common-symptoms/vaginal-bleeding/>).
    BleedingInPregnancy,
    /// Fever in the first three months of life. Source: NHS, "High temperature (fever) in children"
    /// (<https://www.nhs.uk/conditions/fever-in-children/>).
    InfantFever,
    /// Bleeding that does not stop, or blood that is vomited or coughed up. Source: NHS, "When to call 999".
    SevereBleeding,
    /// Unconscious, or in a fit. Source: NHS, "When to call 999"; "What to do if someone has a seizure (fit)"
    /// (<https://www.nhs.uk/conditions/what-to-do-if-someone-has-a-seizure-fit/>).
    Unconscious,
    /// Another of the signs of danger ([`signs`](super::signs)), each of which has its source.
    Danger,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::ChestPain,
        Self::Breathing,
        Self::Stroke,
        Self::Anaphylaxis,
        Self::Poisoning,
        Self::Suicide,
        Self::BleedingInPregnancy,
        Self::InfantFever,
        Self::SevereBleeding,
        Self::Unconscious,
        Self::Danger,
    ];

    /// The name that it is counted under.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ChestPain => "chest_pain",
            Self::Breathing => "breathing",
            Self::Stroke => "stroke",
            Self::Anaphylaxis => "anaphylaxis",
            Self::Poisoning => "poisoning",
            Self::Suicide => "suicide",
            Self::BleedingInPregnancy => "bleeding_in_pregnancy",
            Self::InfantFever => "infant_fever",
            Self::SevereBleeding => "severe_bleeding",
            Self::Unconscious => "unconscious",
            Self::Danger => "danger",
        }
    }

    /// The kind that is counted under a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}
