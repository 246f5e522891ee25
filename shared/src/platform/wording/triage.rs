//! Sentences about triage.

use super::sentences;

sentences! {
    fn a_symptom(field) {
        en: "{field} must be an id of the list of symptoms.",
        bn: "{field} উপসর্গের তালিকার একটি আইডি হতে হবে।",
        ne: "{field} लक्षणको सूचीको आईडी हुनुपर्छ।",
    }
    fn a_question(field) {
        en: "{field} must be the id of a question.",
        bn: "{field} একটি প্রশ্নের আইডি হতে হবে।",
        ne: "{field} प्रश्नको आईडी हुनुपर्छ।",
    }
    fn there_and_not(field) {
        en: "{field} is said to be there, and not to be.",
        bn: "{field} একই সঙ্গে আছে ও নেই বলা হয়েছে।",
        ne: "{field} छ पनि र छैन पनि भनिएको छ।",
    }
    fn a_symptom_is_needed(field) {
        en: "{field}: name at least one symptom that is there.",
        bn: "{field}: আছে এমন অন্তত একটি উপসর্গ বলুন।",
        ne: "{field}: भएको कम्तीमा एउटा लक्षण भन्नुहोस्।",
    }
    fn on_record(field) {
        en: "{field}: leave this out, since what is on record about the patient counts.",
        bn: "{field}: এটি বাদ দিন, কারণ রোগী সম্পর্কে নথিতে যা আছে তা-ই গণ্য হয়।",
        ne: "{field}: यो नपठाउनुहोस्, किनकि बिरामीबारे अभिलेखमा जे छ त्यही मानिन्छ।",
    }
}
