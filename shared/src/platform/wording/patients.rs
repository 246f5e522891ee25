//! Sentences about the patients of an account.

use super::sentences;

sentences! {
    fn too_many(most: usize) {
        en: "An account has at most {most} patients, its owner among them.",
        bn: "একটি অ্যাকাউন্টে মালিকসহ সর্বোচ্চ {most} জন রোগী থাকেন।",
        ne: "खातामा मालिकसहित बढीमा {most} जना बिरामी हुन्छन्।",
    }
    fn too_many_closed(most: usize) {
        en: "An account keeps at most {most} closed patients.",
        bn: "একটি অ্যাকাউন্টে সর্বোচ্চ {most} জন বন্ধ রোগী থাকেন।",
        ne: "खातामा बढीमा {most} जना बन्द बिरामी रहन्छन्।",
    }
    fn closed() {
        en: "This patient was removed; what is on file stays readable.",
        bn: "এই রোগীকে সরানো হয়েছে; যা নথিতে আছে তা পড়া যায়।",
        ne: "यो बिरामी हटाइयो; अभिलेखमा भएको कुरा पढ्न सकिन्छ।",
    }
    fn was_removed(field) {
        en: "{field}: this patient was removed.",
        bn: "{field}: এই রোগীকে সরানো হয়েছে।",
        ne: "{field}: यो बिरामी हटाइयो।",
    }
    fn none_such(field) {
        en: "{field}: you have no such patient.",
        bn: "{field}: আপনার এমন কোনো রোগী নেই।",
        ne: "{field}: तपाईंको यस्तो बिरामी छैन।",
    }
    fn owner_stays() {
        en: "The owner of an account is always a patient of it; delete the account instead.",
        bn: "অ্যাকাউন্টের মালিক সব সময় তার একজন রোগী; চাইলে অ্যাকাউন্ট মুছুন।",
        ne: "खाताको मालिक सधैं त्यसको बिरामी हो; बरु खाता मेट्नुहोस्।",
    }
    fn owner_is_one(field) {
        en: "{field}: the owner of the account is a patient already.",
        bn: "{field}: অ্যাকাউন্টের মালিক আগে থেকেই একজন রোগী।",
        ne: "{field}: खाताको मालिक पहिल्यै बिरामी हो।",
    }
    fn owner_stays_owner(field) {
        en: "{field}: the owner of the account stays the owner.",
        bn: "{field}: অ্যাকাউন্টের মালিক মালিকই থাকেন।",
        ne: "{field}: खाताको मालिक मालिक नै रहन्छ।",
    }
    fn in_profile(field) {
        en: "{field} is changed in your profile.",
        bn: "{field} আপনার প্রোফাইলে বদলানো হয়।",
        ne: "{field} तपाईंको प्रोफाइलमा बदलिन्छ।",
    }
    fn gone() {
        en: "This patient was removed.",
        bn: "এই রোগীকে সরানো হয়েছে।",
        ne: "यो बिरामी हटाइयो।",
    }
}
