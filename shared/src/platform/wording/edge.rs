//! Sentences of the edge: what is told of a request before anybody has looked at what it is about, and of every failure.

use std::fmt::Display;

use super::sentences;

sentences! {
    fn invalid_fields() {
        en: "Some fields of the request are not valid.",
        bn: "অনুরোধের কিছু ঘর সঠিক নয়।",
        ne: "अनुरोधका केही विवरण मिलेनन्।",
    }
    fn not_found() {
        en: "There is nothing here, or it is not yours to see.",
        bn: "এখানে কিছু নেই, অথবা তা আপনার দেখার নয়।",
        ne: "यहाँ केही छैन, वा त्यो तपाईंले हेर्न मिल्ने होइन।",
    }
    fn forbidden() {
        en: "Your role does not allow this.",
        bn: "আপনার ভূমিকায় এটি করা যায় না।",
        ne: "तपाईंको भूमिकाले यो गर्न मिल्दैन।",
    }
    fn version_mismatch() {
        en: "This has changed since you read it; read it again.",
        bn: "আপনি দেখার পর এটি বদলেছে; আবার দেখুন।",
        ne: "तपाईंले हेरेपछि यो बदलियो; फेरि हेर्नुहोस्।",
    }
    fn already_exists() {
        en: "This is there already; read it, and change it if that is meant.",
        bn: "এটি আগে থেকেই আছে; দেখুন, এবং দরকার হলে বদলান।",
        ne: "यो पहिल्यै छ; हेर्नुहोस्, र चाहिएमा बदल्नुहोस्।",
    }
    fn busy() {
        en: "Others are changing the same just now; try again.",
        bn: "এই মুহূর্তে অন্যরা একই জিনিস বদলাচ্ছে; আবার চেষ্টা করুন।",
        ne: "अहिले अरूले पनि यही बदल्दै छन्; फेरि प्रयास गर्नुहोस्।",
    }
    fn unavailable() {
        en: "A service that the pharmacy needs is not answering; try again.",
        bn: "ফার্মেসির প্রয়োজনীয় একটি সেবা সাড়া দিচ্ছে না; আবার চেষ্টা করুন।",
        ne: "फार्मेसीलाई चाहिने एउटा सेवाले जवाफ दिइरहेको छैन; फेरि प्रयास गर्नुहोस्।",
    }
    fn internal() {
        en: "Something went wrong on our side.",
        bn: "আমাদের দিকে কিছু একটা ভুল হয়েছে।",
        ne: "हाम्रो तर्फबाट केही गडबड भयो।",
    }
    fn unknown_event() {
        en: "This event cannot be understood.",
        bn: "এই ঘটনাটি বোঝা যাচ্ছে না।",
        ne: "यो घटना बुझिएन।",
    }
    fn sign_in() {
        en: "Sign in, and send the access token as a Bearer token.",
        bn: "সাইন ইন করুন, এবং অ্যাক্সেস টোকেনটি Bearer টোকেন হিসেবে পাঠান।",
        ne: "साइन इन गर्नुहोस्, र पहुँच टोकन Bearer टोकनका रूपमा पठाउनुहोस्।",
    }
    fn no_bearer_token() {
        en: "The Authorization header holds no Bearer token.",
        bn: "Authorization হেডারে কোনো Bearer টোকেন নেই।",
        ne: "Authorization हेडरमा कुनै Bearer टोकन छैन।",
    }
    fn not_utf8() {
        en: "The body is not UTF-8, or holds the character U+FFFD, which stands where a text was not read rightly.",
        bn: "অনুরোধের মূল অংশ UTF-8 নয়, অথবা তাতে U+FFFD অক্ষর আছে, যা ভুলভাবে পড়া লেখার জায়গায় বসে।",
        ne: "अनुरोधको मुख्य भाग UTF-8 होइन, वा त्यसमा U+FFFD अक्षर छ, जुन पाठ ठीकसँग नपढिएको ठाउँमा बस्छ।",
    }
    fn not_json(line: usize, column: usize) {
        en: "The body is not JSON: line {line}, column {column}.",
        bn: "অনুরোধের মূল অংশ JSON নয়: লাইন {line}, কলাম {column}।",
        ne: "अनुरोधको मुख्य भाग JSON होइन: लाइन {line}, स्तम्भ {column}।",
    }
    fn not_an_object() {
        en: "The body must be a JSON object.",
        bn: "অনুরোধের মূল অংশ একটি JSON অবজেক্ট হতে হবে।",
        ne: "अनुरोधको मुख्य भाग JSON अब्जेक्ट हुनुपर्छ।",
    }
    fn too_deep(most: impl Display) {
        en: "The body nests deeper than {most} levels.",
        bn: "অনুরোধের মূল অংশ {most} স্তরের বেশি গভীর।",
        ne: "अनुरोधको मुख्य भाग {most} तहभन्दा गहिरो छ।",
    }
    fn body_too_large(most: usize) {
        en: "The body holds at most {most} bytes.",
        bn: "অনুরোধের মূল অংশে সর্বোচ্চ {most} বাইট থাকতে পারে।",
        ne: "अनुरोधको मुख्य भागमा बढीमा {most} बाइट हुन सक्छ।",
    }
    fn without_encoding() {
        en: "Send the body as it is, without Content-Encoding.",
        bn: "মূল অংশ যেমন আছে তেমনই পাঠান, Content-Encoding ছাড়া।",
        ne: "मुख्य भाग जस्ताको तस्तै पठाउनुहोस्, Content-Encoding बिना।",
    }
    fn as_merge_patch() {
        en: "Send the body as application/merge-patch+json or application/json.",
        bn: "মূল অংশ application/merge-patch+json অথবা application/json হিসেবে পাঠান।",
        ne: "मुख्य भाग application/merge-patch+json वा application/json का रूपमा पठाउनुहोस्।",
    }
    fn as_json() {
        en: "Send the body as application/json.",
        bn: "মূল অংশ application/json হিসেবে পাঠান।",
        ne: "मुख्य भाग application/json का रूपमा पठाउनुहोस्।",
    }
    fn in_utf8() {
        en: "Send the body in UTF-8.",
        bn: "মূল অংশ UTF-8 এ পাঠান।",
        ne: "मुख्य भाग UTF-8 मा पठाउनुहोस्।",
    }
    fn idempotency_key_required() {
        en: "This request needs an Idempotency-Key header.",
        bn: "এই অনুরোধে একটি Idempotency-Key হেডার দরকার।",
        ne: "यो अनुरोधमा Idempotency-Key हेडर चाहिन्छ।",
    }
    fn idempotency_key_reused() {
        en: "This Idempotency-Key came before with another body; use a new key for a new request.",
        bn: "এই Idempotency-Key আগে অন্য অনুরোধের সঙ্গে এসেছে; নতুন অনুরোধে নতুন কী দিন।",
        ne: "यो Idempotency-Key पहिले अर्कै अनुरोधसँग आएको थियो; नयाँ अनुरोधमा नयाँ कुञ्जी दिनुहोस्।",
    }
    fn origin_not_allowed() {
        en: "Cookie sessions are for the pages of this pharmacy.",
        bn: "কুকির সেশন শুধু এই ফার্মেসির পাতার জন্য।",
        ne: "कुकीको सत्र यो फार्मेसीका पृष्ठका लागि मात्र हो।",
    }
    fn csrf_token_invalid() {
        en: "The CSRF token is not right: send the csrf_token of the sign-in as X-CSRF-Token.",
        bn: "CSRF টোকেন সঠিক নয়: সাইন ইনের csrf_token টি X-CSRF-Token হিসেবে পাঠান।",
        ne: "CSRF टोकन मिलेन: साइन इनको csrf_token लाई X-CSRF-Token का रूपमा पठाउनुहोस्।",
    }
    fn no_session_cookie() {
        en: "No session cookie came. Send it along, to the API's name beside the page's (localhost and 127.0.0.1 are two).",
        bn: "কোনো সেশন কুকি আসেনি। পাতার পাশের API-র নামে এটি সঙ্গে পাঠান (localhost আর 127.0.0.1 আলাদা)।",
        ne: "कुनै सत्र कुकी आएन। पृष्ठसँगैको API को नाममा यो पठाउनुहोस् (localhost र 127.0.0.1 फरक हुन्)।",
    }
    fn rate_limited() {
        en: "Too many requests; wait as long as Retry-After says.",
        bn: "অনুরোধ বেশি হয়ে গেছে; Retry-After যত বলে তত অপেক্ষা করুন।",
        ne: "धेरै अनुरोध भए; Retry-After ले भनेजति पर्खनुहोस्।",
    }
    fn file_too_large() {
        en: "The file is larger than allowed.",
        bn: "ফাইলটি অনুমোদিত আকারের চেয়ে বড়।",
        ne: "फाइल अनुमति दिइएको भन्दा ठूलो छ।",
    }
    fn unknown_path() {
        en: "There is nothing at this path.",
        bn: "এই পথে কিছু নেই।",
        ne: "यो बाटोमा केही छैन।",
    }
    fn path_takes(methods: impl Display) {
        en: "This path takes {methods}.",
        bn: "এই পথ {methods} নেয়।",
        ne: "यो बाटोले {methods} लिन्छ।",
    }
    fn published_address() {
        en: "Send requests to the address that the API is published at.",
        bn: "API যে ঠিকানায় প্রকাশিত সেখানে অনুরোধ পাঠান।",
        ne: "API प्रकाशित भएको ठेगानामा अनुरोध पठाउनुहोस्।",
    }
}
