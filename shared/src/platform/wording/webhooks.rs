//! Sentences about webhooks.

use super::sentences;

sentences! {
    fn a_type(field) {
        en: "{field} must be a type such as order.shipped.",
        bn: "{field} order.shipped এর মতো একটি ধরন হতে হবে।",
        ne: "{field} order.shipped जस्तो प्रकार हुनुपर्छ।",
    }
    fn too_many(most: usize) {
        en: "There may be {most} webhooks; remove one first.",
        bn: "সর্বোচ্চ {most}টি ওয়েবহুক থাকতে পারে; আগে একটি সরান।",
        ne: "बढीमा {most} वटा वेबहुक हुन सक्छन्; पहिले एउटा हटाउनुहोस्।",
    }
    fn disabled() {
        en: "This webhook is turned off; turn it on first.",
        bn: "এই ওয়েবহুক বন্ধ; আগে চালু করুন।",
        ne: "यो वेबहुक बन्द छ; पहिले खोल्नुहोस्।",
    }
    fn an_address(field) {
        en: "{field} must be an address such as https://example.com/hooks.",
        bn: "{field} https://example.com/hooks এর মতো একটি ঠিকানা হতে হবে।",
        ne: "{field} https://example.com/hooks जस्तो ठेगाना हुनुपर्छ।",
    }
    fn a_whole_address(field) {
        en: "{field} must be a whole address, with https://.",
        bn: "{field} https:// সহ একটি পূর্ণ ঠিকানা হতে হবে।",
        ne: "{field} https:// सहितको पूरा ठेगाना हुनुपर्छ।",
    }
    fn a_plain_address(field) {
        en: "{field} must be an address without a user, a fragment or spaces.",
        bn: "{field} ব্যবহারকারী, খণ্ড বা ফাঁকা জায়গা ছাড়া একটি ঠিকানা হতে হবে।",
        ne: "{field} प्रयोगकर्ता, खण्ड वा खाली ठाउँबिनाको ठेगाना हुनुपर्छ।",
    }
    fn the_standard_port(field) {
        en: "{field} must have the standard port.",
        bn: "{field} এ আদর্শ পোর্ট থাকতে হবে।",
        ne: "{field} मा मानक पोर्ट हुनुपर्छ।",
    }
    fn a_public_address(field) {
        en: "{field} must be a public address.",
        bn: "{field} একটি প্রকাশ্য ঠিকানা হতে হবে।",
        ne: "{field} सार्वजनिक ठेगाना हुनुपर्छ।",
    }
    fn a_host(field) {
        en: "{field} must have a host such as example.com.",
        bn: "{field} এ example.com এর মতো একটি হোস্ট থাকতে হবে।",
        ne: "{field} मा example.com जस्तो होस्ट हुनुपर्छ।",
    }
}
