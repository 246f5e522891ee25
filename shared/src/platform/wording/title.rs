//! The titles of problems: what their status means.

use super::sentences;

sentences! {
    fn invalid() {
        en: "The request is not valid.",
        bn: "অনুরোধটি সঠিক নয়।",
        ne: "अनुरोध मिलेन।",
    }
    fn unauthenticated() {
        en: "You are not signed in.",
        bn: "আপনি সাইন ইন করেননি।",
        ne: "तपाईंले साइन इन गर्नुभएको छैन।",
    }
    fn forbidden() {
        en: "This is not allowed.",
        bn: "এর অনুমতি নেই।",
        ne: "यसको अनुमति छैन।",
    }
    fn not_found() {
        en: "This was not found.",
        bn: "এটি পাওয়া যায়নি।",
        ne: "यो फेला परेन।",
    }
    fn conflict() {
        en: "The state of things forbids this.",
        bn: "বর্তমান অবস্থায় এটি করা যায় না।",
        ne: "अहिलेको अवस्थामा यो गर्न मिल्दैन।",
    }
    fn precondition_failed() {
        en: "This has changed meanwhile.",
        bn: "এর মধ্যে এটি বদলেছে।",
        ne: "यसबीच यो बदलियो।",
    }
    fn too_large() {
        en: "The request is too large.",
        bn: "অনুরোধটি বেশি বড়।",
        ne: "अनुरोध धेरै ठूलो छ।",
    }
    fn unsupported_media() {
        en: "The body of the request is not understood.",
        bn: "অনুরোধের মূল অংশ বোঝা যায়নি।",
        ne: "अनुरोधको मुख्य भाग बुझिएन।",
    }
    fn unprocessable() {
        en: "The pharmacy refuses this.",
        bn: "ফার্মেসি এটি প্রত্যাখ্যান করে।",
        ne: "फार्मेसीले यो अस्वीकार गर्छ।",
    }
    fn locked() {
        en: "The account is locked for a while.",
        bn: "অ্যাকাউন্টটি কিছু সময়ের জন্য বন্ধ।",
        ne: "खाता केही समयका लागि बन्द छ।",
    }
    fn too_many() {
        en: "There were too many requests.",
        bn: "অনুরোধ বেশি হয়ে গেছে।",
        ne: "धेरै अनुरोध भए।",
    }
    fn unavailable() {
        en: "This is not available just now.",
        bn: "এই মুহূর্তে এটি পাওয়া যাচ্ছে না।",
        ne: "अहिले यो उपलब्ध छैन।",
    }
    fn internal() {
        en: "Something went wrong.",
        bn: "কিছু একটা ভুল হয়েছে।",
        ne: "केही गडबड भयो।",
    }
    fn method_not_allowed() {
        en: "This path does not take this method.",
        bn: "এই পথ এই পদ্ধতি নেয় না।",
        ne: "यो बाटोले यो विधि लिँदैन।",
    }
}
