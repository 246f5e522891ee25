//! Sentences about carts, orders, packing and returns.

use std::fmt::Display;

use super::sentences;

sentences! {
    fn override_is_whole(field) {
        en: "{field}: an override is of the whole hold and names no line of it.",
        bn: "{field}: অগ্রাহ্য করা মানে পুরো আটকটিকে অগ্রাহ্য করা; এতে কোনো লাইন দিতে হয় না।",
        ne: "{field}: अस्वीकार पूरै रोकको हुन्छ; यसमा कुनै पङ्क्ति दिइँदैन।",
    }
    fn only_when_packed(field) {
        en: "{field} is only for an order that is being packed.",
        bn: "{field} শুধু প্যাক করা হচ্ছে এমন অর্ডারের জন্য।",
        ne: "{field} प्याक हुँदै गरेको अर्डरका लागि मात्र हो।",
    }
    fn only_when_verified(field) {
        en: "{field}: lines are left out when the order is verified.",
        bn: "{field}: অর্ডার যাচাইয়ের সময় লাইন বাদ দেওয়া হয়।",
        ne: "{field}: अर्डर जाँच्दा मात्र पङ्क्ति हटाइन्छ।",
    }
    fn cart_full(most: usize) {
        en: "A cart holds at most {most} products.",
        bn: "একটি কার্টে সর্বোচ্চ {most}টি পণ্য থাকে।",
        ne: "कार्टमा बढीमा {most} वटा उत्पादन रहन्छन्।",
    }
    fn too_many_orders(most: usize) {
        en: "At most {most} orders can be placed in a day.",
        bn: "এক দিনে সর্বোচ্চ {most}টি অর্ডার দেওয়া যায়।",
        ne: "एक दिनमा बढीमा {most} वटा अर्डर गर्न सकिन्छ।",
    }
    fn no_such_prescription(field) {
        en: "{field}: you have no such prescription.",
        bn: "{field}: আপনার এমন কোনো প্রেসক্রিপশন নেই।",
        ne: "{field}: तपाईंको यस्तो प्रेस्क्रिप्सन छैन।",
    }
    fn no_such_address(field) {
        en: "{field}: there is no such address in your address book.",
        bn: "{field}: আপনার ঠিকানা বইয়ে এমন কোনো ঠিকানা নেই।",
        ne: "{field}: तपाईंको ठेगाना पुस्तिकामा यस्तो ठेगाना छैन।",
    }
    fn no_such_line(field) {
        en: "{field}: the order has no such product.",
        bn: "{field}: অর্ডারে এমন কোনো পণ্য নেই।",
        ne: "{field}: अर्डरमा यस्तो उत्पादन छैन।",
    }
    fn nothing_to_pack(field) {
        en: "{field}: nothing of this product is to be packed.",
        bn: "{field}: এই পণ্যের কিছু প্যাক করার নেই।",
        ne: "{field}: यो उत्पादनको केही प्याक गर्नु छैन।",
    }
    fn fewer_scans(field) {
        en: "{field}: an order of so many lines takes fewer scans.",
        bn: "{field}: এত লাইনের অর্ডারে স্ক্যান কম নেওয়া হয়।",
        ne: "{field}: यति पङ्क्ति भएको अर्डरमा थोरै स्क्यान लिइन्छ।",
    }
    fn own_order() {
        en: "Somebody else has to verify and pack what you have ordered yourself.",
        bn: "আপনি নিজে যা অর্ডার করেছেন তা অন্য কাউকে যাচাই ও প্যাক করতে হবে।",
        ne: "तपाईं आफैंले अर्डर गरेको अरू कसैले जाँच्नु र प्याक गर्नुपर्छ।",
    }
    fn own_hold() {
        en: "Somebody else has to decide about what you have ordered yourself.",
        bn: "আপনি নিজে যা অর্ডার করেছেন তা নিয়ে অন্য কাউকে সিদ্ধান্ত নিতে হবে।",
        ne: "तपाईं आफैंले अर्डर गरेकोबारे अरू कसैले निर्णय गर्नुपर्छ।",
    }
    fn own_return() {
        en: "Somebody else has to decide on what you want to return yourself.",
        bn: "আপনি নিজে যা ফেরত দিতে চান তা নিয়ে অন্য কাউকে সিদ্ধান্ত নিতে হবে।",
        ne: "तपाईं आफैंले फिर्ता गर्न चाहेकोबारे अरू कसैले निर्णय गर्नुपर्छ।",
    }
    fn invalid_transition(from: &str, to: &str, next: &str) {
        en: "An order that is {from} cannot become {to}; next is {next}.",
        bn: "{from} অবস্থার অর্ডার {to} হতে পারে না; এরপর আসে {next}।",
        ne: "{from} अवस्थाको अर्डर {to} हुन सक्दैन; त्यसपछि {next} आउँछ।",
    }
    fn is_at_its_end(from: &str, to: &str) {
        en: "An order that is {from} cannot become {to}; nothing comes after that.",
        bn: "{from} অবস্থার অর্ডার {to} হতে পারে না; এরপর আর কিছু নেই।",
        ne: "{from} अवस्थाको अर्डर {to} हुन सक्दैन; त्यसपछि केही छैन।",
    }
    fn too_many_units_back() {
        en: "That many units of the order did not go out, or have gone back already.",
        bn: "অর্ডারের এত একক যায়নি, অথবা আগেই ফেরত গেছে।",
        ne: "अर्डरका त्यति एकाइ गएकै छैनन्, वा पहिल्यै फिर्ता भइसके।",
    }
    fn a_number(field) {
        en: "{field} must be the number of an order, such as AP-7K3M-9QXR-4TVW.",
        bn: "{field} একটি অর্ডারের নম্বর হতে হবে, যেমন AP-7K3M-9QXR-4TVW।",
        ne: "{field} अर्डरको नम्बर हुनुपर्छ, जस्तै AP-7K3M-9QXR-4TVW।",
    }
    fn a_character_is_wrong(field) {
        en: "{field} is no number of an order: a character of it must be wrong.",
        bn: "{field} কোনো অর্ডারের নম্বর নয়: এর কোনো অক্ষর ভুল।",
        ne: "{field} कुनै अर्डरको नम्बर होइन: यसको कुनै अक्षर गलत छ।",
    }
    fn serial_in_another_parcel(serial: &str) {
        en: "The pack with the serial number {serial} is in another parcel.",
        bn: "{serial} ক্রমিক নম্বরের প্যাকটি অন্য পার্সেলে আছে।",
        ne: "{serial} क्रम संख्याको प्याक अर्को पार्सलमा छ।",
    }
    fn serial_in_this_parcel(serial: &str) {
        en: "The pack with the serial number {serial} is in this parcel already.",
        bn: "{serial} ক্রমিক নম্বরের প্যাকটি আগেই এই পার্সেলে আছে।",
        ne: "{serial} क्रम संख्याको प्याक पहिल्यै यो पार्सलमा छ।",
    }
    fn no_suitable_lot() {
        en: "There are not enough units of the order that are good for long enough.",
        bn: "অর্ডারের জন্য যথেষ্ট সময় ভালো থাকবে এমন একক যথেষ্ট নেই।",
        ne: "अर्डरका लागि पर्याप्त समय टिक्ने एकाइ पुग्दैनन्।",
    }
    fn cannot_be_placed() {
        en: "The order cannot be placed as it is.",
        bn: "অর্ডারটি এভাবে দেওয়া যায় না।",
        ne: "अर्डर यसरी गर्न सकिँदैन।",
    }
    fn must_not_be_dispensed() {
        en: "This order must not be dispensed as it is.",
        bn: "এই অর্ডার এভাবে দেওয়া যাবে না।",
        ne: "यो अर्डर यसरी वितरण गर्नु हुँदैन।",
    }
    fn out_of_stock() {
        en: "This product is out of stock.",
        bn: "এই পণ্য মজুতে নেই।",
        ne: "यो उत्पादन मौज्दातमा छैन।",
    }
    fn only_left(left: i64) {
        en: "Only {left} of this product left.",
        bn: "এই পণ্যের কেবল {left}টি বাকি আছে।",
        ne: "यो उत्पादन {left} वटा मात्र बाँकी छ।",
    }
    fn changed_in_cart(name: &str) {
        en: "{name} has changed since you put it in your cart; look at it, and put it in again to accept it.",
        bn: "আপনি কার্টে রাখার পর {name} বদলেছে; দেখুন, এবং মেনে নিতে আবার রাখুন।",
        ne: "तपाईंले कार्टमा राखेपछि {name} बदलियो; हेर्नुहोस्, र स्वीकार गर्न फेरि राख्नुहोस्।",
    }
    fn not_what_was_ordered(name: &str) {
        en: "{name} is not the medicine that was ordered any more.",
        bn: "{name} আর অর্ডার করা ওষুধটি নয়।",
        ne: "{name} अब अर्डर गरिएको औषधि होइन।",
    }
    fn prescription_required() {
        en: "This medicine needs a prescription.",
        bn: "এই ওষুধে প্রেসক্রিপশন লাগে।",
        ne: "यो औषधिलाई प्रेस्क्रिप्सन चाहिन्छ।",
    }
    fn not_sold_remotely(source: impl Display) {
        en: "This medicine may not be sent to you; it is sold at the counter alone ({source}).",
        bn: "এই ওষুধ আপনাকে পাঠানো যাবে না; এটি কেবল দোকানে গিয়ে কেনা যায় ({source})।",
        ne: "यो औषधि तपाईंलाई पठाउन मिल्दैन; यो पसलमा गएर मात्र किन्न सकिन्छ ({source})।",
    }
    fn not_prescribed() {
        en: "No approved prescription names this medicine.",
        bn: "কোনো অনুমোদিত প্রেসক্রিপশনে এই ওষুধ নেই।",
        ne: "कुनै स्वीकृत प्रेस्क्रिप्सनमा यो औषधि छैन।",
    }
    fn wrong_patient() {
        en: "The prescription for this medicine is for somebody else.",
        bn: "এই ওষুধের প্রেসক্রিপশন অন্য কারও জন্য।",
        ne: "यो औषधिको प्रेस्क्रिप्सन अरू कसैका लागि हो।",
    }
    fn changed_since_approval() {
        en: "The medicine has changed since the prescription for it was approved.",
        bn: "প্রেসক্রিপশন অনুমোদনের পর ওষুধটি বদলেছে।",
        ne: "प्रेस्क्रिप्सन स्वीकृत भएपछि औषधि बदलियो।",
    }
    fn prescription_expired() {
        en: "The prescription for this medicine has expired.",
        bn: "এই ওষুধের প্রেসক্রিপশনের মেয়াদ শেষ।",
        ne: "यो औषधिको प्रेस्क्रिप्सनको म्याद सकियो।",
    }
    fn fills_used() {
        en: "All fills of the prescription have been used.",
        bn: "প্রেসক্রিপশনের সব বার নেওয়া হয়ে গেছে।",
        ne: "प्रेस्क्रिप्सनका सबै पटक लिइसकियो।",
    }
    fn at_a_time(most: impl Display) {
        en: "The prescription allows {most} at a time.",
        bn: "প্রেসক্রিপশনে একবারে {most}টি নেওয়া যায়।",
        ne: "प्रेस्क्रिप्सनले एक पटकमा {most} वटा दिन्छ।",
    }
    fn next_fill(day: impl Display) {
        en: "The next fill may be had from {day}.",
        bn: "পরের বার {day} থেকে নেওয়া যায়।",
        ne: "अर्को पटक {day} देखि लिन सकिन्छ।",
    }
    fn not_on_sale() {
        en: "This product is not on sale any more.",
        bn: "এই পণ্য আর বিক্রি হয় না।",
        ne: "यो उत्पादन अब बिक्रीमा छैन।",
    }
    fn price_changed() {
        en: "The price of this product has changed since you put it in your cart; put it in again to accept it.",
        bn: "আপনি কার্টে রাখার পর এই পণ্যের দাম বদলেছে; মেনে নিতে আবার রাখুন।",
        ne: "तपाईंले कार्टमा राखेपछि यो उत्पादनको मूल्य बदलियो; स्वीकार गर्न फेरि राख्नुहोस्।",
    }
    fn too_much_for_a_patient() {
        en: "Too much was ordered for the same patient in a short time.",
        bn: "অল্প সময়ে একই রোগীর জন্য বেশি অর্ডার করা হয়েছে।",
        ne: "छोटो समयमा एउटै बिरामीका लागि धेरै अर्डर गरियो।",
    }
    fn patient_removed() {
        en: "Whom this product is for was removed; put it in your cart again for somebody else.",
        bn: "এই পণ্য যাঁর জন্য, তাঁকে সরানো হয়েছে; অন্য কারও জন্য আবার কার্টে রাখুন।",
        ne: "यो उत्पादन जसका लागि हो उहाँलाई हटाइयो; अरू कसैका लागि फेरि कार्टमा राख्नुहोस्।",
    }
    fn not_delivered_there() {
        en: "We do not deliver to this address.",
        bn: "আমরা এই ঠিকানায় পৌঁছে দিই না।",
        ne: "हामी यो ठेगानामा पुर्‍याउँदैनौं।",
    }
    fn no_cash_there() {
        en: "Cash is not taken at the door there; choose another way to pay.",
        bn: "সেখানে দরজায় নগদ নেওয়া হয় না; অন্যভাবে দাম দিন।",
        ne: "त्यहाँ ढोकामा नगद लिइँदैन; अर्को तरिकाले तिर्नुहोस्।",
    }
    fn too_little_for_method() {
        en: "So little cannot be paid like this; choose another way to pay.",
        bn: "এত কম টাকা এভাবে দেওয়া যায় না; অন্যভাবে দাম দিন।",
        ne: "यति थोरै रकम यसरी तिर्न मिल्दैन; अर्को तरिकाले तिर्नुहोस्।",
    }
    fn cart_empty() {
        en: "There is nothing in your cart.",
        bn: "আপনার কার্টে কিছু নেই।",
        ne: "तपाईंको कार्टमा केही छैन।",
    }
    fn too_many_others(most: usize) {
        en: "An order can be for at most {most} others; order in parts.",
        bn: "একটি অর্ডার সর্বোচ্চ {most} জন অন্যের জন্য হতে পারে; ভাগ করে অর্ডার করুন।",
        ne: "एउटा अर्डर बढीमा {most} जना अरूका लागि हुन सक्छ; भाग गरेर अर्डर गर्नुहोस्।",
    }
    fn too_many_sellers(most: usize) {
        en: "An order may hold products of at most {most} sellers.",
        bn: "একটি অর্ডারে সর্বোচ্চ {most} জন বিক্রেতার পণ্য থাকতে পারে।",
        ne: "एउटा अर्डरमा बढीमा {most} जना विक्रेताका उत्पादन हुन सक्छन्।",
    }
    fn total_changed() {
        en: "The total of the order is not the one you have seen; look at the cart again.",
        bn: "অর্ডারের মোট দাম আপনি যা দেখেছেন তা নয়; কার্টটি আবার দেখুন।",
        ne: "अर्डरको जम्मा मूल्य तपाईंले देखेको होइन; कार्ट फेरि हेर्नुहोस्।",
    }
    fn in_a_day(most: impl Display, name: &str) {
        en: "At most {most} mg of {name} can be bought in one day.",
        bn: "এক দিনে সর্বোচ্চ {most} mg {name} কেনা যায়।",
        ne: "एक दिनमा बढीमा {most} mg {name} किन्न सकिन्छ।",
    }
    fn in_days(most: impl Display, name: &str, days: impl Display) {
        en: "At most {most} mg of {name} can be bought within {days} days.",
        bn: "{days} দিনে সর্বোচ্চ {most} mg {name} কেনা যায়।",
        ne: "{days} दिनमा बढीमा {most} mg {name} किन्न सकिन्छ।",
    }
    fn by_law(citation: &str) {
        en: "The law says so ({citation}).",
        bn: "আইনে তা-ই বলা আছে ({citation})।",
        ne: "कानुनले त्यसै भन्छ ({citation})।",
    }
    fn by_policy(citation: &str) {
        en: "The pharmacy's policy says so ({citation}).",
        bn: "ফার্মেসির নীতিতে তা-ই বলা আছে ({citation})।",
        ne: "फार्मेसीको नीतिले त्यसै भन्छ ({citation})।",
    }
    fn bought_before(before: impl Display, wanted: impl Display) {
        en: "Of it, {before} mg were bought before, and this order has {wanted} mg.",
        bn: "এর মধ্যে {before} mg আগে কেনা হয়েছে, আর এই অর্ডারে আছে {wanted} mg।",
        ne: "त्यसमध्ये {before} mg पहिले किनियो, र यो अर्डरमा {wanted} mg छ।",
    }
    fn can_be_had_from(day: impl Display) {
        en: "This much can be had from {day} on.",
        bn: "এতটা {day} থেকে নেওয়া যায়।",
        ne: "यति {day} देखि लिन सकिन्छ।",
    }
    fn can_never_be_had() {
        en: "This much can never be had at once.",
        bn: "এতটা একবারে কখনও নেওয়া যায় না।",
        ne: "यति एकैचोटि कहिल्यै लिन सकिँदैन।",
    }
    fn amount_untold(name: &str) {
        en: "How much {name} can be bought is limited, and its label does not tell how much a pack holds; ask the pharmacy.",
        bn: "কতটা {name} কেনা যায় তার সীমা আছে, কিন্তু লেবেলে প্যাকে কত আছে লেখা নেই; ফার্মেসিকে জিজ্ঞেস করুন।",
        ne: "{name} कति किन्न पाइन्छ त्यसको सीमा छ, तर लेबलले प्याकमा कति छ भन्दैन; फार्मेसीलाई सोध्नुहोस्।",
    }
    fn unreadable(why: impl Display) {
        en: "The code cannot be read: {why}.",
        bn: "কোডটি পড়া যায় না: {why}।",
        ne: "कोड पढ्न सकिएन: {why}।",
    }
    fn no_product_of_gtin(gtin: impl Display) {
        en: "No product of this order has the GTIN {gtin}.",
        bn: "এই অর্ডারের কোনো পণ্যের GTIN {gtin} নয়।",
        ne: "यो अर्डरका कुनै उत्पादनको GTIN {gtin} छैन।",
    }
    fn scanned_twice() {
        en: "This pack was scanned twice.",
        bn: "এই প্যাক দুবার স্ক্যান করা হয়েছে।",
        ne: "यो प्याक दुई पटक स्क्यान गरियो।",
    }
    fn pack_expired(day: impl Display) {
        en: "This pack was good until {day}.",
        bn: "এই প্যাক {day} পর্যন্ত ভালো ছিল।",
        ne: "यो प्याक {day} सम्म राम्रो थियो।",
    }
    fn pack_expires_too_early(day: impl Display, until: impl Display) {
        en: "This pack is good until {day} only, and it is needed until {until}.",
        bn: "এই প্যাক কেবল {day} পর্যন্ত ভালো, কিন্তু {until} পর্যন্ত লাগবে।",
        ne: "यो प्याक {day} सम्म मात्र राम्रो छ, तर {until} सम्म चाहिन्छ।",
    }
    fn order_has_only(quantity: impl Display) {
        en: "The order has only {quantity} of this product.",
        bn: "অর্ডারে এই পণ্যের কেবল {quantity}টি আছে।",
        ne: "अर्डरमा यो उत्पादन {quantity} वटा मात्र छ।",
    }
    fn lot_not_picked(number: &str) {
        en: "Lot {number} was not picked for this order.",
        bn: "এই অর্ডারের জন্য {number} লট নেওয়া হয়নি।",
        ne: "यो अर्डरका लागि {number} लट लिइएको होइन।",
    }
    fn lot_without_number() {
        en: "A lot without a number was not picked for this order.",
        bn: "এই অর্ডারের জন্য নম্বর ছাড়া কোনো লট নেওয়া হয়নি।",
        ne: "यो अर्डरका लागि नम्बरबिनाको लट लिइएको होइन।",
    }
    fn another_day(said: impl Display, known: impl Display) {
        en: "The pack says {said} and its lot came in with {known}.",
        bn: "প্যাকে লেখা {said}, আর তার লট এসেছিল {known} নিয়ে।",
        ne: "प्याकमा {said} लेखिएको छ, र त्यसको लट {known} सहित आएको थियो।",
    }
    fn month_alone(name: &str) {
        en: "The code of {name} gives only the month of its last day, which medicines may not since 2025.",
        bn: "{name} এর কোডে কেবল শেষ মাস লেখা; 2025 থেকে ওষুধে তা চলে না।",
        ne: "{name} को कोडमा अन्तिम महिना मात्र छ; सन् 2025 देखि औषधिमा त्यो मिल्दैन।",
    }
    fn wrong_packs() {
        en: "Some of the packs do not belong into this parcel.",
        bn: "কিছু প্যাক এই পার্সেলের নয়।",
        ne: "केही प्याक यो पार्सलका होइनन्।",
    }
    fn prescription_review() {
        en: "A pharmacist has yet to review the prescription.",
        bn: "একজন ফার্মাসিস্ট এখনও প্রেসক্রিপশন যাচাই করেননি।",
        ne: "फार्मासिस्टले प्रेस्क्रिप्सन जाँच्न बाँकी छ।",
    }
    fn looked_at() {
        en: "A pharmacist has to look at this order.",
        bn: "একজন ফার্মাসিস্টকে এই অর্ডারটি দেখতে হবে।",
        ne: "फार्मासिस्टले यो अर्डर हेर्नुपर्छ।",
    }
    fn second_has_yet_to_confirm() {
        en: "A second pharmacist has yet to confirm what was decided.",
        bn: "দ্বিতীয় একজন ফার্মাসিস্ট এখনও সিদ্ধান্তটি নিশ্চিত করেননি।",
        ne: "दोस्रो फार्मासिस्टले निर्णय पुष्टि गर्न बाँकी छ।",
    }
    fn called_back_or_expired(name: &str) {
        en: "A pack of {name} in the parcel was called back or has expired.",
        bn: "পার্সেলে {name} এর একটি প্যাক প্রত্যাহৃত বা মেয়াদোত্তীর্ণ।",
        ne: "पार्सलमा रहेको {name} को प्याक फिर्ता बोलाइयो वा त्यसको म्याद सकियो।",
    }
    fn not_enough_left(name: &str) {
        en: "There is not enough of {name} left that may go out.",
        bn: "দেওয়া যায় এমন {name} যথেষ্ট বাকি নেই।",
        ne: "दिन मिल्ने {name} पर्याप्त बाँकी छैन।",
    }
    fn not_approved() {
        en: "This prescription has not been approved, or is not any more.",
        bn: "এই প্রেসক্রিপশন অনুমোদিত হয়নি, অথবা আর অনুমোদিত নেই।",
        ne: "यो प्रेस्क्रिप्सन स्वीकृत भएको छैन, वा अब स्वीकृत छैन।",
    }
    fn no_such_prescription_line(field) {
        en: "{field}: the prescription has no such line.",
        bn: "{field}: প্রেসক্রিপশনে এমন কোনো লাইন নেই।",
        ne: "{field}: प्रेस्क्रिप्सनमा यस्तो पङ्क्ति छैन।",
    }
    fn same_product_above(field) {
        en: "{field}: a line above comes to the same product.",
        bn: "{field}: উপরের একটি লাইনে একই পণ্য আছে।",
        ne: "{field}: माथिको पङ्क्तिमा यही उत्पादन छ।",
    }
    fn nothing_dispensed_yet(field) {
        en: "{field}: nothing was dispensed on this line yet; order the product you want.",
        bn: "{field}: এই লাইনে এখনও কিছু দেওয়া হয়নি; যে পণ্য চান তা অর্ডার করুন।",
        ne: "{field}: यो पङ्क्तिमा अझै केही दिइएको छैन; चाहेको उत्पादन अर्डर गर्नुहोस्।",
    }
    fn prescription_is_over() {
        en: "The last day of this prescription has passed.",
        bn: "এই প্রেসক্রিপশনের শেষ দিন পেরিয়ে গেছে।",
        ne: "यो प्रेस्क्रिप्सनको अन्तिम दिन बितिसक्यो।",
    }
    fn prescriptions_until_verified() {
        en: "The prescriptions of an order can be replaced until it is verified.",
        bn: "অর্ডার যাচাই হওয়া পর্যন্ত তার প্রেসক্রিপশন বদলানো যায়।",
        ne: "अर्डर जाँचिनुअघिसम्म त्यसका प्रेस्क्रिप्सन फेर्न सकिन्छ।",
    }
    fn too_many_prescriptions(field, most: usize) {
        en: "{field}: at most {most}, with those that a fill was taken from.",
        bn: "{field}: যেগুলো থেকে নেওয়া হয়েছে সেগুলোসহ সর্বোচ্চ {most}টি।",
        ne: "{field}: लिइसकिएकासहित बढीमा {most} वटा।",
    }
    fn hold_ends_by_itself() {
        en: "This hold ends by itself once what it waits for has happened; nobody decides about it here.",
        bn: "যার জন্য অপেক্ষা তা ঘটলে এই স্থগিতাবস্থা নিজেই শেষ হয়; এখানে কেউ সিদ্ধান্ত নেন না।",
        ne: "पर्खिएको कुरा भएपछि यो रोक आफैं सकिन्छ; यहाँ कसैले निर्णय गर्दैन।",
    }
    fn hold_not_about(field) {
        en: "{field}: the hold does not concern this product.",
        bn: "{field}: স্থগিতাবস্থাটি এই পণ্যের বিষয়ে নয়।",
        ne: "{field}: यो रोक यस उत्पादनसँग सम्बन्धित छैन।",
    }
    fn which_line(field) {
        en: "{field} must be given: the hold concerns several lines, say which one is left out.",
        bn: "{field} দিতে হবে: স্থগিতাবস্থাটি কয়েকটি লাইনের; কোনটি বাদ যাবে বলুন।",
        ne: "{field} दिनुपर्छ: यो रोक धेरै पङ्क्तिको हो; कुन हटाउने भन्नुहोस्।",
    }
    fn second_pharmacist() {
        en: "Another pharmacist has to confirm what you have decided about this hold.",
        bn: "এই স্থগিতাবস্থা নিয়ে আপনার সিদ্ধান্ত অন্য একজন ফার্মাসিস্টকে নিশ্চিত করতে হবে।",
        ne: "यो रोकबारे तपाईंको निर्णय अर्को फार्मासिस्टले पुष्टि गर्नुपर्छ।",
    }
    fn within_seven_days() {
        en: "What was delivered can be returned within seven days.",
        bn: "যা পৌঁছে দেওয়া হয়েছে তা সাত দিনের মধ্যে ফেরত দেওয়া যায়।",
        ne: "पुर्‍याइएको सामान सात दिनभित्र फिर्ता गर्न सकिन्छ।",
    }
    fn too_many_returns() {
        en: "As many returns of this order as there may be were asked for already; call the pharmacy.",
        bn: "এই অর্ডারের যতবার ফেরত চাওয়া যায় ততবার চাওয়া হয়েছে; ফার্মেসিতে ফোন করুন।",
        ne: "यो अर्डरको जति पटक फिर्ता माग्न मिल्थ्यो मागिसकियो; फार्मेसीमा फोन गर्नुहोस्।",
    }
    fn too_many_to_return() {
        en: "That many units were not delivered, or are on their way back already.",
        bn: "এত একক পৌঁছে দেওয়া হয়নি, অথবা আগেই ফেরত আসছে।",
        ne: "त्यति एकाइ पुर्‍याइएकै छैन, वा पहिल्यै फिर्ता आउँदै छन्।",
    }
    fn return_decided() {
        en: "Somebody has decided on this return already.",
        bn: "এই ফেরত নিয়ে কেউ আগেই সিদ্ধান্ত নিয়েছেন।",
        ne: "यो फिर्ताबारे कसैले पहिल्यै निर्णय गरिसक्यो।",
    }
    fn nothing_goes_back(field) {
        en: "{field}: nothing goes back for what is rejected.",
        bn: "{field}: যা প্রত্যাখ্যাত তার জন্য টাকা ফেরত যায় না।",
        ne: "{field}: अस्वीकृत भएकोको पैसा फिर्ता हुँदैन।",
    }
    fn return_undecided() {
        en: "The pharmacy has yet to decide on what you want to return.",
        bn: "আপনি যা ফেরত দিতে চান তা নিয়ে ফার্মেসি এখনও সিদ্ধান্ত নেয়নি।",
        ne: "तपाईंले फिर्ता गर्न चाहेकोबारे फार्मेसीले अझै निर्णय गरेको छैन।",
    }
}
