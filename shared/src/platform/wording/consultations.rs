//! Sentences about consultations and their messages.

use std::fmt::Display;

use super::sentences;

sentences! {
    fn not_a_doctor(field) {
        en: "{field} is no doctor who may sign in.",
        bn: "{field} সাইন ইন করতে পারেন এমন কোনো ডাক্তার নন।",
        ne: "{field} साइन इन गर्न मिल्ने डाक्टर होइन।",
    }
    fn too_many_attachments(most: impl Display) {
        en: "Each side may send at most {most} files in one consultation.",
        bn: "এক পরামর্শে প্রতি পক্ষ সর্বোচ্চ {most}টি ফাইল পাঠাতে পারে।",
        ne: "एउटा परामर्शमा प्रत्येक पक्षले बढीमा {most} वटा फाइल पठाउन सक्छ।",
    }
    fn closed() {
        en: "This consultation is closed; request another one.",
        bn: "এই পরামর্শ বন্ধ; আরেকটি চান।",
        ne: "यो परामर्श बन्द छ; अर्को माग्नुहोस्।",
    }
    fn invalid_state() {
        en: "This cannot be done in the state that the consultation is in; read it again.",
        bn: "পরামর্শটি এখন যে অবস্থায় আছে তাতে এটি করা যায় না; আবার দেখুন।",
        ne: "परामर्श अहिले जुन अवस्थामा छ त्यसमा यो गर्न मिल्दैन; फेरि हेर्नुहोस्।",
    }
    fn own(field) {
        en: "{field}: nobody answers themselves.",
        bn: "{field}: কেউ নিজেকে উত্তর দেন না।",
        ne: "{field}: आफैंलाई कसैले जवाफ दिँदैन।",
    }
    fn patient_withdraws(field) {
        en: "{field}: a patient takes a consultation back, with withdrawn.",
        bn: "{field}: রোগী withdrawn দিয়ে পরামর্শ ফিরিয়ে নেন।",
        ne: "{field}: बिरामीले withdrawn दिएर परामर्श फिर्ता लिन्छ।",
    }
    fn doctor_closes(field) {
        en: "{field}: a doctor closes a consultation with answered or referred.",
        bn: "{field}: ডাক্তার answered বা referred দিয়ে পরামর্শ বন্ধ করেন।",
        ne: "{field}: डाक्टरले answered वा referred दिएर परामर्श बन्द गर्छ।",
    }
    fn none_of_yours(field) {
        en: "{field}: you have none with this id.",
        bn: "{field}: এই আইডির কিছু আপনার নেই।",
        ne: "{field}: यो आईडी भएको तपाईंको केही छैन।",
    }
    fn name_one(field) {
        en: "{field}: name an order, a prescription or a triage, one of them alone.",
        bn: "{field}: একটি অর্ডার, প্রেসক্রিপশন বা ট্রায়াজ বলুন, যেকোনো একটি।",
        ne: "{field}: अर्डर, प्रेस्क्रिप्सन वा ट्रायाज मध्ये एउटा मात्र दिनुहोस्।",
    }
    fn too_many_open(most: impl Display) {
        en: "You may have at most {most} consultations at a time; wait until one is closed, or take one back.",
        bn: "একসঙ্গে সর্বোচ্চ {most}টি পরামর্শ থাকতে পারে; একটি বন্ধ হওয়া পর্যন্ত অপেক্ষা করুন, অথবা একটি ফিরিয়ে নিন।",
        ne: "एकैचोटि बढीमा {most} वटा परामर्श हुन सक्छन्; एउटा बन्द नहुन्जेल पर्खनुहोस्, वा एउटा फिर्ता लिनुहोस्।",
    }
    fn client_id_reused() {
        en: "This client_id came before with another message; use a new one for a new message.",
        bn: "এই client_id আগে অন্য বার্তার সঙ্গে এসেছে; নতুন বার্তায় নতুনটি দিন।",
        ne: "यो client_id पहिले अर्को सन्देशसँग आएको थियो; नयाँ सन्देशमा नयाँ दिनुहोस्।",
    }
    fn foreign_origin() {
        en: "This page may not connect.",
        bn: "এই পাতা সংযোগ করতে পারে না।",
        ne: "यो पृष्ठ जोडिन मिल्दैन।",
    }
    fn invalid_ticket() {
        en: "This ticket is not good; get another one.",
        bn: "এই টিকিট চলবে না; আরেকটি নিন।",
        ne: "यो टिकट चल्दैन; अर्को लिनुहोस्।",
    }
    fn too_many_frames() {
        en: "Too many frames; wait until the next minute.",
        bn: "ফ্রেম বেশি হয়ে গেছে; পরের মিনিট পর্যন্ত অপেক্ষা করুন।",
        ne: "धेरै फ्रेम भए; अर्को मिनेटसम्म पर्खनुहोस्।",
    }
    fn frame_is_an_object() {
        en: "A frame is a JSON object.",
        bn: "একটি ফ্রেম হলো JSON অবজেক্ট।",
        ne: "फ्रेम JSON अब्जेक्ट हो।",
    }
    fn frame_too_large(most: usize) {
        en: "A frame holds at most {most} bytes.",
        bn: "একটি ফ্রেমে সর্বোচ্চ {most} বাইট থাকে।",
        ne: "फ्रेममा बढीमा {most} बाइट रहन्छ।",
    }
}
