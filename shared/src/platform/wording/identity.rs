//! Sentences about signing in, accounts and who may do what.

use super::sentences;

sentences! {
    fn invalid_code() {
        en: "This is not the code that was sent last, or it was tried too often.",
        bn: "এটি শেষবার পাঠানো কোড নয়, অথবা এটি বেশিবার চেষ্টা করা হয়েছে।",
        ne: "यो पछिल्लो पटक पठाइएको कोड होइन, वा धेरै पटक प्रयास गरियो।",
    }
    fn expired_code() {
        en: "This code is too old; have a new one sent.",
        bn: "এই কোডটি বেশি পুরোনো; নতুন কোড পাঠাতে বলুন।",
        ne: "यो कोड पुरानो भयो; नयाँ पठाउन लगाउनुहोस्।",
    }
    fn six_digits(field) {
        en: "{field} must be six digits.",
        bn: "{field} ছয়টি অঙ্ক হতে হবে।",
        ne: "{field} छ अङ्कको हुनुपर्छ।",
    }
    fn six_digits_or_recovery(field) {
        en: "{field} must be six digits, or a recovery code.",
        bn: "{field} ছয়টি অঙ্ক অথবা একটি পুনরুদ্ধার কোড হতে হবে।",
        ne: "{field} छ अङ्क वा पुनःप्राप्ति कोड हुनुपर्छ।",
    }
    fn registration_expired() {
        en: "This registration has expired or was completed; ask for a new code.",
        bn: "এই নিবন্ধনের মেয়াদ শেষ অথবা এটি সম্পন্ন হয়েছে; নতুন কোড চান।",
        ne: "यो दर्ताको म्याद सकियो वा पूरा भइसक्यो; नयाँ कोड माग्नुहोस्।",
    }
    fn already_registered() {
        en: "There is an account with this address or number; sign in to it.",
        bn: "এই ঠিকানা বা নম্বরে একটি অ্যাকাউন্ট আছে; তাতে সাইন ইন করুন।",
        ne: "यो ठेगाना वा नम्बरमा खाता छ; त्यसमा साइन इन गर्नुहोस्।",
    }
    fn weak_password(field) {
        en: "{field} is not strong enough.",
        bn: "{field} যথেষ্ট শক্তিশালী নয়।",
        ne: "{field} पर्याप्त बलियो छैन।",
    }
    fn common_password(field) {
        en: "{field} is too easy to guess.",
        bn: "{field} সহজেই অনুমান করা যায়।",
        ne: "{field} सजिलै अनुमान गर्न सकिन्छ।",
    }
    fn personal_password(field) {
        en: "{field} must not contain your name or e-mail address.",
        bn: "{field} এ আপনার নাম বা ই-মেইল ঠিকানা থাকতে পারবে না।",
        ne: "{field} मा तपाईंको नाम वा इमेल ठेगाना हुनु हुँदैन।",
    }
    fn surrounding_space(field) {
        en: "{field} must not begin or end with white space.",
        bn: "{field} ফাঁকা জায়গা দিয়ে শুরু বা শেষ হতে পারবে না।",
        ne: "{field} खाली ठाउँबाट सुरु वा अन्त्य हुनु हुँदैन।",
    }
    fn password_too_long(field) {
        en: "{field} is longer than any password.",
        bn: "{field} যেকোনো পাসওয়ার্ডের চেয়ে লম্বা।",
        ne: "{field} कुनै पनि पासवर्डभन्दा लामो छ।",
    }
    fn wrong_password(field) {
        en: "{field} is not right.",
        bn: "{field} সঠিক নয়।",
        ne: "{field} मिलेन।",
    }
    fn unchanged(field) {
        en: "{field} is what your account has already.",
        bn: "{field} আপনার অ্যাকাউন্টে আগে থেকেই আছে।",
        ne: "{field} तपाईंको खातामा पहिल्यै छ।",
    }
    fn nobody_signs_in_with(field) {
        en: "{field} is nothing that anybody can sign in with.",
        bn: "{field} দিয়ে কেউ সাইন ইন করতে পারে না।",
        ne: "{field} ले कोही साइन इन गर्न सक्दैन।",
    }
    fn no_password() {
        en: "This account has no password, since it has neither an address nor a number; give it one of these first.",
        bn: "এই অ্যাকাউন্টে পাসওয়ার্ড নেই, কারণ এতে কোনো ঠিকানা বা নম্বর নেই; আগে একটি দিন।",
        ne: "यो खातामा ठेगाना वा नम्बर नभएकाले पासवर्ड छैन; पहिले एउटा दिनुहोस्।",
    }
    fn sign_in_refused() {
        en: "This account cannot be signed in to.",
        bn: "এই অ্যাকাউন্টে সাইন ইন করা যায় না।",
        ne: "यो खातामा साइन इन गर्न सकिँदैन।",
    }
    fn account_locked() {
        en: "Too many wrong passwords for this account; try again later or reset the password.",
        bn: "এই অ্যাকাউন্টে বেশিবার ভুল পাসওয়ার্ড দেওয়া হয়েছে; পরে চেষ্টা করুন অথবা নতুন পাসওয়ার্ড দিন।",
        ne: "यो खातामा धेरै पटक गलत पासवर्ड दिइयो; पछि प्रयास गर्नुहोस् वा पासवर्ड फेर्नुहोस्।",
    }
    fn enough_codes() {
        en: "Enough codes were sent to this address; look for them, or wait.",
        bn: "এই ঠিকানায় যথেষ্ট কোড পাঠানো হয়েছে; সেগুলো খুঁজুন, অথবা অপেক্ষা করুন।",
        ne: "यो ठेगानामा पर्याप्त कोड पठाइसकियो; ती खोज्नुहोस्, वा पर्खनुहोस्।",
    }
    fn enough_messages() {
        en: "Too many messages went to this address or number; try again later.",
        bn: "এই ঠিকানা বা নম্বরে বেশি বার্তা গেছে; পরে আবার চেষ্টা করুন।",
        ne: "यो ठेगाना वा नम्बरमा धेरै सन्देश गए; पछि फेरि प्रयास गर्नुहोस्।",
    }
    fn signed_in_too_long_ago() {
        en: "You signed in too long ago for this: sign in again, then repeat it within ten minutes.",
        bn: "এর জন্য আপনি অনেক আগে সাইন ইন করেছেন: আবার সাইন ইন করুন, তারপর দশ মিনিটের মধ্যে এটি করুন।",
        ne: "यसका लागि तपाईंले धेरै अघि साइन इन गर्नुभएको हो: फेरि साइन इन गरेर दस मिनेटभित्र यो गर्नुहोस्।",
    }
    fn invalid_refresh_token() {
        en: "This refresh token is not valid; sign in again.",
        bn: "এই রিফ্রেশ টোকেন সঠিক নয়; আবার সাইন ইন করুন।",
        ne: "यो रिफ्रेस टोकन मान्य छैन; फेरि साइन इन गर्नुहोस्।",
    }
    fn session_ended() {
        en: "This session has ended; sign in again.",
        bn: "এই সেশন শেষ হয়েছে; আবার সাইন ইন করুন।",
        ne: "यो सत्र सकियो; फेरि साइन इन गर्नुहोस्।",
    }
    fn challenge_over() {
        en: "This sign-in has waited too long or is over; sign in again.",
        bn: "এই সাইন ইন বেশি সময় নিয়েছে অথবা শেষ হয়েছে; আবার সাইন ইন করুন।",
        ne: "यो साइन इनले धेरै समय लियो वा सकियो; फेरि साइन इन गर्नुहोस्।",
    }
    fn mfa_enrolled() {
        en: "There is an authenticator already; remove it first.",
        bn: "একটি অথেনটিকেটর আগে থেকেই আছে; আগে সেটি সরান।",
        ne: "अथेन्टिकेटर पहिल्यै छ; पहिले त्यो हटाउनुहोस्।",
    }
    fn mfa_not_begun() {
        en: "No authenticator is being set up; begin again.",
        bn: "কোনো অথেনটিকেটর যোগ করা হচ্ছে না; আবার শুরু করুন।",
        ne: "कुनै अथेन्टिकेटर थपिँदै छैन; फेरि सुरु गर्नुहोस्।",
    }
    fn mfa_not_enrolled() {
        en: "Set up an authenticator first.",
        bn: "আগে একটি অথেনটিকেটর যোগ করুন।",
        ne: "पहिले अथेन्टिकेटर थप्नुहोस्।",
    }
    fn mfa_required() {
        en: "Your role demands a second factor.",
        bn: "আপনার ভূমিকায় দ্বিতীয় ধাপ থাকা বাধ্যতামূলক।",
        ne: "तपाईंको भूमिकालाई दोस्रो चरण अनिवार्य छ।",
    }
    fn invalid_credentials() {
        en: "This is not the password of an account with this address or number.",
        bn: "এই ঠিকানা বা নম্বরের কোনো অ্যাকাউন্টের পাসওয়ার্ড এটি নয়।",
        ne: "यो ठेगाना वा नम्बर भएको खाताको पासवर्ड यो होइन।",
    }
    fn token_or_refresh_token() {
        en: "Send the access token as a Bearer token, or a refresh token.",
        bn: "অ্যাক্সেস টোকেনটি Bearer টোকেন হিসেবে পাঠান, অথবা একটি রিফ্রেশ টোকেন।",
        ne: "पहुँच टोकन Bearer टोकनका रूपमा पठाउनुहोस्, वा रिफ्रेस टोकन पठाउनुहोस्।",
    }
    fn email_unconfirmed() {
        en: "Confirm your e-mail address with the code that was sent to it.",
        bn: "আপনার ই-মেইল ঠিকানায় পাঠানো কোড দিয়ে সেটি নিশ্চিত করুন।",
        ne: "तपाईंको इमेल ठेगानामा पठाइएको कोडले त्यसलाई पुष्टि गर्नुहोस्।",
    }
    fn password_reset_required() {
        en: "Choose a password of your own: have a code sent, as for a forgotten password.",
        bn: "নিজের একটি পাসওয়ার্ড বেছে নিন: পাসওয়ার্ড ভুলে যাওয়ার মতো একটি কোড পাঠাতে বলুন।",
        ne: "आफ्नै पासवर्ड छान्नुहोस्: पासवर्ड बिर्सेजस्तै कोड पठाउन लगाउनुहोस्।",
    }
    fn social_state() {
        en: "This sign-in took too long, is finished already, or began in another browser; start again.",
        bn: "এই সাইন ইন বেশি সময় নিয়েছে, শেষ হয়েছে, অথবা অন্য ব্রাউজারে শুরু হয়েছে; আবার শুরু করুন।",
        ne: "यो साइन इनले धेरै समय लियो, सकियो, वा अर्को ब्राउजरमा सुरु भएको थियो; फेरि सुरु गर्नुहोस्।",
    }
    fn social_code() {
        en: "This code is not good for the sign-in that was started; start again.",
        bn: "যে সাইন ইন শুরু হয়েছিল তার জন্য এই কোড ঠিক নয়; আবার শুরু করুন।",
        ne: "सुरु गरिएको साइन इनका लागि यो कोड मिलेन; फेरि सुरु गर्नुहोस्।",
    }
    fn account_exists() {
        en: "There is an account with this e-mail address. Sign in to it as you always do, then link this provider.",
        bn: "এই ই-মেইল ঠিকানায় একটি অ্যাকাউন্ট আছে। সব সময়ের মতো সাইন ইন করুন, তারপর এই সেবাটি যুক্ত করুন।",
        ne: "यो इमेल ठेगानामा खाता छ। सधैंझैं साइन इन गर्नुहोस्, अनि यो सेवा जोड्नुहोस्।",
    }
    fn identity_taken() {
        en: "You sign in to another account with this already.",
        bn: "এটি দিয়ে আপনি আগে থেকেই অন্য একটি অ্যাকাউন্টে সাইন ইন করেন।",
        ne: "यसले तपाईं पहिल्यै अर्को खातामा साइन इन गर्नुहुन्छ।",
    }
    fn provider_linked() {
        en: "This account is linked to somebody else at this provider.",
        bn: "এই অ্যাকাউন্ট ওই সেবায় অন্য কারও সঙ্গে যুক্ত।",
        ne: "यो खाता त्यो सेवामा अरू कसैसँग जोडिएको छ।",
    }
    fn provider_unavailable() {
        en: "Nobody can sign in with this provider here.",
        bn: "এখানে এই সেবা দিয়ে সাইন ইন করা যায় না।",
        ne: "यहाँ यो सेवाले साइन इन गर्न मिल्दैन।",
    }
    fn return_address(field) {
        en: "{field} is none of the addresses that people may come back to.",
        bn: "{field} ফিরে আসার অনুমোদিত ঠিকানাগুলোর একটি নয়।",
        ne: "{field} फर्किन मिल्ने ठेगानामध्ये होइन।",
    }
    fn expired_token() {
        en: "The access token has expired; refresh it.",
        bn: "অ্যাক্সেস টোকেনের মেয়াদ শেষ; নতুন করে নিন।",
        ne: "पहुँच टोकनको म्याद सकियो; नयाँ लिनुहोस्।",
    }
    fn invalid_token() {
        en: "The access token is not valid.",
        bn: "অ্যাক্সেস টোকেনটি সঠিক নয়।",
        ne: "पहुँच टोकन मान्य छैन।",
    }
    fn own_account() {
        en: "This is your own account; somebody else has to change it.",
        bn: "এটি আপনার নিজের অ্যাকাউন্ট; অন্য কাউকে এটি বদলাতে হবে।",
        ne: "यो तपाईंकै खाता हो; अरू कसैले यसलाई बदल्नुपर्छ।",
    }
    fn being_erased() {
        en: "They have asked to be erased; nothing brings the account back.",
        bn: "তাঁরা মুছে ফেলতে বলেছেন; অ্যাকাউন্টটি আর ফিরিয়ে আনা যায় না।",
        ne: "उहाँले मेटाउन भन्नुभएको छ; खाता फर्काउन सकिँदैन।",
    }
    fn unconfirmed() {
        en: "They have not proved yet that the address is theirs; a role waits for that.",
        bn: "ঠিকানাটি যে তাঁদের, তা এখনও প্রমাণিত হয়নি; ততদিন ভূমিকা দেওয়া যায় না।",
        ne: "ठेगाना उहाँकै हो भन्ने प्रमाणित भएको छैन; त्यसपछि मात्र भूमिका दिइन्छ।",
    }
    fn last_super_admin() {
        en: "Nobody would be left to run the pharmacy; make somebody else super_admin first.",
        bn: "ফার্মেসি চালানোর কেউ থাকবে না; আগে অন্য কাউকে super_admin করুন।",
        ne: "फार्मेसी चलाउने कोही रहँदैन; पहिले अरू कसैलाई super_admin बनाउनुहोस्।",
    }
    fn staff_account() {
        en: "Have your roles taken away first; an account that works here is not deleted.",
        bn: "আগে আপনার ভূমিকা তুলে নিতে বলুন; যে অ্যাকাউন্ট এখানে কাজ করে তা মোছা হয় না।",
        ne: "पहिले आफ्ना भूमिका हटाउन लगाउनुहोस्; यहाँ काम गर्ने खाता मेटिँदैन।",
    }
    fn an_action(field) {
        en: "{field} must be an action such as user.set_roles.",
        bn: "{field} user.set_roles এর মতো একটি কাজ হতে হবে।",
        ne: "{field} user.set_roles जस्तो कार्य हुनुपर्छ।",
    }
    fn range_too_long(field) {
        en: "{field}: name an actor, a subject or an action, or ask for at most 366 days.",
        bn: "{field}: কে, কার বিষয়ে বা কোন কাজ তা বলুন, অথবা সর্বোচ্চ 366 দিনের জন্য চান।",
        ne: "{field}: कसले, कसका बारेमा वा कुन कार्य भन्ने दिनुहोस्, वा बढीमा 366 दिनका लागि माग्नुहोस्।",
    }
}
