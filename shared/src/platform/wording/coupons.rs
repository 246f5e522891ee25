//! Sentences about coupons.

use std::fmt::Display;

use super::sentences;

sentences! {
    fn a_code(field) {
        en: "{field} must be 3 to 32 of A-Z, 0-9 and hyphens.",
        bn: "{field} 3 থেকে 32টি A-Z, 0-9 ও হাইফেন হতে হবে।",
        ne: "{field} 3 देखि 32 वटा A-Z, 0-9 र हाइफन हुनुपर्छ।",
    }
    fn free_or_not(field) {
        en: "{field}: free delivery has no value.",
        bn: "{field}: বিনামূল্যে ডেলিভারির কোনো মান নেই।",
        ne: "{field}: निःशुल्क डेलिभरीको मान हुँदैन।",
    }
    fn unknown() {
        en: "There is no such coupon.",
        bn: "এমন কোনো কুপন নেই।",
        ne: "यस्तो कुपन छैन।",
    }
    fn spent() {
        en: "The coupon was used as often as it may be.",
        bn: "কুপনটি যতবার ব্যবহার করা যায় ততবার হয়ে গেছে।",
        ne: "कुपन जति पटक प्रयोग गर्न मिल्थ्यो त्यति भइसक्यो।",
    }
    fn spent_by_you() {
        en: "You have used the coupon as often as you may.",
        bn: "কুপনটি আপনি যতবার ব্যবহার করতে পারেন ততবার করেছেন।",
        ne: "कुपन तपाईंले मिल्ने जति पटक प्रयोग गरिसक्नुभयो।",
    }
    fn changed() {
        en: "The coupon has changed since you set it; set it again to accept it.",
        bn: "আপনি দেওয়ার পর কুপনটি বদলেছে; মেনে নিতে আবার দিন।",
        ne: "तपाईंले राखेपछि कुपन बदलियो; स्वीकार गर्न फेरि राख्नुहोस्।",
    }
    fn not_now() {
        en: "The coupon is not good at this time.",
        bn: "কুপনটি এই সময়ে চলে না।",
        ne: "कुपन यो समयमा चल्दैन।",
    }
    fn nothing_in_cart() {
        en: "There is nothing in your cart to use the coupon on.",
        bn: "কুপন ব্যবহার করার মতো কিছু আপনার কার্টে নেই।",
        ne: "कुपन प्रयोग गर्न तपाईंको कार्टमा केही छैन।",
    }
    fn not_for_prescriptions() {
        en: "The coupon does not count for medicines that need a prescription.",
        bn: "যেসব ওষুধে প্রেসক্রিপশন লাগে সেগুলোর জন্য কুপনটি চলে না।",
        ne: "प्रेस्क्रिप्सन चाहिने औषधिमा कुपन चल्दैन।",
    }
    fn from_sum(sum: impl Display, currency: impl Display) {
        en: "The coupon counts from {sum} {currency} on.",
        bn: "কুপনটি {sum} {currency} থেকে চলে।",
        ne: "कुपन {sum} {currency} देखि चल्छ।",
    }
}
