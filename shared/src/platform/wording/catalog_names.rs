//! The names of the categories that the starter catalogue brings. A category that the pharmacy has named itself keeps the name it
//! was given.

use std::borrow::Cow;

use super::Words;
use crate::platform::language::Language;

macro_rules! categories {
    ($($id:literal { $($language:ident: $name:literal,)+ })*) => {
        fn ours(id: &str) -> Option<Words> {
            match id {
                $($id => Some(Words { $($language: Cow::Borrowed($name)),+ }),)*
                _ => None,
            }
        }

        /// Every category of the starter catalogue.
        #[cfg(test)]
        pub(super) const ALL: &[&str] = &[$($id),*];
    };
}

/// What a category is called that is stored under this name.
pub fn category(id: &str, name: &str) -> Words {
    match ours(id) {
        Some(words) if words.english() == name => words,
        _ => Words::name(name.to_owned()),
    }
}

/// The name that a category is stored under: who reads one of ours in their language and sends it back has not renamed it.
pub fn category_as_stored(id: &str, name: String) -> String {
    let ours = ours(id).filter(|words| Language::ALL.iter().any(|language| words.of(*language) == name));
    ours.map_or(name, |words| words.english().to_owned())
}

categories! {
    "everyday-health" { en: "Everyday health", bn: "দৈনন্দিন স্বাস্থ্য", ne: "दैनिक स्वास्थ्य", }
    "pain-and-fever" { en: "Pain and fever", bn: "ব্যথা ও জ্বর", ne: "दुखाइ र ज्वरो", }
    "cough-and-cold" { en: "Cough and cold", bn: "কাশি ও সর্দি", ne: "खोकी र रुघा", }
    "allergy" { en: "Allergy", bn: "অ্যালার্জি", ne: "एलर्जी", }
    "digestive-health" { en: "Digestive health", bn: "হজমের স্বাস্থ্য", ne: "पाचन स्वास्थ्य", }
    "vitamins-and-minerals" { en: "Vitamins and minerals", bn: "ভিটামিন ও খনিজ", ne: "भिटामिन र खनिज", }
    "first-aid" { en: "First aid", bn: "প্রাথমিক চিকিৎসা", ne: "प्राथमिक उपचार", }
    "mouth-and-teeth" { en: "Mouth and teeth", bn: "মুখ ও দাঁত", ne: "मुख र दाँत", }
    "eye-and-ear-care" { en: "Eye and ear care", bn: "চোখ ও কানের যত্ন", ne: "आँखा र कानको हेरचाह", }
    "stop-smoking" { en: "Stop smoking", bn: "ধূমপান ছাড়া", ne: "धूम्रपान त्याग", }
    "weight-management" { en: "Weight management", bn: "ওজন নিয়ন্ত্রণ", ne: "तौल नियन्त्रण", }
    "skin-and-hair" { en: "Skin and hair", bn: "ত্বক ও চুল", ne: "छाला र कपाल", }
    "acne" { en: "Acne", bn: "ব্রণ", ne: "डण्डीफोर", }
    "eczema-and-psoriasis" { en: "Eczema and psoriasis", bn: "একজিমা ও সোরিয়াসিস", ne: "एक्जिमा र सोरायसिस", }
    "fungal-infections" { en: "Fungal infections", bn: "ছত্রাক সংক্রমণ", ne: "ढुसीको सङ्क्रमण", }
    "hair-loss" { en: "Hair loss", bn: "চুল পড়া", ne: "कपाल झर्ने", }
    "heart-and-circulation" { en: "Heart and circulation", bn: "হৃদ্‌যন্ত্র ও রক্তসঞ্চালন", ne: "मुटु र रक्तसञ्चार", }
    "blood-pressure" { en: "Blood pressure", bn: "রক্তচাপ", ne: "रक्तचाप", }
    "cholesterol" { en: "Cholesterol", bn: "কোলেস্টেরল", ne: "कोलेस्टेरोल", }
    "heart-and-clotting" { en: "Heart and clotting", bn: "হৃদ্‌যন্ত্র ও রক্ত জমাট", ne: "मुटु र रगत जम्ने", }
    "hormones-and-metabolism" { en: "Hormones and metabolism", bn: "হরমোন ও বিপাক", ne: "हर्मोन र चयापचय", }
    "diabetes" { en: "Diabetes", bn: "ডায়াবেটিস", ne: "मधुमेह", }
    "thyroid-and-steroids" { en: "Thyroid and steroids", bn: "থাইরয়েড ও স্টেরয়েড", ne: "थाइराइड र स्टेरोइड", }
    "womens-health" { en: "Women's health", bn: "নারী স্বাস্থ্য", ne: "महिला स्वास्थ्य", }
    "bone-health" { en: "Bone health", bn: "হাড়ের স্বাস্থ্য", ne: "हड्डीको स्वास्थ्य", }
    "infections" { en: "Infections", bn: "সংক্রমণ", ne: "सङ्क्रमण", }
    "antibiotics" { en: "Antibiotics", bn: "অ্যান্টিবায়োটিক", ne: "एन्टिबायोटिक", }
    "antivirals" { en: "Antivirals", bn: "ভাইরাসরোধী", ne: "भाइरसविरुद्धका", }
    "malaria-and-parasites" { en: "Malaria and parasites", bn: "ম্যালেরিয়া ও পরজীবী", ne: "मलेरिया र परजीवी", }
    "mind-and-nerves" { en: "Mind and nerves", bn: "মন ও স্নায়ু", ne: "मन र स्नायु", }
    "depression-and-anxiety" { en: "Depression and anxiety", bn: "বিষণ্নতা ও উদ্বেগ", ne: "डिप्रेसन र चिन्ता", }
    "sleep" { en: "Sleep", bn: "ঘুম", ne: "निद्रा", }
    "epilepsy-and-nerve-pain" { en: "Epilepsy and nerve pain", bn: "মৃগী ও স্নায়ুর ব্যথা", ne: "छारेरोग र स्नायुको दुखाइ", }
    "migraine" { en: "Migraine", bn: "মাইগ্রেন", ne: "माइग्रेन", }
    "adhd" { en: "ADHD and wakefulness", bn: "এডিএইচডি ও জাগ্রত থাকা", ne: "एडीएचडी र जागरूकता", }
    "psychosis-and-bipolar-disorder" { en: "Psychosis and bipolar disorder", bn: "সাইকোসিস ও বাইপোলার ব্যাধি", ne: "साइकोसिस र बाइपोलार विकार", }
    "parkinsons-and-dementia" { en: "Parkinson's and dementia", bn: "পারকিনসন ও স্মৃতিভ্রংশ", ne: "पार्किन्सन र डिमेन्सिया", }
    "breathing" { en: "Breathing", bn: "শ্বাসপ্রশ্বাস", ne: "श्वासप्रश्वास", }
    "asthma-and-copd" { en: "Asthma and COPD", bn: "হাঁপানি ও সিওপিডি", ne: "दम र सीओपीडी", }
    "joints-and-muscles" { en: "Joints and muscles", bn: "অস্থিসন্ধি ও পেশি", ne: "जोर्नी र मांसपेशी", }
    "arthritis-and-gout" { en: "Arthritis, gout and muscle pain", bn: "বাত, গেঁটেবাত ও পেশির ব্যথা", ne: "बाथ, गाउट र मांसपेशीको दुखाइ", }
    "bladder-and-sexual-health" { en: "Bladder and sexual health", bn: "মূত্রথলি ও যৌনস্বাস্থ্য", ne: "मूत्रथैली र यौन स्वास्थ्य", }
    "bladder-and-prostate" { en: "Bladder and prostate", bn: "মূত্রথলি ও প্রোস্টেট", ne: "मूत्रथैली र प्रोस्टेट", }
    "sexual-health" { en: "Sexual health", bn: "যৌনস্বাস্থ্য", ne: "यौन स्वास्थ्य", }
    "opioids" { en: "Opioids", bn: "ওপিওয়েড", ne: "ओपिओइड", }
    "strong-pain-relief" { en: "Strong pain relief", bn: "তীব্র ব্যথার উপশম", ne: "कडा दुखाइको राहत", }
    "opioid-dependence" { en: "Opioid dependence and overdose", bn: "ওপিওয়েড আসক্তি ও অতিমাত্রা", ne: "ओपिओइड लत र अधिक मात्रा", }
}
