//! Sentences about paying, and about money that goes back.

use std::fmt::Display;

use super::sentences;

sentences! {
    fn not_signed_by_paypal() {
        en: "This is not signed by PayPal, or not just now.",
        bn: "এটি PayPal-এর স্বাক্ষরিত নয়, অথবা এইমাত্র নয়।",
        ne: "यसमा PayPal को हस्ताक्षर छैन, वा भर्खरको होइन।",
    }
    fn not_signed_by_stripe() {
        en: "This is not signed by Stripe, or not just now.",
        bn: "এটি Stripe-এর স্বাক্ষরিত নয়, অথবা এইমাত্র নয়।",
        ne: "यसमा Stripe को हस्ताक्षर छैन, वा भर्खरको होइन।",
    }
    fn not_signed_by_esewa() {
        en: "This is not signed by eSewa, or not for this payment.",
        bn: "এটি eSewa-এর স্বাক্ষরিত নয়, অথবা এই পরিশোধের জন্য নয়।",
        ne: "यसमा eSewa को हस्ताक्षर छैन, वा यो भुक्तानीका लागि होइन।",
    }
    fn what_esewa_sent(field) {
        en: "{field} must be what eSewa has sent as data.",
        bn: "{field} eSewa data হিসেবে যা পাঠিয়েছে তা হতে হবে।",
        ne: "{field} eSewa ले data का रूपमा पठाएको हुनुपर्छ।",
    }
    fn a_page_of_the_shop(field) {
        en: "{field} must be a page of the shop.",
        bn: "{field} দোকানের কোনো পাতা হতে হবে।",
        ne: "{field} पसलको पृष्ठ हुनुपर्छ।",
    }
    fn provider_silent() {
        en: "The payment provider does not answer just now; try again.",
        bn: "পরিশোধ সেবা এই মুহূর্তে সাড়া দিচ্ছে না; আবার চেষ্টা করুন।",
        ne: "भुक्तानी सेवाले अहिले जवाफ दिइरहेको छैन; फेरि प्रयास गर्नुहोस्।",
    }
    fn a_reference(field) {
        en: "{field} must be the provider's reference, or the receipt's number.",
        bn: "{field} পরিশোধ সেবার রেফারেন্স বা রসিদের নম্বর হতে হবে।",
        ne: "{field} भुक्तानी सेवाको सन्दर्भ वा रसिदको नम्बर हुनुपर्छ।",
    }
    fn own_refund() {
        en: "Somebody else has to give money back for what you have ordered yourself.",
        bn: "আপনি নিজে যা অর্ডার করেছেন তার টাকা অন্য কাউকে ফেরত দিতে হবে।",
        ne: "तपाईं आफैंले अर्डर गरेको पैसा अरू कसैले फिर्ता गर्नुपर्छ।",
    }
    fn not_manual() {
        en: "This refund is not one to be made by hand any more.",
        bn: "এই ফেরত আর হাতে করার নয়।",
        ne: "यो फिर्ता अब हातैले गर्नुपर्ने होइन।",
    }
    fn only_cash_is_taken_back() {
        en: "Only a refund of cash can be taken back.",
        bn: "কেবল নগদ টাকার ফেরতই প্রত্যাহার করা যায়।",
        ne: "नगदको फिर्ता मात्र रद्द गर्न सकिन्छ।",
    }
    fn refund_not_seen() {
        en: "The provider does not show that money went back; make the refund in its portal first.",
        bn: "টাকা ফেরত গেছে বলে পরিশোধ সেবা দেখায় না; আগে তাদের পোর্টালে ফেরত দিন।",
        ne: "पैसा फिर्ता गएको भुक्तानी सेवाले देखाउँदैन; पहिले त्यसको पोर्टलमा फिर्ता गर्नुहोस्।",
    }
    fn under_way() {
        en: "The payment is being worked on; look at the order in a moment.",
        bn: "পরিশোধের কাজ চলছে; একটু পরে অর্ডারটি দেখুন।",
        ne: "भुक्तानीको काम हुँदैछ; एकछिनमा अर्डर हेर्नुहोस्।",
    }
    fn not_payable() {
        en: "This order is not to be paid for here.",
        bn: "এই অর্ডারের দাম এখানে দেওয়ার নয়।",
        ne: "यो अर्डरको भुक्तानी यहाँ गर्नुपर्दैन।",
    }
    fn already_paid() {
        en: "This order is paid.",
        bn: "এই অর্ডারের দাম দেওয়া হয়েছে।",
        ne: "यो अर्डरको भुक्तानी भइसक्यो।",
    }
    fn expired() {
        en: "It is too late to pay for this order; order again.",
        bn: "এই অর্ডারের দাম দেওয়ার সময় পেরিয়ে গেছে; আবার অর্ডার করুন।",
        ne: "यो अर्डरको भुक्तानी गर्न ढिला भयो; फेरि अर्डर गर्नुहोस्।",
    }
    fn too_many_tries() {
        en: "You have tried to pay for this order too often; order again.",
        bn: "আপনি এই অর্ডারের দাম দিতে বেশিবার চেষ্টা করেছেন; আবার অর্ডার করুন।",
        ne: "तपाईंले यो अर्डरको भुक्तानी गर्न धेरै पटक प्रयास गर्नुभयो; फेरि अर्डर गर्नुहोस्।",
    }
    fn required() {
        en: "The customer has yet to pay for this order.",
        bn: "ক্রেতা এখনও এই অর্ডারের দাম দেননি।",
        ne: "ग्राहकले यो अर्डरको भुक्तानी गर्न बाँकी छ।",
    }
    fn not_taken_yet() {
        en: "The money for this order was not taken yet.",
        bn: "এই অর্ডারের টাকা এখনও নেওয়া হয়নি।",
        ne: "यो अर्डरको पैसा अझै लिइएको छैन।",
    }
    fn not_held() {
        en: "The money for this order is not held any more; pay again, or the order is cancelled.",
        bn: "এই অর্ডারের টাকা আর আটকে রাখা নেই; আবার দাম দিন, নইলে অর্ডার বাতিল হবে।",
        ne: "यो अर्डरको पैसा अब रोकिएको छैन; फेरि तिर्नुहोस्, नत्र अर्डर रद्द हुन्छ।",
    }
    fn pay_or_cancelled() {
        en: "Pay for the order, or it is cancelled.",
        bn: "অর্ডারের দাম দিন, নইলে এটি বাতিল হবে।",
        ne: "अर्डरको भुक्तानी गर्नुहोस्, नत्र रद्द हुन्छ।",
    }
    fn held_not_much_longer() {
        en: "The money for this order is not held for much longer; check the order, or cancel it.",
        bn: "এই অর্ডারের টাকা আর বেশি সময় আটকে রাখা হবে না; অর্ডারটি যাচাই করুন, অথবা বাতিল করুন।",
        ne: "यो अर्डरको पैसा धेरै बेर रोकिँदैन; अर्डर जाँच्नुहोस्, वा रद्द गर्नुहोस्।",
    }
    fn look_at_it() {
        en: "Look at the payment: more was paid than this order costs, or the payer has gone to their bank.",
        bn: "পরিশোধটি দেখুন: এই অর্ডারের দামের চেয়ে বেশি দেওয়া হয়েছে, অথবা দাতা তাঁর ব্যাংকে গেছেন।",
        ne: "भुक्तानी हेर्नुहोस्: यो अर्डरको मूल्यभन्दा बढी तिरियो, वा तिर्ने व्यक्ति आफ्नो बैंकमा जानुभयो।",
    }
    fn give_back_at_provider() {
        en: "Money could not be given back by itself; give it back at the provider.",
        bn: "টাকা নিজে থেকে ফেরত যায়নি; পরিশোধ সেবায় গিয়ে ফেরত দিন।",
        ne: "पैसा आफैं फिर्ता जान सकेन; भुक्तानी सेवामा गएर फिर्ता दिनुहोस्।",
    }
    fn pay_out_cash() {
        en: "Money is to be paid out by hand; do it, and note it.",
        bn: "টাকা হাতে হাতে ফেরত দিতে হবে; ফেরত দিন, তারপর তা লিখে রাখুন।",
        ne: "पैसा हातैले फिर्ता दिनुपर्छ; दिनुहोस्, र त्यो टिपोट गर्नुहोस्।",
    }
    fn disputed_goods() {
        en: "The payer has gone to their bank; nothing leaves until that is decided.",
        bn: "পরিশোধকারী ব্যাংকে গেছেন; সিদ্ধান্ত না হওয়া পর্যন্ত কিছু পাঠানো হবে না।",
        ne: "तिर्ने व्यक्ति बैंकमा गएका छन्; निर्णय नभएसम्म केही पठाइँदैन।",
    }
    fn disputed() {
        en: "The payer has gone to their bank, which decides about the money now.",
        bn: "দাতা তাঁর ব্যাংকে গেছেন; টাকার বিষয়ে এখন ব্যাংক সিদ্ধান্ত নেয়।",
        ne: "तिर्ने व्यक्ति आफ्नो बैंकमा जानुभयो; अब पैसाबारे बैंकले निर्णय गर्छ।",
    }
    fn more_than_left() {
        en: "That is more than can still be given back.",
        bn: "এত টাকা আর ফেরত দেওয়া যায় না।",
        ne: "त्यति पैसा अब फिर्ता दिन सकिँदैन।",
    }
    fn too_many_refunds() {
        en: "This order was refunded too often already.",
        bn: "এই অর্ডারের টাকা আগেই বেশিবার ফেরত দেওয়া হয়েছে।",
        ne: "यो अर्डरको पैसा पहिल्यै धेरै पटक फिर्ता भयो।",
    }
    fn not_captured() {
        en: "No money was taken for this order; cancel it instead.",
        bn: "এই অর্ডারের জন্য কোনো টাকা নেওয়া হয়নি; বরং এটি বাতিল করুন।",
        ne: "यो अर्डरका लागि पैसा लिइएको छैन; बरु रद्द गर्नुहोस्।",
    }
    fn takes(field, methods: impl Display) {
        en: "{field}: this pharmacy takes {methods}.",
        bn: "{field}: এই ফার্মেসি {methods} নেয়।",
        ne: "{field}: यो फार्मेसीले {methods} लिन्छ।",
    }
    fn not_in_currency(field, method: impl Display, currency: impl Display) {
        en: "{field}: {method} is not taken in {currency}.",
        bn: "{field}: {method} {currency} এ নেওয়া হয় না।",
        ne: "{field}: {method} {currency} मा लिइँदैन।",
    }
    fn not_signed_by_bkash() {
        en: "This is not signed for bKash's topic, or not just now.",
        bn: "এটি bKash-এর বিষয়ের জন্য স্বাক্ষরিত নয়, অথবা এইমাত্র নয়।",
        ne: "यसमा bKash को विषयका लागि हस्ताक्षर छैन, वा भर्खरको होइन।",
    }
}
