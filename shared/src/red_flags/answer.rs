//! What is said to who writes of an emergency: to call for help, and whom.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::ToSchema;

use super::kind::Kind;
use super::rule::Rule;
use crate::accounts::Language;

/// Whom to call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EmergencyNumber {
    /// ISO 3166 code of the country it is good in; `null` for one that works in most.
    pub country: Option<&'static str>,
    /// Who answers: `ambulance`, `police`, `emergency`, `crisis_line`.
    pub service: &'static str,
    /// What to dial there.
    pub number: &'static str,
}

/// The answer to words that speak of an emergency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Emergency {
    /// `emergency`.
    #[schema(value_type = String, pattern = "^(emergency)$")]
    pub kind: &'static str,
    /// What to do, in the person's language.
    #[schema(value_type = String)]
    pub message: Cow<'static, str>,
    /// Whom to call; each says in which country.
    pub numbers: Vec<EmergencyNumber>,
}

const fn number(country: Option<&'static str>, service: &'static str, number: &'static str) -> EmergencyNumber {
    EmergencyNumber { country, service, number }
}

/// Ministry of Health and Population of Nepal (ambulance 102), Nepal Police (100); Bangladesh's National Emergency Service
/// (999); 112 by the GSM standard (3GPP TS 22.101), from any mobile phone.
const EVERYWHERE: [EmergencyNumber; 4] = [
    number(Some("NP"), "ambulance", "102"),
    number(Some("NP"), "police", "100"),
    number(Some("BD"), "emergency", "999"),
    number(None, "emergency", "112"),
];

/// Nepal's National Suicide Prevention Helpline (1166), by the Mental Hospital Lagankhel with WHO; Bangladesh answers at 999.
const CRISIS: [EmergencyNumber; 1] = [number(Some("NP"), "crisis_line", "1166")];

impl Emergency {
    /// The answer to an emergency of a kind; the numbers of the country that a language is at home in come first.
    pub fn of(kind: Kind, language: Language) -> Self {
        let crisis = if kind == Kind::Suicide { &CRISIS[..] } else { &[] };
        let mut numbers: Vec<_> = crisis.iter().chain(&EVERYWHERE).copied().collect();
        let home = match language {
            Language::English => None,
            Language::Nepali => Some("NP"),
            Language::Bengali => Some("BD"),
        };
        numbers.sort_by_key(|number| home.is_some() && number.country != home);
        Self { kind: "emergency", message: Cow::Borrowed(message(kind, language)), numbers }
    }

    /// The answer to a sign that the pharmacy has added: its own sentence, and the same numbers.
    pub fn told(rule: &Rule, language: Language) -> Self {
        Self { message: Cow::Owned(rule.tell.within(language).to_owned()), ..Self::of(rule.kind, language) }
    }

    /// The same where there is room for words alone: what the pharmacy says of its sign, what is said of every emergency of the kind,
    /// and whom to call. A pharmacy's sentence need not say that one should call anybody.
    pub(super) fn told_in_words(rule: &Rule, language: Language) -> String {
        let Self { message, numbers, .. } = Self::of(rule.kind, language);
        let numbers: Vec<_> = numbers.iter().map(|number| number.in_words(language)).collect();
        format!("{}\n{message}\n{}", rule.tell.within(language), numbers.join("; "))
    }
}

impl EmergencyNumber {
    /// Where it is good, who answers, and what to dial.
    fn in_words(&self, language: Language) -> String {
        let place = match (self.country, language) {
            (Some("NP"), Language::English) => "Nepal",
            (Some("NP"), Language::Nepali) => "नेपाल",
            (Some("NP"), Language::Bengali) => "নেপাল",
            (Some("BD"), Language::English) => "Bangladesh",
            (Some("BD"), Language::Nepali) => "बङ्गलादेश",
            (Some("BD"), Language::Bengali) => "বাংলাদেশ",
            (_, Language::English) => "elsewhere",
            (_, Language::Nepali) => "अन्यत्र",
            (_, Language::Bengali) => "অন্যত্র",
        };
        let service = match (self.service, language) {
            ("ambulance", Language::English) => "ambulance",
            ("ambulance", Language::Nepali) => "एम्बुलेन्स",
            ("ambulance", Language::Bengali) => "অ্যাম্বুলেন্স",
            ("police", Language::English) => "police",
            ("police", Language::Nepali) => "प्रहरी",
            ("police", Language::Bengali) => "পুলিশ",
            ("crisis_line", Language::English) => "crisis line",
            ("crisis_line", Language::Nepali) => "हेल्पलाइन",
            ("crisis_line", Language::Bengali) => "হেল্পলাইন",
            (_, Language::English) => "emergency",
            (_, Language::Nepali) => "आपतकालीन सेवा",
            (_, Language::Bengali) => "জরুরি সেবা",
        };
        format!("{place}, {service}: {}", self.number)
    }
}

/// What to do.
const fn message(kind: Kind, language: Language) -> &'static str {
    match (kind, language) {
        (Kind::Suicide, Language::English) => {
            "You are not alone, and help is there now. Please call an emergency number or a crisis line, or go to the nearest \
             hospital. If you can, stay with somebody you trust. Nobody reads this in time."
        }
        (Kind::Suicide, Language::Nepali) => {
            "तपाईं एक्लो हुनुहुन्न, सहयोग अहिले नै उपलब्ध छ। कृपया आपतकालीन नम्बर वा हेल्पलाइनमा फोन गर्नुहोस्, वा नजिकको अस्पताल \
             जानुहोस्। सकेसम्म विश्वास लाग्ने मानिससँगै बस्नुहोस्। यो सन्देश समयमै कसैले पढ्दैन।"
        }
        (Kind::Suicide, Language::Bengali) => {
            "আপনি একা নন, সাহায্য এখনই পাওয়া যায়। অনুগ্রহ করে জরুরি নম্বরে বা হেল্পলাইনে ফোন করুন, অথবা কাছের হাসপাতালে যান। \
             সম্ভব হলে বিশ্বস্ত কারও সঙ্গে থাকুন। এই বার্তা সময়মতো কেউ পড়বে না।"
        }
        (_, Language::English) => {
            "This may be an emergency. Call the emergency number of the country you are in now, or go to the nearest hospital. \
             Do not wait for an answer here: nobody reads this in time."
        }
        (_, Language::Nepali) => {
            "यो आपतकालीन अवस्था हुन सक्छ। अहिले नै आफू भएको देशको आपतकालीन नम्बरमा फोन गर्नुहोस् वा नजिकको अस्पताल जानुहोस्। \
             यहाँ जवाफ नपर्खनुहोस्: यो सन्देश समयमै कसैले पढ्दैन।"
        }
        (_, Language::Bengali) => {
            "এটি জরুরি অবস্থা হতে পারে। এখনই আপনি যে দেশে আছেন সেখানকার জরুরি নম্বরে ফোন করুন অথবা কাছের হাসপাতালে যান। এখানে \
             উত্তরের জন্য অপেক্ষা করবেন না: এই বার্তা সময়মতো কেউ পড়বে না।"
        }
    }
}
