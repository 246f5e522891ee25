//! Sentences about profiles, addresses and contacts.

use super::sentences;

sentences! {
    fn too_many_addresses(most: usize) {
        en: "An address book holds at most {most} addresses.",
        bn: "একটি ঠিকানা বইয়ে সর্বোচ্চ {most}টি ঠিকানা থাকে।",
        ne: "ठेगाना पुस्तिकामा बढीमा {most} वटा ठेगाना रहन्छन्।",
    }
    fn a_postal_code(field) {
        en: "{field} must be letters, digits, spaces and hyphens.",
        bn: "{field} অক্ষর, অঙ্ক, ফাঁকা জায়গা ও হাইফেন হতে হবে।",
        ne: "{field} अक्षर, अङ्क, खाली ठाउँ र हाइफन हुनुपर्छ।",
    }
    fn an_email(field) {
        en: "{field} must be an e-mail address such as anna@example.org.",
        bn: "{field} anna@example.org এর মতো একটি ই-মেইল ঠিকানা হতে হবে।",
        ne: "{field} anna@example.org जस्तो इमेल ठेगाना हुनुपर्छ।",
    }
    fn a_country(field) {
        en: "{field} must be an ISO 3166-1 alpha-2 code such as NP.",
        bn: "{field} NP এর মতো একটি ISO 3166-1 alpha-2 কোড হতে হবে।",
        ne: "{field} NP जस्तो ISO 3166-1 alpha-2 कोड हुनुपर्छ।",
    }
    fn a_phone(field) {
        en: "{field} must be a number with its country code, such as +9779812345678.",
        bn: "{field} দেশের কোডসহ একটি নম্বর হতে হবে, যেমন +9779812345678।",
        ne: "{field} देशको कोडसहितको नम्बर हुनुपर्छ, जस्तै +9779812345678।",
    }
    fn quiet_hours(field) {
        en: "{field}: the beginning and the end must differ; leave them out to turn quiet hours off.",
        bn: "{field}: শুরু ও শেষ আলাদা হতে হবে; নীরব সময় বন্ধ করতে দুটোই বাদ দিন।",
        ne: "{field}: सुरु र अन्त्य फरक हुनुपर्छ; शान्त समय बन्द गर्न दुवै नदिनुहोस्।",
    }
}
