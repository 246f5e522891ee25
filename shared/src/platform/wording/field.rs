//! Sentences about a field that are the same in every area.

use std::fmt::Display;

use super::sentences;

sentences! {
    fn required(field) {
        en: "{field} must be given.",
        bn: "{field} দিতে হবে।",
        ne: "{field} दिनुपर्छ।",
    }
    fn not_empty(field) {
        en: "{field} must not be empty.",
        bn: "{field} খালি রাখা যাবে না।",
        ne: "{field} खाली राख्न मिल्दैन।",
    }
    fn unknown(field) {
        en: "{field} is not known here.",
        bn: "এখানে {field} বলে কিছু নেই।",
        ne: "यहाँ {field} भन्ने केही छैन।",
    }
    fn wrong_type(field) {
        en: "{field} is not of the right type.",
        bn: "{field} সঠিক ধরনের নয়।",
        ne: "{field} सही प्रकारको छैन।",
    }
    fn whole_number(field) {
        en: "{field} must be a whole number.",
        bn: "{field} একটি পূর্ণসংখ্যা হতে হবে।",
        ne: "{field} पूर्ण संख्या हुनुपर्छ।",
    }
    fn whole_number_not_negative(field) {
        en: "{field} must be a whole number that is not negative.",
        bn: "{field} একটি পূর্ণসংখ্যা হতে হবে, যা ঋণাত্মক নয়।",
        ne: "{field} ऋणात्मक नभएको पूर्ण संख्या हुनुपर्छ।",
    }
    fn whole_number_between(field, from: i128, to: i128) {
        en: "{field} must be a whole number from {from} to {to}.",
        bn: "{field} {from} থেকে {to} পর্যন্ত একটি পূর্ণসংখ্যা হতে হবে।",
        ne: "{field} {from} देखि {to} सम्मको पूर्ण संख्या हुनुपर्छ।",
    }
    fn a_number(field) {
        en: "{field} must be a number.",
        bn: "{field} একটি সংখ্যা হতে হবে।",
        ne: "{field} संख्या हुनुपर्छ।",
    }
    fn true_or_false(field) {
        en: "{field} must be true or false.",
        bn: "{field} true অথবা false হতে হবে।",
        ne: "{field} true वा false हुनुपर्छ।",
    }
    fn a_text(field) {
        en: "{field} must be a text.",
        bn: "{field} একটি লেখা হতে হবে।",
        ne: "{field} पाठ हुनुपर्छ।",
    }
    fn a_list(field) {
        en: "{field} must be a list.",
        bn: "{field} একটি তালিকা হতে হবে।",
        ne: "{field} सूची हुनुपर्छ।",
    }
    fn an_object(field) {
        en: "{field} must be an object.",
        bn: "{field} একটি অবজেক্ট হতে হবে।",
        ne: "{field} अब्जेक्ट हुनुपर्छ।",
    }
    fn a_known_value(field) {
        en: "{field} must be one of the known values.",
        bn: "{field} জানা মানগুলোর একটি হতে হবে।",
        ne: "{field} थाहा भएका मानमध्ये एक हुनुपर्छ।",
    }
    fn one_of(field, known: &str) {
        en: "{field} must be one of these: {known}.",
        bn: "{field} এগুলোর একটি হতে হবে: {known}।",
        ne: "{field} यीमध्ये एक हुनुपर्छ: {known}।",
    }
    fn between(field, from: impl Display, to: impl Display) {
        en: "{field} must be from {from} to {to}.",
        bn: "{field} {from} থেকে {to} পর্যন্ত হতে হবে।",
        ne: "{field} {from} देखि {to} सम्म हुनुपर्छ।",
    }
    fn at_least(field, least: impl Display) {
        en: "{field} must be at least {least}.",
        bn: "{field} কমপক্ষে {least} হতে হবে।",
        ne: "{field} कम्तीमा {least} हुनुपर्छ।",
    }
    fn at_most(field, most: impl Display) {
        en: "{field} must be at most {most}.",
        bn: "{field} সর্বোচ্চ {most} হতে পারে।",
        ne: "{field} बढीमा {most} हुन सक्छ।",
    }
    fn above_zero(field) {
        en: "{field} must be above zero.",
        bn: "{field} শূন্যের বেশি হতে হবে।",
        ne: "{field} शून्यभन्दा बढी हुनुपर्छ।",
    }
    fn bytes_between(field, most: impl Display) {
        en: "{field} must be from 1 to {most} bytes.",
        bn: "{field} 1 থেকে {most} বাইট হতে হবে।",
        ne: "{field} 1 देखि {most} बाइट सम्म हुनुपर्छ।",
    }
    fn bytes_at_most(field, most: impl Display) {
        en: "{field} must be at most {most} bytes long.",
        bn: "{field} সর্বোচ্চ {most} বাইট লম্বা হতে পারে।",
        ne: "{field} बढीमा {most} बाइट लामो हुन सक्छ।",
    }
    fn entries_between(field, most: impl Display) {
        en: "{field} must have 1 to {most} entries.",
        bn: "{field}: 1 থেকে {most}টি দিন।",
        ne: "{field}: 1 देखि {most} वटा दिनुहोस्।",
    }
    fn entries_at_most(field, most: impl Display) {
        en: "{field} must have at most {most} entries.",
        bn: "{field}: সর্বোচ্চ {most}টি দেওয়া যায়।",
        ne: "{field}: बढीमा {most} वटा दिन सकिन्छ।",
    }
    fn characters_at_least(field, least: impl Display) {
        en: "{field} must have at least {least} characters.",
        bn: "{field} কমপক্ষে {least} অক্ষরের হতে হবে।",
        ne: "{field} कम्तीमा {least} अक्षरको हुनुपर्छ।",
    }
    fn characters_at_most(field, most: impl Display) {
        en: "{field} must have at most {most} characters.",
        bn: "{field} সর্বোচ্চ {most} অক্ষরের হতে পারে।",
        ne: "{field} बढीमा {most} अक्षरको हुन सक्छ।",
    }
    fn minor_units_between(field, from: impl Display, to: impl Display) {
        en: "{field} must be a whole number of minor units (cents) from {from} to {to}.",
        bn: "{field} ক্ষুদ্র এককে (সেন্ট) {from} থেকে {to} পর্যন্ত একটি পূর্ণসংখ্যা হতে হবে।",
        ne: "{field} साना एकाइ (सेन्ट) मा {from} देखि {to} सम्मको पूर्ण संख्या हुनुपर्छ।",
    }
    fn minor_units(field) {
        en: "{field} must be in minor units (cents), not below zero.",
        bn: "{field} ক্ষুদ্র এককে (সেন্ট) হতে হবে, শূন্যের কম নয়।",
        ne: "{field} साना एकाइ (सेन्ट) मा हुनुपर्छ, शून्यभन्दा कम होइन।",
    }
    fn control_characters(field) {
        en: "{field} must not have control characters in it.",
        bn: "{field} নিয়ন্ত্রণ অক্ষর ছাড়া হতে হবে।",
        ne: "{field} मा नियन्त्रण अक्षर हुनु हुँदैन।",
    }
    fn repeated(field) {
        en: "{field} is there more than once.",
        bn: "{field} একাধিকবার দেওয়া হয়েছে।",
        ne: "{field} एकभन्दा बढी पटक दिइएको छ।",
    }
    fn visible_ascii(field, most: u32) {
        en: "{field} must be 1 to {most} visible ASCII characters.",
        bn: "{field} 1 থেকে {most}টি দৃশ্যমান ASCII অক্ষর হতে হবে।",
        ne: "{field} 1 देखि {most} वटा देखिने ASCII अक्षर हुनुपर्छ।",
    }
    fn an_id(field, prefix: &str) {
        en: "{field} must be an id such as {prefix}_01J….",
        bn: "{field} {prefix}_01J… এর মতো একটি আইডি হতে হবে।",
        ne: "{field} {prefix}_01J… जस्तो आईडी हुनुपर्छ।",
    }
    fn a_name(field) {
        en: "{field} must be a name such as warehouse-2.",
        bn: "{field} warehouse-2 এর মতো একটি নাম হতে হবে।",
        ne: "{field} warehouse-2 जस्तो नाम हुनुपर्छ।",
    }
    fn a_user_id(field) {
        en: "{field} must be the id of a person, a UUID in lower case.",
        bn: "{field} একজন ব্যক্তির আইডি হতে হবে: ছোট হাতের অক্ষরে একটি UUID।",
        ne: "{field} व्यक्तिको आईडी हुनुपर्छ: साना अक्षरमा UUID।",
    }
    fn a_uuid(field) {
        en: "{field} must be a UUID.",
        bn: "{field} একটি UUID হতে হবে।",
        ne: "{field} UUID हुनुपर्छ।",
    }
    fn a_connection(field) {
        en: "{field} must be the id of a connection.",
        bn: "{field} একটি সংযোগের আইডি হতে হবে।",
        ne: "{field} जडानको आईडी हुनुपर्छ।",
    }
    fn a_slug(field, most: impl Display) {
        en: "{field} must be up to {most} of a-z, 0-9 and single hyphens between them.",
        bn: "{field} সর্বোচ্চ {most}টি a-z, 0-9 এবং মাঝে একক হাইফেন হতে হবে।",
        ne: "{field} बढीमा {most} वटा a-z, 0-9 र बीचमा एकल हाइफन हुनुपर्छ।",
    }
    fn a_time(field) {
        en: "{field} must be a time such as 2026-01-31T09:30:00Z.",
        bn: "{field} 2026-01-31T09:30:00Z এর মতো একটি সময় হতে হবে।",
        ne: "{field} 2026-01-31T09:30:00Z जस्तो समय हुनुपर्छ।",
    }
    fn a_day(field) {
        en: "{field} must be a day such as 2026-01-31.",
        bn: "{field} 2026-01-31 এর মতো একটি তারিখ হতে হবে।",
        ne: "{field} 2026-01-31 जस्तो मिति हुनुपर्छ।",
    }
    fn a_time_of_day(field) {
        en: "{field} must be a time of the day such as 21:00.",
        bn: "{field} দিনের একটি সময় হতে হবে, যেমন 21:00।",
        ne: "{field} दिनको समय हुनुपर्छ, जस्तै 21:00।",
    }
    fn a_time_zone(field) {
        en: "{field} must be a time zone such as Asia/Kathmandu.",
        bn: "{field} Asia/Kathmandu এর মতো একটি সময় অঞ্চল হতে হবে।",
        ne: "{field} Asia/Kathmandu जस्तो समय क्षेत्र हुनुपर्छ।",
    }
    fn day_from(field, most: impl Display) {
        en: "{field} must be a day that is not before the first, with at most {most} days in all.",
        bn: "{field} প্রথম দিনের আগে হতে পারে না, সব মিলিয়ে সর্বোচ্চ {most} দিন।",
        ne: "{field} पहिलो दिनभन्दा अगाडि हुन सक्दैन, जम्मा बढीमा {most} दिन।",
    }
    fn today_or_later(field) {
        en: "{field} must be today or a later day.",
        bn: "{field} আজ বা পরের কোনো দিন হতে হবে।",
        ne: "{field} आज वा पछिको दिन हुनुपर्छ।",
    }
    fn not_in_the_future(field) {
        en: "{field} must not be in the future.",
        bn: "{field} ভবিষ্যতের হতে পারে না।",
        ne: "{field} भविष्यको हुन सक्दैन।",
    }
    fn in_the_past(field) {
        en: "{field} must be a day in the past.",
        bn: "{field} অতীতের কোনো দিন হতে হবে।",
        ne: "{field} बितेको दिन हुनुपर्छ।",
    }
    fn in_the_past_since_1900(field) {
        en: "{field} must be a time in the past, since 1900.",
        bn: "{field} অতীতের কোনো সময় হতে হবে, 1900 সালের পরে।",
        ne: "{field} बितेको समय हुनुपर्छ, सन् 1900 पछिको।",
    }
    fn to_come(field) {
        en: "{field} must be a time to come.",
        bn: "{field} সামনের কোনো সময় হতে হবে।",
        ne: "{field} आउँदो समय हुनुपर्छ।",
    }
    fn within_a_year(field) {
        en: "{field} must be within a year from now.",
        bn: "{field} এখন থেকে এক বছরের মধ্যে হতে হবে।",
        ne: "{field} अहिलेदेखि एक वर्षभित्र हुनुपर्छ।",
    }
    fn a_birthday(field) {
        en: "{field} must be a day in the past, at most 130 years ago.",
        bn: "{field} অতীতের কোনো দিন হতে হবে, সর্বোচ্চ 130 বছর আগের।",
        ne: "{field} बितेको दिन हुनुपर्छ, बढीमा 130 वर्ष अघिको।",
    }
    fn after_beginning(field) {
        en: "{field} must be later than the beginning.",
        bn: "{field} শুরুর পরে হতে হবে।",
        ne: "{field} सुरुभन्दा पछि हुनुपर्छ।",
    }
    fn not_before_beginning(field) {
        en: "{field} must not be before the beginning.",
        bn: "{field} শুরুর আগে হতে পারে না।",
        ne: "{field} सुरुभन्दा अगाडि हुन सक्दैन।",
    }
    fn beginning_after_end(field) {
        en: "{field} is after the end.",
        bn: "{field} শেষের পরে।",
        ne: "{field} अन्त्यभन्दा पछि छ।",
    }
    fn an_amount(field) {
        en: "{field} must be a sum such as 12.50.",
        bn: "{field} 12.50 এর মতো একটি অঙ্ক হতে হবে।",
        ne: "{field} 12.50 जस्तो रकम हुनुपर्छ।",
    }
    fn a_currency(field) {
        en: "{field} must be an ISO 4217 code such as USD.",
        bn: "{field} USD এর মতো একটি ISO 4217 কোড হতে হবে।",
        ne: "{field} USD जस्तो ISO 4217 कोड हुनुपर्छ।",
    }
    fn sold_in(field, currency: impl Display) {
        en: "{field} must be {currency}, in which this pharmacy sells.",
        bn: "{field} {currency} হতে হবে; এই ফার্মেসি তাতেই বিক্রি করে।",
        ne: "{field} {currency} हुनुपर्छ; यो फार्मेसीले त्यसैमा बेच्छ।",
    }
    fn a_version(field) {
        en: "{field} must be the ETag of a version.",
        bn: "{field} একটি সংস্করণের ETag হতে হবে।",
        ne: "{field} संस्करणको ETag हुनुपर्छ।",
    }
    fn not_a_cursor(field) {
        en: "{field} does not belong to this list; begin again without it.",
        bn: "{field} এই তালিকার নয়; এটি ছাড়া আবার শুরু করুন।",
        ne: "{field} यो सूचीको होइन; यसबिना फेरि सुरु गर्नुहोस्।",
    }
    fn old_cursor(field) {
        en: "{field} is too old; begin again without it.",
        bn: "{field} বেশি পুরোনো; এটি ছাড়া আবার শুরু করুন।",
        ne: "{field} धेरै पुरानो भयो; यसबिना फेरि सुरु गर्नुहोस्।",
    }
    fn one_or_other(field, one: &str, other: &str) {
        en: "{field}: give either {one} or {other}, not both.",
        bn: "{field}: {one} অথবা {other} দিন, দুটোই নয়।",
        ne: "{field}: {one} वा {other} दिनुहोस्, दुवै होइन।",
    }
    fn one_is_needed(field, one: &str, other: &str) {
        en: "{field}: give {one} or {other}.",
        bn: "{field}: {one} অথবা {other} দিন।",
        ne: "{field}: {one} वा {other} दिनुहोस्।",
    }
    fn implausible(field, low: impl Display, high: impl Display) {
        en: "{field} must be a number from {low} to {high}.",
        bn: "{field} {low} থেকে {high} পর্যন্ত একটি সংখ্যা হতে হবে।",
        ne: "{field} {low} देखि {high} सम्मको संख्या हुनुपर्छ।",
    }
    fn too_large_or_small(field) {
        en: "{field} is too large or too small.",
        bn: "{field} খুব বড় বা খুব ছোট।",
        ne: "{field} धेरै ठूलो वा धेरै सानो छ।",
    }
    fn a_decimal(field) {
        en: "{field} must be a decimal number of at most 12 digits, such as 12.5.",
        bn: "{field} সর্বোচ্চ 12 অঙ্কের একটি দশমিক সংখ্যা হতে হবে, যেমন 12.5।",
        ne: "{field} बढीमा 12 अङ्कको दशमलव संख्या हुनुपर्छ, जस्तै 12.5।",
    }
    fn a_secure_address(field) {
        en: "{field} must be an address that begins with https://.",
        bn: "{field} https:// দিয়ে শুরু হওয়া একটি ঠিকানা হতে হবে।",
        ne: "{field} https:// बाट सुरु हुने ठेगाना हुनुपर्छ।",
    }
    fn something(field) {
        en: "{field}: change at least one thing.",
        bn: "{field}: অন্তত একটি কিছু বদলান।",
        ne: "{field}: कम्तीमा एउटा कुरा बदल्नुहोस्।",
    }
    fn at_least_one(field) {
        en: "{field}: name at least one.",
        bn: "{field}: অন্তত একটি বেছে নিন।",
        ne: "{field}: कम्तीमा एउटा छान्नुहोस्।",
    }
    fn staff_only(field) {
        en: "{field} is for those who review prescriptions.",
        bn: "{field} শুধু যাঁরা প্রেসক্রিপশন যাচাই করেন তাঁদের জন্য।",
        ne: "{field} प्रेस्क्रिप्सन जाँच्नेका लागि मात्र हो।",
    }
    fn days_at_most(field, most: impl Display) {
        en: "{field}: ask for at most {most} days in all.",
        bn: "{field}: সব মিলিয়ে সর্বোচ্চ {most} দিনের জন্য চান।",
        ne: "{field}: जम्मा बढीमा {most} दिनका लागि माग्नुहोस्।",
    }
    fn day_not_before_first(field) {
        en: "{field} must be a day that is not before the first.",
        bn: "{field} প্রথম দিনের আগে হতে পারে না।",
        ne: "{field} पहिलो दिनभन्दा अगाडि हुन सक्दैन।",
    }
}
