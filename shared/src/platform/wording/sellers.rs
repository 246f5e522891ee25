//! Sentences about applying to sell.

use super::sentences;

sentences! {
    fn already_decided() {
        en: "Somebody has decided on this application already.",
        bn: "এই আবেদন নিয়ে কেউ আগেই সিদ্ধান্ত নিয়েছেন।",
        ne: "यो आवेदनबारे कसैले पहिल्यै निर्णय गरिसक्यो।",
    }
    fn already_applied() {
        en: "You have applied already; the pharmacy will tell you what it decides.",
        bn: "আপনি আগেই আবেদন করেছেন; ফার্মেসি তার সিদ্ধান্ত আপনাকে জানাবে।",
        ne: "तपाईंले पहिल्यै आवेदन दिनुभएको छ; फार्मेसीले आफ्नो निर्णय जनाउनेछ।",
    }
    fn already_seller() {
        en: "You sell here already.",
        bn: "আপনি এখানে আগে থেকেই বিক্রি করেন।",
        ne: "तपाईं यहाँ पहिल्यै बेच्नुहुन्छ।",
    }
    fn own_application() {
        en: "Somebody else has to decide on your own application.",
        bn: "আপনার নিজের আবেদন নিয়ে অন্য কাউকে সিদ্ধান্ত নিতে হবে।",
        ne: "तपाईंको आफ्नै आवेदनबारे अरू कसैले निर्णय गर्नुपर्छ।",
    }
}
