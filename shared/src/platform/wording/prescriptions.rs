//! Sentences about prescriptions and their review.

use std::fmt::Display;

use super::sentences;

sentences! {
    fn named_above(field) {
        en: "{field}: this line is named above.",
        bn: "{field}: এই লাইন উপরে বলা হয়েছে।",
        ne: "{field}: यो पङ्क्ति माथि दिइसकिएको छ।",
    }
    fn a_state(field) {
        en: "{field} must be a state such as pending.",
        bn: "{field} pending এর মতো একটি অবস্থা হতে হবে।",
        ne: "{field} pending जस्तो अवस्था हुनुपर्छ।",
    }
    fn other_decision(field) {
        en: "{field} belongs to the other decision.",
        bn: "{field} অন্য সিদ্ধান্তের সঙ্গে যায়।",
        ne: "{field} अर्को निर्णयसँग जान्छ।",
    }
    fn signature_required(field) {
        en: "{field}: a prescription without a signature is not approved.",
        bn: "{field}: স্বাক্ষর ছাড়া প্রেসক্রিপশন অনুমোদিত হয় না।",
        ne: "{field}: हस्ताक्षर नभएको प्रेस्क्रिप्सन स्वीकृत हुँदैन।",
    }
    fn medicine_above(field) {
        en: "{field}: this medicine has a line above.",
        bn: "{field}: এই ওষুধের লাইন উপরে আছে।",
        ne: "{field}: यो औषधिको पङ्क्ति माथि छ।",
    }
    fn product_or_ingredient(field) {
        en: "{field}: give exactly one of product_id and ingredient.",
        bn: "{field}: product_id আর ingredient এর ঠিক একটি দিন।",
        ne: "{field}: product_id र ingredient मध्ये ठ्याक्कै एउटा दिनुहोस्।",
    }
    fn at_most_a_year(field) {
        en: "{field} must be at most a year after the day the prescription was issued on.",
        bn: "{field} প্রেসক্রিপশন দেওয়ার দিন থেকে সর্বোচ্চ এক বছর পরের হতে পারে।",
        ne: "{field} प्रेस्क्रिप्सन दिइएको दिनको बढीमा एक वर्षपछिको हुन सक्छ।",
    }
    fn no_such_product(field) {
        en: "{field}: there is no such product.",
        bn: "{field}: এমন কোনো পণ্য নেই।",
        ne: "{field}: यस्तो उत्पादन छैन।",
    }
    fn days_by_law(field, days: impl Display) {
        en: "{field}: the law allows a supply of {days} days for this product.",
        bn: "{field}: আইনে এই পণ্যের {days} দিনের সরবরাহ চলে।",
        ne: "{field}: कानुनले यो उत्पादनको {days} दिनको आपूर्ति दिन्छ।",
    }
    fn good_until(field, item: impl Display, last: impl Display) {
        en: "{field}: a prescription for items[{item}] is good until {last} at most.",
        bn: "{field}: items[{item}] এর প্রেসক্রিপশন সর্বোচ্চ {last} পর্যন্ত চলে।",
        ne: "{field}: items[{item}] को प्रेस्क्रिप्सन बढीमा {last} सम्म चल्छ।",
    }
    fn fills_by_law(field, most: impl Display) {
        en: "{field}: the law allows {most} for this product.",
        bn: "{field}: আইনে এই পণ্যে {most}টি চলে।",
        ne: "{field}: कानुनले यो उत्पादनमा {most} वटा दिन्छ।",
    }
    fn not_claimed() {
        en: "Claim the prescription before you review it.",
        bn: "প্রেসক্রিপশন যাচাইয়ের আগে তা নিজের নামে নিন।",
        ne: "प्रेस्क्रिप्सन जाँच्नुअघि आफ्नो जिम्मा लिनुहोस्।",
    }
    fn not_reviewer() {
        en: "An approval is taken back by the pharmacist who has given it.",
        bn: "যে ফার্মাসিস্ট অনুমোদন দিয়েছেন তিনিই তা ফিরিয়ে নেন।",
        ne: "स्वीकृति दिने फार्मासिस्टले नै त्यो फिर्ता लिन्छ।",
    }
    fn too_late() {
        en: "An approval is taken back within a minute.",
        bn: "অনুমোদন এক মিনিটের মধ্যে ফিরিয়ে নেওয়া যায়।",
        ne: "स्वीकृति एक मिनेटभित्र फिर्ता लिन सकिन्छ।",
    }
    fn own() {
        en: "Nobody reviews their own prescription.",
        bn: "কেউ নিজের প্রেসক্রিপশন যাচাই করেন না।",
        ne: "कसैले आफ्नै प्रेस्क्रिप्सन जाँच्दैन।",
    }
    fn unknown_ingredient(field) {
        en: "{field}: no product on sale has this as its only active ingredient.",
        bn: "{field}: বিক্রিতে থাকা কোনো পণ্যের একমাত্র সক্রিয় উপাদান এটি নয়।",
        ne: "{field}: बिक्रीमा रहेको कुनै उत्पादनको एकमात्र सक्रिय तत्व यो होइन।",
    }
    fn ingredients_near(field, near: impl Display) {
        en: "{field}: no product on sale has this as its only active ingredient; near it: {near}.",
        bn: "{field}: বিক্রিতে থাকা কোনো পণ্যের একমাত্র সক্রিয় উপাদান এটি নয়; কাছাকাছি: {near}।",
        ne: "{field}: बिक्रीमा रहेको कुनै उत्पादनको एकमात्र सक्रिय तत्व यो होइन; नजिकका: {near}।",
    }
    fn too_many_units(field, most: u32, units: u32, days: u32) {
        en: "{field} must be at most {most}: nobody takes more than {units} tablets, capsules, … a day, and a fill lasts {days} days.",
        bn: "{field} সর্বোচ্চ {most} হতে পারে: কেউ দিনে {units}টির বেশি ট্যাবলেট, ক্যাপসুল, … নেন না, আর একবারে {days} দিন চলে।",
        ne: "{field} बढीमा {most} हुन सक्छ: कसैले दिनमा {units} भन्दा बढी ट्याब्लेट, क्याप्सुल, … लिँदैन, र एक पटक {days} दिन पुग्छ।",
    }
    fn too_many_packs(field, most: u32, packs: u32, first: u32, later: u32, days: u32) {
        en: "{field} must be at most {most}: nobody takes more than {packs} packs a day for {first} days and {later} a day after that, and a fill lasts {days} days.",
        bn: "{field} সর্বোচ্চ {most} হতে পারে: কেউ {first} দিন ধরে দিনে {packs}টির বেশি, আর তার পরে দিনে {later}টির বেশি প্যাক নেন না, আর একবারে {days} দিন চলে।",
        ne: "{field} बढीमा {most} हुन सक्छ: कसैले {first} दिनसम्म दिनमा {packs} भन्दा बढी, र त्यसपछि दिनमा {later} भन्दा बढी प्याक लिँदैन, र एक पटक {days} दिन पुग्छ।",
    }
    fn already_used() {
        en: "Something has been dispensed on this prescription.",
        bn: "এই প্রেসক্রিপশনে কিছু দেওয়া হয়ে গেছে।",
        ne: "यो प्रेस्क्रिप्सनमा केही दिइसकियो।",
    }
    fn already_claimed() {
        en: "Another pharmacist is working on this prescription.",
        bn: "অন্য একজন ফার্মাসিস্ট এই প্রেসক্রিপশন নিয়ে কাজ করছেন।",
        ne: "अर्को फार्मासिस्टले यो प्रेस्क्रिप्सनमा काम गर्दै हुनुहुन्छ।",
    }
    fn not_accepted() {
        en: "This prescription was not accepted.",
        bn: "এই প্রেসক্রিপশন গৃহীত হয়নি।",
        ne: "यो प्रेस्क्रिप्सन स्वीकार भएन।",
    }
    fn only_an_approval() {
        en: "Only the approval of a prescription is taken back.",
        bn: "কেবল প্রেসক্রিপশনের অনুমোদন ফিরিয়ে নেওয়া যায়।",
        ne: "प्रेस्क्रिप्सनको स्वीकृति मात्र फिर्ता लिइन्छ।",
    }
    fn only_pending() {
        en: "Only a pending prescription is reviewed.",
        bn: "কেবল অপেক্ষমাণ প্রেসক্রিপশন যাচাই করা হয়।",
        ne: "पर्खिरहेको प्रेस्क्रिप्सन मात्र जाँचिन्छ।",
    }
    fn not_issued_in_the_future(field) {
        en: "{field}: a prescription is not issued in the future.",
        bn: "{field}: প্রেসক্রিপশন ভবিষ্যতে দেওয়া হয় না।",
        ne: "{field}: प्रेस्क्रिप्सन भविष्यमा दिइँदैन।",
    }
    fn too_old(field, months: impl Display) {
        en: "{field}: a prescription may be at most {months} months old.",
        bn: "{field}: প্রেসক্রিপশন সর্বোচ্চ {months} মাস পুরোনো হতে পারে।",
        ne: "{field}: प्रेस्क्रिप्सन बढीमा {months} महिना पुरानो हुन सक्छ।",
    }
    fn too_many_today(most: impl Display) {
        en: "You may send at most {most} prescriptions a day; try again tomorrow.",
        bn: "দিনে সর্বোচ্চ {most}টি প্রেসক্রিপশন পাঠাতে পারেন; কাল আবার চেষ্টা করুন।",
        ne: "दिनमा बढीमा {most} वटा प्रेस्क्रिप्सन पठाउन सकिन्छ; भोलि फेरि प्रयास गर्नुहोस्।",
    }
    fn at_least_one_file(field) {
        en: "{field} must have at least one file.",
        bn: "{field} এ অন্তত একটি ফাইল থাকতে হবে।",
        ne: "{field} मा कम्तीमा एउटा फाइल हुनुपर्छ।",
    }
    fn files_at_most(field, most: impl Display) {
        en: "{field} must have at most {most} files.",
        bn: "{field} এ সর্বোচ্চ {most}টি ফাইল থাকতে পারে।",
        ne: "{field} मा बढीमा {most} वटा फाइल हुन सक्छन्।",
    }
    fn files_or_the_only_one(field) {
        en: "{field}: give either files, or content_type and size_bytes of the only one.",
        bn: "{field}: হয় files দিন, নয়তো একমাত্র ফাইলের content_type ও size_bytes।",
        ne: "{field}: कि files दिनुहोस्, कि एकमात्र फाइलको content_type र size_bytes।",
    }
}
