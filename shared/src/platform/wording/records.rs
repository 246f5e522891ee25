//! Sentences about what is on record about a patient.

use std::fmt::Display;

use super::sentences;

sentences! {
    fn an_icd_code(field) {
        en: "{field} must be a code of ICD-10-CM such as E11.9.",
        bn: "{field} E11.9 এর মতো একটি ICD-10-CM কোড হতে হবে।",
        ne: "{field} E11.9 जस्तो ICD-10-CM कोड हुनुपर्छ।",
    }
    fn a_loinc_code(field) {
        en: "{field} must be a code of LOINC such as 2345-7; check its digits.",
        bn: "{field} 2345-7 এর মতো একটি LOINC কোড হতে হবে; অঙ্কগুলো মিলিয়ে দেখুন।",
        ne: "{field} 2345-7 जस्तो LOINC कोड हुनुपर्छ; अङ्क जाँच्नुहोस्।",
    }
    fn a_cvx_code(field) {
        en: "{field} must be a code of CVX such as 207.",
        bn: "{field} 207 এর মতো একটি CVX কোড হতে হবে।",
        ne: "{field} 207 जस्तो CVX कोड हुनुपर्छ।",
    }
    fn a_unit(field) {
        en: "{field} must be a unit by its UCUM code, such as mg/dL.",
        bn: "{field} UCUM কোডে একটি একক হতে হবে, যেমন mg/dL।",
        ne: "{field} UCUM कोडमा एकाइ हुनुपर्छ, जस्तै mg/dL।",
    }
    fn not_a_bundle() {
        en: "The body must be a FHIR R4 Bundle.",
        bn: "অনুরোধের মূল অংশ একটি FHIR R4 Bundle হতে হবে।",
        ne: "अनुरोधको मुख्य भाग FHIR R4 Bundle हुनुपर्छ।",
    }
    fn too_many_resources(most: impl Display) {
        en: "A bundle has at most {most} resources.",
        bn: "একটি বান্ডিলে সর্বোচ্চ {most}টি রিসোর্স থাকে।",
        ne: "बन्डलमा बढीमा {most} वटा स्रोत हुन्छन्।",
    }
    fn dicom_is_imaging(field) {
        en: "{field}: DICOM belongs to imaging.",
        bn: "{field}: DICOM কেবল ইমেজিং-এ থাকে।",
        ne: "{field}: DICOM इमेजिङमा मात्र हुन्छ।",
    }
    fn not_of_the_living(field) {
        en: "{field} cannot be the result of a living person; check the unit.",
        bn: "{field} জীবিত কারও ফল হতে পারে না; একক মিলিয়ে দেখুন।",
        ne: "{field} जीवित व्यक्तिको नतिजा हुन सक्दैन; एकाइ जाँच्नुहोस्।",
    }
    fn implausible() {
        en: "This cannot be true of a living person; check the numbers and the unit.",
        bn: "জীবিত কারও ক্ষেত্রে এটি সত্য হতে পারে না; সংখ্যা ও একক মিলিয়ে দেখুন।",
        ne: "जीवित व्यक्तिमा यो सत्य हुन सक्दैन; संख्या र एकाइ जाँच्नुहोस्।",
    }
    fn over_is_not_active(field) {
        en: "{field}: what is over is not active.",
        bn: "{field}: যা শেষ তা সক্রিয় নয়।",
        ne: "{field}: सकिएको कुरा सक्रिय हुँदैन।",
    }
    fn no_less_than_low(field) {
        en: "{field} must be no less than the lower bound.",
        bn: "{field} নিচের সীমার কম হতে পারে না।",
        ne: "{field} तल्लो सीमाभन्दा कम हुन सक्दैन।",
    }
    fn a_laboratory_result(field) {
        en: "{field} must be a result of a laboratory.",
        bn: "{field} পরীক্ষাগারের একটি ফল হতে হবে।",
        ne: "{field} प्रयोगशालाको नतिजा हुनुपर्छ।",
    }
    fn a_value_needs_its_unit(field) {
        en: "{field} must be given: a value needs its unit.",
        bn: "{field} দিতে হবে: মানের সঙ্গে একক লাগে।",
        ne: "{field} दिनुपर्छ: मानलाई एकाइ चाहिन्छ।",
    }
    fn not_measured_so(field) {
        en: "{field} does not belong to this measurement.",
        bn: "{field} এই মাপের সঙ্গে যায় না।",
        ne: "{field} यो नापसँग मिल्दैन।",
    }
    fn less_than_systolic(field) {
        en: "{field} must be less than the systolic pressure.",
        bn: "{field} সিস্টোলিক চাপের কম হতে হবে।",
        ne: "{field} सिस्टोलिक चापभन्दा कम हुनुपर्छ।",
    }
    fn a_kind(field) {
        en: "{field} must be a kind of records such as allergies.",
        bn: "{field} allergies এর মতো একটি নথির ধরন হতে হবে।",
        ne: "{field} allergies जस्तो अभिलेखको प्रकार हुनुपर्छ।",
    }
    fn a_measurement(field) {
        en: "{field} must be what is measured, such as weight.",
        bn: "{field} যা মাপা হয় তা হতে হবে, যেমন weight।",
        ne: "{field} नापिने कुरा हुनुपर्छ, जस्तै weight।",
    }
    fn in_unit(field, low: impl Display, high: impl Display, unit: impl Display) {
        en: "{field} must be from {low} to {high} {unit}; check the unit.",
        bn: "{field} {low} থেকে {high} {unit} হতে হবে; একক মিলিয়ে দেখুন।",
        ne: "{field} {low} देखि {high} {unit} सम्म हुनुपर्छ; एकाइ जाँच्नुहोस्।",
    }
    fn a_partial_date(field) {
        en: "{field} must be a date such as 2019, 2019-03 or 2019-03-07.",
        bn: "{field} 2019, 2019-03 বা 2019-03-07 এর মতো একটি তারিখ হতে হবে।",
        ne: "{field} 2019, 2019-03 वा 2019-03-07 जस्तो मिति हुनुपर्छ।",
    }
    fn not_moved_later(field) {
        en: "{field} cannot be moved to later than the record is; take the record away and add it anew.",
        bn: "{field} নথির সময়ের পরে সরানো যায় না; নথিটি সরিয়ে নতুন করে যোগ করুন।",
        ne: "{field} अभिलेखको समयभन्दा पछि सार्न मिल्दैन; अभिलेख हटाएर फेरि थप्नुहोस्।",
    }
    fn not_the_author() {
        en: "What a clinician has written is changed by clinicians; the owner may comment on it, and the other way round.",
        bn: "চিকিৎসক যা লিখেছেন তা চিকিৎসকেরা বদলান; মালিক মন্তব্য করতে পারেন, এবং উল্টোটাও।",
        ne: "चिकित्सकले लेखेको चिकित्सकले नै बदल्छ; मालिकले टिप्पणी गर्न सक्छ, र उल्टो पनि।",
    }
    fn too_many_files(most: usize) {
        en: "A record has at most {most} files.",
        bn: "একটি নথিতে সর্বোচ্চ {most}টি ফাইল থাকে।",
        ne: "अभिलेखमा बढीमा {most} वटा फाइल हुन्छन्।",
    }
    fn read_only() {
        en: "You were granted to read these records; who has a consultation or a prescription of the patient writes.",
        bn: "আপনাকে এই নথি পড়তে দেওয়া হয়েছে; রোগীর পরামর্শ বা প্রেসক্রিপশন যাঁর কাছে আছে তিনি লেখেন।",
        ne: "तपाईंलाई यी अभिलेख पढ्न दिइएको हो; बिरामीको परामर्श वा प्रेस्क्रिप्सन जससँग छ उहाँले लेख्नुहुन्छ।",
    }
}
