//! What people call the fields that they fill in.

use std::borrow::Cow;

use super::Words;
use crate::platform::language::Language;

macro_rules! labels {
    ($($field:literal { $($language:ident: $label:literal,)+ })*) => {
        /// What a field is called, by its name in requests.
        fn label(name: &str) -> Option<Words> {
            match name {
                $($field => Some(Words { $($language: Cow::Borrowed($label)),+ }),)*
                _ => None,
            }
        }

        /// Every name that is known.
        #[cfg(test)]
        pub(super) const ALL: &[&str] = &[$($field),*];
    };
}

/// What the field at a place such as `items[2].quantity` is called; its own name in quotes, where people fill in no such field.
pub(super) fn of(field: &str, language: Language) -> String {
    let name = field.rsplit('.').next().unwrap_or_default();
    let name = name.split('[').next().unwrap_or_default();
    let name = if name.is_empty() { field } else { name };
    label(name).map_or_else(|| format!("“{field}”"), |label| label.of(language).to_owned())
}

labels! {
    "Idempotency-Key" { en: "Idempotency-Key", bn: "Idempotency-Key", ne: "Idempotency-Key", }
    "If-Match" { en: "If-Match", bn: "If-Match", ne: "If-Match", }
    "If-None-Match" { en: "If-None-Match", bn: "If-None-Match", ne: "If-None-Match", }
    "X-CSRF-Token" { en: "X-CSRF-Token", bn: "X-CSRF-Token", ne: "X-CSRF-Token", }
    "about" { en: "Subject", bn: "বিষয়", ne: "विषय", }
    "action" { en: "Action", bn: "কাজ", ne: "कार्य", }
    "actor" { en: "Actor", bn: "কর্তা", ne: "कर्ता", }
    "address" { en: "Address", bn: "ঠিকানা", ne: "ठेगाना", }
    "address_id" { en: "Address", bn: "ঠিকানা", ne: "ठेगाना", }
    "after" { en: "After", bn: "পরবর্তী", ne: "पछि", }
    "age" { en: "Age", bn: "বয়স", ne: "उमेर", }
    "age_before" { en: "Upper age", bn: "উপরের বয়সসীমা", ne: "माथिल्लो उमेर", }
    "age_from" { en: "Lower age", bn: "নিচের বয়সসীমা", ne: "तल्लो उमेर", }
    "allergies" { en: "Allergies", bn: "অ্যালার্জি", ne: "एलर्जी", }
    "alt" { en: "Description of the picture", bn: "ছবির বর্ণনা", ne: "तस्बिरको वर्णन", }
    "amount" { en: "Amount", bn: "পরিমাণ", ne: "रकम", }
    "answer" { en: "Answer", bn: "উত্তর", ne: "जवाफ", }
    "answers" { en: "Answers", bn: "উত্তর", ne: "जवाफ", }
    "attachment_id" { en: "File", bn: "ফাইল", ne: "फाइल", }
    "basis" { en: "Basis", bn: "ভিত্তি", ne: "आधार", }
    "before" { en: "Before", bn: "পূর্ববর্তী", ne: "अघि", }
    "body" { en: "Text", bn: "লেখা", ne: "पाठ", }
    "body_site" { en: "Part of the body", bn: "শরীরের অংশ", ne: "शरीरको भाग", }
    "brand" { en: "Brand", bn: "ব্র্যান্ড", ne: "ब्रान्ड", }
    "breastfeeding" { en: "Breastfeeding", bn: "স্তন্যদান", ne: "स्तनपान", }
    "business_name" { en: "Name of the business", bn: "ব্যবসার নাম", ne: "व्यवसायको नाम", }
    "category" { en: "Category", bn: "বিভাগ", ne: "वर्ग", }
    "category_id" { en: "Category", bn: "বিভাগ", ne: "वर्ग", }
    "certainty" { en: "Certainty", bn: "নিশ্চয়তা", ne: "निश्चितता", }
    "challenge_session" { en: "Sign-in", bn: "সাইন ইন", ne: "साइन इन", }
    "citation" { en: "Source", bn: "উৎস", ne: "स्रोत", }
    "city" { en: "City", bn: "শহর", ne: "सहर", }
    "class" { en: "Class", bn: "শ্রেণি", ne: "श्रेणी", }
    "client_id" { en: "client_id", bn: "client_id", ne: "client_id", }
    "cod" { en: "Cash on delivery", bn: "ডেলিভারিতে নগদ", ne: "डेलिभरीमा नगद", }
    "code" { en: "Code", bn: "কোড", ne: "कोड", }
    "comparator" { en: "Comparison", bn: "তুলনা", ne: "तुलना", }
    "conditions" { en: "Conditions", bn: "রোগাবস্থা", ne: "रोगावस्था", }
    "consultations" { en: "Consultations", bn: "পরামর্শ", ne: "परामर्श", }
    "content_type" { en: "Type of the file", bn: "ফাইলের ধরন", ne: "फाइलको प्रकार", }
    "count" { en: "Count", bn: "গণনা", ne: "गणना", }
    "country" { en: "Country", bn: "দেশ", ne: "देश", }
    "creatinine" { en: "Creatinine", bn: "ক্রিয়েটিনিন", ne: "क्रिएटिनिन", }
    "currency" { en: "Currency", bn: "মুদ্রা", ne: "मुद्रा", }
    "current_password" { en: "Current password", bn: "বর্তমান পাসওয়ার্ড", ne: "हालको पासवर्ड", }
    "cursor" { en: "Cursor", bn: "কার্সর", ne: "कर्सर", }
    "daily" { en: "Daily dose", bn: "দৈনিক মাত্রা", ne: "दैनिक मात्रा", }
    "daily_dose" { en: "Daily dose", bn: "দৈনিক মাত্রা", ne: "दैनिक मात्रा", }
    "data" { en: "Data", bn: "তথ্য", ne: "तथ्याङ्क", }
    "date" { en: "Date", bn: "তারিখ", ne: "मिति", }
    "date_of_birth" { en: "Date of birth", bn: "জন্মতারিখ", ne: "जन्म मिति", }
    "days" { en: "Days", bn: "দিন", ne: "दिन", }
    "days_supply" { en: "Days of supply", bn: "সরবরাহের দিন", ne: "आपूर्तिका दिन", }
    "decision" { en: "Decision", bn: "সিদ্ধান্ত", ne: "निर्णय", }
    "delivery_id" { en: "Delivery", bn: "বিতরণ", ne: "वितरण", }
    "delta" { en: "Change", bn: "পরিবর্তন", ne: "परिवर्तन", }
    "description" { en: "Description", bn: "বর্ণনা", ne: "विवरण", }
    "diastolic" { en: "Diastolic pressure", bn: "ডায়াস্টোলিক চাপ", ne: "डायस्टोलिक चाप", }
    "directions" { en: "Directions", bn: "ব্যবহারের নির্দেশ", ne: "प्रयोग निर्देशन", }
    "district" { en: "District", bn: "জেলা", ne: "जिल्ला", }
    "districts" { en: "Districts", bn: "জেলা", ne: "जिल्ला", }
    "doctor_id" { en: "Doctor", bn: "ডাক্তার", ne: "डाक्टर", }
    "dosage_form" { en: "Dosage form", bn: "ওষুধের রূপ", ne: "औषधिको रूप", }
    "dose" { en: "Dose", bn: "মাত্রা", ne: "मात्रा", }
    "dose_mg" { en: "Dose", bn: "মাত্রা", ne: "मात्रा", }
    "dose_number" { en: "Number of the dose", bn: "মাত্রার ক্রম", ne: "मात्राको क्रम", }
    "dry_run" { en: "Trial run", bn: "পরীক্ষামূলক চালানো", ne: "परीक्षण", }
    "email" { en: "E-mail address", bn: "ই-মেইল ঠিকানা", ne: "इमेल ठेगाना", }
    "enabled" { en: "Enabled", bn: "চালু", ne: "सक्रिय", }
    "ended_on" { en: "End", bn: "শেষ", ne: "अन्त्य", }
    "ends_at" { en: "End", bn: "শেষ", ne: "अन्त्य", }
    "events" { en: "Events", bn: "ঘটনা", ne: "घटना", }
    "excludes_prescription" { en: "Exclusion of prescription medicines", bn: "প্রেসক্রিপশনের ওষুধ বাদ", ne: "प्रेस्क्रिप्सन औषधि बाहेक", }
    "expected_total" { en: "Expected total", bn: "প্রত্যাশিত মোট", ne: "अपेक्षित जम्मा", }
    "expires_on" { en: "Last day", bn: "শেষ দিন", ne: "अन्तिम दिन", }
    "facets" { en: "Facets", bn: "ফিল্টার", ne: "फिल्टर", }
    "fee" { en: "Fee", bn: "মাশুল", ne: "शुल्क", }
    "fills_allowed" { en: "Fills allowed", bn: "কতবার নেওয়া যায়", ne: "लिन मिल्ने पटक", }
    "filter" { en: "Filter", bn: "ফিল্টার", ne: "फिल्टर", }
    "first" { en: "First substance", bn: "প্রথম উপাদান", ne: "पहिलो पदार्थ", }
    "format" { en: "Format", bn: "বিন্যাস", ne: "ढाँचा", }
    "free_from" { en: "Free from", bn: "বিনামূল্যের সীমা", ne: "निःशुल्क सीमा", }
    "frequency" { en: "Frequency", bn: "পুনরাবৃত্তি", ne: "आवृत्ति", }
    "from" { en: "Beginning", bn: "শুরু", ne: "सुरु", }
    "full_name" { en: "Full name", bn: "পূর্ণ নাম", ne: "पूरा नाम", }
    "given_on" { en: "Day given", bn: "দেওয়ার দিন", ne: "दिएको दिन", }
    "group" { en: "Grouping", bn: "দলভাগ", ne: "समूह", }
    "groups" { en: "Groups", bn: "দল", ne: "समूह", }
    "gtin" { en: "GTIN", bn: "GTIN", ne: "GTIN", }
    "has_signature" { en: "Signature", bn: "স্বাক্ষর", ne: "हस्ताक्षर", }
    "height_cm" { en: "Height", bn: "উচ্চতা", ne: "उचाइ", }
    "helpful" { en: "Helpful", bn: "কাজে লেগেছে", ne: "उपयोगी", }
    "hepatic" { en: "Liver function", bn: "যকৃতের কাজ", ne: "कलेजोको काम", }
    "high" { en: "Upper bound", bn: "উপরের সীমা", ne: "माथिल्लो सीमा", }
    "hold" { en: "Hold", bn: "স্থগিতাবস্থা", ne: "रोक", }
    "id" { en: "Id", bn: "আইডি", ne: "आईडी", }
    "ids" { en: "Ids", bn: "আইডি", ne: "आईडी", }
    "images" { en: "Pictures", bn: "ছবি", ne: "तस्बिर", }
    "in_stock" { en: "In stock", bn: "মজুতে আছে", ne: "मौज्दातमा", }
    "indication" { en: "What it is for", bn: "কীসের জন্য", ne: "केका लागि", }
    "ingredient" { en: "Ingredient", bn: "উপাদান", ne: "तत्व", }
    "ingredients" { en: "Ingredients", bn: "উপাদান", ne: "तत्व", }
    "interval_hours" { en: "Hours between doses", bn: "মাত্রার মাঝে ঘণ্টা", ne: "मात्राबीचको घण्टा", }
    "is_default" { en: "Default", bn: "ডিফল্ট", ne: "पूर्वनिर्धारित", }
    "issued_on" { en: "Day of issue", bn: "দেওয়ার দিন", ne: "जारी दिन", }
    "items" { en: "Items", bn: "আইটেম", ne: "वस्तु", }
    "jurisdiction" { en: "Jurisdiction", bn: "আইনের এলাকা", ne: "कानुनी क्षेत्र", }
    "kind" { en: "Kind", bn: "ধরন", ne: "प्रकार", }
    "kinds" { en: "Kinds", bn: "ধরন", ne: "प्रकार", }
    "lab" { en: "Laboratory", bn: "পরীক্ষাগার", ne: "प्रयोगशाला", }
    "label" { en: "Label", bn: "লেবেল", ne: "लेबल", }
    "lacks" { en: "Absence", bn: "অনুপস্থিতি", ne: "अभाव", }
    "language" { en: "Language", bn: "ভাষা", ne: "भाषा", }
    "law" { en: "Law", bn: "আইন", ne: "कानुन", }
    "legal_status" { en: "Legal status", bn: "আইনগত অবস্থা", ne: "कानुनी अवस्था", }
    "level" { en: "Level", bn: "স্তর", ne: "तह", }
    "levels" { en: "Levels", bn: "স্তর", ne: "तह", }
    "limit" { en: "Number of entries", bn: "কতগুলো", ne: "कति वटा", }
    "line" { en: "Line", bn: "লাইন", ne: "पङ्क्ति", }
    "line1" { en: "First line of the address", bn: "ঠিকানার প্রথম লাইন", ne: "ठेगानाको पहिलो पङ्क्ति", }
    "line2" { en: "Second line of the address", bn: "ঠিকানার দ্বিতীয় লাইন", ne: "ठेगानाको दोस्रो पङ्क्ति", }
    "lines" { en: "Lines", bn: "লাইন", ne: "पङ्क्ति", }
    "locale" { en: "Language", bn: "ভাষা", ne: "भाषा", }
    "loinc" { en: "LOINC code", bn: "LOINC কোড", ne: "LOINC कोड", }
    "lot" { en: "Lot", bn: "লট", ne: "लट", }
    "lot_id" { en: "Lot", bn: "লট", ne: "लट", }
    "lots" { en: "Lots", bn: "লট", ne: "लट", }
    "low" { en: "Lower bound", bn: "নিচের সীমা", ne: "तल्लो सीमा", }
    "max" { en: "Most", bn: "সর্বোচ্চ", ne: "सबैभन्दा बढी", }
    "max_daily_mg" { en: "Most a day", bn: "দিনে সর্বোচ্চ", ne: "दिनमा बढीमा", }
    "max_discount" { en: "Largest discount", bn: "সর্বোচ্চ ছাড়", ne: "सबैभन्दा ठूलो छुट", }
    "max_mg" { en: "Most in mg", bn: "সর্বোচ্চ mg", ne: "बढीमा mg", }
    "max_price" { en: "Highest price", bn: "সর্বোচ্চ দাম", ne: "बढीमा मूल्य", }
    "max_single_mg" { en: "Most at a time", bn: "একবারে সর্বোচ্চ", ne: "एक पटकमा बढीमा", }
    "max_uses" { en: "Number of uses", bn: "ব্যবহারের সংখ্যা", ne: "प्रयोग संख्या", }
    "mechanism" { en: "Mechanism", bn: "প্রক্রিয়া", ne: "प्रक्रिया", }
    "metric" { en: "Measure of the kidneys", bn: "কিডনির মাপ", ne: "मिर्गौलाको नाप", }
    "min" { en: "Least", bn: "সর্বনিম্ন", ne: "सबैभन्दा कम", }
    "min_price" { en: "Lowest price", bn: "সর্বনিম্ন দাম", ne: "कम्तीमा मूल्य", }
    "min_subtotal" { en: "Least order value", bn: "অর্ডারের সর্বনিম্ন মূল্য", ne: "अर्डरको न्यूनतम मूल्य", }
    "modality" { en: "Kind of imaging", bn: "ইমেজিং-এর ধরন", ne: "इमेजिङको प्रकार", }
    "name" { en: "Name", bn: "নাম", ne: "नाम", }
    "new_password" { en: "New password", bn: "নতুন পাসওয়ার্ড", ne: "नयाँ पासवर्ड", }
    "new_start" { en: "New treatment", bn: "নতুন চিকিৎসা", ne: "नयाँ उपचार", }
    "note" { en: "Note", bn: "টীকা", ne: "टिप्पणी", }
    "notifications" { en: "Notifications", bn: "বিজ্ঞপ্তি", ne: "सूचना", }
    "number" { en: "Number", bn: "নম্বর", ne: "नम्बर", }
    "onset" { en: "Onset", bn: "শুরু", ne: "सुरुवात", }
    "order_id" { en: "Order", bn: "অর্ডার", ne: "अर्डर", }
    "orders" { en: "Orders", bn: "অর্ডার", ne: "अर्डर", }
    "outcome" { en: "Outcome", bn: "ফলাফল", ne: "नतिजा", }
    "pack_size" { en: "Pack size", bn: "প্যাকের আকার", ne: "प्याकको आकार", }
    "parent_id" { en: "Parent category", bn: "মূল বিভাগ", ne: "माथिल्लो वर्ग", }
    "password" { en: "Password", bn: "পাসওয়ার্ড", ne: "पासवर्ड", }
    "patient" { en: "Patient", bn: "রোগী", ne: "बिरामी", }
    "patient_id" { en: "Patient", bn: "রোগী", ne: "बिरामी", }
    "patient_name" { en: "Name of the patient", bn: "রোগীর নাম", ne: "बिरामीको नाम", }
    "payment_method" { en: "Way to pay", bn: "পরিশোধের উপায়", ne: "भुक्तानी तरिका", }
    "per_customer" { en: "Uses of one customer", bn: "প্রতি ক্রেতার ব্যবহার", ne: "प्रति ग्राहक प्रयोग", }
    "performed_on" { en: "Day", bn: "দিন", ne: "दिन", }
    "performer" { en: "Performer", bn: "যিনি করেছেন", ne: "गर्ने व्यक्ति", }
    "phase" { en: "Phase", bn: "পর্যায়", ne: "चरण", }
    "phone" { en: "Phone number", bn: "ফোন নম্বর", ne: "फोन नम्बर", }
    "position" { en: "Position", bn: "অবস্থান", ne: "स्थान", }
    "postal_code" { en: "Postal code", bn: "ডাক কোড", ne: "हुलाक कोड", }
    "postal_prefixes" { en: "Beginnings of postal codes", bn: "ডাক কোডের শুরু", ne: "हुलाक कोडका सुरु", }
    "preferences" { en: "Preferences", bn: "পছন্দ", ne: "रोजाइ", }
    "pregnant" { en: "Pregnancy", bn: "গর্ভাবস্থা", ne: "गर्भावस्था", }
    "prescriber" { en: "Prescriber", bn: "প্রেসক্রিপশনদাতা", ne: "प्रेस्क्रिप्सन दिने", }
    "prescription_id" { en: "Prescription", bn: "প্রেসক্রিপশন", ne: "प्रेस्क्रिप्सन", }
    "prescription_ids" { en: "Prescriptions", bn: "প্রেসক্রিপশন", ne: "प्रेस्क्रिप्सन", }
    "prescription_required" { en: "Need of a prescription", bn: "প্রেসক্রিপশন লাগে কি না", ne: "प्रेस्क्रिप्सन चाहिने", }
    "prescriptions" { en: "Prescriptions", bn: "প্রেসক্রিপশন", ne: "प्रेस्क्रिप्सन", }
    "present" { en: "Presence", bn: "উপস্থিতি", ne: "उपस्थिति", }
    "price" { en: "Price", bn: "দাম", ne: "मूल्य", }
    "product" { en: "Product", bn: "পণ্য", ne: "उत्पादन", }
    "product_id" { en: "Product", bn: "পণ্য", ne: "उत्पादन", }
    "product_ids" { en: "Products", bn: "পণ্য", ne: "उत्पादन", }
    "products" { en: "Products", bn: "পণ্য", ne: "उत्पादन", }
    "publisher" { en: "Publisher", bn: "প্রকাশক", ne: "प्रकाशक", }
    "purpose" { en: "Purpose", bn: "উদ্দেশ্য", ne: "उद्देश्य", }
    "q" { en: "Search", bn: "অনুসন্ধান", ne: "खोज", }
    "quantity" { en: "Quantity", bn: "পরিমাণ", ne: "परिमाण", }
    "query" { en: "Search", bn: "অনুসন্ধান", ne: "खोज", }
    "question" { en: "Question", bn: "প্রশ্ন", ne: "प्रश्न", }
    "quiet_hours" { en: "Quiet hours", bn: "নীরব সময়", ne: "शान्त समय", }
    "range" { en: "Range", bn: "সীমা", ne: "दायरा", }
    "reaction" { en: "Reaction", bn: "প্রতিক্রিয়া", ne: "प्रतिक्रिया", }
    "reason" { en: "Reason", bn: "কারণ", ne: "कारण", }
    "reason_code" { en: "Reason", bn: "কারণ", ne: "कारण", }
    "recipient" { en: "Recipient", bn: "প্রাপক", ne: "पाउने व्यक्ति", }
    "redirect_uri" { en: "Return address", bn: "ফেরার ঠিকানা", ne: "फर्किने ठेगाना", }
    "reference" { en: "Reference", bn: "রেফারেন্স", ne: "सन्दर्भ", }
    "refresh_token" { en: "Refresh token", bn: "রিফ্রেশ টোকেন", ne: "रिफ्रेस टोकन", }
    "refund" { en: "Refund", bn: "টাকা ফেরত", ne: "पैसा फिर्ता", }
    "registration_number" { en: "Registration number", bn: "নিবন্ধন নম্বর", ne: "दर्ता नम्बर", }
    "registration_token" { en: "Registration", bn: "নিবন্ধন", ne: "दर्ता", }
    "reject" { en: "Lines left out", bn: "বাদ দেওয়া লাইন", ne: "हटाइएका पङ्क्ति", }
    "relationship" { en: "Relationship", bn: "সম্পর্ক", ne: "नाता", }
    "reminders" { en: "Reminders", bn: "মনে করানো", ne: "सम्झना", }
    "renal" { en: "Kidney function", bn: "কিডনির কাজ", ne: "मिर्गौलाको काम", }
    "report" { en: "Report", bn: "প্রতিবেদন", ne: "प्रतिवेदन", }
    "resolved" { en: "Resolution", bn: "মীমাংসা", ne: "समाधान", }
    "return_url" { en: "Return address", bn: "ফেরার ঠিকানা", ne: "फर्किने ठेगाना", }
    "review_due" { en: "Day of the next review", bn: "পরের যাচাইয়ের দিন", ne: "अर्को जाँचको दिन", }
    "role" { en: "Role", bn: "ভূমিকা", ne: "भूमिका", }
    "roles" { en: "Roles", bn: "ভূমিকা", ne: "भूमिका", }
    "rotate_secret" { en: "New secret", bn: "নতুন গোপন কী", ne: "नयाँ गोप्य कुञ्जी", }
    "route" { en: "Route", bn: "প্রয়োগের পথ", ne: "प्रयोगको बाटो", }
    "rule" { en: "Rule", bn: "নিয়ম", ne: "नियम", }
    "scans" { en: "Scans", bn: "স্ক্যান", ne: "स्क्यान", }
    "second" { en: "Second substance", bn: "দ্বিতীয় উপাদান", ne: "दोस्रो पदार्थ", }
    "seller_id" { en: "Seller", bn: "বিক্রেতা", ne: "विक्रेता", }
    "series" { en: "Series", bn: "ধারা", ne: "शृङ्खला", }
    "session" { en: "Kind of session", bn: "সেশনের ধরন", ne: "सत्रको प्रकार", }
    "set" { en: "Set", bn: "সেট", ne: "सेट", }
    "severe" { en: "Severe", bn: "গুরুতর", ne: "गम्भीर", }
    "severity" { en: "Severity", bn: "তীব্রতা", ne: "गम्भीरता", }
    "sex" { en: "Sex", bn: "লিঙ্গ", ne: "लिङ्ग", }
    "shared_with" { en: "Shared with", bn: "যাঁদের দেখানো হয়", ne: "देखाइने व्यक्ति", }
    "side" { en: "Side", bn: "দিক", ne: "पक्ष", }
    "since" { en: "Since", bn: "কবে থেকে", ne: "कहिलेदेखि", }
    "single" { en: "Single dose", bn: "একবারের মাত্রা", ne: "एक पटकको मात्रा", }
    "single_dose" { en: "Single dose", bn: "একবারের মাত্রা", ne: "एक पटकको मात्रा", }
    "size_bytes" { en: "Size of the file", bn: "ফাইলের আকার", ne: "फाइलको आकार", }
    "sku" { en: "SKU", bn: "SKU", ne: "SKU", }
    "slug" { en: "Name in URLs", bn: "ইউআরএলের নাম", ne: "URL को नाम", }
    "sms" { en: "Text messages", bn: "এসএমএস", ne: "एसएमएस", }
    "sort" { en: "Order of the list", bn: "তালিকার ক্রম", ne: "सूचीको क्रम", }
    "sources" { en: "Sources", bn: "উৎস", ne: "स्रोत", }
    "starts_at" { en: "Beginning", bn: "শুরু", ne: "सुरु", }
    "state" { en: "State", bn: "অবস্থা", ne: "अवस्था", }
    "status" { en: "Status", bn: "অবস্থা", ne: "अवस्था", }
    "strength" { en: "Strength", bn: "শক্তিমাত্রা", ne: "मात्रा-शक्ति", }
    "subject" { en: "Subject", bn: "বিষয়", ne: "विषय", }
    "substance" { en: "Substance", bn: "উপাদান", ne: "पदार्थ", }
    "substances" { en: "Substances", bn: "উপাদান", ne: "पदार्थ", }
    "summary" { en: "Summary", bn: "সারাংশ", ne: "सारांश", }
    "supplier" { en: "Supplier", bn: "সরবরাহকারী", ne: "आपूर्तिकर्ता", }
    "symptoms" { en: "Symptoms", bn: "উপসর্গ", ne: "लक्षण", }
    "systolic" { en: "Systolic pressure", bn: "সিস্টোলিক চাপ", ne: "सिस्टोलिक चाप", }
    "tag" { en: "Tag", bn: "ট্যাগ", ne: "ट्याग", }
    "tags" { en: "Tags", bn: "ট্যাগ", ne: "ट्याग", }
    "taken_at" { en: "Time", bn: "সময়", ne: "समय", }
    "takes" { en: "Medicines taken", bn: "নেওয়া ওষুধ", ne: "लिइने औषधि", }
    "te_code" { en: "Code of equivalence", bn: "সমতুল্যতার কোড", ne: "समतुल्यता कोड", }
    "text" { en: "Text", bn: "লেখা", ne: "पाठ", }
    "time_zone" { en: "Time zone", bn: "সময় অঞ্চল", ne: "समय क्षेत्र", }
    "title" { en: "Title", bn: "শিরোনাম", ne: "शीर्षक", }
    "to" { en: "End", bn: "শেষ", ne: "अन्त्य", }
    "topic" { en: "Topic", bn: "বিষয়", ne: "विषय", }
    "tracking" { en: "Tracking number", bn: "ট্র্যাকিং নম্বর", ne: "ट्र्याकिङ नम्बर", }
    "triage_id" { en: "Triage", bn: "ট্রায়াজ", ne: "ट्रायाज", }
    "type" { en: "Type", bn: "ধরন", ne: "प्रकार", }
    "unclaimed" { en: "Unclaimed only", bn: "কেবল কারও না নেওয়া", ne: "जिम्मा नलिइएका मात्र", }
    "unit" { en: "Unit", bn: "একক", ne: "एकाइ", }
    "unit_cost" { en: "Cost of a unit", bn: "এককের খরচ", ne: "एकाइको लागत", }
    "unread" { en: "Unread only", bn: "কেবল না পড়া", ne: "नपढिएका मात्र", }
    "until" { en: "Until", bn: "পর্যন্ত", ne: "सम्म", }
    "up_to" { en: "Last one read", bn: "শেষ পড়া", ne: "अन्तिम पढिएको", }
    "url" { en: "Address", bn: "ঠিকানা", ne: "ठेगाना", }
    "users" { en: "People", bn: "ব্যক্তি", ne: "व्यक्ति", }
    "vaccine" { en: "Vaccine", bn: "টিকা", ne: "खोप", }
    "valid_from" { en: "Beginning", bn: "শুরু", ne: "सुरु", }
    "valid_to" { en: "End", bn: "শেষ", ne: "अन्त्य", }
    "valid_until" { en: "Last day", bn: "শেষ দিন", ne: "अन्तिम दिन", }
    "value" { en: "Value", bn: "মান", ne: "मान", }
    "version" { en: "Version", bn: "সংস্করণ", ne: "संस्करण", }
    "visibility" { en: "Visibility", bn: "কে দেখতে পায়", ne: "कसले देख्छ", }
    "waiting_for" { en: "Whose turn it is", bn: "কার পালা", ne: "कसको पालो", }
    "weight_kg" { en: "Weight", bn: "ওজন", ne: "तौल", }
    "when" { en: "Condition", bn: "শর্ত", ne: "सर्त", }
    "who" { en: "Whom it is about", bn: "কার বিষয়ে", ne: "कसका बारेमा", }
    "withdrawn" { en: "Withdrawal", bn: "প্রত্যাহার", ne: "फिर्ता", }
    "within_days" { en: "Days ahead", bn: "সামনের দিন", ne: "आउँदा दिन", }
    "witness_id" { en: "Witness", bn: "সাক্ষী", ne: "साक्षी", }
    "" { en: "The request", bn: "অনুরোধটি", ne: "अनुरोध", }
}
