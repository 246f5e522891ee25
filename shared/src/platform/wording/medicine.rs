//! Sentences about doses, interactions, rules and what screening finds. Where they give the words of a rule or a label, these stay
//! as whoever reviewed them has read them.

use std::fmt::Display;

use super::sentences;

sentences! {
    fn a_strength(field) {
        en: "{field} must be a strength such as 500 mg or 160 mg/5 mL.",
        bn: "{field} 500 mg বা 160 mg/5 mL এর মতো একটি শক্তিমাত্রা হতে হবে।",
        ne: "{field} 500 mg वा 160 mg/5 mL जस्तो मात्रा-शक्ति हुनुपर्छ।",
    }
    fn a_dose(field) {
        en: "{field} must be a dose such as 500 mg.",
        bn: "{field} 500 mg এর মতো একটি মাত্রা হতে হবে।",
        ne: "{field} 500 mg जस्तो मात्रा हुनुपर्छ।",
    }
    fn no_substance(field) {
        en: "{field}: no substance answers to this name.",
        bn: "{field}: এই নামের কোনো উপাদান নেই।",
        ne: "{field}: यो नामको कुनै पदार्थ छैन।",
    }
    fn several_substances(field) {
        en: "{field}: this brand has several substances; name one.",
        bn: "{field}: এই ব্র্যান্ডে কয়েকটি উপাদান আছে; একটি বলুন।",
        ne: "{field}: यो ब्रान्डमा धेरै पदार्थ छन्; एउटा भन्नुहोस्।",
    }
    fn say_once(field) {
        en: "{field}: say once who the patient is.",
        bn: "{field}: রোগী কে তা একবারই বলুন।",
        ne: "{field}: बिरामी को हो भन्ने एक पटक मात्र भन्नुहोस्।",
    }
    fn together_between(field, most: usize) {
        en: "{field}: give 1 to {most} products and substances together.",
        bn: "{field}: পণ্য ও উপাদান মিলে 1 থেকে {most}টি দিন।",
        ne: "{field}: उत्पादन र पदार्थ मिलाएर 1 देखि {most} वटा दिनुहोस्।",
    }
    fn on_sale(field) {
        en: "{field} must be a product that is on sale.",
        bn: "{field} বিক্রিতে আছে এমন একটি পণ্য হতে হবে।",
        ne: "{field} बिक्रीमा रहेको उत्पादन हुनुपर्छ।",
    }
    fn a_set(field) {
        en: "{field} must be a set of this kind.",
        bn: "{field} এই ধরনের একটি সেট হতে হবে।",
        ne: "{field} यस प्रकारको सेट हुनुपर्छ।",
    }
    fn whole_years(field) {
        en: "{field} must be a whole number of years.",
        bn: "{field} পূর্ণ বছর হতে হবে।",
        ne: "{field} पूरा वर्ष हुनुपर्छ।",
    }
    fn a_value_and_its_unit(field) {
        en: "{field} must be a value and its unit, such as 1.1 mg/dL.",
        bn: "{field} একটি মান ও তার একক হতে হবে, যেমন 1.1 mg/dL।",
        ne: "{field} मान र त्यसको एकाइ हुनुपर्छ, जस्तै 1.1 mg/dL।",
    }
    fn years_between(field) {
        en: "{field} must be from 0 to 130 years.",
        bn: "{field} 0 থেকে 130 বছর হতে হবে।",
        ne: "{field} 0 देखि 130 वर्ष हुनुपर्छ।",
    }
    fn a_creatinine(field) {
        en: "{field} must be a creatinine of 0.1 to 30 mg/dL; check the unit.",
        bn: "{field} 0.1 থেকে 30 mg/dL ক্রিয়েটিনিন হতে হবে; একক মিলিয়ে দেখুন।",
        ne: "{field} 0.1 देखि 30 mg/dL क्रिएटिनिन हुनुपर्छ; एकाइ जाँच्नुहोस्।",
    }
    fn a_condition(field) {
        en: "{field} must be a condition that is known here.",
        bn: "{field} এখানে জানা একটি রোগাবস্থা হতে হবে।",
        ne: "{field} यहाँ थाहा भएको रोगावस्था हुनुपर्छ।",
    }
    fn a_rule_id(field) {
        en: "{field} must be rul_ and up to 60 of a-z, 0-9 and underscores.",
        bn: "{field} rul_ এবং সর্বোচ্চ 60টি a-z, 0-9 ও আন্ডারস্কোর হতে হবে।",
        ne: "{field} rul_ र बढीमा 60 वटा a-z, 0-9 र अन्डरस्कोर हुनुपर्छ।",
    }
    fn own_rule() {
        en: "A rule is reviewed by another pharmacist than the one who wrote it.",
        bn: "যিনি নিয়ম লিখেছেন তিনি ছাড়া অন্য একজন ফার্মাসিস্ট তা যাচাই করেন।",
        ne: "नियम लेख्नेबाहेक अर्को फार्मासिस्टले त्यसलाई जाँच्छ।",
    }
    fn rule_moved() {
        en: "There is another version of this rule; read it again.",
        bn: "এই নিয়মের অন্য সংস্করণ আছে; আবার দেখুন।",
        ne: "यो नियमको अर्को संस्करण छ; फेरि हेर्नुहोस्।",
    }
    fn rule_reviewed() {
        en: "This version of the rule was reviewed already; write a new one.",
        bn: "নিয়মের এই সংস্করণ আগেই যাচাই হয়েছে; নতুন একটি লিখুন।",
        ne: "नियमको यो संस्करण पहिल्यै जाँचियो; नयाँ लेख्नुहोस्।",
    }
    fn rule_just_reviewed() {
        en: "Somebody else decided on this rule just now.",
        bn: "এইমাত্র অন্য কেউ এই নিয়ম নিয়ে সিদ্ধান্ত নিয়েছেন।",
        ne: "भर्खरै अरू कसैले यो नियमबारे निर्णय गर्‍यो।",
    }
    fn set_is_fixed() {
        en: "A set of the starter data is reviewed as a whole; write a rule of your own.",
        bn: "প্রাথমিক তথ্যের একটি সেট পুরোটা একসঙ্গে যাচাই হয়; নিজের নিয়ম লিখুন।",
        ne: "सुरुको तथ्याङ्कको सेट पूरै जाँचिन्छ; आफ्नै नियम लेख्नुहोस्।",
    }
    fn nothing_reviewed() {
        en: "No pharmacist has reviewed the rules of medicine yet, so nothing can be said.",
        bn: "কোনো ফার্মাসিস্ট এখনও ওষুধের নিয়ম যাচাই করেননি, তাই কিছু বলা যায় না।",
        ne: "कुनै फार्मासिस्टले औषधिका नियम अझै जाँचेका छैनन्, त्यसैले केही भन्न सकिँदैन।",
    }
    fn a_known_unit(field) {
        en: "{field} must be a UCUM unit that is known here, such as mg, kg, mL, mg/dL or umol/L.",
        bn: "{field} এখানে জানা একটি UCUM একক হতে হবে, যেমন mg, kg, mL, mg/dL বা umol/L।",
        ne: "{field} यहाँ थाहा भएको UCUM एकाइ हुनुपर्छ, जस्तै mg, kg, mL, mg/dL वा umol/L।",
    }
    fn not_convertible(field, one: &str, other: &str) {
        en: "{field}: {one} cannot be converted to {other}.",
        bn: "{field}: {one} কে {other} এ রূপান্তর করা যায় না।",
        ne: "{field}: {one} लाई {other} मा बदल्न सकिँदैन।",
    }
    fn a_side(field) {
        en: "{field} must be the id of a substance or class.",
        bn: "{field} একটি উপাদান বা শ্রেণির আইডি হতে হবে।",
        ne: "{field} पदार्थ वा वर्गको आईडी हुनुपर्छ।",
    }
    fn an_age(field) {
        en: "{field} must be an age such as 12y, 6mo or 28d.",
        bn: "{field} 12y, 6mo বা 28d এর মতো একটি বয়স হতে হবে।",
        ne: "{field} 12y, 6mo वा 28d जस्तो उमेर हुनुपर्छ।",
    }
    fn a_mechanism(field) {
        en: "{field} must be a kind of mechanism.",
        bn: "{field} একটি প্রক্রিয়ার ধরন হতে হবে।",
        ne: "{field} प्रक्रियाको प्रकार हुनुपर्छ।",
    }
    fn names_no_substance(field) {
        en: "{field} names no substance.",
        bn: "{field} কোনো উপাদান বলে না।",
        ne: "{field} ले कुनै पदार्थ भन्दैन।",
    }
    fn names_no_route(field) {
        en: "{field} names no route.",
        bn: "{field} প্রয়োগের কোনো পথ বলে না।",
        ne: "{field} ले प्रयोगको कुनै बाटो भन्दैन।",
    }
    fn names_no_dose(field) {
        en: "{field} names no dose such as 1000 mg.",
        bn: "{field} 1000 mg এর মতো কোনো মাত্রা বলে না।",
        ne: "{field} ले 1000 mg जस्तो कुनै मात्रा भन्दैन।",
    }
    fn names_no_condition(field) {
        en: "{field} names no condition.",
        bn: "{field} কোনো রোগাবস্থা বলে না।",
        ne: "{field} ले कुनै रोगावस्था भन्दैन।",
    }
    fn names_unknown_condition(field) {
        en: "{field} names a condition that is not known here.",
        bn: "{field} এমন রোগাবস্থা বলে যা এখানে জানা নেই।",
        ne: "{field} ले यहाँ थाहा नभएको रोगावस्था भन्छ।",
    }
    fn min_at_most_max(field) {
        en: "{field}: the least must be at most the most.",
        bn: "{field}: সর্বনিম্নটি সর্বোচ্চের বেশি হতে পারে না।",
        ne: "{field}: सबैभन्दा कम सबैभन्दा बढीभन्दा ठूलो हुन सक्दैन।",
    }
    fn hours_between(field) {
        en: "{field} must be from 1 to 744 hours, the least at most the most.",
        bn: "{field} 1 থেকে 744 ঘণ্টা হতে হবে, সর্বনিম্নটি সর্বোচ্চের বেশি নয়।",
        ne: "{field} 1 देखि 744 घण्टा हुनुपर्छ, सबैभन्दा कम सबैभन्दा बढीभन्दा ठूलो होइन।",
    }
    fn less_than_one_dose(field) {
        en: "{field} is less than one dose.",
        bn: "{field} এক মাত্রার চেয়ে কম।",
        ne: "{field} एक मात्राभन्दा कम छ।",
    }
    fn a_renal_entry(field) {
        en: "{field} must have metric, lt, and an action with its dose.",
        bn: "{field} এ metric, lt এবং মাত্রাসহ একটি action থাকতে হবে।",
        ne: "{field} मा metric, lt र मात्रासहितको action हुनुपर्छ।",
    }
    fn a_who(field) {
        en: "{field} must be such as pregnancy, age<12y or egfr<30.",
        bn: "{field} pregnancy, age<12y বা egfr<30 এর মতো হতে হবে।",
        ne: "{field} pregnancy, age<12y वा egfr<30 जस्तो हुनुपर्छ।",
    }
    fn a_jurisdiction(field) {
        en: "{field} must be an ISO 3166 code such as US, or any.",
        bn: "{field} US এর মতো একটি ISO 3166 কোড অথবা any হতে হবে।",
        ne: "{field} US जस्तो ISO 3166 कोड वा any हुनुपर्छ।",
    }
    fn limit_days(field) {
        en: "{field} must be from 1 to 366 days.",
        bn: "{field} 1 থেকে 366 দিন হতে হবে।",
        ne: "{field} 1 देखि 366 दिन हुनुपर्छ।",
    }
    fn age_needed(field) {
        en: "{field} must be given: an age or a date of birth is required.",
        bn: "{field} দিতে হবে: বয়স বা জন্মতারিখ দরকার।",
        ne: "{field} दिनुपर्छ: उमेर वा जन्म मिति चाहिन्छ।",
    }
    fn birthday_needed(field) {
        en: "{field} must be given: the dose changes within this year of age.",
        bn: "{field} দিতে হবে: এই বয়সের বছরের মধ্যেই মাত্রা বদলায়।",
        ne: "{field} दिनुपर्छ: यही उमेरको वर्षभित्र मात्रा बदलिन्छ।",
    }
    fn weight_needed(field) {
        en: "{field} must be given: this dose depends on the weight.",
        bn: "{field} দিতে হবে: এই মাত্রা ওজনের উপর নির্ভর করে।",
        ne: "{field} दिनुपर्छ: यो मात्रा तौलमा भर पर्छ।",
    }
    fn surface_needed(field) {
        en: "{field} must be given: this dose depends on the body surface.",
        bn: "{field} দিতে হবে: এই মাত্রা শরীরের পৃষ্ঠতলের উপর নির্ভর করে।",
        ne: "{field} दिनुपर्छ: यो मात्रा शरीरको सतहमा भर पर्छ।",
    }
    fn indication_needed(field, known: impl Display) {
        en: "{field} must be given: the dose depends on what it is for, one of {known}.",
        bn: "{field} দিতে হবে: মাত্রা কীসের জন্য তার উপর নির্ভর করে, এগুলোর একটি: {known}।",
        ne: "{field} दिनुपर्छ: मात्रा केका लागि हो त्यसमा भर पर्छ, यीमध्ये एक: {known}।",
    }
    fn kidneys_needed(field) {
        en: "{field} must be given: this dose depends on how well the kidneys work.",
        bn: "{field} দিতে হবে: এই মাত্রা কিডনি কতটা কাজ করে তার উপর নির্ভর করে।",
        ne: "{field} दिनुपर्छ: यो मात्रा मिर्गौलाले कति काम गर्छ त्यसमा भर पर्छ।",
    }
    fn together(one: &str, other: &str, why: &str) {
        en: "{one} with {other}: {why}",
        bn: "{one} ও {other}: “{why}”",
        ne: "{one} र {other}: “{why}”",
    }
    fn rule_says(text: &str) {
        en: "{text}",
        bn: "“{text}”",
        ne: "“{text}”",
    }
    fn counted_as_so(open: impl Display) {
        en: "Not known, and counted as so: {open}.",
        bn: "জানা নেই, এবং আছে ধরে নেওয়া হয়েছে: {open}।",
        ne: "थाहा छैन, र छ भनी मानिएको छ: {open}।",
    }
    fn do_not_use() {
        en: "Do not use these together.",
        bn: "এগুলো একসঙ্গে ব্যবহার করবেন না।",
        ne: "यी सँगै प्रयोग नगर्नुहोस्।",
    }
    fn avoid() {
        en: "Avoid this combination; a pharmacist or prescriber must weigh it.",
        bn: "এই সমন্বয় এড়িয়ে চলুন; একজন ফার্মাসিস্ট বা চিকিৎসককে তা বিচার করতে হবে।",
        ne: "यो संयोजन नगर्नुहोस्; फार्मासिस्ट वा चिकित्सकले विचार गर्नुपर्छ।",
    }
    fn with_precaution() {
        en: "Use these together only with the precaution named.",
        bn: "এগুলো কেবল উল্লিখিত সতর্কতা মেনে একসঙ্গে ব্যবহার করুন।",
        ne: "यी भनिएको सावधानीसहित मात्र सँगै प्रयोग गर्नुहोस्।",
    }
    fn keep_in_mind() {
        en: "Keep this in mind when both are used.",
        bn: "দুটোই ব্যবহার করলে এটি মনে রাখুন।",
        ne: "दुवै प्रयोग गर्दा यो ध्यानमा राख्नुहोस्।",
    }
    fn taken_already(name: &str) {
        en: "{name} is on record as taken already; it is not to be taken twice.",
        bn: "নথি অনুযায়ী {name} আগে থেকেই নেওয়া হচ্ছে; দুবার নেওয়া যাবে না।",
        ne: "अभिलेखअनुसार {name} पहिल्यै लिइँदै छ; दोहोर्‍याएर लिनु हुँदैन।",
    }
    fn in_two_medicines(name: &str) {
        en: "{name} is in two medicines that would be used at the same time.",
        bn: "{name} একই সময়ে ব্যবহারের দুটি ওষুধে আছে।",
        ne: "{name} एकै समयमा प्रयोग हुने दुई औषधिमा छ।",
    }
    fn not_screened() {
        en: "These medicines could not be screened: no reviewed rules can be read.",
        bn: "এই ওষুধগুলো যাচাই করা যায়নি: যাচাইকৃত কোনো নিয়ম পড়া যাচ্ছে না।",
        ne: "यी औषधि जाँच्न सकिएन: जाँचिएका कुनै नियम पढ्न सकिएन।",
    }
    fn records_unread() {
        en: "What is on record about the patient could not be read, so these medicines were not screened against it.",
        bn: "রোগীর নথি পড়া যায়নি, তাই এই ওষুধগুলো তার সঙ্গে মিলিয়ে দেখা হয়নি।",
        ne: "बिरामीको अभिलेख पढ्न सकिएन, त्यसैले यी औषधि त्यससँग मिलाएर जाँचिएनन्।",
    }
    fn unmapped(name: &str) {
        en: "No substance answers to {name}, so nothing was checked of it.",
        bn: "{name} নামের কোনো উপাদান নেই, তাই এটি যাচাই করা হয়নি।",
        ne: "{name} नामको कुनै पदार्थ छैन, त्यसैले यसको केही जाँचिएन।",
    }
    fn unmapped_taken(name: &str) {
        en: "No substance answers to {name}, which is taken already, so nothing was checked of it.",
        bn: "আগে থেকে নেওয়া {name} নামের কোনো উপাদান নেই, তাই এটি যাচাই করা হয়নি।",
        ne: "पहिल्यै लिइँदै गरेको {name} नामको कुनै पदार्थ छैन, त्यसैले यसको केही जाँचिएन।",
    }
    fn unmapped_allergy(name: &str) {
        en: "No substance answers to {name}, which the patient is allergic to, so nothing was checked of it.",
        bn: "রোগীর যাতে অ্যালার্জি সেই {name} নামের কোনো উপাদান নেই, তাই এটি যাচাই করা হয়নি।",
        ne: "बिरामीलाई एलर्जी भएको {name} नामको कुनै पदार्थ छैन, त्यसैले यसको केही जाँचिएन।",
    }
    fn allergy(name: &str, to: &str) {
        en: "{name}: an allergy to {to} is recorded.",
        bn: "{name}: {to} এ অ্যালার্জি নথিতে আছে।",
        ne: "{name}: {to} प्रति एलर्जी अभिलेखमा छ।",
    }
    fn contraindicated(name: &str, who: impl Display, citation: &str) {
        en: "{name}: {who}. {citation}",
        bn: "{name} এর ক্ষেত্রে সতর্কতা: {who}। “{citation}”",
        ne: "{name} मा सावधानी: {who}। “{citation}”",
    }
    fn not_on_record(name: &str, who: impl Display, open: impl Display, citation: &str) {
        en: "{name}: {who}. Not known: {open}. {citation}",
        bn: "{name} এর ক্ষেত্রে সতর্কতা: {who}। জানা নেই: {open}। “{citation}”",
        ne: "{name} मा सावधानी: {who}। थाहा छैन: {open}। “{citation}”",
    }
    fn a_day_by_directions(name: &str, used: impl Display, most: impl Display, citation: &str) {
        en: "{name}: {used} mg a day by the directions; at most {most} mg are given. {citation}",
        bn: "{name}: নির্দেশ অনুযায়ী দিনে {used} mg; সর্বোচ্চ {most} mg দেওয়া হয়। “{citation}”",
        ne: "{name}: निर्देशनअनुसार दिनमा {used} mg; बढीमा {most} mg दिइन्छ। “{citation}”",
    }
    fn a_day_by_packs(name: &str, used: impl Display, most: impl Display, citation: &str) {
        en: "{name}: {used} mg a day by the days that a fill lasts; at most {most} mg are given. {citation}",
        bn: "{name}: একবারে যত দিন চলে সে হিসাবে দিনে {used} mg; সর্বোচ্চ {most} mg দেওয়া হয়। “{citation}”",
        ne: "{name}: एक पटकले पुग्ने दिनको हिसाबले दिनमा {used} mg; बढीमा {most} mg दिइन्छ। “{citation}”",
    }
    fn at_a_time(name: &str, used: impl Display, most: impl Display, citation: &str) {
        en: "{name}: {used} mg at a time by the directions; at most {most} mg are given. {citation}",
        bn: "{name}: নির্দেশ অনুযায়ী একবারে {used} mg; সর্বোচ্চ {most} mg দেওয়া হয়। “{citation}”",
        ne: "{name}: निर्देशनअनुसार एक पटकमा {used} mg; बढीमा {most} mg दिइन्छ। “{citation}”",
    }
    fn every_day(name: &str, hours: impl Display, citation: &str) {
        en: "{name}: the directions are for every day; it is given every {hours} hours at most. {citation}",
        bn: "{name}: নির্দেশ প্রতিদিনের; এটি বড়জোর {hours} ঘণ্টা পরপর দেওয়া হয়। “{citation}”",
        ne: "{name}: निर्देशन हरेक दिनको छ; यो बढीमा {hours} घण्टाको फरकमा दिइन्छ। “{citation}”",
    }
    fn lasts_longer(lasts: impl Display, course: impl Display) {
        en: "A fill is said to last {lasts} days, and the directions are for {course} days.",
        bn: "বলা হয়েছে একবারে {lasts} দিন চলবে, আর নির্দেশ {course} দিনের।",
        ne: "एक पटकले {lasts} दिन पुग्छ भनिएको छ, र निर्देशन {course} दिनको छ।",
    }
    fn directions_come_to(units: impl Display, days: impl Display, holds: impl Display) {
        en: "The directions come to {units} units in {days} days, and a fill has {holds}.",
        bn: "নির্দেশ অনুযায়ী {days} দিনে {units} একক লাগে, আর একবারে আছে {holds}।",
        ne: "निर्देशनअनुसार {days} दिनमा {units} एकाइ चाहिन्छ, र एक पटकमा {holds} छ।",
    }
    fn looked_up() {
        en: "A pharmacist has looked it up for these medicines.",
        bn: "একজন ফার্মাসিস্ট এই ওষুধগুলোর জন্য এটি দেখেছেন।",
        ne: "फार्मासिस्टले यी औषधिका लागि यो हेर्नुभएको छ।",
    }
    fn signs_are_built_in(field) {
        en: "{field} can only be to approve: the signs of an emergency that are built in count in any case.",
        bn: "{field} শুধু অনুমোদন হতে পারে: অন্তর্নির্মিত জরুরি লক্ষণগুলো সব অবস্থাতেই গণ্য হয়।",
        ne: "{field} स्वीकृति मात्र हुन सक्छ: भित्रै रहेका आपतकालीन लक्षण जसरी पनि गनिन्छन्।",
    }
    fn sign_stays(field) {
        en: "{field}: a sign of an emergency that is built in cannot be taken away.",
        bn: "{field}: অন্তর্নির্মিত জরুরি লক্ষণ সরানো যায় না।",
        ne: "{field}: भित्रै रहेको आपतकालीन लक्षण हटाउन सकिँदैन।",
    }
    fn sign_is_built_in(field) {
        en: "{field}: a sign that is built in stays as it is; add one under an id of your own.",
        bn: "{field}: অন্তর্নির্মিত লক্ষণ যেমন আছে তেমনই থাকে; নিজের আইডি দিয়ে একটি যোগ করুন।",
        ne: "{field}: भित्रै रहेको लक्षण जस्ताको तस्तै रहन्छ; आफ्नै आईडीमा एउटा थप्नुहोस्।",
    }
    fn an_emergency(field) {
        en: "{field} must be emergency: a red flag is never less.",
        bn: "{field} emergency হতে হবে: বিপদের লক্ষণ কখনও এর কম নয়।",
        ne: "{field} emergency हुनुपर्छ: खतराको लक्षण कहिल्यै त्योभन्दा कम हुँदैन।",
    }
    fn a_phrase(field) {
        en: "{field} must be 1 to 8 words, each as it is written, with * after its beginning, or several with | between them.",
        bn: "{field} 1 থেকে 8টি শব্দ হতে হবে: যেমন লেখা হয়, শুরুর পরে * দিয়ে, অথবা | দিয়ে কয়েকটি।",
        ne: "{field} 1 देखि 8 शब्द हुनुपर्छ: लेखिएजस्तै, सुरुपछि * राखेर, वा बीचमा | राखेर धेरै।",
    }
    fn more_than_a_common_word(field) {
        en: "{field} must be more than one common word: nearly every message has that.",
        bn: "{field} একটি সাধারণ শব্দের চেয়ে বেশি হতে হবে: প্রায় সব বার্তায় সেটি থাকে।",
        ne: "{field} एउटा सामान्य शब्दभन्दा बढी हुनुपर्छ: त्यो प्रायः सबै सन्देशमा हुन्छ।",
    }
    fn above_age_from(field) {
        en: "{field} must be above age_from.",
        bn: "{field} age_from এর চেয়ে বেশি হতে হবে।",
        ne: "{field} age_from भन्दा बढी हुनुपर्छ।",
    }
    fn symptoms_to_narrow(field) {
        en: "{field} must say which answers applies_to is about: words count whoever writes them.",
        bn: "{field} applies_to কোন উত্তর নিয়ে তা বলতে হবে: কথা যে-ই লিখুক গণ্য হয়।",
        ne: "{field} ले applies_to कुन उत्तरबारे हो भन्नुपर्छ: शब्द जसले लेखे पनि गनिन्छन्।",
    }
    fn reading_is_shown(field) {
        en: "{field} is shown of signs that are built in; leave it out.",
        bn: "{field} অন্তর্নির্মিত লক্ষণের জন্য দেখানো হয়; এটি বাদ দিন।",
        ne: "{field} भित्रै रहेका लक्षणको लागि देखाइन्छ; यो नराख्नुहोस्।",
    }
    fn is_found(field) {
        en: "{field} must be found by one of the phrases.",
        bn: "{field} কোনো একটি বাক্যাংশে ধরা পড়তে হবে।",
        ne: "{field} कुनै एउटा वाक्यांशले भेट्टाउनुपर्छ।",
    }
}
