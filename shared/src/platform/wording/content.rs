//! Sentences about pages.

use super::sentences;

sentences! {
    fn moved_since_read() {
        en: "There is another version of this page by now; read it first.",
        bn: "এই পাতার এখন অন্য সংস্করণ আছে; আগে সেটি দেখুন।",
        ne: "यो पृष्ठको अहिले अर्को संस्करण छ; पहिले त्यो हेर्नुहोस्।",
    }
    fn moved() {
        en: "The page has changed just now; read it again.",
        bn: "পাতাটি এইমাত্র বদলেছে; আবার দেখুন।",
        ne: "पृष्ठ भर्खरै बदलियो; फेरि हेर्नुहोस्।",
    }
    fn too_many_images(most: usize) {
        en: "A page has at most {most} pictures.",
        bn: "একটি পাতায় সর্বোচ্চ {most}টি ছবি থাকে।",
        ne: "पृष्ठमा बढीमा {most} वटा तस्बिर हुन्छन्।",
    }
    fn raw_html(field) {
        en: "{field} must not have HTML in it; write a < that is text as \\<.",
        bn: "{field} এ HTML থাকতে পারবে না; লেখার < চিহ্ন \\< লিখুন।",
        ne: "{field} मा HTML हुनु हुँदैन; पाठको < लाई \\< लेख्नुहोस्।",
    }
    fn a_link(field) {
        en: "{field}: a link leads to https://…, to a path of this site or to a place in the page.",
        bn: "{field}: লিংক https://…, এই সাইটের কোনো পথ অথবা পাতার কোনো জায়গায় যায়।",
        ne: "{field}: लिंक https://…, यो साइटको बाटो वा पृष्ठकै ठाउँमा जान्छ।",
    }
    fn a_picture(field) {
        en: "{field}: a picture is one of the page's own, such as image:img_01J….",
        bn: "{field}: ছবি এই পাতারই হতে হবে, যেমন image:img_01J…।",
        ne: "{field}: तस्बिर यही पृष्ठको हुनुपर्छ, जस्तै image:img_01J…।",
    }
    fn own_page() {
        en: "Somebody else than its author reviews a page.",
        bn: "লেখক ছাড়া অন্য কেউ পাতা যাচাই করেন।",
        ne: "लेखकबाहेक अरू कसैले पृष्ठ जाँच्छ।",
    }
    fn already_reviewed() {
        en: "Somebody has decided on this version of the page already.",
        bn: "পাতার এই সংস্করণ নিয়ে কেউ আগেই সিদ্ধান্ত নিয়েছেন।",
        ne: "पृष्ठको यो संस्करणबारे कसैले पहिल्यै निर्णय गरिसक्यो।",
    }
    fn source_missing(page: &str) {
        en: "The page {page} is about medicine and names no sources.",
        bn: "{page} পাতাটি চিকিৎসা বিষয়ক, কিন্তু কোনো উৎস উল্লেখ করে না।",
        ne: "{page} पृष्ठ चिकित्साबारे हो, तर कुनै स्रोत दिएको छैन।",
    }
    fn not_reviewed(page: &str) {
        en: "Somebody else than its author must approve this version of the page {page}.",
        bn: "{page} পাতার এই সংস্করণ লেখক ছাড়া অন্য কাউকে অনুমোদন করতে হবে।",
        ne: "{page} पृष्ठको यो संस्करण लेखकबाहेक अरू कसैले स्वीकृत गर्नुपर्छ।",
    }
    fn review_overdue(page: &str) {
        en: "The day is past at which the page {page} has to be looked at again.",
        bn: "{page} পাতাটি আবার দেখার দিন পেরিয়ে গেছে।",
        ne: "{page} पृष्ठ फेरि हेर्नुपर्ने दिन बितिसक्यो।",
    }
    fn picture_missing(page: &str) {
        en: "The page {page} names a picture that is not there, or not checked yet.",
        bn: "{page} পাতায় এমন ছবি আছে যা নেই, অথবা এখনও যাচাই হয়নি।",
        ne: "{page} पृष्ठले नभएको वा अझै नजाँचिएको तस्बिर देखाउँछ।",
    }
    fn a_date(field) {
        en: "{field} must be a year, a month or a day such as 2006, 2006-05 or 2006-05-31.",
        bn: "{field} একটি বছর, মাস বা দিন হতে হবে, যেমন 2006, 2006-05 বা 2006-05-31।",
        ne: "{field} वर्ष, महिना वा दिन हुनुपर्छ, जस्तै 2006, 2006-05 वा 2006-05-31।",
    }
}
